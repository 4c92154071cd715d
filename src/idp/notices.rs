//! What a client has to tell its administrator.

use crate::wire::Exchange;

use super::session::Notice;

/// The notices since they were last taken, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Notices(Vec<Notice>);

impl Notices {
    /// Adds one, tied to the exchange that led to it.
    pub(crate) fn add(&mut self, exchange: &Exchange, message: impl Into<String>) {
        self.0.push(Notice { message: message.into(), exchange: exchange.number });
    }

    /// Adds one that no single exchange led to, tied to the last one before it.
    pub(crate) fn tell(&mut self, exchange: usize, message: impl Into<String>) {
        self.0.push(Notice { message: message.into(), exchange });
    }

    /// Takes them all.
    pub(crate) fn take(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.0)
    }
}
