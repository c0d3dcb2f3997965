//! A corpus too large to hold at once: coded and indexed part by part, in bounded memory, and only where something has
//! changed since.
//!
//! What is counted quote by quote (`quotes.csv`, `totals.csv`, the index) comes from every interview. The journey, with
//! its themes, pictures and workbook, comes from a sample of the interviews, which is the same as long as they are.

mod identity;
mod parts;
mod totals;
mod work;

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::Context;
use klantreis_coding::{Coder, Options, drawn};
use klantreis_index::{Builder, Documents};
use klantreis_ingest::{Files, Participants, relative, transcript_files};
use klantreis_report::{QuoteTable, TableOptions, describe_quotes};
use klantreis_review::{State, Store};
use klantreis_study::{Problem, Study};

pub use self::totals::FILE as TOTALS;
use self::{
    identity::Identities,
    parts::{Done, Manifest, Part, parts},
    totals::Totals,
    work::Worker,
};
use crate::{engine::Layer, pipeline, progress};

/// Interviews up to which a study is held at once, and everything comes from all of them.
const HELD: usize = 2_500;

/// Interviews in the sample of a large corpus: a share in it is at most 6.2 percentage points off in 95 of 100 samples.
pub const SAMPLE: usize = 250;

/// The file that names what the sample's outputs were made from.
const SAMPLE_STAMP: &str = "sample";

/// Bytes of interviews between two points from which an interrupted run goes on.
const BETWEEN_COMMITS: u64 = 64 << 20;

/// Whether a study is too large to be held at once.
pub fn is_large(files: &Files) -> bool {
    files.transcripts.len() > HELD
}

/// The sample of a corpus: all files of a small one. It holds those that the study's words are learned from.
pub fn sample(study: &Study, files: Files) -> Files {
    some(study, files, SAMPLE)
}

/// So many files of a corpus, drawn by chance, always the same; a smaller draw is part of a larger one.
pub fn some(study: &Study, files: Files, n: usize) -> Files {
    let names: Vec<String> = files.transcripts.iter().map(|path| relative(study, path)).collect();
    let drawn = drawn(names.iter().map(String::as_str), n);
    let whole = files.whole && drawn.len() == files.transcripts.len();
    Files { transcripts: drawn.into_iter().map(|n| files.transcripts[n].clone()).collect(), whole, ..files }
}

/// What a corpus comes to.
pub struct Summary {
    /// Interviews in all.
    pub interviews: usize,
    /// Passages in the index.
    pub passages: usize,
    /// Counts by phase and category.
    pub totals: Totals,
    /// What was skipped or is worth knowing.
    pub problems: Vec<Problem>,
    /// The files that were written.
    pub files: Vec<PathBuf>,
    /// Files that were coded now; the others were as before.
    pub coded: usize,
}

/// What is the same for all parts of a corpus.
pub struct Corpus<'a> {
    /// The study.
    pub study: &'a Study,
    /// How its tables are written.
    pub tables: &'a TableOptions,
    /// What everything depends on beside the interviews: options of the run.
    pub options: String,
    /// Those of coding.
    pub coding: Options,
    /// Where the tables go.
    pub out: &'a Path,
    /// Whether to show no progress.
    pub quiet: bool,
}

/// A corpus as it is now, against what was done before.
pub struct Standing {
    files: Files,
    identities: Identities,
    decisions: State,
    parts: Vec<Part>,
    manifest: Manifest,
    /// Parts that are in the index and in the corpus no more.
    gone: Vec<Done>,
    /// Names all that the sample's outputs are made from.
    sample: String,
    /// Whether those outputs are there.
    pub has_sample: bool,
    /// Files that were coded now.
    coded: usize,
}

impl Standing {
    fn todo(&self) -> Vec<&Part> {
        self.parts.iter().filter(|part| self.manifest.get(part).is_none()).collect()
    }
}

