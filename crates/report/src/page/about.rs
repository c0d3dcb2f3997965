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
        let (reviewed, n) = (self.reviewed(), interviews(self.journey.interviews.len()));
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

    fn reviewed(&self) -> usize {
        self.quotes.iter().filter(|q| q.status.is_reviewed() && q.status != Status::Rejected).count()
    }

    /// What can be counted about how far to trust it, then what the caller knows, then what was skipped.
    pub(super) fn about(&self) -> String {
        let total = self.journey.n_quotes;
        let reviewed = self.reviewed();
        let proposed = total.saturating_sub(reviewed);
        let read = interviews(self.journey.interviews.len());
        let sentences: usize =
            self.transcripts.iter().flat_map(|t| t.transcript.respondent_turns()).map(|(_, t)| t.sentences.len()).sum();
        let mut paragraphs = match self.study.language {
            Language::Dutch => vec![
                format!(
                    "Gelezen: {read}, met {sentences} zinnen van respondenten. Wat de interviewer zegt, telt niet mee. \
                     Daaruit komen {total} uitspraken. Door een onderzoeker nagekeken: {reviewed}. Voorstellen van het \
                     programma, die fout kunnen zijn: {proposed}."
                ),
                "Het programma stelt met een rekenmodel voor welke zinnen een activiteit, behoefte, winst of pijnpunt \
                 vertellen, bij welke fase ze horen en hoe iemand het beleeft. Dat gebeurt geheel op deze computer. De \
                 zekerheid bij een uitspraak is geijkt: van de voorstellen met 0,80 klopt ongeveer 80%."
                    .to_owned(),
                "Het getal bij een onderwerp zegt in hoeveel interviews het ter sprake kwam. Het zegt niet hoeveel \
                 mensen er zo over denken, en wat niemand noemt kan toch belangrijk zijn."
                    .to_owned(),
                "Emotie loopt van −2 (heel negatief) tot 2 (heel positief). Elk interview telt één keer mee, met het \
                 gemiddelde van zijn uitspraken. Het vlak is een 95%-interval (bootstrap over interviews). Bij minder \
                 dan tien interviews is het te smal: lees het dan als ondergrens van de onzekerheid. “Positief” of \
                 “negatief” staat er alleen als het hele interval aan één kant van nul ligt, en “te weinig” bij minder \
                 dan drie interviews. De curve is uitvergroot als alles tussen −1 en 1 ligt; links staat de schaal."
                    .to_owned(),
            ],
            Language::English => vec![
                format!(
                    "Read: {read}, with {sentences} sentences of respondents. What the interviewer says does not count. \
                     From these come {total} quotes. Reviewed by a researcher: {reviewed}. Proposed by the program, and \
                     possibly wrong: {proposed}."
                ),
                "The program proposes by a statistical model which sentences tell of an activity, need, gain or pain, \
                 which phase they belong to and how people experience it. All of it happens on this computer. The \
                 confidence of a quote is calibrated: of the proposals with 0.80 about 80% are right."
                    .to_owned(),
                "The number beside an item says in how many interviews it came up. It does not say how many people \
                 think so, and what no one brings up may still matter."
                    .to_owned(),
                "Emotion runs from −2 (very negative) to 2 (very positive). Each interview counts once, with the mean \
                 of its quotes. The area is a 95% interval (bootstrap over interviews). Below ten interviews it is too \
                 narrow: read it as the least that is uncertain. “Positive” or “negative” is said only where the whole \
                 interval lies on one side of zero, and “too few” below three interviews. The curve is enlarged where \
                 all lies between −1 and 1; the scale is on its left."
                    .to_owned(),
            ],
        };
        if self.journey.n_unplaced > 0 {
            let n = self.journey.n_unplaced;
            paragraphs.push(match self.study.language {
                Language::Dutch => format!("Niet in een fase van deze studie geplaatst, en dus niet in de tabel: {n}."),
                Language::English => format!("Placed in no phase of this study, and so not in the table: {n}."),
            });
        }
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
