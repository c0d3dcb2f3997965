//! The built-in lexicon of spoken Dutch: words, expressions and constructions with a class, a valence and a strength.

use klantreis_text::{Stemmer, fold};
use serde::Deserialize;

use crate::cue::Cue;

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
}

#[derive(Deserialize)]
struct Row {
    entry: String,
    class: String,
    valence: i8,
    strength: f32,
}

/// The entries with their cues, in the same order. Entries that are no cue are left out.
pub fn built_in(stemmer: &mut Stemmer) -> (Vec<Cue>, Vec<Entry>) {
    let mut cues = Vec::new();
    let mut entries = Vec::new();
    for file in FILES {
        let mut reader = csv::Reader::from_reader(file.as_bytes());
        for row in reader.deserialize::<Row>().flatten() {
            let Ok(cue) = Cue::parse(&row.entry, stemmer) else { continue };
            cues.push(Cue { weight: row.strength, ..cue });
            entries.push(Entry { class: row.class.into(), valence: row.valence, strength: row.strength });
        }
    }
    (cues, entries)
}

/// Words so common that a rare one with the same stem ("gêne" and "geen") points to nothing by itself.
const COMMON: [&str; 3] = ["geen", "vier", "achter"];

/// Whether a cue is a word that by its stem can't be told from a common one.
pub fn is_shadowed(label: &str, stemmer: &mut Stemmer) -> bool {
    let folded = fold(label);
    let stem = stemmer.stem(label).to_owned();
    !label.contains(' ') && !COMMON.contains(&&*folded) && COMMON.iter().any(|common| stemmer.stem(common) == stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_lexicon_can_be_used() {
        let rows: usize = FILES.iter().map(|f| csv::Reader::from_reader(f.as_bytes()).records().count()).sum();
        let (cues, entries) = built_in(&mut Stemmer::dutch());
        assert_eq!(cues.len(), entries.len());
        assert_eq!(cues.len(), rows);
    }

    #[test]
    fn a_rare_word_with_the_stem_of_a_common_one_points_to_nothing() {
        let mut stemmer = Stemmer::dutch();
        assert!(is_shadowed("gêne", &mut stemmer));
        assert!(!is_shadowed("schaamte", &mut stemmer) && !is_shadowed("geen openingstijden", &mut stemmer));
    }
}
