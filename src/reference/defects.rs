//! Defects: named, deliberate bugs, each seen in a real service provider.
//!
//! A defect is a switch at the seam of the code that serves everybody, so that what it shows is a bug in that place and
//! not a second implementation.

use std::collections::BTreeSet;
use std::ops::BitOr;

use thiserror::Error;

use super::nearest::{nearest, suggestion};

/// A defect with its story, for a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefectRow {
    /// The switch.
    pub defect: Defect,
    /// The name, as `--defect` takes it.
    pub name: &'static str,
    /// What the provider does wrong, in one sentence.
    pub story: &'static str,
    /// Where it was seen, or which rule it breaks.
    pub source: &'static str,
    /// The families of clients that it hurts.
    pub hurts: &'static [&'static str],
}

macro_rules! defects {
    ($($variant:ident $name:literal [$($hurts:literal),+] $source:literal, $story:literal;)+) => {
        /// A deliberate bug.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Defect {
            $(#[doc = $story] $variant,)+
        }

        const ROWS: &[DefectRow] = &[$(DefectRow {
            defect: Defect::$variant,
            name: $name,
            story: $story,
            source: $source,
            hurts: &[$($hurts),+],
        },)+];
    };
}

defects! {
    RemoveOneRemovesAll "remove-one-removes-all" ["okta", "entra"]
        "AzureAD/SCIMReferenceCode #10; Entra quirk Q3",
        "removing one member removes all of them";
    RemoveByValueListIgnored "remove-by-value-list-ignored" ["entra"]
        "scim-patch #959; Entra quirk Q3",
        "a removal that lists the members in its value is answered 200 and does nothing";
    AddReplacesMembers "add-replaces-members" ["okta", "entra"]
        "okta-google-others §4",
        "adding members replaces the ones that are there";
    ReAddDoublesMember "re-add-doubles-member" ["okta", "entra"]
        "AzureAD/SCIMReferenceCode #10; Entra quirk Q18",
        "adding a member that is there stores it a second time";
    UnknownMemberIgnored "unknown-member-ignored" ["okta", "entra"]
        "okta-google-others §4, silent drift",
        "a member that does not exist is dropped without a word";
    RenameWipesMembers "rename-wipes-members" ["okta", "entra"]
        "langwatch #7131; okta-google-others §4",
        "renaming a group empties it";
    RenameMakesTwin "rename-makes-twin" ["okta", "entra"]
        "jsm-customer-provisioning §2, rule 5 broken",
        "a rename onto the name of another organization is accepted";
    DuplicateOrganization "duplicate-organization" ["okta", "entra"]
        "Entra quirk Q15; jsm-customer-provisioning C-07",
        "a second organization of the same name is accepted";
    DeleteUserLeavesMember "delete-user-leaves-member" ["okta", "entra"]
        "getsentry/sentry #122540",
        "a deleted user is still listed in its groups";
    PutDropsMemberships "put-drops-memberships" ["okta"]
        "okta-google-others §2.1, groups echoed in PUT",
        "a PUT of a user takes it out of all its groups";
    StringFalseIgnored "string-false-ignored" ["entra"]
        "Entra quirk Q1",
        "the string \"False\" for active is answered 200 and does nothing";
    PathlessActiveIgnored "pathless-active-ignored" ["okta", "entra"]
        "okta-google-others §4, pathless replace",
        "active in the value of an operation without a path does nothing";
    DeactivateDeletes "deactivate-deletes" ["okta", "entra", "google"]
        "Entra requirement R7 broken",
        "deactivating a user deletes it";
    InactiveHidden "inactive-hidden" ["okta", "entra", "google"]
        "growthbook; Entra quirk Q20",
        "a lookup does not find inactive users";
    FilterIgnored "filter-ignored" ["okta", "entra", "google"]
        "Entra requirement R4 broken",
        "a filter is ignored and everyone is returned";
    PrefixFilter "prefix-filter" ["okta", "entra"]
        "FusionAuth #3111; Entra quirk Q13",
        "an equality filter also finds names that only begin that way";
    MissIs404 "miss-is-404" ["entra"]
        "Entra quirk Q11",
        "a lookup that finds nobody is answered 404";
    CaseTwinsAccepted "case-twins-accepted" ["okta", "entra", "google"]
        "Entra quirk Q14; RFC 7643 §4.1.1",
        "names and addresses that differ only in case are two users";
    ExcludedAttributesIgnored "excluded-attributes-ignored" ["entra"]
        "snipe-it #19096; Entra quirk Q12",
        "members are returned although they were excluded";
    MembersAsNull "members-as-null" ["entra"]
        "okta-google-others §2.2; Entra forbids nulls",
        "a group without members says members: null";
    ActiveAsString "active-as-string" ["entra"]
        "snipe-it #11094; Entra quirk Q22",
        "active is returned as a string";
    CreateWithoutId "create-201-without-id" ["okta", "entra", "google"]
        "okta-google-others §2.2; Entra requirement R10",
        "a creation is answered 201 without the id";
    StringTotalResults "string-total-results" ["okta", "entra"]
        "okta-google-others §2.2",
        "the numbers of a list are strings";
    StartIndexIgnored "start-index-ignored" ["okta", "entra"]
        "RFC 7644 §3.4.2.4 broken",
        "every page is the first one";
    PasswordEchoed "password-echoed" ["okta"]
        "RFC 7643 §4.1.1, returned: never",
        "the answer to a creation holds the password";
    HalfAppliedPatch "half-applied-patch" ["okta", "entra"]
        "RFC 7644 §3.5.2 broken",
        "a PATCH that fails halfway leaves its first half behind";
}

