//! What people coded of a study's phases moves its chain: as far as pieces of words and the place in the interview can
//! make it say what they coded (a conditional random field over sentences of which some are coded; Lafferty et al. 2001).

use std::collections::BTreeMap;

use super::{
    Topics,
    learned::Known,
    lines::Line,
    regression::Regression,
    table::{Table, add},
    tracker::{Teaching, Tracker},
};
use crate::{
    hash::ByHash,
    train::{Example, Gold},
};

/// Weight of what is known of any study, where a study's own codings speak too.
const TRUST: f32 = 0.6;
/// What such a study's uncoded interviews still teach.
const TEACHING: Teaching = Teaching { rounds: 2, weight: 0.15 };
/// Places in an interview, from its beginning to its end, around which talk is of a phase more or less.
const PLACES: usize = 8;
/// How far around such a place, as a part of the interview.
const AROUND: f32 = 0.08;
/// How readily a place, and a piece that stands in all lines, come to speak.
const SCALE: [f32; 2] = [0.15, 0.2];
/// How much it costs to move, against an error.
const PRICE: f32 = 2.0;
/// Steps of learning, the length of one, and how much of the last step goes on in the next.
const STEPS: usize = 20;
const STEP: f32 = 0.03;
const MOMENTUM: f32 = 0.8;
/// Weights below this are not kept.
const LEAST: f32 = 0.02;
/// Log-odds that rule a phase out.
const NEVER: f32 = -1e3;

/// What people coded of a study before, ready to recognise.
#[derive(Default)]
pub(super) enum Taught {
    /// Nobody coded anything.
    #[default]
    Nothing,
    /// As this version learns it.
    Chain(Moved),
    /// As the model that comes with the program keeps it.
    Words(Regression),
}

/// How far pieces of words and places speak for each phase.
pub(super) struct Moved {
    pieces: ByHash<Vec<f32>>,
    places: Vec<Vec<f32>>,
}

impl Moved {
    /// Nothing speaks for any of `k` phases yet.
    fn nowhere(k: usize) -> Self {
        Self { pieces: ByHash::default(), places: vec![vec![0.0; k]; PLACES] }
    }

    fn hear(&self, line: &Line, phases: &mut [f32]) {
        let weight = piece_weight(line);
        for row in line.pieces.iter().filter_map(|piece| self.pieces.get(piece)) {
            add(phases, weight, row);
        }
        for (row, near) in self.places.iter().zip(near(line.place)) {
            add(phases, near, row);
        }
    }
}

/// The longer a line, the less each piece of it says.
fn piece_weight(line: &Line) -> f32 {
    1.0 / (line.pieces.len().max(1) as f32).sqrt()
}

/// How near each of the [`PLACES`] is.
fn near(place: f32) -> [f32; PLACES] {
    std::array::from_fn(|n| {
        let away = (place - n as f32 / (PLACES - 1) as f32) / AROUND;
        (-0.5 * away * away).exp()
    })
}

impl Taught {
    pub fn of(known: &Known) -> Self {
        if known.places.is_empty() {
            return Self::Words(Regression::of(&known.words));
        }
        let pieces = known.pieces.iter().map(|(piece, row)| (*piece, row.clone())).collect();
        Self::Chain(Moved { pieces, places: known.places.clone() })
    }

    /// Whether it hears pieces of words.
    pub fn hears_pieces(&self) -> bool {
        matches!(self, Self::Chain(_))
    }

    /// Weight of what is known of any study.
    pub fn trust(&self) -> f32 {
        if self.hears_pieces() { TRUST } else { 1.0 }
    }

    /// What uncoded interviews teach, which is `usual` where no codings do.
    pub fn teaching(&self, usual: Teaching) -> Teaching {
        if self.hears_pieces() { TEACHING } else { usual }
    }

    /// Adds what a line says of each phase.
    pub fn hear(&self, line: &Line, phases: &mut [f32]) {
        match self {
            Self::Nothing => (),
            Self::Chain(moved) => moved.hear(line, phases),
            Self::Words(regression) => regression.hear(line, phases),
        }
    }
}

