//! The reference endpoint in a process of its own, as somebody's endpoint.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::http::{Call, Reply, send};
use super::program::program;

/// A process that serves.
#[derive(Debug)]
pub(crate) struct Served {
    child: Child,
    pub(crate) origin: String,
    pub(crate) scim: String,
    pub(crate) token: String,
    pub(crate) rest: String,
    pub(crate) rest_user: String,
    pub(crate) rest_token: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    pub(crate) fn new(flags: &[&str]) -> Self {
        Self::start(flags, None)
    }

    /// With this API key.
    pub(crate) fn with_token(token: &str, flags: &[&str]) -> Self {
        Self::start(flags, Some(token))
    }

    fn start(flags: &[&str], token: Option<&str>) -> Self {
        let mut command = Command::new(program());
        command.args(["serve", "--listen", "127.0.0.1:0", "--ready-json"]).args(flags).env_clear();
        if let Some(token) = token {
            command.args(["--token-env", "KEY"]).env("KEY", token);
        }
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let text = |key: &str| ready[key].as_str().unwrap().to_owned();
        let scim = text("scim");
        let origin = scim.split("/scim/").next().unwrap().to_owned();
        Self {
            child,
            origin,
            token: text("token"),
            rest: text("rest"),
            rest_user: text("rest_user"),
            rest_token: text("rest_token"),
            scim,
        }
    }

    /// Kills it.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The path of the SCIM base URL.
    pub(crate) fn path(&self) -> &str {
        &self.scim[self.origin.len()..]
    }

    /// A SCIM request.
    pub(crate) fn scim(&self, method: &str, target: &str, body: Option<&Value>) -> Reply {
        self.send(method, format!("{}{target}", self.path()), format!("Bearer {}", self.token), body)
    }

    /// A request to the product.
    pub(crate) fn rest(&self, method: &str, target: &str, body: Option<&Value>) -> Reply {
        let pair = STANDARD.encode(format!("{}:{}", self.rest_user, self.rest_token));
        self.send(method, format!("/rest/servicedeskapi{target}"), format!("Basic {pair}"), body)
    }

    fn send(&self, method: &str, target: String, authorization: String, body: Option<&Value>) -> Reply {
        let headers = vec![
            ("Authorization".to_owned(), authorization),
            ("Content-Type".to_owned(), "application/json".to_owned()),
            ("X-ExperimentalApi".to_owned(), "opt-in".to_owned()),
        ];
        let body = body.map(Value::to_string).unwrap_or_default();
        send(&self.origin, &Call { method: method.to_owned(), target, headers, body })
    }

    /// Every SCIM resource of a kind, whole.
    pub(crate) fn resources(&self, endpoint: &str) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        loop {
            let target = format!("{endpoint}?startIndex={}&count=100", all.len() + 1);
            let page = self.scim("GET", &target, None).json();
            let page = page["Resources"].as_array().cloned().unwrap_or_default();
            if page.is_empty() {
                return all;
            }
            all.extend(page);
        }
    }

    /// Every organization as the product shows it, with its members.
    pub(crate) fn organizations(&self) -> Vec<(Value, Value)> {
        let list = self.rest("GET", "/organization?limit=100", None).json();
        let list = list["values"].as_array().cloned().unwrap_or_default();
        let members = |organization: &Value| {
            let id = organization["id"].as_str().unwrap_or_default().to_owned();
            self.rest("GET", &format!("/organization/{id}/user"), None).json()["values"].clone()
        };
        list.into_iter().map(|organization| (organization.clone(), members(&organization))).collect()
    }

    /// Everything that a tenant consists of.
    pub(crate) fn everything(&self) -> Value {
        json!({
            "users": self.resources("/Users"),
            "groups": self.resources("/Groups"),
            "organizations": self.organizations(),
        })
    }

    /// Puts `users` users and `groups` groups of somebody else's there.
    pub(crate) fn populate(&self, users: usize, groups: usize) {
        let mut ids = Vec::new();
        for number in 0..users {
            let name = format!("outsider{number}@elsewhere.example");
            let body = json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                "userName": name, "displayName": format!("Outsider {number}"), "externalId": format!("outsider-{number}"),
                "emails": [{"value": name, "primary": true}], "active": true,
            });
            let reply = self.scim("POST", "/Users", Some(&body));
            assert_eq!(reply.status, 201, "{}", reply.body);
            ids.push(json!({"value": reply.json()["id"]}));
        }
        for number in 0..groups {
            let body = json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
                "displayName": format!("Outsiders {number}"), "members": ids,
            });
            let reply = self.scim("POST", "/Groups", Some(&body));
            assert_eq!(reply.status, 201, "{}", reply.body);
        }
    }

    /// Runs the binary in a folder against this endpoint.
    pub(crate) fn run(&self, folder: &Path, words: &[&str]) -> super::Outcome {
        super::Scimsnap::new(folder, words).against(self).end()
    }
}
