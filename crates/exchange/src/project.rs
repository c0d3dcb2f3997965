//! A project as REFI-QDA sees it, whatever tool wrote it.

use std::{collections::BTreeSet, ops::Range};

/// A project: who coded which passages of which texts with which codes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Project {
    /// Its name.
    pub name: String,
    /// The tool that wrote it.
    pub origin: String,
    /// What it is about.
    pub description: String,
    /// Who coded.
    pub users: Vec<User>,
    /// The codes, as trees.
    pub codes: Vec<Code>,
    /// What is known of cases.
    pub variables: Vec<Variable>,
    /// The participants.
    pub cases: Vec<Case>,
    /// The texts with their codings.
    pub sources: Vec<Source>,
    /// Notes, to which codings refer.
    pub notes: Vec<Note>,
    /// Groups of codes, sources and notes.
    pub sets: Vec<Set>,
}

impl Project {
    /// Whether this program wrote it.
    pub fn is_ours(&self) -> bool {
        self.origin.starts_with("klantreis ")
    }

    /// Whether `other` has all its texts and all codings of them.
    pub fn is_within(&self, other: &Self) -> bool {
        let theirs = other.codings();
        self.codings().is_subset(&theirs)
    }

    /// Each text, and each coding with its place.
    fn codings(&self) -> BTreeSet<(&str, usize, usize, &str)> {
        let mut out = BTreeSet::new();
        for source in &self.sources {
            out.insert((source.guid.as_str(), 0, 0, ""));
            for passage in &source.selections {
                let place = |coding| (source.guid.as_str(), passage.range.start, passage.range.end, coding);
                out.extend(passage.codings.iter().map(|coding| place(coding.guid.as_str())));
            }
        }
        out
    }
}

/// Somebody, or a program, that coded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct User {
    /// Its GUID.
    pub guid: String,
    /// The name.
    pub name: String,
}

/// A code with those below it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Code {
    /// Its GUID.
    pub guid: String,
    /// Its name.
    pub name: String,
    /// Whether passages may carry it; otherwise it only groups.
    pub codable: bool,
    /// `#RRGGBB`, or empty.
    pub color: String,
    /// When to use it.
    pub description: String,
    /// The codes below it.
    pub children: Vec<Code>,
}

impl Code {
    /// Visits this code and all below it, each with the names of those above.
    pub fn visit<'a>(&'a self, above: &mut Vec<&'a str>, see: &mut dyn FnMut(&[&'a str], &'a Code)) {
        see(above, self);
        above.push(&self.name);
        for child in &self.children {
            child.visit(above, see);
        }
        above.pop();
    }
}

/// What kind of values a variable has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    #[default]
    Text,
    /// Yes or no.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// A day, `yyyy-mm-dd`.
    Date,
    /// A moment.
    DateTime,
}

impl Kind {
    /// All kinds with the standard's names.
    pub const ALL: [(Kind, &'static str); 6] = [
        (Kind::Text, "Text"),
        (Kind::Boolean, "Boolean"),
        (Kind::Integer, "Integer"),
        (Kind::Float, "Float"),
        (Kind::Date, "Date"),
        (Kind::DateTime, "DateTime"),
    ];

    /// The standard's name.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("Text", |(_, name)| name)
    }
}

/// Something that is known of cases.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variable {
    /// Its GUID.
    pub guid: String,
    /// Its name.
    pub name: String,
    /// The kind of its values.
    pub kind: Kind,
}

/// The value of a variable.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Value {
    /// The variable's GUID.
    pub variable: String,
    /// Its kind.
    pub kind: Kind,
    /// As written.
    pub value: String,
}

/// A participant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    /// Its GUID.
    pub guid: String,
    /// Its name.
    pub name: String,
    /// What is known of it.
    pub values: Vec<Value>,
    /// The GUIDs of its texts.
    pub sources: Vec<String>,
}

/// A text with what is coded in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Source {
    /// Its GUID.
    pub guid: String,
    /// Its name.
    pub name: String,
    /// The text: UTF-8 with LF, without a byte order mark.
    pub text: String,
    /// Its coded passages.
    pub selections: Vec<Selection>,
    /// The GUIDs of codes that the whole text carries.
    pub codes: Vec<String>,
    /// What is known of it (MAXQDA keeps variables here).
    pub values: Vec<Value>,
}

/// A passage with its codings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// Its GUID.
    pub guid: String,
    /// A short name; some tools write the passage itself.
    pub name: String,
    /// Where it stands in [`Source::text`], in bytes.
    pub range: Range<usize>,
    /// Who made it.
    pub user: String,
    /// The codes that it carries.
    pub codings: Vec<Coding>,
}

/// A code on a passage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coding {
    /// Its GUID.
    pub guid: String,
    /// The GUID of who coded.
    pub user: String,
    /// The code's GUID.
    pub code: String,
    /// The GUID of the note on it, or empty.
    pub note: String,
}

/// A note.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Note {
    /// Its GUID.
    pub guid: String,
    /// Its title.
    pub name: String,
    /// What it says.
    pub text: String,
    /// Who wrote it.
    pub user: String,
}

/// A group of codes, sources and notes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Set {
    /// Its GUID.
    pub guid: String,
    /// Its name.
    pub name: String,
    /// What binds its members.
    pub description: String,
    /// GUIDs of codes.
    pub codes: Vec<String>,
    /// GUIDs of texts.
    pub sources: Vec<String>,
    /// GUIDs of notes.
    pub notes: Vec<String>,
}
