//! The built-in lexicon of spoken Dutch: words, expressions and constructions with a class, a valence and a strength.

use klantreis_text::Stemmer;
use rayon::prelude::*;
use serde::Deserialize;

use crate::{
    cue::Cue,
    hash::{hash, pair},
};

const FILES: [&str; 4] = [
    include_str!("../../../data/lexicon/nl-pijn.csv"),
    include_str!("../../../data/lexicon/nl-winst.csv"),
    include_str!("../../../data/lexicon/nl-behoefte.csv"),
    include_str!("../../../data/lexicon/nl-uitdrukkingen.csv"),
];

/// What a lexicon entry says.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its class, such as `obstakel`.
    pub class: Box<str>,
    /// -3 … 3.
    pub valence: i8,
    /// How surely it alone points to its class, 0…1.
    pub strength: f32,
    /// The class as a feature: as it is, and negated.
    pub class_hash: [u64; 2],
}

impl Entry {
    fn new(row: Row) -> Self {
        let class_hash = [b"".as_slice(), b"!"].map(|sign| pair(hash(row.class.as_bytes()), hash(sign)));
        Self { class: row.class.into(), valence: row.valence, strength: row.strength, class_hash }
    }

    /// Valence times strength; negation turns it and takes half away.
    pub fn force(&self, negated: bool) -> f32 {
        f32::from(self.valence) * self.strength * if negated { -0.5 } else { 1.0 }
    }
}

#[derive(Deserialize)]
struct Row {
    entry: String,
    class: String,
    valence: i8,
    strength: f32,
}

/// Entries that a thread compiles at least at once.
const AT_ONCE: usize = 1024;

/// The entries with their cues, in the same order. Entries that are no cue are left out.
pub fn built_in() -> (Vec<Cue>, Vec<Entry>) {
    let rows =
        |file: &&str| -> Vec<Row> { csv::Reader::from_reader(file.as_bytes()).deserialize().flatten().collect() };
    let rows: Vec<Vec<Row>> = FILES.par_iter().map(rows).collect();
    let compiled: Vec<(Cue, Entry)> = rows
        .into_iter()
        .flatten()
        .collect::<Vec<Row>>()
        .into_par_iter()
        .with_min_len(AT_ONCE)
        .map_init(Stemmer::dutch, |stemmer, row| {
            let cue = Cue::parse(&row.entry, stemmer).ok()?;
            Some((Cue { weight: row.strength, ..cue }, Entry::new(row)))
        })
        .flatten()
        .collect();
    compiled.into_iter().unzip()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{matcher::Matcher, words::Words};

    #[test]
    fn every_row_of_the_lexicon_can_be_used() {
        let rows: usize = FILES.iter().map(|f| csv::Reader::from_reader(f.as_bytes()).records().count()).sum();
        let (cues, entries) = built_in();
        assert_eq!(cues.len(), entries.len());
        assert_eq!(cues.len(), rows);
    }

    #[test]
    fn a_rare_word_is_not_found_in_a_common_one_with_its_stem() {
        let (cues, entries) = built_in();
        let matcher = Matcher::new(cues);
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
