//! The bytes as a .pdf.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| klantreis_fuzz::read(data, "a.pdf"));