/// Why a defect was not switched on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no defect is called `{name}`{}; the defects are {}", suggestion(*.nearest), .valid.join(", "))]
pub struct DefectError {
    /// The name that was asked for.
    pub name: String,
    /// The name that was probably meant.
    pub nearest: Option<&'static str>,
    /// All names.
    pub valid: Vec<&'static str>,
}

/// A set of defects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defects(BTreeSet<Defect>);

impl Defects {
    /// Every defect with its story.
    pub const ALL: &'static [DefectRow] = ROWS;

    /// The set of the defects named in `names`, joined by commas.
    ///
    /// # Errors
    /// A name is no defect's; the error says which there are.
    pub fn parse(names: &str) -> Result<Self, DefectError> {
        names.split(',').map(|name| find(name.trim())).collect()
    }

    /// Whether the defect is switched on.
    pub fn has(&self, defect: Defect) -> bool {
        self.0.contains(&defect)
    }

    /// Switches one more on.
    pub fn insert(&mut self, defect: Defect) {
        self.0.insert(defect);
    }

    /// Whether none is switched on.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The defects that are switched on, with their stories.
    pub fn iter(&self) -> impl Iterator<Item = &'static DefectRow> {
        ROWS.iter().filter(|row| self.has(row.defect))
    }
}

fn find(name: &str) -> Result<Defect, DefectError> {
    let names = || ROWS.iter().map(|row| row.name);
    ROWS.iter().find(|row| row.name == name).map(|row| row.defect).ok_or_else(|| DefectError {
        name: name.to_owned(),
        nearest: nearest(name, names()),
        valid: names().collect(),
    })
}

impl FromIterator<Defect> for Defects {
    fn from_iter<I: IntoIterator<Item = Defect>>(defects: I) -> Self {
        Self(defects.into_iter().collect())
    }
}

impl BitOr for Defects {
    type Output = Self;

    fn bitor(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Defect, Defects};

    #[test]
    fn every_defect_is_found_by_its_name() {
        for row in Defects::ALL {
            let set = Defects::parse(row.name).unwrap();
            assert!(set.has(row.defect), "{}", row.name);
            assert_eq!(set.iter().count(), 1);
        }
        let names: BTreeSet<_> = Defects::ALL.iter().map(|row| row.name).collect();
        assert_eq!(names.len(), Defects::ALL.len());
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
