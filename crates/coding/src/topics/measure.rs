//! How often phases and touchpoints are right.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Topic, Topics, learned::Heard};
use crate::{features::sentences, train::Example, words::Words};

/// Shares of the coded sentences whose phase, and whose touchpoint (none is one too), came out as people coded them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TopicAccuracy {
    /// Of the phases.
    pub phase: f32,
    /// Of the touchpoints.
    pub touchpoint: f32,
}

/// Leaves out one group of interviews of a [standard](Example::standard) after another, learns from the rest, and says for each study how often phases and
/// touchpoints were right: the mean over its interviews. What is left out still shows, uncoded, how people talk.
pub fn topic_accuracy(examples: &[Example], group: impl Fn(usize) -> String) -> BTreeMap<String, TopicAccuracy> {
    let names: Vec<String> = (0..examples.len()).map(group).collect();
    let mut rows: BTreeMap<String, Vec<TopicAccuracy>> = BTreeMap::new();
    let mut left_out: Vec<&String> = (0..examples.len()).filter(|n| examples[*n].standard).map(|n| &names[n]).collect();
    left_out.sort();
    left_out.dedup();
    for name in left_out {
        let rest: Vec<&Example> = examples.iter().zip(&names).filter(|(_, n)| *n != name).map(|(e, _)| e).collect();
        let mut topics = Topics::of_any_study(Heard::of(&rest));
        let measured = |e: &&&Example| examples.iter().zip(&names).any(|(out, n)| n == name && out.study == e.study);
        topics.know(&rest.iter().filter(measured).copied().collect::<Vec<_>>());
        for example in examples.iter().zip(&names).filter(|(_, n)| *n == name).map(|(e, _)| e) {
            let whole: Vec<_> = examples.iter().filter(|e| e.study == example.study).map(|e| &e.transcript).collect();
            let mut study = topics.for_study(&example.design);
            study.adapt(whole.into_iter(), |_| ());
            let mut words = Words::new();
            let all = sentences(&example.transcript, &mut words);
            let path = study.path(&example.transcript, all.iter());
            rows.entry(example.study.clone()).or_default().push(right(example, &path));
        }
    }
    let mean =
        |rows: &[TopicAccuracy], of: fn(&TopicAccuracy) -> f32| rows.iter().map(of).sum::<f32>() / rows.len() as f32;
    rows.into_iter()
        .map(|(study, rows)| {
            (study, TopicAccuracy { phase: mean(&rows, |r| r.phase), touchpoint: mean(&rows, |r| r.touchpoint) })
        })
        .collect()
}

fn right(example: &Example, path: &[Topic]) -> TopicAccuracy {
    let design = &example.design;
    let coded: Vec<_> = example.gold.iter().zip(path).filter(|(g, _)| g.phase.is_some()).collect();
    let share = |n: usize| n as f32 / coded.len().max(1) as f32;
    let phase = coded.iter().filter(|(g, t)| g.phase.as_ref() == design.phases.get(t.phase).map(|p| &p.id)).count();
    let touchpoint = coded
        .iter()
        .filter(|(g, t)| g.touchpoint.as_ref() == t.touchpoint.and_then(|n| design.touchpoints.get(n)).map(|t| &t.id))
        .count();
    TopicAccuracy { phase: share(phase), touchpoint: share(touchpoint) }
}
