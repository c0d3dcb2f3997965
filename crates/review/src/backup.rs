//! Copies of `decisions.db`, made whole or not at all.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags};

use crate::{error::StoreError, store};

/// Backups that are kept beside those before a change of layout; the oldest of more go.
pub const KEPT: usize = 20;

/// A backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The file.
    pub path: PathBuf,
    /// Number of entries in it.
    pub entries: usize,
}

/// The folder of a study's backups. Its files begin like the original's, so that none is taken for a transcript.
pub(crate) fn folder(db: &Path) -> PathBuf {
    db.with_file_name(format!("{}.backups", store::FILE))
}

/// Copies the open database `db` to its folder of backups; `now` names the copy.
pub(crate) fn make(db: &Connection, path: &Path, now: &str, reason: &str) -> Result<PathBuf, StoreError> {
    let folder = folder(path);
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| StoreError::Io { path, source }
    };
    fs::create_dir_all(&folder).map_err(io(&folder))?;
    let stamp = now.replace([':', '.'], "-");
    let target = folder.join(format!("{}-{stamp}{reason}", store::FILE));
    let half = folder.join(format!("{}-{stamp}{reason}.half", store::FILE));
    let _ = fs::remove_file(&half);
    db.execute("VACUUM INTO ?1", [half.to_string_lossy()])
        .map_err(|source| StoreError::Sql { path: half.clone(), source })?;
    fs::File::open(&half).and_then(|file| file.sync_all()).map_err(io(&half))?;
    fs::rename(&half, &target).map_err(io(&target))?;
    thin(&folder);
    Ok(target)
}

/// Takes the oldest away, where it can.
fn thin(folder: &Path) {
    let mut plain = files(folder);
    plain.retain(|path| path.to_string_lossy().ends_with('Z'));
    for old in plain.iter().take(plain.len().saturating_sub(KEPT)) {
        let _ = fs::remove_file(old);
    }
}

/// Oldest first.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut out: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    out.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(store::FILE) && !name.ends_with(".half") && !name.ends_with("-wal") && !name.ends_with("-shm")
    });
    out.sort();
    out
}

/// The backups of the study in `dir` that are whole, newest first.
pub fn backups(dir: &Path) -> Vec<Backup> {
    good(&dir.join(store::FILE)).collect()
}

pub(crate) fn good(db: &Path) -> impl Iterator<Item = Backup> {
    files(&folder(db)).into_iter().rev().filter_map(|path| {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(&path, flags).ok()?;
        let entries = store::check(&db).ok()?.len();
        Some(Backup { path, entries })
    })
}

/// The day of the newest backup, whole or not: `2026-01-31`.
pub(crate) fn newest_day(db: &Path) -> Option<String> {
    let prefix = format!("{}-", store::FILE);
    let newest = files(&folder(db)).pop()?;
    let name = newest.file_name()?.to_string_lossy().into_owned();
    name.strip_prefix(&prefix)?.get(..10).map(str::to_owned)
}
