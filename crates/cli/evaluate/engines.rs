//! `klantreis evaluate DIR --engines`: the built-in engine, a language model and both together, side by side.

use std::{collections::BTreeSet, fmt::Write, time::Instant};

use klantreis_coding::{Agreement, CategoryAgreement, Estimate, Interview, Options, Sheet, Words};
use klantreis_llm::Proposed;
use klantreis_study::{Coding, Study, Transcript};
use serde::Serialize;

use super::{Args, about_none, is_coded, warn_of_seen, write::with_interval};
use crate::{
    Outcome,
    by_hand::ByHand,
    engine,
    output::{Format, three},
    pipeline::{self, Coded},
};

/// Engines by the same gold.
#[derive(Serialize)]
struct Comparison {
    engines: Vec<Measured>,
    /// How it is known how sure the two are together.
    confidence_of_both: String,
    /// Interviews with gold about which the language model has not answered everything.
    left_out: Vec<String>,
}

/// An engine by the gold, with what it took.
#[derive(Serialize)]
struct Measured {
    engine: String,
    agreement: Agreement,
    #[serde(flatten)]
    took: Took,
}

#[derive(Clone, Copy, Default, Serialize)]
struct Took {
    /// Of the language model: of all answers, one after another.
    seconds: f64,
    questions: usize,
    tokens_sent: u64,
    tokens_received: u64,
    /// None where the study does not say what tokens cost; nothing for the built-in engine.
    cost: Option<f64>,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let [dir] = args.dirs.as_slice() else {
        anyhow::bail!("--engines goes with one study, whose language model is meant")
    };
    let study = Study::load(dir)?;
    let model = engine::Model::of(&study)?;
    let coded = pipeline::propose(&study, Options::default(), true)?;
    let by_hand = if args.gold.is_empty() {
        // What was decided of the chosen engine's proposals, in interviews that were decided on whole.
        ByHand::of(dir, &pipeline::code(&study, Options::default(), true)?)?
    } else {
        ByHand { rows: pipeline::gold_rows(dir, &args.gold)?, whole: BTreeSet::new() }
    };
    let mut skipped = pipeline::report(&coded.problems);
    let transcript = |n: usize| &coded.transcripts[n].transcript;
    let is_by_hand =
        |n: &usize| by_hand.whole.contains(&transcript(*n).file) || is_coded(transcript(*n), &by_hand.rows);
    let with_gold: Vec<usize> = (0..coded.transcripts.len()).filter(is_by_hand).collect();
    if with_gold.is_empty() {
        if args.gold.is_empty() && by_hand.rows.is_empty() {
            anyhow::bail!(
                "{}: there is no gold file, and no interview is decided on whole; decide on all proposals of one (`klantreis \
                 serve`), or give a gold file with --gold",
                dir.display()
            );
        }
        return Err(about_none(dir));
    }
    if with_gold.iter().any(|n| by_hand.whole.contains(&transcript(*n).file)) {
        eprintln!(
            "note: people decided on proposals that they saw, which flatters whoever proposed them; an interview coded \
             before that measures better"
        );
    }
    if args.ask {
        model.ask(&coded, &with_gold, &args.consent, false)?;
    }
    let answered = model.answered(&coded);
    let (compared, left_out): (Vec<usize>, Vec<usize>) = with_gold.iter().partition(|n| answered.contains(n));
    if compared.is_empty() {
        anyhow::bail!(
            "{} has not answered everything about any interview with gold; --ask asks it {} questions",
            model.name(),
            model.plan(&coded, &with_gold).requests
        );
    }
    let mut gold = Vec::new();
    for n in &compared {
        let (sheet, missing) = Sheet::of_rows(transcript(*n), &by_hand.rows);
        skipped |= !missing.is_empty();
        missing.iter().for_each(|row| pipeline::not_found(transcript(*n), row));
        gold.push((transcript(*n), sheet));
    }
    let (built_in, in_no_time) = built_in(&coded, &compared);
    let kept = model.kept(&coded, &compared);
    let asking = took(&model, &kept);
    let together = Took { seconds: in_no_time.seconds + asking.seconds, ..asking };
    let (both, calibration) = engine::both(&study, &engine::interviews(&coded, &compared), kept.codings.clone())?;
    let measured = |engine: &str, found: &[Vec<Coding>], took| Measured {
        engine: engine.to_owned(),
        agreement: agreement(&gold, found),
        took,
    };
    let comparison = Comparison {
        engines: vec![
            measured("built-in", &built_in, in_no_time),
            measured(model.name(), &kept.codings, asking),
            measured("both", &both, together),
        ],
        confidence_of_both: calibration.to_string(),
        left_out: left_out.into_iter().map(|n| transcript(n).file.clone()).collect(),
    };
    let text = match args.output.format {
        Format::Text => comparison.text()?,
        Format::Csv => comparison.csv()?,
        Format::Json => serde_json::to_string_pretty(&comparison)? + "\n",
    };
    args.output.write(&text)?;
    warn_of_seen();
    Ok(if skipped { Outcome::Partly } else { Outcome::Well })
}

