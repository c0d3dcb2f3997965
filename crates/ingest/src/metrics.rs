//! `metrics.csv`: figures about phases and touchpoints from elsewhere.

use std::{fs, io};

use klantreis_study::{Metric, PhaseId, Problem, Severity, Study, TouchpointId};

use crate::decode::decode;

/// The rows of the study's `metrics.csv` (`phase, touchpoint, name, value, unit, period`, or in Dutch `fase,
/// contactmoment, naam, waarde, eenheid, periode`; `,` or `;` between them), none where there is no such file; and
/// the rows that can't be used.
pub fn read_metrics(study: &Study) -> (Vec<Metric>, Vec<Problem>) {
    let bytes = match fs::read(study.root.join("metrics.csv")) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return (Vec::new(), Vec::new()),
        Err(e) => return (Vec::new(), vec![problem(None, format!("can't be read: {e}"))]),
    };
    match decode(&bytes) {
        Ok(text) => read(&text, study),
        Err(e) => (Vec::new(), vec![problem(None, e.to_owned())]),
    }
}

fn problem(line: Option<u32>, message: String) -> Problem {
    Problem { file: "metrics.csv".to_owned(), line, severity: Severity::Error, message }
}

fn read(text: &str, study: &Study) -> (Vec<Metric>, Vec<Problem>) {
    let head = text.lines().next().unwrap_or_default();
    let delimiter = if head.matches(';').count() > head.matches(',').count() { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let heads: Vec<String> = reader.headers().map(|h| h.iter().map(str::to_lowercase).collect()).unwrap_or_default();
    let column = |nl: &str, en: &str| heads.iter().position(|h| h.trim_start_matches('\u{feff}') == nl || h == en);
    let [phase, touchpoint, name, value, unit, period] = [
        column("fase", "phase"),
        column("contactmoment", "touchpoint"),
        column("naam", "name"),
        column("waarde", "value"),
        column("eenheid", "unit"),
        column("periode", "period"),
    ];
    if name.is_none() || value.is_none() {
        let message =
            "needs the columns name and value (naam, waarde); phase, touchpoint, unit and period are optional";
        return (Vec::new(), vec![problem(Some(1), message.to_owned())]);
    }
    let (mut metrics, mut problems) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                problems.push(problem(e.position().map(|p| p.line() as u32), e.to_string()));
                continue;
            }
        };
        let line = record.position().map(|p| p.line() as u32);
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default();
        let mut refuse = |message: String| problems.push(problem(line, format!("{message}; the row was left out")));
        let Some(number) = decimal(cell(value)) else {
            refuse(format!("\"{}\" is no number", cell(value)));
            continue;
        };
        let (in_phase, at_touchpoint) = (cell(phase), cell(touchpoint));
        let known_phase = PhaseId::new(in_phase).ok().filter(|id| study.phase(id).is_some());
        let known_touchpoint = TouchpointId::new(at_touchpoint).ok().filter(|id| study.touchpoint(id).is_some());
        if !in_phase.is_empty() && known_phase.is_none() {
            refuse(format!("the study has no phase \"{in_phase}\""));
        } else if !at_touchpoint.is_empty() && known_touchpoint.is_none() {
            refuse(format!("the study has no touchpoint \"{at_touchpoint}\""));
        } else {
            metrics.push(Metric {
                phase: known_phase,
                touchpoint: known_touchpoint,
                name: cell(name).to_owned(),
                value: number,
                unit: cell(unit).to_owned(),
                period: cell(period).to_owned(),
            });
        }
    }
    (metrics, problems)
}

/// `1200`, `12.5` and, as Dutch spreadsheets write it, `12,5` and `1.200`.
fn decimal(text: &str) -> Option<f64> {
    let thousands = text.contains('.')
        && text.split('.').skip(1).all(|part| part.split(',').next().is_some_and(|digits| digits.len() == 3));
    let plain = if thousands || text.contains(',') { text.replace('.', "").replace(',', ".") } else { text.to_owned() };
    plain.trim().parse().ok().filter(|n: &f64| n.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_and_wrong_ones_named() {
        let study = Study::parse("[[phase]]\nid = \"voor\"\n[[touchpoint]]\nid = \"balie\"\n").unwrap();
        let text = "fase;contactmoment;naam;waarde;eenheid;periode\nvoor;;bezoekers;1.200;per jaar;2025\n\
                    ;balie;wachttijd;12,5;minuten;2025\nna;;klachten;3;;\nvoor;;klachten;veel;;\n";
        let (metrics, problems) = read(text, &study);
        assert_eq!(metrics.iter().map(|m| m.value).collect::<Vec<_>>(), [1200.0, 12.5]);
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(told[0].starts_with("metrics.csv:4: the study has no phase \"na\""), "{told:?}");
        assert!(told[1].contains("\"veel\" is no number"), "{told:?}");
    }
}
