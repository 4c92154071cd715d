//! Defects by name, and sets of them.

use std::collections::BTreeSet;
use std::ops::BitOr;

use thiserror::Error;

use crate::suggest::{nearest, suggestion};

use super::seams::Seams;
use super::table::{DEFECTS, Defect, DefectRow, QUIRKS};

/// Why a defect was not switched on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no defect `{name}`{}; the defects are {}", suggestion(*.nearest), .valid.join(", "))]
pub struct DefectError {
    /// The name that was asked for.
    pub name: String,
    /// The name that was probably meant.
    pub nearest: Option<&'static str>,
    /// All names.
    pub valid: Vec<&'static str>,
}

/// A set of defects and quirks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defects {
    chosen: BTreeSet<Defect>,
    /// Their switches inside the handler, found once: members join and leave by the hundred thousand.
    pub(crate) at: Seams,
}

impl Defects {
    /// Every defect with its story.
    pub const ALL: &'static [DefectRow] = DEFECTS;

    /// Every quirk with its story.
    pub const QUIRKS: &'static [DefectRow] = QUIRKS;

    /// The set of the defects and quirks named in `names`, joined by commas.
    ///
    /// # Errors
    /// A name is no defect's; the error says which there are.
    pub fn parse(names: &str) -> Result<Self, DefectError> {
        names.split(',').map(|name| find(name.trim())).collect()
    }

    /// Whether the defect is switched on.
    pub fn has(&self, defect: Defect) -> bool {
        self.chosen.contains(&defect)
    }

    /// Switches one more on.
    pub fn insert(&mut self, defect: Defect) {
        self.chosen.insert(defect);
        self.at = Seams::of(&self.chosen);
    }

    /// Whether none is switched on.
    pub fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// What is switched on, with its stories.
    pub fn iter(&self) -> impl Iterator<Item = &'static DefectRow> {
        rows().filter(|row| self.has(row.defect))
    }
}

fn rows() -> impl Iterator<Item = &'static DefectRow> {
    DEFECTS.iter().chain(QUIRKS)
}

fn find(name: &str) -> Result<Defect, DefectError> {
    let names = || rows().map(|row| row.name);
    rows().find(|row| row.name == name).map(|row| row.defect).ok_or_else(|| DefectError {
        name: name.to_owned(),
        nearest: nearest(name, names()),
        valid: names().collect(),
    })
}

impl FromIterator<Defect> for Defects {
    fn from_iter<I: IntoIterator<Item = Defect>>(defects: I) -> Self {
        let chosen = defects.into_iter().collect();
        Self { at: Seams::of(&chosen), chosen }
    }
}

impl BitOr for Defects {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.chosen.into_iter().chain(other.chosen).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Defect, Defects, rows};
    use crate::reference::defects::Layer;
    use crate::reference::defects::seams::{SWITCHED, Seams};

    #[test]
    fn every_defect_is_found_by_its_name() {
        for row in rows() {
            let set = Defects::parse(row.name).unwrap();
            assert!(set.has(row.defect), "{}", row.name);
            assert_eq!(set.iter().count(), 1);
        }
        let names: BTreeSet<_> = rows().map(|row| row.name).collect();
        assert_eq!(names.len(), rows().count());
    }

    #[test]
    fn every_defect_hurts_somebody_and_no_quirk_does() {
        let families = ["okta", "entra", "google", "rfc"];
        for row in Defects::ALL {
            assert!(!row.hurts.is_empty() && row.hurts.iter().all(|family| families.contains(family)));
            assert!(row.shown_by.contains('/'), "{}", row.name);
        }
        assert!(Defects::QUIRKS.iter().all(|row| row.hurts.is_empty() && row.shown_by.is_empty()));
    }

    #[test]
    fn exactly_the_defects_inside_have_one_switch_each() {
        let inside: BTreeSet<_> =
            rows().filter(|row| row.layers.contains(&Layer::Inside)).map(|row| row.defect).collect();
        assert_eq!(SWITCHED.len(), inside.len(), "one seam for each");
        assert_eq!(SWITCHED.iter().copied().collect::<BTreeSet<_>>(), inside);
        for row in rows() {
            let decided = Defects::from_iter([row.defect]).at != Seams::default();
            assert_eq!(decided, inside.contains(&row.defect), "{}", row.name);
        }
    }

    #[test]
    fn several_names_make_one_set() {
        let set = Defects::parse("prefix-filter, filter-ignored").unwrap();
        assert!(set.has(Defect::PrefixFilter) && set.has(Defect::FilterIgnored));
        assert!(!set.has(Defect::InactiveHidden));
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        let text = Defects::parse("prefix-filtr").unwrap_err().to_string();
        assert!(text.contains("did you mean `prefix-filter`?"), "{text}");
        assert!(text.contains("inactive-hidden"), "{text}");
    }
}
