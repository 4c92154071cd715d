//! What an answer shows of whose a resource is: the ids in it, and whether a name beside them carries the run's token.

use serde_json::Value;

use crate::scim::resource::attribute::get;
use crate::wire::message::created::{Created, identifying};
use crate::wire::message::encode::stays_in_its_segment as usable_id;
use crate::wire::message::exchange::Response;
use crate::wire::message::left_out::LeftOut;
use crate::wire::message::request::{Request, Surface};

use super::place::{kind_of, segments};

/// Whose a resource is, by the names that stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// A name carries the token of this wire.
    Ours,
    /// A name carries the run's token, of another pair.
    OfTheRun,
    /// It has a name, and none carries the token.
    Theirs,
    /// It has no name.
    Unnamed,
}

/// A resource in an answer.
#[derive(Debug)]
pub(super) struct Sighting<'a> {
    pub(super) kind: Created,
    pub(super) id: String,
    pub(super) resource: &'a Value,
    /// Whether it is one of a list, and not at its own address.
    pub(super) is_listed: bool,
}

/// The token that every name of a run carries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marker {
    /// The run's id, in small letters.
    run: String,
    /// The token of a pair: the run's id, `x`, the pair's number. Without it, all pairs of the run are meant.
    pair: Option<String>,
}

impl Marker {
    /// All pairs of a run.
    pub fn of_run(run: &str) -> Self {
        Self { run: run.to_ascii_lowercase(), pair: None }
    }

    /// One pair of a run.
    pub fn of_pair(run: &str, token: &str) -> Self {
        Self { pair: Some(token.to_ascii_lowercase()), ..Self::of_run(run) }
    }

    /// The text that every name carries.
    pub(super) fn text(&self) -> &str {
        self.pair.as_deref().unwrap_or(&self.run)
    }

    /// Whose a name is. The token may be in any letter case.
    fn whose(&self, name: &str) -> Whose {
        let mut found = Whose::Theirs;
        let bytes = name.as_bytes();
        let (first, length) = (self.run.as_bytes().first().copied().unwrap_or_default(), self.run.len());
        for at in 0..bytes.len() {
            if !bytes[at].eq_ignore_ascii_case(&first) {
                continue;
            }
            let Some(rest) = bytes.get(at + length..) else { break };
            if !bytes[at..at + length].eq_ignore_ascii_case(self.run.as_bytes()) {
                continue;
            }
            let [b'x' | b'X', number @ ..] = rest else { continue };
            let digits = number.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits < 2 {
                continue;
            }
            let token = &bytes[at..at + length + 1 + digits];
            match &self.pair {
                Some(pair) if !token.eq_ignore_ascii_case(pair.as_bytes()) => found = Whose::OfTheRun,
                _ => return Whose::Ours,
            }
        }
        found
    }

    /// Whether a text carries the token.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.whose(text) == Whose::Ours
    }

    /// Whose a resource is. A name counts as ours, too, where it is one of `vacant`.
    pub(super) fn whose_is(&self, kind: Created, resource: &Value, vacant: &[(Created, String)]) -> Whose {
        let mut found = Whose::Unnamed;
        let mut ours = false;
        names(resource, &mut |attribute, name| {
            let is_vacant = || vacant.iter().any(|(other, vacant)| *other == kind && same_name(vacant, name));
            match self.whose(name) {
                Whose::Ours => ours = true,
                _ if attribute == identifying(kind) && is_vacant() => ours = true,
                Whose::OfTheRun => found = Whose::OfTheRun,
                _ if found == Whose::Unnamed && attribute == identifying(kind) => found = Whose::Theirs,
                _ => {}
            }
        });
        if ours { Whose::Ours } else { found }
    }
}

