//! Any request against the reference endpoint, without a socket.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::http::{Method, Request, Response, header};
use scimsnap::context::Clock;
use scimsnap::reference::{Profile, Reference, SiteAccess, SiteOptions, router};
use tower_service::Service as _;

/// The key of the directory, so that what is fuzzed gets past the door.
pub const KEY: &str = "key";
/// The id of the directory.
pub const DIRECTORY: &str = "d";

/// Each line is a request of its own: method, target, headers as `name:value`, and behind a tab the body; all against one
/// endpoint. What only reads changes nothing, nothing is an internal error, and JSON is JSON.
pub fn request(bytes: &[u8]) {
    for profile in [Profile::JsmCustomers, Profile::Rfc] {
        let reference = Reference::new(Clock::fixed(jiff::Timestamp::UNIX_EPOCH));
        let access = reference.create_site(SiteOptions {
            name: "fuzz".to_owned(),
            directory: Some(DIRECTORY.to_owned()),
            token: Some(KEY.into()),
            profile,
            knobs: scimsnap::reference::Knobs::of(profile),
            ..SiteOptions::default()
        });
        let mut endpoint = router(reference.clone());
        for line in bytes.split(|byte| *byte == b'\n') {
            let Some(request) = read(line, &access) else { continue };
            let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
            let before = reads.then(|| state(&reference));
            let shown = format!("{} {}", request.method(), request.uri());
            let is_head = *request.method() == Method::HEAD;
            check(&answer(&mut endpoint, request), is_head, &shown);
            if let Some(before) = before {
                assert_eq!(state(&reference), before, "{shown} changes something");
            }
        }
        // Whatever was written can be written down and read.
        let text = state(&reference);
        let again = Reference::restore(Clock::system(), &text, 0).map(|again| state(&again));
        assert!(again.is_ok_and(|again| without_secrets(&again) == without_secrets(&text)));
    }
}

/// A state but for how many secrets were made: whoever starts from it makes another REST token.
fn without_secrets(state: &[u8]) -> serde_json::Value {
    let mut state: serde_json::Value = serde_json::from_slice(state).unwrap_or_default();
    for site in state.get_mut("sites").and_then(serde_json::Value::as_array_mut).into_iter().flatten() {
        site["secrets"].take();
    }
    state
}

fn state(reference: &Reference) -> Vec<u8> {
    reference.state().unwrap_or_default()
}

/// A request, if it can be one; credentials are added where it has none.
fn read(line: &[u8], access: &SiteAccess) -> Option<Request<Body>> {
    let (head, body) = match line.iter().position(|byte| *byte == b'\t') {
        Some(tab) => (line.get(..tab)?, line.get(tab + 1..)?),
        None => (line, &[][..]),
    };
    let mut words = head.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let mut request = Request::builder().method(words.next()?).uri(words.next()?);
    for word in words {
        let colon = word.iter().position(|byte| *byte == b':')?;
        request = request.header(word.get(..colon)?, word.get(colon + 1..)?);
    }
    let mut request = request.body(Body::from(body.to_vec())).ok()?;
    if !request.headers().contains_key(header::AUTHORIZATION) {
        let value = if request.uri().path().contains("/scim/") {
            format!("Bearer {KEY}")
        } else {
            use base64::Engine as _;
            let pair = format!("{}:{}", access.rest_user, access.rest_token);
            format!("Basic {}", base64::prelude::BASE64_STANDARD.encode(pair))
        };
        request.headers_mut().insert(header::AUTHORIZATION, value.parse().ok()?);
    }
    Some(request)
}

/// The answer. Nothing has to be waited for: the whole request is there.
fn answer(endpoint: &mut Router, request: Request<Body>) -> Response<Body> {
    let mut answer = std::pin::pin!(endpoint.call(request));
    loop {
        if let Poll::Ready(answer) = answer.as_mut().poll(&mut Context::from_waker(&waker())) {
            return answer.unwrap_or_else(|never: Infallible| match never {});
        }
    }
}

fn check(answer: &Response<Body>, is_head: bool, shown: &str) {
    let status = answer.status().as_u16();
    assert!(!matches!(status, 500..600 | 100..200), "{shown}: {status}");
    let may_be_silent = status < 400 || is_head;
    assert!(may_be_silent || answer.body().size_hint().lower() > 0, "{shown}: {status} says nothing");
    for (name, value) in answer.headers() {
        assert!(value.to_str().is_ok(), "{shown}: {name}");
    }
}

struct Nobody;

impl Wake for Nobody {
    fn wake(self: Arc<Self>) {}
}

fn waker() -> Waker {
    Waker::from(Arc::new(Nobody))
}
