//! Phases and touchpoints: what a passage is about.
//!
//! The phase of each sentence is the path of a hidden Markov model (Rabiner 1989): what is said (and asked) speaks for
//! a phase by the study's own words for it and by words learned from gold; talk tends to stay in a phase, and to go
//! through the phases in their order. A phase that was never seen is recognised by its label, description and cues.

use std::collections::{BTreeMap, HashMap, HashSet};

use klantreis_study::{PhaseId, Study, TouchpointId, Transcript};
use klantreis_text::{Stemmer, tokens};
use serde::{Deserialize, Serialize};

use crate::train::Example;

/// Words with weights.
type Weights = BTreeMap<String, f32>;

/// Parts of an interview, and of the journey, for the learned order of phases.
const PARTS: usize = 8;

/// What gold teaches of phases and touchpoints.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Topics {
    /// `study/phase` → stems with their log-odds against the other phases of that study.
    phases: BTreeMap<String, Weights>,
    /// Touchpoint id → stems with their log-odds against other coded sentences.
    touchpoints: BTreeMap<String, Weights>,
    /// Phase ids of each study, in order.
    known: BTreeMap<String, Vec<String>>,
    /// Part of the interview × part of the journey → log-probability.
    order: Vec<Vec<f32>>,
}

/// Stems kept of each phase and touchpoint.
const KEPT: usize = 150;

impl Topics {
    /// Learns from coded interviews.
    pub fn learn(examples: &[&Example]) -> Self {
        let mut stemmer = Stemmer::dutch();
        let mut phase_counts: BTreeMap<(String, String), HashMap<String, f32>> = BTreeMap::new();
        let mut touch_counts: BTreeMap<String, HashMap<String, f32>> = BTreeMap::new();
        let mut all_counts: HashMap<String, f32> = HashMap::new();
        let mut order = vec![vec![1.0f32; PARTS]; PARTS];
        let mut known = BTreeMap::new();
        for example in examples {
            known.insert(example.study.clone(), example.phases.iter().map(ToString::to_string).collect::<Vec<_>>());
            let count = example.transcript.turns.len().max(1);
            let mut at = 0;
            for (t, turn) in example.transcript.respondent_turns() {
                for range in &turn.sentences {
                    let gold = &example.gold[at];
                    at += 1;
                    let Some(phase) = &gold.phase else { continue };
                    let stems: HashSet<String> = stems(&turn.text[range.clone()], &mut stemmer).collect();
                    for stem in &stems {
                        *all_counts.entry(stem.clone()).or_default() += 1.0;
                        let counts = phase_counts.entry((example.study.clone(), phase.to_string())).or_default();
                        *counts.entry(stem.clone()).or_default() += 1.0;
                        if let Some(touchpoint) = &gold.touchpoint {
                            let counts = touch_counts.entry(touchpoint.to_string()).or_default();
                            *counts.entry(stem.clone()).or_default() += 1.0;
                        }
                    }
                    if let Some(k) = example.phases.iter().position(|p| p == phase) {
                        let part = (2 * k + 1) * PARTS / (2 * example.phases.len());
                        order[t * PARTS / count][part] += 1.0;
                    }
                }
            }
        }
        for row in &mut order {
            let sum: f32 = row.iter().sum();
            row.iter_mut().for_each(|x| *x = (*x / sum).ln());
        }
        let phases = phase_counts
            .iter()
            .map(|((study, phase), counts)| {
                let mut rest = HashMap::new();
                for (_, more) in phase_counts.iter().filter(|((s, p), _)| s == study && p != phase) {
                    for (stem, n) in more {
                        *rest.entry(stem.clone()).or_default() += n;
                    }
                }
                (format!("{study}/{phase}"), log_odds(counts, &rest))
            })
            .collect();
        let touchpoints = touch_counts.iter().map(|(id, counts)| (id.clone(), log_odds(counts, &all_counts))).collect();
        Self { phases, touchpoints, known, order }
    }

    /// Adds what another study taught; of a study known to both, the newer counts.
    pub fn add(&mut self, newer: Self) {
        // Of two studies with the same phases `for_study` would take the older.
        self.known.retain(|_, phases| !newer.known.values().any(|p| p == phases));
        self.phases.extend(newer.phases);
        self.touchpoints.extend(newer.touchpoints);
        self.known.extend(newer.known);
    }

