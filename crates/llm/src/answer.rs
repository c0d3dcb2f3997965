//! From what a model answers to codings: whatever in it can be used.

use std::collections::BTreeSet;

use klantreis_study::{
    Category, Code, CodeId, Codebook, Coding, Confidence, Emotion, Phase, PhaseId, Reason, Status, Study, TouchpointId,
};
use serde_json::Value;

use crate::window::{Line, Window};

/// What could be used of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The codings, in the order of the answer.
    pub codings: Vec<Coding>,
    /// What was left out.
    pub dropped: Vec<Fault>,
    /// What was put right.
    pub mended: Vec<Fault>,
    /// Sentences to ask again: those behind the last one that is coded where the answer breaks off, and those of codings
    /// that were left out.
    pub again: Option<Window>,
}

/// Something in an answer that can't be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The turn that it is about, from 1.
    pub turn: usize,
    /// What is wrong.
    pub why: String,
}

/// Nothing in an answer can be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Unusable {
    /// There is no list of codings in it.
    #[error("the answer holds no list of codings")]
    NoList,
    /// There is nothing in it: models that think aloud have used up their tokens by then.
    #[error("the answer is empty")]
    Empty,
}

/// Confidence of what a language model proposes. It can't tell how sure it is, and nobody has measured this model here:
/// a little more than even, no more.
const CONFIDENCE: f32 = 0.6;

/// Reads the answers about one interview.
pub struct Reader<'a> {
    pub study: &'a Study,
    pub codebook: &'a Codebook,
    /// The model's name.
    pub model: &'a str,
    /// What the built-in engine proposes for the interview: its phases stand in for those that do not exist.
    pub built_in: &'a [Coding],
}

/// What one coding of an answer comes to.
struct Item {
    codings: Vec<Coding>,
    mended: Option<Fault>,
}

/// Why a coding of an answer is left out, and which of the sentences that it names there are.
struct Useless<'w> {
    why: String,
    lines: Vec<&'w Line>,
}

