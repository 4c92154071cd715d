//! Steps: a verb with its object, or a verb alone.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, MapAccess, Visitor};
use serde_saphyr::Spanned;

use super::{
    AdminDto, InterceptDto, LoseDto, MembershipDto, OnDemandGroupDto, RenameGroupDto, RenameUserDto,
    RequestDto, UnlinkDto, UpdateDto, Word,
};

/// A step: a verb with its object, or a verb alone; beside it, for whom the step is.
#[derive(Debug)]
pub(crate) struct StepDto {
    pub(crate) verb: VerbDto,
    pub(crate) only: Option<Vec<Word>>,
    pub(crate) within: Option<Vec<Word>>,
}

/// What a step does.
#[derive(Debug)]
pub(crate) enum VerbDto {
    /// An event without an object: `connect`, `import`, `force-sync`, `cycle`, `restart`, …
    Bare(String),
    /// An event of a person or a group: `assign: ada`, `push: acme`.
    Of(String, Word),
    Update(UpdateDto),
    RenameUser(RenameUserDto),
    AddMember(MembershipDto),
    RemoveMember(MembershipDto),
    RenameGroup(RenameGroupDto),
    Unlink(UnlinkDto),
    OnDemandGroup(OnDemandGroupDto),
    Wait(Word),
    Together(Vec<Spanned<StepDto>>),
    Admin(AdminDto),
    Request(Box<RequestDto>),
    AtOnce(Vec<Spanned<RequestDto>>),
    Lose(LoseDto),
    Intercept(Box<Spanned<InterceptDto>>),
    Checkpoint(Word),
}

/// Verbs without an object.
pub(crate) const BARE: [&str; 7] =
    ["connect", "import", "force-sync", "cycle", "restart", "initial-cycle", "allow-deletions"];

/// Verbs whose object is a person.
pub(crate) const OF_PERSON: [&str; 8] =
    ["assign", "suspend", "unsuspend", "archive", "unassign", "reassign", "delete-user", "on-demand"];

/// Verbs whose object is a group.
pub(crate) const OF_GROUP: [&str; 2] = ["push", "push-now"];

/// Verbs whose object has parts.
const WITH_PARTS: [&str; 15] = [
    "wait",
    "update",
    "rename-user",
    "add-member",
    "remove-member",
    "rename-group",
    "unlink",
    "on-demand-group",
    "together",
    "admin",
    "request",
    "at-once",
    "lose",
    "intercept",
    "checkpoint",
];

/// Every verb.
pub(crate) fn verbs() -> Vec<&'static str> {
    BARE.into_iter().chain(OF_PERSON).chain(OF_GROUP).chain(WITH_PARTS).collect()
}

impl<'de> Deserialize<'de> for StepDto {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StepVisitor)
    }
}

struct StepVisitor;

impl<'de> Visitor<'de> for StepVisitor {
    type Value = StepDto;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a step such as `connect`, `assign: ada` or `checkpoint: created`")
    }

    fn visit_str<E: de::Error>(self, verb: &str) -> Result<StepDto, E> {
        if BARE.contains(&verb) {
            Ok(StepDto { verb: VerbDto::Bare(verb.to_owned()), only: None, within: None })
        } else if verbs().contains(&verb) {
            Err(E::custom(format_args!("`{verb}` needs an object, as in `{verb}: name`")))
        } else {
            Err(E::custom(unknown_verb(verb)))
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<StepDto, A::Error> {
        let (mut verb, mut only, mut within) = (None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "only" => only = Some(map.next_value()?),
                "in" => within = Some(map.next_value()?),
                _ if verb.is_some() => {
                    return Err(de::Error::custom(format_args!(
                        "a step does one thing; `{key}` is a second one"
                    )));
                }
                _ => verb = Some(read_verb(&key, &mut map)?),
            }
        }
        let verb = verb.ok_or_else(|| de::Error::custom("the step says for whom, but not what"))?;
        Ok(StepDto { verb, only, within })
    }
}

fn read_verb<'de, A: MapAccess<'de>>(key: &str, map: &mut A) -> Result<VerbDto, A::Error> {
    Ok(match key {
        "update" => VerbDto::Update(map.next_value()?),
        "rename-user" => VerbDto::RenameUser(map.next_value()?),
        "add-member" => VerbDto::AddMember(map.next_value()?),
        "remove-member" => VerbDto::RemoveMember(map.next_value()?),
        "rename-group" => VerbDto::RenameGroup(map.next_value()?),
        "unlink" => VerbDto::Unlink(map.next_value()?),
        "on-demand-group" => VerbDto::OnDemandGroup(map.next_value()?),
        "wait" => VerbDto::Wait(map.next_value()?),
        "together" => VerbDto::Together(map.next_value()?),
        "admin" => VerbDto::Admin(map.next_value()?),
        "request" => VerbDto::Request(map.next_value()?),
        "at-once" => VerbDto::AtOnce(map.next_value()?),
        "lose" => VerbDto::Lose(map.next_value()?),
        "intercept" => VerbDto::Intercept(map.next_value()?),
        "checkpoint" => VerbDto::Checkpoint(map.next_value()?),
        _ if OF_PERSON.contains(&key) || OF_GROUP.contains(&key) => {
            VerbDto::Of(key.to_owned(), map.next_value()?)
        }
        _ if BARE.contains(&key) => {
            return Err(de::Error::custom(format_args!("`{key}` takes no object: write `- {key}`")));
        }
        _ => return Err(de::Error::custom(unknown_verb(key))),
    })
}

fn unknown_verb(verb: &str) -> String {
    match crate::suggest::nearest(verb, verbs()) {
        Some(near) => format!("there is no step `{verb}`; did you mean `{near}`?"),
        None => format!("there is no step `{verb}`; steps are {}", verbs().join(", ")),
    }
}
