use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use klantreis_aggregation::{Cell, Journey, PhaseJourney, Score, Segments, to_five, to_ten};
use klantreis_study::{Quote, Study};
use rayon::prelude::*;

use crate::{
    datapackage, evidence, findings, needs,
    quotes::QuoteTable,
    table::{Field, ReportError, Rows, TableOptions, row, write},
    words::{channel, decimal, interviews, label, lane, pick},
};

/// All tables of a run.
pub struct Tables<'a> {
    /// The study: its language and touchpoints.
    pub study: &'a Study,
    /// All quotes, rejected ones too.
    pub quotes: &'a [Quote],
    /// What was counted from them.
    pub journey: &'a Journey,
}

impl Tables<'_> {
    /// Writes every table into `folder`, which is made where it does not exist; returns the files.
    pub fn write(&self, folder: &Path, options: &TableOptions) -> Result<Vec<PathBuf>, ReportError> {
        let mut files = write_tables(self.study, folder, self.all(), options)?;
        files.push(folder.join("datapackage.json"));
        Ok(files)
    }

    /// The heads of all tables.
    pub fn columns(&self) -> BTreeSet<String> {
        let heads = self.all().into_iter().filter_map(|(_, rows)| rows.into_iter().next());
        heads.flatten().filter_map(|head| if let Field::Text(name) = head { Some(name) } else { None }).collect()
    }

    fn all(&self) -> Vec<(&'static str, Rows)> {
        vec![
            ("quotes.csv", QuoteTable::of(self.quotes).table(self.quotes)),
            ("journey.csv", self.journey()),
            ("journey-table.csv", self.journey_table()),
            ("emotion.csv", self.emotion()),
            ("touchpoints.csv", self.touchpoints()),
            ("phases-by-interview.csv", self.phases_by_interview()),
            ("themes.csv", findings::themes(self.study, self.journey)),
            ("personas.csv", findings::personas(self.study, self.journey)),
            ("needs.csv", needs::needs(self.study, self.journey)),
            ("saturation.csv", needs::saturation(self.study, self.journey)),
            ("channels.csv", needs::channels(self.study, self.journey)),
            ("sequences.csv", needs::sequences(self.study, self.journey)),
            ("opportunities.csv", evidence::opportunities(self.study, self.journey)),
            ("moments.csv", evidence::moments(self.study, self.journey)),
            ("gaps.csv", evidence::gaps(self.study, self.journey)),
            (SEGMENT_GAPS, evidence::segment_gaps(self.study, &self.journey.segment_gaps)),
        ]
    }

    fn say(&self, nl: &'static str, en: &'static str) -> &'static str {
        pick(self.study.language, nl, en)
    }

    /// One row a phase × category × code.
    fn journey(&self) -> Rows {
        let mut rows = vec![row([
            self.say("fase", "phase"),
            self.say("fase_naam", "phase_label"),
            self.say("categorie", "category"),
            "code",
            self.say("code_naam", "code_label"),
            "n_quotes",
            "n_interviews",
            self.say("meest_typerend", "most_typical"),
            "quote_ids",
        ])];
        for phase in &self.journey.phases {
            for cell in &phase.cells {
                for item in &cell.items {
                    let mut cells = row([
                        phase.phase.id.as_str(),
                        &phase.phase.label,
                        cell.category.as_str(),
                        item.code.as_ref().map_or("", |c| c.as_str()),
                        &item.label,
                    ]);
                    cells.extend([
                        item.n_quotes.into(),
                        item.n_interviews.into(),
                        item.typical.first().map_or("", |q| q.quote.as_str()).into(),
                        item.quote_ids.join(" ").into(),
                    ]);
                    rows.push(cells);
                }
            }
        }
        rows
    }

    /// The table as people draw it: phases as columns.
    fn journey_table(&self) -> Rows {
        let phases = &self.journey.phases;
        let line = |name: &str, cell: &dyn Fn(&PhaseJourney) -> String| -> Vec<Field> {
            std::iter::once(name.into()).chain(phases.iter().map(|p| cell(p).into())).collect()
        };
        let mut rows = vec![line(self.say("Fase", "Phase"), &|p| p.phase.label.clone())];
        let lanes: Vec<&str> =
            phases.first().map(|p| p.cells.iter().map(|c| c.category.as_str()).collect()).unwrap_or_default();
        for (n, category) in lanes.iter().enumerate() {
            rows.push(line(&lane(self.study.language, category), &|p| self.cell(&p.cells[n])));
            if n == 0 {
                rows.push(line(self.say("Contactmomenten", "Touchpoints"), &|p| self.touchpoint_cell(p)));
            }
        }
        rows.push(line(self.say("Emotie", "Emotion"), &|p| self.emotion_cell(&p.emotion)));
        rows
    }

    fn cell(&self, cell: &Cell) -> String {
        if cell.items.is_empty() {
            return self.say("geen uitspraken gevonden", "no quotes found").to_owned();
        }
        let items = cell.items.iter().map(|item| {
            let quote = item.typical.first().map(|q| q.quote.as_str()).unwrap_or_default();
            format!("{} ({}): “{quote}”", item.label, interviews(item.n_interviews))
        });
        items.collect::<Vec<_>>().join("\n")
    }

    fn touchpoint_cell(&self, phase: &PhaseJourney) -> String {
        if phase.touchpoints.is_empty() {
            return self.say("geen contactmomenten genoemd", "no touchpoints named").to_owned();
        }
        let lines = phase.touchpoints.iter().map(|t| {
            let how = channel(self.study.language, t.channel);
            format!("{} ({how}, {})", t.label, interviews(t.emotion.n_interviews))
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn emotion_cell(&self, score: &Score) -> String {
        let word = label(self.study.language, score.label);
        // The word comes first: a cell that starts with a minus would have to be escaped.
        match (score.mean, score.interval) {
            (Some(mean), Some((low, high))) => {
                let to = self.say("tot", "to");
                let [mean, low, high] = [mean, low, high].map(|n| decimal(self.study.language, n, 1));
                format!("{word}: {mean} (95%: {low} {to} {high}; {})", interviews(score.n_interviews))
            }
            (Some(mean), None) => {
                format!("{word}: {} ({})", decimal(self.study.language, mean, 1), interviews(score.n_interviews))
            }
            _ => self.say("geen uitspraken gevonden", "no quotes found").to_owned(),
        }
    }

    fn score_cells(&self, score: &Score) -> Vec<Field> {
        vec![
            score.mean.into(),
            score.interval.map(|i| i.0).into(),
            score.interval.map(|i| i.1).into(),
            score.spread.into(),
            score.n_interviews.into(),
            score.n_quotes.into(),
            label(self.study.language, score.label).into(),
            score.mean.map(to_five).into(),
            score.mean.map(to_ten).into(),
            score.range.map(|r| r.0).into(),
            score.range.map(|r| r.1).into(),
        ]
    }

    fn score_heads(&self) -> Vec<Field> {
        row([
            self.say("emotie", "emotion"),
            self.say("interval_laag", "interval_low"),
            self.say("interval_hoog", "interval_high"),
            self.say("spreiding", "spread"),
            "n_interviews",
            "n_quotes",
            self.say("oordeel", "label"),
            self.say("schaal_1_5", "scale_1_5"),
            self.say("schaal_1_10", "scale_1_10"),
            self.say("laagste", "lowest"),
            self.say("hoogste", "highest"),
        ])
    }

    /// One row a phase: the emotion curve.
    fn emotion(&self) -> Rows {
        let mut head = row([self.say("fase", "phase"), self.say("fase_naam", "phase_label")]);
        head.extend(self.score_heads());
        head.extend(row([
            self.say("gewenst", "desired"),
            self.say("verschil", "difference"),
            self.say("verschil_laag", "difference_low"),
            self.say("verschil_hoog", "difference_high"),
        ]));
        let mut rows = vec![head];
        for phase in &self.journey.phases {
            let mut cells = row([phase.phase.id.as_str(), &phase.phase.label]);
            cells.extend(self.score_cells(&phase.emotion));
            let interval = phase.desired.and_then(|d| d.interval);
            cells.extend([
                phase.phase.desired.into(),
                phase.desired.map(|d| d.difference).into(),
                interval.map(|i| i.0).into(),
                interval.map(|i| i.1).into(),
            ]);
            rows.push(cells);
        }
        rows
    }

    /// One row a touchpoint: its heartbeat.
    fn touchpoints(&self) -> Rows {
        let mut head = row([
            self.say("contactmoment", "touchpoint"),
            self.say("contactmoment_naam", "touchpoint_label"),
            self.say("kanaal", "channel"),
        ]);
        head.extend(self.score_heads());
        let mut rows = vec![head];
        for t in &self.journey.touchpoints {
            let mut cells = row([t.id.as_str(), &t.label, channel(self.study.language, t.channel)]);
            cells.extend(self.score_cells(&t.emotion));
            rows.push(cells);
        }
        rows
    }

    /// One row an interview × phase: numbers of quotes a category, and its voice.
    fn phases_by_interview(&self) -> Rows {
        let mut head = row(["interview", self.say("fase", "phase")]);
        let first = self.journey.phases.first();
        head.extend(first.iter().flat_map(|p| &p.cells).map(|c| format!("n_{}", c.category).into()));
        head.push(self.say("emotie", "emotion").into());
        let mut rows = vec![head];
        for (n, interview) in self.journey.interviews.iter().enumerate() {
            for phase in &self.journey.phases {
                let told = &phase.by_interview[n];
                let mut cells = row([interview, phase.phase.id.as_str()]);
                cells.extend(told.n_quotes.iter().map(|n| Field::from(*n)));
                cells.push(told.emotion.into());
                rows.push(cells);
            }
        }
        rows
    }
}

/// What each group tells too little of: by segment, or by the attribute that a run asks for.
const SEGMENT_GAPS: &str = "gaps-by-segment.csv";

/// The tables of groups that are there only where somebody asked for groups.
pub const OF_SEGMENTS: [&str; 2] = ["segments.csv", "differences.csv"];

/// Writes the journeys of groups of interviews, their differences, and what each tells too little of: `segments.csv`,
/// `differences.csv`, `gaps-by-segment.csv`.
pub fn write_segments(
    study: &Study,
    segments: &Segments,
    folder: &Path,
    options: &TableOptions,
) -> Result<Vec<PathBuf>, ReportError> {
    let tables = vec![
        (OF_SEGMENTS[0], findings::segments(study, segments)),
        (OF_SEGMENTS[1], findings::differences(study, segments)),
        (SEGMENT_GAPS, evidence::segment_gaps(study, &segments.gaps)),
    ];
    write_tables(study, folder, tables, options)
}

/// Takes away tables of an earlier run, of which what they say is no longer true. A file of that name that is not described in
/// `datapackage.json` is somebody's own, and stays.
pub fn forget_tables(folder: &Path, tables: &[&str]) -> Result<(), ReportError> {
    for name in datapackage::described(folder).iter().filter(|name| tables.contains(&name.as_str())) {
        let path = folder.join(name);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => return Err(ReportError { path, source }),
            _ => {}
        }
    }
    Ok(())
}

/// Writes the chosen columns of tables into `folder`, which is made where it does not exist, and describes them in the
/// `datapackage.json` there; returns the tables' files.
pub fn write_tables(
    study: &Study,
    folder: &Path,
    tables: Vec<(&str, Rows)>,
    options: &TableOptions,
) -> Result<Vec<PathBuf>, ReportError> {
    fs::create_dir_all(folder).map_err(|source| ReportError { path: folder.to_owned(), source })?;
    let tables = options.choose(tables);
    let files = tables
        .par_iter()
        .map(|(name, rows)| {
            let path = folder.join(name);
            write(&path, rows, options).map(|()| path)
        })
        .collect::<Result<Vec<_>, _>>()?;
    datapackage::describe(folder, study, &tables, options)?;
    Ok(files)
}

/// Describes a table of quotes that was written part by part.
pub fn describe_quotes(
    study: &Study,
    folder: &Path,
    columns: &QuoteTable,
    options: &TableOptions,
) -> Result<(), ReportError> {
    let tables = options.choose(vec![("quotes.csv", columns.table(&[]))]);
    datapackage::describe(folder, study, &tables, options).map(|_| ())
}

#[cfg(test)]
mod tests {
    use klantreis_study::Language;

    use super::*;
    use crate::sample;

    fn written(language: Language, excel: bool) -> Vec<(String, String)> {
        let (mut study, quotes) = sample::study();
        study.language = language;
        let journey = sample::journey(&study, &quotes);
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("nieuw/uit");
        let tables = Tables { study: &study, quotes: &quotes, journey: &journey };
        let files = tables.write(&out, &TableOptions { excel, ..TableOptions::default() }).unwrap();
        assert_eq!(fs::read_dir(&out).unwrap().count(), files.len());
        let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        let tables = files.iter().filter(|path| path.extension().unwrap() == "csv");
        tables.map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
    }

    #[test]
    fn quotes_keep_their_columns_in_both_languages_and_escape_what_would_run() {
        for language in [Language::Dutch, Language::English] {
            let tables = written(language, false);
            let mut lines = tables[0].1.lines();
            assert_eq!(
                lines.next(),
                Some(
                    "quote_id,interview,file,turn,speaker,time,phase,category,code,touchpoint,emotion,confidence,\
                     status,quote,attr_locatie,attr_segment"
                )
            );
            assert_eq!(
                lines.next(),
                Some(
                    "a:1p,a,a.txt,1,R,00:00:09,voor,pijnpunt,moeite,balie,-2,0.80,auto,\"'=1+1, <b>zei</b> hij\",,'-1"
                )
            );
        }
    }

    #[test]
    fn heads_are_in_the_language_of_the_study_and_ids_stay() {
        for (language, expected) in [
            (Language::Dutch, ["fase,fase_naam,categorie,code,", "Fase,Voor,Na", "geen uitspraken gevonden"]),
            (Language::English, ["phase,phase_label,category,code,", "Phase,Voor,Na", "no quotes found"]),
        ] {
            let tables = written(language, false);
            assert!(tables[1].1.starts_with(expected[0]) && tables[1].1.contains("voor,Voor,pijnpunt,moeite,"));
            assert!(tables[2].1.starts_with(expected[1]) && tables[2].1.contains(expected[2]), "{}", tables[2].1);
        }
    }

    #[test]
    fn all_rows_of_a_table_have_its_columns() {
        for (excel, delimiter) in [(false, b','), (true, b';')] {
            for (name, text) in written(Language::Dutch, excel) {
                let mut reader =
                    csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(text.as_bytes());
                let widths: BTreeSet<usize> = reader.records().map(|r| r.unwrap().len()).collect();
                assert!(widths.len() == 1 && widths.first() > Some(&1), "{name}: {widths:?}");
            }
        }
    }

    #[test]
    fn the_wish_stands_beside_the_experience() {
        let tables = written(Language::Dutch, true);
        let line = tables[3].1.lines().nth(1).unwrap().to_owned();
        assert!(line.starts_with("voor;Voor;-1,00;") && line.contains(";1,00;-2,00;"), "{line}");
    }
}
