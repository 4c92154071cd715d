//! Endpoints that are not the embedded one: authentication, network, limits, and peculiarities.

mod access;
mod foreign;
mod foreign_ways;
mod house;
mod http2;
mod kept;
mod network;
pub(super) mod patience;
mod urns;
