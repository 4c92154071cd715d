//! A request below the SCIM base URL of a directory: who sends it, what it brings, and where it leads.

use std::ops::ControlFlow;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{Method, header};
use jiff::Timestamp;
use serde_json::Value;

use super::request::RawRequest;
use super::versions::preconditions;
use super::{protocol, routes};
use crate::reference::http::answer::Answer;
use crate::reference::http::faults::{gate, race};
use crate::reference::http::path::host;
use crate::reference::http::{auth, body};
use crate::reference::knobs::AuthErrorBody;
use crate::reference::provisioning::Sent;
use crate::reference::site::Site;
use crate::reference::{Reference, SiteId};
use crate::scim::error::ScimError;

/// A request as it came, and the directory that it is for.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    reference: &'a Reference,
    directory: &'a str,
    /// The version in front of the path.
    version: Option<&'a str>,
    /// The segments below the base URL.
    path: &'a [&'a str],
    parts: &'a Parts,
}

/// A call whose key opens the directory.
pub(crate) struct Admitted {
    /// The site that the directory is connected to.
    site: SiteId,
    /// Whether the site has no defect.
    is_sound: bool,
    /// When the call came.
    now: Timestamp,
}

impl<'a> Call<'a> {
    pub(crate) fn new(
        reference: &'a Reference,
        directory: &'a str,
        rest: &'a [&'a str],
        parts: &'a Parts,
    ) -> Self {
        let (version, path) = protocol::version(rest);
        Self { reference, directory, version, path, parts }
    }

    /// Finds the directory and who calls. A read is answered at once where no defect may have it wait; before a body is read
    /// the key is checked, so that a stranger's costs nothing.
    pub(crate) fn begin(self) -> ControlFlow<Answer, Admitted> {
        let now = self.reference.now();
        let begun = self.reference.on_directory(self.directory, |site| {
            if let Some(refused) = self.refusal(site, now) {
                return ControlFlow::Break(refused);
            }
            let is_sound = site.defects.is_empty();
            if is_sound && self.is_read() {
                return ControlFlow::Break(routes::answer(site, self.path, self.request(now)));
            }
            ControlFlow::Continue(Admitted { site: site.id.clone(), is_sound, now })
        });
        begun.unwrap_or_else(|| {
            let has_key = self.parts.headers.contains_key(header::AUTHORIZATION);
            let missing = || auth::missing_key(self.parts.uri.path(), AuthErrorBody::Failure);
            ControlFlow::Break(if has_key { self.unknown() } else { missing() })
        })
    }

    /// The answer, whatever it is that is asked.
    pub(crate) async fn answer(self, content: Body, admitted: Option<Admitted>) -> Answer {
        let admitted = match admitted.map_or_else(|| self.begin(), ControlFlow::Continue) {
            ControlFlow::Continue(admitted) => admitted,
            ControlFlow::Break(answer) => return answer,
        };
        let bytes;
        let mut request = self.request(admitted.now);
        if matches!(request.method, Method::POST | Method::PUT | Method::PATCH) {
            match body::receive(self.parts, content).await {
                Ok(received) => bytes = received,
                Err(error) => return error.into(),
            }
            let is_user = request.method != Method::PATCH && matches!(self.path, ["Users"] | ["Users", _]);
            let read = if admitted.is_sound && is_user {
                body::read_borrowed(&bytes)
            } else {
                body::read(&bytes).map(Sent::Value)
            };
            match read {
                Ok(body) => request.body = body,
                Err(error) => return error.into(),
            }
        }
        match self.carry_out(&admitted, request).await {
            Ok(answer) | Err(answer) => answer,
        }
    }

    async fn carry_out(self, admitted: &Admitted, request: RawRequest<'_>) -> Result<Answer, Answer> {
        let base = if admitted.is_sound {
            race::Base::Nothing
        } else {
            race::read(self.reference, &admitted.site, self.path, &request).await?
        };
        let answer = self.reference.on_site(&admitted.site, |site| {
            // It may have been disconnected while the body came.
            if site.directory.as_ref().is_none_or(|directory| directory.id != self.directory) {
                return Err(self.unknown());
            }
            base.restore(site, request.now);
            let answer = routes::answer(site, self.path, request);
            site.memory.unchecked = false;
            Ok(answer)
        });
        if !self.is_read() {
            self.reference.changed();
        }
        answer.unwrap_or_else(|| Err(self.unknown()))
    }

    /// The answer to a call that is turned away.
    fn refusal(self, site: &Site, now: Timestamp) -> Option<Answer> {
        let path = self.parts.uri.path();
        auth::refusal(site, &self.parts.headers, path, now)
            .filter(|_| !gate::lets_in(site, &self.parts.headers))
            .map(|refused| gate::turned_away(site, refused))
            .or_else(|| protocol::refusal(site, self.version, path))
            .or_else(|| gate::refusal(site, self.parts))
    }

    /// The request without its body.
    fn request(self, now: Timestamp) -> RawRequest<'a> {
        let host = host(&self.parts.headers);
        let mut base = ["http://", host, "/scim/directory/", self.directory].concat();
        if let Some(version) = self.version {
            base.extend(["/", version]);
        }
        // HEAD is GET whose body the server does not send.
        let is_head = self.parts.method == Method::HEAD;
        RawRequest {
            base,
            query: self.parts.uri.query().unwrap_or_default(),
            conditions: preconditions(&self.parts.headers),
            method: if is_head { Method::GET } else { self.parts.method.clone() },
            body: Value::Null.into(),
            now,
        }
    }

    fn is_read(self) -> bool {
        matches!(self.parts.method, Method::GET | Method::HEAD | Method::OPTIONS)
    }

    fn unknown(self) -> Answer {
        ScimError::not_found(format!("there is no directory {}", self.directory)).into()
    }
}
