//! The reference endpoint, called without a socket.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Method, Request, header};
use jiff::Timestamp;
use scimsnap::context::Clock;
use scimsnap::reference::{Reference, SiteAccess, SiteOptions, router};
use tokio::runtime::Runtime;
use tower_service::Service as _;

use super::Fallible;

pub(crate) const HOST: &str = "localhost";

/// An endpoint with one site, which answers a PATCH without a body: with one, it costs what the answer is long.
pub(crate) struct Endpoint {
    pub(crate) reference: Reference,
    pub(crate) access: SiteAccess,
    router: Router,
    runtime: Runtime,
}

impl Endpoint {
    pub(crate) fn new(patch_answer: &str) -> Fallible<Self> {
        let reference = Reference::new(Clock::fixed(Timestamp::UNIX_EPOCH));
        let mut options = SiteOptions { name: "scale".to_owned(), ..SiteOptions::default() };
        options.knobs.set("patch_answer", patch_answer)?;
        let access = reference.create_site(options);
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        Ok(Self { router: router(reference.clone()), reference, access, runtime })
    }

    /// Sends a request; `path` is the one below the SCIM base URL.
    pub(crate) fn send(
        &mut self,
        method: &Method,
        path: &str,
        body: Vec<u8>,
        expect: u16,
    ) -> Fallible<Bytes> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.access.scim_path))
            .header(header::HOST, HOST)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.access.token))
            .header(header::CONTENT_TYPE, "application/scim+json")
            .body(Body::from(body))?;
        let answer = self.router.call(request);
        self.runtime.block_on(async {
            let answer = answer.await?;
            let status = answer.status();
            let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await?;
            if status == expect {
                return Ok(body);
            }
            Err(format!("{method} {path}: {status} {}", String::from_utf8_lossy(&body)).into())
        })
    }

    pub(crate) fn get(&mut self, path: &str) -> Fallible<Bytes> {
        self.send(&Method::GET, path, Vec::new(), 200)
    }
}