    /// The words that point to each phase of a study.
    pub fn for_study(&self, study: &Study) -> StudyTopics {
        let ids: Vec<&str> = study.phases.iter().map(|p| p.id.as_str()).collect();
        let same = self.known.iter().find(|(_, known)| **known == ids).map(|(name, _)| name);
        let mut stemmer = Stemmer::dutch();
        let phases: Vec<Weights> = study
            .phases
            .iter()
            .map(|phase| {
                let mut weights = Weights::new();
                let learned: Vec<&Weights> = match same {
                    Some(name) => self.phases.get(&format!("{name}/{}", phase.id)).into_iter().collect(),
                    None => {
                        let end = format!("/{}", phase.id);
                        self.phases.iter().filter(|(key, _)| key.ends_with(&end)).map(|(_, w)| w).collect()
                    }
                };
                for list in &learned {
                    for (stem, w) in *list {
                        *weights.entry(stem.clone()).or_default() += w / learned.len() as f32;
                    }
                }
                let own = [phase.label.as_str(), phase.description.as_str()];
                for text in own.into_iter().chain(phase.cues.iter().map(String::as_str)) {
                    for stem in stems(text, &mut stemmer) {
                        let w = weights.entry(stem).or_default();
                        *w = w.max(1.2);
                    }
                }
                weights
            })
            .collect();
        // A word that several phases claim tells none of them apart.
        let mut shared: HashMap<&str, usize> = HashMap::new();
        for stem in phases.iter().flat_map(BTreeMap::keys) {
            *shared.entry(stem).or_default() += 1;
        }
        let shared: HashSet<String> =
            shared.into_iter().filter(|(_, n)| *n == study.phases.len() && *n > 1).map(|(s, _)| s.to_owned()).collect();
        let mut words: HashMap<String, Vec<(usize, f32)>> = HashMap::new();
        for (k, weights) in phases.into_iter().enumerate() {
            for (stem, w) in weights.into_iter().filter(|(s, _)| !shared.contains(s)) {
                words.entry(stem).or_default().push((k, w));
            }
        }
        let mut touch: HashMap<String, Vec<(usize, f32)>> = HashMap::new();
        for (n, touchpoint) in study.touchpoints.iter().enumerate() {
            let mut weights = self.touchpoints.get(touchpoint.id.as_str()).cloned().unwrap_or_default();
            let id = touchpoint.id.as_str().replace(['-', '_'], " ");
            let own = [id.as_str(), touchpoint.label.as_str()];
            for text in own.into_iter().chain(touchpoint.cues.iter().map(String::as_str)) {
                for stem in stems(text, &mut stemmer) {
                    let w = weights.entry(stem).or_default();
                    *w = w.max(3.0);
                }
            }
            for (stem, w) in weights {
                touch.entry(stem).or_default().push((n, w));
            }
        }
        StudyTopics { count: study.phases.len(), words, touch, order: self.order.clone() }
    }
}

/// Stems of the words that carry meaning: at least four letters, or known short nouns.
fn stems<'a>(text: &'a str, stemmer: &'a mut Stemmer) -> impl Iterator<Item = String> + 'a {
    tokens(text).filter(|t| t.text.chars().count() >= 3).filter_map(move |t| {
        let stem = stemmer.stem(t.text);
        (!FUNCTION_WORDS.contains(&stem)).then(|| stem.to_owned())
    })
}

const FUNCTION_WORDS: [&str; 64] = [
    "aan", "als", "ben", "bij", "dan", "dat", "der", "deze", "die", "dit", "doe", "door", "dus", "een", "eens", "gaan",
    "gat", "geen", "haar", "had", "heb", "hebb", "heeft", "heel", "hem", "het", "hij", "hoe", "hun", "iet", "ik",
    "jij", "kan", "maar", "meer", "met", "mij", "mijn", "moet", "naar", "nee", "niet", "nog", "nou", "nu", "ook",
    "over", "toch", "toen", "uit", "van", "veel", "voor", "want", "was", "wat", "wel", "werd", "wij", "wil", "zich",
    "zij", "zijn", "zou",
];

