//! The journey map: phases as columns, a row a lane.

use std::collections::BTreeMap;

use klantreis_aggregation::{ENOUGH, Journey, Opportunity, PhaseJourney, Place, Subject};
use klantreis_study::{Category, Language, Quote, Study};

use super::{
    curve::curve,
    icons::{category_icon, channel_icon, icon},
};
use crate::{
    topics::{Known, topics},
    words::{
        self, channel, decimal, end_of_interval, how_might_we, interviews, lane, pick, quotes as n_quotes, signed,
    },
    xml::escape,
};

/// Items of a cell that are seen at once; the others fold.
const SEEN: usize = 3;
/// Items that fold: of 300 interviews a cell has hundreds.
const FOLDED: usize = 12;
/// Opportunities of a phase: the rest is in the tables.
const OPPORTUNITIES: usize = 6;
/// Quotes of this length are read at a glance.
const GLANCE: std::ops::RangeInclusive<usize> = 40..=150;

/// The map and the quotes behind each of its items, by their place in `quotes`: an item's `data-set` is its number.
pub struct Map {
    /// The table.
    pub html: String,
    /// The quotes of each item.
    pub sets: Vec<Vec<usize>>,
}

/// Draws the map. `quotes` are those that count.
pub fn map(study: &Study, quotes: &[&Quote], journey: &Journey) -> Map {
    let by_id = quotes.iter().enumerate().map(|(n, q)| (q.id.as_str(), n)).collect();
    let mut drawing = Drawing { study, journey, quotes, by_id, sets: Vec::new() };
    let html = drawing.table();
    Map { html, sets: drawing.sets }
}

/// Something told of, with the quotes that it rests on.
struct Entry<'a> {
    label: &'a str,
    /// Whether the label names it, or only says that it has no name.
    named: bool,
    /// What is said beside the number of interviews.
    note: String,
    /// The same, but true of all interviews only: it goes when some are chosen.
    score: String,
    n_interviews: usize,
    ids: Vec<&'a str>,
    typical: Vec<&'a Quote>,
    /// Shown in full view under the label instead of the most typical quote.
    line: Option<String>,
    icon: Option<&'static str>,
}

struct Drawing<'a> {
    study: &'a Study,
    journey: &'a Journey,
    quotes: &'a [&'a Quote],
    by_id: BTreeMap<&'a str, usize>,
    sets: Vec<Vec<usize>>,
}

