//! A request below the SCIM base URL of a directory: who sends it, what it brings, and where it leads.

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{Method, header};
use serde_json::Value;

use super::request::ScimRequest;
use super::versions::preconditions;
use super::{protocol, routes};
use crate::reference::Reference;
use crate::reference::http::answer::Answer;
use crate::reference::http::faults::{gate, race, request as misread, response as spoil};
use crate::reference::http::path::host;
use crate::reference::http::{auth, body};
use crate::reference::knobs::AuthErrorBody;
use crate::reference::provisioning::Sent;
use crate::scim::error::ScimError;

/// A request as it came, and the directory that it is for.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) reference: &'a Reference,
    pub(crate) directory: &'a str,
    /// The segments below the base URL.
    pub(crate) rest: &'a [&'a str],
    pub(crate) parts: &'a Parts,
}

/// How a request goes on after the site has looked at who sends it.
enum Way {
    /// It was answered at once.
    Answered(Answer),
    /// It has a body, or a defect that may have it wait.
    On { is_sound: bool },
}

impl<'a> Call<'a> {
    /// The answer to a read, where no defect may have it wait.
    pub(crate) fn read_at_once(self) -> Option<Answer> {
        if !self.is_read() {
            return None;
        }
        match self.look(&self.request()) {
            Way::Answered(answer) => Some(answer),
            Way::On { .. } => None,
        }
    }

    /// The answer, whatever it is that is asked.
    pub(crate) async fn answer(self, content: Body) -> Answer {
        let bytes;
        let mut request = self.request();
        let is_sound = match self.look(&request) {
            Way::Answered(answer) => return answer,
            Way::On { is_sound } => is_sound,
        };
        let (_, rest) = protocol::version(self.rest);
        if matches!(request.method, Method::POST | Method::PUT | Method::PATCH) {
            match body::receive(self.parts, content).await {
                Ok(received) => bytes = received,
                Err(error) => return error.into(),
            }
            let is_user = request.method != Method::PATCH && matches!(rest, ["Users"] | ["Users", _]);
            let read = if is_sound && is_user {
                body::read_borrowed(&bytes)
            } else {
                body::read(&bytes).map(Sent::Value)
            };
            match read {
                Ok(body) => request.body = body,
                Err(error) => return error.into(),
            }
        }
        // The site may have been disconnected while the body came.
        let base = if is_sound {
            Ok(race::Base::Nothing)
        } else {
            race::read(self.reference, self.directory, rest, &request).await
        };
        let base = match base {
            Ok(base) => base,
            Err(answer) => return answer,
        };
        let answer = self.reference.on_directory(self.directory, |site| {
            let request = misread::request(site, request);
            base.restore(site, &request);
            let answer = routes::answer(site, rest, &request);
            site.memory.unchecked = false;
            spoil::answer(site, &request, answer)
        });
        if !self.is_read() {
            self.reference.changed();
        }
        answer.unwrap_or_else(|| self.unknown())
    }

    /// The request without what its body says.
    fn request(self) -> ScimRequest<'a> {
        let (version, _) = protocol::version(self.rest);
        let host = host(&self.parts.headers);
        let mut base = ["http://", host, "/scim/directory/", self.directory].concat();
        if let Some(version) = version {
            base.extend(["/", version]);
        }
        // HEAD is GET whose body the server does not send.
        let is_head = self.parts.method == Method::HEAD;
        ScimRequest {
            base,
            query: self.parts.uri.query().unwrap_or_default().into(),
            conditions: preconditions(&self.parts.headers),
            method: if is_head { Method::GET } else { self.parts.method.clone() },
            body: Value::Null.into(),
            now: self.reference.now(),
        }
    }

    /// The key is checked before the body is read: a stranger's body costs nothing.
    fn look(self, request: &ScimRequest<'_>) -> Way {
        let path = self.parts.uri.path();
        let (version, rest) = protocol::version(self.rest);
        let way = self.reference.on_directory(self.directory, |site| {
            let refused = auth::refusal(site, &self.parts.headers, path, request.now)
                .or_else(|| protocol::refusal(site, version, path))
                .or_else(|| gate::refusal(site, self.parts));
            match refused {
                Some(refused) => Way::Answered(refused),
                None if !self.is_read() || !site.defects.is_empty() => {
                    Way::On { is_sound: site.defects.is_empty() }
                }
                None => Way::Answered(routes::answer(site, rest, request)),
            }
        });
        way.unwrap_or_else(|| {
            let has_key = self.parts.headers.contains_key(header::AUTHORIZATION);
            let missing = || auth::missing_key(path, AuthErrorBody::Failure);
            Way::Answered(if has_key { self.unknown() } else { missing() })
        })
    }

    fn is_read(self) -> bool {
        matches!(self.parts.method, Method::GET | Method::HEAD | Method::OPTIONS)
    }

    fn unknown(self) -> Answer {
        ScimError::not_found(format!("there is no directory {}", self.directory)).into()
    }
}
