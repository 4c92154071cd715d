//! The reference endpoint over real HTTP: one test for each behaviour of the fact sheet "jsm-customer-provisioning", and one for
//! each defect.

mod customers;
mod defects;
mod endpoint;
mod protocol;
mod server;
