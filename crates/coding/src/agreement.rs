//! Agreement, measured on respondent sentences: each carries the set of categories of the codings that cover it.

mod chance;
mod coders;
mod counts;
mod disagreements;
mod sheet;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use klantreis_study::{Category, PhaseId, Transcript};
use serde::Serialize;

use self::counts::{Bootstrap, Counts};
pub use self::{
    chance::{alpha, kappa},
    coders::{CoderAgreement, PairAgreement, between_coders},
    counts::Estimate,
    disagreements::{CalibrationBin, Confusion, Disagreement},
    sheet::{Marks, Sheet},
};
use crate::model::CATEGORIES;

/// The categories over which macro-F1 is taken: the first three of [`CATEGORIES`].
const CORE: usize = 3;

/// An interview as people coded it and as the program did.
#[derive(Clone, Debug)]
pub struct Interview<'a> {
    /// How reports name it.
    pub name: String,
    /// Its words.
    pub transcript: &'a Transcript,
    /// What people coded.
    pub gold: Sheet,
    /// What the program proposed.
    pub found: Sheet,
}

impl Interview<'_> {
    /// Gold and found of each sentence.
    fn pairs(&self) -> impl Iterator<Item = (&Marks, &Marks)> {
        self.gold.marks.iter().zip(&self.found.marks)
    }
}

/// Agreement on one category.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CategoryAgreement {
    /// The category.
    pub category: Category,
    /// Sentences that people gave it.
    pub gold: usize,
    /// Sentences that the program gave it.
    pub found: usize,
    /// Share of the found that are right.
    pub precision: Estimate,
    /// Share of the gold that was found.
    pub recall: Estimate,
    /// Harmonic mean of precision and recall.
    pub f1: Estimate,
    /// Cohen's [`kappa`].
    pub kappa: Estimate,
    /// Krippendorff's [`alpha`] of the question whether a sentence carries the category.
    pub alpha: Option<f64>,
}

/// Agreement over all.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// Interviews compared.
    pub interviews: usize,
    /// Respondent sentences compared, coded or not.
    pub sentences: usize,
    /// Sentences that both sides coded.
    pub both: usize,
    /// A row a category: the built-in ones, then a study's own.
    pub categories: Vec<CategoryAgreement>,
    /// Mean F1 of behoefte, winst and pijnpunt.
    pub macro_f1: Estimate,
    /// [`alpha`] over the decisions whether a sentence carries behoefte, winst and pijnpunt: three units a sentence.
    pub alpha_decisions: Option<f64>,
    /// [`alpha`] over the sets of categories: a unit a sentence, which agrees only where the whole set is the same.
    pub alpha_sets: Option<f64>,
    /// Share of the sentences that both coded which are in the same phase.
    pub phase_accuracy: Option<f64>,
    /// The same for the touchpoint, where none is a value too.
    pub touchpoint_accuracy: Option<f64>,
    /// Mean absolute difference of the emotion on the sentences that both coded.
    pub emotion_error: Option<f64>,
    /// Mean absolute difference of the mean emotions of the phases: of the emotion curve.
    pub emotion_curve_error: Option<f64>,
    /// Whether confidence keeps its word.
    pub calibration: Vec<CalibrationBin>,
    /// What was taken for what.
    pub confusions: Vec<Confusion>,
    /// The twenty clearest disagreements.
    pub disagreements: Vec<Disagreement>,
}

/// The built-in categories, then those of the sheets.
fn all_categories<'a>(sheets: impl Iterator<Item = &'a Sheet>) -> Vec<Category> {
    let mut out: Vec<Category> = CATEGORIES.iter().filter_map(|c| Category::new(c).ok()).collect();
    let mut own: Vec<&Category> = sheets.flat_map(|s| &s.marks).flat_map(|m| m.categories.keys()).collect();
    own.sort();
    own.dedup();
    let own: Vec<Category> = own.into_iter().filter(|c| !out.contains(c)).cloned().collect();
    out.extend(own);
    out
}

fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (n, sum) = values.into_iter().fold((0, 0.0), |(n, sum), v| (n + 1, sum + v));
    (n > 0).then(|| sum / f64::from(n))
}

