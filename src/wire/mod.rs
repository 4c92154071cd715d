//! The HTTP client: target, authentication, limits, waiting, transcript, redaction.
//!
//! The only room that knows how HTTP is spoken (`hyper`, `reqwest`, `rustls`). May use `scim`.

pub mod access;
pub mod intake;
pub mod message;
pub mod pair_wire;
pub mod policy;
pub mod redact;
pub mod safety;
pub mod target;
pub mod transport;

pub use access::auth::Auth;
pub use access::command::TokenCommand;
pub use access::oauth::{ClientAuth, ClientCredentials};
pub use access::secret::Secret;
pub use access::token::{Origin, TokenSource};
pub use intake::left_out::LeftOut;
pub use intake::marks::Marks;
pub use message::body::Body;
pub use message::exchange::{Answer, Exchange, Lost, NotNew, Repair, Response, TransportError, Withheld};
pub use message::request::{Method, Purpose, Request, Surface};
pub use pair_wire::{Observer, Wire};
pub use policy::faults::{Instead, Loss};
pub use policy::pace::Pace;
pub use policy::read_lag::Lag;
pub use policy::shutdown::Brake;
pub use policy::silence::Silence;
pub use redact::Redactor;
pub use redact::password::Passwords;
pub use safety::ledger::{Created, Entry, Ledger, LedgerError};
pub use safety::ownership::{Ownership, Reading, id_in, is_scim_error, raw_id};
pub use safety::register::{Open, Register, Trace};
pub use target::{HouseRules, Limits, RestTarget, Target, TargetError, base_url};
pub use transport::client::HttpClient;
pub use transport::{ProxyFor, Transport, TransportSetupError};
