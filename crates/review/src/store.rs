use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, params};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

use crate::{
    backup,
    entry::{Entry, What},
    error::StoreError,
    ledger::Ledger,
    log,
    migrate::{self, VERSION},
    state::State,
};

/// The file in a study's folder.
pub const FILE: &str = "decisions.db";

/// The decisions of a study, open for more.
#[derive(Debug)]
pub struct Store {
    /// SQLite wants one at a time.
    db: Mutex<Connection>,
    path: PathBuf,
    /// What was read so far, and what follows from it.
    ledger: Ledger,
    /// The last row that is in it.
    seen: i64,
}

const FORMAT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// How long to wait for another program that writes, in seconds.
const PATIENCE: u64 = 10;

impl Store {
    /// Opens the decisions of the study in `dir` for more, or begins them. Before the layout changes, and once a day on
    /// which there is something new, a backup is made.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(FILE);
        let is_new = !path.exists();
        let mut db = Connection::open(&path).map_err(|source| StoreError::Sql { path: path.clone(), source })?;
        settle(&mut db, &path)?;
        let now = now();
        let found = migrate::version(&db).map_err(sql(&path))?;
        if found > VERSION {
            return Err(StoreError::Newer { path, found, known: VERSION });
        }
        if found < VERSION {
            if !is_new && found > 0 {
                backup::make(&db, &path, &now, &format!("-layout-{found}"))?;
            }
            migrate::migrate(&mut db, VERSION).map_err(sql(&path))?;
        } else if backup::newest_day(&path).is_none_or(|day| day.as_str() < &now[..10]) && !is_empty(&db, &path)? {
            backup::make(&db, &path, &now, "")?;
        }
        let mut store = Self { db: Mutex::new(db), path, ledger: Ledger::default(), seen: 0 };
        store.catch_up()?;
        Ok(store)
    }

    /// What was decided so far, oldest first; nothing where there is no file yet. Changes nothing.
    pub fn read(dir: &Path) -> Result<Vec<Entry>, StoreError> {
        let path = dir.join(FILE);
        if !path.exists() {
            return Ok(Vec::new());
        }
        let open = |name: &str, flags| {
            let db = Connection::open_with_flags(name, flags).map_err(sql(&path))?;
            db.busy_timeout(std::time::Duration::from_secs(PATIENCE)).map_err(sql(&path))?;
            let found = migrate::version(&db).map_err(|e| damage(&path, &e))?;
            if found > VERSION {
                return Err(StoreError::Newer { path: path.clone(), found, known: VERSION });
            }
            if found == 0 { Ok(Vec::new()) } else { check(&db).map_err(|e| e.at(&path)) }
        };
        // A folder that can't be written to has no place for the files that readers share.
        match open(&path.to_string_lossy(), OpenFlags::SQLITE_OPEN_READ_WRITE) {
            Err(StoreError::Sql { .. }) => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
                open(&format!("file:{}?immutable=1", uri(&path)), flags)
            }
            other => other,
        }
    }

    /// All entries that were read, in the order that all computers see.
    pub fn entries(&self) -> &[Entry] {
        self.ledger.entries()
    }

    /// The entries about a coding, by its [`Target::key`](crate::Target::key), oldest first.
    pub fn about(&self, key: &str) -> impl Iterator<Item = &Entry> {
        self.ledger.about(key)
    }

    /// What holds now.
    pub fn state(&self) -> &State {
        self.ledger.state()
    }

    /// Reads what another program added since.
    pub fn catch_up(&mut self) -> Result<(), StoreError> {
        let (new, seen) = rows(db(&mut self.db), self.seen).map_err(|e| e.at(&self.path))?;
        self.take(new, seen);
        Ok(())
    }

    fn take(&mut self, new: Vec<Entry>, seen: i64) {
        self.seen = seen;
        self.ledger.take(new);
    }

    /// Adds what `who` decided at once. When this returns, it is on the disk.
    pub fn append(&mut self, who: &str, why: &str, decisions: Vec<What>) -> Result<Vec<Entry>, StoreError> {
        self.write(|ledger, make| {
            let batch = (decisions.len() > 1).then(new_id);
            let mut added = Vec::new();
            for what in decisions {
                let key = what.verdict().and(what.coding()).map(crate::Target::key);
                let known = key.map_or_else(Vec::new, |key| ledger.heads(&key));
                let after = known.into_iter().map(|e| e.id.clone()).collect();
                added.push(Entry { why: why.to_owned(), batch: batch.clone(), after, ..make(who, what) });
            }
            added
        })
    }

    /// Takes back the last decision of `who` that holds; empty where there is none.
    pub fn undo(&mut self, who: &str) -> Result<Vec<Entry>, StoreError> {
        self.step(who, log::to_undo, |entries| What::Undo { entries })
    }

    /// Takes back these entries, whoever made them.
    pub fn undo_these(&mut self, who: &str, ids: Vec<String>) -> Result<Vec<Entry>, StoreError> {
        self.step(who, |_, _| ids, |entries| What::Undo { entries })
    }

    /// Brings back what `who` took back last, unless they decided something since.
    pub fn redo(&mut self, who: &str) -> Result<Vec<Entry>, StoreError> {
        self.step(who, log::to_redo, |entries| What::Redo { entries })
    }

    fn step(
        &mut self,
        who: &str,
        find: impl FnOnce(&Ledger, &str) -> Vec<String>,
        what: impl FnOnce(Vec<String>) -> What,
    ) -> Result<Vec<Entry>, StoreError> {
        self.write(|ledger, make| {
            let ids = find(ledger, who);
            if ids.is_empty() { Vec::new() } else { vec![make(who, what(ids))] }
        })
    }

    /// Adds entries in one transaction; returns them.
    fn write(
        &mut self,
        make: impl FnOnce(&Ledger, &mut dyn FnMut(&str, What) -> Entry) -> Vec<Entry>,
    ) -> Result<Vec<Entry>, StoreError> {
        let path = self.path.clone();
        let transaction = db(&mut self.db).transaction_with_behavior(TransactionBehavior::Immediate);
        let transaction = transaction.map_err(sql(&path))?;
        let (new, mut seen) = rows(&transaction, self.seen).map_err(|e| e.at(&path))?;
        // What was read is kept whatever comes; what can't be written is not.
        self.seen = seen;
        self.ledger.take(new);
        let mut last = self.ledger.entries().last().map(|e| e.at.clone()).unwrap_or_default();
        let mut entry = |who: &str, what: What| {
            last = later(&last);
            let (id, at, who) = (new_id(), last.clone(), who.to_owned());
            Entry { id, at, who, why: String::new(), batch: None, after: Vec::new(), what }
        };
        let added = make(&self.ledger, &mut entry);
        for entry in &added {
            seen = insert(&transaction, entry).map_err(sql(&path))?;
        }
        transaction.commit().map_err(sql(&path))?;
        self.take(added.clone(), seen);
        Ok(added)
    }

    /// Adds entries made elsewhere as they are, in one transaction.
    pub(crate) fn add(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        self.write(|_, _| entries.to_vec()).map(|_| ())
    }

    /// Copies all decisions to the folder of backups; returns the copy.
    pub fn backup(&self) -> Result<PathBuf, StoreError> {
        backup::make(&self.db.lock().unwrap_or_else(PoisonError::into_inner), &self.path, &now(), "")
    }
}

