//! Coding the files of one part.

use std::path::Path;

use klantreis_coding::{Coder, Words};
use klantreis_index::{Batch, Documents, Numbers};
use klantreis_ingest::{Participants, read_file};
use klantreis_report::QuoteTable;
use klantreis_review::{State, overlay};
use klantreis_study::{CodedTranscript, Problem, Quote, quotes};
use rayon::prelude::*;

use crate::{engine::Layer, pipeline};

use super::{
    Corpus,
    parts::{Done, OF_FILE, Part},
    totals::Totals,
};

/// What all parts are coded with.
pub struct Worker<'a> {
    /// The corpus.
    pub corpus: &'a Corpus<'a>,
    /// The coder.
    pub coder: &'a Coder,
    /// The answers of a language model, where it was asked.
    pub answers: Option<Layer<'a>>,
    /// What people decided.
    pub decisions: &'a State,
    /// What is known of participants.
    pub participants: Participants,
    /// What makes documents for the index.
    pub documents: Documents,
    /// The columns that are known so far: most parts have the same.
    pub columns: QuoteTable,
}

/// A coded part.
pub struct Coded {
    /// What came of it.
    pub done: Done,
    /// Its rows of the table of quotes.
    pub rows: Vec<u8>,
    /// What goes into the index.
    pub batches: Vec<Batch>,
}

/// A coded file.
#[derive(Default)]
struct Of {
    quotes: Vec<Quote>,
    batches: Vec<Batch>,
    totals: Totals,
    problems: Vec<Problem>,
}

impl Worker<'_> {
    /// Codes a part, its files in parallel; the result is the same whatever the number of threads.
    pub fn code(&self, part: &Part) -> anyhow::Result<Coded> {
        let files: Vec<Of> = part
            .files
            .par_iter()
            .enumerate()
            .map(|(n, (path, apart))| Words::of_thread(|words| self.file(path, *apart, part.number, n, words)))
            .collect();
        let columns = files.iter().fold(self.columns.clone(), |all, file| all.and(QuoteTable::of(&file.quotes)));
        let mut out = Coded {
            done: Done {
                key: part.key.clone(),
                number: part.number,
                interviews: 0,
                passages: 0,
                columns: columns.clone(),
                totals: Totals::default(),
                problems: Vec::new(),
            },
            rows: Vec::new(),
            batches: Vec::new(),
        };
        let rows: Vec<Vec<u8>> = files
            .par_iter()
            .map(|file| {
                let mut rows = Vec::new();
                columns.append(&mut rows, &file.quotes, self.corpus.tables).map(|()| rows)
            })
            .collect::<Result<_, _>>()?;
        out.rows = rows.concat();
        for file in files {
            out.done.interviews += file.batches.len();
            out.done.passages += file.batches.iter().map(|batch| batch.passages).sum::<usize>();
            out.done.totals.merge(&file.totals);
            out.done.problems.extend(file.problems);
            out.batches.extend(file.batches);
        }
        Ok(out)
    }

    fn file(&self, path: &Path, apart: bool, part: u64, place: usize, words: &mut Words) -> Of {
        let reading = read_file(self.corpus.study, path);
        let mut out = Of { problems: reading.problems.clone(), ..Of::default() };
        let mut numbers = Numbers::from(part + place as u64 * OF_FILE);
        for mut transcript in reading.transcripts() {
            self.participants.apply(&mut transcript);
            if apart {
                transcript.interview.clone_from(&transcript.file);
            }
            out.problems.extend(transcript.problems.iter().cloned());
            if !pipeline::answers(&transcript, &mut out.problems) {
                continue;
            }
            let mut codings = self.coder.code(&transcript, words);
            if let Some(answers) = &self.answers {
                codings = answers.over(&transcript, codings);
            }
            let mut coded = CodedTranscript { transcript, codings };
            overlay(&mut coded, self.decisions);
            let quotes = quotes(&coded);
            out.batches.push(self.documents.of(&coded, &quotes, part, &mut numbers));
            out.totals.add(&quotes);
            out.quotes.extend(quotes);
        }
        out
    }
}