/// Log-odds with a prior of the whole (Monroe, Colaresi & Quinn 2008, without their variance), the largest kept.
fn log_odds(counts: &HashMap<String, f32>, rest: &HashMap<String, f32>) -> Weights {
    let total: f32 = counts.values().sum();
    let others: f32 = rest.values().sum();
    let mut list: Vec<(f32, &String, f32)> = counts
        .iter()
        .filter(|(_, n)| **n >= 2.0)
        .map(|(stem, n)| {
            let odds = ((n + 0.3) / (total + 1.0)).ln()
                - ((rest.get(stem).copied().unwrap_or(0.0) + 0.6) / (others + 1.0)).ln();
            (odds * n.sqrt(), stem, odds)
        })
        .filter(|(_, _, odds)| *odds > 0.4)
        .collect();
    list.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    // Two decimals are enough, and keep the stored model small.
    list.into_iter().take(KEPT).map(|(_, stem, w)| (stem.clone(), (w.min(3.0) * 100.0).round() / 100.0)).collect()
}

/// Phases and touchpoints of one study, ready to use.
pub struct StudyTopics {
    count: usize,
    words: HashMap<String, Vec<(usize, f32)>>,
    touch: HashMap<String, Vec<(usize, f32)>>,
    order: Vec<Vec<f32>>,
}

/// What is said of a sentence's phase and touchpoint, as places in the study's lists.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Topic {
    /// Place of the phase.
    pub phase: usize,
    /// Probability of the phase given the whole interview.
    pub certainty: f32,
    /// Place of the touchpoint.
    pub touchpoint: Option<usize>,
}

/// Log-probability to stay in a phase from sentence to sentence, and from turn to turn.
const STAY: [f32; 2] = [0.97, 0.90];
/// Weight of the order of the phases against the words.
const ORDER: f32 = 0.6;
/// Weight of the interviewer's question against the sentence.
const ASKED: f32 = 0.7;
/// Weight from which a touchpoint is named.
const TOUCH: f32 = 1.9;

