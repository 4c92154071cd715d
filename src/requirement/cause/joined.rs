//! Makes one cause of several.

use super::Cause;
use super::consequence::Consequence;

/// A cause that is said in other words, and what turned out to be the same.
pub(super) fn joined(mut whole: Cause, message: String, others: Vec<Cause>) -> Cause {
    if whole.message != message
        && let Some(first) = whole.seen_in.first().cloned()
    {
        let message = std::mem::replace(&mut whole.message, message);
        whole.add(Consequence::Finding { seen_in: first, requirement: whole.requirement, message });
    }
    for other in others {
        whole.covers.insert(other.id());
        whole.level = whole.level.min(other.level);
        if let Some(first) = other.seen_in.first().cloned() {
            let (requirement, message) = (other.requirement, other.message.clone());
            whole.add(Consequence::Finding { seen_in: first, requirement, message });
        }
        whole.take_in(other);
    }
    whole
}
