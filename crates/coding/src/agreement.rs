//! Agreement on sentences between codings by hand and by the program.

use klantreis_study::CodedTranscript;

use crate::{model::CATEGORIES, train::Example};

/// Agreement on one category.
#[derive(Clone, Debug, PartialEq)]
pub struct CategoryAgreement {
    /// The category.
    pub category: &'static str,
    /// Sentences that people gave it.
    pub gold: usize,
    /// Sentences that the program gave it.
    pub found: usize,
    /// Share of the found that are right.
    pub precision: f64,
    /// Share of the gold that was found.
    pub recall: f64,
    /// Harmonic mean of precision and recall.
    pub f1: f64,
    /// Cohen's κ (1960): agreement beyond chance.
    pub kappa: f64,
}

/// Agreement over all.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// Respondent sentences compared, coded or not.
    pub sentences: usize,
    /// A row a category, in the order of [`CATEGORIES`].
    pub categories: Vec<CategoryAgreement>,
    /// Mean F1 of behoefte, winst and pijnpunt.
    pub macro_f1: f64,
    /// Share of the sentences that both coded which are in the same phase.
    pub phase_accuracy: f64,
}

impl Agreement {
    /// Compares gold with the codings of the same interviews (matched by file).
    pub fn between(gold: &[Example], coded: &[CodedTranscript]) -> Self {
        let (mut counts, mut sentences, mut same, mut both) = ([[0usize; 3]; 4], 0, 0u32, 0u32);
        for example in gold {
            let Some(found) = coded.iter().find(|c| c.transcript.file == example.transcript.file) else { continue };
            let places = example
                .transcript
                .respondent_turns()
                .flat_map(|(t, turn)| (0..turn.sentences.len()).map(move |s| (t, s)));
            for ((t, s), gold) in places.zip(&example.gold) {
                sentences += 1;
                let here: Vec<_> = found.codings.iter().filter(|c| c.turn == t && c.sentences.contains(&s)).collect();
                for (l, category) in CATEGORIES.iter().enumerate() {
                    let (g, f) = (gold.categories[l], here.iter().any(|c| c.category.as_str() == *category));
                    counts[l][0] += usize::from(g && f);
                    counts[l][1] += usize::from(f);
                    counts[l][2] += usize::from(g);
                }
                if let (Some(phase), Some(first)) = (&gold.phase, here.first()) {
                    both += 1;
                    same += u32::from(first.phase == *phase);
                }
            }
        }
        let row = |(l, [hits, found, gold]): (usize, [usize; 3])| {
            let (h, f, g, n) = (hits as f64, found as f64, gold as f64, sentences as f64);
            let share = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
            let observed = share(n - f - g + 2.0 * h, n);
            let chance = share(f * g + (n - f) * (n - g), n * n);
            CategoryAgreement {
                category: CATEGORIES[l],
                gold,
                found,
                precision: share(h, f),
                recall: share(h, g),
                f1: share(2.0 * h, f + g),
                kappa: if chance < 1.0 { (observed - chance) / (1.0 - chance) } else { 1.0 },
            }
        };
        let categories: Vec<_> = counts.into_iter().enumerate().map(row).collect();
        let macro_f1 = categories[..3].iter().map(|c| c.f1).sum::<f64>() / 3.0;
        let phase_accuracy = if both > 0 { f64::from(same) / f64::from(both) } else { 0.0 };
        Self { sentences, categories, macro_f1, phase_accuracy }
    }
}
