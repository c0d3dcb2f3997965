//! Phases and touchpoints: what a passage is about.
//!
//! Both are states of a hidden Markov chain over the sentences of an interview (Rabiner 1989). What is said, and asked,
//! speaks for a phase by the study's own words for it; by words that in any journey go with its beginning, middle or
//! end; and by its place in the interview. Then the study's own interviews teach what else is said in each phase,
//! although nobody coded them (expectation–maximisation). Where people did code some, their words count too.

mod chain;
mod learned;
mod lines;
mod measure;
mod regression;
mod stems;
mod table;
mod taught;
mod tracker;

use klantreis_study::{Phase, PhaseId, Study, Touchpoint, TouchpointId, Transcript};
use rayon::prelude::*;

use self::{
    chain::Chain,
    learned::{PARTS, part_key, spread},
    lines::{Line, content_of, key, lines},
    stems::{Stem, Stems, UNKNOWN},
    table::{Table, add},
    taught::Taught,
    tracker::{Teaching, Tracker},
};
use crate::{
    features::{Said, sentences},
    hash::{ByHash, hash, pair},
    words::Words,
};

pub(crate) use self::stems::NOBODY;
pub use self::{
    learned::Topics,
    measure::{TopicAccuracy, topic_accuracy},
};

/// Log-odds for a word that names a phase, and for its parts and compounds.
const NAMED: f32 = 1.05;
/// The same for a touchpoint.
const NAMED_TOUCHPOINT: f32 = 6.0;
/// Weight of a compound of a naming word, or of a part of it, against the word itself.
const COMPOUND: [f32; 2] = [0.4, 0.3];
/// Letters of a word from which it is looked for in compounds.
const COMPOUND_FROM: [usize; 2] = [5, 4];
/// Weight of the place in the interview.
const ORDER: f32 = 0.175;
/// Weight of words that go with a part of any journey.
const PART: f32 = 0.14;
/// Weight of the interviewer's question against what is said: for phases and for touchpoints.
const ASKED: [f32; 2] = [1.5, 0.7];
/// What the study's uncoded interviews teach: of phases and of touchpoints.
const TEACHING: [Teaching; 2] = [Teaching { rounds: 8, weight: 0.42 }, Teaching { rounds: 2, weight: 0.5 }];
/// Weight of words that several studies use of a touchpoint.
const SHARED: f32 = 0.5;
/// Log-odds for there being no touchpoint.
const NOWHERE: f32 = 1.0;
/// How likely talk stays with a touchpoint, within a turn and from turn to turn.
const STAY: [f32; 2] = [0.7, 0.3];
/// Interviews that are enough to learn a study's words from.
const ENOUGH: usize = 200;

/// Phases and touchpoints of one study, ready to recognise.
pub struct StudyTopics {
    phases: Tracker,
    /// Of each phase, how it lies over the parts of a journey.
    spreads: Vec<[f32; PARTS]>,
    order: Vec<[f32; PARTS]>,
    /// What people coded of the study before.
    taught: Taught,
    /// The stems of which something is known.
    stems: Stems,
    /// Of the first of them, how they lie over the parts of a journey where they are said, and where they are asked.
    parts: Vec<[[f32; PARTS]; 2]>,
    /// The first state is none.
    touchpoints: Tracker,
    /// Words that name a state, for finding their compounds: the word, the state, the log-odds.
    naming: [Vec<(Box<str>, usize, f32)>; 2],
}

/// What is said of a sentence's phase and touchpoint, as places in the study's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Place of the phase.
    pub phase: usize,
    /// Place of the touchpoint.
    pub touchpoint: Option<usize>,
}

/// All that a study says of a phase.
fn named(phase: &Phase) -> String {
    let id = phase.id.as_str().replace(['-', '_'], " ");
    format!("{id} {} {} {}", phase.label, phase.description, phase.cues.join(" "))
}

