//! Nothing that an endpoint, a file or an argument says gets raw into any output.

mod arguments;
mod clean_up;
mod endpoint;
mod files;
mod oracle;
mod payloads;
mod settings;
