//! Reads the initial state of the endpoint.

use super::resolver::{Resolver, at};
use crate::diag::Diagnostic;
use crate::directory::Directory;
use crate::scenario::dto::GivenDto;
use crate::scenario::model::{Given, GivenCustomer, GivenOrganization, Place};

/// What the section says, with the customers whom only an organization names.
pub(super) fn given(
    dto: GivenDto,
    directory: &mut Directory,
    resolver: &Resolver<'_>,
) -> Result<Given, Diagnostic> {
    let mut people = Vec::new();
    for word in &dto.people {
        people.extend(resolver.people(directory, word)?);
    }
    for person in &mut directory.people {
        person.assigned |= people.contains(&person.key);
    }
    let mut customers: Vec<GivenCustomer> = dto
        .customers
        .into_iter()
        .map(|dto| GivenCustomer {
            display_name: dto.display_name.unwrap_or_else(|| local_part(&dto.email.value)),
            email: dto.email.value,
            place: dto.place,
            given_name: dto.given_name,
            family_name: dto.family_name,
            active: dto.active.unwrap_or(true),
        })
        .collect();
    let mut organizations = Vec::new();
    for dto in dto.organizations {
        for email in &dto.customers {
            if !customers.iter().any(|customer| customer.email == email.value) {
                customers.push(plain_customer(&email.value, dto.place));
            }
        }
        organizations.push(GivenOrganization {
            name: dto.name.value,
            place: dto.place,
            customers: dto.customers.into_iter().map(|email| email.value).collect(),
        });
    }
    Ok(Given {
        profile: dto.profile.map(|word| (word.value.clone(), at(&word))),
        knobs: dto.knobs.into_iter().map(|(name, value)| (name, value.value.clone(), at(&value))).collect(),
        organizations,
        customers,
        people,
    })
}

fn plain_customer(email: &str, place: Place) -> GivenCustomer {
    GivenCustomer {
        email: email.to_owned(),
        place,
        display_name: local_part(email),
        given_name: None,
        family_name: None,
        active: true,
    }
}

fn local_part(email: &str) -> String {
    email.split('@').next().unwrap_or(email).to_owned()
}
