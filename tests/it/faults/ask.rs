//! A request that a fault looks at, with the endpoint behind.

use std::fmt::Write as _;
use std::sync::atomic::Ordering;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Value, json};

use super::front::State;
use crate::support::{Call, Reply, send_kept};

const CORE: [&str; 2] =
    ["urn:ietf:params:scim:schemas:core:2.0:user:", "urn:ietf:params:scim:schemas:core:2.0:group:"];

/// A request on its way to the endpoint.
#[derive(Debug)]
pub(crate) struct Ask<'a> {
    state: &'a State,
    pub(crate) call: &'a Call,
    /// Which of the faults of its proxy looks at it.
    at: usize,
}

/// One operation of a PATCH.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// In small letters.
    pub(crate) op: String,
    /// In small letters, and without the URN of a core schema; empty where there is none.
    pub(crate) path: String,
    pub(crate) value: Value,
}

impl Operation {
    fn new(value: &Value) -> Self {
        let word = |key: &str| value[key].as_str().unwrap_or_default().to_lowercase();
        let whole = word("path");
        let path = CORE.iter().find_map(|urn| whole.strip_prefix(urn)).unwrap_or(&whole).to_owned();
        Self { op: word("op"), path, value: value["value"].clone() }
    }

    /// Whether it is about an attribute, named in small letters, or a part of it.
    pub(crate) fn names(&self, attribute: &str) -> bool {
        let begins = |name: &str| {
            let name = name.to_lowercase();
            let rest = name.strip_prefix(attribute);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        begins(&self.path)
            || (self.path.is_empty()
                && self.value.as_object().is_some_and(|value| value.keys().any(|key| begins(key))))
    }
}

impl<'a> Ask<'a> {
    pub(super) fn new(state: &'a State, call: &'a Call) -> Self {
        Self { state, call, at: 0 }
    }

    /// As the fault answers it whose turn it is; after the last one, as the endpoint does.
    pub(super) fn answer(&self) -> Reply {
        match self.state.acts.get(self.at) {
            Some(act) => act(self),
            None => send_kept(&self.state.upstream.origin, self.call),
        }
    }

    /// The path below the base URL, without a query.
    pub(crate) fn path(&self) -> &str {
        let target = self.call.target.strip_prefix(&self.state.upstream.base).unwrap_or_default();
        target.split('?').next().unwrap_or_default()
    }

    /// The path of the base URL.
    pub(crate) fn base(&self) -> &str {
        &self.state.upstream.base
    }

    /// The key that opens.
    pub(crate) fn token(&self) -> &str {
        &self.state.upstream.token
    }

    /// The host that the client names.
    pub(crate) fn host(&self) -> &str {
        self.call.header("host").unwrap_or_default()
    }

    fn query(&self) -> &str {
        self.call.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// A parameter of the query, decoded.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let pairs = self.query().split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.into_iter().find(|(key, _)| *key == name)?;
        Some(percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned())
    }

    /// `Users` or `Groups`.
    pub(crate) fn endpoint(&self) -> &str {
        self.path().trim_start_matches('/').split('/').next().unwrap_or_default()
    }

    pub(crate) fn id(&self) -> Option<&str> {
        self.path().trim_start_matches('/').split('/').nth(1)
    }

    /// Whether it is one of these methods, separated by blanks, on users or groups.
    pub(crate) fn is(&self, methods: &str, endpoint: &str) -> bool {
        methods.split(' ').any(|method| method == self.call.method) && self.endpoint() == endpoint
    }

    pub(crate) fn operations(&self) -> Vec<Operation> {
        let body = self.call.json();
        let all = body["Operations"].as_array().or(body["operations"].as_array());
        all.into_iter().flatten().map(Operation::new).collect()
    }

    /// Whether a PATCH is about an attribute, named in small letters.
    pub(crate) fn patches(&self, attribute: &str) -> bool {
        self.call.method == "PATCH" && self.operations().iter().any(|operation| operation.names(attribute))
    }

    /// As the endpoint answers it.
    pub(crate) fn pass(&self) -> Reply {
        self.send(self.call)
    }

    /// As the endpoint answers another request.
    pub(crate) fn send(&self, call: &Call) -> Reply {
        Ask { state: self.state, call, at: self.at + 1 }.answer()
    }

    /// As the endpoint answers it with another body.
    pub(crate) fn pass_with(&self, body: &Value) -> Reply {
        let mut call = self.call.clone();
        call.body = body.to_string();
        self.send(&call)
    }

    /// As the endpoint answers it with this token.
    pub(crate) fn pass_as_us(&self) -> Reply {
        self.send(&self.call.with_bearer(self.token()))
    }

    /// As the endpoint answers it with the operations that are `wanted`.
    pub(crate) fn pass_operations(&self, edit: impl FnOnce(&mut Vec<Value>)) -> Reply {
        let mut body = self.call.json();
        let key = if body["Operations"].is_array() { "Operations" } else { "operations" };
        if let Some(all) = body[key].as_array_mut() {
            let before = all.clone();
            edit(all);
            if *all != before {
                self.fire();
                return self.pass_with(&body);
            }
        }
        self.pass()
    }

    /// A request of the proxy's own, with what the client says of itself.
    pub(crate) fn own(&self, method: &str, path: &str, body: Option<&Value>) -> Reply {
        let kept = ["authorization", "host"];
        let is_kept = |name: &str| kept.contains(&name.to_ascii_lowercase().as_str());
        let mut headers = self.call.headers.clone();
        headers.retain(|(name, _)| is_kept(name));
        headers.push(("Content-Type".to_owned(), "application/scim+json".to_owned()));
        let target = format!("{}{path}", self.state.upstream.base);
        let body = body.map(Value::to_string).unwrap_or_default();
        send_kept(&self.state.upstream.origin, &Call { method: method.to_owned(), target, headers, body })
    }

