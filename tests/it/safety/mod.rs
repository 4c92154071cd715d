//! Nobody else's resource is written to, and nothing is left and forgotten, whatever an endpoint does: real processes,
//! real HTTP on loopback, and tenants that misbehave.

mod address;
mod aftermath;
mod answers;
mod cost;
mod endpoint;
mod ids;
mod ledgers;
mod leftovers;
mod process;
mod scene;
mod strangers;
mod tenant;
