//! Words of the pages, in both languages.

use klantreis_report::end_of_interval;
use klantreis_study::{Category, CodeId, Language, PhaseId, Status, TouchpointId};

use crate::desk::Desk;

/// Says things in the study's language.
#[derive(Clone, Copy)]
pub struct Words(pub Language);

impl Words {
    /// The word in the study's language.
    pub fn say(self, nl: &'static str, en: &'static str) -> &'static str {
        match self.0 {
            Language::Dutch => nl,
            Language::English => en,
        }
    }

    /// `nl` or `en`.
    pub fn code(self) -> &'static str {
        self.say("nl", "en")
    }

    /// The name of a category.
    pub fn category(self, category: &Category) -> String {
        match category.as_str() {
            "activiteit" => self.say("Activiteit", "Activity").to_owned(),
            "behoefte" => self.say("Behoefte", "Need").to_owned(),
            "winst" => self.say("Winst", "Gain").to_owned(),
            "pijnpunt" => self.say("Pijnpunt", "Pain point").to_owned(),
            other => other.to_owned(),
        }
    }

    /// What has become of a coding.
    pub fn status(self, status: Status) -> &'static str {
        match status {
            Status::Auto => self.say("voorstel", "proposal"),
            Status::Accepted => self.say("goedgekeurd", "accepted"),
            Status::Changed => self.say("gewijzigd", "changed"),
            Status::Rejected => self.say("afgewezen", "rejected"),
            Status::Manual => self.say("zelf toegevoegd", "added by hand"),
        }
    }

    /// What was decided, as told in a history.
    pub fn done(self, word: &str) -> &'static str {
        match word {
            "accept" => self.say("keurde goed", "accepted"),
            "reject" => self.say("wees af", "rejected"),
            "change" => self.say("wijzigde", "changed"),
            "add" => self.say("voegde toe", "added"),
            "memo" => self.say("schreef een notitie", "wrote a note"),
            "star" => self.say("gaf of nam een ster", "set or took a star"),
            "place" => self.say("wees de plaats aan", "said where it stands"),
            _ => self.say("besliste", "decided"),
        }
    }

    /// A number as people write it, with a decimal comma in Dutch and no minus before a zero.
    pub fn decimal(self, number: f64, decimals: usize) -> String {
        let text = format!("{number:.decimals$}");
        let zero = text.bytes().all(|b| matches!(b, b'-' | b'0' | b'.'));
        let text = if zero { text.trim_start_matches('-').to_owned() } else { text.replace('-', "−") };
        match self.0 {
            Language::Dutch => text.replace('.', ","),
            Language::English => text,
        }
    }

    /// An end of an interval of emotions, as in the tables and on the page.
    pub fn end_of_interval(self, score: f64) -> String {
        end_of_interval(self.0, score)
    }

    /// A share in whole per cents.
    pub fn percent(self, share: f64) -> String {
        format!("{:.0}%", 100.0 * share)
    }
}

/// The letter that decides a category on the keyboard: b, w, p, and c for activities, since a accepts.
pub fn letter(category: &Category) -> Option<char> {
    match category.as_str() {
        "behoefte" => Some('b'),
        "winst" => Some('w'),
        "pijnpunt" => Some('p'),
        "activiteit" => Some('c'),
        _ => None,
    }
}

/// The class by which the style sheet knows a category.
pub fn class(category: &Category) -> &'static str {
    match category.as_str() {
        "behoefte" => "need",
        "winst" => "gain",
        "pijnpunt" => "pain",
        "activiteit" => "activity",
        _ => "own",
    }
}

impl Desk {
    /// What people call a value of a field of the query language.
    pub fn value_name(&self, field: &str, value: &str) -> String {
        let words = self.words();
        let name = match field {
            "categorie" => Category::new(value).ok().map(|c| words.category(&c)),
            "fase" => PhaseId::new(value).ok().map(|p| self.phase_name(&p).to_owned()),
            "contactmoment" => TouchpointId::new(value).ok().map(|t| self.touchpoint_name(&t).to_owned()),
            "code" => CodeId::new(value).ok().map(|c| self.code_name(&c).to_owned()),
            "status" => {
                let all = [Status::Auto, Status::Accepted, Status::Changed, Status::Rejected, Status::Manual];
                all.into_iter().find(|s| s.as_str() == value).map(|s| words.status(s).to_owned())
            }
            _ => None,
        };
        name.unwrap_or_else(|| value.to_owned())
    }

    /// The words of the study's language.
    pub fn words(&self) -> Words {
        Words(self.study.language)
    }

    /// The name of a phase.
    pub fn phase_name<'a>(&'a self, id: &'a PhaseId) -> &'a str {
        self.study.phase(id).map_or(id.as_str(), |p| &p.label)
    }

    /// The name of a touchpoint.
    pub fn touchpoint_name<'a>(&'a self, id: &'a TouchpointId) -> &'a str {
        self.study.touchpoint(id).map_or(id.as_str(), |t| &t.label)
    }

    /// The name of a code.
    pub fn code_name<'a>(&'a self, id: &'a CodeId) -> &'a str {
        self.codebook.name(id, self.study.language)
    }
}

/// The first `length` characters, with an ellipsis where there are more.
pub fn shortened(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    }
}
