//! How the page came about, and how far to trust it.

use std::collections::BTreeMap;

use klantreis_study::{Language, Severity, Status};

use super::Page;
use crate::{
    words::{interviews, quotes as n_quotes},
    xml::escape,
};

impl Page<'_> {
    /// The same in a line, for under the map and on paper.
    pub(super) fn proviso(&self) -> String {
        let total = self.journey.n_quotes;
        let (reviewed, n) = (self.method().reviewed(), interviews(self.journey.interviews.len()));
        match self.study.language {
            Language::Dutch => format!(
                "Geteld uit {} in {n}; {reviewed} nagekeken door een onderzoeker, {} zijn voorstellen van een \
                 programma, die fout kunnen zijn. Het getal bij een onderwerp is het aantal interviews waarin het ter \
                 sprake kwam.",
                n_quotes(Language::Dutch, total),
                total.saturating_sub(reviewed)
            ),
            Language::English => format!(
                "Counted from {} in {n}; {reviewed} reviewed by a researcher, {} proposed by a program, and possibly \
                 wrong. The number beside an item is that of the interviews in which it came up.",
                n_quotes(Language::English, total),
                total.saturating_sub(reviewed)
            ),
        }
    }

    /// What can be counted about how far to trust it, then what the caller knows, then what was skipped.
    pub(super) fn about(&self) -> String {
        let mut paragraphs = self.method().paragraphs();
        paragraphs.push(
            self.say(
                "Het vlak om de curve is het interval. De curve is uitvergroot als alles tussen −1 en 1 ligt; links \
                 staat de schaal.",
                "The area around the curve is the interval. The curve is enlarged where all lies between −1 and 1; the \
                 scale is on its left.",
            )
            .to_owned(),
        );
        paragraphs.extend(self.about.iter().cloned());
        let text: String = paragraphs.iter().map(|p| format!("<p>{}</p>\n", escape(p))).collect();
        text + &self.skipped()
    }

    /// Files that could not be used. The reasons are the program's messages, which are English.
    fn skipped(&self) -> String {
        let problems: Vec<_> = self.problems.iter().filter(|p| p.severity == Severity::Error).collect();
        if problems.is_empty() {
            return format!("<p>{}</p>\n", self.say("Er is niets overgeslagen.", "Nothing was skipped."));
        }
        let line = |p: &&klantreis_study::Problem| {
            format!("<li>{}: <span lang=\"en\">{}</span></li>\n", escape(&p.file), escape(&p.message))
        };
        format!(
            "<h3>{}</h3>\n<ul>\n{}</ul>\n",
            self.say("Overgeslagen", "Skipped"),
            problems.iter().map(line).collect::<String>()
        )
    }

    pub(super) fn sources(&self) -> String {
        let mut told: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
        for quote in self.quotes.iter().filter(|q| q.status != Status::Rejected) {
            told.entry(&quote.interview).or_insert((0, &quote.file)).0 += 1;
        }
        let line = |interview: &String| {
            let (n, name) = told.get(interview.as_str()).copied().unwrap_or((0, interview));
            let n = n_quotes(self.study.language, n);
            format!("<li>{} <span class=\"n\">{n}</span></li>\n", escape(name))
        };
        format!("<ul class=\"sources\">\n{}</ul>\n", self.journey.interviews.iter().map(line).collect::<String>())
    }
}
