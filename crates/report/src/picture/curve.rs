//! The emotion over the phases: means, intervals, wishes, moments of truth.

use klantreis_aggregation::{Label, Mark, Place, Score, score};

use super::{
    flow::{Style, flow, line_width},
    font::Weight,
    scene::{Point, Scene, Stroke},
};
use crate::{
    Report,
    palette::{BRAND, INK, QUIET, RULE, lane},
    stretches::stretches,
    words::{label, mark, signed},
};

/// Where the curve is drawn: its left end, its top, the width of a phase, its height.
pub struct Frame {
    pub left: f64,
    pub top: f64,
    pub column: f64,
    pub height: f64,
    /// Room on the left for the names of the bands.
    pub names: f64,
}

/// Shades of the bands positive, neutral and negative.
const BANDS: [u32; 3] = [0xF0_F8_F7, 0xF7_F8_FA, 0xFD_F5_EF];

/// The band of the interval.
const INTERVAL: u32 = 0xC9_D9_EC;

/// Emotions nearer to zero than this are in the neutral band.
const NEUTRAL: f64 = 0.5;

/// Colours of groups, and the dashes that tell them apart without colour.
const GROUPS: [(u32, Option<(f64, f64)>); 4] = [
    (0x44_45_A3, None),
    (0xAD_45_0A, Some((7.0, 3.0))),
    (0x00_73_68, Some((2.0, 3.0))),
    (0x75_5A_00, Some((10.0, 3.0))),
];

impl Frame {
    fn x(&self, phase: usize) -> f64 {
        self.left + (phase as f64 + 0.5) * self.column
    }

    fn y(&self, emotion: f64) -> f64 {
        // Some room above and below for the figures at the ends of the scale.
        self.top + self.height * (0.5 - emotion.clamp(-2.0, 2.0) / 5.2)
    }
}

pub fn curve(report: &Report<'_>, scene: &mut Scene, frame: &Frame) {
    let phases = &report.journey.phases;
    let scores: Vec<&Score> = phases.iter().map(|p| &p.emotion).collect();
    bands(report, scene, frame, phases.len());
    for run in stretches(&scores, |s| s.interval.is_some()) {
        let bound = |n: usize| scores[n].interval.unwrap_or_default();
        // A run of one phase is drawn as a narrow block, so that it can be seen.
        let half = if run.len() == 1 { 8.0 } else { 0.0 };
        let upper = run.clone().flat_map(|n| [-half, half].map(|d| (frame.x(n) + d, frame.y(bound(n).1))));
        let lower = run.clone().rev().flat_map(|n| [half, -half].map(|d| (frame.x(n) + d, frame.y(bound(n).0))));
        scene.area(upper.chain(lower).collect(), INTERVAL);
    }
    let zero = frame.y(0.0);
    let right = frame.left + phases.len() as f64 * frame.column;
    scene.path(vec![(frame.left, zero), (right, zero)], Stroke::new(QUIET, 0.75));
    if report.by.is_some() {
        groups(report, scene, frame);
    }
    for n in 1..scores.len() {
        let (Some(from), Some(to)) = (scores[n - 1].mean, scores[n].mean) else { continue };
        let stroke = Stroke::new(BRAND.strong, 2.6);
        let thin = [scores[n - 1], scores[n]].iter().any(|s| s.label == Label::TooFew);
        let ends = vec![(frame.x(n - 1), frame.y(from)), (frame.x(n), frame.y(to))];
        scene.path(ends, if thin { stroke.dashed(5.0, 4.0) } else { stroke });
    }
    for (n, phase) in phases.iter().enumerate() {
        if let Some(wished) = phase.phase.desired {
            diamond(scene, (frame.x(n), frame.y(wished)), lane("winst").strong);
        }
        point(report, scene, frame, n, &phase.emotion);
        if phase.emotion.mean.is_none() {
            let style = Style { weight: Weight::Italic, size: 11.0, colour: QUIET };
            let none = report.say("niemand vertelde hierover", "no one told of this");
            scene.centred(frame.x(n), zero - 18.0, &flow(&[(style, none)], frame.column - 16.0, 2));
        }
    }
}

fn bands(report: &Report<'_>, scene: &mut Scene, frame: &Frame, n_phases: usize) {
    let (top, bottom) = (frame.top, frame.top + frame.height);
    let (upper, lower) = (frame.y(NEUTRAL), frame.y(-NEUTRAL));
    let width = n_phases as f64 * frame.column;
    let names =
        [report.say("positief", "positive"), report.say("neutraal", "neutral"), report.say("negatief", "negative")];
    let style = Style { weight: Weight::Regular, size: 11.0, colour: QUIET };
    for ((from, to), (fill, name)) in
        [(top, upper), (upper, lower), (lower, bottom)].into_iter().zip(BANDS.into_iter().zip(names))
    {
        scene.rect(frame.left, from, width, to - from, fill);
        let line = flow(&[(style, name)], frame.names, 1);
        let wide = line.first().map_or(0.0, line_width);
        scene.lines(frame.left - 8.0 - wide, (from + to) / 2.0 - 7.5, &line);
    }
    for n in 1..n_phases {
        let x = frame.left + n as f64 * frame.column;
        scene.path(vec![(x, top), (x, bottom)], Stroke::new(RULE, 0.6));
    }
}

