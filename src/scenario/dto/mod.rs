//! Scenario files as they are written, every value with its position. Their meaning is in [`super::model`].
//!
//! Enums are externally tagged and nothing is flattened, so that every value keeps its line and column.
//!
//! May use, of `scenario`: `model`.

mod admin;
mod alternative;
mod directory;
mod events;
mod expect;
mod file;
mod given;
mod request;
pub(crate) mod schema;
mod settings;
mod step;
mod verb;
mod weather;

pub(crate) use admin::AdminDto;
pub(crate) use alternative::AlternativeDto;
pub use alternative::Legality;
pub(crate) use directory::{AddressDto, GroupDto, PersonDto};
pub(crate) use events::{
    MembershipDto, OnDemandGroupDto, RenameGroupDto, RenameUserDto, UnlinkDto, UpdateDto,
};
pub(crate) use expect::{ConditionDto, ExpectDto, ScalarDto};
pub(crate) use file::ScenarioDto;
pub use file::{Capability, Mark};
pub(crate) use given::GivenDto;
pub use given::Place;
pub(crate) use request::RequestDto;
pub(crate) use settings::SettingsDto;
pub(crate) use step::{ActDto, EventDto, StepDto};
pub(crate) use weather::{InterceptDto, LoseDto};

/// A word with its position.
pub(crate) type Word = serde_saphyr::Spanned<String>;
