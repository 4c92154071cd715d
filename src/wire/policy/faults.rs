//! Fault injection requested by a scenario: requests and answers that are lost or intercepted, and the time spent
//! waiting for answers that never came.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::time::Duration;

use crate::wire::message::exchange::{Answer, Lost, Response, TransportError};
use crate::wire::message::request::{Method, Purpose, Request};

/// The provider's next request of a method to a collection, or to what is in it, of which something is lost.
#[derive(Debug, Clone)]
pub struct Loss {
    /// What is lost.
    pub lost: Lost,
    /// The method.
    pub method: Method,
    /// The collection: `/Users`.
    pub collection: String,
    /// What the provider is told instead; nothing where it waits in vain.
    pub instead: Option<Instead>,
}

/// What somebody in between answers: a gateway, a rate limiter. What is not set stays as the endpoint answered, where it
/// did; with a body of its own, none of the endpoint's headers stay.
#[derive(Debug, Clone, Default)]
pub struct Instead {
    /// The status; 200 where neither this nor the endpoint says one.
    pub status: Option<u16>,
    /// Headers that are set; an empty value takes one out.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Option<String>,
}

impl Instead {
    fn over(self, own: Option<Response>) -> Response {
        let own = own.unwrap_or_else(|| Response::new(200, Vec::new(), String::new()));
        // Whoever brings a body of its own brings the headers about it too.
        let mut headers = if self.body.is_some() { Vec::new() } else { own.headers };
        for (name, value) in self.headers {
            headers.retain(|(other, _)| !other.eq_ignore_ascii_case(&name));
            if !value.is_empty() {
                headers.push((name, value));
            }
        }
        Response::new(self.status.unwrap_or(own.status), headers, self.body.unwrap_or(own.body))
    }
}

impl Loss {
    fn is_of(&self, request: &Request) -> bool {
        let rest = request.path().strip_prefix(&self.collection);
        request.purpose == Purpose::Provider
            && request.method == self.method
            && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// What the provider gets. `own` is what the endpoint answered, where it was asked.
    pub(in crate::wire) fn answer(self, own: Option<Response>) -> Answer {
        match self.instead {
            None => Answer::Failed(TransportError::Lost(self.lost)),
            Some(instead) => Answer::Response(instead.over(own).intercepting(self.lost)),
        }
    }
}

/// What is yet to be lost, and what was waited for in vain.
#[derive(Debug, Default)]
pub(in crate::wire) struct Losses {
    ahead: RefCell<VecDeque<Loss>>,
    in_vain: Cell<Duration>,
}

impl Losses {
    pub(in crate::wire) fn add(&self, loss: Loss) {
        self.ahead.borrow_mut().push_back(loss);
    }

    /// Takes a request that never leaves.
    pub(in crate::wire) fn take_request(&self, request: &Request) -> Option<Loss> {
        self.take(Lost::Request, request)
    }

    /// Takes an answer that never comes. A refusal comes all the same: it is the next request that takes effect whose
    /// answer is lost.
    pub(in crate::wire) fn take_answer(&self, request: &Request, response: &Response) -> Option<Loss> {
        if response.is_success() { self.take(Lost::Answer, request) } else { None }
    }

    fn take(&self, lost: Lost, request: &Request) -> Option<Loss> {
        let mut ahead = self.ahead.borrow_mut();
        let place = ahead.iter().position(|loss| loss.lost == lost && loss.is_of(request));
        place.and_then(|place| ahead.remove(place))
    }

    pub(in crate::wire) fn ahead(&self) -> usize {
        self.ahead.borrow().len()
    }

    pub(in crate::wire) fn waited_in_vain(&self, took: Duration) {
        self.in_vain.set(self.in_vain.get() + took);
    }

