//! The secrets that are looked for together.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::exact;
use super::finder::Finder;
use super::spelling::SHORTEST;
use crate::wire::redact::secret::Secret;

/// Secrets, some of which may come while others are looked for already.
#[derive(Clone, Default)]
pub(in crate::wire) struct Needles {
    secrets: Vec<Secret>,
    /// Texts that are looked for as they are.
    exact: Vec<String>,
    /// Made when it is needed, for all clones, and again when secrets were added.
    finder: Arc<OnceLock<Arc<Finder>>>,
}

impl fmt::Debug for Needles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Needles({})", self.secrets.len() + self.exact.len())
    }
}

impl Needles {
    /// Adds a secret.
    pub(in crate::wire) fn add(&mut self, secret: &Secret) {
        let is_short = secret.expose().chars().count() < SHORTEST;
        if is_short {
            self.add_exact(exact::spellings(secret.expose()));
        } else if !self.secrets.contains(secret) {
            self.secrets.push(secret.clone());
            self.finder = Arc::default();
        }
    }

    /// Adds a password, also as it stands in a Basic header.
    pub(in crate::wire) fn add_pair(&mut self, user: &str, password: &Secret) {
        self.add(password);
        // Within the header a password of any length is found that is long enough to be looked for.
        if password.expose().chars().count() < SHORTEST {
            self.add_exact(exact::base64(&format!("{user}:{}", password.expose())));
        }
    }

    /// Adds what others hold.
    pub(in crate::wire) fn join(&mut self, other: &Self) {
        other.secrets.iter().for_each(|secret| self.add(secret));
        self.add_exact(other.exact.clone());
    }

    /// What finds them; nothing where there are none.
    pub(in crate::wire) fn finder(&self) -> Option<Arc<Finder>> {
        if self.secrets.is_empty() && self.exact.is_empty() {
            return None;
        }
        let make = || Arc::new(Finder::new(self.secrets.iter().map(Secret::expose), &self.exact));
        Some(Arc::clone(self.finder.get_or_init(make)))
    }

    fn add_exact(&mut self, texts: Vec<String>) {
        for text in texts {
            if !self.exact.contains(&text) {
                self.exact.push(text);
                self.finder = Arc::default();
            }
        }
    }
}
