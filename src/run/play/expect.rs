//! Compares the response to a literal request with the expectation of the scenario.

use serde_json::Value;

use crate::diag::At;
use crate::idp::ClientName;
use crate::requirement::{Clue, Part, described};
use crate::scenario::model::expect::{Check, Condition, Expect, value_at};
use crate::scenario::model::template::{Place, Variable};
use crate::scim::resource::attribute;
use crate::scim::urn;
use crate::wire::{Exchange, Repair};

/// How much of a value a message shows.
const MOST_SHOWN: usize = 120;

/// An expectation that was not met.
#[derive(Debug)]
pub struct Unmet {
    /// What it is about.
    pub part: Part,
    /// What came instead.
    pub message: String,
    /// Where the expectation stands.
    pub at: At,
    /// How a script can tell that it is not met; nothing where it cannot.
    pub clues: Vec<Clue>,
}

/// The expectations that an answer does not meet. What only the `reference` endpoint must answer is asked of no other.
pub fn unmet(
    expect: &Expect,
    exchange: &Exchange,
    client: ClientName,
    reference: bool,
    value: impl Fn(&Variable) -> Option<String>,
) -> Vec<Unmet> {
    if exchange.is_doubtful() {
        // It was sent twice, and is answered as what was done already.
        return Vec::new();
    }
    let mut unmet = missing(expect, exchange, client, reference, &value);
    if exchange.repair() == Some(Repair::Recovered) {
        // What it was answered with was never seen.
        unmet.retain(|unmet| unmet.part == Part::Status);
    }
    let told = unmet.iter().any(|unmet| unmet.part == Part::Status);
    if let Some(narrower) = expect.reference.as_ref().filter(|_| reference && !told) {
        unmet.extend(missing(narrower, exchange, client, true, &value));
    }
    let refusals = expect.refusals();
    if !refusals.is_empty() {
        // Whoever refuses the request does not do it wrong.
        let answered = unmet.iter_mut().filter(|unmet| unmet.part != Part::Status && !unmet.clues.is_empty());
        answered.for_each(|unmet| unmet.clues.push(Clue::StatusNotIn { values: refusals.clone() }));
    }
    unmet
}

fn missing(
    expect: &Expect,
    exchange: &Exchange,
    client: ClientName,
    reference: bool,
    value: &impl Fn(&Variable) -> Option<String>,
) -> Vec<Unmet> {
    let status = exchange.status();
    if let Some((wanted, at)) = &expect.status
        && !expect.takes(status)
    {
        let wanted: Vec<String> = wanted.iter().map(u16::to_string).collect();
        let (what, got) = described(exchange, client);
        let got = if status == 0 { "without a complete response".to_owned() } else { got };
        let message = format!("{what} returned {got}, expected {}", wanted.join(" or "));
        let clues = vec![Clue::StatusNotIn { values: wanted }];
        // Where the status is wrong, the rest of the answer is another kind of answer.
        return vec![Unmet { part: Part::Status, message, at: *at, clues }];
    }
    let mut unmet = Vec::new();
    // A scimType is only looked for where the answer is an error at all. It is OPTIONAL (RFC 7644 §3.12); what a provider
    // does with it is a requirement of its own.
    if let Some((wanted, at)) = &expect.scim_type
        && status >= 400
        && reference
    {
        let got = exchange.json().and_then(|body| attribute::get(body, "scimType")).and_then(Value::as_str);
        if got != Some(wanted) {
            let got = got.map_or_else(|| "no scimType".to_owned(), |got| format!("scimType `{got}`"));
            unmet.push(Unmet {
                part: Part::Form,
                message: format!("the response has {got}, expected `{wanted}`"),
                at: *at,
                clues: vec![Clue::missing("body/scimType", wanted.as_str())],
            });
        }
    }
    for (name, wanted, at) in &expect.headers {
        let got = exchange.response().and_then(|response| response.header(name));
        let begins = |got: &str| {
            got.get(..wanted.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(wanted))
        };
        if !got.is_some_and(begins) {
            let got =
                got.map_or_else(|| "no".to_owned(), |got| format!("the value `{}` for", shortened(got)));
            unmet.push(Unmet {
                part: Part::Form,
                message: format!("the response has {got} {name}, expected `{wanted}`"),
                at: *at,
                clues: vec![Clue::NoText {
                    at: format!("header/{}", name.to_lowercase()),
                    value: wanted.clone(),
                }],
            });
        }
    }
    if expect.has_body(status) {
        let body = exchange.json();
        let is_left_out = |check: &Check| may_be_left_out(check, body) || is_not_shown(check, exchange);
        let asked = expect.body.iter().filter(|check| reference || !is_left_out(check));
        unmet.extend(together(asked.filter_map(|check| missed(check, body, value)).collect()));
    }
    unmet
}

