//! Rows of a spreadsheet, laid on the study's transcripts, with a report a row.

use std::collections::BTreeMap;

use klantreis_study::{Role, Transcript};

use crate::{
    find::{Finder, Found, Likeness},
    gold::{GoldRow, widen},
    lay::stem,
    names::{Meaning, Meanings, key},
    sheet::HandRow,
};

/// What became of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct RowReport {
    /// The row in the table, from 1.
    pub row: usize,
    /// `exact`, `words`, `nearly`, `ambiguous`, `interviewer`, `not found`, `no such transcript` or `unknown code`.
    pub outcome: &'static str,
    /// How well the words agree, 0…1.
    pub score: f64,
    /// The transcript in which it was found.
    pub file: String,
    /// The turn, from 1; 0 where it was not found.
    pub turn: u32,
    /// The words as typed.
    pub typed: String,
    /// The words as they stand in the transcript.
    pub found: String,
    /// What else a researcher should know.
    pub note: String,
}

impl RowReport {
    /// Whether it deserves a look.
    pub fn is_doubtful(&self) -> bool {
        !matches!(self.outcome, "exact" | "words") || !self.note.is_empty()
    }
}

/// The rows for the gold file, the report, and the codes of which the meaning is not known.
#[derive(Debug, Default)]
pub struct HandLaid {
    /// The rows for the gold file.
    pub rows: Vec<GoldRow>,
    /// One a row of the table.
    pub reports: Vec<RowReport>,
    /// Unknown codes with the number of their rows.
    pub unknown: BTreeMap<String, usize>,
}

/// Lays rows on transcripts.
pub fn lay_rows(rows: &[HandRow], transcripts: &[Transcript], meanings: &Meanings) -> HandLaid {
    let finders: Vec<Finder<'_>> = transcripts.iter().map(Finder::new).collect();
    let mut laid = HandLaid::default();
    for row in rows {
        lay_row(row, &finders, meanings, &mut laid);
    }
    laid
}

