use std::{
    fs,
    path::{Path, PathBuf},
};

use klantreis_aggregation::Journey;
use klantreis_study::{CodedTranscript, Language, Problem, Quote, Status, Study, Transcript};
use sha2::{Digest, Sha256};

use self::{base64::base64, map::map};
use crate::{
    method::Method,
    table::{ReportError, write_whole},
    words::pick,
    xml::escape,
};

mod about;
mod base64;
mod curve;
mod data;
mod icons;
mod legend;
mod map;

/// The journey as one page that asks for nothing from elsewhere; all text of the study and the interviews is escaped.
///
/// The map, the legend and how it was made stand in the page itself. Its script adds filters, comparing, other
/// formats and all quotes, which it makes from the page's own data.
pub struct Page<'a> {
    /// The study: its title, goal and language.
    pub study: &'a Study,
    /// All quotes; rejected ones are not shown.
    pub quotes: &'a [Quote],
    /// What was counted from them.
    pub journey: &'a Journey,
    /// The interviews, for the sentences around the quotes.
    pub transcripts: &'a [CodedTranscript],
    /// What was skipped.
    pub problems: &'a [Problem],
    /// What else readers must know of how it was made, a paragraph each: how well the coding agrees with people, say.
    pub about: &'a [String],
}

const STYLE: &str = include_str!("page/klantreis.css");
/// One program in parts, each of one idea; the last one starts it.
const SCRIPT: &str = concat!(
    include_str!("page/quotes.js"),
    include_str!("page/count.js"),
    include_str!("page/curve.js"),
    include_str!("page/formats.js"),
    include_str!("page/table.js"),
    include_str!("page/klantreis.js"),
);

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
        let quotes: Vec<&Quote> = self.quotes.iter().filter(|q| q.status != Status::Rejected).collect();
        let transcripts: Vec<&Transcript> = self.transcripts.iter().map(|t| &t.transcript).collect();
        let map = map(self.study, &quotes, self.journey);
        let hash = |text: &str| base64(&Sha256::digest(text.as_bytes()));
        let (say, title) = (|nl, en| self.say(nl, en), escape(&self.study.title));
        format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{style}'; \
             script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{title} – {kind}</title>\n<style>{STYLE}</style>\n</head>\n<body data-level=\"basis\">\n\
             {sprite}<header>\n<p class=\"kind\">{kind}</p>\n<h1>{title}</h1>\n{cover}</header>\n<main>\n\
             <section id=\"kaart\" aria-labelledby=\"kaart-kop\">\n<h2 id=\"kaart-kop\">{heading}</h2>\n\
             <div id=\"tools\"></div>\n<div id=\"view\">\n{table}</div>\n<p class=\"proviso\">{proviso}</p>\n</section>\n\
             <section class=\"words\">\n<h2>{legend_heading}</h2>\n{legend}</section>\n\
             <section class=\"beyond\" id=\"uitspraken\">\n<h2>{quotes_heading}</h2>\n<div id=\"quotes\"><p>{without}</p></div>\n</section>\n\
             <section class=\"beyond reading\">\n<h2>{about_heading}</h2>\n{about}</section>\n\
             <section class=\"beyond reading\">\n<h2>{sources_heading}</h2>\n{sources}</section>\n</main>\n\
             <script type=\"application/json\" id=\"data\">{data}</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
            style = hash(STYLE),
            script = hash(SCRIPT),
            kind = say("Klantreis", "Customer journey"),
            sprite = icons::sprite(),
            cover = self.cover(),
            heading = say("De reis in fasen", "The journey in phases"),
            table = map.html,
            proviso = escape(&self.proviso()),
            legend_heading = say("Wat de woorden betekenen", "What the words mean"),
            legend = legend::legend(self.study.language),
            quotes_heading = say("Alle uitspraken", "All quotes"),
            without = say(
                "Zoeken en sorteren kan als uw browser scripts toestaat. Alle uitspraken staan ook in quotes.csv.",
                "Search and sort work where your browser allows scripts. All quotes are in quotes.csv as well."
            ),
            about_heading = say("Over deze analyse", "About this analysis"),
            about = self.about(),
            sources_heading = say("Bronnen", "Sources"),
            sources = self.sources(),
            data = data::data(self.study, &quotes, self.journey, &transcripts, &map.sets),
        )
    }

    fn say(&self, nl: &'static str, en: &'static str) -> &'static str {
        pick(self.study.language, nl, en)
    }

    /// Goal, personas, and what it rests on.
    fn cover(&self) -> String {
        let goal = match self.study.goal.as_str() {
            "" => String::new(),
            goal => format!("<p class=\"goal\">{}</p>\n", escape(goal)),
        };
        let personas: String = self
            .study
            .personas
            .iter()
            .map(|p| {
                let about =
                    if p.description.is_empty() { String::new() } else { format!(": {}", escape(&p.description)) };
                format!("<dd><b>{}</b>{about}</dd>\n", escape(&p.name))
            })
            .collect();
        let personas = match self.study.personas.len() {
            0 => String::new(),
            1 => format!("<div><dt>Persona</dt>\n{personas}</div>\n"),
            _ => format!("<div><dt>{}</dt>\n{personas}</div>\n", self.say("Persona’s", "Personas")),
        };
        format!(
            "{goal}<dl class=\"facts\">\n{personas}<div><dt>{}</dt>\n<dd>{}</dd></div>\n</dl>\n",
            self.say("Bronnen", "Sources"),
            self.method().facts()
        )
    }

    fn method(&self) -> Method<'_> {
        let Self { study, quotes, journey, transcripts, .. } = *self;
        Method { study, quotes, journey, transcripts }
    }
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
        Page { study: &study, quotes: &quotes, journey: &journey, transcripts: &[], problems: &[], about: &about }
            .html()
    }

    #[test]
    fn text_of_others_is_escaped_everywhere() {
        let page = page(Language::Dutch);
        assert_eq!(page.matches("<script").count(), 2, "the data and the page's own");
        for harm in ["<script>alert", "<b>zei", "<i>"] {
            assert!(!page.contains(harm), "{harm}");
        }
        assert!(page.contains("\\u003cb>zei"), "in the data as well");
        for text in ["&lt;script&gt;alert(1)&lt;/script&gt; &amp; meer", "&lt;b&gt;zei", "Zien wat &quot;telt&quot;"] {
            assert!(page.contains(text), "{text}");
        }
    }

    #[test]
    fn nothing_is_fetched_and_nothing_runs_but_the_pages_own_script() {
        let page = page(Language::Dutch);
        assert!(page.contains("default-src 'none'; style-src 'sha256-") && page.contains("script-src 'sha256-"));
        assert!(!page.contains("unsafe-"));
        // The name of SVG's elements is no address.
        let page = page.replace("http://www.w3.org/2000/svg", "").replace("href=\"#i-", "");
        for fetched in [
            "http://",
            "https://",
            "url(",
            "@import",
            "src=",
            "href=\"",
            "style=\"",
            " onclick=",
            "innerHTML",
            "fetch(",
        ] {
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
                ["lang=\"nl\"", "Pijnpunten</span>", "Geen interview gaat over deze fase.", "Over deze analyse"],
                "Pain points</span>",
            ),
            (
                Language::English,
                ["lang=\"en\"", "Pain points</span>", "No interview is about this phase.", "About this analysis"],
                "Pijnpunten</span>",
            ),
        ] {
            let page = page(language);
            for text in own {
                assert!(page.contains(text), "{text}");
            }
            assert!(!page.contains(other), "{other}");
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
            ("ink", "up", 4.5),
            ("ink", "down", 4.5),
            ("ink", "mark", 4.5),
            ("ink", "band", 4.5),
            ("quiet", "paper", 4.5),
            ("quiet", "up", 4.5),
            ("quiet", "down", 4.5),
            ("brand", "paper", 4.5),
            ("brand", "panel", 4.5),
            ("need", "paper", 4.5),
            ("gain", "paper", 4.5),
            ("pain", "paper", 4.5),
            ("edge", "paper", 3.0),
            ("line", "band", 3.0),
            ("other", "down", 3.0),
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