/// Whether two names are the same for an endpoint that trims them and minds no case.
pub(in crate::wire) fn same_name(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Calls for every name in which the token may stand.
fn names(resource: &Value, each: &mut impl FnMut(&'static str, &str)) {
    for attribute in ["userName", "displayName", "externalId", "name", "emailAddress"] {
        if let Some(name) = get(resource, attribute).and_then(Value::as_str)
            && !name.trim().is_empty()
        {
            each(attribute, name);
        }
    }
    match get(resource, "emails") {
        Some(Value::Array(emails)) => {
            for email in emails {
                let value = if email.is_object() { get(email, "value") } else { Some(email) };
                if let Some(address) = value.and_then(Value::as_str) {
                    each("emails", address);
                }
            }
        }
        Some(Value::String(address)) => each("emails", address),
        _ => {}
    }
}

/// The id in a resource, whatever it is.
pub fn raw_id(kind: Created, resource: &Value) -> Option<String> {
    let key = if kind == Created::Customer { "accountId" } else { "id" };
    match get(resource, key)? {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// The id in a resource, if it can stand in a path.
pub fn id_in(kind: Created, resource: &Value) -> Option<String> {
    raw_id(kind, resource).filter(|id| usable_id(id))
}

/// The resources in an answer, those of a list included.
pub(super) fn sightings<'a>(request: &Request, response: &'a Response) -> Vec<Sighting<'a>> {
    let Some(body) = response.json().filter(|body| body.is_object()) else { return Vec::new() };
    let path = segments(request.path());
    let path: Vec<&str> = path.iter().flatten().map(AsRef::as_ref).collect();
    let list = match request.surface {
        Surface::Scim => get(body, "Resources"),
        Surface::Rest => get(body, "values"),
    };
    let expected = kind_of(request.surface, &path);
    if let Some(list) = list {
        let resources = list.as_array().into_iter().flatten();
        return resources.filter_map(|resource| sighting(expected, resource, true)).collect();
    }
    let mut found: Vec<Sighting<'_>> = sighting(expected, body, false).into_iter().collect();
    // What is said at the address of a resource is said of that resource, whatever id stands in it.
    if let (Some(kind), [_, id]) = (expected, path.as_slice())
        && usable_id(id)
        && response.is_success()
        && found.first().is_none_or(|sighting| sighting.id != *id)
    {
        found.push(Sighting { kind, id: (*id).to_owned(), resource: body, is_listed: false });
    }
    found
}

/// What was left out of a list that was too large to be kept whole.
pub(super) fn left_out<'a>(request: &Request, response: &'a Response) -> Option<(Created, &'a LeftOut)> {
    let list = match request.surface {
        Surface::Scim => "resources",
        Surface::Rest => "values",
    };
    let left_out = response.left_out(list)?;
    let path = segments(request.path())?;
    let path: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
    Some((kind_of(request.surface, &path)?, left_out))
}

fn sighting(expected: Option<Created>, resource: &Value, is_listed: bool) -> Option<Sighting<'_>> {
    let kind = said_kind(resource).or(expected)?;
    let id = id_in(kind, resource)?;
    Some(Sighting { kind, id, resource, is_listed })
}

/// The kind that a SCIM resource says it is.
fn said_kind(resource: &Value) -> Option<Created> {
    match get(resource, "meta").and_then(|meta| get(meta, "resourceType")).and_then(Value::as_str)? {
        "User" => Some(Created::User),
        "Group" => Some(Created::Group),
        _ => None,
    }
}

