//! The HTTP client. It is the only room that knows how HTTP is spoken (`hyper`, `reqwest`, `rustls`), and everything that
//! is sent goes through it.
//!
//! May use: `context`, `lock`, `scim`.

pub mod access;
pub mod intake;
pub mod limits;
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
pub use access::token::{Origin, TokenSource};
pub use limits::Limits;
pub use message::body::Body;
pub use message::created::Created;
pub use message::exchange::{Answer, Exchange, Lost, NotNew, Repair, Response, TransportError, Withheld};
pub use message::key::Key;
pub use message::left_out::LeftOut;
pub use message::marks::Marks;
pub use message::request::{Method, Purpose, Request, Surface};
pub use pair_wire::{Observer, Wire};
pub use policy::faults::{Instead, Loss};
pub use policy::pace::Pace;
pub use policy::read_lag::Lag;
pub use policy::seat::Seat;
pub use policy::shutdown::Brake;
pub use policy::silence::Silence;
pub use policy::waits::{WaitFor, Waiting, Waits};
pub use redact::password::Passwords;
pub use redact::secret::Secret;
pub use redact::{MASK, Redactor};
pub use safety::entry::Entry;
pub use safety::ledger::{Ledger, LedgerError};
pub use safety::ownership::{Ownership, Reading, id_in, is_scim_error, raw_id};
pub use safety::register::{Open, Register, Trace};
pub use target::{HouseRules, RestTarget, Target, TargetError, base_url, scim_base_url};
pub use transport::client::HttpClient;
pub use transport::{ProxyFor, Transport, TransportSetupError};
