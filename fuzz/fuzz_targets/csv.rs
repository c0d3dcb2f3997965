//! The bytes as a .csv.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| klantreis_fuzz::read(data, "a.csv"));
