//! `scimsnap run`: how a run proceeds, ends, and judges.

mod against;
mod exit_codes;
mod intercept;
mod interrupt;
mod jobs;
mod known;
mod ledger;
mod manners;
mod suites;
