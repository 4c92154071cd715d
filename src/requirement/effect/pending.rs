//! A change that was asked for and that no read has confirmed yet.

use serde_json::Value;

use crate::requirement::exchange::attribute::Attribute;
use crate::requirement::exchange::change::Change;
use crate::requirement::exchange::view::Seen;
use crate::requirement::mirror::{Life, Mirror};
use crate::scim::ResourceKind;

use super::way::Way;

/// A change that was asked for.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) kind: ResourceKind,
    pub(super) id: String,
    /// The number of the request.
    pub(super) request: usize,
    pub(super) ways: Vec<Way>,
    pub(super) wanted: Wanted,
}

/// What should be there afterwards, and was not there before.
#[derive(Debug, PartialEq)]
pub(super) enum Wanted {
    Value { attribute: Attribute, before: Option<Value>, after: Value },
    Member { user: String, after: bool },
}

impl Wanted {
    /// What a change asks for that is not there yet, as far as it is known what is there.
    pub(super) fn of(
        change: Change,
        mirror: &Mirror,
        kind: ResourceKind,
        id: &str,
    ) -> impl Iterator<Item = Self> {
        let known = mirror.get(kind, id).filter(|known| known.life == Life::Live);
        let members = || known.and_then(|known| known.members.as_ref());
        let is_sure = |user: &String| {
            mirror
                .get(ResourceKind::User, user)
                .is_some_and(|known| known.life == Life::Live && !known.is_inactive())
        };
        let is_member =
            |user: &String| members().is_some_and(|members| members.has_all(std::slice::from_ref(user)));
        let member = |users: Vec<String>, after: bool| -> Vec<Self> {
            let users = users.into_iter().filter(|user| is_sure(user) && is_member(user) != after);
            users.map(|user| Self::Member { user, after }).collect()
        };
        let wanted = match change {
            Change::Set(attribute, after, _) => {
                let before = known.map(|known| known.values.get(&attribute).map(|held| held.value.clone()));
                match before {
                    Some(before) if before.as_ref() != Some(&after) => {
                        vec![Self::Value { attribute, before, after }]
                    }
                    _ => Vec::new(),
                }
            }
            Change::AddMembers(users) if members().is_some() => member(users, true),
            Change::RemoveMembers(users) if members().is_some() => member(users, false),
            Change::SetMembers(users) if members().is_some() => {
                let gone = members().map(|members| members.certain_but(&users)).unwrap_or_default();
                let mut wanted = member(users, true);
                wanted.extend(member(gone, false));
                wanted
            }
            _ => Vec::new(),
        };
        wanted.into_iter()
    }

    /// The attribute, as reports name it.
    pub(super) fn attribute(&self) -> &'static str {
        match self {
            Self::Value { attribute, .. } => attribute.as_str(),
            Self::Member { .. } => "members",
        }
    }

    /// Whether two are about the same value.
    pub(super) fn is_about_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Value { attribute, .. }, Self::Value { attribute: other, .. }) => attribute == other,
            (Self::Member { user, .. }, Self::Member { user: other, .. }) => user == other,
            _ => false,
        }
    }

    /// Whether an answer shows it; nothing where the answer does not tell.
    pub(super) fn is_there(&self, seen: &Seen<'_>, resource: &Value) -> Option<bool> {
        match self {
            Self::Value { attribute, before, after } => {
                let read = attribute.value(resource);
                if read == Some(after) {
                    return Some(true);
                }
                let is_whole = seen.id.is_some() && !seen.is_projected();
                let is_as_before = read == before.as_ref() && (read.is_some() || is_whole);
                is_as_before.then_some(false)
            }
            Self::Member { user, after } => {
                let (_, shown) = seen.members()?;
                let there = shown.ids.iter().copied().collect();
                Some(shown.holds(&there, user) == *after)
            }
        }
    }
}
