//! What gold teaches of phases and touchpoints.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use klantreis_study::Study;
use serde::{Deserialize, Serialize};

use super::{
    chain::STEPS,
    lines::{Line, TENTHS, content_of, key, lines},
    regression,
    stems::{Stem, Stems},
    taught,
};
use crate::{
    features::{Said, sentences},
    train::Example,
    words::Words,
};

/// Stems with weights.
pub(super) type Weights = BTreeMap<String, f32>;

/// Parts of the journey, so that studies with other phases can be laid over one another.
pub(super) const PARTS: usize = 8;

/// What gold teaches of phases and touchpoints: the words of those that it knows, and of any journey how it goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Topics {
    /// The studies that it learned from.
    pub(super) known: BTreeMap<String, Packed>,
    /// Touchpoint id (empty: none) → stems with their log-odds against other coded sentences.
    pub(super) touchpoints: BTreeMap<String, Weights>,
    /// Tenth of the interview × part of the journey → log-odds.
    pub(super) order: Vec<[f32; PARTS]>,
    /// Stem (behind `?` where it is asked) → part of the journey → log-odds.
    pub(super) parts: BTreeMap<String, [f32; PARTS]>,
    /// Shares of the steps from one coded sentence to the next: within a turn, and between turns.
    pub(super) steps: [[f32; STEPS]; 2],
    /// In the names and descriptions of how many phases a stem stands.
    pub(super) naming: BTreeMap<String, usize>,
    /// Number of phases counted in `naming`.
    pub(super) phases: usize,
}

/// The words of one study's phases.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Known {
    /// Ids, in order.
    pub phases: Vec<String>,
    /// Of the studies that come with the program: stems with their weights in a [regression](super::regression), a phase
    /// each.
    pub words: Vec<Weights>,
    /// Hashes of [pieces of words](taught) with their weights, a phase each.
    pub pieces: BTreeMap<u64, Vec<f32>>,
    /// Places in the interview with their weights, a phase each; none where there are `words`.
    pub places: Vec<Vec<f32>>,
}

/// What is known of a study, taken apart only when it is asked for: a model knows many, and a run is about one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Packed {
    /// The ids of its phases, in order.
    pub phases: Vec<String>,
    all: Vec<u8>,
}

impl Packed {
    /// Packs it.
    pub fn of(known: Known) -> Self {
        let all = postcard::to_allocvec(&known).unwrap_or_default();
        Self { phases: known.phases, all }
    }

    /// Unpacks it; nothing if its bytes were changed, which [`is_sound`](Self::is_sound) tells.
    pub fn open(&self) -> Known {
        self.opened().unwrap_or_default()
    }

    /// Whether it can be unpacked.
    pub fn is_sound(&self) -> bool {
        self.opened().is_ok()
    }

    fn opened(&self) -> postcard::Result<Known> {
        postcard::from_bytes(&self.all)
    }
}

/// Stems kept of each touchpoint.
const KEPT: usize = 200;
/// Studies in which a word must be there to tell of a part of any journey, or of a touchpoint in any study.
const STUDIES: [usize; 2] = [4, 2];

/// How much of a phase falls into each part of the journey.
pub(super) fn spread(phase: usize, of: usize) -> [f32; PARTS] {
    let (from, to) = (phase as f32 / of as f32 * PARTS as f32, (phase + 1) as f32 / of as f32 * PARTS as f32);
    std::array::from_fn(|part| {
        let (part, next) = (part as f32, part as f32 + 1.0);
        (to.min(next) - from.max(part)).max(0.0) / (to - from)
    })
}

/// A coded sentence.
pub(super) struct Seen {
    pub line: Line,
    pub phase: usize,
    pub touchpoint: String,
    /// The step from the coded sentence before it: within the turn (0) or not (1), and how far.
    pub step: Option<(usize, usize)>,
}

/// Counts of stems.
#[derive(Default)]
struct Counts {
    of: HashMap<u64, f32>,
    all: f32,
}

impl Counts {
    fn add(&mut self, stems: &[Stem], weight: f32) {
        for stem in stems {
            *self.of.entry(stem.hash).or_default() += weight;
        }
        self.all += stems.len() as f32 * weight;
    }

    fn get(&self, stem: u64) -> f32 {
        self.of.get(&stem).copied().unwrap_or(0.0)
    }
}

impl Topics {
    /// Whether all that is known can be read.
    pub fn are_sound(&self) -> bool {
        self.known.values().all(Packed::is_sound)
    }

    /// Forgets the words for the phases of single studies, but for those of some.
    pub fn keep(&mut self, wanted: impl Fn(&str) -> bool) {
        self.known.retain(|study, _| wanted(study));
    }

