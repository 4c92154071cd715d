//! PATCH of a group: members through the index, the rest as any resource.
//!
//! Changes are gathered first and made when every operation has been understood, so that a refused request leaves nothing,
//! and adding or removing one member never walks over the others.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::members::{MemberError, Named, ids};
use crate::reference::provisioning::size::check_size;
use crate::reference::site::Site;
use crate::scim::AttrPath;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::filter::Filter;
use crate::scim::kind::ResourceKind;
use crate::scim::patch::{Op, Operation, PatchRequest};
use crate::scim::path::Path;
use crate::scim::resource::attribute;
use crate::scim::schema;

/// What a PATCH will have done.
struct Gathered {
    attributes: Value,
    /// Whether those that are not mentioned in `members` go.
    cleared: bool,
    /// Who is in (true) or out (false), as far as the request says.
    members: BTreeMap<u32, bool>,
    /// The same for those that are no users, by id.
    others: BTreeMap<String, bool>,
    /// What becomes of what members are called, as far as the request says; those who leave are called nothing.
    displays: BTreeMap<u32, Option<String>>,
}

impl Gathered {
    /// `has_display` says who was called something before the request.
    fn put_in(&mut self, named: Named, has_display: impl Fn(u32) -> bool) {
        // What a member is called is immutable as long as it is one (RFC 7643 §2.4).
        for (user, display) in named.displays {
            let called = match self.displays.get(&user) {
                Some(display) => display.is_some(),
                None => !self.cleared && has_display(user),
            };
            if !called {
                self.displays.insert(user, Some(display));
            }
        }
        self.members.extend(named.users.into_iter().map(|user| (user, true)));
        self.others.extend(named.others.into_iter().map(|id| (id, true)));
    }

    fn take_out(&mut self, users: impl IntoIterator<Item = u32>) {
        for user in users {
            self.displays.insert(user, None);
            self.members.insert(user, false);
        }
    }

    fn clear(&mut self) {
        self.cleared = true;
        self.members.clear();
        self.others.clear();
        self.displays.clear();
    }
}

impl Site {
    /// Applies a PATCH to a group.
    ///
    /// # Errors
    /// 404 if a member to be added does not exist; 409 if a new name is taken; else as RFC 7644 §3.5.2.
    pub(crate) fn patch_group(
        &mut self,
        slot: u32,
        request: &PatchRequest,
        now: Timestamp,
    ) -> Result<(), ScimError> {
        let mut gathered = Gathered {
            attributes: self.group_attributes(slot)?,
            cleared: false,
            members: BTreeMap::new(),
            others: BTreeMap::new(),
            displays: BTreeMap::new(),
        };
        check_size(0, request.operations.iter().filter_map(of_no_member))?;
        for operation in &request.operations {
            if let Err(error) = self.gather(slot, operation, &mut gathered) {
                if self.defects.at.patch.half_applied {
                    self.carry_out(slot, gathered, now)?;
                }
                return Err(error);
            }
        }
        check_size(0, [&gathered.attributes])?;
        self.carry_out(slot, gathered, now)
    }

    fn gather(&self, slot: u32, operation: &Operation, gathered: &mut Gathered) -> Result<(), ScimError> {
        match &operation.path {
            Some(path) if path.is_members() => {
                self.gather_members(slot, operation.op, path, operation.value.as_ref(), gathered)
            }
            Some(_) => self.apply(operation, gathered),
            None => {
                let mut rest = operation.clone();
                let members = rest.value.as_mut().and_then(|value| attribute::remove(value, "members"));
                if let Some(members) = members {
                    let path = Path::attribute(AttrPath::of("members"));
                    self.gather_members(slot, operation.op, &path, Some(&members), gathered)?;
                    if rest.value.as_ref().and_then(Value::as_object).is_some_and(serde_json::Map::is_empty) {
                        return Ok(());
                    }
                }
                self.apply(&rest, gathered)
            }
        }
    }

    fn gather_members(
        &self,
        slot: u32,
        op: Op,
        path: &Path,
        value: Option<&Value>,
        gathered: &mut Gathered,
    ) -> Result<(), ScimError> {
        match (op, &path.filter) {
            (Op::Remove, Some(filter)) => {
                if let Some((path, id)) = filter.equality()
                    && path.is("value")
                {
                    gathered.others.insert(id.to_owned(), false);
                }
                let leaving = self.members_matching(slot, filter, gathered);
                self.take_out(slot, leaving, gathered)?;
            }
            (Op::Remove, None) => match value {
                Some(value) if !value.is_null() => {
                    // An id that nobody has is out already: a stale removal must not fail the whole request.
                    if !self.leniency().remove_by_value {
                        let detail = "a remove takes no value: select the values with a filter in the path";
                        return Err(ScimError::bad_request(ScimType::InvalidSyntax, detail));
                    }
                    let named = ids(value, self.knobs.requests)?;
                    let leaving: Vec<u32> = named.iter().filter_map(|id| self.user_with_id(id)).collect();
                    gathered.others.extend(named.into_iter().map(|id| (id.to_owned(), false)));
                    self.take_out(slot, leaving, gathered)?;
                }
                _ => gathered.clear(),
            },
            (Op::Add | Op::Replace, None) if path.sub_attribute().is_none() => {
                let value = value.unwrap_or(&Value::Null);
                let named = self.members_named(value, self.knobs.unknown_member).map_err(missing_member)?;
                if self.defects.at.membership.present_refused
                    && named.users.iter().any(|user| self.is_member(slot, *user))
                {
                    return Err(ScimError::uniqueness("the user is already a member"));
                }
                if op == Op::Replace {
                    gathered.clear();
                }
                let group = self.directory.as_ref().and_then(|directory| directory.groups.get(slot));
                gathered.put_in(named, |user| group.is_some_and(|group| group.displays.contains_key(&user)));
            }
            (Op::Add | Op::Replace, _) => {
                let definition = schema::attribute(ResourceKind::Group, &AttrPath::of("members"));
                let is_known = |name: &str| definition.is_some_and(|members| members.sub(name).is_some());
                return Err(if path.sub_attribute().is_none_or(is_known) {
                    // RFC 7643 §8.7.1: who a member is, and what it is called, is said once.
                    let detail = "members cannot be changed, only added and removed";
                    ScimError::bad_request(ScimType::Mutability, detail)
                } else {
                    ScimError::bad_request(ScimType::InvalidPath, format!("\"{path}\" is not an attribute"))
                });
            }
        }
        Ok(())
    }