/// An interview to learn from.
struct Lesson {
    lines: Vec<Line>,
    /// What is known of each line's phases without its coding.
    before: Table,
    /// The phase that people coded.
    coded: Vec<Option<usize>>,
}

/// What the coded interviews of one study teach of its phases, over what `topics` says of any; `None` where they teach
/// nothing.
pub(super) fn learn(topics: &Topics, examples: &[&Example]) -> Option<Known> {
    let design = &examples.first()?.design;
    let mut study = topics.with(Taught::Chain(Moved::nowhere(design.phases.len())), design);
    let interviews = study.listen(&examples.iter().map(|e| &e.transcript).collect::<Vec<_>>(), |_| ());
    let place = |gold: &Gold| design.phases.iter().position(|phase| gold.phase.as_ref() == Some(&phase.id));
    let lessons: Vec<Lesson> = interviews
        .into_iter()
        .zip(examples)
        .map(|(lines, example)| {
            let before = study.heard(&lines);
            Lesson { lines, before, coded: example.gold.iter().map(place).collect() }
        })
        .collect();
    let teaches = design.phases.len() > 1 && lessons.iter().any(|lesson| lesson.coded.iter().any(Option::is_some));
    teaches.then(|| Known {
        phases: design.phases.iter().map(|phase| phase.id.to_string()).collect(),
        ..move_chain(&study.phases, &lessons)
    })
}

/// How pieces and places must speak so that the chain says what people coded. Each step goes from where the chain is by
/// itself to where it is when the coded sentences are held fast; so the uncoded ones between them teach too.
fn move_chain(tracker: &Tracker, lessons: &[Lesson]) -> Known {
    let k = tracker.states();
    let scale = rarity(lessons);
    let mut moved = Moved::nowhere(k);
    let mut speed = Moved::nowhere(k);
    for piece in scale.keys() {
        moved.pieces.insert(*piece, vec![0.0; k]);
        speed.pieces.insert(*piece, vec![0.0; k]);
    }
    for _ in 0..STEPS {
        let mut wanted = Moved::nowhere(k);
        for lesson in lessons {
            lesson.pull(tracker, &moved, &mut wanted);
        }
        for (piece, scale) in &scale {
            let nothing = Vec::new();
            let pull = wanted.pieces.get(piece).unwrap_or(&nothing);
            let (Some(row), Some(speed)) = (moved.pieces.get_mut(piece), speed.pieces.get_mut(piece)) else { continue };
            step(row, speed, pull, *scale);
        }
        for ((row, speed), pull) in moved.places.iter_mut().zip(&mut speed.places).zip(&wanted.places) {
            step(row, speed, pull, SCALE[0]);
        }
    }
    let rounded = |row: Vec<f32>| row.into_iter().map(|x| (x * 1e3).round() / 1e3).collect::<Vec<f32>>();
    let pieces = moved.pieces.into_iter().map(|(piece, row)| (piece, rounded(row)));
    Known {
        pieces: pieces.filter(|(_, row)| row.iter().any(|x| x.abs() >= LEAST)).collect(),
        places: moved.places.into_iter().map(rounded).collect(),
        ..Known::default()
    }
}

/// Moves a row of weights by a step: the wish of the codings, less what having moved costs. A weight of a larger `scale`
/// moves with larger steps, as if what it weighs were larger and the weight itself smaller.
fn step(row: &mut [f32], speed: &mut [f32], pull: &[f32], scale: f32) {
    for (phase, (x, v)) in row.iter_mut().zip(speed).enumerate() {
        let pull = pull.get(phase).copied().unwrap_or(0.0);
        *v = MOMENTUM * *v + scale * scale * pull - PRICE * *x;
        *x += STEP * *v;
    }
}

