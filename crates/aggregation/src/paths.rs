//! How people go through the journey: by which channels, from one touchpoint to the next, and where they stop.

use std::collections::{BTreeMap, BTreeSet};

use klantreis_study::{Category, Channel, PhaseId, Quote, Study, TouchpointId};
use serde::Serialize;

use crate::emotion::{Score, score};

/// How much a channel is used in a phase, and how it feels.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChannelUse {
    /// The phase.
    pub phase: PhaseId,
    /// The channel of the touchpoints.
    pub channel: Channel,
    /// The touchpoints with this channel that are spoken of.
    pub touchpoints: Vec<TouchpointId>,
    /// How it feels, with the numbers of quotes and interviews.
    pub emotion: Score,
    /// All quotes, by id.
    pub quote_ids: Vec<String>,
}

/// A step of the way through the journey.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// What it is.
    pub kind: StepKind,
    /// Interviews that take it.
    pub interviews: Vec<String>,
    /// The quotes it rests on, by id.
    pub quote_ids: Vec<String>,
}

/// What kind of step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StepKind {
    /// From one touchpoint to the next.
    Move {
        /// The phase in which the next one stands.
        phase: PhaseId,
        /// Where from.
        from: TouchpointId,
        /// Where to.
        to: TouchpointId,
        /// Whether the channel changes.
        changes_channel: bool,
    },
    /// The place of an activity: the n-th of the phase, by how interviews tell it.
    Activity {
        /// The phase.
        phase: PhaseId,
        /// The touchpoint where it is done, if told.
        touchpoint: Option<TouchpointId>,
        /// Its code, if any.
        code: Option<klantreis_study::CodeId>,
        /// Its mean place among the interview's activities in the phase, in hundredths: 0 first, 100 last.
        place: u32,
    },
    /// The last phase that an interview tells of.
    Last {
        /// The phase.
        phase: PhaseId,
    },
    /// Someone gives up here, in so many words.
    GivesUp {
        /// The phase.
        phase: PhaseId,
    },
}

/// Words with which people say that they gave up.
const GIVES_UP: [&str; 14] = [
    "afgehaakt",
    "haak af",
    "haakte af",
    "haken af",
    "haakt af",
    "opgegeven",
    "gaf ik het op",
    "geef ik het op",
    "geven het op",
    "laten zitten",
    "laat maar zitten",
    "weer weggegaan",
    "onverrichter zake",
    "nooit meer gegaan",
];

/// Channels by phase, in the study's order, most interviews first.
pub fn channels(study: &Study, quotes: &[&Quote]) -> Vec<ChannelUse> {
    let mut out = Vec::new();
    for phase in &study.phases {
        let mut by_channel: BTreeMap<Channel, Vec<&Quote>> = BTreeMap::new();
        for quote in quotes.iter().filter(|q| q.phase == phase.id) {
            if let Some(touchpoint) = quote.touchpoint.as_ref().and_then(|id| study.touchpoint(id)) {
                by_channel.entry(touchpoint.channel).or_default().push(quote);
            }
        }
        let mut uses: Vec<ChannelUse> = by_channel
            .into_iter()
            .map(|(channel, quotes)| {
                let touchpoints: BTreeSet<&TouchpointId> =
                    quotes.iter().filter_map(|q| q.touchpoint.as_ref()).collect();
                ChannelUse {
                    phase: phase.id.clone(),
                    channel,
                    touchpoints: touchpoints.into_iter().cloned().collect(),
                    emotion: score(quotes.iter().copied()),
                    quote_ids: quotes.iter().map(|q| q.id.clone()).collect(),
                }
            })
            .collect();
        uses.sort_by_key(|u| std::cmp::Reverse((u.emotion.n_interviews, u.emotion.n_quotes)));
        out.append(&mut uses);
    }
    out
}

