//! What each member of a group is told of it: its id and its name. They lie apart from all else that is known of groups,
//! for a user may be in many of them, each somewhere else in memory.

use crate::scim::json::text::push_string;

/// A group as its members show it.
#[derive(Debug)]
pub(crate) struct Label {
    /// The id, and behind it `displayName` as JSON.
    text: Box<str>,
    id_end: u32,
}

impl Label {
    fn new(id: &str, display_name: &str) -> Self {
        let mut text = Vec::with_capacity(id.len() + display_name.len() + 2);
        text.extend(id.as_bytes());
        push_string(&mut text, display_name);
        // What is written here is UTF-8.
        let text = String::from_utf8(text).unwrap_or_default().into();
        Self { text, id_end: u32::try_from(id.len()).unwrap_or(u32::MAX) }
    }

    /// The SCIM id.
    pub(crate) fn id(&self) -> &str {
        self.text.get(..self.id_end as usize).unwrap_or_default()
    }

    /// `displayName`, as a JSON string.
    pub(crate) fn display_name(&self) -> &str {
        self.text.get(self.id_end as usize..).unwrap_or_default()
    }
}

/// The labels of all groups, by slot.
#[derive(Debug, Default)]
pub(in crate::reference::store) struct Labels {
    labels: Vec<Option<Label>>,
}

impl Labels {
    /// Gives a group its label, in place of the one it had.
    pub(in crate::reference::store) fn set(&mut self, slot: u32, id: &str, display_name: &str) {
        let place = slot as usize;
        if place >= self.labels.len() {
            self.labels.resize_with(place + 1, || None);
        }
        if let Some(label) = self.labels.get_mut(place) {
            *label = Some(Label::new(id, display_name));
        }
    }

    pub(in crate::reference::store) fn remove(&mut self, slot: u32) {
        if let Some(label) = self.labels.get_mut(slot as usize) {
            *label = None;
        }
    }

    pub(in crate::reference::store) fn get(&self, slot: u32) -> Option<&Label> {
        self.labels.get(slot as usize)?.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Labels;

    proptest! {
        #[test]
        fn a_label_is_the_last_one_that_was_given(
            names in prop::collection::vec((0_u32..4, "[a-f0-9-]{0,4}", prop::option::of(any::<String>())), 0..20),
        ) {
            let mut labels = Labels::default();
            let mut model = std::collections::BTreeMap::new();
            for (slot, id, name) in names {
                if let Some(name) = name {
                    labels.set(slot, &id, &name);
                    model.insert(slot, (id, serde_json::to_string(&name).unwrap()));
                } else {
                    labels.remove(slot);
                    model.remove(&slot);
                }
            }
            for slot in 0..5 {
                let label = labels.get(slot).map(|label| (label.id().to_owned(), label.display_name().to_owned()));
                prop_assert_eq!(label, model.remove(&slot));
            }
        }
    }
}
