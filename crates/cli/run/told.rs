//! What `run` says of itself: at the end, and on the page.

use std::{collections::BTreeMap, path::PathBuf};

use klantreis_coding::{Expected, Taught};
use klantreis_study::{Language, Problem, Quote, Severity, Status, Study};

use super::Args;
use crate::{engine, pipeline};

/// What is said at the end.
pub struct Told {
    pub interviews: usize,
    pub passages: usize,
    pub by_category: BTreeMap<String, usize>,
    pub decided: String,
    pub files: Vec<PathBuf>,
    pub problems: Vec<Problem>,
    pub expected: Expected,
    /// Who taught the study's own model, where it has one.
    pub taught: Option<Taught>,
    /// Quotes that the language model proposed, of all; not known of the parts of a large corpus.
    pub of_model: Option<[usize; 2]>,
    pub more: Vec<String>,
}

impl Told {
    /// What could not be used.
    pub fn errors(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|p| p.severity == Severity::Error)
    }

    /// Prints it.
    pub fn tell(&self, args: &Args, study: &Study) -> anyhow::Result<()> {
        let expected = self.expected;
        let other = engine::other(study);
        // What was measured is the model that comes with the program.
        let measured = |value: f32| (other.is_none() && self.taught.is_none()).then_some(value);
        if args.json {
            let summary = serde_json::json!({
                "title": study.title,
                "interviews": self.interviews,
                "passages": self.passages,
                "quotes": self.by_category,
                "files": self.files,
                "skipped": self.errors().collect::<Vec<_>>(),
                "notes": self.problems.iter().filter(|p| p.severity == Severity::Note).collect::<Vec<_>>(),
                "expected_macro_f1": measured(expected.macro_f1),
                "expected_phase_accuracy": measured(expected.topics.phase),
                "expected_touchpoint_accuracy": measured(expected.topics.touchpoint),
            });
            println!("{}", serde_json::to_string_pretty(&summary)?);
            return Ok(());
        }
        for problem in &self.problems {
            let word = if problem.severity == Severity::Error { "skipped" } else { "note" };
            eprintln!("{word}: {problem}");
        }
        if args.quiet {
            return Ok(());
        }
        println!(
            "{}: {} interviews, {} passages, {} quotes{}",
            study.title,
            self.interviews,
            self.passages,
            self.by_category.values().sum::<usize>(),
            self.decided
        );
        for (category, count) in &self.by_category {
            println!("  {category:<12}{count:>6}");
        }
        if args.cues_only {
            println!("Coded by cues alone: expect to find less than half of what a careful coder finds.");
        } else if let Some((model, _)) = other {
            let whose = match self.of_model {
                Some([0, all]) => format!("{model} proposed none of these quotes: all {all} are the built-in engine's"),
                Some([some, all]) if some < all => {
                    format!(
                        "These are proposals, not results: {some} of {model}, {} of the built-in engine",
                        all - some
                    )
                }
                _ => format!("These are proposals of {model}, not results"),
            };
            println!(
                "{whose}. How often they are right was not measured. Decide on whole interviews; `klantreis evaluate {} \
                 --engines` then says how far each engine agrees with you.",
                study.root.display()
            );
        } else if let Some(taught) = &self.taught {
            println!("These are proposals, not results: {}", self::taught(taught, Language::English));
        } else {
            println!(
                "These are proposals, not results: on interviews of studies that the model had not seen, it agreed with \
                 careful coders at F1 {:.2}, the mean of need {:.2}, gain {:.2} and pain {:.2} (activity {:.2}); two people \
                 reach about 0.94. \
                 Of their phases {:.0}% were right, of their touchpoints {:.0}%.",
                expected.macro_f1,
                expected.f1[0],
                expected.f1[1],
                expected.f1[2],
                expected.f1[3],
                100.0 * expected.topics.phase,
                100.0 * expected.topics.touchpoint
            );
        }
        self.more.iter().for_each(|line| println!("{line}"));
        println!("The tables, klantreis.html, klantreis.xlsx and klantreis.svg are in {}", args.out(study).display());
        let errors = self.errors().count();
        if errors > 0 {
            println!("{errors} of the files could not be used; see above.");
        }
        Ok(())
    }
}

/// What people decided of the quotes, in a word.
pub fn decided(quotes: &[Quote]) -> String {
    let count = |status| quotes.iter().filter(|q| q.status == status).count();
    let (rejected, open) = (count(Status::Rejected), count(Status::Auto));
    match quotes.len() - open {
        0 => " proposed".to_owned(),
        _ => format!(", {} of them decided; {rejected} rejected", quotes.len() - open - rejected),
    }
}

/// How many of the quotes that stand a language model proposed, of all; `None` where it is not asked.
pub fn of_model(study: &Study, quotes: &[Quote]) -> Option<[usize; 2]> {
    engine::other(study)?;
    let standing = || quotes.iter().filter(|q| q.status != Status::Rejected);
    let of_model = standing().filter(|q| q.reasons.iter().any(|reason| reason.model().is_some()));
    Some([of_model.count(), standing().count()])
}

