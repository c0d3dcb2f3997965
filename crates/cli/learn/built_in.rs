//! `klantreis learn --built-in STUDIES`: trains the model that comes with the program, and measures what its parts and
//! its examples add.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context;
use klantreis_coding::{
    Example, HeldBack, Resources, TopicAccuracy,
    ablation::{Part, with_interviews, with_parts},
    calibration, cross_validate, expected as expected_of, topic_accuracy, train,
};

use crate::{Outcome, pipeline};

pub fn train_and_measure(studies: &Path, also: Option<&Path>, output: &Path) -> anyhow::Result<Outcome> {
    let examples = all(studies, also)?;
    let resources = Resources::built_in();
    let standard = examples.iter().filter(|e| e.standard).count();
    println!("{} interviews; leaving out one study at a time of {standard}:", examples.len());
    let held_back = cross_validate(&examples, &resources, |n| examples[n].study.clone());
    let (mut expected, by_study) = expected_of(&examples, &held_back);
    let topics = topic_accuracy(&examples, |n| examples[n].study.clone());
    let mean = |of: fn(&TopicAccuracy) -> f32| topics.values().map(of).sum::<f32>() / topics.len() as f32;
    expected.topics = TopicAccuracy { phase: mean(|a| a.phase), touchpoint: mean(|a| a.touchpoint) };
    println!(
        "{:<20}{:>9}{:>7}{:>9}{:>11}{:>9}{:>7}{:>11}",
        "study", "behoefte", "winst", "pijnpunt", "activiteit", "macro-F1", "phase", "touchpoint"
    );
    let rows = by_study.iter().map(|(study, f1)| (study.as_str(), f1, topics.get(study).copied().unwrap_or_default()));
    for (study, f1, right) in rows.chain([("mean", &expected.f1, expected.topics)]) {
        let mean = (f1[0] + f1[1] + f1[2]) / 3.0;
        println!(
            "{study:<20}{:>9.3}{:>7.3}{:>9.3}{:>11.3}{mean:>9.3}{:>7.3}{:>11.3}",
            f1[0], f1[1], f1[2], f1[3], right.phase, right.touchpoint
        );
    }
    println!("Of the proposals with a confidence of about … so many were right:");
    for bin in calibration(&examples, &held_back) {
        println!("{:>6.2}{:>7.2} of {}", bin.confidence, bin.right, bin.n);
    }
    let mut model = train(&examples, &resources);
    model.expected = expected;
    // Phases of one's own are known by their words; those of studies that nobody looks at would only be carried along.
    model.topics.keep(|study| examples.iter().any(|example| example.standard && example.study == study));
    fs::write(output, model.to_bytes()).with_context(|| output.display().to_string())?;
    println!("wrote {}", output.display());
    Ok(Outcome::Well)
}

/// The interviews of all studies in a folder that have gold, in the order of their names.
fn coded_studies(folder: &Path) -> anyhow::Result<Vec<Example>> {
    let mut dirs = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            dirs.push(path);
        }
    }
    dirs.sort();
    let mut examples = Vec::new();
    for dir in dirs {
        let gold = pipeline::gold_files(&dir)?;
        if !gold.is_empty() {
            examples.extend(pipeline::examples(&dir, &gold)?);
        }
    }
    Ok(examples)
}

/// Says how often phases are right: in studies of which nothing was coded, and in interviews of studies of which the others
/// were.
pub fn phases(studies: &Path, also: Option<&Path>) -> anyhow::Result<Outcome> {
    let examples = all(studies, also)?;
    let of = |group: &dyn Fn(&Example) -> String| topic_accuracy(&examples, |n| group(&examples[n]));
    let (unseen, known) = (of(&|e| e.study.clone()), of(&|e| format!("{}/{}", e.study, e.transcript.file)));
    let mean = |rows: &BTreeMap<String, TopicAccuracy>| rows.values().map(|a| a.phase).sum::<f32>() / rows.len() as f32;
    println!("| study | unseen study | known study |\n|---|--:|--:|");
    for (study, unseen) in &unseen {
        let known = known.get(study).copied().unwrap_or_default();
        println!("| {study} | {:.3} | {:.3} |", unseen.phase, known.phase);
    }
    println!("| mean | {:.3} | {:.3} |", mean(&unseen), mean(&known));
    Ok(Outcome::Well)
}

/// Says what each part of the coder adds, and what more interviews add.
pub fn ablate(studies: &Path, also: Option<&Path>) -> anyhow::Result<Outcome> {
    let examples = all(studies, also)?;
    let resources = Resources::built_in();
    let held = format!("{} interviews, a fifth of the studies left out at a time; F1:", examples.len());
    println!("{held}\n");
    for part in Part::ALL {
        let found = with_parts(part, &examples, &resources).map_err(anyhow::Error::msg)?;
        print(&format!("up to {}", format!("{part:?}").to_lowercase()), &examples, &found);
    }
    let most = examples.len();
    let sizes = std::iter::successors(Some(FEWEST_INTERVIEWS), |n| Some(n * 2)).take_while(|n| *n < most);
    for interviews in sizes {
        let found = with_interviews(interviews, &examples, &resources);
        print(&format!("learned from {interviews} interviews"), &examples, &found);
    }
    Ok(Outcome::Well)
}

/// The learning curve begins with as many as a small study has, and doubles.
const FEWEST_INTERVIEWS: usize = 8;

/// The F1 of each study and of their mean, as Markdown.
fn print(title: &str, examples: &[Example], found: &[HeldBack]) {
    let (mean, by_study) = expected_of(examples, found);
    println!("{title}\n\n| study | behoefte | winst | pijnpunt | activiteit | macro-F1 |\n|---|--:|--:|--:|--:|--:|");
    for (study, f1) in by_study.iter().map(|(s, f1)| (s.as_str(), f1)).chain([("mean", &mean.f1)]) {
        let macro_f1 = (f1[0] + f1[1] + f1[2]) / 3.0;
        println!("| {study} | {:.3} | {:.3} | {:.3} | {:.3} | {macro_f1:.3} |", f1[0], f1[1], f1[2], f1[3]);
    }
    println!();
}

/// The interviews of `studies`, which set the standard, and those of `also`, which only teach.
fn all(studies: &Path, also: Option<&Path>) -> anyhow::Result<Vec<Example>> {
    let mut examples = coded_studies(studies)?;
    if let Some(also) = also {
        examples.extend(coded_studies(also)?.into_iter().map(|example| Example { standard: false, ..example }));
    }
    Ok(examples)
}
