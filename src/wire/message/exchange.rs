//! A request with its response.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde_json::Value;

use super::body::cut;
use super::created::{Created, identifying};
use super::left_out::LeftOut;
use super::marks::Marks;
use super::request::{Method, Request, header};

/// An exchange that is smaller is kept as it is.
const LIGHT: usize = 4 * 1024;

/// How much of all headers is kept.
const MOST_HEADERS: usize = 4 * 1024;

/// A response, read to its end.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers as they came.
    pub headers: Vec<(String, String)>,
    /// The body as text; invalid UTF-8 is replaced. Of a large one only the beginning.
    pub body: String,
    /// What a scenario kept from the provider or the endpoint by answering so itself.
    pub intercepted: Option<Lost>,
    /// Why the resource in it is not the one that the request was to create, where that is so.
    pub not_new: Option<NotNew>,
    /// What it took to get it, where a kept connection had been closed without a word.
    pub repair: Option<Repair>,
    json: OnceLock<Option<Value>>,
    left_out: Vec<LeftOut>,
    /// The length of the body, where only its beginning is kept.
    length: Option<usize>,
}

impl Response {
    /// A response of these parts.
    pub fn new(status: u16, headers: Vec<(String, String)>, body: String) -> Self {
        Self {
            status,
            headers,
            body,
            intercepted: None,
            not_new: None,
            repair: None,
            json: OnceLock::new(),
            left_out: Vec::new(),
            length: None,
        }
    }

    /// With what was read of a body that is not to be read again.
    pub(in crate::wire) fn knowing(mut self, json: Option<Value>, left_out: Vec<LeftOut>) -> Self {
        (self.json, self.left_out) = (OnceLock::from(json), left_out);
        self
    }

    /// With a body of which only the beginning is kept.
    pub(in crate::wire) fn of_length(mut self, length: usize) -> Self {
        self.length = Some(length).filter(|length| *length > self.body.len());
        self
    }

    /// Whether only the beginning of the body is kept as text.
    pub fn is_cut(&self) -> bool {
        self.length.is_some()
    }

    /// What was left out of one of the body's lists, by its attribute; nothing where the list is whole.
    pub fn left_out(&self, list: &str) -> Option<&LeftOut> {
        self.left_out.iter().find(|left_out| left_out.name.eq_ignore_ascii_case(list))
    }

    /// A copy for reports: nothing is long, and nothing was read.
    fn light(&self, marks: Option<&Marks>, most: usize) -> Self {
        let mut room = MOST_HEADERS;
        let mut headers = Vec::new();
        for (name, value) in &self.headers {
            let Some(left) = room.checked_sub(name.len()).filter(|left| *left > 0) else { break };
            let value = cut(value, left, value.len());
            room = left.saturating_sub(value.len());
            headers.push((name.clone(), value));
        }
        let length = self.length.unwrap_or(self.body.len());
        let left_out = self.left_out("Resources").or(self.left_out("values")).map_or(0, LeftOut::count);
        // Cut, it could not be told any more whose is what.
        let shown = marks
            .filter(|_| length > most)
            .and_then(|marks| marks.without_theirs(self.json()?, left_out))
            .map(|shown| cut(&shown, most, shown.len()));
        let body = shown.unwrap_or_else(|| cut(&self.body, most, length));
        Self {
            intercepted: self.intercepted,
            not_new: self.not_new.clone(),
            repair: self.repair,
            ..Self::new(self.status, headers, body)
        }
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
    #[error("no complete response within {} s", .0.as_secs())]
    Timeout(Duration),
    /// The body is larger than anything SCIM should answer.
    #[error("the response is larger than {} MiB", .0 / (1024 * 1024))]
    TooLarge(usize),
    /// The body has more in it than can be kept, and no list that may be kept in part.
    #[error("the response has too many attributes to be judged")]
    Overfull,
    /// The connection broke, or what came is not HTTP.
    #[error("the connection broke ({0})")]
    Broken(String),
    /// A kept connection was closed before anything of the answer came, and nobody can say whether the request took effect
    /// (RFC 9112 §9.5). An endpoint may do that.
    #[error("the endpoint closed a persistent connection without a response")]
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
    #[error("the request was lost (staged)")]
    Request,
    /// The answer: the request took effect, and whoever sent it cannot know.
    #[error("the response was lost (staged)")]
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
    /// The request was not sent.
    Withheld(Withheld),
}

/// Why a request was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Withheld {
    /// It would change what the run did not create. The provider goes on without it.
    #[error("{0}")]
    NotOurs(String),
    /// The target's limit on requests is reached.
    #[error("{0}")]
    Limit(String),
    /// The ledger cannot be written.
    #[error("{0}")]
    Ledger(String),
}

/// Why the resource in the answer to a creation is not a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotNew {
    /// An earlier answer showed its id under a name that is not the run's.
    ShownBefore {
        /// What sort of resource.
        kind: Created,
        /// Its id.
        id: String,
    },
    /// It has another name than the one that was sent.
    OtherName {
        /// What sort of resource.
        kind: Created,
        /// Its id.
        id: String,
    },
}

impl std::fmt::Display for NotNew {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, id, why) = match self {
            Self::ShownBefore { kind, id } => {
                (kind, id, "an earlier response showed it under another name".to_owned())
            }
            Self::OtherName { kind, id } => {
                (kind, id, format!("its `{}` differs from the one in the request", identifying(*kind)))
            }
        };
        write!(f, "the response shows a {} that existed before (`{id}`): {why}", kind.word())
    }
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
    /// Whether another request of the pair was under way meanwhile, so that nobody can say which came first.
    pub overlaps: bool,
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

    /// The exchange for reports, which quote no more than so many bytes of a body. A small one is shared, a large one
    /// copied in part, so that what was read of it may go.
    #[must_use]
    pub fn light(self: &Arc<Self>, most: usize) -> Arc<Self> {
        let answered = self.response().map_or(0, |response| {
            let headers = response.headers.iter().map(|(name, value)| name.len() + value.len());
            response.body.len() + headers.sum::<usize>()
        });
        let sent = self.request.target.len() + self.request.body.as_ref().map_or(0, |body| body.len());
        if answered + sent <= most.min(LIGHT) {
            return Arc::clone(self);
        }
        let answer = match &self.answer {
            Answer::Response(response) => Answer::Response(response.light(self.request.marks.as_ref(), most)),
            other => other.clone(),
        };
        Arc::new(Self { number: self.number, request: self.request.light(most), answer, ..**self })
    }
}
