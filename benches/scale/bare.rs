//! Bare axum handlers: the least that a server in this framework can do for the same requests.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::Value;

/// What the handlers answer.
#[derive(Clone)]
pub(crate) struct Answers {
    /// To a GET of one customer: these bytes.
    pub(crate) user: Bytes,
    /// To a lookup: these bytes.
    pub(crate) list: Bytes,
}

/// A router that returns the same bytes to reads, and parses and serialises what writes are about: what is sent, or, for a
/// PATCH, the stored customer besides.
pub(crate) fn router(answers: Answers) -> Router {
    Router::new()
        .route("/scim/directory/{directory}/Users", get(list).post(create))
        .route("/scim/directory/{directory}/Users/{id}", get(user).put(replace).patch(patch))
        // The same PATCH, answered with what was sent.
        .route("/scim/directory/{directory}/Echo/{id}", axum::routing::patch(replace))
        .with_state(answers)
}

async fn user(State(answers): State<Answers>) -> Response<Body> {
    json(StatusCode::OK, answers.user)
}

async fn list(State(answers): State<Answers>) -> Response<Body> {
    json(StatusCode::OK, answers.list)
}

async fn create(body: Bytes) -> Response<Body> {
    echo(StatusCode::CREATED, &body)
}

async fn replace(body: Bytes) -> Response<Body> {
    echo(StatusCode::OK, &body)
}

async fn patch(State(answers): State<Answers>, body: Bytes) -> Response<Body> {
    match serde_json::from_slice::<Value>(&body) {
        Ok(sent) if sent.is_object() => echo(StatusCode::OK, &answers.user),
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

fn echo(status: StatusCode, body: &[u8]) -> Response<Body> {
    match serde_json::from_slice::<Value>(body) {
        Ok(sent) => json(status, serde_json::to_vec(&sent).unwrap_or_default().into()),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

fn json(status: StatusCode, body: Bytes) -> Response<Body> {
    (status, [(header::CONTENT_TYPE, "application/scim+json")], body).into_response()
}
