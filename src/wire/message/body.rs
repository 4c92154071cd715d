//! The body of a request: its exact text, and its JSON.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

/// A body. Whoever made it from a value need not have it read again.
#[derive(Clone)]
pub struct Body {
    text: String,
    json: OnceLock<Option<Arc<Value>>>,
}

impl Body {
    /// A value in a spelling of its own: white space and escapes that the compact one does not have.
    pub fn spelled(value: Value, text: String) -> Self {
        Self { text, json: OnceLock::from(Some(Arc::new(value))) }
    }

    /// It without what is long, for reports; nothing was read of it.
    pub(in crate::wire) fn light(&self, most: usize) -> Self {
        cut(&self.text, most, self.text.len()).into()
    }

    /// It as JSON, read once; nothing where it is none.
    pub fn json(&self) -> Option<&Value> {
        let read = || serde_json::from_str(&self.text).ok().map(Arc::new);
        self.json.get_or_init(read).as_deref()
    }
}

/// The beginning of a text of so many bytes in all, where it is longer than `most`.
pub(in crate::wire) fn cut(text: &str, most: usize, length: usize) -> String {
    if text.len().max(length) <= most {
        return text.to_owned();
    }
    format!("{}… ({length} bytes)", &text[..text.floor_char_boundary(most)])
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self { text, json: OnceLock::new() }
    }
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<Value> for Body {
    fn from(value: Value) -> Self {
        let text = value.to_string();
        Self::spelled(value, text)
    }
}

impl Deref for Body {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_written_as_it_stands_and_known_without_reading() {
        let value = json!({"userName": "ada", "active": true, "n": 1.50});
        let body = Body::from(value.clone());
        assert_eq!(&*body, r#"{"userName":"ada","active":true,"n":1.5}"#);
        assert_eq!(body.json(), Some(&value));
        assert_eq!(Body::from(body.to_string()).json(), Some(&value));
    }

    #[test]
    fn what_is_no_json_is_kept_as_it_is() {
        let body = Body::from("{\"a\":".to_owned());
        assert_eq!((&*body, body.json()), ("{\"a\":", None));
    }
}
