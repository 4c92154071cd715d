//! Reads a large answer into as much JSON as is worth keeping: of a long list the first entries, and whatever bears a
//! name or an id of ours. The others are counted.

use std::fmt;
use std::io::{BufReader, Read};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::long_text::{LongText, Stop};
use super::room::Room;
use super::wanted::Wanted;
use crate::wire::message::exchange::TransportError;
use crate::wire::message::left_out::LeftOut;

/// How much of a string is kept where the whole has no room.
const EXCERPT: usize = 1024;

/// About what a value, an object's first entry and each entry take, beside what is in them.
const VALUE: usize = 3 * size_of::<Value>() / 2;
const OBJECT: usize = 320;
const ENTRY: usize = size_of::<Value>() + 48;

/// The lists that answers are made of.
const LISTS: [&str; 3] = ["resources", "members", "values"];

/// What was read of a large body.
#[derive(Debug, Clone, Default)]
pub(in crate::wire) struct Condensed {
    /// Its beginning.
    pub(in crate::wire) head: String,
    /// Its length in bytes.
    pub(in crate::wire) length: usize,
    /// What it says, as far as it is kept; nothing where it is no JSON.
    pub(in crate::wire) json: Option<Value>,
    /// The lists of which something was left out.
    pub(in crate::wire) left_out: Vec<LeftOut>,
}

/// Reads a body that comes in pieces.
pub(in crate::wire) fn stream(
    source: impl Read,
    wanted: &Wanted,
    room: Room,
) -> Result<Condensed, TransportError> {
    let mut text = LongText::new(source, room);
    let read = {
        let mut reader = serde_json::Deserializer::from_reader(BufReader::new(&mut text));
        read(&mut reader, wanted, room.json)
    };
    text.drain();
    let (head, length, stop) = text.end();
    match stop {
        Some(Stop::TooLarge) => return Err(TransportError::TooLarge(room.body)),
        Some(Stop::Source(what)) => return Err(TransportError::Broken(what)),
        None => {}
    }
    let (json, left_out) = read?;
    Ok(Condensed { head, length, json, left_out })
}

/// Reads a body that is there.
pub(in crate::wire) fn text(
    text: &str,
    wanted: &Wanted,
    room: usize,
) -> Result<(Option<Value>, Vec<LeftOut>), TransportError> {
    read(&mut serde_json::Deserializer::from_str(text), wanted, room)
}

fn read<'de, R>(
    reader: &mut serde_json::Deserializer<R>,
    wanted: &Wanted,
    room: usize,
) -> Result<(Option<Value>, Vec<LeftOut>), TransportError>
where
    R: serde_json::de::Read<'de>,
{
    let mut purse =
        Purse { wanted, left: room, most_entry: room / 6, left_for_ours: room / 2, left_out: Vec::new() };
    let root = Node { purse: &mut purse, place: Place::Root }.deserialize(&mut *reader);
    match root.and_then(|root| reader.end().map(|()| root)) {
        Err(_) => Ok((None, Vec::new())),
        Ok(None) => Err(TransportError::Overfull),
        Ok(Some(value)) => Ok((Some(value), purse.left_out)),
    }
}

/// What may still be spent, in bytes.
struct Purse<'w> {
    wanted: &'w Wanted,
    left: usize,
    /// For one entry of a list.
    most_entry: usize,
    /// For entries of ours, when nothing is left for the others.
    left_for_ours: usize,
    left_out: Vec<LeftOut>,
}

impl Purse<'_> {
    fn pay(&mut self, bytes: usize) -> Option<()> {
        self.left = self.left.checked_sub(bytes)?;
        Some(())
    }
}

