//! Zip archives, which Word and OpenDocument files and others are: opened with limits.

use std::io::{Cursor, Read};

use zip::{ZipArchive, result::ZipError};

use crate::limits;

/// An archive whose parts are read one by one.
pub struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// What it is, for messages: "Word document".
    kind: &'static str,
    unpacked: u64,
}

/// A part of an archive.
pub struct Part {
    /// Its path, with `/` between folders.
    pub name: String,
    /// What it is read by.
    pub stored: String,
    /// Whether it is a file, and one whose path stays within the archive.
    pub is_file: bool,
    pub is_safe: bool,
    pub is_encrypted: bool,
}

impl<'a> Archive<'a> {
    /// Opens an archive, or says what is wrong with it.
    pub fn open(bytes: &'a [u8], kind: &'static str) -> Result<Self, String> {
        if bytes.is_empty() {
            return Err("the file is empty; check that this is the transcript".to_owned());
        }
        if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Err(format!(
                "this is no {kind} but an old Office file or one with a password; open it in an office program and save \
                 it in the new form without a password"
            ));
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(kind, &e))?;
        if zip.len() > limits::PARTS {
            return Err(format!("this {kind} holds {} files, more than {}; split it", zip.len(), limits::PARTS));
        }
        Ok(Self { zip, kind, unpacked: 0 })
    }

    /// The parts, sorted by name. One whose own head is damaged is among them: reading it says so.
    pub fn parts(&mut self) -> Vec<Part> {
        let names = self.zip.file_names().zip(self.zip.file_names_raw());
        let names: Vec<String> = names
            .map(|(name, raw)| name.map_or_else(|_| String::from_utf8_lossy(raw).into_owned(), Into::into))
            .collect();
        let mut out = Vec::new();
        for (n, stored) in names.into_iter().enumerate() {
            let file = self.zip.by_index_raw(n).ok();
            // Some programs on Windows write \ between folders.
            let name = stored.replace('\\', "/");
            let leaves = |part: &str| part == ".." || part.ends_with(':');
            let is_within = file.as_ref().is_none_or(|f| f.enclosed_name().is_some());
            out.push(Part {
                is_file: file.as_ref().map_or(!name.ends_with('/'), |f| f.is_file() && !f.is_symlink()),
                is_safe: is_within && !name.starts_with('/') && !name.split('/').any(leaves),
                is_encrypted: file.is_some_and(|f| f.encrypted()),
                name,
                stored,
            });
        }
        out.sort_by(|a, b| a.name.cmp(&b.name));
        out
    }

    /// The bytes of a part.
    pub fn read(&mut self, name: &str) -> Result<Vec<u8>, String> {
        let kind = self.kind;
        let file = self.zip.by_name(name).map_err(|e| match e {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
                format!("this {kind} has a password; save it without one")
            }
            e => damaged(kind, &e),
        })?;
        let bytes = file_bytes(file, kind)?;
        self.unpacked += bytes.len() as u64;
        if self.unpacked > limits::ARCHIVE {
            return Err(format!("this {kind} unpacks to more than 1 GB; split it"));
        }
        Ok(bytes)
    }

    /// An error where an OpenDocument file has a password: it is a plain archive of encrypted parts.
    pub fn refuse_locked(&mut self) -> Result<(), String> {
        let manifest = self.read_if_there("META-INF/manifest.xml")?.unwrap_or_default();
        if String::from_utf8_lossy(&manifest).contains("encryption-data") {
            return Err(format!("this {} has a password; save it without one", self.kind));
        }
        Ok(())
    }

    /// The bytes of a part that need not be there.
    pub fn read_if_there(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        if self.zip.index_for_name(name).is_none() { Ok(None) } else { self.read(name).map(Some) }
    }
}

fn file_bytes(file: impl Read, kind: &str) -> Result<Vec<u8>, String> {
    limits::read_at_most(file, limits::PART)
        .map_err(|e| damaged(kind, &e))?
        .ok_or_else(|| format!("this {kind} unpacks to more than 64 MB; split it into one file an interview"))
}

/// What to say of a file that can't be taken apart.
pub fn damaged(kind: &str, cause: &dyn std::fmt::Display) -> String {
    format!("this {kind} is damaged or incomplete ({cause}); open it in the program that made it and save it again")
}
