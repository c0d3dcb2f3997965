//! The bytes as a .vtt.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| klantreis_fuzz::read(data, "a.vtt"));
