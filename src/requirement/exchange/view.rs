//! A parsed view of an exchange for the rules.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::idp::{ClientName, Family};
use crate::scim::resource::attribute::{get, is_unassigned};
use crate::scim::{Filter, Leniency, ListQuery, ResourceKind};
use crate::wire::{Answer, Exchange, LeftOut, Method, Purpose};

/// One exchange on the SCIM surface.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) exchange: &'a Exchange,
    pub(crate) client: ClientName,
    /// The endpoint, where it is `/Users` or `/Groups`.
    pub(crate) kind: Option<ResourceKind>,
    /// The id in the path.
    pub(crate) id: Option<String>,
    pub(crate) query: ListQuery,
    /// Whether it is a query that is sent by POST, to `/.search` below an endpoint (RFC 7644 §3.4.3).
    is_search: bool,
    /// The request's body as JSON.
    pub(crate) sent: Option<&'a Value>,
    filter: OnceCell<Option<Filter>>,
    /// The status of a SCIM error that was answered with 2xx.
    pub(crate) error_in_success: Option<u16>,
    /// Whether it is a read that may show what was before the last write.
    pub(crate) may_lag: bool,
}

impl<'a> Seen<'a> {
    pub(crate) fn new(exchange: &'a Exchange, client: ClientName) -> Self {
        let request = &exchange.request;
        let mut segments = request.path().trim_start_matches('/').splitn(2, '/');
        let kind = segments.next().and_then(ResourceKind::from_endpoint);
        let id = segments
            .next()
            .filter(|id| !id.is_empty())
            .map(|id| percent_decode_str(id).decode_utf8_lossy().into_owned());
        let sent = request.json();
        // Where there is no such thing, it was asked in vain, and is nothing of a query.
        let is_answered = (200..300).contains(&exchange.status());
        let is_search = request.method == Method::Post && id.as_deref() == Some(".search") && is_answered;
        let query = if is_search {
            sent.and_then(|sent| ListQuery::from_search_request(sent, &Leniency::all()).ok())
        } else {
            request.query().and_then(|query| ListQuery::parse(query).ok())
        };
        let (id, query) = (id.filter(|_| !is_search), query.unwrap_or_default());
        let error_in_success = error_in_success(exchange);
        let filter = OnceCell::new();
        Self { exchange, client, kind, id, query, is_search, sent, filter, error_in_success, may_lag: false }
    }

    /// The method; of a query that is sent by POST, the one that does the same.
    pub(crate) fn method(&self) -> Method {
        if self.is_search { Method::Get } else { self.exchange.request.method }
    }

    pub(crate) fn purpose(&self) -> Purpose {
        self.exchange.request.purpose
    }

    pub(crate) fn family(&self) -> Family {
        self.client.family()
    }

