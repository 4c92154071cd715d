//! Which requests are meant for this endpoint: the `Host` that they name (RFC 9110 §7.4), and the page that they come from.
//!
//! A browser can be led here under any name that an attacker's DNS server resolves to this machine. So a name is answered
//! only if somebody chose it; an IP address cannot be rebound.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::http::request::Parts;
use axum::http::uri::Scheme;
use axum::http::{HeaderValue, Version, header};

use super::answer::Answer;
use crate::scim::error::ScimError;

/// The hosts in whose name requests are answered: IP addresses and `localhost` always, names where they were allowed.
#[derive(Debug, Clone)]
pub struct AllowedHosts {
    /// In lower case, without a dot at the end; none where any name is allowed.
    names: Option<BTreeSet<String>>,
}

impl Default for AllowedHosts {
    /// IP addresses and `localhost`.
    fn default() -> Self {
        Self { names: Some(BTreeSet::new()) }
    }
}

impl AllowedHosts {
    /// Any host, and none at all.
    pub fn any() -> Self {
        Self { names: None }
    }

    /// IP addresses, `localhost`, and these names.
    ///
    /// # Errors
    /// The first that is no host name, or has a port.
    pub fn only<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, &'a str> {
        let names = names.into_iter().map(|name| match parse(name) {
            Some((host, "")) if host.len() == name.len() => Ok(comparable(host)),
            _ => Err(name),
        });
        Ok(Self { names: Some(names.collect::<Result<_, _>>()?) })
    }

    /// Leaves one well-formed `Host` in the request, the one that counts, or says why the request is refused.
    ///
    /// `local` is where the connection was accepted: HTTP/1.0 has no `Host`.
    pub(crate) fn admit(&self, parts: &mut Parts, local: Option<SocketAddr>) -> Result<(), Answer> {
        self.settle(parts, local)?;
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let (name, _) = host.and_then(parse).ok_or_else(unreadable)?;
        if !self.has(name) {
            let detail = format!(
                "this endpoint does not accept requests for the host {name:?}; `scimsnap serve --allow-host {name}` allows it"
            );
            return Err(ScimError::new(421, detail).into());
        }
        let foreign = |origin: &HeaderValue| !host.is_some_and(|host| is_origin(origin.as_bytes(), host));
        if parts.headers.get_all(header::ORIGIN).iter().any(foreign) {
            return Err(ScimError::new(403, "requests from another origin are refused").into());
        }
        Ok(())
    }

    fn has(&self, name: &str) -> bool {
        let Some(names) = &self.names else { return true };
        if name.parse::<Ipv4Addr>().is_ok() || name.starts_with('[') {
            return true;
        }
        let name = comparable(name);
        name == "localhost" || name.ends_with(".localhost") || names.contains(&name)
    }

    /// Makes the authority of an absolute target the `Host`, as RFC 9112 §3.2.2 has it, and the local address that of HTTP/1.0.
    fn settle(&self, parts: &mut Parts, local: Option<SocketAddr>) -> Result<(), Answer> {
        let mut hosts = parts.headers.get_all(header::HOST).iter();
        let (first, second) = (hosts.next(), hosts.next());
        if second.is_some() || (first.is_none() && self.names.is_some() && parts.version >= Version::HTTP_11)
        {
            return Err(unreadable());
        }
        if let (Some(scheme), Some(authority)) = (parts.uri.scheme(), parts.uri.authority()) {
            if *scheme != Scheme::HTTP {
                return Err(ScimError::new(421, "this endpoint supports only http").into());
            }
            let host = HeaderValue::from_str(authority.as_str()).map_err(|_| unreadable())?;
            parts.headers.insert(header::HOST, host);
        } else if first.is_none() {
            let local = local.map_or_else(|| "localhost".to_owned(), |local| local.to_string());
            let host = HeaderValue::from_str(&local).map_err(|_| unreadable())?;
            parts.headers.insert(header::HOST, host);
        }
        Ok(())
    }
}

/// The name and the port, if that is what the text is; of the port, which may be empty, the digits.
fn parse(host: &str) -> Option<(&str, &str)> {
    let end = match host.strip_prefix('[') {
        Some(rest) => {
            let (address, _) = rest.split_once(']')?;
            address.parse::<Ipv6Addr>().ok()?;
            address.len() + 2
        }
        None => host.find(':').unwrap_or(host.len()),
    };
    let (name, rest) = host.split_at_checked(end)?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let readable = name.starts_with('[') || (!name.is_empty() && name.bytes().all(is_name));
    let port = if rest.is_empty() { "" } else { rest.strip_prefix(':')? };
    let is_port =
        port.is_empty() || (port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok());
    (readable && is_port).then_some((name, port))
}

