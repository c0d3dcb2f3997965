//! Decisions from one computer to another: JSON Lines, an entry a line.

use std::{
    collections::HashMap,
    io::{BufRead, Write},
};

use crate::{entry::Entry, error::StoreError, state::Conflict, store::Store};

/// What an import came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Import {
    /// Entries that are new here.
    pub added: usize,
    /// Entries that were here already.
    pub known: usize,
    /// Lines that are no entry, with their number and the reason; the others were taken.
    pub bad: Vec<(usize, String)>,
    /// Codings that people judged differently without knowing of each other, and that were not in conflict before.
    pub conflicts: Vec<Conflict>,
}

/// Writes entries, one a line.
pub fn export(entries: &[Entry], out: &mut impl Write) -> std::io::Result<()> {
    for entry in entries {
        serde_json::to_writer(&mut *out, entry)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

impl Store {
    /// Adds the entries of an export that are not here yet. Nothing that is here changes; a backup is made before.
    pub fn import(&mut self, lines: impl BufRead) -> Result<Import, StoreError> {
        let mut out = Import::default();
        self.catch_up()?;
        let before = self.state().conflicts.clone();
        let mut known: HashMap<String, Entry> = self.entries().iter().map(|e| (e.id.clone(), e.clone())).collect();
        let mut new = Vec::new();
        for (n, line) in lines.lines().enumerate() {
            let line = match line {
                Ok(line) => line,
                Err(error) => {
                    out.bad.push((n + 1, error.to_string()));
                    continue;
                }
            };
            let line = line.trim_start_matches('\u{feff}').trim();
            if line.is_empty() {
                continue;
            }
            match serde_json::from_str::<Entry>(line).map_err(|e| e.to_string()).and_then(sound) {
                Ok(entry) => match known.get(&entry.id) {
                    Some(mine) if *mine == entry => out.known += 1,
                    Some(_) => out.bad.push((n + 1, format!("another entry has the id {} here", entry.id))),
                    None => {
                        known.insert(entry.id.clone(), entry.clone());
                        new.push(entry);
                    }
                },
                Err(why) => out.bad.push((n + 1, why)),
            }
        }
        if !new.is_empty() && !self.entries().is_empty() {
            self.backup()?;
        }
        self.add(&new)?;
        out.added = new.len();
        let now = self.state().conflicts.iter();
        out.conflicts = now.filter(|(key, c)| before.get(*key) != Some(c)).map(|(_, c)| c.clone()).collect();
        Ok(out)
    }
}

/// Lines from elsewhere may hold anything.
fn sound(entry: Entry) -> Result<Entry, String> {
    let is_time = entry.at.len() == 24 && entry.at.is_ascii() && entry.at.ends_with('Z');
    if entry.id.is_empty() || entry.id.len() > 64 {
        return Err("its `id` is empty or longer than 64 letters".to_owned());
    }
    if !is_time {
        return Err(format!("\"{}\" in `at` is no time such as 2026-01-31T12:00:00.000Z", entry.at));
    }
    if let Some(coding) = entry.what.coding()
        && coding.anchor.exact.is_empty()
    {
        return Err("its quote (`exact`) is empty".to_owned());
    }
    Ok(entry)
}
