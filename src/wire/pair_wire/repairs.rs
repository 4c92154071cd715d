//! What was repaired where the endpoint closed kept connections without a word.

use std::cell::Cell;

use crate::wire::message::exchange::Repair;
use crate::wire::message::request::{Method, Request};

/// What was repaired.
#[derive(Debug, Default)]
pub struct Repairs {
    repeated: Cell<usize>,
    patched: Cell<usize>,
    recovered: Cell<usize>,
}

impl Repairs {
    pub(super) fn add(&self, request: &Request, repair: Repair) {
        let counter = match repair {
            Repair::Recovered => &self.recovered,
            Repair::Repeated if request.method == Method::Patch => &self.patched,
            Repair::Repeated => &self.repeated,
        };
        counter.set(counter.get() + 1);
    }

    /// A remark on it, where there was anything.
    pub fn note(&self) -> Option<String> {
        let (patched, recovered) = (self.patched.get(), self.recovered.get());
        let repeated = self.repeated.get() + patched;
        let mut done = Vec::new();
        if repeated > 0 {
            done.push(format!("{} sent again", counted(repeated, "request was", "requests were")));
        }
        if patched > 0 {
            done.push(format!("{} may have taken effect twice", counted(patched, "PATCH", "PATCH requests")));
        }
        if recovered > 0 {
            done.push(format!(
                "{} found to have taken effect",
                counted(recovered, "creation was", "creations were")
            ));
        }
        let done = done.join(", ");
        (!done.is_empty()).then(|| {
            format!("the endpoint closed a persistent connection without notice (RFC 9112 §9.5); {done}")
        })
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repairs_are_told_in_one_sentence() {
        let repairs = Repairs::default();
        assert_eq!(repairs.note(), None);
        repairs.add(&Request::new(Method::Get, "/Users"), Repair::Repeated);
        let begins = "the endpoint closed a persistent connection without notice (RFC 9112 §9.5); ";
        assert_eq!(repairs.note().unwrap(), format!("{begins}1 request was sent again"));
        repairs.add(&Request::new(Method::Patch, "/Users/1"), Repair::Repeated);
        repairs.add(&Request::new(Method::Post, "/Users"), Repair::Recovered);
        assert_eq!(
            repairs.note().unwrap(),
            format!(
                "{begins}2 requests were sent again, 1 PATCH may have taken effect twice, \
                 1 creation was found to have taken effect"
            )
        );
    }
}
