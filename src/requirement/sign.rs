//! What a script can check in an answer to tell whether a fault is still there.
//!
//! A place in an answer is `status`, `header/NAME` in lower case, or `body` and the keys below it with slashes between them,
//! where `*` stands for any one key or index and `**` at the end for anything.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::wire::{Answer, Exchange};

/// The most values of an answer that are compared where nobody knows which of them matter.
pub(super) const MOST_VALUES: usize = 60;

/// The longest text that is compared, in bytes.
const LONGEST: usize = 500;

/// One thing that is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wrong", rename_all = "kebab-case")]
pub enum Clue {
    /// The status is one of these: `404`, `2xx`; `000` where there is no answer.
    StatusIn {
        /// The statuses.
        values: Vec<String>,
    },
    /// The status is none of these.
    StatusNotIn {
        /// The statuses.
        values: Vec<String>,
    },
    /// The value stands there; any value where none is given.
    There {
        /// The place.
        at: String,
        /// The value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<Value>,
    },
    /// The value does not stand there; no value at all where none is given.
    Missing {
        /// The place.
        at: String,
        /// The value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<Value>,
    },
    /// A value stands there that is another one.
    Other {
        /// The place.
        at: String,
        /// The right value.
        value: Value,
        /// Whether the same in another case is right.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        ignoring_case: bool,
    },
    /// A value stands there that is not of this JSON type: `boolean`, `number` or `string`.
    NotA {
        /// The place.
        at: String,
        /// The type.
        value: String,
    },
    /// A value stands there twice.
    Twice {
        /// The place.
        at: String,
    },
    /// A value stands there that stood there in an earlier answer.
    SameAs {
        /// The place.
        at: String,
        /// The number of the earlier exchange.
        exchange: usize,
    },
    /// No value stands there that stood there in an earlier answer.
    ChangedSince {
        /// The place.
        at: String,
        /// The number of the earlier exchange.
        exchange: usize,
    },
    /// More values stand there than that.
    MoreThan {
        /// The place.
        at: String,
        /// The highest right number.
        value: u64,
    },
    /// A number stands there that is lower than that.
    LessThan {
        /// The place.
        at: String,
        /// The lowest right number.
        value: u64,
    },
    /// Two places hold different versions.
    Unlike {
        /// The one.
        at: String,
        /// The other.
        value: String,
    },
    /// So many values stand in the whole body, ids, times and totals aside.
    Values {
        /// The number.
        value: u64,
    },
    /// The text stands somewhere in there.
    Text {
        /// The place.
        at: String,
        /// The text.
        value: String,
    },
    /// The text does not stand in there.
    NoText {
        /// The place.
        at: String,
        /// The text.
        value: String,
    },
    /// The body is not JSON.
    NotJson,
}

impl Clue {
    /// The value stands there.
    pub(crate) fn there(at: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::There { at: at.into(), value: Some(value.into()) }
    }

    /// Something stands there.
    pub(crate) fn any(at: impl Into<String>) -> Self {
        Self::There { at: at.into(), value: None }
    }

    /// The value does not stand there.
    pub(crate) fn missing(at: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::Missing { at: at.into(), value: Some(value.into()) }
    }

    /// Nothing stands there.
    pub(crate) fn none(at: impl Into<String>) -> Self {
        Self::Missing { at: at.into(), value: None }
    }

    /// Another value stands there.
    pub(crate) fn other(at: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::Other { at: at.into(), value: value.into(), ignoring_case: false }
    }

    /// The status is one of these.
    pub(crate) fn status<const N: usize>(values: [&str; N]) -> Self {
        Self::StatusIn { values: values.map(str::to_owned).to_vec() }
    }

    /// The status is none of these.
    pub(crate) fn no_status<const N: usize>(values: [&str; N]) -> Self {
        Self::StatusNotIn { values: values.map(str::to_owned).to_vec() }
    }

    /// It was refused.
    pub(crate) fn refused() -> Self {
        Self::no_status(["2xx"])
    }

    /// It was taken.
    pub(crate) fn taken() -> Self {
        Self::status(["2xx"])
    }

    /// The text that is compared, which may be an id.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::There { value, .. } | Self::Missing { value, .. } => value.as_ref()?.as_str(),
            Self::Other { value, .. } => value.as_str(),
            _ => None,
        }
    }

    /// The earlier exchange with which the answer is compared.
    pub(crate) fn exchange(&self) -> Option<usize> {
        match self {
            Self::SameAs { exchange, .. } | Self::ChangedSince { exchange, .. } => Some(*exchange),
            _ => None,
        }
    }
}

/// How to tell from an answer that something is wrong: all of the clues hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sign {
    /// The clues.
    pub clues: Vec<Clue>,
    /// The exchange that shows it, where that is another one than the finding's.
    pub exchange: Option<usize>,
    /// A resource that has to be there, by its id, although the clues do not name it.
    pub about: Option<String>,
    /// Whether nobody knows what of the answer matters, so that all of it is compared.
    pub is_whole: bool,
}

impl Sign {
    /// One by its clues.
    pub(crate) fn of<const N: usize>(clues: [Clue; N]) -> Self {
        Self { clues: Vec::from(clues), ..Self::default() }
    }

    /// What can be said where a rule says nothing: a request that was refused is refused again, and any other answer is as
    /// it was. Nothing where the answer holds nothing to compare.
    pub(crate) fn by_default(exchange: &Exchange) -> Option<Self> {
        let Answer::Response(response) = &exchange.answer else {
            return Some(Self::of([Clue::status(["000"])]));
        };
        if response.status >= 400 {
            return Some(Self::of([Clue::refused()]));
        }
        let mut clues = vec![Clue::StatusIn { values: vec![response.status.to_string()] }];
        if let Some(body) = response.json() {
            values("body", body, &mut clues);
        }
        (clues.len() > 1).then(|| Self { clues, is_whole: true, ..Self::default() })
    }
}

impl Sign {
    /// Compares only what differs, `active` or `members`; whether the answer shows it.
    pub(crate) fn narrow(&mut self, fields: &[&str]) -> bool {
        let place = |field: &str| match field {
            "email" => "body/emails/*/value".to_owned(),
            "name" => "body/displayName".to_owned(),
            "givenName" | "familyName" => format!("body/name/{field}"),
            "members" | "organizations" => "body/members/*/value".to_owned(),
            other => format!("body/{other}"),
        };
        let places: Vec<String> = fields.iter().map(|field| place(field)).collect();
        let is_about = |clue: &Clue| match clue {
            Clue::There { at, .. } => places.contains(at),
            _ => false,
        };
        let is_known = self.clues.iter().any(is_about);
        self.clues.retain(|clue| is_about(clue) || matches!(clue, Clue::StatusIn { .. }));
        self.is_whole = false;
        is_known
    }
}

/// A clue for each value of a body, without what is another one each time.
fn values(at: &str, value: &Value, clues: &mut Vec<Clue>) {
    const CHANGING: [&str; 4] = ["meta", "id", "$ref", "totalResults"];
    match value {
        Value::Object(object) => {
            for (key, value) in object.iter().filter(|(key, _)| !CHANGING.contains(&key.as_str())) {
                values(&format!("{at}/{key}"), value, clues);
            }
        }
        Value::Array(array) => array.iter().for_each(|value| values(&format!("{at}/*"), value, clues)),
        Value::String(text) if text.len() > LONGEST => clues.push(Clue::any(at)),
        scalar if clues.len() < MOST_VALUES => clues.push(Clue::there(at, scalar.clone())),
        _ => {}
    }
}
