//! Scenario files: the bundled ones, and what is wrong in others.

mod bundled;
mod causes;
mod errors;
mod standard;
