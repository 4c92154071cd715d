//! The providers, one file or folder each. A provider's file reads like its own code: which requests it sends for each
//! event, and how it reacts to the answers.
//!
//! May use, of `idp`: `kit`, `links`, `notices`, `session`, `settings`.

pub mod authentik;
pub mod entra;
pub mod google;
pub mod jumpcloud;
pub mod keycloak;
pub mod okta;
pub mod onelogin;
pub mod pingfederate;
pub mod rippling;
