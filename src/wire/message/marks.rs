//! What a pair looks for in answers that are too large to be kept whole: its own names and ids.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use serde_json::{Value, json};

/// A shorter name is part of many others, so it has to be the whole text.
const TELLING: usize = 3;

/// The names and ids of one pair. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Marks(Arc<RwLock<Inner>>);

/// The lists that hold resources.
const LISTS: [&str; 2] = ["resources", "values"];

#[derive(Debug, Clone, Default)]
struct Inner {
    /// Parts of names, in lower case.
    parts: Vec<String>,
    /// Whole texts, in lower case.
    whole: BTreeSet<String>,
    /// Whether everything else is somebody else's.
    guest: bool,
}

impl Marks {
    /// At somebody's endpoint, where what bears no mark is theirs.
    pub(in crate::wire) fn of_guest(guest: bool) -> Self {
        Self(Arc::new(RwLock::new(Inner { guest, ..Inner::default() })))
    }

    /// An answer that is too long to be quoted, without what is somebody else's; nothing where nothing is.
    /// `left_out` are the entries of its list that are not there any more.
    pub(in crate::wire) fn without_theirs(&self, body: &Value, left_out: usize) -> Option<String> {
        let inner = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let object = body.as_object().filter(|_| inner.guest)?;
        let list = object.iter().find(|(name, _)| LISTS.iter().any(|list| list.eq_ignore_ascii_case(name)));
        let Some((name, Value::Array(entries))) = list else {
            let is_theirs = object.contains_key("id") && !inner.are_in(body);
            return is_theirs.then(|| json!({"id": "(from outside this run)"}).to_string());
        };
        // What an earlier shortening says stays.
        let counts =
            |entry: &Value| entry.as_str().is_some_and(|text| text.ends_with(" from outside this run)"));
        let mut ours: Vec<Value> =
            entries.iter().filter(|entry| counts(entry) || inner.are_in(entry)).cloned().collect();
        let others = entries.len() - ours.len() + left_out;
        if others > 0 {
            ours.push(format!("({others} from outside this run)").into());
        }
        let mut shown = object.clone();
        shown.insert(name.clone(), ours.into());
        Some(Value::Object(shown).to_string())
    }

    /// Looks for everything that contains this text, in any case.
    pub fn add_part(&self, part: &str) {
        let part = part.trim().to_lowercase();
        if part.len() < TELLING {
            return self.add(&part);
        }
        let known = |inner: &Inner| inner.parts.iter().any(|known| part.contains(known.as_str()));
        if !known(&self.0.read().unwrap_or_else(PoisonError::into_inner)) {
            self.0.write().unwrap_or_else(PoisonError::into_inner).parts.push(part);
        }
    }

    /// Looks for exactly this text, in any case.
    pub fn add(&self, whole: &str) {
        if !whole.is_empty() {
            let mut inner = self.0.write().unwrap_or_else(PoisonError::into_inner);
            inner.whole.insert(whole.to_lowercase());
        }
    }

    /// The same as they are now. What is looked for later is not looked for by it.
    pub(in crate::wire) fn as_they_are(&self) -> Self {
        let inner = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        Self(Arc::new(RwLock::new(inner)))
    }

    /// Whether a text in a value is one of ours.
    pub fn are_in(&self, value: &Value) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).are_in(value)
    }
}

impl Inner {
    fn are_in(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => {
                let text = text.to_lowercase();
                self.whole.contains(&text) || self.parts.iter().any(|part| text.contains(part.as_str()))
            }
            Value::Array(values) => values.iter().any(|value| self.are_in(value)),
            Value::Object(object) => object.values().any(|value| self.are_in(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_theirs_is_counted_and_not_quoted() {
        let marks = Marks::of_guest(true);
        marks.add_part("k3f92");
        let list = json!({"totalResults": 9, "Resources": [{"userName": "K3F92.ada"}, {"userName": "bob"}]});
        assert_eq!(
            marks.without_theirs(&list, 7).as_deref(),
            Some(r#"{"totalResults":9,"Resources":[{"userName":"K3F92.ada"},"(8 from outside this run)"]}"#)
        );
        let theirs = marks.without_theirs(&json!({"id": "1", "userName": "bob"}), 0);
        assert!(theirs.is_some_and(|shown| !shown.contains("bob")));
        for ours in [json!({"id": "1", "userName": "k3f92.ada"}), json!({"detail": "No."})] {
            assert_eq!(marks.without_theirs(&ours, 0), None);
        }
        assert_eq!(Marks::default().without_theirs(&list, 7), None);
    }

    #[test]
    fn a_name_with_a_known_part_is_no_further_mark() {
        let marks = Marks::default();
        marks.add_part("k3f92x01");
        marks.add_part("k3f92x01-Acme");
        assert_eq!(marks.0.read().unwrap().parts.len(), 1);
    }
}
