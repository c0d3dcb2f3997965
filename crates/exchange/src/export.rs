//! A coded study as a project of the standard.

use std::collections::{BTreeMap, BTreeSet};

use klantreis_study::{Category, Codebook, CodedTranscript, Emotion, Language, Quote, Status, Study, quotes};

use crate::{
    guid::guid,
    names::{self, pick},
    project::{Case, Code, Coding, Kind, Note, Project, Selection, Set, Source, User, Value, Variable},
    render::render,
};

/// A project, and what of the study it can't hold.
#[derive(Debug)]
pub struct Export {
    /// The project.
    pub project: Project,
    /// What is lost, in sentences.
    pub lost: Vec<String>,
}

/// The program that proposes and the person who decides.
fn users(language: Language) -> [User; 2] {
    [("klantreis", "klantreis"), ("researcher", pick(language, "onderzoeker", "researcher"))]
        .map(|(id, name)| User { guid: guid("user", &[id]), name: name.to_owned() })
}

/// What belongs to a phase.
#[derive(Default)]
struct Members {
    codes: BTreeSet<String>,
    sources: BTreeSet<String>,
    notes: Vec<String>,
}

/// Makes the project of a study. Each quote is a selection that carries its code (or category), phase, touchpoint and
/// emotion, with a note that says confidence, status and what spoke for it. Rejected quotes are left out.
pub fn export(study: &Study, codebook: &Codebook, coded: &[CodedTranscript]) -> Export {
    let language = study.language;
    let mut project = Project {
        name: study.title.clone(),
        origin: format!("klantreis {}", env!("CARGO_PKG_VERSION")),
        description: study.goal.clone(),
        users: users(language).to_vec(),
        codes: codes(study, codebook, coded),
        ..Project::default()
    };
    let (variables, kinds) = variables(coded);
    project.variables = variables;
    let mut rejected = 0;
    let mut sets: BTreeMap<String, Members> = BTreeMap::new();
    for one in coded {
        let transcript = &one.transcript;
        let (text, starts) = render(transcript);
        let mut source = Source {
            guid: guid("source", &[&transcript.file, &text]),
            name: transcript.interview.clone(),
            text,
            ..Source::default()
        };
        for (coding, quote) in placed(one) {
            if quote.status == Status::Rejected {
                rejected += 1;
                continue;
            }
            let turn = &transcript.turns[coding.turn];
            let at = starts[coding.turn] + turn.sentences[coding.sentences.start].start;
            let user = project.users[usize::from(quote.status.is_reviewed())].guid.clone();
            let note = note(language, &quote, &user);
            let set = sets.entry(quote.phase.to_string()).or_default();
            set.codes.insert(code_guid(&quote));
            set.sources.insert(source.guid.clone());
            set.notes.push(note.guid.clone());
            let coding = |code: String, note: &str| Coding {
                guid: guid("coding", &[&quote.file, &quote.id, &code]),
                user: user.clone(),
                code,
                note: note.to_owned(),
            };
            let mut codings = vec![coding(code_guid(&quote), &note.guid), coding(phase_guid(quote.phase.as_str()), "")];
            codings.extend(quote.touchpoint.as_ref().map(|t| coding(touchpoint_guid(t.as_str()), "")));
            codings.push(coding(emotion_guid(quote.emotion), ""));
            source.selections.push(Selection {
                guid: guid("selection", &[&quote.file, &quote.id]),
                name: quote.id.clone(),
                range: at..at + quote.quote.len(),
                user: user.clone(),
                codings,
            });
            project.notes.push(note);
        }
        let value = |(name, value): (&String, &String)| Value {
            variable: guid("variable", &[name]),
            kind: kinds[name.as_str()],
            value: value.clone(),
        };
        project.cases.push(Case {
            guid: guid("case", &[&transcript.file]),
            name: transcript.interview.clone(),
            values: transcript.attributes.iter().filter(|(_, v)| !v.is_empty()).map(value).collect(),
            sources: vec![source.guid.clone()],
        });
        project.sources.push(source);
    }
    for phase in &study.phases {
        if let Some(Members { codes, sources, notes }) = sets.remove(phase.id.as_str()) {
            project.sets.push(Set {
                guid: guid("set", &[phase.id.as_str()]),
                name: format!("{} {}", pick(language, "Fase", "Phase"), phase.label),
                description: phase.description.clone(),
                codes: std::iter::once(phase_guid(phase.id.as_str())).chain(codes).collect(),
                sources: sources.into_iter().collect(),
                notes,
            });
        }
    }
    Export { lost: lost(study, rejected), project }
}

