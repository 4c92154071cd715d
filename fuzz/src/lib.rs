//! The fuzz targets, which `cargo test` has as well.

#[path = "../../tests/it/fuzz/targets/mod.rs"]
pub mod targets;
