//! Bad weather that a scenario asks for: what is lost on its way, without the endpoint being to blame; and how long
//! answers were waited for that never came.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use super::exchange::{Lost, Response};
use super::request::{Method, Purpose, Request};

/// The provider's next request of a method to a collection, or to what is in it, of which something is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// What is lost.
    pub lost: Lost,
    /// The method.
    pub method: Method,
    /// The collection: `/Users`.
    pub collection: String,
}

impl Loss {
    fn is_of(&self, request: &Request) -> bool {
        let rest = request.path().strip_prefix(&self.collection);
        request.purpose == Purpose::Provider
            && request.method == self.method
            && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// What is yet to be lost, and what was waited for in vain.
#[derive(Debug, Default)]
pub(super) struct Losses {
    ahead: RefCell<Vec<Loss>>,
    in_vain: Cell<Duration>,
}

impl Losses {
    pub(super) fn add(&self, loss: Loss) {
        self.ahead.borrow_mut().push(loss);
    }

    /// Takes a request that never leaves.
    pub(super) fn take_request(&self, request: &Request) -> bool {
        self.take(Lost::Request, request)
    }

    /// Takes an answer that never comes. A refusal comes all the same: it is the next request that takes effect whose
    /// answer is lost.
    pub(super) fn take_answer(&self, request: &Request, response: &Response) -> bool {
        response.is_success() && self.take(Lost::Answer, request)
    }

    fn take(&self, lost: Lost, request: &Request) -> bool {
        let mut ahead = self.ahead.borrow_mut();
        let place = ahead.iter().position(|loss| loss.lost == lost && loss.is_of(request));
        place.map(|place| ahead.remove(place)).is_some()
    }

    pub(super) fn ahead(&self) -> usize {
        self.ahead.borrow().len()
    }

    pub(super) fn waited_in_vain(&self, took: Duration) {
        self.in_vain.set(self.in_vain.get() + took);
    }

    pub(super) fn in_vain(&self) -> Duration {
        self.in_vain.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_request_of_the_providers_own_is_lost_and_no_other() {
        let losses = Losses::default();
        losses.add(Loss { lost: Lost::Request, method: Method::Patch, collection: "/Users".to_owned() });
        for (request, why) in [
            (Request::new(Method::Post, "/Users"), "another method"),
            (Request::new(Method::Patch, "/Groups/1"), "another collection"),
            (Request::new(Method::Patch, "/UsersAndMore/1"), "a name that begins alike"),
            (Request::new(Method::Patch, "/Users/1").purpose(Purpose::Literal), "the scenario's own"),
        ] {
            assert!(!losses.take_request(&request), "{why}");
        }
        let meant = Request::new(Method::Patch, "/Users/1");
        assert!(losses.take_request(&meant));
        assert!(!losses.take_request(&meant), "once");
    }

    #[test]
    fn the_answer_that_is_lost_is_one_of_success() {
        let losses = Losses::default();
        losses.add(Loss { lost: Lost::Answer, method: Method::Post, collection: "/Users".to_owned() });
        let request = Request::new(Method::Post, "/Users");
        let answer = |status| Response::new(status, Vec::new(), String::new());
        assert!(!losses.take_request(&request));
        assert!(!losses.take_answer(&request, &answer(429)));
        assert_eq!(losses.ahead(), 1);
        assert!(losses.take_answer(&request, &answer(201)));
        assert_eq!(losses.ahead(), 0);
    }
}
