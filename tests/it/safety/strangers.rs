//! Who was at a tenant before us, and must not notice that we were there.

use serde_json::{Value, json};

use crate::support::Served;

/// Everybody and everything that was there before.
#[derive(Debug, Default)]
pub(crate) struct Strangers {
    pub(crate) users: Vec<String>,
    pub(crate) groups: Vec<String>,
    pub(crate) organizations: Vec<String>,
    /// Account ids of the product's customers.
    pub(crate) accounts: Vec<String>,
    before: Vec<(String, Value)>,
}

impl Strangers {
    /// Puts users and groups there, and as many organizations with customers made by hand as there are groups.
    pub(crate) fn settle(served: &Served, users: usize, groups: usize) -> Self {
        served.populate(users, groups);
        for number in 0..groups {
            let customer =
                json!({"email": format!("walk-in{number}@elsewhere.example"), "displayName": "Walk-in"});
            let account = served.rest("POST", "/customer", Some(&customer)).json()["accountId"].clone();
            let name = json!({"name": format!("Made by hand {number}")});
            let organization = served.rest("POST", "/organization", Some(&name)).json();
            let id = text(&organization["id"]);
            let added = served.rest(
                "POST",
                &format!("/organization/{id}/user"),
                Some(&json!({"accountIds": [account]})),
            );
            assert_eq!(added.status, 204, "{}", added.body);
        }
        let ids = |kind| served.resources(kind).iter().map(|resource| text(&resource["id"])).collect();
        let mut strangers = Self {
            users: ids("/Users"),
            groups: ids("/Groups"),
            organizations: organizations(served).iter().map(|value| text(&value["id"])).collect(),
            accounts: customers(served).iter().map(|value| text(&value["accountId"])).collect(),
            before: Vec::new(),
        };
        assert_eq!(strangers.users.len(), users);
        assert_eq!(strangers.groups.len(), groups);
        assert!(strangers.organizations.len() >= 2 * groups && strangers.accounts.len() >= users);
        strangers.before = strangers.now(served);
        strangers
    }

    /// What is not as it was.
    pub(crate) fn changes(&self, served: &Served) -> Vec<String> {
        let now = self.now(served);
        let pairs = self.before.iter().zip(&now).filter(|((_, was), (_, is))| was != is);
        pairs.map(|((what, was), (_, is))| format!("{what} was {was}, and is {is}")).collect()
    }

    /// The ids of a kind.
    pub(crate) fn of(&self, kind: &str) -> &[String] {
        match kind {
            "Users" => &self.users,
            "Groups" => &self.groups,
            "organization" => &self.organizations,
            _ => &self.accounts,
        }
    }

    /// Whether an id is somebody's, whatever it stands for.
    pub(crate) fn has_resource(&self, id: &str) -> bool {
        self.users.iter().chain(&self.groups).any(|other| other == id)
    }

    fn now(&self, served: &Served) -> Vec<(String, Value)> {
        let scim = |kind: &str, ids: &[String]| -> Vec<(String, Value)> {
            let all = served.resources(kind);
            let resource = |id: &String| all.iter().find(|resource| resource["id"] == json!(id)).cloned();
            ids.iter().map(|id| (format!("{kind}/{id}"), resource(id).unwrap_or_default())).collect()
        };
        let mut now = scim("/Users", &self.users);
        now.extend(scim("/Groups", &self.groups));
        for id in &self.organizations {
            let path = format!("/organization/{id}");
            let members = served.rest("GET", &format!("{path}/user"), None).json()["values"].clone();
            let organization = served.rest("GET", &path, None).json();
            now.push((path, json!([organization["name"], organization["scimManaged"], members])));
        }
        let all = customers(served);
        for id in &self.accounts {
            let customer = all.iter().find(|customer| customer["accountId"] == json!(id));
            now.push((format!("/customer/{id}"), customer.cloned().unwrap_or_default()));
        }
        now
    }
}

/// The product's customers.
pub(crate) fn customers(served: &Served) -> Vec<Value> {
    values(served, "/servicedesk/1/customer")
}

/// The product's organizations.
pub(crate) fn organizations(served: &Served) -> Vec<Value> {
    values(served, "/organization")
}

fn values(served: &Served, path: &str) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    loop {
        let page = served.rest("GET", &format!("{path}?start={}&limit=100", all.len()), None).json();
        all.extend(page["values"].as_array().cloned().unwrap());
        if page["isLastPage"] == json!(true) {
            return all;
        }
    }
}

/// A value as the text that it is.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
