//! A PATCH of a user.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::reference::defects::Patching;
use crate::reference::provisioning::attributes::{Stored, as_sent, stored, without_inner_schemas};
use crate::reference::provisioning::size::check_size;
use crate::reference::site::Site;
use crate::scim::error::ScimError;
use crate::scim::json::{Borrowed, Json as _};
use crate::scim::kind::ResourceKind;
use crate::scim::patch::{Operation, PatchRequest};
use crate::scim::schema;

/// Stands behind the attributes that a user has, so that what comes behind it was added. No attribute is called so.
const END: &str = "";

impl Site {
    /// Applies a PATCH to a user.
    pub(crate) fn patch_user(
        &mut self,
        slot: u32,
        request: &PatchRequest,
        now: Timestamp,
    ) -> Result<(), ScimError> {
        check_size(0, request.operations.iter().filter_map(|operation| operation.value.as_ref()))?;
        match touched(request).filter(|_| self.defects.at.patch == Patching::default()) {
            Some(names) => self.patch_attributes(slot, request, &names, now),
            None => self.patch_whole(slot, request, now),
        }
    }

    /// Any PATCH, with all that a user has at hand.
    fn patch_whole(&mut self, slot: u32, request: &PatchRequest, now: Timestamp) -> Result<(), ScimError> {
        let mut attributes = self.user_attributes(slot)?.value();
        if self.defects.at.patch.clears_rest {
            let kept = ["schemas", "userName", "emails", "active", "externalId"];
            if let Some(attributes) = attributes.as_object_mut() {
                attributes.retain(|name, _| kept.iter().any(|kept| name.eq_ignore_ascii_case(kept)));
            }
        }
        for operation in request.operations.iter().map(without_schemas) {
            if self.defects.at.patch.half_applied {
                if let Err(error) = operation.apply(ResourceKind::User, &mut attributes, &self.leniency()) {
                    self.write_user(slot, Stored::of(&attributes), now)?;
                    return Err(error);
                }
            } else {
                operation.apply_in_place(ResourceKind::User, &mut attributes, &self.leniency())?;
            }
        }
        let attributes = stored(self, ResourceKind::User, &attributes)?;
        self.write_user(slot, attributes, now)
    }

    /// A PATCH that is about some attributes only: all others stay in the words in which they are stored.
    fn patch_attributes(
        &mut self,
        slot: u32,
        request: &PatchRequest,
        names: &[&str],
        now: Timestamp,
    ) -> Result<(), ScimError> {
        let text = self.user_attributes(slot)?.text();
        let Ok(Borrowed::Object(user)) = serde_json::from_str(&text) else {
            return Err(ScimError::new(500, "the stored resource is not a user"));
        };
        let is_named = |name: &str| names.iter().any(|named| named.eq_ignore_ascii_case(name));
        let named = user.iter().filter(|(name, _)| is_named(name));
        let named = named.map(|(name, value)| (name.to_owned(), value.into()));
        let mut patched = Value::Object(named.chain([(END.to_owned(), Value::Null)]).collect());
        for operation in request.operations.iter().map(without_schemas) {
            operation.apply_in_place(ResourceKind::User, &mut patched, &self.leniency())?;
        }
        let patched = patched.as_object().map(Map::iter).into_iter().flatten();
        let patched: Vec<(&str, Borrowed<'_>)> =
            patched.map(|(name, value)| (name.as_str(), value.into())).collect();
        let (present, added) = match patched.iter().position(|(name, _)| *name == END) {
            Some(end) => (&patched[..end], &patched[end + 1..]),
            None => (patched.as_slice(), [].as_slice()),
        };
        let mut user = user.into_vec();
        let kept = user.iter_mut().filter_map(|(name, value)| {
            if is_named(name) {
                present.iter().find(|(own, _)| own == name).cloned()
            } else {
                Some((&**name, std::mem::take(value)))
            }
        });
        let attributes: Vec<(&str, Borrowed<'_>)> = kept.chain(added.iter().cloned()).collect();
        let attributes = Borrowed::Object(attributes.into());
        if let Some(attributes) = as_sent(self, ResourceKind::User, &attributes) {
            return self.write_user(slot, attributes, now);
        }
        let attributes = attributes.as_value();
        let attributes = stored(self, ResourceKind::User, &attributes)?;
        self.write_user(slot, attributes, now)
    }
}

/// The operation without the schemas that stand in the extensions of its value.
fn without_schemas(operation: &Operation) -> Operation {
    let mut operation = operation.clone();
    let path = operation.path.as_ref();
    if let Some(value) = &mut operation.value
        && path.is_none_or(|path| path.attr.is_container())
    {
        without_inner_schemas(value, path.is_some());
    }
    operation
}

/// The attributes of the core schema that a PATCH is about, by their plain names; none where it is about anything else.
fn touched(request: &PatchRequest) -> Option<Vec<&str>> {
    let core = schema::core_attributes(ResourceKind::User);
    let plain = |name: &&str| core.iter().any(|attribute| attribute.name.eq_ignore_ascii_case(name));
    let mut names = Vec::new();
    for operation in &request.operations {
        match (&operation.path, &operation.value) {
            (Some(path), _) if path.attr.schema.is_none() => {
                names.push(Some(path.attr.name.as_str()).filter(plain)?);
            }
            (None, Some(Value::Object(members))) => {
                for key in members.keys() {
                    let (name, part) = key.split_once('.').unwrap_or((key, ""));
                    let is_plain = part.bytes().all(|byte| byte.is_ascii_alphanumeric());
                    names.push(Some(name).filter(plain).filter(|_| is_plain)?);
                }
            }
            _ => return None,
        }
    }
    Some(names)
}

#[cfg(test)]
mod tests;
