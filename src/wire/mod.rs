//! The HTTP client: target, authentication, limits, waiting, transcript, redaction.
//!
//! The only room that knows how HTTP is spoken (`hyper`, `reqwest`, `rustls`). May use `scim`.

mod address;
pub mod auth;
pub mod body;
pub mod brake;
pub mod client;
pub mod command;
mod content_coding;
pub mod encode;
pub mod exchange;
mod http1;
mod innermost;
pub mod lag;
pub mod ledger;
pub mod loss;
mod masking;
pub mod oauth;
pub mod ownership;
pub mod pace;
pub mod password;
pub mod redact;
pub mod request;
mod reqwest_client;
pub mod retry_after;
pub mod secret;
pub mod session;
pub mod target;
mod tls;
pub mod token;
pub mod transport;
mod turns;

pub use auth::Auth;
pub use body::Body;
pub use brake::Brake;
pub use client::HttpClient;
pub use command::TokenCommand;
pub use exchange::{Answer, Exchange, Lost, Response, TransportError};
pub use lag::Lag;
pub use ledger::{Created, Entry, Ledger};
pub use loss::{Instead, Loss};
pub use oauth::{ClientAuth, ClientCredentials};
pub use ownership::Ownership;
pub use pace::Pace;
pub use password::Passwords;
pub use redact::Redactor;
pub use request::{Method, Purpose, Request, Surface};
pub use secret::Secret;
pub use session::{Observer, Wire};
pub use target::{HouseRules, Limits, RestTarget, Target, TargetError, base_url};
pub use token::{Origin, TokenSource};
pub use transport::{ProxyFor, Transport, TransportSetupError};
