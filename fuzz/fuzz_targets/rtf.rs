//! The bytes as a .rtf.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| klantreis_fuzz::read(data, "a.rtf"));