impl Agreement {
    /// Compares both sides of all interviews.
    pub fn between(interviews: &[Interview<'_>]) -> Self {
        let categories = all_categories(interviews.iter().flat_map(|i| [&i.gold, &i.found]));
        let counts: Vec<Vec<Counts>> =
            interviews.iter().map(|i| categories.iter().map(|c| count(i, c)).collect()).collect();
        let bootstrap = Bootstrap::over(&counts);
        let row = |(l, category): (usize, &Category)| CategoryAgreement {
            category: category.clone(),
            gold: bootstrap.total().get(l).map_or(0, |c| c.gold),
            found: bootstrap.total().get(l).map_or(0, |c| c.found),
            precision: bootstrap.estimate(|c| c.get(l).map_or(0.0, |c| c.precision())),
            recall: bootstrap.estimate(|c| c.get(l).map_or(0.0, |c| c.recall())),
            f1: bootstrap.estimate(|c| c.get(l).map_or(0.0, |c| c.f1())),
            kappa: bootstrap.estimate(|c| c.get(l).map_or(1.0, |c| c.kappa())),
            alpha: alpha(carries(interviews, category)),
        };
        let rows: Vec<CategoryAgreement> = categories.iter().enumerate().map(row).collect();
        let f1 = rows.iter().map(|r| (r.category.clone(), r.f1.value)).collect();
        let pairs = || interviews.iter().flat_map(Interview::pairs);
        let both: Vec<_> = pairs().filter(|(g, f)| !g.categories.is_empty() && !f.categories.is_empty()).collect();
        let share = |same: fn(&Marks, &Marks) -> bool| mean(both.iter().map(|(g, f)| f64::from(u8::from(same(g, f)))));
        let set = |m: &Marks| m.categories.keys().cloned().collect::<Vec<_>>();
        Self {
            interviews: interviews.len(),
            sentences: pairs().count(),
            both: both.len(),
            macro_f1: bootstrap.estimate(|c| c.iter().take(CORE).map(|c| c.f1()).sum::<f64>() / CORE as f64),
            alpha_decisions: alpha(categories.iter().take(CORE).flat_map(|c| carries(interviews, c))),
            alpha_sets: alpha(pairs().map(|(g, f)| vec![set(g), set(f)])),
            phase_accuracy: share(|g, f| g.phase == f.phase),
            touchpoint_accuracy: share(|g, f| g.touchpoint == f.touchpoint),
            emotion_error: mean(both.iter().filter_map(|(g, f)| Some((g.emotion()? - f.emotion()?).abs()))),
            emotion_curve_error: curve_error(interviews),
            calibration: disagreements::calibration(interviews),
            confusions: disagreements::confusions(interviews),
            disagreements: disagreements::clearest(interviews, &f1),
            categories: rows,
        }
    }
}

/// Whether each side gives each sentence the category.
fn carries(interviews: &[Interview<'_>], category: &Category) -> impl Iterator<Item = Vec<bool>> {
    let has = |m: &Marks| m.categories.contains_key(category);
    interviews.iter().flat_map(Interview::pairs).map(move |(g, f)| vec![has(g), has(f)])
}

fn count(interview: &Interview<'_>, category: &Category) -> Counts {
    let mut counts = Counts::default();
    for (gold, found) in interview.pairs() {
        let (g, f) = (gold.categories.contains_key(category), found.categories.contains_key(category));
        let [both, found, gold] = [g && f, f, g].map(usize::from);
        counts.add(Counts { both, found, gold, all: 1 });
    }
    counts
}

/// Mean over the phases that both sides use of how far their mean emotions lie apart.
fn curve_error(interviews: &[Interview<'_>]) -> Option<f64> {
    let curve = |sheets: Vec<&Sheet>| {
        let mut phases = BTreeMap::<PhaseId, Vec<f64>>::new();
        for marks in sheets.into_iter().flat_map(|sheet| &sheet.marks) {
            if let (Some(phase), Some(emotion)) = (&marks.phase, marks.emotion()) {
                phases.entry(phase.clone()).or_default().push(emotion);
            }
        }
        phases
    };
    let (gold, found) =
        (curve(interviews.iter().map(|i| &i.gold).collect()), curve(interviews.iter().map(|i| &i.found).collect()));
    mean(gold.into_iter().filter_map(|(phase, g)| Some((mean(g)? - mean(found.get(&phase)?.iter().copied())?).abs())))
}
