//! Answers, kept: the same question costs nothing a second time, and gives the same result.

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
    time::{SystemTime, UNIX_EPOCH},
};

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

/// A file of answers, by what was asked of which model.
pub struct Cache {
    db: Mutex<Connection>,
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
            let db = Connection::open(path)?;
            db.execute_batch(
                "PRAGMA journal_mode = WAL;
                 CREATE TABLE IF NOT EXISTS answers (
                     key TEXT PRIMARY KEY, model TEXT NOT NULL, answer TEXT NOT NULL, seconds INTEGER NOT NULL
                 ) STRICT;",
            )?;
            Ok(Self { db: Mutex::new(db) })
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
    pub fn get(&self, key: &str) -> Option<String> {
        let db = self.db.lock().ok()?;
        let found = db.query_row("SELECT answer FROM answers WHERE key = ?1", [key], |row| row.get(0)).optional();
        found.ok().flatten()
    }

    /// Keeps an answer at once, so that a run which is broken off goes on where it was. What can't be kept is asked again.
    pub fn put(&self, key: &str, model: &str, answer: &str) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
        if let Ok(db) = self.db.lock() {
            let row = params![key, model, answer, i64::try_from(now).unwrap_or(0)];
            let _ = db.execute("INSERT OR REPLACE INTO answers VALUES (?1, ?2, ?3, ?4)", row);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_outlive_the_program() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("answers.db");
        let key = Cache::key(&["model", "vraag"]);
        Cache::open(&path).unwrap().put(&key, "model", "antwoord");
        let cache = Cache::open(&path).unwrap();
        assert_eq!(cache.get(&key).as_deref(), Some("antwoord"));
        assert_eq!(cache.get(&Cache::key(&["mod", "elvraag"])), None);
        assert!(cache.days("model").unwrap().0.starts_with("20"));
        assert_eq!(cache.days("other"), None);
    }
}
