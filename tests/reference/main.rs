//! The reference endpoint over real HTTP: one test for each behaviour of docs/jira-service-management.md, and one for
//! each defect.

#[cfg(test)]
mod conflicts;
#[cfg(test)]
mod connection;
#[cfg(test)]
mod crowd;
#[cfg(test)]
mod defects;
#[cfg(test)]
mod employees;
#[cfg(test)]
mod endpoint;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod groups;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod hosts;
#[cfg(test)]
mod http;
#[cfg(test)]
mod knobs;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod noise;
#[cfg(test)]
mod plain_scim;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod process;
#[cfg(test)]
mod providers;
#[cfg(test)]
mod rest;
#[cfg(test)]
mod under_noise;
#[cfg(test)]
mod users;
#[cfg(test)]
mod written;
