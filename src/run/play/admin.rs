//! What an administrator does at the endpoint in the middle of a scenario.

use crate::scenario::Admin;
use crate::wire::{Auth, Method, Purpose, Secret};

use crate::run::target::endpoint::{Place, Site, target_of};
use crate::run::target::product::{Product, ProductError};

/// Does it.
pub async fn act(admin: &Admin, place: &mut Place) -> Result<(), ProductError> {
    let naming = &place.naming;
    let product = Product::new(&place.wire, Purpose::Admin);
    match admin {
        Admin::CreateOrganization { name, customers } => {
            let id = product.create_organization(&naming.write(name)).await?;
            let mut accounts = Vec::new();
            for email in customers {
                accounts.push(product.account(&naming.write(email)).await?);
            }
            product.members(Method::Post, &id, &accounts).await
        }
        Admin::DeleteOrganization(name) => {
            let id = product.organization(&naming.write(name)).await?;
            product.delete_organization(&id).await
        }
        Admin::AddCustomer { organization, email } => {
            let id = product.organization(&naming.write(organization)).await?;
            let account = product.account(&naming.write(email)).await?;
            product.members(Method::Post, &id, &[account]).await
        }
        Admin::RemoveCustomer { organization, email } => {
            let id = product.organization(&naming.write(organization)).await?;
            let account = product.account(&naming.write(email)).await?;
            product.members(Method::Delete, &id, &[account]).await
        }
        Admin::Revoke(email) => {
            let account = product.account(&naming.write(email)).await?;
            product.revoke(&account).await
        }
        Admin::Set(_)
        | Admin::RenameOrganization { .. }
        | Admin::RegenerateKey
        | Admin::Disconnect
        | Admin::Reconnect
        | Admin::Advance(_) => at_site(admin, place),
    }
}

/// What only the embedded endpoint lets us do. Targets without the capability skip such scenarios.
fn at_site(admin: &Admin, place: &mut Place) -> Result<(), ProductError> {
    let wrong = |what: String| ProductError { what, exchange: None };
    let Some(site) = &mut place.site else {
        return Err(wrong("the settings and the clock of this target cannot be changed".to_owned()));
    };
    match admin {
        Admin::Set(knobs) => {
            for (name, value, _) in knobs {
                site.reference.set_knob(&site.id, name, value).map_err(|error| wrong(error.to_string()))?;
                site.knobs.set(name, value).map_err(|error| wrong(error.to_string()))?;
            }
        }
        Admin::RenameOrganization { name, to } => {
            site.reference
                .rename_organization(&site.id, name, to)
                .map_err(|error| wrong(error.to_string()))?;
        }
        Admin::RegenerateKey => {
            let token = site.reference.regenerate_key(&site.id);
            let mut target = (*place.wire.target()).clone();
            target.auth = Auth::Bearer(Secret::new(&token));
            place.wire.redirect(target);
        }
        Admin::Disconnect => site.reference.disconnect(&site.id),
        Admin::Reconnect => {
            let access = site.reference.reconnect(&site.id);
            place.wire.redirect(target_of(&site.origin, &access));
        }
        Admin::Advance(seconds) => site.clock.advance(*seconds),
        Admin::CreateOrganization { .. }
        | Admin::DeleteOrganization(_)
        | Admin::AddCustomer { .. }
        | Admin::RemoveCustomer { .. }
        | Admin::Revoke(_) => {}
    }
    Ok(())
}

impl Site {
    /// Whether the site's settings are these.
    pub fn has(&self, knobs: &std::collections::BTreeMap<String, String>) -> bool {
        knobs.iter().all(|(name, value)| self.knobs.get(name).as_deref() == Some(value.as_str()))
    }
}
