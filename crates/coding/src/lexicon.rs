//! The built-in lexicon of spoken Dutch: words, expressions and constructions with a class, a valence and a strength.

mod entry;

use crate::pattern::Patterns;

pub use self::entry::Entry;

/// What the build script made of `data/lexicon`.
const COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.bin"));

/// The cues of the entries, and what the entries say, in the same order.
pub(crate) fn built_in() -> (Patterns, Vec<Entry>) {
    postcard::from_bytes(COMPILED).expect("the build script wrote it with these types")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{matcher::Matcher, words::Words};

    #[test]
    fn every_row_of_the_lexicon_can_be_used() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/lexicon");
        let rows = |path| csv::Reader::from_path(path).unwrap().into_records().count();
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let all: usize = files.filter(|path| path.extension().is_some_and(|e| e == "csv")).map(rows).sum();
        let (patterns, entries) = built_in();
        assert_eq!(patterns.cues.len(), entries.len());
        assert_eq!(patterns.cues.len(), all);
        let mut heard: Vec<u32> = patterns.waiting.iter().map(|waiting| waiting.cue).collect();
        heard.sort_unstable();
        heard.dedup();
        assert_eq!(heard.len(), all);
    }

    #[test]
    fn a_rare_word_is_not_found_in_a_common_one_with_its_stem() {
        let (patterns, entries) = built_in();
        let matcher = Matcher::of(patterns);
        let classes = |text: &str| -> Vec<String> {
            let mut found = Vec::new();
            matcher.find(&Words::new().sentence(text), &mut found);
            found.iter().map(|m| entries[m.cue].class.to_string()).collect()
        };
        // Snowball gives "gêne" and "geen", "vieren" and "vier", "bot" and "boot" one stem.
        assert_eq!(classes("Toch wat gêne."), ["schaamte"]);
        assert!(
            !classes("Nee, geen idee, vier boten achter elkaar.").iter().any(|c| c == "schaamte" || c == "vreugde")
        );
    }
}