/// What is known of a model that a study has taught.
fn taught(taught: &Taught, language: Language) -> String {
    let Taught { by, interviews, macro_f1: [before, after], against_people } = taught;
    let comma = |figure: &f32| format!("{figure:.2}").replace('.', ",");
    match (language, by, against_people) {
        (Language::Dutch, None, _) => format!(
            "Het rekenmodel heeft geleerd van {interviews} interviews uit dit onderzoek die met de hand zijn gecodeerd. Op elk \
             daarvan, als het alleen van de andere had geleerd, kwam het met die codering overeen met een F1 van {} ({} \
             daarvoor).",
            comma(after),
            comma(before)
        ),
        (Language::Dutch, Some(model), true) => format!(
            "Het rekenmodel heeft geleerd van {interviews} interviews uit dit onderzoek, deels zoals het taalmodel {model} ze \
             codeerde. Met de mensen die er interviews helemaal codeerden, kwam het overeen met een F1 van {} ({} daarvoor).",
            comma(after),
            comma(before)
        ),
        (Language::Dutch, Some(model), false) => format!(
            "Het rekenmodel heeft geleerd van {interviews} interviews zoals het taalmodel {model} ze codeerde. Hoe vaak dat \
             klopt, is niet gemeten: alleen met {model} zelf is vergeleken (F1 {}, {} daarvoor).",
            comma(after),
            comma(before)
        ),
        (Language::English, None, _) => format!(
            "the model has learned from {interviews} interviews of this study that were coded by hand. On each of them, when \
             it had learned from the others, it agreed with that coding at F1 {after:.2} ({before:.2} before)."
        ),
        (Language::English, Some(model), true) => format!(
            "the model has learned from {interviews} interviews of this study, some as {model} coded them. With the people \
             who coded whole interviews it agreed at F1 {after:.2} ({before:.2} before)."
        ),
        (Language::English, Some(model), false) => format!(
            "the model has learned from {interviews} interviews as {model} coded them. How often that is right was not \
             measured: it was compared with {model} alone (F1 {after:.2}, {before:.2} before)."
        ),
    }
}

/// How well the coding agrees with people, for the page.
pub fn about(study: &Study, coded: &pipeline::Coded, cues_only: bool) -> String {
    let f1 = coded.expected.macro_f1;
    let (phase, touchpoint) = (100.0 * coded.expected.topics.phase, 100.0 * coded.expected.topics.touchpoint);
    if let Some((model, both)) = engine::other(study) {
        return match study.language {
            Language::Dutch => format!(
                "De voorstellen komen van het taalmodel {model}{}. Hoe vaak ze kloppen, is niet gemeten; dat blijkt pas bij \
                 het beoordelen.",
                if both { " en van het rekenmodel van het programma samen" } else { "" }
            ),
            Language::English => format!(
                "The proposals are those of the language model {model}{}. How often they are right was not measured; \
                 reviewing them will tell.",
                if both { " and of the program's own model together" } else { "" }
            ),
        };
    }
    if let Some(taught) = coded.taught.as_ref().filter(|_| !cues_only) {
        return self::taught(taught, study.language);
    }
    match (study.language, cues_only) {
        (Language::Dutch, true) => {
            "De uitspraken zijn met trefwoorden alleen gezocht: verwacht minder dan de helft van wat een zorgvuldige \
             codeur vindt."
                .to_owned()
        }
        (Language::English, true) => {
            "Quotes were found by cues alone: expect less than half of what a careful coder finds.".to_owned()
        }
        (Language::Dutch, false) => format!(
            "Op interviews uit studies die het model niet kende, kwam het met zorgvuldige codeurs overeen met een \
             F1 van {} (het gemiddelde van behoefte, winst en pijnpunt); twee mensen onderling halen ongeveer 0,94. De fase klopte bij {phase:.0}% van de uitspraken, het \
             contactmoment bij {touchpoint:.0}%.",
            format!("{f1:.2}").replace('.', ",")
        ),
        (Language::English, false) => format!(
            "On interviews of studies that the model had not seen, it agreed with careful coders at F1 {f1:.2} (the \
             mean of need, gain and pain); two people reach about 0.94. The phase was right for {phase:.0}% of the quotes, the touchpoint for \
             {touchpoint:.0}%."
        ),
    }
}

/// What a journey from a sample is worth, for the page.
pub fn about_sample(study: &Study, n: usize, all: usize) -> String {
    // Half the width of the 95% interval of a share of one half, the widest.
    let margin = 98.0 / (n as f64).sqrt();
    match study.language {
        Language::Dutch => format!(
            "Deze klantreis rust op een steekproef van {n} van de {all} interviews: een aandeel wijkt in 95 van de 100 \
             steekproeven hooguit {} procentpunt af. In quotes.csv, totals.csv en de zoekindex staan alle interviews.",
            format!("{margin:.1}").replace('.', ",")
        ),
        Language::English => format!(
            "This journey rests on a sample of {n} of the {all} interviews: a share is at most {margin:.1} percentage points \
             off in 95 of 100 samples. quotes.csv, totals.csv and the index hold all interviews."
        ),
    }
}