    /// A resource, or null where there is none.
    pub(crate) fn read(&self, path: &str) -> Value {
        let reply = self.own("GET", path, None);
        if reply.status == 200 { reply.json() } else { Value::Null }
    }

    /// The resource that the request names, before it is passed on.
    pub(crate) fn before(&self) -> Value {
        self.id().map_or(Value::Null, |_| self.read(self.path()))
    }

    /// What a filter finds.
    pub(crate) fn find(&self, endpoint: &str, filter: &str) -> Vec<Value> {
        let filter = utf8_percent_encode(filter, NON_ALPHANUMERIC);
        let list = self.read(&format!("/{endpoint}?filter={filter}"));
        list["Resources"].as_array().cloned().unwrap_or_default()
    }

    /// The answer with another resource in it, where it is one.
    pub(crate) fn show(&self, mut reply: Reply, edit: impl FnOnce(&mut Value)) -> Reply {
        let mut body = reply.json();
        if !(200..300).contains(&reply.status) || !body.is_object() {
            return reply;
        }
        let before = body.clone();
        edit(&mut body);
        if body != before {
            self.fire();
            reply.body = body.to_string();
        }
        reply
    }

    /// The answer with other resources in it, be it one or a list of some.
    pub(crate) fn show_each(&self, reply: Reply, mut edit: impl FnMut(&mut Value)) -> Reply {
        self.show(reply, |body| {
            if body["id"].is_string() {
                edit(body);
            }
            list(body, "Resources").for_each(edit);
        })
    }

    /// Passes a write on, and then keeps something else: `edit` gets the resource before the write and after it.
    pub(crate) fn keep(&self, edit: impl FnOnce(&Value, &mut Value)) -> Reply {
        let before = self.before();
        let reply = self.pass();
        self.keep_after(reply, |after| edit(&before, after))
    }

    /// Keeps something else than a write left.
    pub(crate) fn keep_after(&self, mut reply: Reply, edit: impl FnOnce(&mut Value)) -> Reply {
        let id = match self.id() {
            Some(id) => id.to_owned(),
            None => reply.json()["id"].as_str().unwrap_or_default().to_owned(),
        };
        if !(200..300).contains(&reply.status) || id.is_empty() {
            return reply;
        }
        let path = format!("/{}/{id}", self.endpoint());
        let stored = self.read(&path);
        let mut after = stored.clone();
        edit(&mut after);
        // What was looked at and is not there.
        if let Some(after) = after.as_object_mut() {
            after.retain(|_, value| !value.is_null());
        }
        if after == stored || stored.is_null() {
            return reply;
        }
        let mut target = path;
        if !self.query().is_empty() {
            let _ = write!(target, "?{}", self.query());
        }
        let kept = self.own("PUT", &target, Some(&after));
        if kept.status != 200 {
            // What it would keep is another one's, or is not to be had of this endpoint.
            return reply;
        }
        self.fire();
        if !reply.body.is_empty() {
            reply.body.clone_from(&kept.body);
        }
        match kept.header_of("etag") {
            Some(etag) => reply.header("ETag", etag),
            None => reply,
        }
    }

    /// A refusal.
    pub(crate) fn refuse(&self, status: u16, kind: &str, detail: &str) -> Reply {
        self.fire();
        let mut body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": status.to_string(), "detail": detail,
        });
        if !kind.is_empty() {
            body["scimType"] = json!(kind);
        }
        Reply::new(status, &body.to_string())
    }

    /// Notes that something was done wrong.
    pub(crate) fn fire(&self) {
        self.state.fired[self.at].fetch_add(1, Ordering::SeqCst);
    }

    /// Which request it is, from 1.
    pub(crate) fn number(&self) -> usize {
        self.state.calls.load(Ordering::SeqCst)
    }

    /// How long the proxy has been there.
    pub(crate) fn elapsed(&self) -> Duration {
        self.state.began.elapsed()
    }

    pub(crate) fn remember(&self, key: impl Into<String>, value: Value) {
        self.state.notes.lock().unwrap().insert((self.at, key.into()), value);
    }

    /// What was remembered, or null.
    pub(crate) fn recall(&self, key: &str) -> Value {
        self.state.notes.lock().unwrap().get(&(self.at, key.to_owned())).cloned().unwrap_or_default()
    }
}

/// Takes attributes out of a resource.
pub(crate) fn without(resource: &mut Value, names: &[&str]) {
    if let Some(object) = resource.as_object_mut() {
        object.retain(|key, _| !names.contains(&key.as_str()));
    }
}

/// A text in a resource, or an empty one.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The ids of a group's members.
pub(crate) fn member_ids(group: &Value) -> Vec<String> {
    let members = group["members"].as_array().into_iter().flatten();
    members.map(|member| text(&member["value"]).to_owned()).collect()
}

/// The elements of a list in a resource, if there is one.
pub(crate) fn list<'a>(resource: &'a mut Value, name: &str) -> impl Iterator<Item = &'a mut Value> {
    resource.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten()
}

/// Does something with a part of a resource, if there is one.
pub(crate) fn part(resource: &mut Value, name: &str, edit: impl FnOnce(&mut Value)) {
    if let Some(part) = resource.get_mut(name) {
        edit(part);
    }
}

/// Does something with a list in a resource, if there is one.
pub(crate) fn whole(resource: &mut Value, name: &str, edit: impl FnOnce(&mut Vec<Value>)) {
    if let Some(list) = resource.get_mut(name).and_then(Value::as_array_mut) {
        edit(list);
    }
}
