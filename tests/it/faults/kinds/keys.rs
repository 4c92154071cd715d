//! Keys that open and should not, or do not and should.

use crate::faults::{Ask, Fault};
use crate::support::{Call, Reply};

pub(super) const FAULTS: [Fault; 8] = [
    Fault::new(
        "key-nothing-opens",
        "`Bearer ` with nothing behind it opens the door",
        "GET /Users, POST /Users",
        |ask| opens(ask, |word, key, _| word == "bearer" && key.is_empty()),
    )
    .by("scenario-expectation"),
    Fault::new(
        "key-no-header-opens",
        "a request without `Authorization` is answered",
        "GET /Users, POST /Users",
        |ask| {
            if ask.call.header("authorization").is_some() {
                return ask.pass();
            }
            ask.fire();
            ask.pass_as_us()
        },
    )
    .blamed(&["scenario-expectation"]),
    Fault::new(
        "key-small-letters-are-refused",
        "`bearer` in small letters is refused, though schemes have no case",
        "GET /Users",
        |ask| {
            if ask.call.header("authorization").is_some_and(|value| value.starts_with("bearer")) {
                return ask.refuse(401, "", "The key is missing.");
            }
            ask.pass()
        },
    )
    .by("scenario-expectation")
    .beside(&["challenge"])
    .should(),
    Fault::new(
        "key-another-scheme-opens",
        "the key opens under another scheme, such as `Token` or `Basic`",
        "GET /Users, POST /Users",
        |ask| opens(ask, |word, key, ours| !word.is_empty() && word != "bearer" && key == ours),
    )
    .by("scenario-expectation")
    .should(),
    Fault::new(
        "key-without-a-scheme-opens",
        "the key opens without any scheme",
        "GET /Users, POST /Users",
        |ask| opens(ask, |word, key, ours| key.is_empty() && word == ours.to_lowercase()),
    )
    .by("scenario-expectation")
    .should(),
    Fault::new(
        "key-that-goes-on-opens",
        "a key that begins with the right one and goes on opens",
        "GET /Users, POST /Users",
        |ask| {
            opens(ask, |word, key, ours| word == "bearer" && key.len() > ours.len() && key.starts_with(ours))
        },
    )
    .by("scenario-expectation"),
    Fault::new("key-that-is-cut-opens", "the beginning of the key opens", "GET /Users, POST /Users", |ask| {
        opens(ask, |word, key, ours| {
            word == "bearer" && !key.is_empty() && key.len() < ours.len() && ours.starts_with(key)
        })
    })
    .by("scenario-expectation"),
    Fault::new(
        "key-of-any-kind-reads",
        "any key reads, and only writes are checked",
        "GET /Users, GET /Users/{id}, GET /Groups",
        |ask| opens(ask, |word, key, ours| ask_reads(ask.call) && word == "bearer" && key != ours),
    )
    .blamed(&["scenario-expectation"]),
];

fn ask_reads(call: &Call) -> bool {
    call.method == "GET"
}

/// Lets in whom `is_let_in` says, by the scheme in small letters, the key, and the right key.
fn opens(ask: &Ask<'_>, is_let_in: impl Fn(&str, &str, &str) -> bool) -> Reply {
    let Some(value) = ask.call.header("authorization") else { return ask.pass() };
    let (word, key) = value.split_once(' ').unwrap_or((value, ""));
    if !is_let_in(&word.to_lowercase(), key.trim(), ask.token()) {
        return ask.pass();
    }
    ask.fire();
    ask.pass_as_us()
}
