//! The fuzz targets, which `cargo test` has as well.

#[path = "../../tests/fuzz/targets.rs"]
pub mod targets;
