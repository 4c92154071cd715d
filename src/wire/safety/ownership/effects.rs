//! What a request would change: which resources it creates, which it writes to, whom it puts into a group.

use serde_json::Value;

use crate::scim::resource::attribute::get;
use crate::wire::message::created::{Created, identifying};
use crate::wire::message::encode::stays_in_its_segment as usable_id;
use crate::wire::message::request::{Method, Request, Surface};

use super::place::{kind_of, segments};

/// What a request would change.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Effects {
    /// The resources that it creates: kind and name.
    pub(super) creates: Vec<(Created, String)>,
    /// The names that it gives to resources which have one already.
    pub(super) renames: Vec<(Created, String)>,
    /// The resources that it writes to.
    pub(super) writes: Vec<(Created, String)>,
    /// The resources that it puts into others, or takes out of them.
    pub(super) moves: Vec<(Created, String)>,
    /// A write of which nobody can say what it changes.
    pub(super) is_unknown: bool,
}

impl Effects {
    /// What a request would change.
    pub(super) fn of(request: &Request) -> Self {
        let mut effects = Self::default();
        if request.method.writes() {
            effects.add(
                request.surface,
                request.method,
                request.path(),
                request.body.as_deref(),
                request.json(),
            );
        }
        effects
    }

    fn add(
        &mut self,
        surface: Surface,
        method: Method,
        path: &str,
        text: Option<&str>,
        body: Option<&Value>,
    ) {
        let Some(segments) = segments(path) else {
            self.is_unknown = true;
            return;
        };
        let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
        match surface {
            Surface::Scim => self.add_scim(method, &segments, text, body),
            Surface::Rest => self.add_rest(method, &segments, body),
        }
    }

    fn add_scim(&mut self, method: Method, segments: &[&str], text: Option<&str>, body: Option<&Value>) {
        let kind = kind_of(Surface::Scim, segments);
        match (method, segments, kind) {
            (Method::Post, [.., ".search"], _) => {}
            (Method::Post, ["Bulk"], _) => self.add_bulk(body),
            (Method::Post, [_], Some(kind)) => {
                self.creates.push((kind, created_name(kind, text, body)));
                self.add_members(kind, body);
            }
            (_, [_, id], Some(kind)) if usable_id(id) => {
                self.writes.push((kind, (*id).to_owned()));
                self.add_members(kind, body);
                self.add_names(kind, body);
            }
            _ => self.is_unknown = true,
        }
    }

    fn add_bulk(&mut self, body: Option<&Value>) {
        let operations = body.and_then(|body| get(body, "Operations")).and_then(Value::as_array);
        let Some(operations) = operations else {
            self.is_unknown = true;
            return;
        };
        for operation in operations {
            let text = |name| get(operation, name).and_then(Value::as_str).unwrap_or_default();
            match Method::parse(&text("method").to_ascii_uppercase()) {
                // A Bulk request within another is nothing that SCIM knows (RFC 7644 §3.7).
                Some(method) if !text("path").trim_matches('/').eq_ignore_ascii_case("Bulk") => {
                    let data = get(operation, "data");
                    self.add(Surface::Scim, method, text("path"), None, data);
                }
                _ => self.is_unknown = true,
            }
        }
    }

    /// The name in a PUT's body, or in the operations of a PATCH.
    fn add_names(&mut self, kind: Created, body: Option<&Value>) {
        let Some(body) = body else { return };
        let key = identifying(kind);
        let operations = get(body, "Operations").and_then(Value::as_array).into_iter().flatten();
        let values = operations.filter_map(|operation| {
            let path = get(operation, "path").and_then(Value::as_str).unwrap_or_default();
            let value = get(operation, "value")?;
            let last = path.rsplit(':').next().unwrap_or_default();
            if last.eq_ignore_ascii_case(key) { Some(value) } else { get(value, key) }
        });
        let names = get(body, key).into_iter().chain(values).filter_map(Value::as_str);
        let renames: Vec<_> = names.map(|name| (kind, name.to_owned())).collect();
        self.renames.extend(renames);
    }

