//! Group-name conflicts (docs/jira-service-management.md#group-name-conflicts).
//!
//! The setting is consulted when a new group arrives, and never again. A rename onto the name of an existing organization is
//! refused whatever the setting.

use crate::reference::knobs::{ConflictSetting, RenameStatus, SkipResponse};
use crate::reference::provisioning::refusal::already_exists;
use crate::reference::site::Site;
use crate::scim::error::{ScimError, ScimType};

/// What a new group does to the organizations.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// It makes an organization.
    Create,
    /// It takes over the manual organization of its name.
    Adopt(u32),
    /// It is stored and makes nothing.
    KeepOut,
    /// It is stored and waits until an administrator accepts it.
    Hold,
}

impl Site {
    /// What the arrival of a new group of that name does.
    ///
    /// # Errors
    /// 409 `uniqueness` if another group has the name, or if an organization has it and the settings refuse the group.
    pub(crate) fn arrival(&self, name: &str) -> Result<Arrival, ScimError> {
        let twins_allowed = self.defects.at.groups.twins_accepted || self.memory.unchecked;
        if twins_allowed || !self.knobs.group_name_unique {
            return Ok(Arrival::Create);
        }
        let is_retired = self.memory.retired_names.contains(&self.name_key(name));
        if self.group_named(name, None) || is_retired {
            return Err(already_exists("GROUP", "displayName", name));
        }
        if self.knobs.default_groups.contains(name) {
            return Ok(Arrival::KeepOut);
        }
        let Some(slot) = self.organization_named(name) else {
            return Ok(Arrival::Create);
        };
        let synced = self.organizations.get(slot).is_some_and(|organization| organization.scim_managed);
        let mut setting = self.knobs.conflict_setting;
        if self.defects.at.groups.always_synced {
            setting = ConflictSetting::Sync;
        } else if self.defects.at.groups.always_skipped {
            setting = ConflictSetting::Skip;
        }
        match (setting, self.knobs.skip_response) {
            _ if synced => Err(already_exists("GROUP", "displayName", name)),
            (ConflictSetting::Sync, _) => Ok(Arrival::Adopt(slot)),
            (ConflictSetting::Hold, _) => Ok(Arrival::Hold),
            (ConflictSetting::Skip, SkipResponse::AcceptUnprojected) => Ok(Arrival::KeepOut),
            (ConflictSetting::Skip, SkipResponse::Reject) => {
                Err(already_exists("GROUP", "displayName", name))
            }
        }
    }

    /// Whether a group may take another name. Its own name, in whatever spelling, is always free.
    ///
    /// # Errors
    /// 409 `uniqueness` (or 400, as the knob says) if a group or an organization has the name; 400 `mutability` where groups
    /// cannot be renamed.
    pub(crate) fn check_rename(&self, group: u32, from: &str, to: &str) -> Result<(), ScimError> {
        if from == to {
            return Ok(());
        }
        if !self.knobs.rename_supported {
            return Err(ScimError::bad_request(
                ScimType::Mutability,
                "displayName of a group cannot be changed",
            ));
        }
        let twins_allowed = self.defects.at.groups.rename_makes_twin || !self.knobs.group_name_unique;
        if self.name_key(from) == self.name_key(to) || twins_allowed {
            return Ok(());
        }
        let own = self.organization_of(group);
        let taken = self.knobs.default_groups.contains(to)
            || self.organizations.by_name(&self.name_key(to)).any(|slot| Some(slot) != own);
        if !taken && !self.group_named(to, Some(group)) {
            return Ok(());
        }
        let mut refused = already_exists("GROUP", "displayName", to);
        if self.knobs.rename_conflict_status == RenameStatus::BadRequest {
            refused = ScimError::bad_request(ScimType::InvalidValue, refused.detail);
        }
        Err(refused)
    }

    fn group_named(&self, name: &str, except: Option<u32>) -> bool {
        let key = self.name_key(name);
        self.directory
            .as_ref()
            .is_some_and(|directory| directory.groups.by_name(&key).any(|slot| Some(slot) != except))
    }
}
