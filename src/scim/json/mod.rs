//! JSON for reading without copying: one set of questions for values and for texts that stay where they are. Strict
//! reading of bodies and fast writing are here, too.
//!
//! May use, of `scim`: `error`.

pub mod body;
pub mod members;
pub(crate) mod text;

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

/// JSON in its text: nothing is copied that needs no unescaping, and no name is hashed. It takes half of what a [`Value`]
/// takes to be made, and is as strictly read only where [`BodyReader`](super::BodyReader) made it.
pub(crate) type Borrowed<'a> = serde_json_borrow::Value<'a>;

/// What both can be asked.
pub(crate) trait Json: Clone + From<bool> + Serialize {
    /// Whether it is null.
    fn is_nothing(&self) -> bool;
    /// The boolean.
    fn flag(&self) -> Option<bool>;
    /// The string.
    fn text(&self) -> Option<&str>;
    /// The elements of an array.
    fn elements(&self) -> Option<&[Self]>;
    /// The members of an object, in their order.
    fn members(&self) -> Option<impl Iterator<Item = (&str, &Self)>>;
    /// The same as a value.
    fn as_value(&self) -> Cow<'_, Value>;

    /// The member of exactly that name.
    fn member(&self, name: &str) -> Option<&Self> {
        self.members()?.find_map(|(own, value)| (own == name).then_some(value))
    }

    /// The attribute's value, whatever the case of its name; of several spellings the exact one, then the first.
    fn attribute(&self, name: &str) -> Option<&Self> {
        let in_any_case = |(own, value): (&str, _)| own.eq_ignore_ascii_case(name).then_some(value);
        self.member(name).or_else(|| self.members()?.find_map(in_any_case))
    }

    /// Whether it is null, `""`, `[]`, `{}`, or only such.
    fn says_nothing(&self) -> bool {
        if let Some(text) = self.text() {
            text.is_empty()
        } else if let Some(elements) = self.elements() {
            elements.iter().all(Self::says_nothing)
        } else if let Some(mut members) = self.members() {
            members.all(|(_, value)| value.says_nothing())
        } else {
            self.is_nothing()
        }
    }
}

impl Json for Value {
    fn is_nothing(&self) -> bool {
        self.is_null()
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn text(&self) -> Option<&str> {
        self.as_str()
    }

    fn elements(&self) -> Option<&[Self]> {
        self.as_array().map(Vec::as_slice)
    }

    fn members(&self) -> Option<impl Iterator<Item = (&str, &Self)>> {
        self.as_object().map(|object| object.iter().map(|(name, value)| (name.as_str(), value)))
    }

    fn as_value(&self) -> Cow<'_, Value> {
        Cow::Borrowed(self)
    }

    fn attribute(&self, name: &str) -> Option<&Self> {
        members::get(self, name)
    }
}

impl Json for Borrowed<'_> {
    fn is_nothing(&self) -> bool {
        self.is_null()
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn text(&self) -> Option<&str> {
        self.as_str()
    }

    fn elements(&self) -> Option<&[Self]> {
        self.as_array()
    }

    fn members(&self) -> Option<impl Iterator<Item = (&str, &Self)>> {
        self.as_object().map(serde_json_borrow::ObjectAsVec::iter)
    }

    fn as_value(&self) -> Cow<'_, Value> {
        Cow::Owned(self.into())
    }
}
