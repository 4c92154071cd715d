//! The address of a request: a base URL and a target, combined as the URL standard requires.

use std::cell::RefCell;
use std::rc::Rc;

use hyper::Uri;
use url::{Position, Url};

use crate::wire::message::exchange::TransportError;

/// A scheme and an authority: to whom a connection leads.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::wire) struct Origin {
    /// Whether TLS is spoken there.
    pub(in crate::wire) https: bool,
    /// The host, and the port where it is not the scheme's own: what `Host` says.
    pub(in crate::wire) authority: String,
}

impl Origin {
    fn of(url: &Url) -> Self {
        Self {
            https: url.scheme() == "https",
            authority: url[Position::BeforeHost..Position::AfterPort].to_owned(),
        }
    }

    /// Where a connection is made to.
    pub(in crate::wire) fn uri(&self) -> Result<Uri, TransportError> {
        let scheme = if self.https { "https" } else { "http" };
        let broken = |error| TransportError::Broken(format!("`{}` is not a host ({error})", self.authority));
        Uri::try_from(format!("{scheme}://{}/", self.authority)).map_err(broken)
    }
}

/// An origin, and what is asked of it: path and query, to the byte (RFC 9112 §3.2.1).
#[derive(Debug, PartialEq, Eq)]
pub(in crate::wire) struct Address {
    pub(in crate::wire) origin: Rc<Origin>,
    pub(in crate::wire) target: String,
}

impl Address {
    /// All of it in one text.
    pub(in crate::wire) fn url(&self) -> String {
        let scheme = if self.origin.https { "https" } else { "http" };
        format!("{scheme}://{}{}", self.origin.authority, self.target)
    }
}

/// Puts addresses together. A run mostly has one base URL, and that is read once.
#[derive(Debug, Default)]
pub(in crate::wire) struct Addresses {
    latest: RefCell<Option<Base>>,
}

#[derive(Debug)]
struct Base {
    text: String,
    origin: Rc<Origin>,
    /// The path, where what follows cannot change how it is read.
    path: Option<String>,
}

impl Base {
    fn read(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        // An empty path is read as `/`.
        let path = url.path().strip_suffix(if text.ends_with('/') { "" } else { "/" }).unwrap_or(url.path());
        let plain = |byte: u8| stands_for_itself(byte) || matches!(byte, b'[' | b']');
        let settled = url.query().is_none() && text.ends_with(path) && text.bytes().all(plain);
        let path = Some(path.to_owned()).filter(|_| settled);
        Some(Self { text: text.to_owned(), origin: Rc::new(Origin::of(&url)), path })
    }
}

impl Addresses {
    /// The address of a target below a base.
    pub(in crate::wire) fn find(&self, base: &str, target: &str) -> Result<Address, TransportError> {
        if !is_settled(target) {
            return read(base, target);
        }
        let mut latest = self.latest.borrow_mut();
        if latest.as_ref().is_none_or(|known| known.text != base) {
            *latest = Base::read(base);
        }
        match &*latest {
            Some(Base { origin, path: Some(path), .. }) => {
                Ok(Address { origin: Rc::clone(origin), target: [path, target].concat() })
            }
            _ => read(base, target),
        }
    }
}

fn read(base: &str, target: &str) -> Result<Address, TransportError> {
    let url = Url::parse(&format!("{base}{target}"))
        .map_err(|error| TransportError::Broken(format!("`{target}` does not form a URL ({error})")))?;
    let target = url[Position::BeforePath..Position::AfterQuery].to_owned();
    Ok(Address { origin: Rc::new(Origin::of(&url)), target })
}

/// Whether all of a target stands for itself in a URL: nothing to encode, and no segments that are resolved.
fn is_settled(target: &str) -> bool {
    // A dot may be written `%2E`.
    let may_be_resolved = target.contains("/.") || target.contains("/%2");
    target.starts_with('/') && !may_be_resolved && target.bytes().all(stands_for_itself)
}

fn stands_for_itself(byte: u8) -> bool {
    matches!(byte,
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'%' | b'!' | b'$' | b'&' | b'('
        | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':' | b'@' | b'/' | b'?')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// A target is sent to the byte, whatever stands in it, and never leads to another host.
        #[test]
        fn an_address_is_read_in_parts_as_it_is_read_whole(
            base in "(http|https|HTTP)://(127\\.0\\.0\\.1|Example\\.com|\\[::1\\]|a_b)(:80|:443|:8080)?(/[a-z%/.;@\\\\]{0,8})?(\\?x|#y)?[ /]?",
            targets in proptest::collection::vec("[/?]{0,2}([ -~\n\té]|%2[0-9A-F]|\\.\\./|//|@|:){0,16}", 1..4),
        ) {
            let addresses = Addresses::default();
            for target in targets {
                let whole = read(&base, &target).ok();
                prop_assert_eq!(addresses.find(&base, &target).ok(), whole, "{} {}", base, target);
            }
        }

        #[test]
        fn an_address_is_the_url_that_it_was_read_from(target in "/[a-z'\"<>{}|^\\[\\]`%20-9/?=é]{0,24}") {
            let base = "http://127.0.0.1:8080/scim";
            let url = Url::parse(&format!("{base}{target}")).unwrap();
            prop_assert_eq!(Addresses::default().find(base, &target).unwrap().url(), url.as_str());
        }
    }

    #[test]
    fn a_target_that_stands_for_itself_is_not_read_again() {
        for target in ["/Users/1", "/Users?filter=userName%20eq%20%22a%22&count=1", "/Groups/1?x=a+b"] {
            assert!(is_settled(target), "{target}");
        }
        for target in ["", "?x", "/a/../b", "/a/%2E%2e/b", "/a b", "/a#b", "/a\\b", "/\u{e9}", "/a?b='c'"] {
            assert!(!is_settled(target), "{target}");
        }
    }

    #[test]
    fn what_makes_no_url_is_told() {
        let error = Addresses::default().find("http://a b", "/Users").unwrap_err();
        assert!(error.to_string().contains("`/Users` does not form a URL"), "{error}");
    }
}
