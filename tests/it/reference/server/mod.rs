//! The endpoint as a server: connections, host names, descriptors, memory, and the state file.

mod crowd;
mod hosts;
#[cfg(target_os = "linux")]
mod process;
#[cfg(unix)]
mod state;
mod written;