fn db(db: &mut Mutex<Connection>) -> &mut Connection {
    db.get_mut().unwrap_or_else(PoisonError::into_inner)
}

fn insert(transaction: &Transaction<'_>, entry: &Entry) -> rusqlite::Result<i64> {
    let json = serde_json::to_string(entry).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    let mut statement = transaction.prepare("INSERT INTO log (id, at, entry, sum) VALUES (?1, ?2, ?3, ?4)")?;
    statement.insert(params![entry.id, entry.at, json, sum(&json)])
}

/// Full durability: what was committed survives a crash of the program, the system, or the power.
fn settle(db: &mut Connection, path: &Path) -> Result<(), StoreError> {
    db.busy_timeout(std::time::Duration::from_secs(PATIENCE)).map_err(sql(path))?;
    let found = migrate::version(db).map_err(|e| damage(path, &e))?;
    if (1..=VERSION).contains(&found) {
        check(db).map_err(|e| e.at(path))?;
    }
    let set = || {
        db.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
        db.pragma_update(None, "synchronous", "full")?;
        db.pragma_update(None, "fullfsync", true)
    };
    set().map_err(sql(path))
}

/// Why a log can't be read.
pub(crate) enum Bad {
    Sql(rusqlite::Error),
    Entry(String),
}

impl Bad {
    fn at(self, path: &Path) -> StoreError {
        match self {
            Bad::Sql(error) => damage(path, &error),
            Bad::Entry(what) => StoreError::Damaged { path: path.to_owned(), what, backup: backup::good(path).next() },
        }
    }
}