fn named_touchpoint(touchpoint: &Touchpoint) -> String {
    let id = touchpoint.id.as_str().replace(['-', '_'], " ");
    format!("{id} {} {}", touchpoint.label, touchpoint.cues.join(" "))
}

impl Topics {
    /// What points to each phase and touchpoint of a study.
    pub fn for_study(&self, study: &Study) -> StudyTopics {
        let ids: Vec<&str> = study.phases.iter().map(|p| p.id.as_str()).collect();
        let taught = self
            .known
            .values()
            .find(|known| known.phases == ids)
            .map(|known| Taught::of(&known.open()))
            .unwrap_or_default();
        self.with(taught, study)
    }

    fn with(&self, taught: Taught, study: &Study) -> StudyTopics {
        let mut words = Words::new();
        let k = study.phases.len();
        let mut naming = [Vec::new(), Vec::new()];
        for (n, phase) in study.phases.iter().enumerate() {
            for (_, stem) in content_of(&named(phase), &mut words) {
                let weight = taught.trust() * NAMED * self.rarity(&stem);
                naming[0].push((stem, n, weight));
            }
        }
        for (n, touchpoint) in study.touchpoints.iter().enumerate() {
            for (_, stem) in content_of(&named_touchpoint(touchpoint), &mut words) {
                naming[1].push((stem, n + 1, NAMED_TOUCHPOINT));
            }
        }
        let mut phases = weights(&naming[0], k);
        phases.values_mut().for_each(|row| centre(row));
        let states = study.touchpoints.len() + 1;
        let mut touchpoints = weights(&naming[1], states);
        let ids = std::iter::once("").chain(study.touchpoints.iter().map(|t| t.id.as_str()));
        for (n, list) in ids.enumerate().filter_map(|(n, id)| Some((n, self.touchpoints.get(id)?))) {
            for (stem, w) in list {
                touchpoints.entry(key(stem)).or_insert_with(|| vec![0.0; states])[n] += SHARED * w;
            }
        }
        let mut stems = Stems::default();
        let mut parts = Vec::new();
        for (stem, odds) in &self.parts {
            let (stem, asked) = part_key(stem);
            let number = stems.number(stem) as usize;
            parts.resize(stems.len(), [[0.0; PARTS]; 2]);
            parts[number][usize::from(asked)] = *odds;
        }
        let phases = table(&phases, k, &mut stems);
        let touchpoints = table(&touchpoints, states, &mut stems);
        stems.seal();
        StudyTopics {
            phases: Tracker::new(Chain::ordered(&self.steps, k), phases, ASKED[0], taught.teaching(TEACHING[0])),
            spreads: (0..k).map(|n| spread(n, k)).collect(),
            order: self.order.clone(),
            taught,
            stems,
            parts,
            touchpoints: Tracker::new(Chain::sticky(STAY, states), touchpoints, ASKED[1], TEACHING[1]),
            naming,
        }
    }
}

/// The rows of stems, by their numbers.
fn table(rows: &ByHash<Vec<f32>>, width: usize, stems: &mut Stems) -> Table {
    let mut out = Table::repeat(&vec![0.0; width], stems.len() + rows.len());
    for (stem, row) in rows {
        out.row_mut(stems.number(*stem) as usize).copy_from_slice(row);
    }
    out
}

/// Stems with the log-odds of the states that they name, of `k`.
fn weights(naming: &[(Box<str>, usize, f32)], k: usize) -> ByHash<Vec<f32>> {
    let mut out = ByHash::<Vec<f32>>::default();
    for (stem, state, weight) in naming {
        let x = &mut out.entry(key(stem)).or_insert_with(|| vec![0.0; k])[*state];
        *x = x.max(*weight);
    }
    out
}

/// A word that speaks for all states alike speaks for none.
fn centre(row: &mut [f32]) {
    let mean = row.iter().sum::<f32>() / row.len() as f32;
    row.iter_mut().for_each(|x| *x -= mean);
}

