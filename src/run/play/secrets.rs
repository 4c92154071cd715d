//! Keeps secrets out of outcomes.

use std::borrow::Cow;

use crate::outcome::Outcome;
use crate::wire::Redactor;

/// Masks the secrets in what was read.
pub(super) fn mask_secrets(outcome: &mut Outcome, redactor: &Redactor) {
    // One look at all of it, which hardly ever finds anything.
    let mut all = String::new();
    outcome.each_text(&mut |text| all.extend(["|", text.as_str()]));
    if redactor.is_harmless(&all) {
        return;
    }
    outcome.each_text(&mut |text| {
        if let Cow::Owned(masked) = redactor.text(text) {
            *text = masked;
        }
    });
}