/// Whether a body is an error in SCIM's own form (RFC 7644 §3.12).
pub fn is_scim_error(response: &Response) -> bool {
    const URN: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
    let schemas = response.json().and_then(|body| get(body, "schemas"));
    let is_urn = |value: &Value| value.as_str().is_some_and(|text| text.eq_ignore_ascii_case(URN));
    schemas.is_some_and(|schemas| match schemas {
        Value::Array(items) => items.iter().any(is_urn),
        other => is_urn(other),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire::Method;

    fn pair() -> Marker {
        Marker::of_pair("k3f92", "k3f92x07")
    }

    #[test]
    fn the_token_is_found_in_any_letter_case_and_anywhere() {
        for (name, whose) in [
            ("k3f92x07-Acme", Whose::Ours),
            ("  K3F92X07.ADA@EXAMPLE.COM", Whose::Ours),
            ("k3k3f92x07", Whose::Ours),
            ("k3f92x08-Acme", Whose::OfTheRun),
            ("k3f92x070-Acme", Whose::OfTheRun),
            ("k3f92x08, k3f92x07", Whose::Ours),
            ("k3f92x7", Whose::Theirs),
            ("k3f92-Acme", Whose::Theirs),
            ("k3f9", Whose::Theirs),
            ("k3f92", Whose::Theirs),
            ("é k3f92x", Whose::Theirs),
            ("Acme", Whose::Theirs),
        ] {
            assert_eq!(pair().whose(name), whose, "{name}");
        }
        assert_eq!(Marker::of_run("k3f92").whose("k3f92x08-Acme"), Whose::Ours);
    }

    #[test]
    fn a_resource_is_ours_by_any_of_its_names() {
        let user = |resource: &Value| pair().whose_is(Created::User, resource, &[]);
        for ours in [
            json!({"userName": "k3f92x07.ada@example.com"}),
            json!({"USERNAME": "K3F92X07.ADA@EXAMPLE.COM"}),
            json!({"userName": "ada", "emails": [{"value": "x@y"}, {"value": "k3f92x07.ada@example.com"}]}),
            json!({"userName": "ada", "emails": "k3f92x07.ada@example.com"}),
            json!({"userName": "ada", "externalId": "k3f92x07"}),
        ] {
            assert_eq!(user(&ours), Whose::Ours, "{ours}");
        }
        let theirs =
            json!({"userName": "eve", "displayName": "Eve", "emails": [{"value": "eve@example.com"}]});
        assert_eq!(user(&theirs), Whose::Theirs);
        // What people are called, and addresses that a scenario sets, need not carry the token.
        for unnamed in [json!({"displayName": "Ada Byron"}), json!({"id": "1"}), json!({"userName": ""})] {
            assert_eq!(user(&unnamed), Whose::Unnamed, "{unnamed}");
        }
        let group = json!({"displayName": "Sales"});
        assert_eq!(pair().whose_is(Created::Group, &group, &[]), Whose::Theirs);
    }

    #[test]
    fn a_literal_name_is_ours_where_nobody_had_it() {
        let vacant = [(Created::User, "ada".to_owned())];
        let whose = |resource: &Value| pair().whose_is(Created::User, resource, &vacant);
        assert_eq!(whose(&json!({"userName": " ADA "})), Whose::Ours);
        assert_eq!(whose(&json!({"userName": "adam"})), Whose::Theirs);
        assert_eq!(whose(&json!({"userName": "eve", "externalId": "ada"})), Whose::Theirs);
    }

    #[test]
    fn what_is_answered_at_an_address_is_said_of_that_address_too() {
        let request = Request::new(Method::Get, "/Users/1?attributes=userName");
        let moved = Response::new(200, Vec::new(), json!({"id": "9", "userName": "eve"}).to_string());
        let ids: Vec<String> = sightings(&request, &moved).into_iter().map(|seen| seen.id).collect();
        assert_eq!(ids, ["9", "1"]);
        let list = json!({"Resources": [{"id": 4}, {"id": ""}, {"id": ".."}, {"id": "b"}]}).to_string();
        let listed = Response::new(200, Vec::new(), list);
        let request = Request::new(Method::Get, "/Groups");
        let ids: Vec<String> = sightings(&request, &listed).into_iter().map(|seen| seen.id).collect();
        assert_eq!(ids, ["4", "b"]);
    }

    #[test]
    fn only_scims_own_form_is_a_scim_error() {
        let error = |body: Value| is_scim_error(&Response::new(404, Vec::new(), body.to_string()));
        assert!(error(json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404"})));
        assert!(error(json!({"schemas": ["URN:IETF:params:scim:api:messages:2.0:Error"]})));
        assert!(!error(json!({"status": 404, "error": "Not Found", "path": "/Users/1"})));
        assert!(!error(json!("<html>")));
    }
}