impl StudyTopics {
    /// Phase and touchpoint of each respondent sentence of an interview, in order.
    pub fn path(&self, transcript: &Transcript, stemmer: &mut Stemmer) -> Vec<Topic> {
        let k = self.count;
        let turns = transcript.turns.len().max(1);
        let mut emissions: Vec<Vec<f32>> = Vec::new();
        let mut first_of_turn = Vec::new();
        let mut touchpoints = Vec::new();
        for (t, turn) in transcript.respondent_turns() {
            let asked = t.checked_sub(1).map(|q| &transcript.turns[q].text);
            let mut question = vec![0.0; k];
            let mut asked_touch = HashMap::new();
            if let Some(text) = asked {
                self.add(text, ASKED, &mut question, &mut asked_touch, stemmer);
            }
            let mut before: Option<usize> = None;
            for (s, range) in turn.sentences.iter().enumerate() {
                let mut e: Vec<f32> = (0..k)
                    .map(|p| {
                        let part = (2 * p + 1) * PARTS / (2 * k.max(1));
                        let row = self.order.get(t * PARTS / turns);
                        ORDER * row.and_then(|r| r.get(part)).copied().unwrap_or(0.0) * 0.3
                    })
                    .collect();
                if s == 0 {
                    e.iter_mut().zip(&question).for_each(|(e, q)| *e += q);
                }
                let mut touch = HashMap::new();
                self.add(&turn.text[range.clone()], 1.0, &mut e, &mut touch, stemmer);
                let best = touch.into_iter().max_by(|a: &(usize, f32), b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
                let here = best.filter(|(_, w)| *w >= TOUCH).map(|(n, _)| n);
                touchpoints.push(here.or(before));
                before = here.or(before);
                emissions.push(e);
                first_of_turn.push(s == 0);
            }
        }
        let step = |from: usize, to: usize, i: usize| {
            let stay = STAY[usize::from(first_of_turn[i])];
            if from == to { stay.ln() } else { ((1.0 - stay) / (k.max(2) - 1) as f32).ln() }
        };
        let path = viterbi(&emissions, k, step);
        let certainty = posterior(&emissions, k, step);
        path.into_iter()
            .zip(certainty)
            .zip(touchpoints)
            .map(|((phase, p), touchpoint)| Topic {
                phase,
                certainty: p.get(phase).copied().unwrap_or(0.0),
                touchpoint,
            })
            .collect()
    }

    fn add(&self, text: &str, weight: f32, phases: &mut [f32], touch: &mut HashMap<usize, f32>, stemmer: &mut Stemmer) {
        for stem in stems(text, stemmer) {
            for (p, w) in self.words.get(&stem).into_iter().flatten() {
                phases[*p] += w * weight;
            }
            for (n, w) in self.touch.get(&stem).into_iter().flatten() {
                *touch.entry(*n).or_default() += w * weight;
            }
        }
    }

    /// The phase of a place in the study's list, and the touchpoint.
    pub fn ids(&self, topic: Topic, study: &Study) -> Option<(PhaseId, Option<TouchpointId>)> {
        let phase = study.phases.get(topic.phase)?.id.clone();
        Some((phase, topic.touchpoint.and_then(|n| study.touchpoints.get(n)).map(|t| t.id.clone())))
    }
}

/// The likeliest path (Viterbi 1967).
fn viterbi(emissions: &[Vec<f32>], k: usize, step: impl Fn(usize, usize, usize) -> f32) -> Vec<usize> {
    if emissions.is_empty() || k == 0 {
        return vec![0; emissions.len()];
    }
    let mut score = emissions[0].clone();
    let mut back = Vec::with_capacity(emissions.len());
    for (i, e) in emissions.iter().enumerate().skip(1) {
        let best: Vec<(f32, usize)> = (0..k)
            .map(|to| {
                (0..k)
                    .map(|from| (score[from] + step(from, to, i), from))
                    .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
                    .unwrap_or((0.0, 0))
            })
            .collect();
        score = best.iter().zip(e).map(|((s, _), e)| s + e).collect();
        back.push(best.into_iter().map(|(_, from)| from).collect::<Vec<_>>());
    }
    let mut at = (0..k).max_by(|a, b| score[*a].total_cmp(&score[*b]).then(b.cmp(a))).unwrap_or(0);
    let mut path = vec![at];
    for row in back.iter().rev() {
        at = row[at];
        path.push(at);
    }
    path.reverse();
    path
}

/// The probability of each phase at each sentence given the whole interview (forward–backward).
fn posterior(emissions: &[Vec<f32>], k: usize, step: impl Fn(usize, usize, usize) -> f32) -> Vec<Vec<f32>> {
    let n = emissions.len();
    let normal = |row: &mut Vec<f32>| {
        let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum = row.iter().map(|x| (x - top).exp()).sum::<f32>().ln() + top;
        row.iter_mut().for_each(|x| *x -= sum);
    };
    let log_sum = |values: &mut dyn Iterator<Item = f32>| {
        let v: Vec<f32> = values.collect();
        let top = v.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        v.iter().map(|x| (x - top).exp()).sum::<f32>().ln() + top
    };
    if k == 0 {
        return vec![vec![]; n];
    }
    let mut forward: Vec<Vec<f32>> = Vec::with_capacity(n);
    for (i, e) in emissions.iter().enumerate() {
        let mut row: Vec<f32> = match forward.last() {
            None => e.clone(),
            Some(last) => {
                (0..k).map(|to| e[to] + log_sum(&mut (0..k).map(|from| last[from] + step(from, to, i)))).collect()
            }
        };
        normal(&mut row);
        forward.push(row);
    }
    let mut backward = vec![vec![0.0; k]; n];
    for i in (0..n.saturating_sub(1)).rev() {
        let mut row: Vec<f32> = (0..k)
            .map(|from| {
                log_sum(&mut (0..k).map(|to| backward[i + 1][to] + emissions[i + 1][to] + step(from, to, i + 1)))
            })
            .collect();
        normal(&mut row);
        backward[i] = row;
    }
    forward
        .into_iter()
        .zip(backward)
        .map(|(f, b)| {
            let mut row: Vec<f32> = f.iter().zip(&b).map(|(f, b)| f + b).collect();
            normal(&mut row);
            row.iter().map(|x| x.exp()).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn talk_stays_in_a_phase_until_words_speak_for_another() {
        let stay = |from: usize, to: usize, _: usize| if from == to { -0.1 } else { -2.5 };
        let e = [vec![3.0, 0.0], vec![0.0, 0.5], vec![0.0, 3.0], vec![0.0, 0.0]];
        assert_eq!(viterbi(&e, 2, stay), [0, 1, 1, 1]);
        for row in posterior(&e, 2, stay) {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        }
    }
}
