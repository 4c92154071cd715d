//! A body as it came.

#[cfg(test)]
pub(super) mod tests;

use std::borrow::Cow;

use serde_json::Value;

use crate::scim::json::Borrowed;

/// The body of a request. What mostly only has to be written down stays in the text that it came in.
#[derive(Debug)]
pub(crate) enum Sent<'a> {
    /// A value, null where nothing was sent.
    Value(Value),
    /// What was sent, in its own words.
    Borrowed(Borrowed<'a>),
}

impl<'a> Sent<'a> {
    /// The body in its own words, where it was left in them.
    pub(crate) fn borrowed(&self) -> Option<&Borrowed<'a>> {
        match self {
            Self::Value(_) => None,
            Self::Borrowed(body) => Some(body),
        }
    }

    /// Changes the body, which becomes a value.
    pub(crate) fn change<T>(&mut self, with: impl FnOnce(&mut Value) -> T) -> T {
        let mut value = match std::mem::replace(self, Self::Value(Value::Null)) {
            Self::Value(value) => value,
            Self::Borrowed(body) => (&body).into(),
        };
        let done = with(&mut value);
        *self = Self::Value(value);
        done
    }

    /// The body as a value.
    pub(crate) fn value(&self) -> Cow<'_, Value> {
        match self {
            Self::Value(value) => Cow::Borrowed(value),
            Self::Borrowed(body) => Cow::Owned(body.into()),
        }
    }
}

impl From<Value> for Sent<'_> {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}
