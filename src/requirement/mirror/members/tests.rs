//! What a difference is put down to, and that an obedient endpoint is never blamed.

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
enum Act {
    Add(u8),
    Remove(u8),
    List(Vec<u8>),
    Rename,
    Read,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (0..6u8).prop_map(Act::Add),
        (0..6u8).prop_map(Act::Remove),
        prop::collection::vec(0..6u8, 0..4).prop_map(Act::List),
        Just(Act::Rename),
        Just(Act::Read),
    ]
}

fn shown<'a>(ids: &[&'a str]) -> Shown<'a> {
    Shown { ids: ids.to_vec(), left_out: None }
}

fn texts(set: &BTreeSet<String>) -> Vec<&str> {
    set.iter().map(String::as_str).collect()
}

/// An endpoint that leaves the members out of a PUT is not blamed for the addition after it.
#[test]
fn who_was_in_a_list_that_was_not_stored_is_not_lost_by_an_addition() {
    let mut members = Members::default();
    members.list(["1".to_owned(), "2".to_owned()].into());
    members.begin();
    members.add(["2".to_owned()]);
    let found = members.compare(&shown(&["2"]));
    assert_eq!((found.not_stored, found.lost), (1, 0));
}

/// What was done, who is left, and what that is put down to.
#[test]
fn who_is_left_tells_an_addition_that_replaces_from_a_removal_that_empties() {
    let all = |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
    for (removed, added_later, left, cause) in [
        ("2", "", "3", Cause::Addition),
        ("2", "", "", Cause::Removal),
        ("2", "4", "4", Cause::Removal),
        ("3", "", "", Cause::Removal),
        ("", "4", "4", Cause::Addition),
    ] {
        let mut members = Members::default();
        for id in ["1", "2", "3"] {
            members.begin();
            members.add(all(id));
        }
        members.begin();
        if !removed.is_empty() {
            members.remove(all(removed));
        }
        for id in all(added_later) {
            members.begin();
            members.add([id]);
        }
        let left: Vec<&str> = left.split_whitespace().collect();
        let found = members.compare(&shown(&left));
        assert_eq!((found.cause, found.not_stored), (Some(cause), 0), "{removed} {added_later} {left:?}");
        assert!(found.lost > 0);
    }
}

/// What was done to two members, who is left, and what that is put down to.
#[test]
fn who_is_left_tells_a_rename_that_empties_from_what_was_done_beside_it() {
    type Deed = fn(&mut Members);
    let (add, remove): (Deed, Deed) =
        (|members| members.add(["3".to_owned()]), |members| members.remove(["1".to_owned()]));
    let (rename, another): (Deed, Deed) = (Members::rename, |members| members.add(["4".to_owned()]));
    for (deeds, left, cause) in [
        (&[rename, remove][..], &[][..], Cause::Removal),
        (&[remove, rename], &[], Cause::Removal),
        (&[rename, add, remove], &["3"], Cause::Addition),
        (&[rename, add, another, remove], &["3", "4"], Cause::Rename),
        (&[rename, add], &["3"], Cause::Addition),
        (&[add, rename], &[], Cause::Rename),
        (&[add, rename], &["3"], Cause::Addition),
        (&[rename], &["1"], Cause::Rename),
    ] {
        let mut members = Members::default();
        members.settle(&["1", "2"]);
        for deed in deeds {
            members.begin();
            deed(&mut members);
        }
        let found = members.compare(&shown(left));
        assert_eq!((found.cause, found.not_stored), (Some(cause), 0), "{left:?}");
        assert_eq!(found.may_be_renamed, cause != Cause::Rename || left == ["1"], "{left:?}");
    }
}

proptest! {
    /// An endpoint that does as it is told is never blamed.
    #[test]
    fn an_obedient_endpoint_differs_in_nothing(acts in prop::collection::vec(act(), 0..20)) {
        let mut members = Members::default();
        let mut truth = BTreeSet::new();
        for act in acts {
            members.begin();
            match act {
                Act::Add(n) => { truth.insert(n.to_string()); members.add([n.to_string()]); }
                Act::Remove(n) => { truth.remove(&n.to_string()); members.remove([n.to_string()]); }
                Act::List(list) => {
                    truth = list.iter().map(u8::to_string).collect();
                    members.list(truth.clone());
                }
                Act::Rename => members.rename(),
                Act::Read => members.settle(&texts(&truth)),
            }
            let found = members.compare(&shown(&texts(&truth)));
            prop_assert_eq!(
                (found.doubled, found.not_removed, found.not_left_out, found.not_stored, found.lost),
                (0, 0, 0, 0, 0)
            );
        }
    }

    /// An endpoint that loses one member who was there is always found out.
    #[test]
    fn a_lost_member_is_missed(list in prop::collection::btree_set(0..9u8, 1..6), pick: prop::sample::Index) {
        let all: BTreeSet<String> = list.iter().map(u8::to_string).collect();
        let mut members = Members::default();
        members.settle(&texts(&all));
        let mut left = texts(&all);
        left.remove(pick.index(left.len()));
        prop_assert_eq!(members.compare(&shown(&left)).lost, 1);
    }
}
