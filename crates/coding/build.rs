//! Compiles the lexicon in `data/lexicon` when the program is built: at each start it would take as long as coding six
//! interviews.

#[path = "src/cue.rs"]
#[allow(dead_code, reason = "the program uses all of it")]
mod cue;
#[path = "src/lexicon/entry.rs"]
#[allow(dead_code, reason = "the program uses all of it")]
mod entry;
#[path = "src/hash.rs"]
#[allow(dead_code, reason = "the program uses all of it")]
mod hash;
#[path = "src/pattern.rs"]
#[allow(dead_code, reason = "the program uses all of it")]
mod pattern;

use std::{env, error::Error, fs, path::Path};

use klantreis_text::Stemmer;
use serde::Deserialize;

use crate::{
    cue::Cue,
    entry::Entry,
    hash::{hash, pair},
    pattern::Patterns,
};

/// In the order in which the model's makers have always read them; entries are known by their place.
const FILES: [&str; 4] = ["nl-pijn.csv", "nl-winst.csv", "nl-behoefte.csv", "nl-uitdrukkingen.csv"];

#[derive(Deserialize)]
struct Row {
    entry: String,
    class: String,
    valence: i8,
    strength: f32,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../data/lexicon");
    let mut stemmer = Stemmer::dutch();
    let (mut cues, mut entries) = (Vec::new(), Vec::new());
    for name in FILES {
        let path = folder.join(name);
        println!("cargo::rerun-if-changed={}", path.display());
        for row in csv::Reader::from_path(&path)?.into_deserialize() {
            let Row { entry, class, valence, strength } = row.map_err(|e| format!("{}: {e}", path.display()))?;
            let cue = Cue::parse(&entry, &mut stemmer).map_err(|e| format!("{}: {e}", path.display()))?;
            cues.push(Cue { weight: strength, ..cue });
            let class_hash = [b"".as_slice(), b"!"].map(|sign| pair(hash(class.as_bytes()), hash(sign)));
            entries.push(Entry { class: class.into(), valence, strength, class_hash });
        }
    }
    let patterns = Patterns::of(cues);
    if let Some((cue, _)) = patterns.regexes.first() {
        return Err(format!("data/lexicon: \"{}\": write it in words", patterns.cues[*cue].label).into());
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("lexicon.bin"), postcard::to_allocvec(&(patterns, entries))?)?;
    Ok(())
}
