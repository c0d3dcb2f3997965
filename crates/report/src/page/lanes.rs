use std::collections::BTreeMap;

use klantreis_aggregation::{Cell, ENOUGH, Item, Journey, PhaseJourney};
use klantreis_study::{Language, Quote, Status, Study};

use super::{curve::curve, escape::escape};
use crate::words::{channel, decimal, interviews, label, lane, pick, status};

/// Quotes shown with an item; the others are in quotes.csv, lest a page of a large study can't be opened.
const SHOWN: usize = 25;

/// The table of the journey: phases as columns, a row a lane, the emotion curve across.
pub fn lanes(study: &Study, quotes: &[Quote], journey: &Journey) -> String {
    let by_id = quotes.iter().filter(|q| q.status != Status::Rejected).map(|q| (q.id.as_str(), q)).collect();
    Lanes { study, journey, by_id }.table()
}

struct Lanes<'a> {
    study: &'a Study,
    journey: &'a Journey,
    by_id: BTreeMap<&'a str, &'a Quote>,
}

impl Lanes<'_> {
    fn say(&self, nl: &'static str, en: &'static str) -> &'static str {
        pick(self.study.language, nl, en)
    }

    fn table(&self) -> String {
        let phases = &self.journey.phases;
        let heads: String = phases
            .iter()
            .map(|p| {
                let about = match p.phase.description.as_str() {
                    "" => String::new(),
                    text => format!("<span class=\"about\">{}</span>", escape(text)),
                };
                format!("<th scope=\"col\">{}{about}</th>\n", escape(&p.phase.label))
            })
            .collect();
        let mut rows = format!(
            "<tr class=\"curve\"><th scope=\"row\">{}</th><td colspan=\"{}\">{}</td></tr>\n",
            self.say("Emotie", "Emotion"),
            phases.len().max(1),
            curve(self.study, phases)
        );
        rows += &self.row("emotion", self.say("Emotie in cijfers", "Emotion in figures"), &|p| self.emotion(p));
        let n_lanes = phases.first().map_or(0, |p| p.cells.len());
        for n in 0..n_lanes {
            let category = phases[0].cells[n].category.as_str();
            rows += &self.row(category, &lane(self.study.language, category), &|p| self.cell(&p.cells[n]));
            if n == 0 {
                let name = self.say("Contactmomenten", "Touchpoints");
                rows += &self.row("touchpoints", name, &|p| self.touchpoints(p));
            }
        }
        // The class says how many columns there are, since a strict policy allows no style attribute.
        format!(
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{name}\">\n\
             <table class=\"journey columns-{n}\">\n<thead><tr><th scope=\"col\">{phase}</th>\n{heads}</tr></thead>\n\
             <tbody>\n{rows}</tbody>\n</table>\n</div>\n",
            name = self.say("Tabel van de klantreis", "Table of the customer journey"),
            n = phases.len().min(10),
            phase = self.say("Fase", "Phase"),
        )
    }

    fn row(&self, class: &str, name: &str, cell: &dyn Fn(&PhaseJourney) -> String) -> String {
        let cells: String = self.journey.phases.iter().map(|p| format!("<td>{}</td>\n", cell(p))).collect();
        format!("<tr class=\"lane {}\"><th scope=\"row\">{}</th>\n{cells}</tr>\n", escape(class), escape(name))
    }

    fn none(&self) -> String {
        format!("<p class=\"none\">{}</p>", self.say("geen uitspraken gevonden", "no quotes found"))
    }

    fn emotion(&self, phase: &PhaseJourney) -> String {
        let (language, score) = (self.study.language, &phase.emotion);
        let Some(mean) = score.mean else { return self.none() };
        let mut lines = format!("<p><strong>{}</strong> ({})", label(language, score.label), signed(language, mean));
        if let Some((low, high)) = score.interval {
            let to = self.say("tot", "to");
            lines += &format!("<br>95%: {} {to} {}", signed(language, low), signed(language, high));
        }
        lines += &format!("<br><span class=\"n\">{}</span>", interviews(score.n_interviews));
        if let Some(desired) = &phase.desired {
            let word = self.say("gewenst", "desired");
            lines += &format!("<br><span class=\"n\">{word}: {}</span>", signed(language, desired.wished));
        }
        lines + "</p>"
    }

    fn touchpoints(&self, phase: &PhaseJourney) -> String {
        if phase.touchpoints.is_empty() {
            let none = self.say("geen contactmomenten genoemd", "no touchpoints named");
            return format!("<p class=\"none\">{none}</p>");
        }
        let line = |t: &klantreis_aggregation::TouchpointCount| {
            let how = channel(self.study.language, t.channel);
            format!(
                "<li>{} <span class=\"n\">{how}, {}</span></li>\n",
                escape(&t.label),
                interviews(t.emotion.n_interviews)
            )
        };
        format!("<ul>\n{}</ul>", phase.touchpoints.iter().map(line).collect::<String>())
    }

    fn cell(&self, cell: &Cell) -> String {
        if cell.items.is_empty() { self.none() } else { cell.items.iter().map(|item| self.item(item)).collect() }
    }

    fn item(&self, item: &Item) -> String {
        let thin = if item.n_interviews < ENOUGH { " thin" } else { "" };
        let typical = item.typical.first().map_or("", |q| q.quote.as_str());
        // The most typical ones first, then the others in their order.
        let first: Vec<&str> = item.typical.iter().map(|q| q.id.as_str()).collect();
        let others = item.quote_ids.iter().map(String::as_str).filter(|id| !first.contains(id));
        let all: Vec<&Quote> =
            first.iter().copied().chain(others).filter_map(|id| self.by_id.get(id).copied()).collect();
        let quotes: String = all.iter().take(SHOWN).map(|q| self.quote(q)).collect();
        let more = match all.len().saturating_sub(SHOWN) {
            0 => String::new(),
            n if self.study.language == Language::Dutch => format!("<p>En nog {n}: zie quotes.csv.</p>"),
            n => format!("<p>And {n} more: see quotes.csv.</p>"),
        };
        format!(
            "<details class=\"item{thin}\"><summary><span class=\"label\">{}</span> <span class=\"n\">{}</span>\
             <span class=\"typical\" dir=\"auto\">“{}”</span></summary>\n{quotes}{more}</details>\n",
            escape(&item.label),
            interviews(item.n_interviews),
            escape(typical)
        )
    }

    fn quote(&self, q: &Quote) -> String {
        let language = self.study.language;
        let file = q.file.rsplit('/').next().unwrap_or(&q.file);
        let time = if q.time.is_empty() { String::new() } else { format!(", {}", escape(&q.time)) };
        format!(
            "<blockquote><p dir=\"auto\">“{}”</p><footer>{}, {} {}, {}{time} · {} {} · {}</footer></blockquote>\n",
            escape(&q.quote),
            escape(file),
            self.say("beurt", "turn"),
            q.turn,
            escape(&q.speaker),
            self.say("zekerheid", "confidence"),
            decimal(language, q.confidence.value().into(), 2),
            status(language, q.status)
        )
    }
}

/// A score of emotion: one decimal, and a real minus.
pub fn signed(language: Language, score: f64) -> String {
    decimal(language, score, 1).replace('-', "−")
}