/// All steps: activities, moves, last phases, giving up; each kind by phase and by what most interviews do. `quotes` are
/// sorted by interview and turn. The way is that of the phases, and within a phase that of the telling.
pub fn steps(study: &Study, quotes: &[&Quote]) -> Vec<Step> {
    let place = |id: &PhaseId| study.phases.iter().position(|p| p.id == *id);
    let mut by_interview: BTreeMap<&str, Vec<&Quote>> = BTreeMap::new();
    for quote in quotes.iter().filter(|q| place(&q.phase).is_some()) {
        by_interview.entry(&quote.interview).or_default().push(quote);
    }
    let mut found: BTreeMap<StepKind, (BTreeSet<String>, Vec<String>)> = BTreeMap::new();
    let mut activities: BTreeMap<_, Vec<(f64, &Quote)>> = BTreeMap::new();
    for (interview, mut mine) in by_interview {
        mine.sort_by_key(|q| (place(&q.phase), q.turn));
        let mut take = |kind: StepKind, quotes: &[&Quote]| {
            let (interviews, ids) = found.entry(kind).or_default();
            interviews.insert(interview.to_owned());
            ids.extend(quotes.iter().map(|q| q.id.clone()));
        };
        let mut before: Option<(&TouchpointId, &Quote)> = None;
        for quote in &mine {
            let Some(to) = &quote.touchpoint else { continue };
            if let Some((from, last)) = before.filter(|(from, _)| *from != to) {
                let channel = |id| study.touchpoint(id).map(|t| t.channel);
                let kind = StepKind::Move {
                    phase: quote.phase.clone(),
                    from: from.clone(),
                    to: to.clone(),
                    changes_channel: channel(from) != channel(to),
                };
                take(kind, &[last, quote]);
            }
            before = Some((to, quote));
        }
        if let Some(last) = mine.last() {
            take(StepKind::Last { phase: last.phase.clone() }, &[last]);
        }
        for quote in &mine {
            let words = quote.quote.to_lowercase();
            if GIVES_UP.iter().any(|cue| words.contains(cue)) {
                take(StepKind::GivesUp { phase: quote.phase.clone() }, &[quote]);
            }
        }
        for phase in &study.phases {
            let doing = mine.iter().filter(|q| q.phase == phase.id && q.category == Category::activity());
            let doing: Vec<&Quote> = doing.copied().collect();
            for (n, quote) in doing.iter().enumerate() {
                let where_in = if doing.len() > 1 { n as f64 / (doing.len() - 1) as f64 } else { 0.5 };
                let key = (place(&quote.phase), quote.touchpoint.as_ref(), quote.code.as_ref());
                activities.entry(key).or_default().push((where_in, quote));
            }
        }
    }
    let mut out: Vec<Step> = activities
        .into_values()
        .map(|told| {
            let mean = told.iter().map(|(place, _)| place).sum::<f64>() / told.len() as f64;
            let first = told[0].1;
            let interviews: BTreeSet<&String> = told.iter().map(|(_, q)| &q.interview).collect();
            Step {
                kind: StepKind::Activity {
                    phase: first.phase.clone(),
                    touchpoint: first.touchpoint.clone(),
                    code: first.code.clone(),
                    place: (mean * 100.0).round() as u32,
                },
                interviews: interviews.into_iter().cloned().collect(),
                quote_ids: told.iter().map(|(_, q)| q.id.clone()).collect(),
            }
        })
        .collect();
    let moves = found.into_iter().map(|(kind, (interviews, mut quote_ids))| {
        let mut seen = BTreeSet::new();
        quote_ids.retain(|id| seen.insert(id.clone()));
        Step { kind, interviews: interviews.into_iter().collect(), quote_ids }
    });
    out.extend(moves);
    let rank = |step: &Step| match &step.kind {
        StepKind::Activity { phase, place: at, .. } => (0, place(phase), *at),
        StepKind::Move { phase, .. } => (1, place(phase), 0),
        StepKind::Last { phase } => (2, place(phase), 0),
        StepKind::GivesUp { phase } => (3, place(phase), 0),
    };
    out.sort_by(|a, b| {
        rank(a).cmp(&rank(b)).then(b.interviews.len().cmp(&a.interviews.len())).then_with(|| a.kind.cmp(&b.kind))
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{at, quote, study};

    #[test]
    fn the_way_leads_from_touchpoint_to_touchpoint_and_ends_somewhere() {
        let mut quotes = [
            at("site", quote("a:1a", "activiteit", 0)),
            at("balie", quote("a:3a", "activiteit", 1)),
            at("site", quote("b:1a", "activiteit", 0)),
            at("balie", quote("b:2p", "pijnpunt", -1)),
        ];
        quotes[3].quote = "Toen ben ik afgehaakt".to_owned();
        quotes[1].phase = PhaseId::new("na").unwrap();
        let found = steps(&study(), &quotes.iter().collect::<Vec<_>>());
        let told: Vec<String> = found
            .iter()
            .map(|s| match &s.kind {
                StepKind::Move { from, to, changes_channel, .. } => format!("{from}>{to} {changes_channel}"),
                StepKind::Activity { phase, place, .. } => format!("{phase} {place} {}", s.interviews.join("+")),
                StepKind::Last { phase } => format!("last {phase}"),
                StepKind::GivesUp { phase } => format!("gives up {phase}"),
            })
            .collect();
        let expected =
            ["voor 50 a+b", "na 50 a", "site>balie true", "site>balie true", "last voor", "last na", "gives up voor"];
        assert_eq!(told, expected);
        let uses = channels(&study(), &quotes.iter().collect::<Vec<_>>());
        assert_eq!((uses[0].channel, uses[0].emotion.n_interviews), (Channel::Digital, 2));
    }
}
