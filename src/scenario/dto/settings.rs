//! Settings of clients in a scenario file, with the position of each.

use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer as _, MapAccess, Visitor};
use serde_saphyr::Spanned;

use super::Word;
use crate::idp::Settings;

/// Settings, and where each is named.
#[derive(Debug, Default)]
pub(crate) struct SettingsDto {
    pub(crate) settings: Settings,
    pub(crate) names: Vec<Word>,
}

impl<'de> Deserialize<'de> for SettingsDto {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SettingsVisitor)
    }
}

struct SettingsVisitor;

impl<'de> Visitor<'de> for SettingsVisitor {
    type Value = SettingsDto;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("settings such as `{match: [email]}`")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<SettingsDto, A::Error> {
        let mut names = Vec::new();
        let settings = Settings::deserialize(MapAccessDeserializer::new(Noting { map, names: &mut names }))?;
        Ok(SettingsDto { settings, names })
    }
}

/// A map that notes the keys that are read from it.
struct Noting<'a, A> {
    map: A,
    names: &'a mut Vec<Word>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Noting<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Some(key) = self.map.next_key::<Spanned<String>>()? else { return Ok(None) };
        let name: StringDeserializer<A::Error> = key.value.clone().into_deserializer();
        self.names.push(key);
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}
