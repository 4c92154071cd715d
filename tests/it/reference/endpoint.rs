//! An endpoint on a free port, with what a test needs to talk to it and to see what came out.

use std::net::SocketAddr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use scimsnap::context::Clock;
use scimsnap::reference::{
    Defects, Knobs, Profile, Reference, ServeOptions, SiteAccess, SiteOptions, serve, serve_with,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A running endpoint with one site.
pub(crate) struct Endpoint {
    pub(crate) address: SocketAddr,
    pub(crate) clock: Clock,
    pub(crate) reference: Reference,
    pub(crate) access: SiteAccess,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {}", self.text))
    }

    /// The body, of an answer with that status.
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// The detail of a SCIM error with that status and `scimType`.
    pub(crate) fn refused(&self, status: u16, scim_type: &str) -> String {
        let body = self.expect(status);
        assert_eq!(body["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]));
        assert_eq!(body["status"], json!(status.to_string()));
        assert_eq!(body["scimType"], json!(scim_type), "{body}");
        body["detail"].as_str().unwrap().to_owned()
    }
}

impl Endpoint {
    pub(crate) async fn start() -> Self {
        Self::with(&[], "").await
    }

    pub(crate) async fn of(profile: Profile) -> Self {
        Self::set_up(profile, Knobs::of(profile), Defects::default()).await
    }

    pub(crate) async fn with_knobs(knobs: &[(&str, &str)]) -> Self {
        Self::with(knobs, "").await
    }

    pub(crate) async fn with_defect(name: &str) -> Self {
        Self::with(&[], name).await
    }

    async fn with(settings: &[(&str, &str)], defect: &str) -> Self {
        let mut knobs = Knobs::default();
        for (name, value) in settings {
            knobs.set(name, value).unwrap();
        }
        let defects = if defect.is_empty() { Defects::default() } else { Defects::parse(defect).unwrap() };
        Self::set_up(Profile::default(), knobs, defects).await
    }

    pub(crate) async fn set_up(profile: Profile, knobs: Knobs, defects: Defects) -> Self {
        Self::served(profile, knobs, defects, ServeOptions::default()).await
    }

    /// With limits and hosts of the test's own.
    pub(crate) async fn served_as(options: ServeOptions) -> Self {
        Self::served(Profile::default(), Knobs::default(), Defects::default(), options).await
    }

    async fn served(profile: Profile, knobs: Knobs, defects: Defects, options: ServeOptions) -> Self {
        let clock = Clock::fixed("2026-01-01T00:00:00Z".parse().unwrap());
        let reference = Reference::new(clock.clone());
        let access = reference.create_site(SiteOptions {
            name: "test".to_owned(),
            profile,
            knobs,
            defects,
            ..SiteOptions::default()
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve_with(listener, reference.clone(), options, std::future::pending()));
        Self { address, clock, reference, access }
    }

    /// The origin under which the endpoint is served.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// An endpoint of its own that goes on where this one was written down.
    pub(crate) async fn restored(&self, state: &[u8]) -> Self {
        let reference = Reference::restore(self.clock.clone(), state, 0).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, reference.clone(), std::future::pending()));
        // The API key is not shown again, and the REST token is another one.
        let rest_token = reference.site_named("test").unwrap().rest_token;
        let access = SiteAccess { rest_token, ..self.access.clone() };
        Self { address, clock: self.clock.clone(), reference, access }
    }

    /// Sends a request as it stands.
    pub(crate) async fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.raw_bytes(method, path, headers, body.as_bytes()).await
    }

    /// Sends a request as it stands, whose body need not be text.
    pub(crate) async fn raw_bytes(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        for (name, value) in headers {
            request = format!("{request}{name}: {value}\r\n");
        }
        if !body.is_empty() {
            request = format!("{request}Content-Length: {}\r\n", body.len());
        }
        request.push_str("\r\n");
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        // A server that refuses a long body need not read it to the end.
        let _ = stream.write_all(body).await;
        let mut received = Vec::new();
        let _ = stream.read_to_end(&mut received).await;
        let received = String::from_utf8(received).unwrap();
        let (head, text) = received.split_once("\r\n\r\n").unwrap_or((&received, ""));
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Answer { status, headers, text: text.to_owned() }
    }

    /// Sends a SCIM request with the API key.
    pub(crate) async fn scim(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let path = format!("{}{path}", self.access.scim_path);
        let bearer = format!("Bearer {}", self.access.token);
        let headers =
            [("Authorization", bearer.as_str()), ("Content-Type", "application/scim+json; charset=utf-8")];
        let headers = if body.is_some() { &headers[..] } else { &headers[..1] };
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        self.raw(method, &path, headers, &body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.scim("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.scim("POST", path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.scim("PUT", path, Some(body)).await
    }

    /// Sends a PATCH with these operations.
    pub(crate) async fn patch(&self, path: &str, operations: Value) -> Answer {
        let body =
            json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations});
        self.scim("PATCH", path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.scim("DELETE", path, None).await
    }

    /// Sends a SCIM request with the API key and these headers.
    pub(crate) async fn scim_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let path = format!("{}{path}", self.access.scim_path);
        let bearer = format!("Bearer {}", self.access.token);
        let own = [("Authorization", bearer.as_str()), ("Content-Type", "application/scim+json")];
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        self.raw(method, &path, &[&own, headers].concat(), &body).await
    }

    /// Sends a call to the API by which a site's connection is administered.
    pub(crate) async fn admin(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let path = format!("/ex/jira/{}/rest/provisioning{path}", self.access.site);
        self.basic(method, &path, body).await
    }

    /// Sends a call to the REST API below the site's own path.
    pub(crate) async fn rest(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let path = format!("{}{path}", self.access.rest_path);
        self.basic(method, &path, body).await
    }

    async fn basic(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let basic = BASE64_STANDARD.encode(format!("{}:{}", self.access.rest_user, self.access.rest_token));
        let basic = format!("Basic {basic}");
        let headers = [
            ("Authorization", basic.as_str()),
            ("X-ExperimentalApi", "opt-in"),
            ("Content-Type", "application/json"),
        ];
        let headers = if body.is_some() { &headers[..] } else { &headers[..2] };
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        self.raw(method, path, headers, &body).await
    }

    /// Provisions a user of that name at example.com and says its SCIM id.
    pub(crate) async fn user(&self, name: &str) -> String {
        id(&self.post("/Users", user_body(name)).await.expect(201))
    }

    /// Pushes a group with these members and says its SCIM id.
    pub(crate) async fn group(&self, name: &str, members: &[&str]) -> String {
        id(&self.post("/Groups", group_body(name, members)).await.expect(201))
    }

    /// Makes a customer of that name at example.com by hand and says its account id.
    pub(crate) async fn manual_customer(&self, name: &str) -> String {
        let body = json!({"email": format!("{name}@example.com"), "displayName": name});
        let made = self.rest("POST", "/customer", Some(body)).await.expect(201);
        made["accountId"].as_str().unwrap().to_owned()
    }

    /// Makes an organization by hand, with these accounts, and says its id.
    pub(crate) async fn manual_organization(&self, name: &str, accounts: &[&str]) -> String {
        let made = self.rest("POST", "/organization", Some(json!({"name": name}))).await.expect(201);
        let id = made["id"].as_str().unwrap().to_owned();
        if !accounts.is_empty() {
            let body = json!({"accountIds": accounts});
            self.rest("POST", &format!("/organization/{id}/user"), Some(body)).await.expect(204);
        }
        id
    }

    /// Everything that people see: organizations with source and members, then customers; a line each.
    pub(crate) async fn outcome(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for organization in self.values("/organization").await {
            let source = if organization["scimManaged"] == true { "synced" } else { "manual" };
            let path = format!("/organization/{}/user", organization["id"].as_str().unwrap());
            let members: Vec<String> = self.values(&path).await.iter().map(local_part).collect();
            let name = organization["name"].as_str().unwrap();
            lines.push(format!("{name} ({source}): {}", members.join(" ")).trim_end().to_owned());
        }
        lines.sort();
        let customers = self.values("/servicedesk/1/customer").await;
        lines.extend(customers.iter().map(|customer| {
            let state = if customer["active"] == true { "" } else { " (deactivated)" };
            format!("{}{state}", local_part(customer))
        }));
        lines
    }

    /// All values of a paged list of the REST API.
    pub(crate) async fn values(&self, path: &str) -> Vec<Value> {
        let mut values = Vec::new();
        loop {
            let page = self.rest("GET", &format!("{path}?start={}", values.len()), None).await.expect(200);
            values.extend(page["values"].as_array().unwrap().iter().cloned());
            if page["isLastPage"] == true {
                return values;
            }
        }
    }

    /// The member ids of a SCIM group, in order of id.
    pub(crate) async fn members(&self, group: &str) -> Vec<String> {
        let body = self.get(&format!("/Groups/{group}")).await.expect(200);
        let members = body["members"].as_array().cloned().unwrap_or_default();
        let mut ids: Vec<String> =
            members.iter().map(|member| member["value"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    }
}

/// The `id` of a resource.
pub(crate) fn id(resource: &Value) -> String {
    resource["id"].as_str().unwrap().to_owned()
}

/// A user of that name at example.com, as a provider's POST sends it.
pub(crate) fn user_body(name: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": format!("{name}@example.com"),
        "externalId": format!("ext-{name}"),
        "name": {"givenName": name, "familyName": "Test"},
        "emails": [{"value": format!("{name}@example.com"), "type": "work", "primary": true}],
        "active": true,
    })
}

/// A group with these members.
pub(crate) fn group_body(name: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": name,
        "members": members,
    })
}

/// Ids in order.
pub(crate) fn sorted(ids: &[&String]) -> Vec<String> {
    let mut ids: Vec<String> = ids.iter().map(|id| (*id).clone()).collect();
    ids.sort();
    ids
}

fn local_part(customer: &Value) -> String {
    let email = customer["emailAddress"].as_str().unwrap();
    email.split('@').next().unwrap().to_owned()
}
