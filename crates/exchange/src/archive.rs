//! The archive of a project, `.qdpx`: a zip with the document and the texts.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _, Write as _},
};

use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{
    dialect::Dialect,
    project::Project,
    qde::{Read, from_xml, to_xml},
    xml,
};

/// A file in an archive that unpacks to more is refused.
const LARGEST: u64 = 256 << 20;

/// Why a file of another tool can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// It is no zip, or a damaged one.
    #[error("this is no REFI-QDA project, or a damaged one ({0}); export it again as .qdpx")]
    Archive(String),
    /// There is no document in it.
    #[error("there is no .qde file in it: it is no REFI-QDA project; export it as .qdpx; found: {0}")]
    NoDocument(String),
    /// The document can't be understood.
    #[error("{name}: {message}; export it again")]
    Document {
        /// The document's name.
        name: String,
        /// What is wrong.
        message: String,
    },
}

/// The bytes of a `.qdpx`; the same project gives the same bytes.
pub fn write_qdpx(project: &Project, dialect: Dialect) -> std::io::Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let document = to_xml(project, dialect.units(), &|source| format!("internal://{}.txt", source.guid));
    zip.start_file(dialect.document(&project.name), options)?;
    zip.write_all(&document.write())?;
    for source in &project.sources {
        zip.start_file(format!("{}/{}.txt", dialect.folder(), source.guid), options)?;
        zip.write_all(&dialect.text(&source.text))?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Reads a `.qdpx` of any tool: any name of the document, any case of the folder's name.
pub fn read_qdpx(bytes: &[u8]) -> Result<Read, ExchangeError> {
    let damaged = |e: &dyn std::fmt::Display| ExchangeError::Archive(e.to_string());
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(&e))?;
    let mut documents: Vec<(String, Vec<u8>)> = Vec::new();
    let mut texts: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut names = Vec::new();
    for n in 0..zip.len() {
        let file = zip.by_index(n).map_err(|e| damaged(&e))?;
        let name = file.name().map_err(|e| damaged(&e))?.replace('\\', "/");
        let lower = name.to_lowercase();
        names.push(name.clone());
        let document = lower.ends_with(".qde");
        if !document && !lower.ends_with(".txt") {
            continue;
        }
        let mut content = Vec::new();
        let read = file.take(LARGEST + 1).read_to_end(&mut content).map_err(|e| damaged(&e))?;
        if read as u64 > LARGEST {
            return Err(damaged(&format!("{name} unpacks to more than 256 MB")));
        }
        if document {
            documents.push((name, content));
        } else {
            texts.insert(base(&lower).to_owned(), content);
        }
    }
    // The one nearest to the root.
    documents.sort_by_key(|(name, _)| (name.matches('/').count(), name.clone()));
    let Some((name, document)) = documents.into_iter().next() else {
        return Err(ExchangeError::NoDocument(names.into_iter().take(8).collect::<Vec<_>>().join(", ")));
    };
    let wrong = |message| ExchangeError::Document { name: name.clone(), message };
    let root = xml::parse(&decode(&document)).map_err(wrong)?;
    from_xml(&root, &|path| texts.get(base(&path.to_lowercase())).map(|bytes| decode(bytes))).map_err(wrong)
}

/// The name of a file without its folders, and without `internal://` and the like.
fn base(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// UTF-8, or UTF-16 with a byte order mark, or else Windows-1252; without the mark.
pub fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}
