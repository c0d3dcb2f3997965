//! The bytes as the content of a .ods, since few random bytes are an archive.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| klantreis_fuzz::part(data, "content.xml", "a.ods"));
