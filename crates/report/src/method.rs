//! What readers must know of how the numbers came about, in paragraphs: the same in the page, the report and the workbook.

use klantreis_aggregation::Journey;
use klantreis_study::{CodedTranscript, Language, Quote, Severity, Status, Study};

use crate::{
    Report,
    quotes::models,
    words::{interviews, pick, quotes as n_quotes},
};

/// What the account is given of.
pub(crate) struct Method<'a> {
    pub study: &'a Study,
    pub quotes: &'a [Quote],
    pub journey: &'a Journey,
    pub transcripts: &'a [CodedTranscript],
}

impl Method<'_> {
    /// "6 interviews · 245 uitspraken · 5 fasen".
    pub fn facts(&self) -> String {
        let (language, n) = (self.study.language, self.journey.phases.len());
        let phases = if n == 1 { pick(language, "fase", "phase") } else { pick(language, "fasen", "phases") };
        let read = interviews(self.journey.interviews.len());
        format!("{read} · {} · {n} {phases}", n_quotes(language, self.journey.n_quotes))
    }

    /// How many of the quotes that count a researcher has looked at.
    pub fn reviewed(&self) -> usize {
        self.quotes.iter().filter(|q| q.status != Status::Rejected && q.status.is_reviewed()).count()
    }

    /// How many of them no one has looked at.
    pub fn proposed(&self) -> usize {
        self.journey.n_quotes.saturating_sub(self.reviewed())
    }

    /// One line on how far to trust it, to stand under a title.
    pub fn warning(&self) -> String {
        let total = self.journey.n_quotes;
        match (self.study.language, self.proposed()) {
            (Language::Dutch, 0) => "Alle uitspraken zijn door een onderzoeker nagekeken.".to_owned(),
            (Language::English, 0) => "A researcher reviewed every quote.".to_owned(),
            (Language::Dutch, open) => {
                format!("Voorstel van het programma: {open} van de {total} uitspraken zijn nog niet nagekeken.")
            }
            (Language::English, open) => {
                format!("Proposed by the program: {open} of the {total} quotes have not been reviewed.")
            }
        }
    }

    /// The method with its numbers, a paragraph each.
    pub fn paragraphs(&self) -> Vec<String> {
        let (total, reviewed, proposed) = (self.journey.n_quotes, self.reviewed(), self.proposed());
        let turns = || self.transcripts.iter().flat_map(|t| t.transcript.respondent_turns());
        let (passages, sentences) = (turns().count(), turns().map(|(_, t)| t.sentences.len()).sum::<usize>());
        let read = interviews(self.journey.interviews.len());
        let models = models(self.quotes);
        let models = models.as_deref();
        let mut out = match self.study.language {
            Language::Dutch => vec![
                format!(
                    "Gelezen: {read}, met {sentences} zinnen in {passages} beurten van respondenten; wat de interviewer \
                     zegt, telt niet mee. \
                     Daaruit komen {total} uitspraken. Door een onderzoeker nagekeken: {reviewed}. Voorstellen van het \
                     programma, die fout kunnen zijn: {proposed}."
                ),
                models.map_or_else(|| "Het programma stelt met een rekenmodel voor welke zinnen een activiteit, behoefte, winst of pijnpunt \
                 vertellen, bij welke fase ze horen en hoe iemand het beleeft. Dat rekenmodel werkt geheel op deze \
                 computer. De zekerheid bij een uitspraak is geijkt: van de voorstellen met 0,80 klopt ongeveer 80%."
                    .to_owned(), |models| format!("Een taalmodel ({models}) heeft voorgesteld welke zinnen een activiteit, \
                    behoefte, winst of pijnpunt vertellen, bij welke fase ze horen en hoe iemand het beleeft. In method.md \
                    staat waar en hoe het is bevraagd. De zekerheid bij een uitspraak zegt hoe ver zulke voorstellen hier \
                    vertrouwd worden; hoe vaak ze kloppen, blijkt pas bij het beoordelen.")),
                "Elke uitspraak staat letterlijk in een transcript en is ingedeeld als activiteit, behoefte, winst of \
                 pijnpunt, en in een fase van de reis. Het getal bij een onderwerp zegt in hoeveel interviews het ter \
                 sprake kwam. Het zegt niet hoeveel mensen er zo over denken, en wat niemand noemt kan toch \
                 belangrijk zijn."
                    .to_owned(),
                "Emotie loopt van −2 (heel negatief) tot 2 (heel positief). Elk interview telt één keer mee, met het \
                 gemiddelde van zijn uitspraken. Het interval is een 95%-interval (bootstrap over interviews, \
                 verbreed voor weinig interviews naar Hesterberg 2015). “Positief” of “negatief” staat er alleen als het hele interval aan één kant van nul ligt, en “te \
                 weinig” bij minder dan drie interviews."
                    .to_owned(),
                "De kansscore benadert die van Ulwick (2005): belang + (belang − tevredenheid), als dat laatste boven \
                 nul ligt. Ulwick vraagt mensen om cijfers. Hier is belang het deel van de interviews dat een \
                 behoefte of pijnpunt noemt, en tevredenheid het deel dat op dezelfde plek een winst noemt."
                    .to_owned(),
            ],
            Language::English => vec![
                format!(
                    "Read: {read}, with {sentences} sentences in {passages} turns of respondents; what the interviewer \
                     says does not count. \
                     {total} quotes come from them. Reviewed by a researcher: {reviewed}. Proposed by the program, \
                     and possibly wrong: {proposed}."
                ),
                models.map_or_else(|| "The program proposes by a statistical model which sentences tell of an activity, need, gain or pain, \
                 which phase they belong to and how people experience it. That model works wholly on this computer. \
                 The confidence of a quote is calibrated: of the proposals with 0.80 about 80% are right."
                    .to_owned(), |models| format!("A language model ({models}) proposed which sentences tell of an activity, \
                    need, gain or pain, which phase they belong to and how people experience it; method.md says where and \
                    how it was asked. The confidence of a quote says how far such proposals are trusted here; how often they \
                    are right, reviewing them will tell.")),
                "Each quote stands letter for letter in a transcript and is placed as an activity, need, gain or pain \
                 point, and in a phase of the journey. The number beside an item says in how many interviews it came \
                 up. It does not say how many people think so, and what no one brings up may still matter."
                    .to_owned(),
                "Emotion runs from −2 (very negative) to 2 (very positive). Each interview counts once, with the mean \
                 of its quotes. The interval is a 95% interval (bootstrap over interviews, widened for few \
                 interviews after Hesterberg 2015). “Positive” or “negative” is said only where \
                 the whole interval lies on one side of zero, and “too few” below three interviews."
                    .to_owned(),
                "The opportunity score is a proxy of Ulwick's (2005): importance + (importance − satisfaction), where \
                 that is above zero. Ulwick asks people for ratings. Here importance is the share of interviews that \
                 voice a need or pain point, and satisfaction the share that voice a gain in the same place."
                    .to_owned(),
            ],
        };
        if self.journey.n_unplaced > 0 {
            let n = self.journey.n_unplaced;
            out.push(match self.study.language {
                Language::Dutch => format!("Niet in een fase van deze studie geplaatst, en dus niet in de tabel: {n}."),
                Language::English => format!("Placed in no phase of this study, and so not in the table: {n}."),
            });
        }
        out
    }
}

impl Report<'_> {
    fn account(&self) -> Method<'_> {
        let Self { study, quotes, journey, transcripts, .. } = *self;
        Method { study, quotes, journey, transcripts }
    }

    /// "6 interviews · 245 uitspraken · 5 fasen".
    pub(crate) fn facts(&self) -> String {
        self.account().facts()
    }

    /// One line on how far to trust it, to stand under a title.
    pub(crate) fn warning(&self) -> String {
        self.account().warning()
    }

    /// The method with its numbers, how much was skipped, and what the caller knows; a paragraph each.
    pub(crate) fn method(&self) -> Vec<String> {
        let mut out = self.account().paragraphs();
        let skipped = self.problems.iter().filter(|p| p.severity == Severity::Error).count();
        if skipped > 0 {
            out.push(match self.study.language {
                Language::Dutch => format!("Overgeslagen of niet goed gelezen: {skipped}; zie de meldingen."),
                Language::English => format!("Skipped or not read well: {skipped}; see the messages."),
            });
        }
        out.extend(self.about.iter().cloned());
        out
    }
}
