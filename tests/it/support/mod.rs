//! What the tests share.

mod alone;
mod command;
mod folder;
mod h2;
mod http;
mod keeping;
mod program;
mod proxy;
mod served;
#[cfg(unix)]
mod terminal;
mod tls;
mod tunnel;

pub(crate) use alone::is_alone;
pub(crate) use command::{Outcome, Scimsnap};
pub(crate) use folder::{Folder, ONE_USER};
pub(crate) use h2::{Act, Http2};
pub(crate) use http::{Call, Reply, send, send_kept};
pub(crate) use keeping::{Close, Keeping};
pub(crate) use program::program;
pub(crate) use proxy::{Proxy, guarded};
pub(crate) use served::Served;
#[cfg(unix)]
pub(crate) use terminal::Screen;
pub(crate) use tls::{Authority, Tls};
pub(crate) use tunnel::Tunnel;
