//! What differs between the tools that read a project.

use std::str::FromStr;

use crate::position::Units;

/// For which tool a project is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// The letter of the standard: LF, no byte order mark, code points, `project.qde`, `sources/`.
    #[default]
    Standard,
    /// NVivo: CRLF with a byte order mark, UTF-16 units, `Sources/`.
    Nvivo,
    /// ATLAS.ti: LF, the document named after the project.
    Atlas,
    /// MAXQDA: CRLF, which counts as two.
    Maxqda,
}

impl Dialect {
    /// How it counts positions.
    pub fn units(self) -> Units {
        let (utf16, crlf) = match self {
            Dialect::Standard | Dialect::Atlas => (false, false),
            Dialect::Nvivo => (true, true),
            Dialect::Maxqda => (false, true),
        };
        Units { utf16, crlf, inclusive: false }
    }

    /// The name of the document in the archive.
    pub(crate) fn document(self, project: &str) -> String {
        match self {
            Dialect::Atlas => {
                let name: String = project.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
                format!("{}.qde", if name.is_empty() { "project" } else { &name })
            }
            _ => "project.qde".to_owned(),
        }
    }

    /// The folder of the texts.
    pub(crate) fn folder(self) -> &'static str {
        if self == Dialect::Nvivo { "Sources" } else { "sources" }
    }

    /// A text as it stands in the archive.
    pub(crate) fn text(self, text: &str) -> Vec<u8> {
        match self {
            Dialect::Standard | Dialect::Atlas => text.as_bytes().to_vec(),
            Dialect::Maxqda => text.replace('\n', "\r\n").into_bytes(),
            Dialect::Nvivo => format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes(),
        }
    }
}

impl FromStr for Dialect {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text.to_lowercase().as_str() {
            "standard" => Dialect::Standard,
            "nvivo" => Dialect::Nvivo,
            "atlas" | "atlas.ti" | "atlasti" => Dialect::Atlas,
            "maxqda" => Dialect::Maxqda,
            _ => return Err(format!("\"{text}\" is none of standard, nvivo, atlas and maxqda")),
        })
    }
}