impl Corpus<'_> {
    /// Looks at what there is to do.
    pub fn look(&self) -> anyhow::Result<Standing> {
        let study = self.study;
        let files = transcript_files(study);
        let folder = self.folder();
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let identities = Identities::of(study, &files.transcripts);
        let decisions = State::of(&Store::read(&study.root)?);
        let fingerprint = identity::fingerprint(self, &identities, &decisions);
        let mut parts = parts(study, &files.transcripts, &identities, &decisions, &fingerprint);
        let mut manifest = Manifest::load(&folder, &self.index());
        let gone = manifest.retain(&parts);
        manifest.place(&mut parts);
        let sample = identity::of_sample(study, &files, &identities, &decisions, &fingerprint);
        let kept = fs::read_to_string(folder.join(SAMPLE_STAMP)).unwrap_or_default();
        let there = ["klantreis.html", "klantreis.xlsx"].iter().all(|file| self.out.join(file).is_file());
        let has_sample = there && kept == sample;
        Ok(Standing { files, identities, decisions, parts, manifest, gone, sample, has_sample, coded: 0 })
    }

    /// Codes what has changed and brings the index up to date, with this coder or else one that learns from the sample.
    pub fn update(&self, standing: &mut Standing, coder: Option<&Coder>) -> anyhow::Result<()> {
        let folder = self.folder();
        let todo = standing.todo();
        if todo.is_empty() && standing.gone.is_empty() {
            return Ok(());
        }
        let mut manifest = standing.manifest.clone();
        let mut builder = if manifest.is_empty() {
            Builder::with_threads(&self.index(), 1)?
        } else {
            Builder::open(&self.index(), 1)?
        };
        standing.gone.iter().for_each(|done| builder.remove(done.number));
        if !todo.is_empty() {
            let own;
            let coder = match coder {
                Some(coder) => coder,
                None => {
                    own = pipeline::adapted(self.study, self.coding, &mut Vec::new())?;
                    &own
                }
            };
            self.code(&todo, coder, &standing.decisions, &mut builder, &mut manifest)?;
        }
        builder.commit()?;
        manifest.save(&folder)?;
        builder.finish()?;
        // Only now nothing needs what was there before.
        manifest.sweep(&folder);
        standing.coded = todo.iter().map(|part| part.files.len()).sum();
        standing.manifest = manifest;
        Ok(())
    }

    /// Writes the tables of all quotes, once the corpus is [up to date](Self::update) and the sample's outputs are written.
    pub fn write(&self, standing: Standing) -> anyhow::Result<Summary> {
        let (study, folder, coded) = (self.study, self.folder(), standing.coded);
        standing.identities.save(study)?;
        // With the sample's outputs its own quotes.csv was written.
        let changed = coded > 0 || !standing.gone.is_empty() || !standing.has_sample;
        let stamp = folder.join(SAMPLE_STAMP);
        fs::write(&stamp, &standing.sample).with_context(|| stamp.display().to_string())?;
        let (all, files, manifest) = (standing.parts, standing.files, standing.manifest);
        let done: Vec<&Done> = all.iter().filter_map(|part| manifest.get(part)).collect();
        let mut summary = Summary {
            interviews: 0,
            passages: 0,
            totals: Totals::default(),
            problems: files.problems,
            files: Vec::new(),
            coded,
        };
        for part in &done {
            summary.interviews += part.interviews;
            summary.passages += part.passages;
            summary.totals.merge(&part.totals);
            summary.problems.extend(part.problems.iter().cloned());
        }
        let quotes = self.out.join("quotes.csv");
        if changed || !quotes.is_file() {
            self.assemble(&done, &folder, &quotes)?;
        }
        let totals = summary.totals.write(study, summary.interviews, self.out, self.tables)?;
        summary.files = vec![quotes, totals];
        Ok(summary)
    }

    fn folder(&self) -> PathBuf {
        self.study.cache_dir().join("parts")
    }

    fn index(&self) -> PathBuf {
        self.study.cache_dir().join("index")
    }

    fn code(
        &self,
        todo: &[&Part],
        coder: &Coder,
        decisions: &State,
        builder: &mut Builder,
        manifest: &mut Manifest,
    ) -> anyhow::Result<()> {
        let folder = &self.folder();
        let mut wrong = Vec::new();
        let participants = Participants::load(self.study).unwrap_or_else(|problem| {
            wrong.push(problem);
            Participants::default()
        });
        let worker = Worker {
            corpus: self,
            coder,
            decisions,
            participants,
            documents: Documents::new()?,
            answers: Layer::of(self.study, coder.codebook(), self.coding.min_confidence)?,
            columns: manifest.columns(),
        };
        let bar = progress::bar("coding", todo.iter().map(|part| part.files.len()).sum(), self.quiet);
        let mut since = 0;
        // One part is coded while those before it go into the index. One may wait, so that coding goes on while the index is
        // committed: three are in memory, whatever the corpus.
        std::thread::scope(|scope| {
            let (send, receive) = std::sync::mpsc::sync_channel(1);
            let worker = &worker;
            let bar = &bar;
            scope.spawn(move || {
                for part in todo {
                    let coded = worker.code(part);
                    bar.inc(part.files.len() as u64);
                    if send.send((part, coded)).is_err() {
                        break;
                    }
                }
            });
            for (part, coded) in receive {
                let mut coded = coded?;
                coded.done.problems.append(&mut wrong);
                let path = folder.join(coded.done.file());
                fs::write(&path, &coded.rows).with_context(|| path.display().to_string())?;
                // What a run that was killed between index and list may have left.
                builder.remove(part.number);
                for batch in coded.batches {
                    builder.put(batch)?;
                }
                manifest.add(coded.done);
                since += part.bytes;
                if since > BETWEEN_COMMITS {
                    since = 0;
                    builder.commit()?;
                    manifest.save(folder)?;
                }
            }
            anyhow::Ok(())
        })?;
        bar.finish_and_clear();
        Ok(())
    }

    /// Puts the rows of all parts behind one another.
    fn assemble(&self, done: &[&Done], folder: &Path, path: &Path) -> anyhow::Result<()> {
        let columns = done.iter().fold(QuoteTable::default(), |all, part| all.and(part.columns.clone()));
        let part_path = path.with_extension("csv.part");
        let named = || format!("{}: can't be written; close the file if it is open in Excel", path.display());
        let mut out = fs::File::create(&part_path).with_context(named)?;
        let mut head = Vec::new();
        columns.begin(&mut head, self.tables)?;
        out.write_all(&head).with_context(named)?;
        for part in done {
            let rows = folder.join(part.file());
            if part.columns == columns {
                let mut rows = fs::File::open(&rows).with_context(|| rows.display().to_string())?;
                std::io::copy(&mut rows, &mut out).with_context(named)?;
            } else {
                let bytes = fs::read(&rows).with_context(|| rows.display().to_string())?;
                out.write_all(&part.columns.widen(&bytes, &columns, self.tables)?).with_context(named)?;
            }
        }
        drop(out);
        fs::rename(&part_path, path).with_context(named)?;
        Ok(describe_quotes(self.study, self.out, &columns, self.tables)?)
    }
}

/// Names of interviews, without the ending of their files, that more than one file has.
fn names_of_several(study: &Study, files: &[PathBuf]) -> BTreeSet<String> {
    let mut names: Vec<String> = files.iter().map(|file| relative(study, &file.with_extension(""))).collect();
    names.sort_unstable();
    names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone()).collect()
}