/// The places of the interviews that a study's words are learned from, in order.
pub fn teachers<'n>(files: impl Iterator<Item = &'n str>) -> Vec<usize> {
    drawn(files, ENOUGH)
}

/// The places of `n` files in their order: all of few, and of many those whose names have the smallest hashes, so that a
/// new file seldom changes the choice, and a smaller draw is part of a larger one.
pub fn drawn<'n>(files: impl Iterator<Item = &'n str>, n: usize) -> Vec<usize> {
    let mut drawn: Vec<(u64, usize)> = files.enumerate().map(|(place, file)| (hash_of_name(file), place)).collect();
    if drawn.len() > n {
        drawn.select_nth_unstable(n);
        drawn.truncate(n);
    }
    let mut places: Vec<usize> = drawn.into_iter().map(|(_, place)| place).collect();
    places.sort_unstable();
    places
}

/// A hash of a file's name, even in all its bits.
pub fn hash_of_name(name: &str) -> u64 {
    pair(hash(name.as_bytes()), 0).rotate_left(32)
}

impl StudyTopics {
    /// Learns from the study's interviews, coded or not, what is said in its phases and of its touchpoints. The result
    /// depends on the interviews and their order alone. Threads keep the words that they meet, as `prepare` has them
    /// seen: they are the first that coding asks for.
    pub fn adapt<'t>(
        &mut self,
        transcripts: impl Iterator<Item = &'t Transcript>,
        prepare: impl Fn(&mut Words) + Sync,
    ) {
        let all: Vec<&Transcript> = transcripts.collect();
        let teachers: Vec<_> = teachers(all.iter().map(|t| t.file.as_str())).into_iter().map(|n| all[n]).collect();
        let interviews = self.listen(&teachers, prepare);
        let phases: Vec<_> = interviews.iter().map(|lines| self.before(lines)).collect();
        let touchpoints: Vec<_> = interviews.iter().map(|lines| self.before_touchpoints(lines.len())).collect();
        let Self { phases: by_phase, touchpoints: by_touchpoint, stems, .. } = self;
        rayon::join(
            || by_phase.adapt(&interviews, &phases, stems),
            || by_touchpoint.adapt(&interviews, &touchpoints, stems),
        );
    }

    /// The lines of interviews, whose words of content, and compounds of naming words among them, are known from then on.
    fn listen(&mut self, transcripts: &[&Transcript], prepare: impl Fn(&mut Words) + Sync) -> Vec<Vec<Line>> {
        let one = |transcript: &&Transcript| {
            Words::of_thread(|words| {
                prepare(words);
                let all = sentences(transcript, words);
                let mut stems = ByHash::<Box<str>>::default();
                for word in all.iter().flat_map(|said| &said.sentence.words).filter(|w| w.content) {
                    stems.entry(word.stem_hash).or_insert_with(|| word.stem.clone());
                }
                (stems, self.lines(transcript, all.iter()))
            })
        };
        let (stems, mut interviews): (Vec<_>, Vec<_>) = transcripts.par_iter().map(one).unzip();
        self.learn_compounds(&stems.into_iter().flatten().collect());
        for line in interviews.iter_mut().flatten() {
            for Stem { hash, number } in line.said.iter_mut().chain(&mut line.asked) {
                if *number == UNKNOWN {
                    *number = self.stems.number(*hash);
                }
            }
        }
        self.stems.seal();
        interviews
    }

    fn lines<'a>(&self, transcript: &Transcript, all: impl Iterator<Item = &'a Said<'a>>) -> Vec<Line> {
        lines(transcript, all, &self.stems, self.taught.hears_pieces())
    }

    /// Words that hold a naming word, or stand in one, speak for its state a little.
    fn learn_compounds(&mut self, seen: &ByHash<Box<str>>) {
        for (n, naming) in self.naming.iter().enumerate() {
            let tracker = if n == 0 { &mut self.phases } else { &mut self.touchpoints };
            let long = |word: &str| word.chars().count() >= COMPOUND_FROM[n];
            for (hash, word) in seen {
                let mut row = vec![0.0f32; tracker.states()];
                for (stem, state, weight) in naming {
                    let holds = long(stem) && word.contains(&**stem) || long(word) && stem.contains(&**word);
                    if holds && word != stem {
                        row[*state] = row[*state].max(COMPOUND[n] * weight);
                    }
                }
                if row.iter().any(|x| *x > 0.0) {
                    if n == 0 {
                        centre(&mut row);
                    }
                    tracker.add(self.stems.number(*hash), &row);
                }
            }
        }
    }

    /// What is known of the phase of each line.
    fn heard(&self, lines: &[Line]) -> Table {
        self.phases.emissions(lines, &self.before(lines))
    }

    /// What the place in the interview, words that go with a part of any journey, and what people coded before say of the
    /// phases.
    fn before(&self, lines: &[Line]) -> Table {
        let trust = self.taught.trust();
        let mut out = Table::repeat(&vec![0.0; self.spreads.len()], lines.len());
        for (i, line) in lines.iter().enumerate() {
            let mut parts = [0.0; PARTS];
            let mut hear =
                |row: Option<&[f32; PARTS]>, weight| row.into_iter().for_each(|x| add(&mut parts, weight, x));
            hear(self.order.get(line.tenth), ORDER);
            let of = |stem: &Stem| self.parts.get(stem.number as usize);
            line.all.iter().for_each(|stem| hear(of(stem).map(|[said, _]| said), PART));
            line.asked.iter().for_each(|stem| hear(of(stem).map(|[_, asked]| asked), PART * ASKED[0]));
            let row = out.row_mut(i);
            for (x, spread) in row.iter_mut().zip(&self.spreads) {
                *x = trust * spread.iter().zip(&parts).map(|(s, p)| s * p).sum::<f32>();
            }
            self.taught.hear(line, row);
        }
        out
    }

    fn before_touchpoints(&self, lines: usize) -> Table {
        let mut row = vec![0.0; self.touchpoints.states()];
        row[0] = NOWHERE;
        Table::repeat(&row, lines)
    }

    /// Phase and touchpoint of each sentence of an interview, in order.
    pub(crate) fn path<'a>(&self, transcript: &Transcript, all: impl Iterator<Item = &'a Said<'a>>) -> Vec<Topic> {
        let lines = self.lines(transcript, all);
        let phases = self.phases.follow(&lines, &self.before(&lines));
        let touchpoints = self.touchpoints.follow(&lines, &self.before_touchpoints(lines.len()));
        let topic = |(phase, touchpoint): (usize, usize)| Topic { phase, touchpoint: touchpoint.checked_sub(1) };
        phases.into_iter().zip(touchpoints).map(topic).collect()
    }

    /// The probability of the phase that [`path`](Self::path) gives each sentence, given the whole interview. Only who asks
    /// why wants to know: it takes as long as the path.
    pub(crate) fn certainties<'a>(
        &self,
        transcript: &Transcript,
        all: impl Iterator<Item = &'a Said<'a>>,
        path: &[Topic],
    ) -> Vec<f32> {
        let lines = self.lines(transcript, all);
        let phases = self.phases.certainties(&lines, &self.before(&lines));
        phases.rows().zip(path).map(|(row, topic)| row.get(topic.phase).copied().unwrap_or(0.0)).collect()
    }

    /// The phase of a place in the study's list, and the touchpoint.
    pub fn ids(&self, topic: Topic, study: &Study) -> Option<(PhaseId, Option<TouchpointId>)> {
        let phase = study.phases.get(topic.phase)?.id.clone();
        Some((phase, topic.touchpoint.and_then(|n| study.touchpoints.get(n)).map(|t| t.id.clone())))
    }
}
