//! The layout of `decisions.db` and how it came about: one step a version, never changed afterwards.

use rusqlite::Connection;

/// Each brings the layout from its place in the list to the next version.
const STEPS: [&str; 2] = [
    // 1: the log. `entry` is the whole entry as JSON, `sum` tells whether it is as it was written.
    "CREATE TABLE log (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        at TEXT NOT NULL,
        entry TEXT NOT NULL,
        sum TEXT NOT NULL
    ) STRICT;",
    // 2: the log only grows, whoever opens the file.
    "CREATE TRIGGER log_is_never_changed BEFORE UPDATE ON log
        BEGIN SELECT RAISE(ABORT, 'decisions are never changed; add one that undoes it'); END;
     CREATE TRIGGER log_is_never_shortened BEFORE DELETE ON log
        BEGIN SELECT RAISE(ABORT, 'decisions are never deleted; add one that undoes it'); END;
     CREATE INDEX log_by_time ON log (at, id);",
];

/// The newest layout.
pub(crate) const VERSION: u32 = STEPS.len() as u32;

/// The layout of a file; 0 where nothing is in it yet.
pub(crate) fn version(db: &Connection) -> rusqlite::Result<u32> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Brings a file to the layout `to`, each step whole or not at all.
pub(crate) fn migrate(db: &mut Connection, to: u32) -> rusqlite::Result<()> {
    loop {
        let step = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let now = version(&step)?;
        if now >= to {
            return Ok(());
        }
        step.execute_batch(STEPS[now as usize])?;
        step.pragma_update(None, "user_version", now + 1)?;
        step.commit()?;
    }
}
