//! Which codes meet?

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::passage::Passage;

/// Two codes that meet in one passage or in neighbouring ones.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Meeting {
    /// The first, in alphabetical order: a category, or `category:code` where there is a code.
    pub a: String,
    /// The second.
    pub b: String,
    /// Passages that carry both.
    pub together: usize,
    /// Pairs of neighbouring passages of which one carries the first and the other the second.
    pub neighbouring: usize,
    /// Interviews in which they meet, either way.
    pub interviews: usize,
    /// Passages that carry the first.
    pub n_a: usize,
    /// Passages that carry the second.
    pub n_b: usize,
    /// `together` over the passages that carry either, 0…1 (Jaccard 1901; ATLAS.ti's c-coefficient).
    pub jaccard: f64,
}

/// Counts meetings, passage after passage.
#[derive(Debug, Default)]
pub struct Meetings {
    counts: BTreeMap<String, usize>,
    pairs: BTreeMap<(String, String), (usize, usize, BTreeSet<String>)>,
    last: Option<(u64, String, BTreeSet<String>)>,
}

impl Meetings {
    /// Counts a passage. Passages come in order; those of one interview whose `number`s follow each other are neighbours.
    pub fn add(&mut self, number: u64, passage: &Passage) {
        let codes = codes(passage);
        for code in &codes {
            *self.counts.entry(code.clone()).or_default() += 1;
        }
        let interview = &passage.interview;
        for a in &codes {
            for b in codes.iter().filter(|b| a < b) {
                let pair = self.pairs.entry((a.clone(), b.clone())).or_default();
                pair.0 += 1;
                pair.2.insert(interview.clone());
            }
        }
        if let Some((_, _, before)) = self.last.take().filter(|(n, i, _)| n + 1 == number && i == interview) {
            let mut near = BTreeSet::new();
            for x in &before {
                for y in codes.iter().filter(|y| *y != x) {
                    near.insert(if x < y { (x.clone(), y.clone()) } else { (y.clone(), x.clone()) });
                }
            }
            for key in near {
                let pair = self.pairs.entry(key).or_default();
                pair.1 += 1;
                pair.2.insert(interview.clone());
            }
        }
        self.last = Some((number, interview.clone(), codes));
    }

    /// The pairs that meet: most often together first, then most often neighbours.
    pub fn list(&self) -> Vec<Meeting> {
        let meeting =
            |((a, b), (together, neighbouring, interviews)): (&(String, String), &(usize, usize, BTreeSet<_>))| {
                let (n_a, n_b) = (self.counts[a], self.counts[b]);
                Meeting {
                    a: a.clone(),
                    b: b.clone(),
                    together: *together,
                    neighbouring: *neighbouring,
                    interviews: interviews.len(),
                    n_a,
                    n_b,
                    jaccard: *together as f64 / (n_a + n_b - together) as f64,
                }
            };
        let mut out: Vec<Meeting> = self.pairs.iter().map(meeting).collect();
        out.sort_by_key(|m| std::cmp::Reverse((m.together, m.neighbouring)));
        out
    }
}

/// The codes of a passage, without those that a researcher refused.
fn codes(passage: &Passage) -> BTreeSet<String> {
    let standing = passage.codings.iter().filter(|c| c.status != "rejected");
    standing
        .map(|c| if c.code.is_empty() { c.category.clone() } else { format!("{}:{}", c.category, c.code) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::HitCoding;

    fn passage(interview: &str, codes: &[&str]) -> Passage {
        let coding = |code: &&str| HitCoding {
            quote_id: String::new(),
            category: (*code).to_owned(),
            code: String::new(),
            phase: "intake".to_owned(),
            touchpoint: String::new(),
            emotion: 0,
            confidence: 0.5,
            status: if *code == "no" { "rejected" } else { "auto" }.to_owned(),
        };
        Passage {
            file: format!("{interview}.txt"),
            interview: interview.to_owned(),
            turn: 1,
            sentence: 1,
            sentences: 1,
            speaker: String::new(),
            time: String::new(),
            text: String::new(),
            codings: codes.iter().map(coding).collect(),
            attributes: BTreeMap::new(),
        }
    }

    #[test]
    fn codes_meet_in_a_passage_and_in_its_neighbour() {
        let mut meetings = Meetings::default();
        for (number, interview, codes) in [
            (0, "een", &["pijn", "winst"] as &[&str]),
            (1, "een", &["winst", "no"]),
            (2, "twee", &["pijn"]),
            (4, "twee", &["winst"]),
        ] {
            meetings.add(number, &passage(interview, codes));
        }
        let list = meetings.list();
        assert_eq!(list.len(), 1);
        let m = &list[0];
        assert_eq!((m.a.as_str(), m.b.as_str()), ("pijn", "winst"));
        assert_eq!((m.together, m.neighbouring, m.interviews, m.n_a, m.n_b), (1, 1, 1, 2, 3));
        assert!((m.jaccard - 0.25).abs() < 1e-12);
    }
}