/// Each piece with how readily it comes to speak: rare ones tell more.
fn rarity(lessons: &[Lesson]) -> BTreeMap<u64, f32> {
    let mut out = BTreeMap::<u64, f32>::new();
    let mut lines = 0.0;
    for line in lessons.iter().flat_map(|lesson| &lesson.lines) {
        lines += 1.0;
        let mut pieces = line.pieces.clone();
        pieces.sort_unstable();
        pieces.dedup();
        pieces.into_iter().for_each(|piece| *out.entry(piece).or_default() += 1.0);
    }
    out.values_mut().for_each(|n| *n = SCALE[1] * (((1.0 + lines) / (1.0 + *n)).ln() + 1.0));
    out
}

impl Lesson {
    /// Adds how far this interview's codings pull at each weight.
    fn pull(&self, tracker: &Tracker, moved: &Moved, wanted: &mut Moved) {
        let mut before = self.before.clone();
        self.lines.iter().enumerate().for_each(|(n, line)| moved.hear(line, before.row_mut(n)));
        let free = tracker.chances(&self.lines, &before);
        for (n, coded) in self.coded.iter().enumerate() {
            if let Some(coded) = coded {
                let row = before.row_mut(n).iter_mut().enumerate();
                row.filter(|(phase, _)| phase != coded).for_each(|(_, x)| *x = NEVER);
            }
        }
        let held = tracker.chances(&self.lines, &before);
        for (line, (held, free)) in self.lines.iter().zip(held.rows().zip(free.rows())) {
            // A path that the chain thinks impossible has no chances.
            if held.iter().sum::<f32>() < 0.5 {
                continue;
            }
            let pull: Vec<f32> = held.iter().zip(free).map(|(h, f)| h - f).collect();
            let weight = piece_weight(line);
            for piece in &line.pieces {
                add(wanted.pieces.entry(*piece).or_insert_with(|| vec![0.0; pull.len()]), weight, &pull);
            }
            for (row, near) in wanted.places.iter_mut().zip(near(line.place)) {
                add(row, near, &pull);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topics::{chain::Chain, learned::Weights};

    const FORM: u64 = 1;
    const RESULT: u64 = 2;
    const BETWEEN: u64 = 3;

    fn line(piece: u64, first: bool, place: f32) -> Line {
        Line { pieces: vec![piece], first, place, ..Line::default() }
    }

    fn lesson() -> Lesson {
        let lines = vec![
            line(FORM, true, 0.2),
            line(RESULT, true, 0.5),
            line(BETWEEN, false, 0.5),
            line(RESULT, false, 0.5),
            line(FORM, true, 0.8),
        ];
        let before = Table::repeat(&[0.0; 2], lines.len());
        Lesson { lines, before, coded: vec![Some(0), Some(1), None, Some(1), Some(0)] }
    }

    #[test]
    fn coded_sentences_and_those_between_teach_their_phase() {
        let chain = Chain::ordered(&[[0.02, 0.02, 0.9, 0.04, 0.02], [0.1, 0.1, 0.5, 0.2, 0.1]], 2);
        let tracker = Tracker::new(chain, Table::repeat(&[0.0; 2], 0), 1.0, TEACHING);
        let known = move_chain(&tracker, &[lesson(), lesson()]);
        let speaks_for = |piece: u64, phase: usize| known.pieces[&piece][phase] > known.pieces[&piece][1 - phase];
        assert!(speaks_for(FORM, 0) && speaks_for(RESULT, 1) && speaks_for(BETWEEN, 1), "{:?}", known.pieces);
        let mut middle = [0.0; 2];
        Taught::of(&known).hear(&line(0, true, 0.5), &mut middle);
        assert!(middle[1] > middle[0], "{middle:?}");
    }

    #[test]
    fn what_the_model_of_the_program_keeps_is_heard() {
        let words = vec![Weights::from([("formulier".to_owned(), 2.0)]), Weights::new()];
        let taught = Taught::of(&Known { words, ..Known::default() });
        assert!(!taught.hears_pieces());
        assert_eq!(taught.trust(), 1.0);
    }
}
