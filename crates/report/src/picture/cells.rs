//! What stands in the cells of the map, set in lines that fit.

use klantreis_aggregation::{ENOUGH, Opportunity, PhaseJourney};
use klantreis_study::Channel;

use super::{
    flow::{Line, Style, flow},
    font::Weight,
    icon,
};
use crate::{
    Report,
    palette::{INK, QUIET},
    topics::{Known, Topic},
    words::{how_might_we, interviews},
};

/// Something in a cell: lines, and the icon before them.
pub struct Block {
    pub lines: Vec<Line>,
    pub icon: Option<Channel>,
}

/// How much goes into a cell.
#[derive(Clone, Copy, Debug)]
pub struct Amount {
    /// Items of a category in a phase.
    pub items: usize,
    /// Lines of the quote under an item.
    pub quote_lines: usize,
    /// Lines of the quote in the lane of quotes; none, and the lane is left out.
    pub voice_lines: usize,
    /// Opportunities of a phase.
    pub chances: usize,
}

pub const SIZE: f64 = 11.0;

const LABEL: Style = Style { weight: Weight::Semibold, size: SIZE, colour: INK };
const THEME: Style = Style { weight: Weight::Italic, size: SIZE, colour: INK };
const PLAIN: Style = Style { weight: Weight::Regular, size: SIZE, colour: INK };
const NUMBER: Style = Style { weight: Weight::Regular, size: SIZE, colour: QUIET };
const QUOTE: Style = Style { weight: Weight::Italic, size: 10.5, colour: INK };
const SOURCE: Style = Style { weight: Weight::Regular, size: 10.0, colour: QUIET };
const NOTHING: Style = Style { weight: Weight::Italic, size: SIZE, colour: QUIET };

/// Room that an icon takes.
pub const ICON: f64 = icon::SIDE + 5.0;

fn text(lines: Vec<Line>) -> Block {
    Block { lines, icon: None }
}

/// Why a cell is empty.
fn nothing(why: &str, room: f64) -> Vec<Block> {
    vec![text(flow(&[(NOTHING, why)], room, 4))]
}

/// What a category tells of.
pub fn items(report: &Report<'_>, topics: &[Topic<'_>], amount: Amount, room: f64) -> Vec<Block> {
    if topics.is_empty() {
        let read = interviews(report.journey.interviews.len());
        return nothing(&format!("{} {read}", report.say("geen uitspraken gevonden in", "no quotes found in")), room);
    }
    let mut blocks: Vec<Block> = topics
        .iter()
        .take(amount.items)
        .map(|topic| {
            let style = match topic.known {
                Known::Theme => THEME,
                Known::Unnamed => PLAIN,
                Known::Code if topic.n_interviews < ENOUGH => PLAIN,
                Known::Code => LABEL,
            };
            let mut lines = flow(&[(style, topic.label), (NUMBER, &format!(" · {}", topic.n_interviews))], room, 4);
            if let Some(quote) = topic.typical.first().filter(|_| amount.quote_lines > 0) {
                lines.extend(flow(&[(QUOTE, &format!("“{}”", quote.quote))], room, amount.quote_lines));
            }
            text(lines)
        })
        .collect();
    if topics.len() > amount.items {
        let more = format!("{} {}", report.say("en nog", "and"), topics.len() - amount.items);
        let more = if report.is_english() { format!("{more} more") } else { more };
        blocks.push(text(flow(&[(NUMBER, &more)], room, 1)));
    }
    blocks
}

/// The touchpoints of a phase.
pub fn touchpoints(report: &Report<'_>, phase: &PhaseJourney, amount: Amount, room: f64) -> Vec<Block> {
    if phase.touchpoints.is_empty() {
        return nothing(report.say("geen contactmomenten genoemd", "no touchpoints named"), room);
    }
    let block = |t: &klantreis_aggregation::TouchpointCount| {
        let n = t.emotion.n_interviews;
        let style = if n < ENOUGH { PLAIN } else { LABEL };
        let lines = flow(&[(style, &t.label), (NUMBER, &format!(" · {n}"))], room - ICON, 3);
        Block { lines, icon: Some(t.channel) }
    };
    phase.touchpoints.iter().take(amount.items.max(3)).map(block).collect()
}

/// The opportunities of a phase that rest on enough.
pub fn chances(report: &Report<'_>, phase: &PhaseJourney, amount: Amount, room: f64) -> Vec<Block> {
    let here = |o: &&Opportunity| o.phase == phase.phase.id && o.n_asking >= ENOUGH;
    let blocks: Vec<Block> = report
        .journey
        .opportunities
        .iter()
        .filter(here)
        .take(amount.chances)
        .map(|o| {
            let question = how_might_we(report.study.language, &o.subject, &o.label, &phase.phase.label);
            text(flow(&[(PLAIN, &question), (NUMBER, &format!(" · {}", o.n_asking))], room, 5))
        })
        .collect();
    if blocks.is_empty() {
        let why = report.say("geen kans die op drie interviews rust", "no opportunity that rests on three interviews");
        return nothing(why, room);
    }
    blocks
}

/// One quote for the phase: the most typical one of what most interviews tell, a pain before a gain before a need.
pub fn voice(report: &Report<'_>, phase: &PhaseJourney, amount: Amount, room: f64) -> Vec<Block> {
    let best = ["pijnpunt", "winst", "behoefte", "activiteit"].into_iter().find_map(|category| {
        let cell = phase.cells.iter().find(|c| c.category.as_str() == category)?;
        cell.items.iter().filter(|i| i.code.is_some()).chain(&cell.items).find_map(|i| i.typical.first())
    });
    let Some(quote) = best else {
        return nothing(report.say("geen citaten", "no quotes"), room);
    };
    let mut lines = flow(&[(QUOTE, &format!("“{}”", quote.quote))], room, amount.voice_lines);
    lines.extend(flow(&[(SOURCE, &quote.interview)], room, 1));
    vec![text(lines)]
}

/// How much the phase rests on.
pub fn figures(report: &Report<'_>, phase: &PhaseJourney, room: f64) -> Vec<Block> {
    let score = &phase.emotion;
    let quotes =
        if score.n_quotes == 1 { report.say("uitspraak", "quote") } else { report.say("uitspraken", "quotes") };
    let figures = format!("{} {quotes} · {}", score.n_quotes, interviews(score.n_interviews));
    vec![text(flow(&[(PLAIN, &figures)], room, 2))]
}
