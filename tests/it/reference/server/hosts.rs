//! Under which names the endpoint answers, and to which pages.

use scimsnap::reference::{AllowedHosts, ServeOptions};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::reference::endpoint::{Endpoint, user_body};

/// Status and text of the answer to a POST of a user, whose head begins with these lines.
async fn create(endpoint: &Endpoint, target: &str, version: &str, lines: &[&str]) -> (u16, String) {
    let body = user_body("ada").to_string();
    let mut request = format!("POST {target} HTTP/{version}\r\nConnection: close\r\n");
    request.extend(lines.iter().flat_map(|line| [*line, "\r\n"]));
    let token = &endpoint.access.token;
    let head = format!("Authorization: Bearer {token}\r\nContent-Length: {}\r\n\r\n", body.len());
    let mut stream = TcpStream::connect(endpoint.address).await.unwrap();
    stream.write_all([request, head, body].concat().as_bytes()).await.unwrap();
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text).await;
    let status = text.split(' ').nth(1).unwrap_or_default().parse().unwrap();
    (status, text)
}

async fn started() -> (Endpoint, String) {
    let hosts = AllowedHosts::only(["scimsnap"]).unwrap();
    let endpoint = Endpoint::served_as(ServeOptions { hosts, ..ServeOptions::default() }).await;
    let target = format!("{}/Users", endpoint.access.scim_path);
    (endpoint, target)
}

#[tokio::test]
async fn a_location_names_the_host_that_was_asked_if_it_is_one_that_is_answered() {
    let names = ["127.0.0.1:7", "localhost:9999", "[::1]:1", "scimsnap:8080"];
    for name in names {
        let (endpoint, target) = started().await;
        let (status, text) = create(&endpoint, &target, "1.1", &[&format!("Host: {name}")]).await;
        assert_eq!(status, 201, "{text}");
        assert!(text.contains(&format!("http://{name}{target}/")), "{text}");
    }
}

#[tokio::test]
async fn markup_and_foreign_names_are_refused_and_change_nothing() {
    let (endpoint, target) = started().await;
    for (host, expected) in [
        ("<script>alert(1)</script>", 400),
        ("127.0.0.1\" onload=\"x", 400),
        ("user@127.0.0.1", 400),
        ("127.0.0.1:port", 400),
        ("", 400),
        ("evil.example", 421),
        ("evil.example:8420", 421),
        ("127.0.0.1.evil.example", 421),
        ("scimsnap.evil.example", 421),
    ] {
        let (status, text) = create(&endpoint, &target, "1.1", &[&format!("Host: {host}")]).await;
        assert_eq!(status, expected, "{host}: {text}");
        assert!(host.is_empty() || expected == 421 || !text.contains(host), "{text}");
        assert!(expected == 400 || text.contains("--allow-host"), "{text}");
    }
    assert_eq!(create(&endpoint, &target, "1.1", &[]).await.0, 400);
    let two = ["Host: localhost", "Host: evil.example"];
    assert_eq!(create(&endpoint, &target, "1.1", &two).await.0, 400);
    assert_eq!(endpoint.outcome().await, Vec::<String>::new());
}

#[tokio::test]
async fn pages_of_other_origins_are_refused_whatever_the_method() {
    let (endpoint, target) = started().await;
    for origin in
        ["http://evil.example", "null", "https://localhost", "http://localhost:1", "chrome-extension://x"]
    {
        let lines = ["Host: localhost", &format!("Origin: {origin}")];
        assert_eq!(create(&endpoint, &target, "1.1", &lines).await.0, 403, "{origin}");
        for method in ["GET", "OPTIONS", "DELETE"] {
            let answer = endpoint.raw(method, &target, &[("Origin", origin)], "").await;
            assert_eq!(answer.status, 403, "{method} {origin}");
            assert_eq!(answer.header("access-control-allow-origin"), None);
        }
    }
    assert_eq!(endpoint.outcome().await, Vec::<String>::new());
    let own = ["Host: localhost", "Origin: http://localhost"];
    assert_eq!(create(&endpoint, &target, "1.1", &own).await.0, 201);
}

#[tokio::test]
async fn an_absolute_target_counts_for_more_than_the_host_and_forwarding_headers_for_nothing() {
    let (endpoint, target) = started().await;
    let foreign = format!("http://evil.example{target}");
    assert_eq!(create(&endpoint, &foreign, "1.1", &["Host: localhost"]).await.0, 421);
    let absolute = format!("http://scimsnap:81{target}");
    let forwarded = ["Host: localhost", "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https"];
    let (status, text) = create(&endpoint, &absolute, "1.1", &forwarded).await;
    assert_eq!(status, 201, "{text}");
    assert!(text.contains(&format!("{absolute}/")) && !text.contains("evil.example"), "{text}");
}

#[tokio::test]
async fn http_1_0_without_a_host_is_told_the_address_that_it_reached() {
    let (endpoint, target) = started().await;
    let (status, text) = create(&endpoint, &target, "1.0", &[]).await;
    assert_eq!(status, 201, "{text}");
    assert!(text.contains(&format!("{}{target}/", endpoint.origin())), "{text}");
}
