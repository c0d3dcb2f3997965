//! The tables of needs and of the ways through the journey.

use klantreis_aggregation::{Basis, Journey, StepKind};
use klantreis_study::{Category, Language, Study, TouchpointId};

use crate::{
    table::{Field, Rows, row},
    words::{channel, label, pick},
};

/// One row a theme of needs or pains: nood and kans, as the Flemish template has it. The heads say that the score is
/// a proxy.
pub fn needs(study: &Study, journey: &Journey) -> Rows {
    let say = |nl, en| pick(study.language, nl, en);
    let mut rows = vec![row([
        say("thema", "theme"),
        say("fase", "phase"),
        say("categorie", "category"),
        say("naam", "label"),
        say("nood", "need"),
        say("kans", "opportunity"),
        say("kansscore_benadering_0_20", "opportunity_proxy_0_20"),
        say("belang_benadering_0_10", "importance_proxy_0_10"),
        say("tevredenheid_benadering_0_10", "satisfaction_proxy_0_10"),
        say("tevredenheid_gemeten_aan", "satisfaction_measured_at"),
        "n_quotes",
        "n_interviews",
        say("n_interviews_winst", "n_interviews_gain"),
        say("meest_typerend", "most_typical"),
        "quote_ids",
        say("quote_ids_winst", "quote_ids_gain"),
    ])];
    for need in &journey.needs {
        let phase = study.phase(&need.phase).map_or(need.phase.as_str(), |p| p.label.as_str());
        let basis = match need.basis {
            Basis::Touchpoint => say("contactmoment of thema", "touchpoint or theme"),
            Basis::Phase => say("fase", "phase"),
        };
        let (problem, chance) = sentences(study.language, &need.category, &need.label, phase);
        let mut cells = row([&need.theme, need.phase.as_str(), need.category.as_str(), &need.label, &problem, &chance]);
        cells.extend([need.score, need.importance, need.satisfaction].map(|n| Field::from(Some(n))));
        cells.push(basis.into());
        cells.extend([need.n_quotes, need.n_interviews, need.n_served].map(Field::from));
        cells.extend([
            need.typical.as_ref().map_or("", |q| q.quote.as_str()).into(),
            need.quote_ids.join(" ").into(),
            (&need.gain_ids).into(),
        ]);
        rows.push(cells);
    }
    rows
}

/// The need, and the question to work on: both to be rewritten by people. The theme is quoted, so that the sentence
/// holds whatever its words are.
fn sentences(language: Language, category: &Category, theme: &str, phase: &str) -> (String, String) {
    let pain = *category == Category::pain();
    match (language, pain) {
        (Language::Dutch, true) => (
            format!("Mensen lopen in de fase “{phase}” vast op: {theme}."),
            format!("Hoe kunnen we ervoor zorgen dat “{theme}” mensen in de fase “{phase}” niet meer in de weg zit?"),
        ),
        (Language::Dutch, false) => (
            format!("Mensen hebben in de fase “{phase}” behoefte aan iets rond: {theme}."),
            format!("Hoe kunnen we mensen in de fase “{phase}” beter helpen met “{theme}”?"),
        ),
        (Language::English, true) => (
            format!("In the phase “{phase}” people get stuck on: {theme}."),
            format!("How might we keep “{theme}” from getting in people's way in the phase “{phase}”?"),
        ),
        (Language::English, false) => (
            format!("In the phase “{phase}” people need something about: {theme}."),
            format!("How might we better help people with “{theme}” in the phase “{phase}”?"),
        ),
    }
}

/// One row an interview more.
pub fn saturation(study: &Study, journey: &Journey) -> Rows {
    let say = |nl, en| pick(study.language, nl, en);
    let mut rows = vec![row([
        "n_interviews",
        "n_quotes",
        say("nieuwe_codes", "new_codes"),
        say("codes_tot_nu_toe", "codes_so_far"),
        say("nieuwe_themas", "new_themes"),
        say("themas_tot_nu_toe", "themes_so_far"),
    ])];
    for step in &journey.saturation {
        let mut cells: Vec<Field> = vec![step.n_interviews.into()];
        let means = [step.n_quotes, step.new_codes, step.codes, step.new_themes, step.themes];
        cells.extend(means.map(|n| Field::from(Some(n))));
        rows.push(cells);
    }
    rows
}

/// One row a phase and channel.
pub fn channels(study: &Study, journey: &Journey) -> Rows {
    let say = |nl, en| pick(study.language, nl, en);
    let mut rows = vec![row([
        say("fase", "phase"),
        say("kanaal", "channel"),
        say("contactmomenten", "touchpoints"),
        say("emotie", "emotion"),
        say("oordeel", "verdict"),
        "n_quotes",
        "n_interviews",
        "quote_ids",
    ])];
    for used in &journey.channels {
        let names: Vec<&str> = used.touchpoints.iter().map(|id| touchpoint(study, id)).collect();
        let mut cells = row([used.phase.as_str(), channel(study.language, used.channel), &names.join(", ")]);
        cells.extend([used.emotion.mean.into(), label(study.language, used.emotion.label).into()]);
        cells.extend([used.emotion.n_quotes.into(), used.emotion.n_interviews.into()]);
        cells.push(used.quote_ids.join(" ").into());
        rows.push(cells);
    }
    rows
}

/// One row an activity in its place, a move between touchpoints, a last phase, a phase in which people give up.
pub fn sequences(study: &Study, journey: &Journey) -> Rows {
    let say = |nl, en| pick(study.language, nl, en);
    let mut rows = vec![row([
        say("soort", "kind"),
        say("fase", "phase"),
        say("van", "from"),
        say("naar", "to"),
        say("wisselt_van_kanaal", "changes_channel"),
        "code",
        say("plaats_in_fase_0_100", "place_in_phase_0_100"),
        "n_quotes",
        "n_interviews",
        "interviews",
        "quote_ids",
    ])];
    for step in &journey.steps {
        let name = |id: &Option<TouchpointId>| id.as_ref().map_or("", |id| touchpoint(study, id)).to_owned();
        let (kind, phase, from, to, changes, code, place) = match &step.kind {
            StepKind::Activity { phase, touchpoint, code, place } => {
                let code = code.as_ref().map(ToString::to_string);
                let kind = say("activiteit", "activity");
                (kind, phase, String::new(), name(touchpoint), "", code.unwrap_or_default(), place.to_string())
            }
            StepKind::Move { phase, from, to, changes_channel } => {
                let changes = if *changes_channel { say("ja", "yes") } else { say("nee", "no") };
                let (from, to) = (touchpoint(study, from).to_owned(), touchpoint(study, to).to_owned());
                (say("overgang", "move"), phase, from, to, changes, String::new(), String::new())
            }
            StepKind::Last { phase } => {
                let kind = say("laatste fase die wordt verteld", "last phase told");
                (kind, phase, String::new(), String::new(), "", String::new(), String::new())
            }
            StepKind::GivesUp { phase } => {
                (say("haakt af", "gives up"), phase, String::new(), String::new(), "", String::new(), String::new())
            }
        };
        let mut cells = row([kind, phase.as_str(), &from, &to, changes, &code, &place]);
        cells.extend([step.quote_ids.len().into(), step.interviews.len().into()]);
        cells.extend([step.interviews.join(" ").into(), step.quote_ids.join(" ").into()]);
        rows.push(cells);
    }
    rows
}

fn touchpoint<'a>(study: &'a Study, id: &'a TouchpointId) -> &'a str {
    study.touchpoint(id).map_or(id.as_str(), |t| t.label.as_str())
}