    /// The status; of an error that comes with 2xx, the one that it names itself. What was done is what the body says.
    pub(crate) fn status(&self) -> u16 {
        self.error_in_success.unwrap_or_else(|| self.exchange.status())
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status())
    }

    pub(crate) fn is_withheld(&self) -> bool {
        matches!(self.exchange.answer, Answer::Withheld(_))
    }

    /// Whether the request creates a user or a group.
    pub(crate) fn is_create(&self) -> bool {
        self.method() == Method::Post && self.kind.is_some() && self.id.is_none()
    }

    /// Whether the request changes one user or group.
    pub(crate) fn is_change(&self) -> bool {
        matches!(self.method(), Method::Put | Method::Patch) && self.target().is_some()
    }

    /// The resource in the path.
    pub(crate) fn target(&self) -> Option<(ResourceKind, &str)> {
        Some((self.kind?, self.id.as_deref()?))
    }

    /// The kind that a query lists.
    pub(crate) fn list_kind(&self) -> Option<ResourceKind> {
        self.kind.filter(|_| self.method() == Method::Get && self.id.is_none())
    }

    /// Where a resource of the answer stands, for a script.
    pub(crate) fn place(&self) -> &'static str {
        if self.list_kind().is_some() { "body/Resources/*" } else { "body" }
    }

    /// The answer to a query that was answered 200.
    pub(crate) fn list(&self) -> Option<(ResourceKind, List<'a>)> {
        let kind = self.list_kind().filter(|_| self.status() == 200)?;
        Some((kind, List::of(self.exchange)?))
    }

    /// The resource that a read by id was answered with.
    pub(crate) fn read(&self) -> Option<(ResourceKind, &str, &'a Value)> {
        let (kind, id) = self.target()?;
        let body = self.exchange.json().filter(|body| body.is_object())?;
        (self.method() == Method::Get && self.status() == 200).then_some((kind, id, body))
    }

    /// Every resource of a 2xx answer, with its kind.
    pub(crate) fn resources(&self) -> Vec<(ResourceKind, &'a Value)> {
        let Some(kind) = self.kind.filter(|_| self.is_success()) else { return Vec::new() };
        if let Some((_, list)) = self.list() {
            return list.resources().iter().map(|resource| (kind, resource)).collect();
        }
        self.exchange.json().filter(|body| body.is_object()).map(|body| (kind, body)).into_iter().collect()
    }

    /// Whether the request asks for some attributes only.
    pub(crate) fn is_projected(&self) -> bool {
        self.query.attributes.is_some() || self.query.excluded_attributes.is_some()
    }

    /// The members that a read of a whole group shows.
    pub(crate) fn members(&self) -> Option<(&str, Shown<'a>)> {
        let (ResourceKind::Group, id, body) = self.read()? else { return None };
        if self.is_projected() {
            return None;
        }
        let members = get(body, "members").and_then(Value::as_array);
        let ids = members.into_iter().flatten().filter_map(|member| get(member, "value")?.as_str());
        let left_out = self.exchange.response().and_then(|response| response.left_out("members"));
        Some((id, Shown { ids: ids.collect(), left_out }))
    }

    /// The query's filter, parsed once.
    pub(crate) fn filter(&self) -> Option<&Filter> {
        let parse = || Filter::parse(self.query.filter.as_deref()?, &Leniency::all()).ok();
        self.filter.get_or_init(parse).as_ref()
    }

    /// Status, keyword and reason of an error, without what must not be shown.
    pub(crate) fn refusal(&self) -> String {
        let status = self.status();
        let text = |name| {
            let text = self.exchange.json().and_then(|body| get(body, name))?.as_str()?.trim();
            (!text.is_empty() && !self.holds_password(text)).then_some(text)
        };
        let detail = text("detail").map(shortened);
        match (text("scimType"), detail) {
            (Some(scim_type), Some(detail)) => format!("{status} ({scim_type}: {detail})"),
            (Some(only), None) => format!("{status} ({only})"),
            (None, Some(only)) => format!("{status} ({only})"),
            (None, None) => status.to_string(),
        }
    }

    /// Whether a text repeats the password that the request carries.
    pub(crate) fn holds_password(&self, text: &str) -> bool {
        self.password().is_some_and(|password| text.contains(password))
    }

    fn password(&self) -> Option<&str> {
        let sent = self.sent?;
        let text = |body| get(body, "password").and_then(Value::as_str).filter(|text| text.len() > 5);
        let operations = get(sent, "Operations").and_then(Value::as_array);
        text(sent).or_else(|| {
            operations.into_iter().flatten().find_map(|operation| {
                let value = get(operation, "value")?;
                let here = get(operation, "path").and_then(Value::as_str) == Some("password");
                if here { value.as_str() } else { text(value) }
            })
        })
    }
}

/// The members of a group.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shown<'a> {
    /// Their ids, doubled ones twice.
    pub(crate) ids: Vec<&'a str>,
    /// Those of a very large group of whom only hashes are known.
    pub(crate) left_out: Option<&'a LeftOut>,
}

impl Shown<'_> {
    /// How many there are, doubled ones twice.
    pub(crate) fn count(&self) -> usize {
        self.ids.len() + self.left_out.map_or(0, LeftOut::count)
    }

    /// How many there are, and a digest of who they are, in any order; nothing where not all are known.
    pub(crate) fn digest(&self) -> Option<(usize, u64)> {
        let left_out = self.left_out.map_or(Some(0), LeftOut::digest)?;
        let digest = self.ids.iter().fold(left_out, |digest, id| digest.wrapping_add(LeftOut::hash(id)));
        Some((self.count(), digest))
    }

    /// Whether a member is there. `ids` are those of whom more is known.
    pub(crate) fn holds(&self, ids: &BTreeSet<&str>, id: &str) -> bool {
        ids.contains(id) || self.left_out.is_some_and(|left_out| left_out.holds(id))
    }

    /// Whether a member may be there.
    pub(crate) fn may_hold(&self, ids: &BTreeSet<&str>, id: &str) -> bool {
        ids.contains(id) || self.left_out.is_some_and(|left_out| left_out.may_hold(id))
    }

    /// How many are there once more than once, as far as they are known.
    pub(crate) fn doubled(&self) -> usize {
        let once: BTreeSet<&str> = self.ids.iter().copied().collect();
        let on_both_sides = |left_out: &LeftOut| once.iter().filter(|id| left_out.holds(id)).count();
        self.ids.len() - once.len()
            + self.left_out.map_or(0, |left_out| left_out.doubled() + on_both_sides(left_out))
    }
}