impl<'a> Drawing<'a> {
    fn say(&self, nl: &'static str, en: &'static str) -> &'static str {
        pick(self.study.language, nl, en)
    }

    fn table(&mut self) -> String {
        let phases = &self.journey.phases;
        let heads: String = phases.iter().map(|p| self.head(p)).collect();
        let mut rows = String::new();
        let n_lanes = phases.first().map_or(0, |p| p.cells.len());
        for n in 0..n_lanes {
            let category = phases[0].cells[n].category.as_str();
            let cells = phases.iter().map(|p| self.category(p, n)).collect();
            rows += &self.row(category, category_icon(category), &lane(self.study.language, category), cells);
            if n == 0 {
                let cells = phases.iter().map(|p| self.touchpoints(p)).collect();
                rows += &self.row("contact", "contact", self.say("Contactmomenten", "Touchpoints"), cells);
            }
        }
        let name = self.say("Emotiecurve", "Emotion curve");
        rows += &format!(
            "<tr role=\"row\" class=\"lane emotie\"><th role=\"rowheader\" scope=\"row\"><span>{}{name}</span></th>\
             <td role=\"cell\" class=\"curve\" colspan=\"{}\">{}</td></tr>\n",
            icon("emotie"),
            phases.len().max(1),
            curve(self.study, phases)
        );
        let cells = phases.iter().map(|p| self.opportunities(p)).collect();
        rows += &self.row("kans", "kans", self.say("Kansen", "Opportunities"), cells);
        let cells = phases.iter().map(|p| self.voices(p)).collect();
        rows += &self.row("citaat", "citaat", self.say("Citaten", "Quotes"), cells);
        let cells = phases.iter().map(|p| self.figures(p)).collect();
        rows += &self.row("cijfer", "cijfer", self.say("Cijfers", "Figures"), cells);
        // The class says how many columns there are, since a strict policy allows no style attribute. The roles are
        // those of the elements: on a phone the rows are laid out as a grid, which would cost them their roles.
        format!(
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{name}\">\n\
             <table role=\"table\" class=\"journey columns-{n}\">\n<thead role=\"rowgroup\"><tr role=\"row\">\
             <th role=\"columnheader\" scope=\"col\"><span>{phase}</span></th>\n{heads}</tr></thead>\n\
             <tbody role=\"rowgroup\">\n{rows}</tbody>\n</table>\n</div>\n",
            name = self.say("Tabel van de klantreis", "Table of the customer journey"),
            n = phases.len().min(10),
            phase = self.say("Fase", "Phase"),
        )
    }

    fn head(&self, phase: &PhaseJourney) -> String {
        let about = match phase.phase.description.as_str() {
            "" => String::new(),
            text => format!("<span class=\"about\">{}</span>", escape(text)),
        };
        let place = Place::Phase(phase.phase.id.clone());
        format!(
            "<th role=\"columnheader\" scope=\"col\">{}{}{about}</th>\n",
            escape(&phase.phase.label),
            self.moment(&place)
        )
    }

    /// Why a place stands out, if it does.
    fn moment(&self, place: &Place) -> String {
        let marks = self.journey.moments.iter().find(|m| m.place == *place).map_or(&[][..], |m| &m.marks[..]);
        if marks.is_empty() {
            return String::new();
        }
        let why: Vec<&str> = marks.iter().map(|why| words::mark(self.study.language, *why)).collect();
        format!("<span class=\"moment\">{}{}</span>", icon("moment"), why.join(", "))
    }

    fn row(&self, class: &str, picture: &str, name: &str, cells: Vec<String>) -> String {
        let cells: String = cells.iter().map(|cell| format!("<td role=\"cell\">{cell}</td>\n")).collect();
        format!(
            "<tr role=\"row\" class=\"lane {}\"><th role=\"rowheader\" scope=\"row\"><span>{}{}</span></th>\n{cells}</tr>\n",
            escape(class),
            icon(picture),
            escape(name)
        )
    }

    /// Why a cell is empty.
    fn none(&self, phase: &PhaseJourney, what: &str) -> String {
        let text = match (self.study.language, phase.emotion.n_quotes) {
            (Language::Dutch, 0) => "Geen interview gaat over deze fase.".to_owned(),
            (Language::Dutch, _) => format!("Geen {what} gevonden in wat over deze fase is verteld."),
            (Language::English, 0) => "No interview is about this phase.".to_owned(),
            (Language::English, _) => format!("No {what} found in what is told of this phase."),
        };
        format!("<p class=\"none\">{}</p>", escape(&text))
    }

    fn category(&mut self, phase: &'a PhaseJourney, n: usize) -> String {
        let cell = &phase.cells[n];
        if cell.items.is_empty() {
            return self.none(phase, &lane(self.study.language, cell.category.as_str()).to_lowercase());
        }
        let theme = format!("{}, ", self.say("thema in hun woorden", "theme in their words"));
        let entries = topics(self.journey, phase, cell).into_iter().map(|topic| Entry {
            label: topic.label,
            named: topic.known != Known::Unnamed,
            note: if topic.known == Known::Theme { theme.clone() } else { String::new() },
            score: String::new(),
            n_interviews: topic.n_interviews,
            ids: topic.quote_ids.iter().map(String::as_str).collect(),
            typical: topic.typical.iter().collect(),
            line: None,
            icon: None,
        });
        let entries: Vec<Entry<'_>> = entries.collect();
        self.entries(&entries)
    }

    fn touchpoints(&mut self, phase: &'a PhaseJourney) -> String {
        if phase.touchpoints.is_empty() {
            return self.none(phase, self.say("contactmoment", "touchpoint"));
        }
        let entries = phase.touchpoints.iter().map(|t| {
            let here = self.quotes.iter().filter(|q| q.phase == phase.phase.id && q.touchpoint.as_ref() == Some(&t.id));
            let here: Vec<&Quote> = here.copied().collect();
            let mean = t.emotion.mean.map_or(String::new(), |m| signed(self.study.language, m));
            let word = words::label(self.study.language, t.emotion.label);
            Entry {
                label: &t.label,
                named: true,
                note: format!("{}, ", channel(self.study.language, t.channel)),
                score: String::new(),
                n_interviews: t.emotion.n_interviews,
                ids: here.iter().map(|q| q.id.as_str()).collect(),
                typical: here.into_iter().take(1).collect(),
                line: Some(format!("{} {word} ({mean})", self.say("Emotie", "Emotion"))),
                icon: Some(channel_icon(t.channel)),
            }
        });
        let entries: Vec<Entry<'_>> = entries.collect();
        self.entries(&entries)
    }

    fn opportunities(&mut self, phase: &'a PhaseJourney) -> String {
        let here = self.journey.opportunities.iter().filter(|o| o.phase == phase.phase.id);
        let entries: Vec<Entry<'_>> = here.take(OPPORTUNITIES).map(|o| self.opportunity(o, phase)).collect();
        if entries.is_empty() {
            return self.none(phase, self.say("behoefte of pijnpunt", "need or pain"));
        }
        self.entries(&entries)
    }

    fn opportunity(&self, o: &'a Opportunity, phase: &PhaseJourney) -> Entry<'a> {
        let language = self.study.language;
        Entry {
            label: &o.label,
            named: true,
            note: String::new(),
            score: format!("{} {}, ", self.say("kans", "score"), decimal(language, o.score, 1)),
            n_interviews: o.n_asking,
            ids: o.quote_ids.iter().map(String::as_str).collect(),
            typical: o.typical.iter().collect(),
            line: Some(how_might_we(language, &o.subject, &o.label, &phase.phase.label)),
            icon: Some(match &o.subject {
                Subject::Code(category, _) if *category == Category::pain() => "pijnpunt",
                Subject::Code(..) => "behoefte",
                Subject::Touchpoint(id) => self.study.touchpoint(id).map_or("contact", |t| channel_icon(t.channel)),
            }),
        }
    }

    /// What most interviews tell of, what has no name, and, folded, the rest: what one interview alone tells of is no
    /// pattern. Of many interviews so much is told that the tables have the end of it.
    fn entries(&mut self, entries: &[Entry<'a>]) -> String {
        let (named, unnamed): (Vec<&Entry<'a>>, Vec<&Entry<'a>>) = entries.iter().partition(|e| e.named);
        let several = named.iter().filter(|e| e.n_interviews > 1).count();
        let n_seen = if several == 0 { 1 } else { several.min(SEEN) }.min(named.len());
        let (seen, rest) = named.split_at(n_seen);
        let mut list = |class: &str, entries: &[&Entry<'a>], quotes: usize| {
            let items: String = entries.iter().map(|entry| self.entry(entry, quotes)).collect();
            if items.is_empty() { items } else { format!("<ul{class}>\n{items}</ul>\n") }
        };
        let listed = &rest[..rest.len().min(FOLDED)];
        let (seen, folded) = (list("", seen, usize::MAX), list("", listed, 1));
        let unnamed = list(" class=\"unnamed\"", &unnamed, usize::MAX);
        let beyond = match (self.study.language, rest.len() - listed.len()) {
            (_, 0) => String::new(),
            (Language::Dutch, n) => format!("<p class=\"n\">En nog {n}, in de tabellen.</p>\n"),
            (Language::English, n) => format!("<p class=\"n\">And {n} more, in the tables.</p>\n"),
        };
        let folded = match (self.study.language, rest.len()) {
            (_, 0) => String::new(),
            (Language::Dutch, 1) => fold("nog 1 die minder wordt genoemd", &folded, &beyond),
            (Language::Dutch, n) => fold(&format!("nog {n} die minder worden genoemd"), &folded, &beyond),
            (Language::English, n) => fold(&format!("{n} more that fewer speak of"), &folded, &beyond),
        };
        seen + &folded + &unnamed
    }

    fn set(&mut self, ids: &[&str]) -> usize {
        self.sets.push(ids.iter().filter_map(|id| self.by_id.get(id).copied()).collect());
        self.sets.len() - 1
    }

    /// An entry with at most so many of its typical quotes.
    fn entry(&mut self, entry: &Entry<'_>, quotes: usize) -> String {
        let typical = &entry.typical[..entry.typical.len().min(quotes)];
        let thin = if entry.n_interviews < ENOUGH { " thin" } else { "" };
        let line = match (&entry.line, entry.typical.first()) {
            (Some(line), _) => format!("<span class=\"line\">{}</span>", escape(line)),
            (None, Some(quote)) => {
                format!("<span class=\"line typical\" dir=\"auto\">“{}”</span>", escape(&quote.quote))
            }
            (None, None) => String::new(),
        };
        let shown: String = typical.iter().map(|q| self.quote(q)).collect();
        let more = entry.ids.len().saturating_sub(typical.len());
        let more = match self.study.language {
            _ if more == 0 => String::new(),
            Language::Dutch => {
                format!("<p class=\"n\">En nog {}: zie quotes.csv.</p>", n_quotes(Language::Dutch, more))
            }
            Language::English => {
                format!("<p class=\"n\">And {} more: see quotes.csv.</p>", n_quotes(Language::English, more))
            }
        };
        format!(
            "<li><details class=\"item{thin}\" data-set=\"{}\"><summary>{}<span class=\"label\">{}</span> \
             <span class=\"n\">{}<span class=\"note\">{}</span><span class=\"count\">{}</span></span>{line}</summary>\n{shown}{more}</details></li>\n",
            self.set(&entry.ids),
            entry.icon.map_or(String::new(), icon),
            escape(entry.label),
            escape(&entry.note),
            escape(&entry.score),
            interviews(entry.n_interviews),
        )
    }

    fn quote(&self, q: &Quote) -> String {
        format!(
            "<blockquote><p dir=\"auto\">“{}”</p><footer>{}</footer></blockquote>\n",
            escape(&q.quote),
            escape(&words::source(self.study.language, q))
        )
    }

    /// A pain and a gain in the respondents' own words, of the items that most interviews speak of.
    fn voices(&mut self, phase: &'a PhaseJourney) -> String {
        let wanted = [Category::pain(), Category::gain()];
        let cells = wanted.iter().filter_map(|c| phase.cells.iter().find(|cell| cell.category == *c));
        let chosen: Vec<&Quote> = cells
            .filter_map(|cell| {
                let all = || cell.items.iter().flat_map(|i| &i.typical);
                all().find(|q| GLANCE.contains(&q.quote.chars().count())).or_else(|| all().next())
            })
            .collect();
        if chosen.is_empty() {
            return self.none(phase, self.say("pijnpunt of winst", "pain point or gain"));
        }
        chosen
            .into_iter()
            .map(|q| {
                format!(
                    "<figure class=\"voice {}\" data-set=\"{}\"><blockquote dir=\"auto\">“{}”</blockquote>\
                     <figcaption>{}{}</figcaption></figure>\n",
                    escape(q.category.as_str()),
                    self.set(&[q.id.as_str()]),
                    escape(&q.quote),
                    icon(category_icon(q.category.as_str())),
                    escape(&words::place(self.study.language, q))
                )
            })
            .collect()
    }

    fn figures(&self, phase: &PhaseJourney) -> String {
        let (language, score) = (self.study.language, &phase.emotion);
        let Some(mean) = score.mean else {
            return self.none(phase, "");
        };
        let all = self.journey.interviews.len();
        let of = self.say("van", "of");
        let mut lines = vec![
            format!("{} {of} {}", score.n_interviews, interviews(all)),
            n_quotes(language, score.n_quotes),
            format!("{} {}", self.say("emotie", "emotion"), signed(language, mean)),
        ];
        if let Some((low, high)) = score.interval {
            let to = self.say("tot", "to");
            lines.push(format!("95%: {} {to} {}", end_of_interval(language, low), end_of_interval(language, high)));
        }
        if let Some(desired) = &phase.desired {
            lines.push(format!("{} {}", self.say("gewenst", "desired"), signed(language, desired.wished)));
        }
        let lines: String = lines.iter().map(|line| format!("<li>{line}</li>")).collect();
        format!("<ul class=\"figures\">{lines}</ul>")
    }
}

/// What unfolds under a line.
fn fold(line: &str, list: &str, beyond: &str) -> String {
    format!("<details class=\"rest\"><summary>{line}</summary>{list}{beyond}</details>\n")
}
