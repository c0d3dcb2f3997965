//! A corpus of any size, made of the example interviews: the same for the same seed.
//!
//! Each interview takes turns from the interviews of the studies by chance until it has some 3,000 words. New words come in
//! as Heaps' law has it, V(n) = K·nᵝ, with K = 17 and β = 0.54 as fitted on the interviews in `data`: compounds of words
//! that are there.

use std::{fs, path::Path};

/// Words of an interview.
const WORDS: usize = 3_000;
/// Heaps' law of the interviews in `data`, from a least-squares fit of log V against log n over 250 of them.
const HEAPS: (f64, f64) = (17.0, 0.54);

/// Turns to draw from.
pub struct Corpus {
    /// A question and the answer to it.
    pairs: Vec<(String, String)>,
    /// Words to make compounds of.
    nouns: Vec<String>,
    seed: u64,
}

/// Numbers that look random (SplitMix64, Steele et al. 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

impl Corpus {
    /// Reads the plain interviews below a folder of studies.
    pub fn read(studies: &Path, seed: u64) -> std::io::Result<Self> {
        let mut files = Vec::new();
        for study in fs::read_dir(studies)? {
            let interviews = study?.path().join("interviews");
            if interviews.is_dir() {
                for file in fs::read_dir(interviews)? {
                    files.push(file?.path());
                }
            }
        }
        files.retain(|file| file.extension().is_some_and(|e| e == "txt"));
        files.sort();
        let (mut pairs, mut nouns) = (Vec::new(), Vec::new());
        for file in files {
            let text = fs::read_to_string(file)?;
            let mut question: Option<&str> = None;
            for line in text.lines() {
                if let Some(asked) = line.strip_prefix("I: ") {
                    question = Some(asked);
                } else if let Some(said) = line.strip_prefix("R: ")
                    && let Some(asked) = question.take()
                {
                    pairs.push((asked.to_owned(), said.to_owned()));
                    let long = said.split(|c: char| !c.is_alphabetic()).filter(|w| (5..9).contains(&w.chars().count()));
                    nouns.extend(long.filter(|w| w.chars().all(|c| c.is_ascii_lowercase())).map(str::to_owned));
                }
            }
        }
        nouns.sort();
        nouns.dedup();
        Ok(Self { pairs, nouns, seed })
    }

    /// Interview `n` as a `.txt`.
    pub fn interview(&self, n: usize) -> String {
        let mut random = Random(self.seed ^ (n as u64).wrapping_mul(0xff51_afd7_ed55_8ccd));
        let mut text = format!("Interview: {n}\nSegment: {}\n", ["ouderen", "jongeren", "gezinnen"][n % 3]);
        let types = |words: usize| (HEAPS.0 * (words as f64).powf(HEAPS.1)) as usize;
        let mut new = types(n * WORDS)..types((n + 1) * WORDS);
        let every = WORDS / (new.len() * 2).max(1);
        let (mut words, mut since) = (0, 0);
        while words < WORDS {
            let (asked, said) = &self.pairs[random.below(self.pairs.len())];
            text.push_str(&format!("\nI: {asked}\n\nR: "));
            for word in said.split(' ') {
                words += 1;
                since += 1;
                let plain = word.len() > 5 && word.chars().all(|c| c.is_ascii_lowercase());
                if plain && since >= every.max(2) {
                    since = 0;
                    // As many old ones come back as new ones come in.
                    let number = if words % 2 == 0 { new.next() } else { None };
                    let number = number.unwrap_or_else(|| random.below(new.start.max(1)));
                    text.push_str(&self.compound(number));
                } else {
                    text.push_str(word);
                }
                text.push(' ');
            }
            text.pop();
            text.push('\n');
        }
        text
    }

    /// The compound with a number.
    fn compound(&self, number: usize) -> String {
        let mut random = Random(self.seed.wrapping_add(number as u64).wrapping_mul(0x9e37_79b9));
        let mut pick = || self.nouns[random.below(self.nouns.len())].as_str();
        let (first, second) = (pick(), pick());
        format!("{first}{second}")
    }
}