/// Whether a check is about an attribute that a service provider need not know (RFC 7643 §4.1, RFC 7644 §3.3), and that is
/// not there: that it is not kept is a requirement of its own.
fn may_be_left_out(check: &Check, body: Option<&Value>) -> bool {
    const OPTIONAL: [&str; 16] = [
        "addresses",
        "entitlements",
        "ims",
        "locale",
        "nickName",
        "phoneNumbers",
        "photos",
        "preferredLanguage",
        "profileUrl",
        "roles",
        "timezone",
        "title",
        "userType",
        "x509Certificates",
        "honorificPrefix",
        "honorificSuffix",
    ];
    const OF_THE_NAME: [&str; 2] = ["name/formatted", "name/middleName"];
    let absent = body.is_some_and(|body| value_at(body, &check.pointer).is_none());
    let path = check.pointer.strip_prefix("/Resources/0").unwrap_or(&check.pointer).trim_start_matches('/');
    let first = path.strip_prefix("name/").unwrap_or(path).split('/').next().unwrap_or_default();
    let optional = OPTIONAL.contains(&first) || OF_THE_NAME.contains(&path) || of_an_extension(path);
    absent && optional
}

/// Whether a check is about what the answer to a write does not show. It should show the whole resource (RFC 7644 §3.3,
/// §3.5), and a read tells what is stored where it does not. What later requests need is the `id`.
fn is_not_shown(check: &Check, exchange: &Exchange) -> bool {
    if !exchange.request.method.writes() || !exchange.is_success() {
        return false;
    }
    let attribute = check.pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
    match exchange.json() {
        Some(body @ Value::Object(_)) => {
            !attribute.eq_ignore_ascii_case("id") && attribute::get(body, attribute).is_none()
        }
        Some(_) => false,
        None => exchange.response().is_some_and(|response| response.body.is_empty()),
    }
}

/// Whether a path begins with the URN of the enterprise extension, in any case.
fn of_an_extension(path: &str) -> bool {
    path.get(..urn::ENTERPRISE_USER.len()).is_some_and(|head| head.eq_ignore_ascii_case(urn::ENTERPRISE_USER))
}

/// What one body lacks is told in one finding, at the first of the places.
fn together(unmet: Vec<Unmet>) -> Option<Unmet> {
    const MOST: usize = 3;
    let more = unmet.len().saturating_sub(MOST);
    let mut messages: Vec<String> = unmet.iter().take(MOST).map(|unmet| unmet.message.clone()).collect();
    if more > 0 {
        messages.push(format!("and {more} more"));
    }
    let first = unmet.into_iter().next()?;
    Some(Unmet { message: messages.join("; "), ..first })
}

fn missed(check: &Check, body: Option<&Value>, value: impl Fn(&Variable) -> Option<String>) -> Option<Unmet> {
    let rendered = check.condition.template().map(|template| template.render(Place::Json, value));
    let wanted = match rendered {
        None => Value::Null,
        Some(Ok(text)) => serde_json::from_str(&text).unwrap_or_default(),
        Some(Err(_)) => {
            let message =
                format!("the expected value of `{}` is unknown: the client never linked it", check.pointer);
            return Some(Unmet { part: Part::Body, message, at: check.at, clues: Vec::new() });
        }
    };
    let got = body.and_then(|body| value_at(body, &check.pointer));
    if body.is_some() && check.condition.holds(got, &wanted) {
        return None;
    }
    let place = if check.pointer.is_empty() { "the body" } else { &check.pointer };
    let (got_value, wanted_value) = (got, wanted.clone());
    let got = match (body, got) {
        (None, _) => "not JSON".to_owned(),
        (Some(_), None) => "nothing".to_owned(),
        (Some(_), Some(got)) => shortened(&got.to_string()),
    };
    let wanted = shortened(&check.condition.says(&wanted));
    let message = format!("`{place}` of the response is {got}, expected {wanted}");
    let clues = clue(check, got_value, &wanted_value).into_iter().collect();
    Some(Unmet { part: Part::Body, message, at: check.at, clues })
}

