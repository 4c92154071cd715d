//! What the tests share.

mod command;
mod folder;
mod http;
mod proxy;
mod served;

pub(crate) use command::{Outcome, Scimsnap};
pub(crate) use folder::{Folder, ONE_USER};
pub(crate) use http::{Call, Reply, send};
pub(crate) use proxy::Proxy;
pub(crate) use served::Served;
