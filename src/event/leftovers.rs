//! What a run may have left at a foreign target.

use crate::wire::{Open, Register, Trace};

/// Why a name is open whose resource is open, too, by its id.
pub const STILL_THERE: &str = "it is still there";

/// What may be left at the endpoint after cleaning up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leftovers {
    /// What another attempt may find and remove.
    pub removable: Vec<String>,
    /// What the endpoint lets nobody remove.
    pub lasting: Vec<String>,
}

impl Leftovers {
    /// What may be left according to a run's register.
    pub fn of(register: &Register) -> Self {
        let open = register.open();
        let named_by_id = |name: &Open| {
            name.why.as_deref() == Some(STILL_THERE)
                && open.iter().any(|open| open.kind == name.kind && matches!(open.trace, Trace::Id(_)))
        };
        let explained = |open: &Open| {
            let why = open.why.clone().unwrap_or_else(|| "it was not looked up again".to_owned());
            describe(&Open { why: Some(why), ..open.clone() })
        };
        let removable = open.iter().filter(|open| !named_by_id(open)).map(explained).collect();
        let lasting = register.lasting().into_iter();
        let lasting = lasting.map(|(kind, id, why)| format!("{} {id}: {why}", kind.word())).collect();
        Self { removable, lasting }
    }

    /// Everything that a run created, where none of it is to be removed. Whatever has an id is named by it.
    pub fn kept(register: &Register) -> Self {
        let open = register.open().into_iter();
        let shown = open.filter(|open| matches!(open.trace, Trace::Id(_)) || !open.is_answered);
        Self { removable: shown.map(|open| describe(&open)).collect(), lasting: Vec::new() }
    }

    /// All of it.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.removable.iter().chain(&self.lasting).map(String::as_str)
    }
}

fn describe(open: &Open) -> String {
    let kind = open.kind.word();
    let what = match &open.trace {
        Trace::Id(id) => format!("{kind} {id}"),
        Trace::Name(name) => format!("{kind} `{name}`"),
    };
    match &open.why {
        Some(why) => format!("{what}: {why}"),
        None => what,
    }
}
