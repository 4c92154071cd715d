//! Knobs: settings for behaviour that the vendor documents as an option, or does not document. A profile is a set of
//! knobs that belong together.
//!
//! The list is that of docs/jira-service-management.md#open-questions, and what profiles need besides.
//!
//! May use, of `reference`: nothing else.

mod profile;
mod table;
mod values;

pub use profile::{Profile, ProfileError};
pub use table::{KnobError, KnobRow, Knobs, Mark};
pub use values::{
    AbsentMembers, AuthErrorBody, ConflictSetting, DeleteGroup, DeleteUser, FilterAttrs, Heeded, ManualEdit,
    ManualRevoke, MemberDisplay, NameMatch, Names, NestedGroup, PatchAnswer, Reading, RenameStatus,
    SkipResponse, StrangeMember, UniqueAttribute, UnknownMember, WrongKey,
};