impl Reader<'_> {
    /// Reads an answer: JSON, also with words around it, in a fence, or cut off in the middle.
    pub fn read(&self, text: &str, window: &Window) -> Result<Answer, Unusable> {
        // What a model thinks aloud first may hold drafts of its answer.
        let text = text.rsplit_once("</think>").map_or(text, |(_, answer)| answer);
        if text.trim().is_empty() {
            return Err(Unusable::Empty);
        }
        let (items, cut_off) = items(text).ok_or(Unusable::NoList)?;
        let mut answer = Answer::default();
        let (mut again, mut lost_count) = (BTreeSet::new(), false);
        for item in &items {
            match self.item(item, window) {
                Ok(Item { codings, mended }) => {
                    answer.codings.extend(codings);
                    answer.mended.extend(mended);
                }
                Err(Useless { why, lines }) => {
                    let about = lines.first().copied().or(window.lines.first());
                    answer.dropped.push(Fault { turn: about.map_or(0, |line| line.turn) + 1, why });
                    // Which sentences were meant by numbers that do not exist is anybody's guess.
                    lost_count |= lines.is_empty();
                    again.extend(lines.into_iter().cloned());
                }
            }
        }
        let is_coded =
            |line: &Line| answer.codings.iter().any(|c| c.turn == line.turn && c.sentences.contains(&line.sentence));
        let mut from = if lost_count { 0 } else { window.lines.len() };
        if cut_off {
            from = from.min(window.lines.iter().rposition(is_coded).ok_or(Unusable::NoList)? + 1);
        }
        again.extend(window.lines[from..].iter().cloned());
        let lines: Vec<Line> = again.into_iter().filter(|line| !is_coded(line)).collect();
        answer.again = (!lines.is_empty()).then_some(Window { lines });
        Ok(answer)
    }

    fn item<'w>(&self, item: &Value, window: &'w Window) -> Result<Item, Useless<'w>> {
        let text = |key: &str| item.get(key).and_then(Value::as_str).map(str::trim).filter(|t| !t.is_empty());
        let (lines, unknown) = lines(item, window);
        let useless = |why: String| Useless { why, lines: lines.clone() };
        if let Some(name) = unknown {
            return Err(useless(format!("there is no sentence {name}")));
        }
        if lines.is_empty() {
            return Err(useless("a coding without sentences".to_owned()));
        }
        let category = text("category").ok_or_else(|| useless("a coding without a category".to_owned()))?;
        let category = self
            .category(category)
            .ok_or_else(|| useless(format!("the category \"{category}\" is not in the codebook")))?;
        let phase = text("phase").unwrap_or_default();
        let known = |p: &&Phase| p.id.as_str().eq_ignore_ascii_case(phase) || p.label.eq_ignore_ascii_case(phase);
        let (phase, mended) = match self.study.phases.iter().find(known) {
            Some(known) => (known.id.clone(), None),
            None => {
                let why = format!("the phase \"{phase}\" is not one of the study");
                let near = self.built_in_phase(lines[0]).ok_or_else(|| useless(why.clone()))?;
                let why = format!("{why}; {near}, as the built-in engine has it, stands in for it");
                (near, Some(Fault { turn: lines[0].turn + 1, why }))
            }
        };
        let touchpoint: Option<TouchpointId> = text("touchpoint").and_then(|t| {
            let same = |other: &str| other.eq_ignore_ascii_case(t);
            self.study.touchpoints.iter().find(|p| same(p.id.as_str()) || same(&p.label)).map(|p| p.id.clone())
        });
        let code: Option<CodeId> = text("code").and_then(|t| {
            let named = |c: &&Code| c.category == category && c.id.as_str().eq_ignore_ascii_case(t);
            self.codebook.codes.iter().find(named).map(|c| c.id.clone())
        });
        let emotion = item.get("emotion").and_then(number).unwrap_or_default();
        let why = text("reason").map(first_words).unwrap_or_default();
        // A quote never crosses a turn, and has no gaps.
        let next = |a: &&Line, b: &&Line| a.turn == b.turn && a.sentence + 1 == b.sentence;
        let runs = lines.chunk_by(next);
        let coding = |run: &[&Line]| Coding {
            turn: run[0].turn,
            sentences: run[0].sentence..run[run.len() - 1].sentence + 1,
            category: category.clone(),
            code: code.clone(),
            phase: phase.clone(),
            touchpoint: touchpoint.clone(),
            emotion: Emotion::from_score(emotion),
            confidence: Confidence::new(CONFIDENCE),
            status: Status::Auto,
            reasons: vec![Reason::of_model(self.model, &why)],
        };
        Ok(Item { codings: runs.map(coding).collect(), mended })
    }

    /// The category of a name: its id, or what models call it all the same.
    fn category(&self, name: &str) -> Option<Category> {
        let own = self.study.categories().into_iter().chain(self.codebook.codes.iter().map(|c| c.category.clone()));
        let plain = |name: &str| name.to_lowercase().replace(['_', '-'], " ");
        let name = plain(name);
        let named = OTHER_NAMES.iter().find(|(_, others)| others.contains(&name.as_str())).map(|(id, _)| *id);
        own.into_iter().find(|c| plain(c.as_str()) == name || Some(c.as_str()) == named)
    }

    /// The phase of what the built-in engine proposes nearest to a sentence.
    fn built_in_phase(&self, line: &Line) -> Option<PhaseId> {
        let far = |c: &&Coding| (c.turn.abs_diff(line.turn), c.sentences.start.abs_diff(line.sentence));
        self.built_in.iter().min_by_key(far).map(|c| c.phase.clone())
    }
}

/// What models call categories that have other ids: in the plural, and in English.
const OTHER_NAMES: [(&str, &[&str]); 4] = [
    ("behoefte", &["behoeften", "behoeftes", "need", "needs"]),
    ("winst", &["winsten", "gain", "gains"]),
    ("pijnpunt", &["pijnpunten", "pain", "pains", "pain point", "pain points", "painpoint"]),
    ("activiteit", &["activiteiten", "activity", "activities"]),
];

