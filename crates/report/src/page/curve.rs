use std::fmt::Write;

use klantreis_aggregation::{Label, PhaseJourney, Score};
use klantreis_study::Study;

use super::{escape::escape, lanes::signed};
use crate::words::{label, pick};

/// Width of a phase: the picture is as wide as its columns, so that points stand above their phase.
const COLUMN: f64 = 200.0;
/// Height of a point of emotion.
const POINT: f64 = 40.0;
/// Where zero is.
const ZERO: f64 = 110.0;
/// Height of the picture.
const HEIGHT: f64 = 220.0;

fn x(phase: usize) -> f64 {
    (phase as f64 + 0.5) * COLUMN
}

fn y(emotion: f64) -> f64 {
    ZERO - emotion * POINT
}

/// The emotion over the phases: a line through the means, a band for the intervals, both broken where there are none.
///
/// The page's style sheet decides on colours; the attributes are for who takes the picture out of the page.
pub fn curve(study: &Study, phases: &[PhaseJourney]) -> String {
    let width = phases.len().max(1) as f64 * COLUMN;
    let say = |nl, en| pick(study.language, nl, en);
    let scores: Vec<&Score> = phases.iter().map(|p| &p.emotion).collect();
    let mut svg = format!(
        "<svg viewBox=\"0 0 {width} {HEIGHT}\" role=\"img\" aria-label=\"{}\">\n",
        say(
            "Emotiecurve: gemiddelde per fase met 95%-interval; de cijfers staan in de rij hieronder",
            "Emotion curve: mean of each phase with its 95% interval; the figures are in the row below"
        )
    );
    for (emotion, name) in [(2.0, say("positief", "positive")), (0.0, "0"), (-2.0, say("negatief", "negative"))] {
        let class = if emotion == 0.0 { "zero" } else { "grid" };
        let at = y(emotion);
        put(
            &mut svg,
            format_args!(
                "<line class=\"{class}\" stroke=\"#767676\" x1=\"0\" y1=\"{at}\" x2=\"{width}\" y2=\"{at}\"/>\n"
            ),
        );
        put(&mut svg, format_args!("<text class=\"axis\" font-size=\"11\" x=\"4\" y=\"{}\">{name}</text>\n", at - 4.0));
    }
    for run in runs(&scores, |s| s.interval.is_some()) {
        let interval = |n: usize| scores[n].interval.unwrap_or_default();
        // A run of one phase is drawn as a narrow block, so that it can be seen.
        let half = if run.len() == 1 { 8.0 } else { 0.0 };
        let upper = run.clone().flat_map(|n| [(x(n) - half, y(interval(n).1)), (x(n) + half, y(interval(n).1))]);
        let lower = run.clone().rev().flat_map(|n| [(x(n) + half, y(interval(n).0)), (x(n) - half, y(interval(n).0))]);
        put(
            &mut svg,
            format_args!("<polygon class=\"band\" fill=\"#d3e2f1\" points=\"{}\"/>\n", points(upper.chain(lower))),
        );
    }
    for run in runs(&scores, |s| s.mean.is_some()) {
        let line = run.map(|n| (x(n), y(scores[n].mean.unwrap_or_default())));
        put(
            &mut svg,
            format_args!("<polyline class=\"mean\" fill=\"none\" stroke=\"#154273\" points=\"{}\"/>\n", points(line)),
        );
    }
    for (n, phase) in phases.iter().enumerate() {
        if let Some(wished) = phase.phase.desired {
            let (from, to, at) = (x(n) - 24.0, x(n) + 24.0, y(wished.clamp(-2.0, 2.0)));
            let name = format!("{}: {}", say("gewenst", "desired"), signed(study.language, wished));
            put(
                &mut svg,
                format_args!(
                    "<line class=\"desired\" stroke=\"#1f6b34\" x1=\"{from}\" y1=\"{at}\" x2=\"{to}\" y2=\"{at}\"><title>{name}</title></line>\n"
                ),
            );
        }
        let Some(mean) = phase.emotion.mean else { continue };
        let class = if phase.emotion.label == Label::TooFew { "few" } else { "dot" };
        let word = label(study.language, phase.emotion.label);
        let (at, score) = (y(mean), signed(study.language, mean));
        let title = format!("{}: {score}, {word}", escape(&phase.phase.label));
        put(
            &mut svg,
            format_args!(
                "<circle class=\"{class}\" fill=\"#154273\" cx=\"{}\" cy=\"{at:.1}\" r=\"6\"><title>{title}</title></circle>\n",
                x(n)
            ),
        );
        // Above the point, or below it where that would leave the picture.
        let beside = if at < 40.0 { at + 24.0 } else { at - 14.0 };
        put(
            &mut svg,
            format_args!(
                "<text class=\"value\" font-size=\"13\" text-anchor=\"middle\" x=\"{}\" y=\"{beside:.1}\">{score} {word}</text>\n",
                x(n)
            ),
        );
    }
    svg + "</svg>"
}

fn put(svg: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String does not fail.
    let _ = svg.write_fmt(text);
}

fn points(points: impl Iterator<Item = (f64, f64)>) -> String {
    points.map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
}

/// Stretches of phases next to each other that all have it.
fn runs(scores: &[&Score], has: fn(&Score) -> bool) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for n in (0..scores.len()).filter(|n| has(scores[*n])) {
        match runs.last_mut() {
            Some(run) if run.end == n => run.end = n + 1,
            _ => runs.push(n..n + 1),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use klantreis_aggregation::{Journey, journey};
    use klantreis_study::{Codebook, PhaseId};

    use super::*;
    use crate::sample;

    fn drawn(phases_of_quotes: [&str; 3]) -> String {
        let (mut study, mut quotes) = sample::study();
        let third = klantreis_study::Phase { id: PhaseId::new("slot").unwrap(), ..study.phases[1].clone() };
        study.phases.push(third);
        for (quote, phase) in quotes.iter_mut().zip(phases_of_quotes) {
            quote.phase = PhaseId::new(phase).unwrap();
        }
        let journey: Journey = journey(&study, &Codebook::default(), &quotes, &[]);
        curve(&study, &journey.phases)
    }

    #[test]
    fn the_line_breaks_where_nothing_is_told_and_the_band_where_too_little() {
        let count = |svg: &str, what: &str| svg.matches(what).count();
        for (phases, lines, bands, few) in [
            (["voor", "voor", "voor"], 1, 1, 0),
            (["voor", "slot", "slot"], 2, 0, 2),
            (["voor", "na", "slot"], 1, 0, 3),
        ] {
            let svg = drawn(phases);
            assert_eq!(count(&svg, "<polyline"), lines, "{phases:?}");
            assert_eq!(count(&svg, "<polygon"), bands, "{phases:?}");
            assert_eq!(count(&svg, "class=\"few\""), few, "{phases:?}");
        }
    }

    #[test]
    fn points_stand_above_the_middle_of_their_phase() {
        let svg = drawn(["na", "na", "na"]);
        assert!(svg.contains("viewBox=\"0 0 600 220\"") && svg.contains("cx=\"300\" cy=\"150.0\""), "{svg}");
    }
}