/// The codings with their quotes.
fn placed(one: &CodedTranscript) -> impl Iterator<Item = (&klantreis_study::Coding, Quote)> {
    let turn = |c: &klantreis_study::Coding| one.transcript.turns.get(c.turn);
    let there = one.codings.iter().filter(move |c| turn(c).is_some_and(|t| !t.passage(c.sentences.clone()).is_empty()));
    there.zip(quotes(one))
}

fn lost(study: &Study, rejected: usize) -> Vec<String> {
    let mut lost = Vec::new();
    if rejected > 0 {
        lost.push(format!("{rejected} rejected quotes were left out"));
    }
    let parts = [
        (!study.personas.is_empty(), "personas"),
        (!study.assumptions.is_empty(), "assumptions"),
        (study.phases.iter().any(|p| p.desired.is_some()), "the experience wished for in each phase"),
        (!study.queries.is_empty(), "saved queries"),
    ];
    let parts: Vec<&str> = parts.into_iter().filter(|(is, _)| *is).map(|(_, what)| what).collect();
    if !parts.is_empty() {
        lost.push(format!("the standard has no place for {}; they stay in klantreis.toml", parts.join(", ")));
    }
    lost.push(
        "confidence, status and what spoke for a quote stand in its note, since a coding can't hold them; when a \
         passage begins stands in the text, in brackets"
            .to_owned(),
    );
    lost
}

fn code_guid(quote: &Quote) -> String {
    match &quote.code {
        Some(code) => guid("code", &[quote.category.as_str(), code.as_str()]),
        None => guid("category", &[quote.category.as_str()]),
    }
}

fn phase_guid(id: &str) -> String {
    guid("phase", &[id])
}

fn touchpoint_guid(id: &str) -> String {
    guid("touchpoint", &[id])
}

fn emotion_guid(emotion: Emotion) -> String {
    guid("emotion", &[&emotion.to_string()])
}

/// The codes: a tree a category, and one each for phases, touchpoints and emotions.
pub(crate) fn codes(study: &Study, codebook: &Codebook, coded: &[CodedTranscript]) -> Vec<Code> {
    let language = study.language;
    let mut categories = study.categories();
    let used = coded.iter().flat_map(|c| &c.codings).map(|c| &c.category);
    for category in codebook.codes.iter().map(|c| &c.category).chain(used) {
        if !categories.contains(category) {
            categories.push(category.clone());
        }
    }
    let mut out: Vec<Code> =
        categories.iter().map(|category| category_code(language, category, codebook, coded)).collect();
    let group = |name: &'static str, id: &str, children: Vec<Code>| Code {
        guid: guid("group", &[id]),
        name: name.to_owned(),
        codable: false,
        children,
        ..Code::default()
    };
    let leaf = |guid: String, name: &str, color: &str, description: &str| Code {
        guid,
        name: name.to_owned(),
        codable: true,
        color: color.to_owned(),
        description: description.to_owned(),
        children: Vec::new(),
    };
    let phases = study.phases.iter().map(|p| leaf(phase_guid(p.id.as_str()), &p.label, "#7D8CA3", &p.description));
    out.push(group(pick(language, "Fase", "Phase"), "phases", phases.collect()));
    let touchpoints: Vec<Code> =
        study.touchpoints.iter().map(|t| leaf(touchpoint_guid(t.id.as_str()), &t.label, "#A3937D", "")).collect();
    if !touchpoints.is_empty() {
        out.push(group(pick(language, "Contactmoment", "Touchpoint"), "touchpoints", touchpoints));
    }
    let colors = ["#A50026", "#F46D43", "#BDBDBD", "#74ADD1", "#1A7837"];
    let emotions = (-2..=2).filter_map(Emotion::new).zip(colors);
    let emotions = emotions.map(|(e, color)| leaf(emotion_guid(e), names::emotion(language, e), color, ""));
    out.push(group(pick(language, "Emotie", "Emotion"), "emotions", emotions.collect()));
    out
}

