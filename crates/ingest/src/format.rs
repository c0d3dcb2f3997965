//! The formats of transcripts, by the endings of their files and by their first bytes.

/// What kind of file a transcript is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text or Markdown.
    Text,
    /// WebVTT, SubRip or SubViewer.
    Subtitles,
    /// JSON of a speech recogniser.
    Json,
    /// Values between tabs, with times in milliseconds as Whisper writes them.
    Tsv,
    /// Values between commas or semicolons.
    Csv,
    /// A spreadsheet of Excel.
    Xlsx,
    /// An OpenDocument spreadsheet.
    Ods,
    /// A Word document.
    Docx,
    /// An OpenDocument text.
    Odt,
    /// Rich text.
    Rtf,
    /// PDF.
    Pdf,
    /// A web page.
    Html,
    /// A zip archive of transcripts.
    Zip,
    /// A project for exchange between programs for qualitative analysis (REFI-QDA).
    Qdpx,
}

/// The endings of files that are read, for messages.
pub const ENDINGS: &str =
    ".txt, .md, .vtt, .srt, .sbv, .docx, .odt, .rtf, .pdf, .html, .json, .tsv, .csv, .xlsx, .ods, .zip and .qdpx";

impl Format {
    /// By the name of the file.
    pub fn of(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        Some(match ending.to_lowercase().as_str() {
            "txt" | "md" | "text" => Self::Text,
            "vtt" | "srt" | "sbv" => Self::Subtitles,
            "json" => Self::Json,
            "tsv" => Self::Tsv,
            "csv" => Self::Csv,
            // The old forms are refused with what to do, or are one of the new ones after all.
            "xlsx" | "xlsm" | "xls" => Self::Xlsx,
            "ods" => Self::Ods,
            "docx" | "docm" | "doc" => Self::Docx,
            "odt" => Self::Odt,
            "rtf" => Self::Rtf,
            "pdf" => Self::Pdf,
            "html" | "htm" => Self::Html,
            "zip" => Self::Zip,
            "qdpx" => Self::Qdpx,
            _ => return None,
        })
    }

    /// The format that the first bytes tell where the ending says another: rich text is often called .doc.
    pub fn really(self, bytes: &[u8]) -> Self {
        let trimmed = bytes.trim_ascii_start();
        match self {
            _ if bytes.starts_with(b"{\\rtf") => Self::Rtf,
            _ if bytes.starts_with(b"%PDF-") => Self::Pdf,
            Self::Docx if trimmed.starts_with(b"<!DOCTYPE html") || trimmed.starts_with(b"<html") => Self::Html,
            Self::Text if bytes.starts_with(b"WEBVTT") => Self::Subtitles,
            format => format,
        }
    }

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Subtitles => "subtitles",
            Self::Json => "json",
            Self::Tsv => "tsv",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Ods => "ods",
            Self::Docx => "docx",
            Self::Odt => "odt",
            Self::Rtf => "rtf",
            Self::Pdf => "pdf",
            Self::Html => "html",
            Self::Zip => "zip",
            Self::Qdpx => "qdpx",
        }
    }
}
