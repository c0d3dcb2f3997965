//! A table cut into files, in folders that say by what.

use std::{fs, path::Path};

use anyhow::{Context, bail};
use klantreis_report::write_whole;

/// Writes files into folders below `folder`. Those of an earlier table go: a reader would take them for part of this one.
pub fn write(folder: &Path, files: &[(String, Vec<u8>)]) -> anyhow::Result<()> {
    let named = || folder.display().to_string();
    fs::create_dir_all(folder).with_context(named)?;
    let there: Vec<_> = fs::read_dir(folder).with_context(named)?.collect::<Result<_, _>>().with_context(named)?;
    if let Some(other) = there.iter().find(|entry| !entry.file_name().to_string_lossy().contains('=')) {
        bail!("{}: {} is there already; give an empty folder with -o", named(), other.file_name().to_string_lossy());
    }
    for old in there {
        fs::remove_dir_all(old.path()).with_context(|| old.path().display().to_string())?;
    }
    for (name, content) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder)).with_context(|| path.display().to_string())?;
        write_whole(&path, content)?;
    }
    Ok(())
}
