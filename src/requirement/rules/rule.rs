//! What a rule is.

use std::fmt;

use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::Requirement;

/// A write of which a read shows that it did wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blame {
    /// The last one that was taken.
    Taken,
    /// The last one that was refused.
    Refused,
    /// The last one that was taken about a resource that is not there any more.
    Lost,
}

/// A rule.
pub(crate) trait Rule: fmt::Debug {
    /// What it may raise.
    fn requirements(&self) -> &'static [&'static Requirement];

    /// Whether it is about the form of an answer alone. The form does not matter where no provider sends the request.
    fn is_about_form(&self) -> bool {
        false
    }

    /// Whether what it raises may come of a read that lags behind a write.
    fn may_lag(&self) -> bool {
        false
    }

    /// Which write is to blame where a read shows a breach; nothing where it is the read itself, which was answered badly.
    fn blames(&self) -> Option<Blame> {
        None
    }

    /// Looks at an exchange. The mirror is as it was before it.
    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report);
}
