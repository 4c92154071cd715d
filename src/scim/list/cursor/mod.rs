//! Paging by cursors (RFC 9865).
//!
//! A cursor says how far a client has come in one query. It is opaque to clients, but no secret and no permission: it holds
//! a position, for which query it is good, and since when.

use std::hash::{DefaultHasher, Hash, Hasher as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::scim::resource::attribute::set;
use crate::scim::{ListQuery, ResourceKind, ScimError, ScimType, urn};

/// How far a client has come in a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Where the page begins; the endpoint alone knows what that means (a key, a number).
    pub position: String,
    /// When the cursor was given out, to the second.
    pub issued: Timestamp,
}

/// How an endpoint pages, as `/ServiceProviderConfig` tells (RFC 9865 §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pagination {
    /// Whether there are cursors.
    pub cursor: bool,
    /// Whether there is `startIndex`.
    pub index: bool,
    /// Which of them is used where a query does not say.
    pub default_method: Option<PaginationMethod>,
    /// How many results a page has where a query does not say.
    pub default_page_size: Option<usize>,
    /// How many results a page has at most.
    pub max_page_size: Option<usize>,
    /// How long a cursor is good, in seconds.
    pub cursor_timeout: Option<u32>,
}

/// A way of paging.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaginationMethod {
    /// By cursors.
    Cursor,
    /// By `startIndex`.
    Index,
}

impl PaginationMethod {
    fn as_str(self) -> &'static str {
        match self {
            Self::Cursor => "cursor",
            Self::Index => "index",
        }
    }
}

impl Pagination {
    /// The `pagination` attribute; what is not set is left out.
    pub fn to_value(&self) -> Value {
        let mut told = json!({"cursor": self.cursor, "index": self.index});
        let sizes = [
            ("defaultPaginationMethod", self.default_method.map(|method| json!(method.as_str()))),
            ("defaultPageSize", self.default_page_size.map(Value::from)),
            ("maxPageSize", self.max_page_size.map(Value::from)),
            ("cursorTimeout", self.cursor_timeout.map(Value::from)),
        ];
        for (name, value) in sizes {
            if let Some(value) = value {
                set(&mut told, name, value);
            }
        }
        told
    }

    /// Tells it in the body of `/ServiceProviderConfig`.
    pub fn tell(&self, service_provider_config: &mut Value) {
        set(service_provider_config, "pagination", self.to_value());
    }

    /// How many results the page of a query by cursor has, which an endpoint without a size of its own bounds itself.
    ///
    /// 400 `invalidCount` where the client wants none or more than the largest page (RFC 9865 §2.1).
    pub fn page_size(&self, query: &ListQuery) -> Result<Option<usize>, ScimError> {
        let Some(count) = query.count else {
            return Ok(self.default_page_size.or(self.max_page_size));
        };
        match self.max_page_size {
            Some(most) if count == 0 || count > most => {
                let detail = format!("count has to be between 1 and {most}");
                Err(ScimError::bad_request(ScimType::InvalidCount, detail))
            }
            None if count == 0 => {
                Err(ScimError::bad_request(ScimType::InvalidCount, "count has to be 1 or more"))
            }
            _ => Ok(Some(count)),
        }
    }

    /// Whether the query is answered by cursors. `cursor` and `startIndex` each ask for a method, `cursor` first.
    pub fn by_cursor(&self, query: &ListQuery) -> bool {
        let default = match self.default_method {
            Some(method) => method == PaginationMethod::Cursor,
            None => !self.index,
        };
        self.cursor && (query.cursor.is_some() || (default && query.start_index == 1))
    }