fn category_code(language: Language, category: &Category, codebook: &Codebook, coded: &[CodedTranscript]) -> Code {
    let color = names::color(category.as_str()).to_owned();
    let mut children: Vec<Code> = Vec::new();
    for code in codebook.codes.iter().filter(|c| c.category == *category) {
        let mut description = code.meaning(language).to_owned();
        if !code.cues.is_empty() {
            let cues = code.cues.join("\n");
            let head = pick(language, CUES[0], CUES[1]);
            description = format!("{description}\n\n{head}\n{cues}").trim().to_owned();
        }
        children.push(Code {
            guid: guid("code", &[category.as_str(), code.id.as_str()]),
            name: code.name(language).to_owned(),
            codable: true,
            color: color.clone(),
            description,
            children: Vec::new(),
        });
    }
    // A coding may carry a code that the codebook has no longer, or under another category.
    let used: BTreeSet<&str> = coded
        .iter()
        .flat_map(|c| &c.codings)
        .filter(|c| c.category == *category)
        .filter_map(|c| c.code.as_ref().map(|code| code.as_str()))
        .collect();
    for id in used {
        let code_guid = guid("code", &[category.as_str(), id]);
        if !children.iter().any(|c| c.guid == code_guid) {
            let known = codebook.codes.iter().find(|c| c.id.as_str() == id);
            let name = known.map_or(id, |c| c.label.as_str()).to_owned();
            children.push(Code { guid: code_guid, name, codable: true, color: color.clone(), ..Code::default() });
        }
    }
    Code {
        guid: guid("category", &[category.as_str()]),
        name: names::category(language, category),
        codable: true,
        color,
        description: String::new(),
        children,
    }
}

/// What stands before the cues in a code's description, one a line.
pub(crate) const CUES: [&str; 2] = ["Trefwoorden:", "Cues:"];

/// The variables of the participants; the kind of each is the narrowest that holds all its values.
fn variables(coded: &[CodedTranscript]) -> (Vec<Variable>, BTreeMap<&str, Kind>) {
    let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in coded.iter().flat_map(|c| &c.transcript.attributes).filter(|(_, v)| !v.is_empty()) {
        values.entry(name).or_default().push(value);
    }
    let kinds: BTreeMap<&str, Kind> = values.into_iter().map(|(name, values)| (name, kind(&values))).collect();
    let variable = |(name, kind): (&&str, &Kind)| Variable {
        guid: guid("variable", &[name]),
        name: (*name).to_owned(),
        kind: *kind,
    };
    (kinds.iter().map(variable).collect(), kinds)
}

fn kind(values: &[&str]) -> Kind {
    // "0612" is a name for something, not a number.
    let digits = |v: &str| !v.is_empty() && v.bytes().all(|b| b.is_ascii_digit()) && (v == "0" || !v.starts_with('0'));
    let integer = |v: &&str| v.len() <= 18 && digits(v.strip_prefix('-').unwrap_or(v));
    let boolean = |v: &&str| matches!(*v, "true" | "false");
    if values.iter().all(integer) {
        Kind::Integer
    } else if values.iter().all(boolean) {
        Kind::Boolean
    } else {
        Kind::Text
    }
}

fn note(language: Language, quote: &Quote, user: &str) -> Note {
    let say = |nl, en| pick(language, nl, en);
    let number = |n: f32| {
        let text = format!("{n:.2}");
        if language == Language::Dutch { text.replace('.', ",") } else { text }
    };
    let status = match quote.status {
        Status::Auto => say("voorstel, niet nagekeken", "proposed, not reviewed"),
        Status::Accepted => say("nagekeken en akkoord", "reviewed and accepted"),
        Status::Changed => say("nagekeken en aangepast", "reviewed and changed"),
        Status::Rejected => say("afgewezen", "rejected"),
        Status::Manual => say("door een onderzoeker toegevoegd", "added by a researcher"),
    };
    let mut lines = vec![
        format!("{}: {}", say("Zekerheid", "Confidence"), number(quote.confidence.value())),
        format!("{}: {status}", say("Status", "Status")),
    ];
    if !quote.reasons.is_empty() {
        let reasons = quote.reasons.iter().take(6);
        let reasons: Vec<String> = reasons.map(|r| format!("{} ({})", r.label, number(r.weight))).collect();
        lines.push(format!("{}: {}", say("Wat ervoor sprak", "What spoke for it"), reasons.join("; ")));
    }
    Note {
        guid: guid("note", &[&quote.file, &quote.id]),
        name: quote.id.clone(),
        text: lines.join("\n"),
        user: user.to_owned(),
    }
}
