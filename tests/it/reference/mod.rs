//! The reference endpoint over real HTTP: one test for each behaviour of docs/jira-service-management.md, and one for
//! each defect.

mod customers;
mod defects;
mod endpoint;
mod faults;
mod protocol;
mod server;