/// A list's answer, as it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct List<'a> {
    body: &'a Value,
    left_out: Option<&'a LeftOut>,
}

impl<'a> List<'a> {
    /// The list in an answer's JSON.
    pub(crate) fn of(exchange: &'a Exchange) -> Option<Self> {
        let response = exchange.response()?;
        Some(Self { body: response.json()?, left_out: response.left_out("Resources") })
    }

    /// How many resources there are, with those that were left out.
    pub(crate) fn count(self) -> usize {
        self.resources().len() + self.left_out.map_or(0, LeftOut::count)
    }

    /// The resources of a very large list that were left out: strangers of whom only the ids are known.
    pub(crate) fn left_out(self) -> Option<&'a LeftOut> {
        self.left_out
    }

    /// Whether a resource may be in it.
    pub(crate) fn may_hold(self, id: &str) -> bool {
        self.ids().any(|each| each == id) || self.left_out.is_some_and(|left_out| left_out.may_hold(id))
    }

    /// The resources, none where there is no array of them. Of a very large list the first, and ours.
    pub(crate) fn resources(self) -> &'a [Value] {
        get(self.body, "Resources").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// A number that is an integer.
    pub(crate) fn number(self, name: &str) -> Option<u64> {
        get(self.body, name)?.as_u64()
    }

    /// Whether everything that matches is in this answer.
    pub(crate) fn is_whole(self) -> bool {
        self.number("totalResults").is_some_and(|total| total <= self.count() as u64)
    }

    /// The ids of these resources.
    pub(crate) fn ids(self) -> impl Iterator<Item = &'a str> {
        self.resources().iter().filter_map(id_of)
    }
}

/// A resource's id, where it is a string with something in it.
pub(crate) fn id_of(resource: &Value) -> Option<&str> {
    get(resource, "id")?.as_str().filter(|id| !id.is_empty())
}

/// Whether a value is larger than any that a provider sends. It is looked at, and not remembered.
pub(crate) fn is_heavy(value: &Value) -> bool {
    fn weigh(value: &Value, left: usize) -> Option<usize> {
        match value {
            Value::Array(values) => {
                values.iter().try_fold(left.checked_sub(16)?, |left, value| weigh(value, left))
            }
            Value::Object(object) => object.iter().try_fold(left.checked_sub(16)?, |left, (key, value)| {
                weigh(value, left.checked_sub(16 + key.len())?)
            }),
            Value::String(text) => left.checked_sub(text.len()),
            Value::Null | Value::Bool(_) | Value::Number(_) => left.checked_sub(8),
        }
    }
    const MOST: usize = 16 * 1024;
    weigh(value, MOST).is_none()
}

/// An attribute that has a value.
pub(crate) fn assigned<'a>(resource: &'a Value, name: &str) -> Option<&'a Value> {
    get(resource, name).filter(|value| !is_unassigned(value))
}

/// A text that fits into a line.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 160;
    // Line breaks stay: a secret that is broken by them is masked where the text is shown.
    let line = text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// A text without case and surrounding space, as endpoints compare names that they hold for the same.
pub(crate) fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

/// The schema of errors (RFC 7644 §3.12).
const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

fn error_in_success(exchange: &Exchange) -> Option<u16> {
    let response = exchange.response().filter(|response| response.is_success())?;
    // Most answers are resources, and need not be looked into for this.
    if !response.body.contains(ERROR) {
        return None;
    }
    let body = response.json()?;
    let schemas = get(body, "schemas")?.as_array()?;
    if !schemas.iter().any(|schema| schema.as_str() == Some(ERROR)) {
        return None;
    }
    let status = get(body, "status")?;
    let number = status.as_u64().or_else(|| status.as_str()?.parse().ok());
    number.and_then(|number| u16::try_from(number).ok()).filter(|status| *status >= 400)
}
