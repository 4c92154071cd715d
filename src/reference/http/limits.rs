//! What one endpoint spends on its clients at most.

use std::time::Duration;

/// As many connections as the endpoint has at once, unless descriptors are fewer.
const CONNECTIONS: usize = 256;
/// Descriptors that stay for everything besides connections.
const SPARE_DESCRIPTORS: usize = 32;
/// With fewer connections than that an endpoint is of no use; should they be too many, accepting waits.
const FEWEST_CONNECTIONS: usize = 8;

/// The limits of a served endpoint.
#[derive(Debug, Clone, Copy)]
pub struct ServeLimits {
    /// How many connections there are at once.
    pub connections: usize,
    /// How long a connection may be without a request.
    pub idle: Duration,
    /// How long the head of a request may take from its first byte on.
    pub head: Duration,
    /// How long the body of a request may take.
    pub body: Duration,
    /// How long an answer may take to be read.
    pub answer: Duration,
    /// How long a request waits for memory that others use.
    pub wait: Duration,
    /// How many bytes of long request bodies are held at once.
    pub bodies: usize,
    /// How many bytes of answers wait to be read by clients at once.
    pub answers: usize,
}

impl Default for ServeLimits {
    fn default() -> Self {
        Self {
            connections: connections(descriptors()),
            idle: Duration::from_mins(2),
            head: Duration::from_secs(15),
            body: Duration::from_secs(30),
            answer: Duration::from_secs(30),
            wait: Duration::from_secs(10),
            bodies: 32 * 1024 * 1024,
            answers: 64 * 1024 * 1024,
        }
    }
}

/// How many connections fit into so many descriptors.
fn connections(descriptors: Option<u64>) -> usize {
    let descriptors = descriptors.and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX);
    descriptors.saturating_sub(SPARE_DESCRIPTORS).clamp(FEWEST_CONNECTIONS, CONNECTIONS)
}

/// How many descriptors the process may have; none if that is not limited.
#[cfg(unix)]
fn descriptors() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current
}

#[cfg(not(unix))]
fn descriptors() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::connections;

    #[test]
    fn connections_leave_descriptors_for_others() {
        for (descriptors, expected) in
            [(None, 256), (Some(1024), 256), (Some(64), 32), (Some(10), 8), (Some(0), 8)]
        {
            assert_eq!(connections(descriptors), expected, "{descriptors:?}");
        }
    }
}
