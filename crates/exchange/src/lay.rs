//! The codings of another tool's project, laid on the study's own transcripts.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use klantreis_study::{Category, Emotion, PhaseId, Role, TouchpointId, Transcript};

use crate::{
    align::{Aligned, align},
    find::{Finder, Likeness},
    gold::{GoldRow, widen},
    names::{Meaning, Meanings, key},
    project::{Code, Project, Source},
};

/// What became of a project's codings.
#[derive(Debug, Default)]
pub struct Laid {
    /// The rows for the gold file.
    pub rows: Vec<GoldRow>,
    /// How many passages with a category there were.
    pub passages: usize,
    /// How many passages were shorter than half a sentence, and stand as the whole one.
    pub widened: usize,
    /// Passages found by their words, in a transcript that differs from the tool's text.
    pub by_words: usize,
    /// Passages that stand nowhere in what respondents say: their text and why.
    pub not_found: Vec<String>,
    /// Codes of which nobody knows the meaning, by path, with the number of their codings.
    pub unknown: BTreeMap<String, usize>,
}

/// A code whose meaning is known or not.
struct Known {
    path: String,
    meaning: Option<Meaning>,
}

/// Which transcript a source is a text of, if any: by what is said, and by name where the words were edited.
pub fn transcript_of(source: &Source, transcripts: &[Transcript]) -> Option<usize> {
    let same_name = |t: &&Transcript| stem(&source.name) == stem(&t.interview) || stem(&source.name) == stem(&t.file);
    let covers = |t: &Transcript| align(t, &source.text).coverage;
    let by_name = transcripts.iter().position(|t| same_name(&t));
    if let Some(n) = by_name.filter(|n| covers(&transcripts[*n]) >= 0.5) {
        return Some(n);
    }
    let mut best = (0.8, None);
    for (n, transcript) in transcripts.iter().enumerate() {
        let coverage = covers(transcript);
        if coverage > best.0 {
            best = (coverage, Some(n));
        }
    }
    // The same name and at least some of the same talk: an edited transcript.
    best.1.or(by_name.filter(|n| covers(&transcripts[*n]) >= 0.1))
}

/// A file's name without folders and the ending of a document, as it is compared.
pub(crate) fn stem(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = name.rsplit_once('.').filter(|(_, ending)| {
        matches!(
            ending.to_lowercase().as_str(),
            "txt" | "md" | "vtt" | "srt" | "docx" | "doc" | "rtf" | "odt" | "pdf" | "html"
        )
    });
    key(stem.map_or(name, |(stem, _)| stem))
}

/// Lays codings on transcripts; `of` gives for each source of the project its transcript. Only codings of `coder` count,
/// if one is named (by GUID).
pub fn lay(project: &Project, of: &[Option<&Transcript>], meanings: &Meanings, coder: Option<&str>) -> Laid {
    let mut codes: HashMap<&str, Known> = HashMap::new();
    for tree in &project.codes {
        tree.visit(&mut Vec::new(), &mut |above, code: &Code| {
            let path: Vec<&str> = above.iter().copied().chain([code.name.as_str()]).collect();
            let meaning = meanings.of_name(above, &code.name);
            codes.insert(&code.guid, Known { path: path.join("/"), meaning });
        });
    }
    let mut laid = Laid::default();
    for (source, transcript) in project.sources.iter().zip(of) {
        if let Some(transcript) = transcript {
            Layer { source, aligned: align(transcript, &source.text), finder: Finder::new(transcript) }
                .lay(&codes, coder, &mut laid);
        }
    }
    laid.rows.sort();
    laid.rows.dedup();
    laid
}

/// A passage with all that its codes say of it.
#[derive(Default)]
struct Passage {
    range: Range<usize>,
    categories: Vec<Category>,
    facets: Facets,
}

#[derive(Clone, Default)]
struct Facets {
    phase: Option<PhaseId>,
    touchpoint: Option<TouchpointId>,
    emotion: Option<Emotion>,
}

struct Layer<'a> {
    source: &'a Source,
    aligned: Aligned,
    finder: Finder<'a>,
}