/// The sentences that a coding names, in order, and the first name that is none.
fn lines<'w>(item: &Value, window: &'w Window) -> (Vec<&'w Line>, Option<Value>) {
    let named = match item.get("sentences") {
        Some(Value::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let line = |name: &Value| {
        let place = number(name).filter(|n| *n >= 1.0 && n.fract() == 0.0)?;
        window.lines.get(place as usize - 1)
    };
    let unknown = named.iter().find(|name| line(name).is_none()).cloned();
    let mut lines: Vec<&Line> = named.iter().filter_map(line).collect();
    lines.sort_unstable();
    lines.dedup();
    (lines, unknown)
}

/// The objects of the list, and whether the answer breaks off.
fn items(text: &str) -> Option<(Vec<Value>, bool)> {
    for (at, _) in text.match_indices('{') {
        let mut stream = serde_json::Deserializer::from_str(&text[at..]).into_iter::<Value>();
        if let Some(Ok(value)) = stream.next()
            && let Some(list) = value.get("codings").and_then(Value::as_array)
        {
            return Some((list.clone(), false));
        }
    }
    // Cut off, or with a mistake in it, or a list without its name: each whole object in the list still counts.
    let list = match text.find("\"codings\"") {
        Some(at) => &text[at..],
        None => &text[text.find("\"sentences\"").and_then(|at| text[..at].rfind('['))?..],
    };
    let mut out = Vec::new();
    let mut at = list.find('[')? + 1;
    let mut broken = false;
    while let Some(next) = list[at..].find('{') {
        let mut stream = serde_json::Deserializer::from_str(&list[at + next..]).into_iter::<Value>();
        match stream.next() {
            Some(Ok(value)) => {
                out.push(value);
                at += next + stream.byte_offset();
            }
            _ => {
                broken = true;
                at += next + 1;
            }
        }
    }
    let ends = list[at..].trim_start_matches(|c: char| c == ',' || c.is_whitespace()).starts_with(']');
    Some((out, broken || !ends))
}

/// A number, also one that a server without schemas lets stand as text: `"3"`, or `"[3]"` as the question has it.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim_matches(['[', ']', ' ']).parse().ok())
}

/// A reason is a dozen words, whatever the model makes of it.
fn first_words(text: &str) -> String {
    text.split_whitespace().take(12).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::{tests::interview, windows};

    fn read(text: &str) -> Result<Answer, Unusable> {
        read_beside(text, &[])
    }

    /// Reads an answer about an interview for which the built-in engine proposes something too.
    fn read_beside(text: &str, built_in: &[Coding]) -> Result<Answer, Unusable> {
        let t = interview(&[&["I: Hoe?"], &["Lastig.", "Heel lastig.", "Tja."], &["I: En?"], &["Goed."]]);
        let window = windows(&t, 20).remove(0);
        let study = Study::parse("[[touchpoint]]\nid = \"balie\"\n").unwrap();
        Reader { study: &study, codebook: &Codebook::default(), model: "test", built_in }.read(text, &window)
    }

    fn places(window: Option<Window>) -> Vec<(usize, usize)> {
        window.map_or_else(Vec::new, |w| w.lines.iter().map(|l| (l.turn, l.sentence)).collect())
    }

    const ONE: &str = r#"{"sentences":[1,2],"category":"pijnpunt","phase":"vooraf","touchpoint":"Balie","emotion":-2,"reason":"lastig"}"#;

    #[test]
    fn words_around_json_and_fences_do_not_matter() {
        for text in [
            format!("{{\"codings\":[{ONE}]}}"),
            format!(
                "<think>Misschien {{\"codings\": []}}?</think>{{\"codings\":[{}]}}",
                ONE.replace("[1,2]", "[\"1\",\"[2]\"]")
            ),
            format!("{{\"codings\":[{ONE},],}}"),
            format!("[{ONE}]"),
            format!("Hier is het {{antwoord}}:\n```json\n{{\"codings\": [{ONE}]}}\n```\nSucces!"),
        ] {
            let answer = read(&text).unwrap();
            assert_eq!((answer.codings.len(), answer.dropped.len()), (1, 0), "{text}");
            let coding = &answer.codings[0];
            assert_eq!((coding.turn, coding.sentences.clone(), coding.emotion.value()), (1, 0..2, -2));
            assert_eq!(coding.touchpoint.as_ref().unwrap().as_str(), "balie");
        }
    }

    #[test]
    fn of_half_an_answer_the_whole_codings_count_and_the_rest_is_named() {
        let answer = read(&format!("{{\"codings\":[{ONE},{{\"sentences\":[3],\"cat")).unwrap();
        assert_eq!(answer.codings.len(), 1);
        assert_eq!(places(answer.again), [(1, 2), (3, 0)]);
        // So it is where one of them is no JSON.
        let answer = read(&format!("[{ONE},{{'sentences':[3]}}]")).unwrap();
        assert_eq!((answer.codings.len(), places(answer.again).len()), (1, 2));
        assert_eq!(read("{\"codings\":[{\"sent"), Err(Unusable::NoList));
        assert_eq!(read("Sorry, dat kan ik niet."), Err(Unusable::NoList));
        assert_eq!(read("<think>Even kijken.</think>\n"), Err(Unusable::Empty));
    }

    #[test]
    fn what_is_not_there_is_left_out_and_its_sentences_are_asked_again() {
        let text = ONE.replace("[1,2]", "[3,9]");
        let unknown = ONE.replace("pijnpunt", "klacht").replace("[1,2]", "4");
        let answer = read(&format!("{{\"codings\":[{text},{unknown},{ONE}]}}")).unwrap();
        assert_eq!(answer.codings.len(), 1);
        let told: Vec<_> = answer.dropped.iter().map(|fault| (fault.turn, fault.why.as_str())).collect();
        assert_eq!(told, [(2, "there is no sentence 9"), (4, "the category \"klacht\" is not in the codebook")]);
        assert_eq!(places(answer.again), [(1, 2), (3, 0)]);
        // Whoever loses count may have meant any sentence that is not coded.
        let answer = read(&format!("{{\"codings\":[{},{ONE}]}}", ONE.replace("[1,2]", "[9]"))).unwrap();
        assert_eq!(places(answer.again), [(1, 2), (3, 0)]);
    }

    #[test]
    fn categories_go_by_their_other_names_too() {
        for name in ["Pijnpunten", "pain point", "pain_points"] {
            let answer = read(&format!("{{\"codings\":[{}]}}", ONE.replace("pijnpunt", name))).unwrap();
            assert_eq!(answer.codings[0].category, Category::pain(), "{name}");
        }
    }

    #[test]
    fn a_phase_that_does_not_exist_is_the_one_of_the_built_in_engine() {
        let text = format!("{{\"codings\":[{}]}}", ONE.replace("vooraf", "ooit"));
        let left_out = read(&text).unwrap();
        assert_eq!((left_out.codings.len(), places(left_out.again)), (0, vec![(1, 0), (1, 1)]));
        let one = read(&format!("{{\"codings\":[{ONE}]}}")).unwrap().codings.remove(0);
        let far = Coding { turn: 3, ..one.clone() };
        let near = Coding { phase: PhaseId::new("achteraf").unwrap(), ..one };
        let answer = read_beside(&text, &[far, near]).unwrap();
        assert_eq!(answer.codings[0].phase.as_str(), "achteraf");
        assert!(answer.dropped.is_empty() && answer.mended[0].why.contains("\"ooit\" is not one of the study"));
    }

    #[test]
    fn a_quote_never_crosses_a_turn() {
        let answer = read(&format!("{{\"codings\":[{}]}}", ONE.replace("[1,2]", "[4,3,1]"))).unwrap();
        let places: Vec<_> = answer.codings.iter().map(|c| (c.turn, c.sentences.clone())).collect();
        assert_eq!(places, [(1, 0..1), (1, 2..3), (3, 0..1)]);
    }
}
