//! The tables of what was found in the quotes beyond counting: themes, groups of interviews, personas.

use klantreis_aggregation::{Journey, MeasureKind, Score, Segments};
use klantreis_study::Study;

use crate::{
    table::{Field, Rows, row},
    words::{label, pick},
};

/// One row a theme, and one a phase and category for the quotes that are in none.
pub fn themes(study: &Study, journey: &Journey) -> Rows {
    let say = |nl, en| pick(study.language, nl, en);
    let mut rows = vec![row([
        say("thema", "theme"),
        say("fase", "phase"),
        say("categorie", "category"),
        "code",
        say("naam", "label"),
        say("kenmerkende_woorden", "telling_words"),
        "n_quotes",
        "n_interviews",
        say("draagvlak", "support"),
        say("emotie", "emotion"),
        say("oordeel", "verdict"),
        say("samenhang_silhouet", "cohesion_silhouette"),
        say("meest_typerend", "most_typical"),
        "quote_ids",
    ])];
    for theme in &journey.themes.themes {
        let code = theme.code.as_ref().map_or("", |c| c.as_str());
        let mut cells = row([&theme.id, theme.phase.as_str(), theme.category.as_str(), code, &theme.label]);
        cells.extend([
            theme.words.join(" ").into(),
            theme.n_quotes.into(),
            theme.n_interviews.into(),
            support(study, theme.n_interviews),
            theme.emotion.mean.into(),
            label(study.language, theme.emotion.label).into(),
            theme.silhouette.into(),
            theme.typical.first().map_or("", |q| q.quote.as_str()).into(),
            theme.quote_ids.join(" ").into(),
        ]);
        rows.push(cells);
    }
    rows
}

/// How much weight a number of interviews can bear.
fn support(study: &Study, n_interviews: usize) -> Field {
    match n_interviews {
        1 => pick(study.language, "één interview", "one interview").into(),
        2 => pick(study.language, "twee interviews", "two interviews").into(),
        _ => pick(study.language, "meer interviews", "more interviews").into(),
    }
}

/// What a score says: emotion, its interval, a verdict.
fn emotion(study: &Study, score: &Score) -> [Field; 4] {
    let interval = score.interval;
    [
        score.mean.into(),
        interval.map(|i| i.0).into(),
        interval.map(|i| i.1).into(),
        label(study.language, score.label).into(),
    ]
}

/// The journey of each group: a row a phase, a category of a phase, a touchpoint and a theme.
pub fn segments(study: &Study, segments: &Segments) -> Rows {
    let say = |nl, en| pick(study.language, nl, en);
    let mut rows = vec![row([
        say("attribuut", "attribute"),
        say("waarde", "value"),
        say("interviews_in_groep", "interviews_in_group"),
        say("soort", "kind"),
        "id",
        say("naam", "label"),
        say("categorie", "category"),
        "n_quotes",
        "n_interviews",
        say("emotie", "emotion"),
        say("interval_laag", "interval_low"),
        say("interval_hoog", "interval_high"),
        say("oordeel", "verdict"),
        "quote_ids",
    ])];
    for segment in &segments.segments {
        let journey = &segment.journey;
        let mut put =
            |kind: &str, id: &str, name: &str, category: &str, n: [usize; 2], feel: [Field; 4], ids: String| {
                let mut cells = row([segments.attribute.as_str(), &segment.value]);
                cells.push(journey.interviews.len().into());
                cells.extend(row([kind, id, name, category]));
                cells.extend(n.map(Field::from));
                cells.extend(feel);
                cells.push(ids.into());
                rows.push(cells);
            };
        let none = || [None.into(), None.into(), None.into(), "".into()];
        for phase in &journey.phases {
            let (id, name) = (phase.phase.id.as_str(), phase.phase.label.as_str());
            let n = [phase.emotion.n_quotes, phase.emotion.n_interviews];
            let in_cells = || phase.cells.iter().map(|cell| (cell, cell.items.iter().flat_map(|i| &i.quote_ids)));
            let ids: Vec<&str> = in_cells().flat_map(|(_, ids)| ids.map(String::as_str)).collect();
            put(say("fase", "phase"), id, name, "", n, emotion(study, &phase.emotion), ids.join(" "));
            for (cell, ids) in in_cells() {
                let ids: Vec<&str> = ids.map(String::as_str).collect();
                let n = [cell.n_quotes, cell.n_interviews];
                put(say("categorie", "category"), id, name, cell.category.as_str(), n, none(), ids.join(" "));
            }
        }
        for touchpoint in &journey.touchpoints {
            let n = [touchpoint.emotion.n_quotes, touchpoint.emotion.n_interviews];
            let feel = emotion(study, &touchpoint.emotion);
            let kind = say("contactmoment", "touchpoint");
            put(kind, touchpoint.id.as_str(), &touchpoint.label, "", n, feel, touchpoint.quote_ids.join(" "));
        }
        for theme in &journey.themes.themes {
            let n = [theme.n_quotes, theme.n_interviews];
            let (feel, ids) = (emotion(study, &theme.emotion), theme.quote_ids.join(" "));
            put(say("thema", "theme"), &theme.id, &theme.label, theme.category.as_str(), n, feel, ids);
        }
    }
    rows
}

