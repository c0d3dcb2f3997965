//! The emotion over the phases, as a picture that needs no script.

use std::fmt::Write;

use klantreis_aggregation::{Label, PhaseJourney, Score};
use klantreis_study::Study;

use crate::{
    stretches::stretches,
    words::{label, pick, signed},
    xml::escape,
};

/// Width of the picture, whatever the number of phases: it is as wide as the table's columns together.
const WIDTH: f64 = 1000.0;
/// Height of the picture.
const HEIGHT: f64 = 130.0;
/// Where zero is.
const ZERO: f64 = 65.0;
/// From zero to the end of the scale.
const REACH: f64 = 54.0;
/// Up to here an emotion is called neutral.
const NEUTRAL: f64 = 0.5;

/// The end of the scale that is drawn: 1 where all fits in it, lest mild emotions make a flat line, else 2.
fn scale(phases: &[PhaseJourney]) -> f64 {
    let ends = phases.iter().flat_map(|p| {
        let interval = p.emotion.interval.unwrap_or_default();
        [p.emotion.mean.unwrap_or_default(), interval.0, interval.1, p.phase.desired.unwrap_or_default()]
    });
    if ends.into_iter().all(|end| end.abs() <= 1.0) { 1.0 } else { 2.0 }
}

/// A line through the means, dashed where evidence is thin, and an area for the intervals; both broken where there
/// are none.
///
/// The page's style sheet decides on colours; the attributes are for who takes the picture out of the page.
pub fn curve(study: &Study, phases: &[PhaseJourney]) -> String {
    let say = |nl, en| pick(study.language, nl, en);
    let end = scale(phases);
    let column = WIDTH / phases.len().max(1) as f64;
    let x = |phase: usize| (phase as f64 + 0.5) * column;
    let y = |emotion: f64| ZERO - emotion.clamp(-end, end) / end * REACH;
    let scores: Vec<&Score> = phases.iter().map(|p| &p.emotion).collect();
    let mut svg = format!(
        "<svg class=\"emotion\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">\n",
        say(
            "Emotiecurve: gemiddelde per fase met 95%-interval; de getallen staan in de rij Cijfers",
            "Emotion curve: mean of each phase with its 95% interval; the numbers are in the row Figures"
        )
    );
    let (upper, lower) = (y(NEUTRAL), y(-NEUTRAL));
    for (class, from, to) in [("up", 0.0, upper), ("middle", upper, lower), ("down", lower, HEIGHT)] {
        put(
            &mut svg,
            format_args!(
                "<rect class=\"{class}\" fill=\"none\" x=\"0\" y=\"{from:.1}\" width=\"{WIDTH}\" height=\"{:.1}\"/>\n",
                to - from
            ),
        );
    }
    for n in 1..phases.len() {
        let at = column * n as f64;
        put(
            &mut svg,
            format_args!(
                "<line class=\"column\" stroke=\"#ccc\" x1=\"{at:.1}\" y1=\"0\" x2=\"{at:.1}\" y2=\"{HEIGHT}\"/>\n"
            ),
        );
    }
    put(
        &mut svg,
        format_args!("<line class=\"zero\" stroke=\"#767676\" x1=\"0\" y1=\"{ZERO}\" x2=\"{WIDTH}\" y2=\"{ZERO}\"/>\n"),
    );
    let number = |n: f64| signed(study.language, n).trim_end_matches(",0").trim_end_matches(".0").to_owned();
    for (at, text) in [
        (12.0, format!("{} (+{})", say("positief", "positive"), number(end))),
        (ZERO - 4.0, say("neutraal", "neutral").to_owned()),
        (HEIGHT - 5.0, format!("{} ({})", say("negatief", "negative"), number(-end))),
    ] {
        put(&mut svg, format_args!("<text class=\"axis\" font-size=\"10\" x=\"4\" y=\"{at}\">{text}</text>\n"));
    }
    for run in stretches(&scores, |s| s.interval.is_some()) {
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
    for n in 1..scores.len() {
        if let (Some(from), Some(to)) = (scores[n - 1].mean, scores[n].mean) {
            let thin = [scores[n - 1], scores[n]].iter().any(|s| s.label == Label::TooFew);
            let class = if thin { "mean thin" } else { "mean" };
            put(
                &mut svg,
                format_args!(
                    "<line class=\"{class}\" stroke=\"#154273\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>\n",
                    x(n - 1),
                    y(from),
                    x(n),
                    y(to)
                ),
            );
        }
    }
    for (n, phase) in phases.iter().enumerate() {
        if let Some(wished) = phase.phase.desired {
            let (from, to, at) = (x(n) - 24.0, x(n) + 24.0, y(wished));
            let name = format!("{}: {}", say("gewenst", "desired"), signed(study.language, wished));
            put(
                &mut svg,
                format_args!(
                    "<line class=\"desired\" stroke=\"#1f6b34\" x1=\"{from:.1}\" y1=\"{at:.1}\" x2=\"{to:.1}\" y2=\"{at:.1}\"><title>{name}</title></line>\n"
                ),
            );
        }
        let Some(mean) = phase.emotion.mean else {
            let none = say("geen uitspraken", "no quotes");
            put(
                &mut svg,
                format_args!(
                    "<text class=\"axis\" font-size=\"10\" text-anchor=\"middle\" x=\"{:.1}\" y=\"{:.1}\">{none}</text>\n",
                    x(n),
                    ZERO + 14.0
                ),
            );
            continue;
        };
        let class = if phase.emotion.label == Label::TooFew { "few" } else { "dot" };
        let word = label(study.language, phase.emotion.label);
        let (at, score) = (y(mean), signed(study.language, mean));
        let title = format!("{}: {score}, {word}", escape(&phase.phase.label));
        put(
            &mut svg,
            format_args!(
                "<circle class=\"{class}\" fill=\"#154273\" cx=\"{:.1}\" cy=\"{at:.1}\" r=\"5\"><title>{title}</title></circle>\n",
                x(n)
            ),
        );
        // Above the area, or below it where that would leave the picture.
        let (low, high) = phase.emotion.interval.map_or((at, at), |(low, high)| (y(low).max(at), y(high).min(at)));
        let beside = if high < 30.0 { low + 18.0 } else { high - 9.0 };
        put(
            &mut svg,
            format_args!(
                "<text class=\"value\" font-size=\"12\" text-anchor=\"middle\" x=\"{:.1}\" y=\"{beside:.1}\">{score} {word}</text>\n",
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
    fn the_line_breaks_where_nothing_is_told_is_dashed_on_thin_evidence_and_the_area_needs_three() {
        let count = |svg: &str, what: &str| svg.matches(what).count();
        for (phases, lines, thin, bands, few) in [
            (["voor", "voor", "voor"], 0, 0, 1, 0),
            (["voor", "slot", "slot"], 0, 0, 0, 2),
            (["voor", "na", "slot"], 0, 2, 0, 3),
        ] {
            let svg = drawn(phases);
            assert_eq!(count(&svg, "class=\"mean\""), lines, "{phases:?}");
            assert_eq!(count(&svg, "class=\"mean thin\""), thin, "{phases:?}");
            assert_eq!(count(&svg, "<polygon"), bands, "{phases:?}");
            assert_eq!(count(&svg, "class=\"few\""), few, "{phases:?}");
        }
    }

    #[test]
    fn points_stand_in_the_middle_of_their_phase_and_mild_emotions_fill_the_scale() {
        let svg = drawn(["na", "na", "na"]);
        assert!(svg.contains("cx=\"500.0\" cy=\"92.0\"") && svg.contains("negatief (−2)"), "{svg}");
    }
}
