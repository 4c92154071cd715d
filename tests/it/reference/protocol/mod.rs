//! SCIM as the RFCs have it: requests, answers, errors, and nonsense.

mod errors;
mod hostile;
mod http;
mod lists;
mod noise;
mod plain_scim;
mod under_noise;
