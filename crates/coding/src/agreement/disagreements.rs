//! Where two sides differ, and whether confidence keeps its word.

use std::{cmp::Reverse, collections::BTreeMap};

use klantreis_study::{Category, Transcript};
use serde::Serialize;

use super::Interview;

/// A row of the calibration table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CalibrationBin {
    /// Confidence from here…
    pub from: f64,
    /// … to here (the last bin holds its end, too).
    pub to: f64,
    /// Sentences with a category proposed at such a confidence.
    pub n: usize,
    /// Their mean confidence.
    pub confidence: f64,
    /// Share of them that the gold has, too. Well calibrated is where this is near `confidence`.
    pub right: f64,
}

/// Ten bins of confidence; empty ones are left out.
pub(super) fn calibration(interviews: &[Interview<'_>]) -> Vec<CalibrationBin> {
    let mut bins = BTreeMap::<usize, (usize, f64, usize)>::new();
    for (gold, found) in interviews.iter().flat_map(Interview::pairs) {
        for (category, sure) in &found.categories {
            let bin = bins.entry(((sure * 10.0) as usize).min(9)).or_default();
            bin.0 += 1;
            bin.1 += f64::from(*sure);
            bin.2 += usize::from(gold.categories.contains_key(category));
        }
    }
    bins.into_iter()
        .map(|(bin, (n, sum, right))| CalibrationBin {
            from: bin as f64 / 10.0,
            to: (bin + 1) as f64 / 10.0,
            n,
            confidence: sum / n as f64,
            right: right as f64 / n as f64,
        })
        .collect()
}

/// How often one category was given where the gold has another or none, or none where it has one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Confusion {
    /// What was given, which the gold lacks; none: nothing was.
    pub found: Option<Category>,
    /// What the gold has; none: nothing.
    pub gold: Option<Category>,
    /// On how many sentences.
    pub sentences: usize,
}

/// The most frequent first.
pub(super) fn confusions(interviews: &[Interview<'_>]) -> Vec<Confusion> {
    let mut counts = BTreeMap::<(Option<&Category>, Option<&Category>), usize>::new();
    for (gold, found) in interviews.iter().flat_map(Interview::pairs) {
        let or_none = |some: Vec<Option<_>>| if some.is_empty() { vec![None] } else { some };
        let extra: Vec<_> = found.categories.keys().filter(|c| !gold.categories.contains_key(*c)).map(Some).collect();
        let given = if found.categories.is_empty() { or_none(extra) } else { extra };
        for found in given {
            for gold in or_none(gold.categories.keys().map(Some).collect()) {
                if found.or(gold).is_some() {
                    *counts.entry((found, gold)).or_default() += 1;
                }
            }
        }
    }
    let row = |((found, gold), sentences): ((Option<&Category>, Option<&Category>), usize)| Confusion {
        found: found.cloned(),
        gold: gold.cloned(),
        sentences,
    };
    let mut out: Vec<_> = counts.into_iter().map(row).collect();
    out.sort_by_key(|c| Reverse(c.sentences));
    out
}

/// A sentence on which the sides differ, in context.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Disagreement {
    /// The interview.
    pub file: String,
    /// The turn's number, from 1.
    pub turn: u32,
    /// The category in dispute.
    pub category: Category,
    /// The confidence at which it was proposed; none: the gold has it and the program has not.
    pub confidence: Option<f32>,
    /// All that the gold has.
    pub gold: Vec<Category>,
    /// All that was found.
    pub found: Vec<Category>,
    /// The sentence before, possibly of the question.
    pub before: String,
    /// The sentence.
    pub sentence: String,
    /// The sentence after.
    pub after: String,
}

/// Disagreements that a report shows.
const SHOWN: usize = 20;

/// The clearest disagreements: half of them proposals that the gold lacks, the surest first; half of them misses, first
/// those of the categories that are otherwise recognised best (`f1`), then of the strongest emotion. Where
/// one half is short the other fills up. Of neighbouring sentences in the same dispute one is shown.
pub(super) fn clearest(interviews: &[Interview<'_>], f1: &BTreeMap<Category, f64>) -> Vec<Disagreement> {
    let (mut extra, mut missed) = (Vec::new(), Vec::new());
    for (i, interview) in interviews.iter().enumerate() {
        for (s, (gold, found)) in interview.pairs().enumerate() {
            for (category, sure) in &found.categories {
                if !gold.categories.contains_key(category) {
                    extra.push((f64::from(*sure), 0.0, i, s, category));
                }
            }
            for category in gold.categories.keys().filter(|c| !found.categories.contains_key(*c)) {
                let weight = f1.get(category).copied().unwrap_or(0.0);
                missed.push((weight, gold.emotion().unwrap_or(0.0).abs(), i, s, category));
            }
        }
    }
    for side in [&mut extra, &mut missed] {
        side.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1)).then((a.2, a.3).cmp(&(b.2, b.3))));
        let mut kept: Vec<(f64, f64, usize, usize, &Category)> = Vec::new();
        for one in side.iter().take(20 * SHOWN) {
            if !kept.iter().any(|k| k.2 == one.2 && k.3.abs_diff(one.3) <= 1 && k.4 == one.4) {
                kept.push(*one);
            }
        }
        *side = kept;
    }
    let misses = missed.len().min((SHOWN / 2).max(SHOWN.saturating_sub(extra.len())));
    extra.truncate(SHOWN - misses);
    missed.truncate(misses);
    extra.into_iter().chain(missed).map(|(_, _, i, s, category)| in_context(&interviews[i], s, category)).collect()
}

fn in_context(interview: &Interview<'_>, s: usize, category: &Category) -> Disagreement {
    let (gold, found) = (&interview.gold.marks[s].categories, &interview.found.marks[s].categories);
    let (turn, sentence) = interview.gold.places[s];
    let (before, after) = around(interview.transcript, turn, sentence);
    let here = &interview.transcript.turns[turn];
    Disagreement {
        file: interview.name.clone(),
        turn: here.number,
        category: category.clone(),
        confidence: found.get(category).copied(),
        gold: gold.keys().cloned().collect(),
        found: found.keys().cloned().collect(),
        before,
        sentence: here.passage(sentence..sentence + 1).to_owned(),
        after,
    }
}

/// The sentences before and after one, across turns.
fn around(transcript: &Transcript, turn: usize, sentence: usize) -> (String, String) {
    let text = |t: usize, s: usize| transcript.turns[t].passage(s..s + 1).to_owned();
    let last = |t: usize| Some(text(t, transcript.turns[t].sentences.len().checked_sub(1)?));
    let before = match sentence.checked_sub(1) {
        Some(s) => text(turn, s),
        None => turn.checked_sub(1).and_then(last).unwrap_or_default(),
    };
    let after = if sentence + 1 < transcript.turns[turn].sentences.len() {
        text(turn, sentence + 1)
    } else {
        transcript.turns.get(turn + 1).map(|t| t.passage(0..1).to_owned()).unwrap_or_default()
    };
    (before, after)
}