    /// The members that a group's body names: whole, in a PATCH's value, or in its path.
    fn add_members(&mut self, kind: Created, body: Option<&Value>) {
        let (Created::Group, Some(body)) = (kind, body) else { return };
        self.add_values(get(body, "members"));
        for operation in get(body, "Operations").and_then(Value::as_array).into_iter().flatten() {
            let value = get(operation, "value");
            let path = get(operation, "path").and_then(Value::as_str).unwrap_or_default();
            if path.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("members")) {
                self.add_values(value);
                let quoted = path.split('"').skip(1).step_by(2);
                self.moves.extend(quoted.map(|id| (Created::User, id.to_owned())));
            } else {
                self.add_values(value.and_then(|value| get(value, "members")));
            }
        }
    }

    fn add_values(&mut self, values: Option<&Value>) {
        let items = match values {
            Some(Value::Array(items)) => items.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => return,
        };
        let ids = items.iter().filter_map(|item| text_of(get(item, "value").unwrap_or(item)));
        self.moves.extend(ids.map(|id| (Created::User, id)));
    }

    /// The product's REST API, as far as it is used here.
    fn add_rest(&mut self, method: Method, segments: &[&str], body: Option<&Value>) {
        let field = |name: &str| body.and_then(|body| get(body, name));
        let mut accounts = || {
            let ids = field("accountIds").and_then(Value::as_array).into_iter().flatten();
            self.moves.extend(ids.filter_map(text_of).map(|id| (Created::Customer, id)));
        };
        let text = |name: &str| field(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        match (method, segments) {
            (Method::Post, ["organization"]) => self.creates.push((Created::Organization, text("name"))),
            (Method::Post, ["customer"]) => self.creates.push((Created::Customer, text("email"))),
            (_, ["organization", id, "user"]) if usable_id(id) => {
                accounts();
                self.writes.push((Created::Organization, (*id).to_owned()));
            }
            (_, ["organization", id] | ["organization", id, "property", _]) if usable_id(id) => {
                self.writes.push((Created::Organization, (*id).to_owned()));
            }
            (_, ["customer", "user", id, _]) if usable_id(id) => {
                self.writes.push((Created::Customer, (*id).to_owned()));
            }
            (_, ["servicedesk", _, "customer"]) => accounts(),
            (_, ["servicedesk", _, "organization"]) => {
                let id = field("organizationId").and_then(text_of);
                self.moves.extend(id.map(|id| (Created::Organization, id)));
            }
            _ => self.is_unknown = true,
        }
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The name of a new resource. A body that is not quite JSON may be taken all the same, so its text is looked at then.
fn created_name(kind: Created, text: Option<&str>, body: Option<&Value>) -> String {
    let key = identifying(kind);
    if let Some(body) = body {
        return get(body, key).and_then(Value::as_str).unwrap_or_default().to_owned();
    }
    let quoted = format!("\"{key}\"");
    let after = text.and_then(|text| text.split_once(&quoted)).map(|(_, rest)| rest.trim_start());
    let value = after.and_then(|rest| rest.strip_prefix(':')).unwrap_or_default();
    serde_json::Deserializer::from_str(value)
        .into_iter::<String>()
        .next()
        .and_then(Result::ok)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(method: Method, target: &str, body: &Value) -> Effects {
        let request = Request::new(method, target);
        Effects::of(&if body.is_null() { request } else { request.body(body.clone()) })
    }

    fn user(id: &str) -> (Created, String) {
        (Created::User, id.to_owned())
    }

    #[test]
    fn a_write_is_to_the_resource_in_its_path() {
        for target in
            ["/Users/7", "/users/7", "//Users/7", "/Users/7?attributes=id", "/Users/%37", "/Users/7/"]
        {
            let effects = of(Method::Patch, target, &json!({}));
            assert_eq!(effects, Effects { writes: vec![user("7")], ..Effects::default() }, "{target}");
        }
        assert_eq!(of(Method::Get, "/Users/7", &Value::Null), Effects::default());
        assert_eq!(of(Method::Post, "/Users/.search", &json!({})), Effects::default());
    }

    #[test]
    fn what_leads_elsewhere_is_unknown() {
        for target in [
            "/Users/",
            "/Users/.",
            "/Users/..",
            "/Users/%2E%2e",
            "/Users/1/2",
            "/",
            "",
            "/Me",
            "/ServiceProviderConfig",
            "/Users//..",
        ] {
            assert!(of(Method::Delete, target, &Value::Null).is_unknown, "{target}");
        }
        assert!(of(Method::Post, "/Devices", &json!({})).is_unknown);
        let effects = of(Method::Delete, "/Users/%2E%2E%2Fb", &Value::Null);
        assert_eq!(effects.writes, [user("../b")], "a slash that is escaped stays where it is");
    }

    #[test]
    fn members_are_found_wherever_a_body_names_them() {
        for body in [
            json!({"members": [{"value": "7"}]}),
            json!({"Operations": [{"op": "add", "path": "members", "value": [{"value": "7"}]}]}),
            json!({"operations": [{"op": "Add", "path": "Members", "value": {"value": "7"}}]}),
            json!({"Operations": [{"op": "add", "value": {"members": [{"value": "7"}]}}]}),
            json!({"Operations": [{"op": "remove", "path": "members[value eq \"7\"]"}]}),
            json!({"Operations": [{"op": "remove", "path": "members", "value": ["7"]}]}),
            json!({"Operations": [{"op": "add", "path": "members", "value": 7}]}),
        ] {
            assert_eq!(of(Method::Patch, "/Groups/1", &body).moves, [user("7")], "{body}");
        }
        assert_eq!(of(Method::Patch, "/Users/1", &json!({"members": [{"value": "7"}]})).moves, []);
    }

    #[test]
    fn a_new_name_is_found_in_a_put_and_in_a_patch() {
        for body in [
            json!({"userName": "eve"}),
            json!({"Operations": [{"op": "replace", "path": "userName", "value": "eve"}]}),
            json!({"Operations": [{"op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:User:userName", "value": "eve"}]}),
            json!({"Operations": [{"op": "replace", "value": {"username": "eve"}}]}),
        ] {
            assert_eq!(of(Method::Patch, "/Users/1", &body).renames, [user("eve")], "{body}");
        }
        assert_eq!(of(Method::Post, "/Users", &json!({"userName": "eve"})).renames, []);
    }

    #[test]
    fn a_bulk_request_is_each_of_its_operations() {
        let body = json!({"Operations": [
            {"method": "POST", "path": "/Users", "bulkId": "q", "data": {"userName": "ada"}},
            {"method": "delete", "path": "/Users/7"},
            {"method": "PATCH", "path": "/Groups/1", "data": {"Operations": [{"path": "members", "value": "8"}]}},
        ]});
        let effects = of(Method::Post, "/Bulk", &body);
        assert_eq!(effects.creates, [user("ada")]);
        assert_eq!(effects.writes, [user("7"), (Created::Group, "1".to_owned())]);
        assert_eq!(effects.moves, [user("8")]);
        assert!(!effects.is_unknown);
        for body in [json!({}), json!({"Operations": [{"method": "POST", "path": "/Bulk"}]})] {
            assert!(of(Method::Post, "/Bulk", &body).is_unknown, "{body}");
        }
    }

    #[test]
    fn the_name_is_found_in_what_is_not_quite_json() {
        for body in [
            r#"{"userName": "ada", }"#,
            "{\"a\": 1, \"userName\" : \"ada\"",
            r#"{"userName":"ada"} trailing"#,
        ] {
            let effects = Effects::of(&Request::new(Method::Post, "/Users").body(body));
            assert_eq!(effects.creates, [user("ada")], "{body}");
        }
        assert_eq!(Effects::of(&Request::new(Method::Post, "/Users").body("<user/>")).creates, [user("")]);
    }

    #[test]
    fn the_products_own_interface_is_known() {
        let rest =
            |method, target: &str, body: Value| Effects::of(&Request::new(method, target).body(body).rest());
        let organization = (Created::Organization, "4".to_owned());
        let effects = rest(Method::Delete, "/organization/4/user", json!({"accountIds": ["a", "b"]}));
        assert_eq!(effects.writes, std::slice::from_ref(&organization));
        assert_eq!(effects.moves.len(), 2);
        assert_eq!(rest(Method::Delete, "/organization/4", json!({})).writes, [organization]);
        let revoke = rest(Method::Put, "/customer/user/a%3A1/revoke-portal-only-access", json!({}));
        assert_eq!(revoke.writes, [(Created::Customer, "a:1".to_owned())]);
        assert!(rest(Method::Put, "/servicedesk/1", json!({})).is_unknown);
        let created = rest(Method::Post, "/customer", json!({"email": "ada@example.com"}));
        assert_eq!(created.creates, [(Created::Customer, "ada@example.com".to_owned())]);
    }
}