fn lay_row(row: &HandRow, finders: &[Finder<'_>], meanings: &Meanings, laid: &mut HandLaid) {
    let mut report = RowReport {
        row: row.number,
        outcome: "not found",
        score: 0.0,
        file: row.file.clone(),
        turn: 0,
        typed: row.quote.clone(),
        found: String::new(),
        note: String::new(),
    };
    let said = Said::of(row, meanings);
    let mut notes = said.notes.clone();
    for code in &said.unknown {
        *laid.unknown.entry(code.clone()).or_default() += 1;
    }
    let named: Vec<&Finder<'_>> = finders.iter().filter(|f| is_of(f.transcript(), &row.file)).collect();
    let searched = if named.is_empty() { finders.iter().collect() } else { named.clone() };
    let near = row.turn.map(|turn| (turn as usize).saturating_sub(1));
    match find(&searched, &row.quote, Role::Respondent, near) {
        Some((finder, found)) => {
            let transcript = finder.transcript();
            report.score = found.score();
            report.outcome = match found.likeness {
                _ if found.ambiguous => "ambiguous",
                Likeness::Exact => "exact",
                Likeness::Words => "words",
                Likeness::Nearly(_) => "nearly",
            };
            if found.ambiguous {
                notes.push("it is said more than once; the first place was taken: fill in the turn".to_owned());
            }
            if named.is_empty() && !row.file.is_empty() {
                notes.push(format!("there is no transcript \"{}\"; it was found in {}", row.file, transcript.file));
            }
            report.file = transcript.file.clone();
            report.turn = transcript.turns[found.turn].number;
            if let Some((range, widened)) = widen(transcript, found.turn, &found.range) {
                let quote = &transcript.turns[found.turn].text[range.clone()];
                report.found = quote.to_owned();
                if widened {
                    notes.push("it is less than half a sentence; the whole one was taken".to_owned());
                }
                for category in &said.categories {
                    laid.rows.push(GoldRow {
                        file: transcript.file.clone(),
                        turn: report.turn,
                        at: range.start,
                        quote: quote.to_owned(),
                        category: category.clone(),
                        phase: said.phase.clone(),
                        touchpoint: said.touchpoint.clone(),
                        emotion: said.emotion.clone(),
                    });
                }
            }
            if said.categories.is_empty() && !said.nothing {
                report.outcome = "unknown code";
            }
        }
        None if find(&searched, &row.quote, Role::Interviewer, near).is_some() => {
            report.outcome = "interviewer";
            notes.push("it is what the interviewer says, which is not coded".to_owned());
        }
        None if named.is_empty() && !row.file.is_empty() => report.outcome = "no such transcript",
        None => {}
    }
    report.note = notes.join("; ");
    laid.reports.push(report);
}

/// In which of the transcripts a quote is found best; the first among equals.
fn find<'f, 'a>(
    finders: &[&'f Finder<'a>],
    quote: &str,
    role: Role,
    near: Option<usize>,
) -> Option<(&'f Finder<'a>, Found)> {
    let mut best: Option<(&Finder<'a>, Found)> = None;
    for finder in finders {
        let Some(mut found) = finder.find(quote, role, near) else { continue };
        let rank = |f: &Found| if f.likeness == Likeness::Exact { 2.0 } else { f.score() };
        match &mut best {
            Some((_, old)) if rank(old) > rank(&found) => {}
            Some((_, old)) if rank(old) == rank(&found) => old.ambiguous = true,
            _ => {
                found.ambiguous |= false;
                best = Some((finder, found));
            }
        }
    }
    best
}

/// Whether the table's name of a transcript is this one's: with or without folder and ending.
fn is_of(transcript: &Transcript, name: &str) -> bool {
    !name.is_empty() && (stem(name) == stem(&transcript.file) || key(name) == key(&transcript.interview))
}

/// What a row says, in the study's own words.
#[derive(Default)]
struct Said {
    categories: Vec<String>,
    phase: String,
    touchpoint: String,
    emotion: String,
    /// All its codes were said to mean nothing.
    nothing: bool,
    unknown: Vec<String>,
    notes: Vec<String>,
}

impl Said {
    fn of(row: &HandRow, meanings: &Meanings) -> Self {
        let mut said = Self::default();
        for (above, code) in &row.codes {
            let above: Vec<&str> = above.iter().map(String::as_str).collect();
            match meanings.of_name(&above, code) {
                Some(Meaning::Category(c)) if !said.categories.iter().any(|o| o == c.as_str()) => {
                    said.categories.push(c.to_string());
                }
                Some(Meaning::Category(_)) => {}
                Some(Meaning::Phase(p)) => said.phase = p.to_string(),
                Some(Meaning::Touchpoint(t)) => said.touchpoint = t.to_string(),
                Some(Meaning::Emotion(e)) => said.emotion = e.to_string(),
                Some(Meaning::Nothing) => said.nothing = true,
                None => said.unknown.push(above.iter().copied().chain([code.as_str()]).collect::<Vec<_>>().join("/")),
            }
        }
        let mut fill = |cell: &str, what: &str, known: Option<String>, into: fn(&mut Self) -> &mut String| match (
            cell.is_empty(),
            known,
        ) {
            (false, Some(id)) => *into(&mut said) = id,
            (false, None) => said.notes.push(format!("\"{cell}\" is no {what} of this study")),
            (true, _) => {}
        };
        fill(&row.phase, "phase", meanings.phase(&row.phase).map(|p| p.to_string()), |s| &mut s.phase);
        let touchpoint = meanings.touchpoint(&row.touchpoint).map(|t| t.to_string());
        fill(&row.touchpoint, "touchpoint", touchpoint, |s| &mut s.touchpoint);
        fill(&row.emotion, "emotion", meanings.emotion(&row.emotion).map(|e| e.to_string()), |s| &mut s.emotion);
        said
    }
}

/// The report as a table.
pub fn report_csv(reports: &[RowReport]) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["row", "outcome", "score", "file", "turn", "typed", "found", "note"])?;
    for r in reports {
        let (row, score, turn) = (r.row.to_string(), format!("{:.2}", r.score), r.turn.to_string());
        let safe = |text: &str| {
            if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() }
        };
        writer.write_record([
            &row,
            r.outcome,
            &score,
            &safe(&r.file),
            &turn,
            &safe(&r.typed),
            &safe(&r.found),
            &safe(&r.note),
        ])?;
    }
    let bytes = writer.into_inner().map_err(|e| e.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
