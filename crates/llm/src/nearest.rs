//! Which of many texts are nearest to another, by tf-idf.

use std::collections::{BTreeMap, HashMap};

/// Texts, found by their words.
#[derive(Clone, Default)]
pub struct Nearest {
    texts: usize,
    /// The texts in which a word stands, and what it counts for in each, of a length of one.
    words: HashMap<String, Vec<(usize, f32)>>,
}

impl Nearest {
    /// Learns the words of some texts.
    pub fn of(texts: impl ExactSizeIterator<Item = String>) -> Self {
        let count = texts.len();
        let mut words: HashMap<String, Vec<(usize, f32)>> = HashMap::new();
        for (n, text) in texts.enumerate() {
            for (word, count) in counts(&text) {
                words.entry(word).or_default().push((n, count));
            }
        }
        let mut squares = vec![0.0f32; count];
        // In the order of the words, so that sums are the same every time.
        let mut sorted: Vec<_> = words.iter_mut().collect();
        sorted.sort_by_key(|(word, _)| *word);
        for (_, texts) in sorted {
            let rarity = rarity(count, texts.len());
            for (n, weight) in texts {
                *weight = often(*weight) * rarity;
                squares[*n] += *weight * *weight;
            }
        }
        for (n, weight) in words.values_mut().flatten() {
            *weight /= squares[*n].sqrt().max(f32::MIN_POSITIVE);
        }
        Self { texts: count, words }
    }

    /// The places of the nearest texts among those that may be taken, at most `most`, the nearest last.
    pub fn to(&self, text: &str, most: usize, may: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut near = vec![0.0f32; self.texts];
        for (word, count) in counts(text) {
            let texts = self.words.get(&word).map_or(&[][..], Vec::as_slice);
            let asked = often(count) * rarity(self.texts, texts.len());
            texts.iter().for_each(|(n, weight)| near[*n] += asked * weight);
        }
        let mut places: Vec<usize> = (0..self.texts).filter(|n| may(*n)).collect();
        places.sort_by(|a, b| near[*b].total_cmp(&near[*a]).then(a.cmp(b)));
        places.truncate(most);
        places.reverse();
        places
    }
}

/// What a word counts for that stands in a text so often.
fn often(count: f32) -> f32 {
    1.0 + count.ln()
}

/// What a word counts for that stands in so many of all texts.
fn rarity(all: usize, with: usize) -> f32 {
    ((all + 1) as f32 / (with + 1) as f32).ln()
}

/// How often each word stands in a text.
fn counts(text: &str) -> BTreeMap<String, f32> {
    let mut out = BTreeMap::new();
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|w| w.chars().count() > 3) {
        *out.entry(word.to_lowercase()).or_insert(0.0) += 1.0;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_words_that_two_texts_share_bring_them_near() {
        let texts =
            ["Het formulier kwam terug.", "De parkeergarage was dicht.", "Het formulier voor de parkeergarage."];
        let near = Nearest::of(texts.into_iter().map(str::to_owned));
        assert_eq!(near.to("Bij de parkeergarage stond niemand.", 2, |_| true), [2, 1]);
        assert_eq!(near.to("Bij de parkeergarage stond niemand.", 2, |n| n != 1), [0, 2]);
        assert_eq!(Nearest::default().to("iets", 2, |_| true), [0usize; 0]);
    }
}
