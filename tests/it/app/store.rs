//! What the application keeps.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

/// Users or groups, in the order in which they were created.
pub(super) type Table = Vec<Value>;

#[derive(Debug, Default)]
pub(super) struct Store {
    pub(super) users: Table,
    pub(super) groups: Table,
    pub(super) created: usize,
    /// How every id begins.
    pub(super) prefix: &'static str,
}

impl Store {
    pub(super) fn table(&mut self, endpoint: &str) -> &mut Table {
        if endpoint == "Users" { &mut self.users } else { &mut self.groups }
    }

    /// Gives a resource its id and its times.
    pub(super) fn create(&mut self, endpoint: &str, mut resource: Value, base: &str) -> Value {
        self.created += 1;
        let id = format!("{}{:08x}-0000-4000-8000-{:012x}", self.prefix, self.created * 7919, self.created);
        let now = now();
        resource["id"] = json!(id);
        resource["meta"] = json!({
            "resourceType": endpoint.trim_end_matches('s'), "created": now, "lastModified": now,
            "location": format!("{base}/{endpoint}/{}", utf8_percent_encode(&id, NON_ALPHANUMERIC)),
        });
        self.table(endpoint).push(resource.clone());
        resource
    }

    pub(super) fn find(&mut self, endpoint: &str, id: &str) -> Option<&mut Value> {
        self.table(endpoint).iter_mut().find(|resource| resource["id"] == id)
    }

    /// Whether another resource has this name.
    pub(super) fn is_taken(&mut self, endpoint: &str, name: &str, id: &Value) -> bool {
        let attribute = if endpoint == "Users" { "userName" } else { "displayName" };
        let others = self.table(endpoint).iter().filter(|other| other["id"] != *id);
        others
            .filter_map(|other| other[attribute].as_str())
            .any(|other| other.to_lowercase() == name.to_lowercase())
    }

    /// Whether a group has a member who is not there.
    pub(super) fn has_strangers(&self, group: &Value) -> bool {
        let members = group["members"].as_array().map_or(&[][..], Vec::as_slice);
        members.iter().any(|member| self.users.iter().all(|user| user["id"] != member["value"]))
    }

    /// Removes a resource, and a user from all groups.
    pub(super) fn delete(&mut self, endpoint: &str, id: &str) -> bool {
        let table = self.table(endpoint);
        let before = table.len();
        table.retain(|resource| resource["id"] != id);
        let is_gone = table.len() < before;
        if endpoint == "Users" {
            self.leave_groups(id);
        }
        is_gone
    }

    pub(super) fn leave_groups(&mut self, id: &str) {
        for group in &mut self.groups {
            if let Some(members) = group["members"].as_array_mut() {
                members.retain(|member| member["value"] != id);
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "an application has a clock of its own")]
pub(super) fn now() -> String {
    jiff::Timestamp::now().to_string()
}
