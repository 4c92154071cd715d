//! Customer provisioning as the vendor documents it.

mod conflicts;
mod connection;
mod employees;
mod groups;
mod knobs;
mod providers;
mod rest;
mod users;
