//! `scimsnap run`: how a run proceeds, ends, and judges.

mod against;
mod exit_codes;
mod intercept;
mod interrupt;
mod jobs;
mod known;
mod lagging;
mod ledger;
mod left_over;
mod manners;
#[cfg(unix)]
mod progress;
mod rerun;
mod suites;
