use std::{path::PathBuf, sync::Arc, thread::available_parallelism};

use klantreis_study::{CodedTranscript, quotes};

use crate::{Builder, Documents, Index, IndexError, Numbers};

/// An index of transcripts that people go on deciding on: each time, only those that changed are indexed again.
pub struct Live {
    dir: PathBuf,
    /// What stands in it; nothing where it is not known to be whole.
    indexed: Vec<Arc<CodedTranscript>>,
}

/// Passages that a transcript has room for in the numbers that give the order of answers.
const PASSAGES: u64 = 1 << 24;

/// Of so many transcripts one may change at a time: with more it is quicker to begin anew than to take out and put in.
const FEW: usize = 4;

impl Live {
    /// Keeps its files in `dir`, which is emptied the first time.
    pub fn in_dir(dir: PathBuf) -> Self {
        Self { dir, indexed: Vec::new() }
    }

    /// The index of `all`. A transcript counts as changed when it is another [`Arc`] than before.
    pub fn of(&mut self, all: &[Arc<CodedTranscript>]) -> Result<Index, IndexError> {
        let before = std::mem::take(&mut self.indexed);
        let changed =
            |(n, coded): &(usize, &Arc<CodedTranscript>)| !before.get(*n).is_some_and(|old| Arc::ptr_eq(old, coded));
        let changed: Vec<_> = all.iter().enumerate().filter(changed).collect();
        let documents = Documents::new()?;
        let put = |builder: &Builder, n: usize, coded: &CodedTranscript| {
            builder.put(documents.of(coded, &quotes(coded), n as u64, &mut Numbers::from(n as u64 * PASSAGES)))
        };
        if !before.is_empty() && before.len() == all.len() && changed.len() <= all.len() / FEW {
            if !changed.is_empty() {
                let mut builder = Builder::open(&self.dir, 1)?;
                for (n, coded) in changed {
                    builder.remove(n as u64);
                    put(&builder, n, coded)?;
                }
                builder.commit()?;
            }
        } else {
            let builder = Builder::with_threads(&self.dir, available_parallelism().map_or(1, usize::from))?;
            for (n, coded) in all.iter().enumerate() {
                put(&builder, n, coded)?;
            }
            builder.finish()?;
        }
        self.indexed = all.to_vec();
        Index::open(&self.dir)
    }
}

#[cfg(test)]
mod tests {
    use klantreis_study::Category;
    use tempfile::TempDir;

    use super::*;
    use crate::tests::study;

    #[test]
    fn what_changed_is_found_as_if_all_was_indexed_again() {
        let dir = TempDir::new().unwrap();
        let mut all: Vec<Arc<CodedTranscript>> = Vec::new();
        for n in 0..5 {
            for mut coded in study() {
                coded.transcript.interview = format!("{} {n}", coded.transcript.interview);
                all.push(Arc::new(coded));
            }
        }
        let mut live = Live::in_dir(dir.path().join("live"));
        let before = live.of(&all).unwrap();
        let said = |index: &Index| -> Vec<String> {
            let hits = index.search("gemeente categorie:*", 100).unwrap().hits;
            hits.iter()
                .map(|h| format!("{} {}: {:?}", h.passage.interview, h.passage.turn, h.passage.codings))
                .collect()
        };
        assert_eq!(before.search("categorie:winst", 100).unwrap().total, 5);
        let first = said(&before);

        Arc::make_mut(&mut all[3]).codings[1].category = Category::gain();
        Arc::make_mut(&mut all[4]).codings.clear();
        let after = live.of(&all).unwrap();
        let mut anew = Live::in_dir(dir.path().join("anew"));
        let anew = anew.of(&all).unwrap();
        assert_eq!(said(&after), said(&anew));
        assert_ne!(said(&after), first);
        for query in ["categorie:winst", "categorie:pijnpunt fase:intake", "NIET categorie:*", "wachtwoord*"] {
            let [a, b] = [&after, &anew].map(|index| index.search(query, 100).unwrap());
            let places = |hits: &crate::Hits| -> Vec<String> {
                hits.hits.iter().map(|h| format!("{} {}", h.passage.interview, h.passage.turn)).collect()
            };
            assert_eq!((a.total, places(&a)), (b.total, places(&b)), "{query}");
            let around = |index: &Index, hits: &crate::Hits| -> Vec<crate::Context> {
                hits.hits.iter().map(|hit| index.context(hit, 3).unwrap()).collect()
            };
            assert_eq!(around(&after, &a), around(&anew, &b), "{query}");
            assert_eq!(after.count_by(query, "fase").unwrap(), anew.count_by(query, "fase").unwrap(), "{query}");
        }
        // Another number of interviews is another study, and none are one too.
        all.pop();
        assert_eq!(live.of(&all).unwrap().count_by("", "interview").unwrap().len(), 9);
        for _ in 0..2 {
            assert_eq!(live.of(&[]).unwrap().search("wachtwoord", 100).unwrap().total, 0);
        }
    }
}
