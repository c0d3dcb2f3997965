//! Agreement among any number of coders.

use std::collections::BTreeSet;

use klantreis_study::Category;
use serde::Serialize;

use super::{Sheet, all_categories, alpha, kappa};

/// Agreement of two coders.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairAgreement {
    /// One.
    pub first: String,
    /// The other.
    pub second: String,
    /// Sentences of the interviews that both coded.
    pub sentences: usize,
    /// Cohen's κ; none without common sentences.
    pub kappa: Option<f64>,
}

/// Agreement on one question about each sentence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CoderAgreement {
    /// The category: does the sentence carry it? None: which set of categories does it carry?
    pub category: Option<Category>,
    /// A value a pair of coders.
    pub pairs: Vec<PairAgreement>,
    /// Krippendorff's α over all coders.
    pub alpha: Option<f64>,
}

/// Agreement among coders: a row a category, and at last one over the whole sets of categories.
///
/// `interviews` holds a sheet a coder, in the order of `names`; none where that coder did not code the interview. A
/// sentence that a coder left without category in an interview that they coded counts, as carrying none.
pub fn between_coders(names: &[String], interviews: &[Vec<Option<Sheet>>]) -> Vec<CoderAgreement> {
    let categories = all_categories(interviews.iter().flatten().flatten());
    let questions = categories.into_iter().map(Some).chain([None]);
    questions
        .map(|category| {
            let units = answers(interviews, category.as_ref());
            let pairs = (0..names.len()).flat_map(|a| (a + 1..names.len()).map(move |b| (a, b)));
            let pair = |(a, b): (usize, usize)| {
                let common: Vec<_> = units.iter().filter_map(|u| Some((u[a].as_ref()?, u[b].as_ref()?))).collect();
                let (first, second) = (names[a].clone(), names[b].clone());
                PairAgreement { first, second, sentences: common.len(), kappa: kappa(common) }
            };
            let pairs = pairs.map(pair).collect();
            let alpha = alpha(units.iter().map(|u| u.iter().flatten().collect()));
            CoderAgreement { category, pairs, alpha }
        })
        .collect()
}

/// For each sentence the categories each coder gave it: all, or the one asked for.
fn answers<'a>(
    interviews: &'a [Vec<Option<Sheet>>],
    asked: Option<&Category>,
) -> Vec<Vec<Option<BTreeSet<&'a Category>>>> {
    let sentences = |sheets: &[Option<Sheet>]| sheets.iter().flatten().next().map_or(0, |s| s.marks.len());
    let answer = |sheet: &'a Option<Sheet>, s: usize| {
        let given = sheet.as_ref()?.marks[s].categories.keys();
        Some(given.filter(|c| asked.is_none_or(|asked| asked == *c)).collect())
    };
    let unit = |sheets: &'a Vec<Option<Sheet>>| {
        (0..sentences(sheets)).map(move |s| sheets.iter().map(|sheet| answer(sheet, s)).collect())
    };
    interviews.iter().flat_map(unit).collect()
}
