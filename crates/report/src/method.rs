//! What readers must know of how the numbers came about, in paragraphs.

use klantreis_study::{Language, Severity};

use crate::{Report, words::interviews};

impl Report<'_> {
    /// "6 interviews · 245 uitspraken · 5 fasen".
    pub(crate) fn facts(&self) -> String {
        let n = |count: usize, one, many| format!("{count} {}", if count == 1 { one } else { many });
        format!(
            "{} · {} · {}",
            interviews(self.journey.interviews.len()),
            n(self.journey.n_quotes, self.say("uitspraak", "quote"), self.say("uitspraken", "quotes")),
            n(self.journey.phases.len(), self.say("fase", "phase"), self.say("fasen", "phases")),
        )
    }

    /// How many of the quotes that count a researcher has looked at.
    pub(crate) fn reviewed(&self) -> usize {
        self.counted().filter(|q| q.status.is_reviewed()).count()
    }

    /// One line on how far to trust it, to stand under a title.
    pub(crate) fn warning(&self) -> String {
        let (total, reviewed) = (self.journey.n_quotes, self.reviewed());
        match (self.study.language, total - reviewed.min(total)) {
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
    pub(crate) fn method(&self) -> Vec<String> {
        let (total, reviewed) = (self.journey.n_quotes, self.reviewed());
        let proposed = total - reviewed.min(total);
        let passages: usize = self.transcripts.iter().flat_map(|t| t.transcript.respondent_turns()).count();
        let read = interviews(self.journey.interviews.len());
        let mut out = match self.study.language {
            Language::Dutch => vec![
                format!(
                    "Gelezen: {read}, met {passages} beurten van respondenten; wat de interviewer zegt, telt niet mee. \
                     Daaruit komen {total} uitspraken. Door een onderzoeker nagekeken: {reviewed}. Voorstellen van het \
                     programma, die fout kunnen zijn: {proposed}."
                ),
                "Elke uitspraak staat letterlijk in een transcript en is ingedeeld als activiteit, behoefte, winst of \
                 pijnpunt, en in een fase van de reis. Het getal bij een onderwerp zegt in hoeveel interviews het ter \
                 sprake kwam. Het zegt niet hoeveel mensen er zo over denken, en wat niemand noemt kan toch \
                 belangrijk zijn."
                    .to_owned(),
                "Emotie loopt van −2 (heel negatief) tot 2 (heel positief). Elk interview telt één keer mee, met het \
                 gemiddelde van zijn uitspraken. Het interval is een 95%-interval (bootstrap over interviews); bij \
                 minder dan tien interviews is het te smal: lees het dan als ondergrens van de onzekerheid. \
                 “Positief” of “negatief” staat er alleen als het hele interval aan één kant van nul ligt, en “te \
                 weinig” bij minder dan drie interviews."
                    .to_owned(),
                "De kansscore benadert die van Ulwick (2005): belang + (belang − tevredenheid), als dat laatste boven \
                 nul ligt. Ulwick vraagt mensen om cijfers. Hier is belang het deel van de interviews dat een \
                 behoefte of pijnpunt noemt, en tevredenheid het deel dat op dezelfde plek een winst noemt."
                    .to_owned(),
            ],
            Language::English => vec![
                format!(
                    "Read: {read}, with {passages} turns of respondents; what the interviewer says does not count. \
                     {total} quotes come from them. Reviewed by a researcher: {reviewed}. Proposed by the program, \
                     and possibly wrong: {proposed}."
                ),
                "Each quote stands letter for letter in a transcript and is placed as an activity, need, gain or pain \
                 point, and in a phase of the journey. The number beside an item says in how many interviews it came \
                 up. It does not say how many people think so, and what no one brings up may still matter."
                    .to_owned(),
                "Emotion runs from −2 (very negative) to 2 (very positive). Each interview counts once, with the mean \
                 of its quotes. The interval is a 95% interval (bootstrap over interviews); below ten interviews it \
                 is too narrow: read it as the least that is uncertain. “Positive” or “negative” is said only where \
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
