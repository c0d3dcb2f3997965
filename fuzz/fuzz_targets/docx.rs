//! The bytes as the main part of a .docx, since few random bytes are an archive.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| klantreis_fuzz::part(data, "word/document.xml", "a.docx"));
