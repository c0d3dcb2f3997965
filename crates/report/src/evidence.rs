//! The tables of what follows from the counts: opportunities, moments of truth, gaps.

use klantreis_aggregation::{Basis, Journey, Place, SegmentGap, Subject};
use klantreis_study::Study;

use crate::{
    table::{Field, Rows, row},
    words::{how_might_we, mark, pick},
};

/// One row a need or pain in a phase. The heads say that the score is a proxy.
pub fn opportunities(study: &Study, journey: &Journey) -> Rows {
    let say = |nl, en| pick(study.language, nl, en);
    let mut rows = vec![row([
        say("fase", "phase"),
        say("soort", "kind"),
        "id",
        say("naam", "label"),
        say("kansscore_benadering_0_20", "opportunity_proxy_0_20"),
        say("belang_benadering_0_10", "importance_proxy_0_10"),
        say("tevredenheid_benadering_0_10", "satisfaction_proxy_0_10"),
        say("tevredenheid_gemeten_aan", "satisfaction_measured_at"),
        "n_interviews",
        say("n_interviews_winst", "n_interviews_gain"),
        "n_quotes",
        say("hoe_kunnen_we", "how_might_we"),
        say("meest_typerend", "most_typical"),
        "quote_ids",
        say("quote_ids_winst", "quote_ids_gain"),
    ])];
    for o in &journey.opportunities {
        let (kind, id) = match &o.subject {
            Subject::Code(category, code) => (category.as_str(), code.as_str()),
            Subject::Touchpoint(id) => (say("contactmoment", "touchpoint"), id.as_str()),
        };
        let phase = study.phase(&o.phase).map_or(o.phase.as_str(), |p| p.label.as_str());
        let basis = match o.basis {
            Basis::Touchpoint => say("contactmoment", "touchpoint"),
            Basis::Phase => say("fase", "phase"),
        };
        let mut cells = row([o.phase.as_str(), kind, id, &o.label]);
        cells.extend([Some(o.score).into(), Some(o.importance).into(), Some(o.satisfaction).into(), basis.into()]);
        cells.extend([o.n_asking, o.n_served, o.quote_ids.len()].map(Field::from));
        cells.extend([
            how_might_we(study.language, &o.subject, &o.label, phase).into(),
            o.typical.as_ref().map_or("", |q| q.quote.as_str()).into(),
            o.quote_ids.join(" ").into(),
            o.gain_ids.join(" ").into(),
        ]);
        rows.push(cells);
    }
    rows
}

/// One row a phase or touchpoint that enough interviews speak of.
pub fn moments(study: &Study, journey: &Journey) -> Rows {
    let say = |nl, en| pick(study.language, nl, en);
    let mut rows = vec![row([
        say("soort", "kind"),
        "id",
        say("naam", "label"),
        "score_0_1",
        say("bereik_0_1", "reach_0_1"),
        say("kracht_0_1", "strength_0_1"),
        say("verdeeldheid_0_1", "division_0_1"),
        say("emotie", "emotion"),
        "n_interviews",
        "n_quotes",
        say("valt_op_door", "stands_out_by"),
    ])];
    for m in &journey.moments {
        let (kind, id) = place(study, &m.place);
        let mut cells = row([kind, id, &m.label]);
        cells.extend([m.score, m.reach, m.strength, m.division, m.emotion].map(|n| Field::from(Some(n))));
        cells.extend([m.n_interviews, m.n_quotes].map(Field::from));
        let marks: Vec<&str> = m.marks.iter().map(|why| mark(study.language, *why)).collect();
        cells.push(marks.join(", ").into());
        rows.push(cells);
    }
    rows
}

/// One row a phase, category of a phase, or touchpoint that too few interviews speak of.
pub fn gaps(study: &Study, journey: &Journey) -> Rows {
    let say = |nl, en| pick(study.language, nl, en);
    let mut rows = vec![row([
        say("soort", "kind"),
        "id",
        say("naam", "label"),
        say("categorie", "category"),
        "n_interviews",
        "n_quotes",
    ])];
    for gap in &journey.gaps {
        let (kind, id) = place(study, &gap.place);
        let mut cells = row([kind, id, &gap.label, gap.category.as_ref().map_or("", |c| c.as_str())]);
        cells.extend([gap.n_interviews, gap.n_quotes].map(Field::from));
        rows.push(cells);
    }
    rows
}

/// One row a group and phase that too few of its interviews speak of.
pub fn segment_gaps(study: &Study, gaps: &[SegmentGap]) -> Rows {
    let say = |nl, en| pick(study.language, nl, en);
    let mut rows = vec![row([
        say("attribuut", "attribute"),
        say("waarde", "value"),
        say("interviews_in_groep", "interviews_in_group"),
        say("fase", "phase"),
        say("fase_naam", "phase_label"),
        "n_interviews",
        "n_quotes",
    ])];
    for gap in gaps {
        let mut cells = row([&gap.attribute, &gap.value]);
        cells.push(gap.n_in_group.into());
        cells.extend(row([gap.phase.as_str(), &gap.label]));
        cells.extend([gap.n_interviews, gap.n_quotes].map(Field::from));
        rows.push(cells);
    }
    rows
}

fn place<'a>(study: &Study, place: &'a Place) -> (&'static str, &'a str) {
    match place {
        Place::Phase(id) => (pick(study.language, "fase", "phase"), id.as_str()),
        Place::Touchpoint(id) => (pick(study.language, "contactmoment", "touchpoint"), id.as_str()),
    }
}