/// Whether a page of that origin was served under that host.
fn is_origin(origin: &[u8], host: &str) -> bool {
    let own = |host: &str| host.strip_suffix(":80").unwrap_or(host).to_ascii_lowercase();
    let origin = std::str::from_utf8(origin).ok().and_then(|origin| origin.strip_prefix("http://"));
    origin.is_some_and(|origin| own(origin) == own(host))
}

fn comparable(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

fn unreadable() -> Answer {
    ScimError::new(400, "the request must name one host, with or without a port").into()
}

#[cfg(test)]
mod tests {
    use axum::http::{Request, Version, header};

    use super::AllowedHosts;

    /// The `Host` that counts in the end, or the status of the refusal.
    fn admit(target: &str, version: Version, headers: &[(&str, &str)]) -> Result<String, u16> {
        let mut request = Request::builder().uri(target).version(version);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let hosts = AllowedHosts::only(["scimsnap", "Dev.Example."]).unwrap();
        match hosts.admit(&mut parts, "127.0.0.1:8420".parse().ok()) {
            Ok(()) => Ok(parts.headers[header::HOST].to_str().unwrap().to_owned()),
            Err(answer) => Err(answer.status()),
        }
    }

    #[test]
    fn addresses_localhost_and_allowed_names_are_answered() {
        let own =
            ["127.0.0.1:1", "127.0.0.1", "10.1.2.3:80", "[::1]:8420", "[::1]", "localhost", "LOCALHOST.:9"];
        for host in
            own.iter().chain(&["a.localhost:1", "scimsnap:8080", "ScimSnap", "dev.example", "dev.example.:1"])
        {
            assert_eq!(admit("/", Version::HTTP_11, &[("host", host)]).as_deref(), Ok(*host));
        }
    }

    #[test]
    fn other_names_are_misdirected_and_what_is_no_host_is_refused() {
        for host in [
            "evil.example",
            "evil.example:8420",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "scimsnap.x",
        ] {
            assert_eq!(admit("/", Version::HTTP_11, &[("host", host)]), Err(421), "{host}");
        }
        let broken = [
            "",
            "<script>",
            "a b",
            "a@b",
            "127.0.0.1:99999",
            "127.0.0.1:x",
            "[::1",
            "[x]",
            "[::1]x",
            "a/b",
            "a:1:2",
        ];
        for host in broken {
            assert_eq!(admit("/", Version::HTTP_11, &[("host", host)]), Err(400), "{host}");
        }
        assert_eq!(admit("/", Version::HTTP_11, &[]), Err(400));
        assert_eq!(admit("/", Version::HTTP_11, &[("host", "localhost"), ("host", "localhost")]), Err(400));
    }

    #[test]
    fn an_absolute_target_counts_and_http_1_0_may_leave_the_host_out() {
        let host = [("host", "scimsnap")];
        assert_eq!(admit("http://127.0.0.1:7/Users", Version::HTTP_11, &host).as_deref(), Ok("127.0.0.1:7"));
        assert_eq!(admit("http://evil.example/Users", Version::HTTP_11, &host), Err(421));
        assert_eq!(admit("https://127.0.0.1:7/Users", Version::HTTP_11, &host), Err(421));
        assert_eq!(admit("http://a@127.0.0.1:7/Users", Version::HTTP_11, &host), Err(400));
        assert_eq!(admit("/", Version::HTTP_10, &[]).as_deref(), Ok("127.0.0.1:8420"));
        assert_eq!(admit("/", Version::HTTP_10, &[("host", "evil.example")]), Err(421));
    }

    #[test]
    fn only_pages_of_the_same_origin_are_answered() {
        let with =
            |host, origin| admit("/", Version::HTTP_11, &[("host", host), ("origin", origin)]).map(|_| ());
        assert_eq!(with("127.0.0.1:1", "http://127.0.0.1:1"), Ok(()));
        assert_eq!(with("localhost", "http://LOCALHOST:80"), Ok(()));
        for origin in [
            "null",
            "http://127.0.0.1:2",
            "https://127.0.0.1:1",
            "http://localhost:1",
            "http://evil.example",
            "",
        ] {
            assert_eq!(with("127.0.0.1:1", origin), Err(403), "{origin}");
        }
    }

    #[test]
    fn what_is_allowed_is_a_name_without_a_port() {
        for name in ["a:1", "", "*", "a b", "http://a"] {
            assert_eq!(AllowedHosts::only(["ok", name]).err(), Some(name));
        }
    }
}