#[derive(Debug, Clone, Copy)]
enum Place {
    /// The body itself.
    Root,
    /// One of `LISTS` in it.
    List(&'static str),
    Inside,
}

/// Reads one value; nothing where it does not fit. What does not fit is read over.
struct Node<'p, 'w> {
    purse: &'p mut Purse<'w>,
    place: Place,
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Node<'_, '_> {
    fn scalar(self, value: impl Into<Value>) -> Option<Value> {
        self.purse.pay(VALUE).map(|()| value.into())
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(self.scalar(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(self.scalar(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(self.scalar(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(self.scalar(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(self.scalar(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        if self.purse.pay(VALUE + text.len()).is_some() {
            return Ok(Some(text.into()));
        }
        if text.len() <= EXCERPT || self.purse.pay(VALUE + EXCERPT).is_none() {
            return Ok(None);
        }
        Ok(Some(format!("{}…", &text[..text.floor_char_boundary(EXCERPT)]).into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Self { purse, place } = self;
        let mut fits = purse.pay(VALUE);
        let mut object = Map::new();
        while fits.is_some() {
            let Some(key) = map.next_key::<String>()? else { break };
            let cost = ENTRY + key.len() + if object.is_empty() { OBJECT } else { 0 };
            fits = purse.pay(cost);
            let list = LISTS.into_iter().find(|name| name.eq_ignore_ascii_case(&key));
            let place = match (place, list) {
                (Place::Root, Some(list)) => Place::List(list),
                _ => Place::Inside,
            };
            let value = map.next_value_seed(Node { purse: &mut *purse, place })?;
            match (value, fits) {
                (Some(value), Some(())) => {
                    object.insert(key, value);
                }
                _ => fits = None,
            }
        }
        if fits.is_none() {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        }
        Ok(fits.map(|()| Value::Object(object)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let Self { purse, place } = self;
        if purse.pay(VALUE).is_none() {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(None);
        }
        // What comes after a list needs room too.
        let kept_back = purse.left / 4;
        purse.left -= kept_back;
        let mut entries = Vec::new();
        let mut left_out = match place {
            Place::List(name) => Some(LeftOut::of(name)),
            Place::Root | Place::Inside => None,
        };
        loop {
            // Each entry is kept whole or not at all.
            let left = purse.left;
            let room = if left_out.is_some() { purse.most_entry } else { purse.most_entry.min(left / 2) };
            purse.left = room;
            let entry = list.next_element_seed(Node { purse: &mut *purse, place: Place::Inside })?;
            let cost = room - purse.left;
            purse.left = left;
            let Some(entry) = entry else { break };
            let fits = entry.is_some() && purse.pay(cost).is_some();
            let is_kept = fits
                || left_out.is_some()
                    && entry
                        .as_ref()
                        .is_some_and(|entry| cost <= purse.left_for_ours && purse.wanted.are_in(entry));
            match (entry, &mut left_out) {
                (Some(entry), _) if is_kept => {
                    purse.left_for_ours -= if fits { 0 } else { cost };
                    entries.push(entry);
                }
                (entry, Some(left_out)) => {
                    left_out.add(entry.as_ref().and_then(|entry| id(entry, left_out.name)));
                }
                (_, None) => {}
            }
        }
        purse.left += kept_back;
        if let Some(mut left_out) = left_out {
            purse.left_out.retain(|other| other.name != left_out.name);
            if left_out.count() > 0 {
                left_out.finish();
                purse.left_out.push(left_out);
            }
        }
        entries.shrink_to_fit();
        Ok(Some(Value::Array(entries)))
    }
}

/// The id of an entry: a resource's own, a member's `value`.
fn id<'v>(entry: &'v Value, list: &str) -> Option<&'v str> {
    if let Value::String(id) = entry {
        return Some(id);
    }
    let name = if list == "members" { "value" } else { "id" };
    let (_, id) = entry.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    id.as_str().filter(|id| !id.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::wire::message::marks::Marks;
    use crate::wire::{Method, Request};

    const ROOM: Room = Room { body: 100_000_000, head: 100, string: 100_000, json: 200_000 };

    fn ours() -> Wanted {
        let marks = Marks::default();
        marks.add_part("k3f92");
        marks.add("id-of-ours");
        let mut request = Request::new(Method::Get, "/Users");
        request.marks = Some(marks);
        Wanted::of(&request)
    }

    fn condensed(body: &str) -> Condensed {
        stream(body.as_bytes(), &ours(), ROOM).unwrap()
    }

    #[test]
    fn of_a_long_list_the_first_and_ours_stay_and_the_others_are_counted() {
        let mut users: Vec<Value> = (0..10_000)
            .map(|n| json!({"id": format!("u{n}"), "userName": format!("user{n}@example.com")}))
            .collect();
        users[9_000]["userName"] = "K3F92.ada@example.com".into();
        users[9_500]["id"] = "id-of-ours".into();
        let body = json!({"totalResults": 10_000, "Resources": users, "itemsPerPage": 7});
        let read = condensed(&body.to_string());
        let json = read.json.unwrap();
        let kept = json["Resources"].as_array().unwrap();
        let ids: Vec<&str> = kept.iter().map(|user| user["id"].as_str().unwrap()).collect();
        assert!(ids.len() > 100 && ids.len() < 1_000, "{}", ids.len());
        assert_eq!(ids[ids.len() - 2..], ["u9000", "id-of-ours"]);
        assert_eq!(kept[50], users[50]);
        assert_eq!((&json["totalResults"], &json["itemsPerPage"]), (&json!(10_000), &json!(7)));
        let [left_out] = &read.left_out[..] else { panic!("{:?}", read.left_out) };
        assert_eq!(left_out.count() + ids.len(), 10_000);
        assert!(left_out.holds("u9999") && !left_out.may_hold("u9000") && !left_out.may_hold("nobody"));
        assert_eq!((read.head.len(), read.length), (100, body.to_string().len()));
    }

    #[test]
    fn what_comes_after_a_long_list_stays() {
        let members: Vec<Value> = (0..50_000).map(|n| json!({"value": n.to_string()})).collect();
        let read =
            condensed(&json!({"groups": members, "members": members, "displayName": "Acme"}).to_string());
        assert_eq!(read.json.unwrap()["displayName"], "Acme");
        assert_eq!(read.left_out.len(), 1);
    }

    #[test]
    fn what_no_list_shortens_is_refused() {
        let object: Map<String, Value> = (0..50_000).map(|n| (n.to_string(), json!(n))).collect();
        let refused = stream(Value::Object(object).to_string().as_bytes(), &ours(), ROOM);
        assert!(matches!(refused, Err(TransportError::Overfull)), "{refused:?}");
    }

    #[test]
    fn what_is_no_json_is_none() {
        for body in ["{\"a\":".repeat(10_000), "[".repeat(10_000), "x".repeat(10_000), "[1] 2".to_owned()] {
            let read = condensed(&body);
            assert!(read.json.is_none() && read.length == body.len());
        }
    }

    #[test]
    fn lists_of_nothing_are_cut() {
        let body = format!("{{\"a\":[{}[]]}}", "[],".repeat(1_000_000));
        let json = condensed(&body).json.unwrap();
        assert!(json["a"].as_array().unwrap().len() < 3_000);
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "\\PC{0,10}".prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec(("[a-zA-Z]{0,9}", inner), 0..6)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// Where there is room, nothing is lost.
        #[test]
        fn what_fits_is_the_same(value in value()) {
            let body = value.to_string();
            let plain: Value = serde_json::from_str(&body).unwrap();
            prop_assert_eq!(condensed(&body).json.unwrap(), plain.clone());
            let (json, left_out) = text(&body, &ours(), 1_000_000).unwrap();
            prop_assert_eq!(json.unwrap().to_string(), plain.to_string());
            prop_assert!(left_out.is_empty());
        }
    }
}
