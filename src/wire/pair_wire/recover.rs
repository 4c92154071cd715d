//! What becomes of a creation or a change that was under way when the endpoint closed a kept connection without a word
//! (RFC 9112 §9.5). It may have been read or not, and must not be done twice.
//!
//! Only the first such close of a run can hit one: from then on, POST and PATCH go over fresh connections.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::scim::ResourceKind;
use crate::scim::resource::attribute;

use super::Wire;
use crate::wire::message::created::{Created, identifying};
use crate::wire::message::exchange::{Repair, Response, TransportError};
use crate::wire::message::request::{Method, Request, Surface};
use crate::wire::policy::read_lag::Lag;
use crate::wire::safety::ownership::{id_in, same_name};
use crate::wire::safety::proof;

/// What a creation can be looked up by.
#[derive(Debug)]
struct Lookup {
    kind: Created,
    name: String,
}

/// What a lookup shows.
#[derive(Debug)]
enum Found {
    /// The resource, which was not there before.
    Resource(Value),
    /// Nothing.
    Nothing,
    /// Nobody can say.
    Unclear,
}

impl Wire {
    /// Sends a request, and repairs what the close of a kept connection has left open.
    pub(in crate::wire) async fn deliver_repaired(
        &self,
        request: &Request,
    ) -> Result<Response, TransportError> {
        let result = match self.deliver(request).await {
            // Boxed, since it is rare and every pair at play holds the room for it.
            Err(TransportError::ClosedSilently) => Box::pin(self.recover(request)).await,
            result => result,
        };
        if let Ok(Response { repair: Some(repair), .. }) = &result {
            self.repairs().add(request, *repair);
        }
        result
    }

    async fn recover(&self, request: &Request) -> Result<Response, TransportError> {
        match request.method {
            // Setting, adding and removing values leave the same behind when they are done twice (RFC 7644 §3.5.2), and a
            // server that closes an idle connection has mostly read nothing. What a second attempt is answered because of
            // a first one is no finding (`Exchange::is_doubtful`).
            Method::Patch => self.repeat(request).await,
            Method::Post => match Lookup::of(request) {
                Some(lookup) => self.create_once(request, &lookup).await,
                // What it did cannot be looked up. The provider learns what it would learn: no answer came.
                None => Err(TransportError::ClosedSilently),
            },
            // These were repeated already.
            Method::Get | Method::Put | Method::Delete => Err(TransportError::ClosedSilently),
        }
    }

    async fn repeat(&self, request: &Request) -> Result<Response, TransportError> {
        let mut response = self.deliver(request).await?;
        response.repair = Some(Repair::Repeated);
        Ok(response)
    }

    /// Looks for what a creation has left, as long as reads may lag, and creates it only where there is nothing.
    async fn create_once(&self, request: &Request, lookup: &Lookup) -> Result<Response, TransportError> {
        let (begun, patience) = (Instant::now(), self.read_lag());
        let mut repetition = 0;
        loop {
            match self.look_for(lookup).await {
                Found::Resource(resource) => return Ok(recovered(&resource)),
                Found::Unclear => return Err(TransportError::ClosedSilently),
                Found::Nothing if begun.elapsed() >= patience => break,
                Found::Nothing => tokio::time::sleep(Lag::pause(repetition)).await,
            }
            repetition += 1;
        }
        let response = self.repeat(request).await?;
        if response.status == 409
            && let Found::Resource(resource) = self.look_for(lookup).await
        {
            // The first attempt stands in the way of the second.
            return Ok(recovered(&resource));
        }
        Ok(response)
    }

    async fn look_for(&self, lookup: &Lookup) -> Found {
        // Looking makes what it finds known.
        let known = self.ownership().created();
        let Ok(found) = self.ask(self.seeker().look_for(lookup.kind, &lookup.name)).await else {
            return Found::Unclear;
        };
        let Some(list) = proof::list(&found) else { return Found::Unclear };
        let is_new = |resource: &&Value| {
            let name = attribute::get(resource, identifying(lookup.kind)).and_then(Value::as_str);
            name.is_some_and(|name| same_name(name, &lookup.name))
                && id_in(lookup.kind, resource).is_some_and(|id| !known.contains(&(lookup.kind, id)))
        };
        list.resources
            .iter()
            .find(is_new)
            .map_or(Found::Nothing, |resource| Found::Resource(resource.clone()))
    }

    fn read_lag(&self) -> Duration {
        self.lag().map_or(Duration::ZERO, Lag::budget)
    }
}

impl Lookup {
    fn of(request: &Request) -> Option<Self> {
        let kind =
            ResourceKind::from_endpoint(request.path()).filter(|_| request.surface == Surface::Scim)?;
        let kind = match kind {
            ResourceKind::User => Created::User,
            ResourceKind::Group => Created::Group,
        };
        let name = attribute::get(request.json()?, identifying(kind))?.as_str()?;
        (!name.is_empty()).then(|| Self { kind, name: name.to_owned() })
    }
}

fn recovered(resource: &Value) -> Response {
    let mut headers = vec![("Content-Type".to_owned(), "application/scim+json".to_owned())];
    let meta = attribute::get(resource, "meta");
    let place = meta.and_then(|meta| attribute::get(meta, "location")).and_then(Value::as_str);
    headers.extend(place.map(|place| ("Location".to_owned(), place.to_owned())));
    let mut response = Response::new(201, headers, resource.to_string());
    response.repair = Some(Repair::Recovered);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::safety::proof::Seeker;

    #[test]
    fn only_users_and_groups_with_a_name_can_be_looked_up() {
        let post = |target: &str, body: &str| Request::new(Method::Post, target).body(body);
        let seeker = Seeker { service_desk: 1, token: String::new() };
        let of = |request: &Request| {
            Lookup::of(request).map(|lookup| seeker.look_for(lookup.kind, &lookup.name).target)
        };
        assert_eq!(
            of(&post("/Users", r#"{"username":"a\"b@example.com"}"#)).as_deref(),
            Some("/Users?filter=userName%20eq%20%22a%5C%22b%40example.com%22")
        );
        assert!(
            of(&post("/Groups", r#"{"displayName":"Acme"}"#))
                .unwrap()
                .starts_with("/Groups?filter=displayName")
        );
        for (target, body) in [
            ("/Users", "{}"),
            ("/Users", "no JSON"),
            ("/Users", r#"{"userName":""}"#),
            ("/Bulk", r#"{"Operations":[]}"#),
            ("/Users/1", r#"{"userName":"ada"}"#),
        ] {
            assert_eq!(of(&post(target, body)), None, "{target} {body}");
        }
        assert_eq!(of(&post("/Users", r#"{"userName":"ada"}"#).rest()), None);
    }
}
