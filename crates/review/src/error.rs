use std::{io, path::PathBuf};

use crate::backup::Backup;

/// Why decisions can't be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file or folder can't be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// SQLite refuses.
    #[error("{path}: {source}")]
    Sql {
        /// The file.
        path: PathBuf,
        /// SQLite's reason.
        source: rusqlite::Error,
    },
    /// The file is damaged.
    #[error("{path}: the decisions are damaged ({what}); nothing was changed. {}", way_out(backup.as_ref(), path))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
        /// The newest backup that is whole.
        backup: Option<Backup>,
    },
    /// A newer version of the program wrote it.
    #[error(
        "{path}: a newer version of klantreis wrote these decisions (layout {found}, this program knows {known}); use \
         that version"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its layout.
        found: u32,
        /// The newest that is known here.
        known: u32,
    },
}

fn way_out(backup: Option<&Backup>, path: &std::path::Path) -> String {
    match backup {
        Some(backup) => format!(
            "The newest good backup is {} with {} decisions: move {} and the files beside it that end in -wal and -shm \
             away, and copy the backup to its place",
            backup.path.display(),
            backup.entries,
            path.display()
        ),
        None => "There is no good backup; keep the file, parts of it may be read with the program sqlite3 (.recover)"
            .to_owned(),
    }
}
