//! The providers, one file or folder each.

pub mod authentik;
pub mod entra;
pub mod google;
pub mod jumpcloud;
pub mod keycloak;
pub mod okta;
pub mod onelogin;
pub mod pingfederate;
pub mod rippling;