impl From<rusqlite::Error> for Bad {
    fn from(error: rusqlite::Error) -> Self {
        Bad::Sql(error)
    }
}

/// Reads the log and sees whether it, and the file, is whole.
pub(crate) fn check(db: &Connection) -> Result<Vec<Entry>, Bad> {
    let word: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if word != "ok" {
        return Err(Bad::Entry(word));
    }
    Ok(rows(db, 0)?.0)
}

/// The entries behind the row `after`, and the last row.
fn rows(db: &Connection, after: i64) -> Result<(Vec<Entry>, i64), Bad> {
    let mut statement = db.prepare("SELECT seq, entry, sum FROM log WHERE seq > ?1 ORDER BY seq")?;
    let mut rows = statement.query([after])?;
    let (mut out, mut last) = (Vec::new(), after);
    while let Some(row) = rows.next()? {
        let (seq, json, kept): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if sum(&json) != kept {
            return Err(Bad::Entry(format!("entry {seq} is not as it was written")));
        }
        out.push(serde_json::from_str(&json).map_err(|e| Bad::Entry(format!("entry {seq} can't be read: {e}")))?);
        last = seq;
    }
    Ok((out, last))
}

fn is_empty(db: &Connection, path: &Path) -> Result<bool, StoreError> {
    let count: i64 = db.query_row("SELECT count(*) FROM log", [], |row| row.get(0)).map_err(sql(path))?;
    Ok(count == 0)
}

fn sum(json: &str) -> String {
    Sha256::digest(json.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn sql(path: &Path) -> impl Fn(rusqlite::Error) -> StoreError {
    move |source| StoreError::Sql { path: path.to_owned(), source }
}

/// What is no fault of the system, the folder or another program is damage.
fn damage(path: &Path, error: &rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode::{CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, PermissionDenied, ReadOnly};
    let elsewhere = [CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, PermissionDenied, ReadOnly];
    match error.sqlite_error_code() {
        Some(code) if elsewhere.contains(&code) => StoreError::Sql {
            path: path.to_owned(),
            source: rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error { code, extended_code: 0 },
                Some(error.to_string()),
            ),
        },
        _ => StoreError::Damaged { path: path.to_owned(), what: error.to_string(), backup: backup::good(path).next() },
    }
}

fn uri(path: &Path) -> String {
    path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}

pub(crate) fn now() -> String {
    OffsetDateTime::now_utc().format(FORMAT).unwrap_or_default()
}

/// Now, or a thousandth of a second after `last` where the clock stands behind it.
fn later(last: &str) -> String {
    let now = now();
    if now.as_str() > last {
        return now;
    }
    let parsed = time::PrimitiveDateTime::parse(last, FORMAT);
    parsed.ok().and_then(|at| (at + Duration::milliseconds(1)).format(FORMAT).ok()).unwrap_or(now)
}

/// 128 random bits.
fn new_id() -> String {
    let mut bytes = [0; 16];
    if getrandom::fill(&mut bytes).is_err() {
        // No source of randomness: time and process tell ids apart on one computer at least.
        let nanos = OffsetDateTime::now_utc().unix_timestamp_nanos().to_le_bytes();
        bytes.copy_from_slice(&nanos);
        bytes[12..].copy_from_slice(&std::process::id().to_le_bytes());
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
