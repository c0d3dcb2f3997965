//! Answers, kept: the same question costs nothing a second time, and gives the same result.

use std::{
    ops::AddAssign,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// How the file came to be as it is; a file of an older program takes the steps that it has not taken yet.
const STEPS: [&str; 3] = [
    "CREATE TABLE IF NOT EXISTS answers (
         key TEXT PRIMARY KEY, model TEXT NOT NULL, answer TEXT NOT NULL, seconds INTEGER NOT NULL
     ) STRICT",
    "ALTER TABLE answers ADD COLUMN milliseconds INTEGER;
     ALTER TABLE answers ADD COLUMN sent INTEGER;
     ALTER TABLE answers ADD COLUMN received INTEGER",
    "ALTER TABLE answers ADD COLUMN plain INTEGER",
];

/// A file of answers, by what was asked of which model.
pub struct Cache {
    path: PathBuf,
    db: Mutex<Connection>,
}

/// What an answer took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Spent {
    /// From question to answer, waiting for a busy server included.
    pub milliseconds: u64,
    /// Tokens of the question.
    pub sent: u64,
    /// Tokens of the answer.
    pub received: u64,
}

impl AddAssign for Spent {
    fn add_assign(&mut self, other: Self) {
        self.milliseconds += other.milliseconds;
        self.sent += other.sent;
        self.received += other.received;
    }
}

/// An answer from before.
pub struct Kept {
    /// What the model said.
    pub text: String,
    /// What it took then.
    pub spent: Spent,
    /// It was asked without a schema.
    pub plain: bool,
}

/// Why answers can't be kept.
#[derive(Debug, thiserror::Error)]
#[error("{path}: answers can't be kept: {source}; delete the file to begin anew, which costs the requests again")]
pub struct CacheError {
    path: PathBuf,
    source: rusqlite::Error,
}

impl Cache {
    /// Opens the file, or makes it.
    pub fn open(path: &Path) -> Result<Self, CacheError> {
        let open = || {
            let mut db = Connection::open(path)?;
            db.pragma_update(None, "journal_mode", "WAL")?;
            if version(&db)? < STEPS.len() {
                let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
                for step in STEPS.iter().skip(version(&change)?) {
                    change.execute_batch(step)?;
                }
                change.pragma_update(None, "user_version", STEPS.len() as i64)?;
                change.commit()?;
            }
            Ok(Self { path: path.to_owned(), db: Mutex::new(db) })
        };
        open().map_err(|source| CacheError { path: path.to_owned(), source })
    }

    /// The name of a question: a hash of all that its answer depends on.
    pub fn key(parts: &[&str]) -> String {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
    }

    /// The answer to a question that was asked before. A file that can't be read is as good as empty.
    pub fn get(&self, key: &str) -> Option<Kept> {
        let kept = |row: &Row<'_>| {
            let number = |column: usize| -> rusqlite::Result<u64> {
                let number = row.get::<_, Option<i64>>(column)?;
                Ok(number.and_then(|n| u64::try_from(n).ok()).unwrap_or_default())
            };
            let spent = Spent { milliseconds: number(1)?, sent: number(2)?, received: number(3)? };
            Ok(Kept { text: row.get(0)?, spent, plain: number(4)? == 1 })
        };
        let db = self.db.lock().ok()?;
        let sql = "SELECT answer, milliseconds, sent, received, plain FROM answers WHERE key = ?1";
        db.query_row(sql, [key], kept).optional().ok().flatten()
    }

    /// Keeps an answer at once, so that a run which is broken off goes on where it was.
    pub fn put(&self, key: &str, model: &str, kept: &Kept) -> Result<(), CacheError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
        let [now, milliseconds, sent, received] = [now, kept.spent.milliseconds, kept.spent.sent, kept.spent.received]
            .map(|n| i64::try_from(n).unwrap_or(i64::MAX));
        let sql = "INSERT OR REPLACE INTO answers (key, model, answer, seconds, milliseconds, sent, received, plain)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let row = params![key, model, kept.text, now, milliseconds, sent, received, kept.plain];
        db.execute(sql, row).map(|_| ()).map_err(|source| CacheError { path: self.path.clone(), source })
    }

    /// How many answers there are.
    pub fn count(&self) -> usize {
        let count = |row: &Row<'_>| row.get::<_, i64>(0);
        let found = self.db.lock().ok().and_then(|db| db.query_row("SELECT count(*) FROM answers", [], count).ok());
        found.and_then(|n| usize::try_from(n).ok()).unwrap_or_default()
    }

    /// Whether a model's server was last found to know schemas; `None` where it has answered nothing.
    pub fn knows_schemas(&self, model: &str) -> Option<bool> {
        let sql = "SELECT plain FROM answers WHERE model = ?1 AND plain IS NOT NULL ORDER BY seconds DESC LIMIT 1";
        let plain = |row: &Row<'_>| row.get::<_, i64>(0);
        self.db.lock().ok()?.query_row(sql, [model], plain).optional().ok().flatten().map(|plain| plain == 0)
    }

    /// When the answers of a model were given: the first and the last, as days (`2026-11-28`).
    pub fn days(&self, model: &str) -> Option<(String, String)> {
        let db = self.db.lock().ok()?;
        let day = |what: &str| {
            let sql = format!("SELECT date({what}(seconds), 'unixepoch') FROM answers WHERE model = ?1");
            db.query_row(&sql, [model], |row| row.get::<_, Option<String>>(0)).ok().flatten()
        };
        Some((day("min")?, day("max")?))
    }
}

/// How many of the [`STEPS`] a file has taken.
fn version(db: &Connection) -> rusqlite::Result<usize> {
    db.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0)).map(|n| usize::try_from(n).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Kept {
        Kept { text: text.to_owned(), spent: Spent { milliseconds: 1200, sent: 900, received: 80 }, plain: false }
    }

    #[test]
    fn answers_outlive_the_program_with_what_they_took() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("answers.db");
        let key = Cache::key(&["model", "vraag"]);
        Cache::open(&path).unwrap().put(&key, "model", &answer("antwoord")).unwrap();
        let cache = Cache::open(&path).unwrap();
        let kept = cache.get(&key).unwrap();
        assert_eq!((kept.text.as_str(), kept.spent), ("antwoord", answer("").spent));
        assert!(cache.get(&Cache::key(&["mod", "elvraag"])).is_none());
        assert!(cache.days("model").unwrap().0.starts_with("20"));
        assert_eq!(cache.days("other"), None);
    }

    #[test]
    fn answers_of_a_program_that_did_not_count_are_of_use_still() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("answers.db");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(STEPS[0]).unwrap();
        old.execute("INSERT INTO answers VALUES ('k', 'model', 'antwoord', 1)", []).unwrap();
        drop(old);
        let cache = Cache::open(&path).unwrap();
        let kept = cache.get("k").unwrap();
        assert_eq!((kept.text.as_str(), kept.spent), ("antwoord", Spent::default()));
        cache.put("k", "model", &answer("ander")).unwrap();
        assert_eq!(cache.get("k").unwrap().text, "ander");
    }
}
