//! Two runs at once would write over each other's index and tables.

use std::fs::{self, File, TryLockError};

use anyhow::{Context, bail};
use klantreis_study::Study;

/// Holds a study for as long as the value lives; it is let go of when the program ends, however it ends.
pub fn hold(study: &Study) -> anyhow::Result<File> {
    let folder = study.cache_dir();
    fs::create_dir_all(&folder).with_context(|| format!("{}: can't be made", folder.display()))?;
    let path = folder.join("lock");
    let file = File::create(&path).with_context(|| format!("{}: can't be written", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!(
            "another `klantreis run` is at work in {}; wait until it has ended, and run again",
            study.root.display()
        ),
        // Some network drives know no locks: then nobody is refused.
        Err(TryLockError::Error(_)) => Ok(file),
    }
}