/// The point of a phase with its figure, and what it stands out by.
fn point(report: &Report<'_>, scene: &mut Scene, frame: &Frame, n: usize, score: &Score) {
    let Some(mean) = score.mean else { return };
    let language = report.study.language;
    let (x, y) = (frame.x(n), frame.y(mean));
    let few = score.label == Label::TooFew;
    let edge = Stroke::new(BRAND.strong, 2.0);
    if few {
        scene.circle((x, y), 5.5, 0xFF_FF_FF, edge.dashed(3.0, 2.0));
    } else {
        scene.circle((x, y), 5.5, BRAND.strong, edge);
    }
    let strong = Style { weight: Weight::Semibold, size: 12.0, colour: INK };
    let quiet = Style { weight: Weight::Regular, size: 11.0, colour: INK };
    let figure = signed(language, mean);
    let (word, about) = (format!(" {}", label(language, score.label)), marks(report, n));
    let mut pieces = vec![(strong, figure.as_str()), (quiet, word.as_str())];
    let because = about.as_ref().map(|about| format!(" · {about}")).unwrap_or_default();
    if !because.is_empty() {
        pieces.push((Style { colour: BRAND.strong, ..strong }, because.as_str()));
    }
    let lines = flow(&pieces, frame.column - 14.0, 3);
    let high = super::flow::height(&lines);
    // Above the point where it lies high, below it where it lies low: the line runs on the other side.
    let above = mean >= 0.0 && y - 12.0 - high > frame.top || y + 12.0 + high > frame.top + frame.height;
    scene.centred(x, if above { y - 11.0 - high } else { y + 10.0 }, &lines);
    if about.is_some() {
        let ring = Stroke::new(BRAND.strong, 1.2);
        scene.circle((x, y), 9.0, if few { 0xFF_FF_FF } else { INTERVAL }, ring);
        scene.circle((x, y), 5.5, if few { 0xFF_FF_FF } else { BRAND.strong }, edge);
    }
}

/// What a phase stands out by.
fn marks(report: &Report<'_>, n: usize) -> Option<String> {
    let id = &report.journey.phases[n].phase.id;
    let moment = report.journey.moments.iter().find(|m| m.place == Place::Phase(id.clone()))?;
    let words: Vec<&str> =
        moment.marks.iter().filter(|m| **m != Mark::MostInterviews).map(|m| mark(report.study.language, *m)).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// A wish.
fn diamond(scene: &mut Scene, (x, y): Point, colour: u32) {
    scene.area(vec![(x, y - 6.0), (x + 6.0, y), (x, y + 6.0), (x - 6.0, y)], colour);
}

/// A thin line a group; what they are stands at the foot.
fn groups(report: &Report<'_>, scene: &mut Scene, frame: &Frame) {
    let phases = &report.journey.phases;
    let (left, right) = (frame.left + 8.0, frame.left + phases.len() as f64 * frame.column - 8.0);
    let (mut x, mut y) = (left, frame.top + frame.height - 16.0);
    for (n, group) in report.groups().iter().enumerate() {
        let (colour, dash) = GROUPS[n % GROUPS.len()];
        let stroke = Stroke { colour, width: 1.3, dash };
        let mut stretch: Vec<Point> = Vec::new();
        for (at, phase) in phases.iter().enumerate() {
            let here = report.counted().filter(|q| q.phase == phase.phase.id);
            match score(here.filter(|q| group.interviews.contains(&q.interview))).mean {
                Some(mean) => stretch.push((frame.x(at), frame.y(mean))),
                None => scene.path(std::mem::take(&mut stretch), stroke),
            }
        }
        scene.path(stretch, stroke);
        let style = Style { weight: Weight::Regular, size: 10.0, colour };
        let name = flow(&[(style, &group.value)], (right - left).min(220.0), 1);
        let wide = 26.0 + name.first().map_or(0.0, line_width);
        if x + wide > right {
            (x, y) = (left, y - 14.0);
        }
        scene.path(vec![(x, y + 7.0), (x + 20.0, y + 7.0)], stroke);
        scene.lines(x + 26.0, y, &name);
        x += wide + 16.0;
    }
}