    pub(in crate::wire) fn in_vain(&self) -> Duration {
        self.in_vain.get()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn loss(lost: Lost, method: Method, collection: &str) -> Loss {
        Loss { lost, method, collection: collection.to_owned(), instead: None }
    }

    fn answer(status: u16) -> Response {
        let headers = vec![("Content-Type".to_owned(), "application/scim+json".to_owned())];
        Response::new(status, headers, "{}".to_owned())
    }

    #[test]
    fn one_request_of_the_providers_own_is_lost_and_no_other() {
        let losses = Losses::default();
        losses.add(loss(Lost::Request, Method::Patch, "/Users"));
        for (request, why) in [
            (Request::new(Method::Post, "/Users"), "another method"),
            (Request::new(Method::Patch, "/Groups/1"), "another collection"),
            (Request::new(Method::Patch, "/UsersAndMore/1"), "a name that begins alike"),
            (Request::new(Method::Patch, "/Users/1").purpose(Purpose::Literal), "the scenario's own"),
        ] {
            assert!(losses.take_request(&request).is_none(), "{why}");
        }
        let meant = Request::new(Method::Patch, "/Users/1");
        assert!(losses.take_request(&meant).is_some());
        assert!(losses.take_request(&meant).is_none(), "once");
    }

    #[test]
    fn the_answer_that_is_lost_is_one_of_success() {
        let losses = Losses::default();
        losses.add(loss(Lost::Answer, Method::Post, "/Users"));
        let request = Request::new(Method::Post, "/Users");
        assert!(losses.take_request(&request).is_none());
        assert!(losses.take_answer(&request, &answer(429)).is_none());
        assert_eq!(losses.ahead(), 1);
        assert!(losses.take_answer(&request, &answer(201)).is_some());
        assert_eq!(losses.ahead(), 0);
    }

    #[test]
    fn what_is_lost_and_answered_by_nobody_is_no_response() {
        let lost = loss(Lost::Request, Method::Post, "/Users").answer(None);
        assert!(matches!(lost, Answer::Failed(TransportError::Lost(Lost::Request))));
    }

    #[test]
    fn what_is_not_set_stays_as_the_endpoint_answered() {
        let instead = Instead { status: Some(200), ..Instead::default() };
        let loss = Loss { instead: Some(instead), ..loss(Lost::Answer, Method::Post, "/Users") };
        let Answer::Response(response) = loss.answer(Some(answer(201))) else { panic!("no response") };
        assert_eq!((response.status, response.body.as_str()), (200, "{}"));
        assert_eq!(response.header("content-type"), Some("application/scim+json"));
        assert_eq!(response.intercepted, Some(Lost::Answer));
    }

    #[test]
    fn a_header_is_set_once_and_taken_out_where_it_is_empty() {
        let headers = [("content-type", "text/html"), ("Retry-After", "7")];
        let with_location = || {
            let mut answer = answer(201);
            answer.headers.push(("Location".to_owned(), "/Users/1".to_owned()));
            answer
        };
        let set = |headers: &[(&str, &str)]| {
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let instead = Instead { status: Some(502), headers: set(&headers), body: Some(String::new()) };
        let response = instead.over(Some(with_location()));
        assert_eq!(response.headers, set(&headers), "a page has no place of a user");
        assert_eq!(response.body, "");
        let without = Instead { headers: set(&[("Content-Type", "")]), ..Instead::default() };
        assert_eq!(without.over(Some(with_location())).headers, set(&[("Location", "/Users/1")]));
    }

    fn headers() -> impl Strategy<Value = Vec<(String, String)>> {
        let name = prop::sample::select(vec!["Content-Type", "content-type", "Retry-After", "ETag"]);
        prop::collection::vec((name.prop_map(str::to_owned), "[a-z]{0,2}"), 0..5)
    }

    fn same(one: &Response, other: &Response) -> bool {
        (one.status, &one.headers, &one.body) == (other.status, &other.headers, &other.body)
    }

    proptest! {
        /// Whoever stands in between twice says the same as once; no name of a header is there twice by them, and none
        /// that was taken out.
        #[test]
        fn standing_in_between_twice_is_once(
            status in prop::option::of(200_u16..600),
            body in prop::option::of("[a-z]{0,3}"),
            set in headers(),
            own in headers(),
        ) {
            let instead = Instead { status, headers: set.clone(), body };
            let once = instead.clone().over(Some(Response::new(201, own, "own".to_owned())));
            let twice = instead.over(Some(once.clone()));
            prop_assert!(same(&once, &twice), "{once:?} {twice:?}");
            for (name, _) in &set {
                let there: Vec<_> =
                    once.headers.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name)).collect();
                let last = set.iter().rfind(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value);
                let expected: Vec<&String> = last.into_iter().filter(|value| !value.is_empty()).collect();
                prop_assert_eq!(there.iter().map(|(_, value)| value).collect::<Vec<_>>(), expected);
            }
        }
    }
}
