//! Agreement as text and as a table.

use std::fmt::Write;

use klantreis_coding::{Agreement, Disagreement, Estimate};
use klantreis_study::Category;

use crate::output::three;

pub fn with_interval(e: &Estimate) -> String {
    match (e.low, e.high) {
        (Some(low), Some(high)) => format!("{:.2} [{low:.2}, {high:.2}]", e.value),
        _ => format!("{:.2}", e.value),
    }
}

fn name(category: &Option<Category>) -> &str {
    category.as_ref().map_or("none", Category::as_str)
}

pub fn text(a: &Agreement) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    writeln!(
        out,
        "{} interviews, {} respondent sentences; [95% intervals over interviews]",
        a.interviews, a.sentences
    )?;
    let (p, r, k) = ("precision", "recall", "kappa");
    writeln!(out, "\n{:<12}{:>5}{:>6}  {p:<19}{r:<19}{:<19}{k:<20}alpha", "category", "gold", "found", "F1")?;
    for row in &a.categories {
        let [p, r, f, k] = [&row.precision, &row.recall, &row.f1, &row.kappa].map(with_interval);
        let alpha = three(row.alpha);
        writeln!(out, "{:<12}{:>5}{:>6}  {p:<19}{r:<19}{f:<19}{k:<20}{alpha}", row.category, row.gold, row.found)?;
    }
    writeln!(out, "\nmacro-F1 (behoefte, winst, pijnpunt)          {}", with_interval(&a.macro_f1))?;
    writeln!(out, "alpha, category by category (the same three)  {}", three(a.alpha_decisions))?;
    writeln!(out, "alpha, whole sets of categories               {}", three(a.alpha_sets))?;
    writeln!(out, "\nOn the {} sentences that both coded:", a.both)?;
    writeln!(out, "phase accuracy                                {}", three(a.phase_accuracy))?;
    writeln!(out, "touchpoint accuracy                           {}", three(a.touchpoint_accuracy))?;
    writeln!(out, "emotion, mean absolute error                  {}", three(a.emotion_error))?;
    writeln!(out, "emotion curve, mean absolute error by phase   {}", three(a.emotion_curve_error))?;
    writeln!(out, "\nCalibration: of what was proposed at this confidence, so much is right\n")?;
    writeln!(out, "confidence      n    mean   right")?;
    for bin in &a.calibration {
        writeln!(out, "{:.1} to {:.1}{:>7}{:>8.2}{:>8.2}", bin.from, bin.to, bin.n, bin.confidence, bin.right)?;
    }
    writeln!(out, "\nConfusions: what was given where the gold has something else\n")?;
    writeln!(out, "{:<12}{:<12}sentences", "given", "gold")?;
    for c in &a.confusions {
        writeln!(out, "{:<12}{:<12}{:>9}", name(&c.found), name(&c.gold), c.sentences)?;
    }
    writeln!(out, "\nThe clearest disagreements")?;
    for d in &a.disagreements {
        disagreement(&mut out, d)?;
    }
    Ok(out)
}

fn disagreement(out: &mut String, d: &Disagreement) -> std::fmt::Result {
    let list = |of: &[Category]| {
        let names: Vec<&str> = of.iter().map(Category::as_str).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    let dispute = match d.confidence {
        Some(sure) => format!("{} was given at {sure:.2}; gold: {}", d.category, list(&d.gold)),
        None => format!("{} was missed; given: {}", d.category, list(&d.found)),
    };
    writeln!(out, "\n{} turn {}: {dispute}", d.file, d.turn)?;
    writeln!(out, "    {}\n  > {}\n    {}", d.before, d.sentence, d.after)
}

/// A row a figure; the disagreements are left to text and JSON.
pub fn csv(a: &Agreement) -> Result<String, std::fmt::Error> {
    let mut out = String::from("measure,category,gold_category,n,value,low,high\n");
    let cell = |v: Option<f64>| v.map(|v| format!("{v:.4}")).unwrap_or_default();
    let mut estimate = |measure: &str, category: &str, n: usize, e: &Estimate| {
        writeln!(out, "{measure},{category},,{n},{},{},{}", cell(Some(e.value)), cell(e.low), cell(e.high))
    };
    for row in &a.categories {
        let category = row.category.as_str();
        let plain = Estimate { value: row.alpha.unwrap_or(f64::NAN), low: None, high: None };
        estimate("precision", category, row.found, &row.precision)?;
        estimate("recall", category, row.gold, &row.recall)?;
        estimate("f1", category, row.gold, &row.f1)?;
        estimate("kappa", category, a.sentences, &row.kappa)?;
        if row.alpha.is_some() {
            estimate("alpha", category, a.sentences, &plain)?;
        }
    }
    estimate("macro_f1", "", a.sentences, &a.macro_f1)?;
    for (measure, n, value) in [
        ("alpha_decisions", a.sentences, a.alpha_decisions),
        ("alpha_sets", a.sentences, a.alpha_sets),
        ("phase_accuracy", a.both, a.phase_accuracy),
        ("touchpoint_accuracy", a.both, a.touchpoint_accuracy),
        ("emotion_error", a.both, a.emotion_error),
        ("emotion_curve_error", a.both, a.emotion_curve_error),
    ] {
        writeln!(out, "{measure},,,{n},{},,", cell(value))?;
    }
    for bin in &a.calibration {
        let (low, high) = (cell(Some(bin.from)), cell(Some(bin.to)));
        writeln!(out, "calibration_confidence,,,{},{},{low},{high}", bin.n, cell(Some(bin.confidence)))?;
        writeln!(out, "calibration_right,,,{},{},{low},{high}", bin.n, cell(Some(bin.right)))?;
    }
    for c in &a.confusions {
        writeln!(out, "confusion,{},{},{},,,", name(&c.found), name(&c.gold), c.sentences)?;
    }
    Ok(out)
}