    fn take_out(&self, slot: u32, leaving: Vec<u32>, gathered: &mut Gathered) -> Result<(), ScimError> {
        if self.defects.at.membership.absent_refused
            && (leaving.is_empty() || leaving.iter().any(|user| !self.is_member(slot, *user)))
        {
            return Err(ScimError::not_found("the user is not a member"));
        }
        if self.defects.at.membership.wrong_one_removed {
            gathered.take_out(leaving.into_iter().map(|user| self.neighbour(slot, user)));
        } else {
            gathered.take_out(leaving);
        }
        Ok(())
    }

    /// The member behind another one, as a list is counted whose places have shifted.
    fn neighbour(&self, slot: u32, user: u32) -> u32 {
        let Some(directory) = &self.directory else {
            return user;
        };
        let mut behind = directory.memberships.members_of(slot).filter(|member| *member > user);
        behind.next().or_else(|| directory.memberships.members_of(slot).next()).unwrap_or(user)
    }

    /// Whom a value filter means, among those who are in so far. The usual filter, one id, is looked up.
    fn members_matching(&self, slot: u32, filter: &Filter, gathered: &Gathered) -> Vec<u32> {
        if let Some((path, id)) = filter.equality()
            && path.is("value")
        {
            return self.user_with_id(id).into_iter().collect();
        }
        let Some(directory) = &self.directory else {
            return Vec::new();
        };
        let definition = schema::attribute(ResourceKind::Group, &AttrPath::of("members"));
        let stay = directory.memberships.members_of(slot).filter(|_| !gathered.cleared);
        let join = gathered.members.iter().filter(|(_, is_in)| **is_in).map(|(user, _)| *user);
        stay.chain(join)
            .filter(|user| {
                directory.users.get(*user).is_some_and(|user| {
                    let display =
                        user.attributes.user_name().and_then(|name| serde_json::from_str(name).ok());
                    let display: Option<Value> = display;
                    let element = json!({"value": user.id, "type": "User", "display": display});
                    filter.matches_element(definition, &element)
                })
            })
            .collect()
    }

    fn carry_out(&mut self, slot: u32, gathered: Gathered, now: Timestamp) -> Result<(), ScimError> {
        self.write_group_attributes(slot, gathered.attributes, now)?;
        if gathered.cleared {
            let others = gathered.others.into_iter().filter(|(_, is_in)| *is_in).map(|(id, _)| id).collect();
            self.set_others(slot, others, now);
            let displays = gathered.displays.into_iter();
            let displays = displays.filter_map(|(user, display)| Some((user, display?))).collect();
            self.set_displays(slot, displays, now);
            let wanted =
                gathered.members.iter().filter(|(_, is_in)| **is_in).map(|(user, _)| *user).collect();
            self.set_members(slot, &wanted, now);
            return Ok(());
        }
        self.change_others(slot, gathered.others, now);
        self.change_displays(slot, gathered.displays, now);
        let mut changed = false;
        let named = gathered.members.len();
        for (user, is_in) in gathered.members {
            if self.is_member(slot, user) != is_in {
                changed = true;
            }
            if is_in {
                self.join(slot, user);
            } else {
                self.leave(slot, user);
            }
        }
        self.settle_members(slot, named);
        if changed {
            self.touch_group(slot, now);
        }
        Ok(())
    }

    fn apply(&self, operation: &Operation, gathered: &mut Gathered) -> Result<(), ScimError> {
        operation.apply(ResourceKind::Group, &mut gathered.attributes, &self.leniency()).map(|_| ())
    }

    fn is_member(&self, group: u32, user: u32) -> bool {
        self.directory.as_ref().is_some_and(|directory| directory.memberships.contains(group, user))
    }
}

/// The value of an operation that is not about members alone, of which there may be many.
fn of_no_member(operation: &Operation) -> Option<&Value> {
    let value = operation.value.as_ref()?;
    let of_members = match &operation.path {
        Some(path) => path.is_members(),
        None => attribute::get(value, "members").is_some(),
    };
    (!of_members).then_some(value)
}

fn missing_member(error: MemberError) -> ScimError {
    match error {
        MemberError::Unknown(id) => {
            ScimError::not_found(format!("Resource [USER]: with id[{id}] does not exist."))
        }
        MemberError::Invalid(error) => error,
    }
}