/// How it shows that a check does not hold, where a script can tell.
fn clue(check: &Check, got: Option<&Value>, wanted: &Value) -> Option<Clue> {
    let at = format!("body{}", check.pointer);
    let is_scalar = |value: &Value| !value.is_object() && !value.is_array();
    match &check.condition {
        Condition::Equals(_) if is_scalar(wanted) && !wanted.is_null() => {
            Some(Clue::Missing { at, value: Some(wanted.clone()) })
        }
        Condition::Absent | Condition::Lacks(_) => {
            got.map(|_| Clue::There { at: format!("{at}/**"), value: None })
        }
        // The last of those that have to be there is not.
        Condition::AtLeast(least) if got.is_some_and(Value::is_array) && *least > 0 => {
            Some(Clue::Missing { at: format!("{at}/{}/**", least - 1), value: None })
        }
        _ if got.is_none() => Some(Clue::Missing { at: format!("{at}/**"), value: None }),
        Condition::Has(_) => {
            let (key, value) = wanted.as_object().filter(|wanted| wanted.len() == 1)?.iter().next()?;
            let value = Some(value.clone()).filter(is_scalar)?;
            Some(Clue::Missing { at: format!("{at}/*/{key}"), value: Some(value) })
        }
        _ => got.filter(|got| is_scalar(got)).map(|got| Clue::There { at, value: Some(got.clone()) }),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::requirement::tests::story::Story;
    use crate::scenario::model::expect::Condition;
    use crate::scenario::model::template::Template;
    use crate::wire::Method;

    fn statuses(right: &[u16]) -> (Vec<u16>, At) {
        (right.to_vec(), At::default())
    }

    fn check(pointer: &str, wanted: &str) -> Check {
        let condition = Condition::Equals(Template::parse(wanted).unwrap());
        Check { pointer: pointer.to_owned(), condition, at: At::default() }
    }

    /// A request for which a success is right; a refusal too, where the reference endpoint does not answer.
    fn lenient() -> Expect {
        Expect {
            status: Some(statuses(&[200, 204, 400])),
            scim_type: Some(("invalidFilter".to_owned(), At::default())),
            body: vec![check("/userName", r#""ada""#), check("/title", r#""Countess""#)],
            reference: Some(Box::new(Expect { status: Some(statuses(&[200, 204])), ..Expect::default() })),
            ..Expect::default()
        }
    }

    fn told(expect: &Expect, status: u16, body: Option<&Value>, reference: bool) -> Vec<(Part, String)> {
        let exchange = Story::exchange(Method::Get, "/Users/1", None, status, body);
        unmet(expect, &exchange, ClientName::Entra, reference, |_| None)
            .into_iter()
            .map(|unmet| (unmet.part, unmet.message))
            .collect()
    }

    #[test]
    fn what_several_clauses_allow_is_allowed_elsewhere_and_not_of_the_reference_endpoint() {
        let right = json!({"userName": "ada", "title": "Countess"});
        let error =
            json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "scimType": "invalidValue"});
        for reference in [false, true] {
            assert_eq!(told(&lenient(), 200, Some(&right), reference), []);
            // An answer without a body says nothing of one.
            assert_eq!(told(&lenient(), 204, None, reference), []);
            assert_eq!(told(&lenient(), 500, None, reference)[0].0, Part::Status);
            assert_eq!(told(&lenient(), 501, None, reference).is_empty(), !reference);
        }
        // Neither the refusal nor its OPTIONAL keyword is anybody's mistake elsewhere.
        assert_eq!(told(&lenient(), 400, Some(&error), false), []);
        let parts: Vec<Part> =
            told(&lenient(), 400, Some(&error), true).into_iter().map(|(part, _)| part).collect();
        assert_eq!(parts, [Part::Form, Part::Status]);
    }

    #[test]
    fn an_attribute_that_nobody_need_know_may_be_missing_and_not_be_another() {
        let without = json!({"userName": "ada"});
        assert_eq!(told(&lenient(), 200, Some(&without), false), []);
        let other = json!({"userName": "ada", "title": "Baron"});
        for (body, reference) in [(&without, true), (&other, false)] {
            assert_eq!(told(&lenient(), 200, Some(body), reference).len(), 1, "{body}");
        }
        // What everybody has to know is never missing.
        let nameless = json!({"title": "Countess"});
        assert_eq!(
            told(&lenient(), 200, Some(&nameless), false),
            [(Part::Body, r#"`/userName` of the response is nothing, expected "ada""#.to_owned())]
        );
    }

    #[test]
    fn what_one_body_lacks_is_told_once() {
        let mut expect = lenient();
        expect.body = ["/a", "/b", "/c", "/d", "/e"].map(|place| check(place, "1")).into();
        let told = told(&expect, 200, Some(&json!({"b": 1})), false);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].1.starts_with("`/a` of the response is nothing, expected 1; `/c`"), "{told:?}");
        assert!(told[0].1.ends_with("`/d` of the response is nothing, expected 1; and 1 more"), "{told:?}");
    }

    #[test]
    fn where_only_errors_are_right_a_body_is_theirs() {
        let expect = Expect {
            status: Some(statuses(&[409])),
            body: vec![check("/detail", r#""taken""#)],
            ..Expect::default()
        };
        assert_eq!(told(&expect, 409, Some(&json!({"detail": "taken"})), false), []);
        assert_eq!(told(&expect, 409, Some(&json!({})), false).len(), 1);
    }
}
