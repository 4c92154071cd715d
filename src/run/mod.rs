//! Plans, stages, runs and cleans up; everything that happens leaves as an event.
//!
//! May use every room but `report` and `cli`.
