//! The bytes that each client sends, read on a plain socket: what a mock server's HTTP library would smooth over.

use std::collections::BTreeMap;
use std::rc::Rc;

use scimsnap::context::Clock;
use scimsnap::directory::{Directory, Event, Person, PersonState};
use scimsnap::idp::{Client, ClientName, Random, Session, Settings};
use scimsnap::wire::{Auth, HttpClient, Limits, Secret, Target, Wire};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The bytes of one request: head, then body.
#[derive(Debug)]
struct Raw {
    head: String,
    body: String,
}

impl Raw {
    /// The request line without the version, which is 1.1.
    fn line(&self) -> &str {
        let line = self.head.lines().next().unwrap();
        line.strip_suffix(" HTTP/1.1").unwrap()
    }

    /// The header lines as they came, without what names the connection.
    fn headers(&self) -> Vec<&str> {
        self.head
            .lines()
            .skip(1)
            .filter(|line| {
                !line.is_empty() && !line.starts_with("Host: ") && !line.starts_with("Content-Length: ")
            })
            .collect()
    }
}

/// Reads requests from one connection after the other and answers 404 to lookups and 201 to creations.
async fn record(listener: TcpListener, count: usize) -> Vec<Raw> {
    let mut all = Vec::new();
    while all.len() < count {
        let (mut stream, _) = listener.accept().await.unwrap();
        while all.len() < count {
            let Some(raw) = read(&mut stream).await else { break };
            let answer = match raw.line().split(' ').next() {
                Some("POST") => "{\"id\":\"u-1\"}",
                _ => "{\"totalResults\":0,\"Resources\":[]}",
            };
            let status = if raw.line().starts_with("POST") { "201 Created" } else { "200 OK" };
            let text = format!(
                "HTTP/1.1 {status}\r\nContent-Type: application/scim+json\r\nContent-Length: {}\r\n\r\n{answer}",
                answer.len()
            );
            stream.write_all(text.as_bytes()).await.unwrap();
            all.push(raw);
        }
    }
    all
}

async fn read(stream: &mut TcpStream) -> Option<Raw> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|part| part == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.unwrap() == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "))
        .map_or(0, |length| length.parse().unwrap());
    while bytes.len() < end + length {
        stream.read_buf(&mut bytes).await.unwrap();
    }
    let body = String::from_utf8(bytes[end..].to_vec()).unwrap();
    Some(Raw { head, body })
}

/// Somebody whose name needs encoding everywhere.
fn directory() -> Directory {
    Directory {
        people: vec![Person {
            key: "ada".to_owned(),
            user_name: "o'hara+1@example.com".to_owned(),
            email: "o'hara+1@example.com".to_owned(),
            given_name: "Ada".to_owned(),
            family_name: "O\u{2019}Hara".to_owned(),
            display_name: "Ada \"A\"".to_owned(),
            profile: BTreeMap::new(),
            manager: None,
            incarnation: 0,
            state: PersonState::Active,
            assigned: true,
            tenant: String::new(),
        }],
        groups: Vec::new(),
    }
}

fn wire(listener: &TcpListener) -> Wire {
    let scim = format!("http://{}/scim", listener.local_addr().unwrap());
    let target = Target::new(scim, Auth::Bearer(Secret::new("t0ken")));
    let http = Rc::new(HttpClient::new(Limits::default()));
    Wire::new(http, target, Limits::default(), Clock::system(), None)
}

/// Assigns a person whom the endpoint does not know, and gives back the lookup and the creation.
async fn assign(name: ClientName) -> (Raw, Raw) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let wire = wire(&listener);
    let directory = directory();
    let mut client = Client::new(name, Settings::default());
    let session = Session { directory: &directory, wire: &wire, random: &Random::seeded("raw") };
    let events = [Event::Assign("ada".to_owned())];
    let (recorded, performed) = tokio::join!(record(listener, 2), client.perform(&events, &session));
    performed.unwrap();
    assert_eq!(client.links().person("ada"), Some("u-1"));
    let [lookup, creation] = <[Raw; 2]>::try_from(recorded).unwrap();
    (lookup, creation)
}

const OKTA: [&str; 5] = [
    "User-Agent: Okta SCIM Client 1.0.0",
    "Accept: application/scim+json",
    "Accept-Charset: utf-8",
    "Accept-Encoding: gzip,deflate",
    "Connection: Keep-Alive",
];

