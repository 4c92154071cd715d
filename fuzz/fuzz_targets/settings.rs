#![no_main]

use scimsnap_fuzz::targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::settings(bytes));
