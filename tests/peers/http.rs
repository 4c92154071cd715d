//! Plain HTTP to a peer: one request on one connection, and the answer as it came.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

pub(crate) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(crate) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// The variable that holds the token of all peers.
pub(crate) const TOKEN: &str = "SCIMSNAP_PEER_TOKEN";

const TIMEOUT: Duration = Duration::from_secs(20);

/// One SCIM server, with the token that it takes.
pub(crate) struct Peer {
    authority: String,
    path: String,
    token: Option<String>,
}

/// What came back. A body that is empty or no JSON is `Value::Null`.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    headers: Vec<(String, String)>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut named = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        named.next().map(|(_, value)| value.as_str())
    }

    /// The `id` of the resource that came back.
    pub(crate) fn id(&self) -> String {
        let id = self.body["id"].as_str();
        id.unwrap_or_else(|| panic!("no id in {self:?}")).to_owned()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test binary has no `Context`; `.ci/run` names the servers here"
)]
pub(crate) fn variable(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: .ci/run starts the servers and sets it"))
}

impl Peer {
    /// The peer whose base URL a variable holds.
    pub(crate) fn named(name: &str) -> Self {
        Self::new(&variable(name), &variable(TOKEN))
    }

    /// The peer at `base`, an `http://` URL with no slash at its end.
    pub(crate) fn new(base: &str, token: &str) -> Self {
        let rest = base.strip_prefix("http://").unwrap_or_else(|| panic!("{base} is no http:// URL"));
        let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        Self { authority: authority.to_owned(), path: path.to_owned(), token: Some(token.to_owned()) }
    }

    /// The same peer, asked without a token.
    pub(crate) fn without_token(mut self) -> Self {
        self.token = None;
        self
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", None)
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, "", None)
    }

    pub(crate) fn write(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.send(method, path, "application/scim+json; charset=utf-8", Some(body))
    }

    pub(crate) fn send(&self, method: &str, path: &str, content_type: &str, body: Option<&Value>) -> Answer {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut lines = vec![
            format!("{method} {}{path} HTTP/1.1", self.path),
            format!("Host: {}", self.authority),
            "Connection: close".to_owned(),
        ];
        lines.extend(self.token.iter().map(|token| format!("Authorization: Bearer {token}")));
        if !body.is_empty() {
            lines.push(format!("Content-Type: {content_type}"));
            lines.push(format!("Content-Length: {}", body.len()));
        }
        let request = format!("{}\r\n\r\n{body}", lines.join("\r\n"));

        let mut stream = TcpStream::connect(&self.authority).expect("the peer takes connections");
        stream.set_read_timeout(Some(TIMEOUT)).expect("a time-out can be set");
        stream.write_all(request.as_bytes()).expect("the peer reads the request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the peer answers in UTF-8");
        parse(&answer)
    }
}

/// The peers close the connection, so what follows the headers is the body.
fn parse(answer: &str) -> Answer {
    let (head, body) = answer.split_once("\r\n\r\n").expect("headers end with an empty line");
    let mut lines = head.lines();
    let status_line = lines.next().unwrap_or_default();
    let status = status_line.split(' ').nth(1).and_then(|code| code.parse().ok());
    Answer {
        status: status.unwrap_or_else(|| panic!("no status in {status_line:?}")),
        body: serde_json::from_str(body).unwrap_or_default(),
        headers: lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect(),
    }
}
