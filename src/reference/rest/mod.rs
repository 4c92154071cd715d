//! The product's REST API, as far as people need it to see and change the result by hand
//! (docs/jira-service-management.md#the-products-rest-api). It also serves the administration of a site's connection.
//!
//! May use, of `reference`: `admin`, `handle`, `http`, `ids`, `knobs`, `provisioning`, `site`, `store`.

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
