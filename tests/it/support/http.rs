//! Just enough HTTP to look at an endpoint, and to be one.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

/// A request, as it is sent or was received.
#[derive(Debug, Clone, Default)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// A response.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Call {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Whether it may change something.
    pub(crate) fn writes(&self) -> bool {
        self.method != "GET"
    }

    /// The same with this bearer token in place of what credentials it has.
    pub(crate) fn with_bearer(&self, token: &str) -> Self {
        let mut call = self.clone();
        call.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
        call.headers.push(("Authorization".to_owned(), format!("Bearer {token}")));
        call
    }

    /// Reads one from a connection; nothing where it was closed.
    pub(crate) fn receive(stream: &mut impl Read) -> Option<Self> {
        let (head, headers, body) = message(stream)?;
        let mut words = head.lines().next()?.split(' ');
        let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
        Some(Self { method, target, headers, body })
    }
}

impl Reply {
    pub(crate) fn new(status: u16, body: &str) -> Self {
        let headers = vec![("Content-Type".to_owned(), "application/scim+json".to_owned())];
        Self { status, headers, body: body.to_owned() }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The value of a header.
    pub(crate) fn header_of(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The last one on its connection.
    pub(crate) fn write(&self, stream: &mut impl Write) {
        self.write_with(stream, "Connection: close\r\n");
    }

    /// One that keeps its connection, as far as it says.
    pub(crate) fn write_kept(&self, stream: &mut impl Write) {
        self.write_with(stream, "");
    }

    fn write_with(&self, stream: &mut impl Write, line: &str) {
        let mut text = format!("HTTP/1.1 {} Said\r\n{line}", self.status);
        if self.status != 204 {
            let _ = write!(text, "Content-Length: {}\r\n", self.body.len());
        }
        for (name, value) in &self.headers {
            if !["connection", "content-length"].contains(&name.to_ascii_lowercase().as_str()) {
                let _ = write!(text, "{name}: {value}\r\n");
            }
        }
        text += "\r\n";
        text += &self.body;
        // Whoever hung up does not want it.
        let _ = stream.write_all(text.as_bytes());
    }
}

/// Sends a request to `http://host:port`.
pub(crate) fn send(origin: &str, call: &Call) -> Reply {
    let mut stream = connect(origin);
    send_over(&mut stream, origin, call, "close").unwrap()
}

/// The same over a connection that this thread keeps.
pub(crate) fn send_kept(origin: &str, call: &Call) -> Reply {
    thread_local! {
        static KEPT: RefCell<Option<(String, TcpStream)>> = const { RefCell::new(None) };
    }
    KEPT.with_borrow_mut(|kept| {
        let stream = kept.take().filter(|(to, _)| to == origin).map(|(_, stream)| stream);
        let mut stream = stream.unwrap_or_else(|| connect(origin));
        let reply = send_over(&mut stream, origin, call, "keep-alive").unwrap_or_else(|| {
            // Whoever serves may have closed it meanwhile.
            stream = connect(origin);
            send_over(&mut stream, origin, call, "keep-alive").unwrap()
        });
        *kept = Some((origin.to_owned(), stream));
        reply
    })
}

fn connect(origin: &str) -> TcpStream {
    let stream = TcpStream::connect(origin.strip_prefix("http://").unwrap()).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Nothing where the connection was closed.
fn send_over(stream: &mut TcpStream, origin: &str, call: &Call, connection: &str) -> Option<Reply> {
    // The server names its resources as they were asked for.
    let asked = call.header("host").or(origin.strip_prefix("http://")).unwrap();
    let mut text =
        format!("{} {} HTTP/1.1\r\nHost: {asked}\r\nConnection: {connection}\r\n", call.method, call.target);
    for (name, value) in &call.headers {
        if !["connection", "content-length", "host"].contains(&name.to_ascii_lowercase().as_str()) {
            let _ = write!(text, "{name}: {value}\r\n");
        }
    }
    let _ = write!(text, "Content-Length: {}\r\n\r\n{}", call.body.len(), call.body);
    stream.write_all(text.as_bytes()).ok()?;
    let (head, headers, body) = message(stream)?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Reply { status, headers, body })
}

type Headers = Vec<(String, String)>;

/// The head, its headers and the body of a message.
fn message(stream: &mut impl Read) -> Option<(String, Headers, String)> {
    const END: &[u8] = b"\r\n\r\n";
    let mut bytes = Vec::new();
    let mut chunk = [0; 0x4000];
    let mut searched = 0;
    let end = loop {
        if let Some(end) = memchr::memmem::find(&bytes[searched..], END) {
            break searched + end;
        }
        searched = bytes.len().saturating_sub(END.len());
        let read = stream.read(&mut chunk).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let headers = headers(&head);
    let length = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, length)| length.parse().unwrap());
    while bytes.len() < end + 4 + length {
        let read = stream.read(&mut chunk).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
    }
    Some((head, headers, String::from_utf8_lossy(&bytes[end + 4..]).into_owned()))
}

fn headers(head: &str) -> Headers {
    let lines = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    lines.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()
}
