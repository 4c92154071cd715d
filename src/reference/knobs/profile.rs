//! Profiles: whose service provider the reference endpoint is.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::suggest::{nearest, suggestion};

/// Where the knobs stand to begin with; see [`Knobs::of`](super::Knobs::of).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Profile {
    /// Customer provisioning of Jira Service Management (docs/jira-service-management.md).
    #[default]
    JsmCustomers,
    /// User provisioning of Atlassian employees (docs/jira-service-management.md#employees): renames are refused, conflicting groups wait for review, default groups
    /// are never synced.
    AtlassianEmployees,
    /// RFC 7643 and RFC 7644, nothing less and nothing more.
    Rfc,
}

/// There is no such profile.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no profile `{name}`{}; the profiles are jsm-customers, atlassian-employees, rfc", suggestion(*.nearest))]
pub struct ProfileError {
    /// The name that was asked for.
    pub name: String,
    /// The name that was probably meant.
    pub nearest: Option<&'static str>,
}

impl Profile {
    /// All profiles, the default one first.
    pub const ALL: [Self; 3] = [Self::JsmCustomers, Self::AtlassianEmployees, Self::Rfc];

    /// The name, as `--profile` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::JsmCustomers => "jsm-customers",
            Self::AtlassianEmployees => "atlassian-employees",
            Self::Rfc => "rfc",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for Profile {
    type Err = ProfileError;

    fn from_str(name: &str) -> Result<Self, ProfileError> {
        let names = Self::ALL.into_iter().map(Self::name);
        Self::ALL
            .into_iter()
            .find(|profile| profile.name() == name)
            .ok_or_else(|| ProfileError { name: name.to_owned(), nearest: nearest(name, names) })
    }
}

#[cfg(test)]
mod tests {
    use super::Profile;

    #[test]
    fn a_profile_is_found_by_its_name() {
        for profile in Profile::ALL {
            assert_eq!(profile.to_string().parse(), Ok(profile));
        }
        let slip = "jsm-customer".parse::<Profile>().unwrap_err().to_string();
        assert!(slip.contains("did you mean `jsm-customers`?"), "{slip}");
    }
}
