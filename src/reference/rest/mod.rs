//! The part of the product's REST API through which people see and change the result by hand
//! (docs/jira-service-management.md#the-products-rest-api).

mod accounts;
mod customers;
mod entry;
mod envelope;
mod organizations;
mod properties;
pub(crate) mod provisioning;
mod request;
mod service_desk;

pub(crate) use entry::{answer, authenticated};
pub(crate) use request::{RestRequest, error, method_not_allowed};
