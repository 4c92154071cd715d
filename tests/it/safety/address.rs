//! Where a raw request target leads, as a server or something in front of it may read it.

use percent_encoding::percent_decode_str;

/// The interface that a request goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surface {
    Scim,
    Rest,
    /// Another path of the same host.
    Elsewhere,
}

/// A path below an interface, segment by segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) surface: Surface,
    segments: Vec<String>,
    query: Option<String>,
}

impl Address {
    /// Reads a target; `base` is the path of the SCIM base URL. Dot segments are resolved, encoded ones too, as URL
    /// parsers do (`%2e%2e` is `..`); empty segments count for nothing.
    pub(crate) fn of(target: &str, base: &str) -> Self {
        let target = target.split('#').next().unwrap_or_default();
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (target, None),
        };
        let mut segments: Vec<String> = Vec::new();
        for raw in path.split('/') {
            match raw.to_ascii_lowercase().replace("%2e", ".").as_str() {
                "" | "." => {}
                ".." => {
                    segments.pop();
                }
                _ => segments.push(percent_decode_str(raw).decode_utf8_lossy().into_owned()),
            }
        }
        let below = |base: &str| {
            let base: Vec<&str> = base.split('/').filter(|segment| !segment.is_empty()).collect();
            segments
                .starts_with(&base.iter().map(ToString::to_string).collect::<Vec<_>>())
                .then_some(base.len())
        };
        let (surface, start) = match (below(base), below("rest/servicedeskapi")) {
            (Some(start), _) => (Surface::Scim, start),
            (None, Some(start)) => (Surface::Rest, start),
            (None, None) => (Surface::Elsewhere, 0),
        };
        Self { surface, segments: segments.split_off(start), query }
    }

    /// The segments, to match them.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// A parameter of the query.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let pairs = url::form_urlencoded::parse(self.query.as_deref()?.as_bytes());
        pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The attribute and the value of a filter that is one equality.
    pub(crate) fn asked(&self) -> Option<(String, String)> {
        let filter = self.parameter("filter")?;
        let (attribute, rest) = filter.split_once(' ')?;
        let value = rest.trim_start().strip_prefix("eq ")?.trim();
        Some((attribute.to_owned(), serde_json::from_str(value).ok()?))
    }
}

#[test]
fn a_target_is_read_as_the_least_careful_server_reads_it() {
    let read = |target: &str| {
        let address = Address::of(target, "/scim/v2");
        (address.surface, address.segments().join("|"))
    };
    assert_eq!(read("/scim/v2/Users/a%2Fb?x=1#y"), (Surface::Scim, "Users|a/b".to_owned()));
    assert_eq!(read("/scim/v2/Users/"), (Surface::Scim, "Users".to_owned()));
    assert_eq!(read("/scim/v2/Users/%2E%2e/Groups/1"), (Surface::Scim, "Groups|1".to_owned()));
    assert_eq!(read("/scim/v2/Users/../.."), (Surface::Elsewhere, "scim".to_owned()));
    assert_eq!(read("/rest/servicedeskapi/organization/1"), (Surface::Rest, "organization|1".to_owned()));
    let asked = Address::of("/scim/v2/Users?filter=userName+eq+%22a%20b%22", "/scim/v2").asked();
    assert_eq!(asked, Some(("userName".to_owned(), "a b".to_owned())));
}
