use std::{
    fs,
    path::{Path, PathBuf},
};

use klantreis_aggregation::Journey;
use klantreis_study::{Language, Quote, Status, Study};
use sha2::{Digest, Sha256};

use self::{escape::escape, lanes::lanes};
use crate::{
    table::{ReportError, write_whole},
    words::{interviews, pick},
};

mod curve;
mod escape;
mod lanes;

/// The journey as one page: no scripts, nothing from elsewhere, all text of the study and the interviews escaped.
pub struct Page<'a> {
    /// The study: its title, goal and language.
    pub study: &'a Study,
    /// All quotes; rejected ones are not shown.
    pub quotes: &'a [Quote],
    /// What was counted from them.
    pub journey: &'a Journey,
    /// What else readers must know of how it was made, a paragraph each: how well the coding agrees with people, say.
    pub about: &'a [String],
}

const STYLE: &str = include_str!("page/page.css");

impl Page<'_> {
    /// Writes `klantreis.html` into `folder`, which is made where it does not exist; returns the file.
    pub fn write(&self, folder: &Path) -> Result<PathBuf, ReportError> {
        fs::create_dir_all(folder).map_err(|source| ReportError { path: folder.to_owned(), source })?;
        let path = folder.join("klantreis.html");
        write_whole(&path, self.html().as_bytes())?;
        Ok(path)
    }

    /// The page. The same for the same study, quotes, journey and paragraphs.
    pub fn html(&self) -> String {
        let language = match self.study.language {
            Language::Dutch => "nl",
            Language::English => "en",
        };
        let title = escape(&self.study.title);
        let goal = if self.study.goal.is_empty() {
            String::new()
        } else {
            format!("<p class=\"goal\">{}</p>\n", escape(&self.study.goal))
        };
        format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'; \
             base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{title} – {kind}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <header>\n<p class=\"kind\">{kind}</p>\n<h1>{title}</h1>\n{goal}<p class=\"facts\">{facts}</p>\n</header>\n\
             <main>\n<section>\n<h2>{heading}</h2>\n<p class=\"hint\">{hint}</p>\n{lanes}</section>\n\
             <section class=\"side\">\n<h2>{about_heading}</h2>\n{about}</section>\n\
             <section class=\"side\">\n<h2>{sources_heading}</h2>\n{sources}</section>\n</main>\n</body>\n</html>\n",
            hash = base64(&Sha256::digest(STYLE.as_bytes())),
            kind = self.say("Klantreis", "Customer journey"),
            facts = self.facts(),
            heading = self.say("De reis in fasen", "The journey in phases"),
            hint = self.say(
                "Klik op een onderwerp om de uitspraken te lezen waarop het rust.",
                "Open an item to read the quotes that it rests on."
            ),
            lanes = lanes(self.study, self.quotes, self.journey),
            about_heading = self.say("Over deze analyse", "About this analysis"),
            about = self.about(),
            sources_heading = self.say("Bronnen", "Sources"),
            sources = self.sources(),
        )
    }

    fn say(&self, nl: &'static str, en: &'static str) -> &'static str {
        pick(self.study.language, nl, en)
    }

    fn facts(&self) -> String {
        format!(
            "{} · {} {} · {} {}",
            interviews(self.journey.interviews.len()),
            self.journey.n_quotes,
            if self.journey.n_quotes == 1 { self.say("uitspraak", "quote") } else { self.say("uitspraken", "quotes") },
            self.journey.phases.len(),
            if self.journey.phases.len() == 1 { self.say("fase", "phase") } else { self.say("fasen", "phases") },
        )
    }

    /// What can be counted about how far to trust it, then what the caller knows.
    fn about(&self) -> String {
        let total = self.journey.n_quotes;
        let reviewed = self.quotes.iter().filter(|q| q.status.is_reviewed() && q.status != Status::Rejected).count();
        let proposed = total.saturating_sub(reviewed);
        let read = interviews(self.journey.interviews.len());
        let mut paragraphs = match self.study.language {
            Language::Dutch => vec![
                format!(
                    "Deze klantreis is geteld uit {total} uitspraken in {read}. Door een onderzoeker nagekeken: \
                     {reviewed}. Voorstellen van het programma, die fout kunnen zijn: {proposed}."
                ),
                "Het getal bij een onderwerp zegt in hoeveel interviews het ter sprake kwam. Het zegt niet hoeveel \
                 mensen er zo over denken, en wat niemand noemt kan toch belangrijk zijn."
                    .to_owned(),
                "Emotie loopt van −2 (heel negatief) tot 2 (heel positief). Elk interview telt één keer mee, met het \
                 gemiddelde van zijn uitspraken. De band is een 95%-interval (bootstrap over interviews). Bij minder \
                 dan tien interviews is die band te smal: lees hem dan als ondergrens van de onzekerheid. “Positief” \
                 of “negatief” staat er alleen als de hele band aan één kant van nul ligt, en “te weinig” bij minder \
                 dan drie interviews."
                    .to_owned(),
            ],
            Language::English => vec![
                format!(
                    "This journey was counted from {total} quotes in {read}. Reviewed by a researcher: {reviewed}. \
                     Proposed by the program, and possibly wrong: {proposed}."
                ),
                "The number beside an item says in how many interviews it came up. It does not say how many people \
                 think so, and what no one brings up may still matter."
                    .to_owned(),
                "Emotion runs from −2 (very negative) to 2 (very positive). Each interview counts once, with the mean \
                 of its quotes. The band is a 95% interval (bootstrap over interviews). Below ten interviews the band \
                 is too narrow: read it as the least that is uncertain. “Positive” or “negative” is said only where \
                 the whole band lies on one side of zero, and “too few” below three interviews."
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
        paragraphs.iter().map(|p| format!("<p>{}</p>\n", escape(p))).collect()
    }

    fn sources(&self) -> String {
        let line = |interview: &String| {
            let mine = || self.quotes.iter().filter(|q| q.interview == *interview && q.status != Status::Rejected);
            let name = mine().next().map_or(interview.as_str(), |q| q.file.as_str());
            let n = mine().count();
            let word = if n == 1 { self.say("uitspraak", "quote") } else { self.say("uitspraken", "quotes") };
            format!("<li>{} <span class=\"n\">{n} {word}</span></li>\n", escape(name))
        };
        format!("<ul class=\"sources\">\n{}</ul>\n", self.journey.interviews.iter().map(line).collect::<String>())
    }
}

/// RFC 4648, section 4, as Content Security Policy wants hashes.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, n| bits << 8 | u32::from(three.get(n).copied().unwrap_or(0)));
        for n in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * n) & 63) as usize];
            out.push(if n <= three.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn page(language: Language) -> String {
        let (mut study, mut quotes) = sample::study();
        study.language = language;
        quotes[2].status = Status::Rejected;
        quotes[2].speaker = "verworpen".to_owned();
        quotes[1].status = Status::Accepted;
        let journey = sample::journey(&study, &quotes);
        let about = ["Zie <i>verder</i>.".to_owned()];
        Page { study: &study, quotes: &quotes, journey: &journey, about: &about }.html()
    }

    #[test]
    fn text_of_others_is_escaped_everywhere() {
        let page = page(Language::Dutch);
        for harm in ["<script", "<b>zei", "<i>"] {
            assert!(!page.contains(harm), "{harm}");
        }
        for text in ["&lt;script&gt;alert(1)&lt;/script&gt; &amp; meer", "&lt;b&gt;zei", "Zien wat &quot;telt&quot;"] {
            assert!(page.contains(text), "{text}");
        }
    }

    #[test]
    fn nothing_runs_and_nothing_is_fetched() {
        let page = page(Language::Dutch);
        assert!(page.contains("default-src 'none'; style-src 'sha256-"));
        for fetched in ["http://", "https://", "url(", "@import", "src=", "href=", "style=\"", "onclick"] {
            assert!(!page.contains(fetched), "{fetched}");
        }
    }

    #[test]
    fn a_quote_says_where_it_stands_and_what_became_of_it() {
        let page = page(Language::Dutch);
        for text in
            ["a.txt, beurt 1, R, 00:00:09", "zekerheid 0,80", "voorstel, niet nagekeken", "nagekeken en akkoord"]
        {
            assert!(page.contains(text), "{text}");
        }
        assert!(!page.contains("verworpen"), "rejected quotes are not shown");
        assert!(page.contains("nagekeken: 1. Voorstellen van het programma, die fout kunnen zijn: 1."));
    }

    #[test]
    fn both_languages_are_spoken_throughout() {
        for (language, own, other) in [
            (
                Language::Dutch,
                ["lang=\"nl\"", "Pijnpunten", "geen uitspraken gevonden", "Over deze analyse"],
                "Pain points",
            ),
            (Language::English, ["lang=\"en\"", "Pain points", "no quotes found", "About this analysis"], "Pijnpunten"),
        ] {
            let page = page(language);
            for text in own {
                assert!(page.contains(text), "{text}");
            }
            assert!(!page.contains(other), "{other}");
        }
    }

    #[test]
    fn base64_is_that_of_the_rfc() {
        for (text, expected) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }

    /// The colour of a custom property, in the light block (0) or the dark one (1).
    fn luminance(name: &str, block: usize) -> f64 {
        let hex = STYLE.split(&format!("--{name}: #")).nth(block + 1).unwrap();
        let channel = |n: usize| {
            let c = f64::from(u8::from_str_radix(&hex[n..n + 2], 16).unwrap()) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
    }

    #[test]
    fn colours_keep_the_contrast_of_wcag_aa() {
        let pairs = [
            ("ink", "paper", 4.5),
            ("ink", "panel", 4.5),
            ("quiet", "paper", 4.5),
            ("quiet", "panel", 4.5),
            ("brand", "paper", 4.5),
            ("brand", "panel", 4.5),
            ("on-brand", "bar", 4.5),
            ("activity", "paper", 3.0),
            ("need", "paper", 3.0),
            ("gain", "paper", 3.0),
            ("pain", "paper", 3.0),
            ("line", "band", 3.0),
            ("ink", "band", 4.5),
        ];
        for (front, back, least) in pairs {
            for block in [0, 1] {
                let (a, b) = (luminance(front, block), luminance(back, block));
                let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(contrast >= least, "{front} on {back}, block {block}: {contrast:.2}");
            }
        }
    }
}
