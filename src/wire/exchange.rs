//! One request with what came back.

use std::sync::OnceLock;
use std::time::Duration;

use serde_json::Value;

use super::request::{Method, Request, header};

/// A response, read to its end.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers as they came.
    pub headers: Vec<(String, String)>,
    /// The body as text; invalid UTF-8 is replaced.
    pub body: String,
    /// What a scenario kept from the provider or the endpoint by answering so itself.
    pub intercepted: Option<Lost>,
    /// What it took to get it, where a kept connection had been closed without a word.
    pub repair: Option<Repair>,
    json: OnceLock<Option<Value>>,
}

impl Response {
    /// A response of these parts.
    pub fn new(status: u16, headers: Vec<(String, String)>, body: String) -> Self {
        Self { status, headers, body, intercepted: None, repair: None, json: OnceLock::new() }
    }

    /// A response that the scenario gives in place of what is kept back.
    #[must_use]
    pub fn intercepting(mut self, kept_back: Lost) -> Self {
        self.intercepted = Some(kept_back);
        self
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The value of a header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// The body as JSON, parsed once; nothing where it is empty or is not JSON.
    pub fn json(&self) -> Option<&Value> {
        self.json.get_or_init(|| serde_json::from_str(&self.body).ok()).as_ref()
    }
}

/// How a request failed before a whole response was there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// Nobody listens there, or the name does not resolve.
    #[error("cannot connect ({0})")]
    Connect(String),
    /// No token could be had, so nothing was sent.
    #[error("no token ({0})")]
    NoToken(String),
    /// The TLS handshake failed.
    #[error("TLS failed ({0})")]
    Tls(String),
    /// No whole answer in time.
    #[error("no whole answer within {} s", .0.as_secs())]
    Timeout(Duration),
    /// The body is larger than anything SCIM should answer.
    #[error("the answer is larger than {} MiB", .0 / (1024 * 1024))]
    TooLarge(usize),
    /// The connection broke, or what came is not HTTP.
    #[error("the connection broke ({0})")]
    Broken(String),
    /// A kept connection was closed before anything of the answer came, and nobody can say whether the request took effect
    /// (RFC 9112 §9.5). An endpoint may do that.
    #[error("the endpoint closed a kept connection without an answer")]
    ClosedSilently,
    /// The scenario had it lost.
    #[error("{0}")]
    Lost(Lost),
}

/// How an answer was got after a kept connection had been closed without a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repair {
    /// The request was sent again on a fresh connection. It may have taken effect the first time.
    Repeated,
    /// A lookup found what the request had created: the answer is put together from that.
    Recovered,
}

/// What a scenario has lost on its way, without the endpoint being to blame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// The request: nothing of it arrives.
    #[error("the request was lost on its way")]
    Request,
    /// The answer: the request took effect, and whoever sent it cannot know.
    #[error("the answer was lost on its way")]
    Answer,
}

impl Lost {
    /// The part as a word, as the scenario names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Answer => "answer",
        }
    }
}

/// What came back for a request.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A whole response.
    Response(Response),
    /// None.
    Failed(TransportError),
    /// The request was not sent, because it would write to something that the run did not create.
    Withheld(String),
}

/// A request with its answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Its place in the transcript, from 1.
    pub number: usize,
    /// What was sent.
    pub request: Request,
    /// What came back.
    pub answer: Answer,
    /// How long it took.
    pub took: Duration,
}

impl Exchange {
    /// The response, where there is one.
    pub fn response(&self) -> Option<&Response> {
        match &self.answer {
            Answer::Response(response) => Some(response),
            Answer::Failed(_) | Answer::Withheld(_) => None,
        }
    }

    /// What was kept back of it, where the scenario answered itself.
    pub fn intercepted(&self) -> Option<Lost> {
        self.response().and_then(|response| response.intercepted)
    }

    /// How the answer was got, where a kept connection had been closed without a word.
    pub fn repair(&self) -> Option<Repair> {
        self.response().and_then(|response| response.repair)
    }

    /// Whether the answer may be due to the request having been sent twice: what was deleted is not there any more, what was
    /// created is taken, what was changed has another version.
    pub fn is_doubtful(&self) -> bool {
        let doubts: &[u16] = match self.request.method {
            Method::Get => &[],
            Method::Post => &[409],
            Method::Put => &[409, 412],
            // A second `remove` may find nothing to remove.
            Method::Patch => &[400, 404, 409, 412],
            Method::Delete => &[404, 410],
        };
        self.repair() == Some(Repair::Repeated) && doubts.contains(&self.status())
    }

    /// Whether any of it was sent.
    pub fn left(&self) -> bool {
        let lost = matches!(self.answer, Answer::Failed(TransportError::Lost(Lost::Request)));
        !lost && self.intercepted() != Some(Lost::Request)
    }

    /// The status, or 0 where there is no response.
    pub fn status(&self) -> u16 {
        self.response().map_or(0, |response| response.status)
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        self.response().is_some_and(Response::is_success)
    }

    /// The response's body as JSON.
    pub fn json(&self) -> Option<&Value> {
        self.response().and_then(Response::json)
    }
}
