use std::{fs, path::Path};

use klantreis_study::{CodedTranscript, quotes};
use tantivy::{IndexSettings, IndexWriter, Term, indexer::UserOperation, merge_policy::LogMergePolicy};

use crate::{
    document::Document,
    documents::{Batch, Documents, Numbers},
    folder::Folder,
    joined::{self, Joined},
    schema::{Fields, IndexError, schema},
};

/// Writes an index.
pub struct Builder {
    writer: IndexWriter<Document>,
    fields: Fields,
    documents: Documents,
    numbers: Numbers,
}

/// Memory of each thread of the writer before it flushes, in bytes.
const MEMORY: usize = 50 << 20;

/// Documents of a segment from which it is merged with others no more. A segment of talk that filled the writer's memory has
/// some 200,000: merging ten of those maps their files at once, a third of a gigabyte, and takes a tenth of the time of all, for which
/// a question would be answered a few milliseconds sooner.
const LARGE_SEGMENT: usize = 150_000;

impl Builder {
    /// Empties `dir` and begins. One thread writes, so that the same transcripts give the same files.
    pub fn create(dir: &Path) -> Result<Self, IndexError> {
        Self::with_threads(dir, 1)
    }

    /// Like [`create`](Self::create) with `threads` writers (1…8). With more than one the files differ from run to
    /// run, the answers do not.
    pub fn with_threads(dir: &Path, threads: usize) -> Result<Self, IndexError> {
        let error = |source| IndexError::Io { path: dir.to_owned(), source };
        if dir.exists() {
            fs::remove_dir_all(dir).map_err(error)?;
        }
        fs::create_dir_all(dir).map_err(error)?;
        let index = tantivy::Index::create(Folder::open(dir)?, schema().0, IndexSettings::default())?;
        Self::over(&index, threads)
    }

    /// Goes on with the index in `dir` as it was last [committed](Self::commit), with `threads` writers.
    pub fn open(dir: &Path, threads: usize) -> Result<Self, IndexError> {
        if !dir.join("meta.json").is_file() {
            return Err(IndexError::Missing(dir.to_owned()));
        }
        let index = tantivy::Index::open(Folder::open(dir)?)?;
        if index.schema() != schema().0 {
            return Err(IndexError::Outdated(dir.to_owned()));
        }
        Self::over(&index, threads)
    }

    fn over(index: &tantivy::Index, threads: usize) -> Result<Self, IndexError> {
        index.tokenizers().register(joined::NAME, Joined::default());
        let threads = threads.clamp(1, 8);
        let writer = index.writer_with_num_threads(threads, MEMORY * threads)?;
        let mut policy = LogMergePolicy::default();
        policy.set_max_docs_before_merge(LARGE_SEGMENT);
        writer.set_merge_policy(Box::new(policy));
        Ok(Self { writer, fields: schema().1, documents: Documents::new()?, numbers: Numbers::default() })
    }

    /// Adds the passages of a transcript; returns their number.
    pub fn add(&mut self, coded: &CodedTranscript) -> Result<usize, IndexError> {
        let batch = self.documents.of(coded, &quotes(coded), 0, &mut self.numbers);
        let passages = batch.passages;
        self.put(batch)?;
        Ok(passages)
    }

    /// Adds the documents of a transcript.
    pub fn put(&self, batch: Batch) -> Result<(), IndexError> {
        self.writer.run(batch.documents.into_iter().map(UserOperation::Add))?;
        Ok(())
    }

    /// Takes out all that was added as part `part` before.
    pub fn remove(&self, part: u64) {
        self.writer.delete_term(Term::from_field_u64(self.fields.part_of, part));
    }

    /// Makes what was added and removed visible, and safe from a crash.
    pub fn commit(&mut self) -> Result<(), IndexError> {
        self.writer.commit()?;
        Ok(())
    }

    /// Makes what was added visible, and ends.
    pub fn finish(mut self) -> Result<(), IndexError> {
        self.writer.commit()?;
        self.writer.wait_merging_threads()?;
        Ok(())
    }
}
