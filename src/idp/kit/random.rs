//! Where clients take GUIDs and passwords from: reproducible against the reference endpoint, random elsewhere.

use std::cell::Cell;

use uuid::Uuid;

use crate::wire::redact::password::generated;

/// A source of GUIDs and passwords.
#[derive(Debug)]
pub struct Random {
    seed: Option<Uuid>,
    count: Cell<u64>,
}

impl Random {
    /// The same sequence in every run with that seed.
    pub fn seeded(seed: &str) -> Self {
        Self { seed: Some(Uuid::new_v5(&Uuid::NAMESPACE_OID, seed.as_bytes())), count: Cell::new(0) }
    }

    /// The operating system's randomness.
    pub fn system() -> Self {
        Self { seed: None, count: Cell::new(0) }
    }

    /// A GUID that nobody has.
    pub fn guid(&self) -> Uuid {
        match self.seed {
            None => Uuid::new_v4(),
            Some(seed) => {
                let count = self.count.get();
                self.count.set(count + 1);
                Uuid::new_v5(&seed, &count.to_be_bytes())
            }
        }
    }

    /// A password of letters of both cases, digits and a sign, as password policies ask for.
    pub fn password(&self) -> String {
        generated(&self.guid().simple().to_string())
    }
}