/// Codes the interviews once more, one after another, to see how long that takes.
fn built_in(coded: &Coded, which: &[usize]) -> (Vec<Vec<Coding>>, Took) {
    let start = Instant::now();
    let mut words = Words::new();
    let found = which.iter().map(|n| coded.coder.code(&coded.transcripts[*n].transcript, &mut words)).collect();
    (found, Took { seconds: start.elapsed().as_secs_f64(), cost: Some(0.0), ..Took::default() })
}

fn took(model: &engine::Model<'_>, kept: &Proposed) -> Took {
    let spent = kept.spent;
    Took {
        seconds: spent.milliseconds as f64 / 1000.0,
        questions: kept.kept,
        tokens_sent: spent.sent,
        tokens_received: spent.received,
        cost: model.cost(spent.sent + spent.received),
    }
}

fn agreement(gold: &[(&Transcript, Sheet)], found: &[Vec<Coding>]) -> Agreement {
    let mut interviews = Vec::new();
    for ((transcript, gold), found) in gold.iter().zip(found) {
        let (name, found) = (transcript.file.clone(), Sheet::of_codings(transcript, found));
        interviews.push(Interview { name, transcript, gold: gold.clone(), found });
    }
    Agreement::between(&interviews)
}

/// A measure of a category.
type Measure = (&'static str, fn(&CategoryAgreement) -> &Estimate);

const MEASURES: [Measure; 4] =
    [("precision", |c| &c.precision), ("recall", |c| &c.recall), ("f1", |c| &c.f1), ("kappa", |c| &c.kappa)];

impl Comparison {
    fn text(&self) -> Result<String, std::fmt::Error> {
        let mut out = String::new();
        let of_all = &self.engines[0].agreement;
        writeln!(
            out,
            "{} interviews, {} respondent sentences; [95% intervals over interviews]",
            of_all.interviews, of_all.sentences
        )?;
        for file in &self.left_out {
            writeln!(out, "{file} is left out: not all of it is answered (--ask asks)")?;
        }
        out += "\n";
        out += &self.line("", |e| e.engine.clone());
        for (title, of) in [("F1", MEASURES[2].1), ("kappa", MEASURES[3].1)] {
            for CategoryAgreement { category, .. } in &of_all.categories {
                out += &self.line(&format!("{title:<6}{category}"), |e| {
                    let row = e.agreement.categories.iter().find(|c| c.category == *category);
                    row.map_or_else(|| "-".to_owned(), |row| with_interval(of(row)))
                });
            }
        }
        out += &self.line("macro-F1", |e| with_interval(&e.agreement.macro_f1));
        out += &self.line("phase", |e| three(e.agreement.phase_accuracy));
        out += &self.line("touchpoint", |e| three(e.agreement.touchpoint_accuracy));
        out += &self.line("seconds", |e| format!("{:.1}", e.took.seconds));
        out += &self.line("questions", |e| e.took.questions.to_string());
        out += &self.line("tokens", |e| (e.took.tokens_sent + e.took.tokens_received).to_string());
        out += &self.line("cost", |e| e.took.cost.map_or_else(|| "unknown".to_owned(), |cost| format!("{cost:.4}")));
        writeln!(
            out,
            "\nSeconds of the language model are those of its answers, one after another; tokens are counted by its server, \
             or from the letters where it does not count.\nHow sure both are together: {}",
            self.confidence_of_both
        )?;
        Ok(out)
    }

    /// A line of the table: a cell an engine.
    fn line(&self, name: &str, cell: impl Fn(&Measured) -> String) -> String {
        let cells: String = self.engines.iter().map(|e| format!("{:<22}", cell(e))).collect();
        format!("{name:<18}{cells}").trim_end().to_owned() + "\n"
    }

    /// A row a figure of an engine.
    fn csv(&self) -> Result<String, std::fmt::Error> {
        let mut out = String::from("engine,measure,category,value,low,high\n");
        let cell = |v: Option<f64>| v.map(|v| format!("{v:.4}")).unwrap_or_default();
        for Measured { engine, agreement, took } in &self.engines {
            let engine = if engine.contains([',', '"']) {
                format!("\"{}\"", engine.replace('"', "\"\""))
            } else {
                engine.clone()
            };
            for row in &agreement.categories {
                for (measure, of) in MEASURES {
                    let e = of(row);
                    writeln!(
                        out,
                        "{engine},{measure},{},{:.4},{},{}",
                        row.category,
                        e.value,
                        cell(e.low),
                        cell(e.high)
                    )?;
                }
            }
            let e = &agreement.macro_f1;
            writeln!(out, "{engine},macro_f1,,{:.4},{},{}", e.value, cell(e.low), cell(e.high))?;
            for (measure, value) in [
                ("phase_accuracy", agreement.phase_accuracy),
                ("touchpoint_accuracy", agreement.touchpoint_accuracy),
                ("seconds", Some(took.seconds)),
                ("questions", Some(took.questions as f64)),
                ("tokens_sent", Some(took.tokens_sent as f64)),
                ("tokens_received", Some(took.tokens_received as f64)),
                ("cost", took.cost),
            ] {
                writeln!(out, "{engine},{measure},,{},,", cell(value))?;
            }
        }
        Ok(out)
    }
}
