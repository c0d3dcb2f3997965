//! What `run` finds beside the journey: assumptions weighed, numbers named, impact, figures from elsewhere.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context;
use klantreis_aggregation::{Figure, Journey, Weighed, figures, weigh};
use klantreis_coding::{Impact, Words, impact_codebook};
use klantreis_index::Index;
use klantreis_ingest::read_metrics;
use klantreis_report::{Extras, TableOptions};
use klantreis_study::{Assumption, Codebook, ImpactStatement, Metric, Problem, Quote, Severity, Status, Study};
use rayon::prelude::*;

use crate::pipeline::Coded;

/// What was found beside the journey.
pub struct Found {
    assumptions: Vec<Weighed>,
    figures: Vec<Figure>,
    impact: Vec<ImpactStatement>,
    metrics: Vec<Metric>,
}

/// Looks for it. The index must be there where the study has assumptions to weigh.
pub fn find(
    study: &Study,
    coded: &Coded,
    quotes: &[Quote],
    index: Option<&Path>,
) -> anyhow::Result<(Found, Vec<Problem>)> {
    let mut problems = Vec::new();
    let assumptions = assumptions(study, quotes, index, &mut problems)?;
    let mut codebook = impact_codebook().map_err(|e| anyhow::anyhow!("the built-in codebook of impact: {e}"))?;
    if let Some(own) = Codebook::load(&study.root.join("impact.toml"))? {
        codebook = codebook.overlay(own);
    }
    let (impact, errors) = Impact::new(codebook);
    problems.extend(errors.iter().map(|error| problem("impact.toml", format!("{error}; the cue was left out"))));
    let all = coded.transcripts.par_iter();
    let impact = all.clone().flat_map_iter(|t| Words::of_thread(|words| impact.find(t, words))).collect();
    let figures = all.flat_map_iter(figures).collect();
    let (metrics, wrong) = read_metrics(study);
    problems.extend(wrong);
    Ok((Found { assumptions, figures, impact, metrics }, problems))
}

impl Found {
    /// Writes it with the journey; returns the files.
    pub fn write(
        &self,
        study: &Study,
        journey: &Journey,
        folder: &Path,
        options: &TableOptions,
    ) -> anyhow::Result<Vec<PathBuf>> {
        let Self { assumptions, figures, impact, metrics } = self;
        Ok(Extras { study, journey, assumptions, figures, impact, metrics }.write(folder, options)?)
    }
}

fn problem(file: &str, message: String) -> Problem {
    Problem { file: file.to_owned(), line: None, severity: Severity::Error, message }
}

/// Each assumption with the quotes for and against it. A query that can't be read is reported.
fn assumptions(
    study: &Study,
    quotes: &[Quote],
    index: Option<&Path>,
    problems: &mut Vec<Problem>,
) -> anyhow::Result<Vec<Weighed>> {
    let Some(index) = index.filter(|_| !study.assumptions.is_empty()) else { return Ok(Vec::new()) };
    let index = Index::open(index).context("to weigh the assumptions")?;
    let by_id: BTreeMap<&str, &Quote> = quotes.iter().map(|q| (q.id.as_str(), q)).collect();
    let mut out = Vec::new();
    for assumption in &study.assumptions {
        let against = contrary(assumption);
        let mut ask = |query: &str| match answers(&index, &by_id, query) {
            Ok(quotes) => quotes,
            Err(error) => {
                let statement = &assumption.statement;
                problems.push(problem("klantreis.toml", format!("the assumption \"{statement}\": {error}")));
                Vec::new()
            }
        };
        let supporting = ask(&assumption.query);
        let opposing = against.as_deref().map(ask);
        out.push(weigh(&assumption.statement, &supporting, opposing.as_deref()));
    }
    Ok(out)
}

/// The coded quotes that a query finds. A passage may carry several codings: where the query asks for a category, only
/// those of that category count.
fn answers<'a>(index: &Index, by_id: &BTreeMap<&str, &'a Quote>, query: &str) -> anyhow::Result<Vec<&'a Quote>> {
    let asked: Vec<&str> = ["behoefte", "winst", "pijnpunt", "activiteit"]
        .into_iter()
        .filter(|category| query.contains(&format!("categorie:{category}")))
        .collect();
    let hits = index.search(query, usize::MAX >> 1)?;
    let codings = hits.hits.iter().flat_map(|hit| &hit.passage.codings);
    let mut found: Vec<&Quote> = codings
        .filter(|c| asked.is_empty() || asked.contains(&c.category.as_str()))
        .filter_map(|c| by_id.get(c.quote_id.as_str()).copied())
        .filter(|q| q.status != Status::Rejected)
        .collect();
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|q| seen.insert(&q.id));
    Ok(found)
}

/// The query for what speaks against an assumption: as the study says, else pains for gains and negative for positive.
pub fn contrary(assumption: &Assumption) -> Option<String> {
    if assumption.against.is_some() {
        return assumption.against.clone();
    }
    const OPPOSITES: [(&str, &str); 4] = [
        ("categorie:pijnpunt", "categorie:winst"),
        ("categorie:winst", "categorie:pijnpunt"),
        ("emotie:<0", "emotie:>0"),
        ("emotie:>0", "emotie:<0"),
    ];
    let (from, to) = OPPOSITES.iter().find(|(from, _)| assumption.query.contains(from))?;
    Some(assumption.query.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pains_speak_against_gains_unless_the_study_says_otherwise() {
        let assumption = |query: &str, against: Option<&str>| Assumption {
            statement: String::new(),
            query: query.to_owned(),
            against: against.map(str::to_owned),
        };
        assert_eq!(contrary(&assumption("balie categorie:winst", None)).as_deref(), Some("balie categorie:pijnpunt"));
        assert_eq!(contrary(&assumption("balie", Some("site"))).as_deref(), Some("site"));
        assert_eq!(contrary(&assumption("balie", None)), None);
    }
}