    /// Learns from coded interviews: what holds for other studies too, and a little of each study's own phases.
    pub fn learn(examples: &[&Example]) -> Self {
        let heard = Heard::of(examples);
        let of_phases = heard.studies.iter().filter(|(_, (study, seen))| study.phases.len() > 1 && !seen.is_empty());
        let known = of_phases
            .map(|(name, (study, seen))| ((*name).to_owned(), Packed::of(regression::learn(study, seen, &heard.names))))
            .collect();
        Self { known, ..Self::of_any_study(heard) }
    }

    /// What coded interviews teach that holds for other studies too.
    pub(super) fn of_any_study(Heard { mut words, names, studies, standard }: Heard<'_>) -> Self {
        let naming = naming(studies.values().map(|(study, _)| *study), &mut words);
        // Coders differ in where they let a phase begin and in what they call a touchpoint, less in the words that tell of it.
        let leading = || studies.iter().filter(|(name, _)| standard.is_empty() || standard.contains(*name));
        let mut order = [[1.0f32; PARTS]; TENTHS];
        let mut steps = [[0.5f32; STEPS]; 2];
        for (k, seen) in leading().flat_map(|(_, (study, seen))| seen.iter().map(|s| (study.phases.len(), s))) {
            order[seen.line.tenth].iter_mut().zip(spread(seen.phase, k)).for_each(|(o, s)| *o += s);
            if let Some((turn, step)) = seen.step {
                steps[turn][step] += 1.0;
            }
        }
        for row in &mut steps {
            let sum: f32 = row.iter().sum();
            row.iter_mut().for_each(|x| *x = round(*x / sum));
        }
        let order = order
            .into_iter()
            .map(|row| {
                let sum: f32 = row.iter().sum();
                row.map(|x| round((x / sum * PARTS as f32).ln()))
            })
            .collect();
        Self {
            known: BTreeMap::new(),
            touchpoints: touchpoints(leading(), &names),
            order,
            parts: parts(&studies, &names),
            steps,
            phases: studies.values().map(|(s, _)| s.phases.len()).sum(),
            naming,
        }
    }

    /// Learns what the coded interviews of a study teach of its phases and touchpoints.
    pub fn add(&mut self, examples: &[&Example]) {
        let of_study = Self::of_any_study(Heard::of(examples));
        self.touchpoints.extend(of_study.touchpoints.into_iter().filter(|(id, _)| !id.is_empty()));
        self.know(examples);
    }

    /// Learns the phases of each study by itself, in place of the little that it knew of them.
    pub(super) fn know(&mut self, examples: &[&Example]) {
        let mut studies: BTreeMap<&str, Vec<&Example>> = BTreeMap::new();
        for example in examples {
            studies.entry(&example.study).or_default().push(example);
        }
        for (name, examples) in studies {
            if let Some(known) = taught::learn(self, &examples) {
                // Of two studies with the same phases the older would be taken.
                self.known.retain(|_, old| old.phases != known.phases);
                self.known.insert(name.to_owned(), Packed::of(known));
            }
        }
    }

    /// How telling it is that a phase is named by a stem: few phases are, or many.
    pub(super) fn rarity(&self, stem: &str) -> f32 {
        let phases = self.naming.get(stem).copied().unwrap_or(0) + 1;
        ((self.phases + 1) as f32 / phases as f32).ln().max(0.0) / 3.0
    }
}

/// The coded sentences of interviews, by study.
pub(super) struct Heard<'e> {
    words: Words,
    /// Stems by their hashes.
    names: HashMap<u64, Box<str>>,
    studies: Coded<'e>,
    /// Those with a [standard](Example::standard).
    standard: BTreeSet<&'e str>,
}