    /// Where the query's page begins; none for the first page.
    ///
    /// 400 `invalidCursor` for what is no cursor, or one of another query: a client repeats all parameters but the cursor
    /// (RFC 9865 §2); `expiredCursor` for one that is older than [`Pagination::cursor_timeout`].
    pub fn position(
        &self,
        kind: ResourceKind,
        query: &ListQuery,
        now: Timestamp,
    ) -> Result<Option<Cursor>, ScimError> {
        let Some(text) = query.cursor.as_deref().filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let cursor = Cursor::decode(text, kind, query)?;
        let timeout = self.cursor_timeout.map(|seconds| SignedDuration::from_secs(seconds.into()));
        if timeout.is_some_and(|timeout| now.duration_since(cursor.issued) > timeout) {
            let detail = "the cursor has expired: start again without one";
            return Err(ScimError::bad_request(ScimType::ExpiredCursor, detail));
        }
        Ok(Some(cursor))
    }
}

/// The first byte of a cursor, so that a later form can be told from this one.
const FORM: u8 = 1;
const HEAD: usize = 1 + 8 + 8 + 4;

impl Cursor {
    /// The cursor as text, in characters that need no encoding in a URL (RFC 9865 §2); good for this query only.
    pub fn encode(&self, kind: ResourceKind, query: &ListQuery) -> String {
        let mut bytes = vec![FORM];
        bytes.extend(fingerprint(kind, query).to_be_bytes());
        bytes.extend(self.issued.as_second().to_be_bytes());
        let sum = checksum(&bytes, self.position.as_bytes());
        bytes.extend(sum);
        bytes.extend(self.position.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn decode(text: &str, kind: ResourceKind, query: &ListQuery) -> Result<Self, ScimError> {
        let (print, cursor) =
            Self::read(text).ok_or_else(|| invalid("this cursor does not belong to this endpoint"))?;
        if print == fingerprint(kind, query) {
            Ok(cursor)
        } else {
            Err(invalid("the cursor belongs to a query with other parameters"))
        }
    }

    fn read(text: &str) -> Option<(u64, Self)> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (head, position) = bytes.split_at_checked(HEAD)?;
        let (said, sum) = head.split_at_checked(HEAD - 4)?;
        let (form, numbers) = said.split_first()?;
        let (print, issued) = numbers.split_at_checked(8)?;
        if *form != FORM || sum != checksum(said, position) {
            return None;
        }
        let issued = Timestamp::from_second(i64::from_be_bytes(issued.try_into().ok()?)).ok()?;
        let position = String::from_utf8(position.to_vec()).ok()?;
        Some((u64::from_be_bytes(print.try_into().ok()?), Self { position, issued }))
    }
}

fn invalid(detail: &str) -> ScimError {
    ScimError::bad_request(ScimType::InvalidCursor, detail)
}

/// What tells one query from another, all parameters but the cursor.
fn fingerprint(kind: ResourceKind, query: &ListQuery) -> u64 {
    let ListQuery {
        filter,
        start_index,
        count,
        attributes,
        excluded_attributes,
        sort_by,
        sort_order,
        cursor: _,
    } = query;
    hash_of((kind, filter, start_index, count, attributes, excluded_attributes, sort_by, sort_order))
}

/// The same in every process of one build, and no protection against anybody who wants to make a cursor.
fn hash_of(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The sum by which a damaged cursor is told from a sound one.
fn checksum(head: &[u8], position: &[u8]) -> [u8; 4] {
    let [first, second, third, fourth, ..] = hash_of((head, position)).to_be_bytes();
    [first, second, third, fourth]
}

/// The answer to a query by cursor: without `nextCursor` on the last page, and without `previousCursor` on the first.
///
/// An endpoint that does not know the total leaves it out (RFC 9865 §2).
pub fn cursor_list_response(
    total: Option<usize>,
    resources: Vec<Value>,
    next: Option<&str>,
    previous: Option<&str>,
) -> Value {
    let mut answer = json!({"schemas": [urn::LIST_RESPONSE]});
    let told = [
        ("totalResults", total.map(Value::from)),
        ("itemsPerPage", Some(json!(resources.len()))),
        ("previousCursor", previous.map(Value::from)),
        ("nextCursor", next.map(Value::from)),
        ("Resources", Some(Value::Array(resources))),
    ];
    for (name, value) in told {
        if let Some(value) = value {
            set(&mut answer, name, value);
        }
    }
    answer
}

#[cfg(test)]
mod tests;
