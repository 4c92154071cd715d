//! Somebody for the unit tests.

use std::collections::BTreeMap;

use crate::directory::{Person, PersonState};

pub(crate) fn ada() -> Person {
    Person {
        key: "ada".to_owned(),
        user_name: "ada@example.com".to_owned(),
        email: "ada@example.com".to_owned(),
        given_name: "Ada".to_owned(),
        family_name: "Byron".to_owned(),
        display_name: "Ada Byron".to_owned(),
        profile: BTreeMap::new(),
        manager: None,
        incarnation: 0,
        state: PersonState::Active,
        assigned: true,
        tenant: String::new(),
    }
}