/// Each study with its coded sentences.
type Coded<'e> = BTreeMap<&'e str, (&'e Study, Vec<Seen>)>;

impl<'e> Heard<'e> {
    pub fn of(examples: &[&'e Example]) -> Self {
        let (mut words, mut names) = (Words::new(), HashMap::new());
        let mut studies = Coded::new();
        for example in examples {
            let (_, seen) = studies.entry(&example.study).or_insert((&example.design, Vec::new()));
            seen.extend(coded(example, &mut words, &mut names));
        }
        let standard = examples.iter().filter(|e| e.standard).map(|e| e.study.as_str()).collect();
        Self { words, names, studies, standard }
    }
}

/// The coded sentences of an interview.
fn coded(example: &Example, words: &mut Words, names: &mut HashMap<u64, Box<str>>) -> Vec<Seen> {
    let all = sentences(&example.transcript, words);
    for said in &all {
        for word in &said.sentence.words {
            names.entry(word.stem_hash).or_insert_with(|| word.stem.clone());
        }
    }
    for turn in &example.transcript.turns {
        names.extend(content_of(&turn.text, words));
    }
    let lines = lines(&example.transcript, all.iter(), &Stems::default(), false);
    let mut out: Vec<Seen> = Vec::new();
    let mut last: Option<(usize, usize)> = None;
    for ((line, gold), Said { place, .. }) in lines.into_iter().zip(&example.gold).zip(&all) {
        let Some(phase) = &gold.phase else { continue };
        let Some(phase) = example.design.phases.iter().position(|p| p.id == *phase) else { continue };
        let step = last.map(|(turn, before)| {
            let step = (phase as isize - before as isize).clamp(-2, 2) + 2;
            (usize::from(turn != place.turn), step as usize)
        });
        last = Some((place.turn, phase));
        let touchpoint = gold.touchpoint.as_ref().map(ToString::to_string).unwrap_or_default();
        out.push(Seen { line, phase, touchpoint, step });
    }
    out
}

/// In the names of how many phases each stem stands.
fn naming<'a>(studies: impl Iterator<Item = &'a Study>, words: &mut Words) -> BTreeMap<String, usize> {
    let mut out = BTreeMap::new();
    for phase in studies.flat_map(|s| &s.phases) {
        for (_, stem) in content_of(&super::named(phase), words) {
            *out.entry(stem.into_string()).or_default() += 1;
        }
    }
    out
}

/// What words tell of a part of any journey.
fn parts(studies: &Coded<'_>, names: &HashMap<u64, Box<str>>) -> BTreeMap<String, [f32; PARTS]> {
    let mut counts: BTreeMap<String, ([f32; PARTS], BTreeSet<&str>)> = BTreeMap::new();
    for (name, (study, seen)) in studies {
        for s in seen {
            let spread = spread(s.phase, study.phases.len());
            let mut said: Vec<u64> = s.line.all.iter().map(|stem| stem.hash).collect();
            said.sort_unstable();
            said.dedup();
            let said = said.iter().map(|stem| names[stem].to_string());
            let asked = s.line.asked.iter().map(|stem| asked_key(&names[&stem.hash]));
            for stem in said.chain(asked) {
                let (row, studies) = counts.entry(stem).or_default();
                row.iter_mut().zip(spread).for_each(|(x, s)| *x += s);
                studies.insert(*name);
            }
        }
    }
    let mut all = [0.0f32; PARTS];
    for (row, _) in counts.values() {
        all.iter_mut().zip(row).for_each(|(a, x)| *a += x);
    }
    let total: f32 = all.iter().sum();
    let share = all.map(|a| (a / total).max(1e-6));
    counts
        .into_iter()
        .filter(|(_, (_, studies))| studies.len() >= STUDIES[0])
        .map(|(stem, (row, _))| {
            let n: f32 = row.iter().sum();
            let odds = std::array::from_fn(|p| round(((row[p] + 8.0 * share[p]) / (n + 8.0)).ln() - share[p].ln()));
            (stem, odds)
        })
        .collect()
}

/// The name of a stem that is asked for.
pub(super) fn asked_key(stem: &str) -> String {
    format!("?{stem}")
}

/// The hash by which a learned stem goes: of what is said, or of what is asked.
pub(super) fn part_key(stem: &str) -> (u64, bool) {
    match stem.strip_prefix('?') {
        Some(stem) => (key(stem), true),
        None => (key(stem), false),
    }
}

/// What words tell of the touchpoints that several studies share, and of there being none.
fn touchpoints<'s>(
    studies: impl Iterator<Item = (&'s &'s str, &'s (&'s Study, Vec<Seen>))> + Clone,
    names: &HashMap<u64, Box<str>>,
) -> BTreeMap<String, Weights> {
    let mut all = Counts::default();
    let mut of: BTreeMap<&str, (Counts, HashMap<u64, BTreeSet<&str>>)> = BTreeMap::new();
    let fewest = STUDIES[1].min(studies.clone().count());
    for (name, (_, seen)) in studies {
        for s in seen {
            all.add(&s.line.said, 1.0);
            let (counts, where_) = of.entry(&s.touchpoint).or_default();
            counts.add(&s.line.said, 1.0);
            for stem in &s.line.said {
                where_.entry(stem.hash).or_default().insert(*name);
            }
        }
    }
    of.into_iter()
        .map(|(id, (counts, studies))| {
            let list =
                counts.of.iter().filter(|(stem, n)| **n >= 2.0 && studies[stem].len() >= fewest).map(|(stem, n)| {
                    let odds = ((n + 0.3) / (counts.all + 1.0)).ln()
                        - ((all.get(*stem) - n + 0.6) / (all.all - counts.all + 1.0)).ln();
                    (odds.abs() * n.sqrt(), &*names[stem], odds.clamp(-2.0, 3.0))
                });
            (id.to_owned(), heaviest(list.collect(), KEPT))
        })
        .collect()
}

/// The heaviest of some stems, given as (how heavy, stem, weight).
pub(super) fn heaviest(mut list: Vec<(f32, &str, f32)>, most: usize) -> Weights {
    list.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    list.into_iter().take(most).map(|(_, stem, w)| (stem.to_owned(), round(w))).collect()
}

/// Two decimals are enough, and keep the stored model small.
fn round(x: f32) -> f32 {
    (x * 100.0).round() / 100.0
}