/// What was measured.
pub fn measure(study: &Study, kind: MeasureKind) -> &'static str {
    let say = |nl, en| pick(study.language, nl, en);
    match kind {
        MeasureKind::PhaseEmotion => say("emotie van de fase", "emotion of the phase"),
        MeasureKind::TouchpointEmotion => say("emotie van het contactmoment", "emotion of the touchpoint"),
        MeasureKind::Quotes => say("uitspraken per interview", "quotes per interview"),
        MeasureKind::Touchpoint => say("aandeel dat het contactmoment noemt", "share that names the touchpoint"),
        MeasureKind::Theme => say("aandeel dat het thema noemt", "share that names the theme"),
    }
}

/// One row a measure and a pair of groups.
pub fn differences(study: &Study, segments: &Segments) -> Rows {
    let say = |nl, en| pick(study.language, nl, en);
    let mut rows = vec![row([
        say("attribuut", "attribute"),
        say("groep", "group"),
        say("tegenover", "against"),
        say("maat", "measure"),
        "id",
        say("naam", "label"),
        say("categorie", "category"),
        say("gemiddelde_groep", "mean_group"),
        say("gemiddelde_tegenover", "mean_against"),
        say("verschil", "difference"),
        say("interval_laag", "interval_low"),
        say("interval_hoog", "interval_high"),
        say("p_permutatie", "p_permutation"),
        "q_benjamini_hochberg",
        say("alleen_bij", "only_in"),
        "n_interviews",
        say("n_interviews_tegenover", "n_interviews_against"),
        "n_quotes",
        say("n_quotes_tegenover", "n_quotes_against"),
        "quote_ids",
        say("quote_ids_tegenover", "quote_ids_against"),
    ])];
    for d in &segments.differences {
        let against = d.against.as_deref().unwrap_or(say("alle anderen", "all others"));
        let only = match d.only() {
            Some(true) => d.group.as_str(),
            Some(false) => against,
            None => "",
        };
        let category = d.category.as_ref().map_or("", |c| c.as_str());
        let mut cells =
            row([segments.attribute.as_str(), &d.group, against, measure(study, d.kind), &d.id, &d.label, category]);
        let interval = d.comparison.and_then(|c| c.interval);
        cells.extend([
            d.means.0.into(),
            d.means.1.into(),
            d.comparison.map(|c| c.difference).into(),
            interval.map(|i| i.0).into(),
            interval.map(|i| i.1).into(),
            Field::Precise(d.comparison.and_then(|c| c.p)),
            Field::Precise(d.q),
            only.into(),
        ]);
        cells.extend([d.n_interviews.0, d.n_interviews.1, d.quote_ids.0.len(), d.quote_ids.1.len()].map(Field::from));
        cells.extend([d.quote_ids.0.join(" ").into(), d.quote_ids.1.join(" ").into()]);
        rows.push(cells);
    }
    rows
}

/// One row a persona and a phase.
pub fn personas(study: &Study, journey: &Journey) -> Rows {
    let say = |nl, en| pick(study.language, nl, en);
    let mut rows = vec![row([
        "persona",
        "segment",
        say("interviews_van_persona", "interviews_of_persona"),
        say("fase", "phase"),
        say("emotie", "emotion"),
        say("interval_laag", "interval_low"),
        say("interval_hoog", "interval_high"),
        say("oordeel", "verdict"),
        "n_behoefte",
        "n_winst",
        "n_pijnpunt",
        "n_quotes",
        "n_interviews",
        "quote_ids",
    ])];
    for persona in &journey.personas {
        for phase in &persona.phases {
            let mut cells = row([&persona.name, persona.segment.as_deref().unwrap_or_default()]);
            cells.push(persona.interviews.len().into());
            cells.push(phase.phase.as_str().into());
            cells.extend(emotion(study, &phase.emotion));
            for category in ["behoefte", "winst", "pijnpunt"] {
                let n = phase.n_quotes.iter().find(|(c, _)| c.as_str() == category).map_or(0, |(_, n)| *n);
                cells.push(n.into());
            }
            cells.extend([phase.emotion.n_quotes.into(), phase.emotion.n_interviews.into()]);
            cells.push(phase.quote_ids.join(" ").into());
            rows.push(cells);
        }
    }
    rows
}