impl Layer<'_> {
    fn lay(&self, codes: &HashMap<&str, Known>, coder: Option<&str>, laid: &mut Laid) {
        let passages = self.passages(codes, coder, laid);
        for passage in passages.iter().filter(|p| !p.categories.is_empty()) {
            laid.passages += 1;
            let facets = complete(passage, &passages);
            let parts = self.parts(passage, laid);
            for (turn, range) in parts {
                let transcript = self.finder.transcript();
                let Some((range, widened)) = widen(transcript, turn, &range) else { continue };
                laid.widened += usize::from(widened);
                for category in &passage.categories {
                    laid.rows.push(GoldRow {
                        file: transcript.file.clone(),
                        turn: transcript.turns[turn].number,
                        at: range.start,
                        quote: transcript.turns[turn].text[range.clone()].to_owned(),
                        category: category.to_string(),
                        phase: facets.phase.as_ref().map(|p| p.to_string()).unwrap_or_default(),
                        touchpoint: facets.touchpoint.as_ref().map(|t| t.to_string()).unwrap_or_default(),
                        emotion: facets.emotion.map(|e| e.to_string()).unwrap_or_default(),
                    });
                }
            }
        }
    }

    fn passages(&self, codes: &HashMap<&str, Known>, coder: Option<&str>, laid: &mut Laid) -> Vec<Passage> {
        let mut out = Vec::new();
        for selection in &self.source.selections {
            let mut passage = Passage { range: selection.range.clone(), ..Passage::default() };
            for coding in &selection.codings {
                let user = if coding.user.is_empty() { &selection.user } else { &coding.user };
                if coder.is_some_and(|coder| coder != user) {
                    continue;
                }
                match codes.get(coding.code.as_str()) {
                    Some(Known { meaning: Some(meaning), .. }) => match meaning.clone() {
                        Meaning::Category(c) if !passage.categories.contains(&c) => passage.categories.push(c),
                        Meaning::Category(_) | Meaning::Nothing => {}
                        Meaning::Phase(p) => passage.facets.phase = passage.facets.phase.or(Some(p)),
                        Meaning::Touchpoint(t) => passage.facets.touchpoint = passage.facets.touchpoint.or(Some(t)),
                        Meaning::Emotion(e) => passage.facets.emotion = passage.facets.emotion.or(Some(e)),
                    },
                    Some(Known { path, .. }) => *laid.unknown.entry(path.clone()).or_default() += 1,
                    None => *laid.unknown.entry("(a code that is not in the codebook)".to_owned()).or_default() += 1,
                }
            }
            out.push(passage);
        }
        out
    }

    /// The parts of respondents' turns that a passage covers.
    fn parts(&self, passage: &Passage, laid: &mut Laid) -> Vec<(usize, Range<usize>)> {
        let transcript = self.finder.transcript();
        let text = &self.source.text[passage.range.clone()];
        let mut why = "stands nowhere in the transcript";
        let mut parts = self.aligned.parts(&passage.range);
        if !parts.is_empty() {
            parts.retain(|(turn, _)| transcript.turns[*turn].role == Role::Respondent);
            if !parts.is_empty() {
                return parts;
            }
            why = "is what the interviewer says";
        } else if let Some(found) = self.finder.find(text, Role::Respondent, None) {
            if found.likeness != Likeness::Exact {
                laid.by_words += 1;
            }
            return vec![(found.turn, found.range)];
        }
        let shown: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(70).collect();
        laid.not_found.push(format!("{}: \"{shown}\" {why}", self.source.name));
        Vec::new()
    }
}

/// Phase, touchpoint and emotion may be coded on another passage: what one lacks is taken from the shortest of those that
/// cover at least half of it.
fn complete(passage: &Passage, all: &[Passage]) -> Facets {
    let mut facets = passage.facets.clone();
    let common =
        |o: &Passage| passage.range.end.min(o.range.end).saturating_sub(passage.range.start.max(o.range.start));
    // A passage that has a category of its own speaks for itself alone.
    let mut covering: Vec<&Passage> =
        all.iter().filter(|o| o.categories.is_empty() && 2 * common(o) >= passage.range.len()).collect();
    covering.sort_by_key(|o| o.range.len());
    for other in covering {
        facets.phase = facets.phase.or_else(|| other.facets.phase.clone());
        facets.touchpoint = facets.touchpoint.or_else(|| other.facets.touchpoint.clone());
        facets.emotion = facets.emotion.or(other.facets.emotion);
    }
    facets
}
