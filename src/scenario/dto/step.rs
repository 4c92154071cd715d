//! Steps: a verb with its object, or a verb alone.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, MapAccess, Visitor};
use serde_saphyr::Spanned;

use crate::directory::Verb;
use crate::directory::verb::{Bare, OfGroup, OfPerson, WithParts};

use super::verb::{Other, StepVerb};
use super::{
    AdminDto, InterceptDto, LoseDto, MembershipDto, OnDemandGroupDto, RenameGroupDto, RenameUserDto,
    RequestDto, UnlinkDto, UpdateDto, Word,
};

/// A step: a verb with its object, or a verb alone; beside it, for whom the step is.
#[derive(Debug)]
pub(crate) struct StepDto {
    pub(crate) act: ActDto,
    pub(crate) only: Option<Vec<Word>>,
    pub(crate) within: Option<Vec<Word>>,
}

/// What a step does.
#[derive(Debug)]
pub(crate) enum ActDto {
    Event(EventDto),
    Together(Vec<Spanned<StepDto>>),
    Admin(AdminDto),
    Request(Box<RequestDto>),
    AtOnce(Vec<Spanned<RequestDto>>),
    Lose(LoseDto),
    Intercept(Box<Spanned<InterceptDto>>),
    Checkpoint(Word),
}

/// What happens in the directory.
#[derive(Debug)]
pub(crate) enum EventDto {
    Bare(Bare),
    OfPerson(OfPerson, Word),
    OfGroup(OfGroup, Word),
    Update(UpdateDto),
    RenameUser(RenameUserDto),
    AddMember(MembershipDto),
    RemoveMember(MembershipDto),
    RenameGroup(RenameGroupDto),
    Unlink(UnlinkDto),
    OnDemandGroup(OnDemandGroupDto),
    Wait(Word),
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

    fn visit_str<E: de::Error>(self, word: &str) -> Result<StepDto, E> {
        match StepVerb::parse(word).map_err(E::custom)? {
            StepVerb::Event(Verb::Bare(verb)) => {
                Ok(StepDto { act: ActDto::Event(EventDto::Bare(verb)), only: None, within: None })
            }
            StepVerb::Event(Verb::OfPerson(_) | Verb::OfGroup(_) | Verb::WithParts(_))
            | StepVerb::Other(_) => {
                Err(E::custom(format_args!("`{word}` needs an object, as in `{word}: name`")))
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<StepDto, A::Error> {
        let (mut act, mut only, mut within) = (None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "only" => only = Some(map.next_value()?),
                "in" => within = Some(map.next_value()?),
                word if act.is_some() => {
                    return Err(de::Error::custom(format_args!(
                        "a step does one thing; `{word}` is a second one"
                    )));
                }
                word => act = Some(read_act(word, &mut map)?),
            }
        }
        let act =
            act.ok_or_else(|| de::Error::custom("the step has no verb, only clients or alternatives"))?;
        Ok(StepDto { act, only, within })
    }
}

fn read_act<'de, A: MapAccess<'de>>(word: &str, map: &mut A) -> Result<ActDto, A::Error> {
    Ok(match StepVerb::parse(word).map_err(de::Error::custom)? {
        StepVerb::Event(verb) => ActDto::Event(read_event(verb, map)?),
        StepVerb::Other(Other::Together) => ActDto::Together(map.next_value()?),
        StepVerb::Other(Other::Admin) => ActDto::Admin(map.next_value()?),
        StepVerb::Other(Other::Request) => ActDto::Request(map.next_value()?),
        StepVerb::Other(Other::AtOnce) => ActDto::AtOnce(map.next_value()?),
        StepVerb::Other(Other::Lose) => ActDto::Lose(map.next_value()?),
        StepVerb::Other(Other::Intercept) => ActDto::Intercept(map.next_value()?),
        StepVerb::Other(Other::Checkpoint) => ActDto::Checkpoint(map.next_value()?),
    })
}

fn read_event<'de, A: MapAccess<'de>>(verb: Verb, map: &mut A) -> Result<EventDto, A::Error> {
    Ok(match verb {
        Verb::Bare(verb) => {
            let word = verb.as_str();
            return Err(de::Error::custom(format_args!("`{word}` takes no object: write `- {word}`")));
        }
        Verb::OfPerson(verb) => EventDto::OfPerson(verb, map.next_value()?),
        Verb::OfGroup(verb) => EventDto::OfGroup(verb, map.next_value()?),
        Verb::WithParts(verb) => match verb {
            WithParts::Update => EventDto::Update(map.next_value()?),
            WithParts::RenameUser => EventDto::RenameUser(map.next_value()?),
            WithParts::AddMember => EventDto::AddMember(map.next_value()?),
            WithParts::RemoveMember => EventDto::RemoveMember(map.next_value()?),
            WithParts::RenameGroup => EventDto::RenameGroup(map.next_value()?),
            WithParts::Unlink => EventDto::Unlink(map.next_value()?),
            WithParts::OnDemandGroup => EventDto::OnDemandGroup(map.next_value()?),
            WithParts::Wait => EventDto::Wait(map.next_value()?),
        },
    })
}