async fn okta(name: ClientName) {
    let (lookup, creation) = assign(name).await;
    assert_eq!(
        lookup.line(),
        "GET /scim/Users?filter=userName%20eq%20%22o%27hara%2B1%40example.com%22&startIndex=1&count=100"
    );
    let mut headers = OKTA.to_vec();
    headers.push("Authorization: Bearer t0ken");
    assert_eq!(lookup.headers(), headers);
    assert_eq!(lookup.body, "");

    assert_eq!(creation.line(), "POST /scim/Users");
    headers.insert(5, "Content-Type: application/scim+json; charset=utf-8");
    assert_eq!(creation.headers(), headers);
    assert!(
        creation
            .body
            .starts_with("{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"o'hara+1@example.com\",\"name\":{\"givenName\":\"Ada\",\"familyName\":\"O\u{2019}Hara\"},"),
        "{}",
        creation.body
    );
    assert!(creation.body.contains("\"groups\":[],\"password\":\""));
    assert!(creation.body.ends_with(",\"active\":true}"));
}

#[tokio::test]
async fn okta_oin() {
    okta(ClientName::OktaOin).await;
}

#[tokio::test]
async fn okta_aiw() {
    okta(ClientName::OktaAiw).await;
}

async fn entra(name: ClientName) {
    let (lookup, creation) = assign(name).await;
    assert_eq!(lookup.line(), "GET /scim/Users?filter=userName+eq+%22o%27hara%2B1%40example.com%22");
    // No `User-Agent`, no `Accept`, no `Accept-Encoding`.
    assert_eq!(lookup.headers(), ["Adscimversion: 6.0", "Authorization: Bearer t0ken"]);

    assert_eq!(creation.line(), "POST /scim/Users");
    assert_eq!(
        creation.headers(),
        [
            "Adscimversion: 6.0",
            "Content-Type: application/scim+json; charset=utf-8",
            "Authorization: Bearer t0ken"
        ]
    );
    assert!(
        creation.body.starts_with("{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\",\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\"],\"externalId\":\"o'hara+1\","),
        "{}",
        creation.body
    );
    assert!(creation.body.contains("\"displayName\":\"Ada \\\"A\\\"\""));
    assert!(creation.body.ends_with(",\"roles\":[]}"), "nothing follows the body");
}

#[tokio::test]
async fn entra_legacy() {
    entra(ClientName::Entra).await;
}

#[tokio::test]
async fn entra_scim2() {
    entra(ClientName::EntraScim2).await;
}

#[tokio::test]
async fn google() {
    let (lookup, creation) = assign(ClientName::Google).await;
    assert_eq!(
        lookup.line(),
        "GET /scim/Users?filter=userName%20eq%20%22o%27hara%2B1%40example.com%22&startIndex=1"
    );
    assert_eq!(
        lookup.headers(),
        ["User-Agent: Google-Auto-Provisioning", "Accept: */*", "Authorization: Bearer t0ken"]
    );
    assert_eq!(
        creation.headers(),
        [
            "User-Agent: Google-Auto-Provisioning",
            "Accept: */*",
            "Content-Type: application/json",
            "Authorization: Bearer t0ken",
        ]
    );
    assert!(
        creation
            .body
            .starts_with("{\"schemas\":[\"urn:scim:schemas:core:1.0\",\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":"),
        "{}",
        creation.body
    );
}

/// What Python writes: its own headers on every request, blanks in JSON and no letter beyond ASCII.
#[tokio::test]
async fn authentik() {
    let (configuration, creation) = assign(ClientName::Authentik).await;
    assert_eq!(configuration.line(), "GET /scim/ServiceProviderConfig");
    assert_eq!(creation.line(), "POST /scim/Users");
    for request in [&configuration, &creation] {
        assert_eq!(
            request.headers(),
            [
                "User-Agent: authentik@2026.8.0",
                "Accept-Encoding: gzip, deflate",
                "Accept: application/scim+json",
                "Connection: keep-alive",
                "Content-Type: application/scim+json",
                "Authorization: Bearer t0ken",
            ]
        );
    }
    assert!(
        creation.body.starts_with(
            "{\"userName\": \"o'hara+1@example.com\", \"name\": {\"formatted\": \"Ada \\\"A\\\"\", \"familyName\": \"O\\u2019Hara\", \"givenName\": \"Ada\"}, \"displayName\": "
        ),
        "{}",
        creation.body
    );
    assert!(
        creation
            .body
            .contains(", \"schemas\": [\"urn:ietf:params:scim:schemas:core:2.0:User\"], \"externalId\": \"")
    );
}

/// The endpoint creates the user, and the answer is lost. The next cycle finds the user and links it.
#[tokio::test]
async fn entra_takes_up_a_cycle_that_broke() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let wire = wire(&listener);
    let directory = directory();
    let mut client = Client::new(ClientName::Entra, Settings::default());
    let session = Session { directory: &directory, wire: &wire, random: &Random::seeded("raw") };
    let endpoint = async {
        let mut lines = Vec::new();
        let mut created = false;
        while lines.len() < 5 {
            let (mut stream, _) = listener.accept().await.unwrap();
            if let Some(raw) = read(&mut stream).await {
                lines.push(raw.line().split(['?', ' ']).take(2).collect::<Vec<_>>().join(" "));
                if raw.line().starts_with("POST") {
                    created = true;
                    continue;
                }
                let found = created && raw.line().contains("hara");
                let answer = if found {
                    "{\"totalResults\":1,\"Resources\":[{\"id\":\"u-1\"}]}"
                } else {
                    "{\"totalResults\":0,\"Resources\":[]}"
                };
                let length = answer.len();
                let head =
                    format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
                stream.write_all(format!("{head}{answer}").as_bytes()).await.unwrap();
            }
        }
        lines
    };
    let provider = async {
        client.perform(&[Event::Assign("ada".to_owned())], &session).await.unwrap();
        let told = client.take_notices();
        assert!(told[0].message.starts_with("WebExceptionProtocolError"), "{told:?}");
        assert_eq!(client.links().person("ada"), None);
        client.perform(&[Event::Cycle], &session).await.unwrap();
    };
    let (lines, ()) = tokio::join!(endpoint, provider);
    assert_eq!(
        lines,
        [
            "GET /scim/Users",
            "POST /scim/Users",
            "GET /scim/Users",
            "GET /scim/Users",
            "PATCH /scim/Users/u-1"
        ]
    );
    assert_eq!(client.links().person("ada"), Some("u-1"));
}
