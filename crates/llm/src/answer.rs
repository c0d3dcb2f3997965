//! From what a model answers to codings: whatever in it can be used.

use klantreis_study::{
    Category, CodeId, Codebook, Coding, Confidence, Emotion, PhaseId, Reason, Status, Study, TouchpointId,
};
use serde_json::Value;

use crate::window::{Line, Window};

/// What could be used of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The codings, in the order of the answer.
    pub codings: Vec<Coding>,
    /// What was left out, and why.
    pub dropped: Vec<String>,
    /// The sentences after the last one that is coded, where the answer breaks off.
    pub rest: Option<Window>,
}

/// Nothing in an answer can be used: there is no list of codings in it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("the answer holds no list of codings")]
pub struct Unusable;

/// Confidence of what a language model proposes. It can't tell how sure it is, and nobody has measured this model here:
/// a little more than even, no more.
const CONFIDENCE: f32 = 0.6;

/// Reads an answer: JSON, also with words around it, in a fence, or cut off in the middle.
pub fn parse(text: &str, window: &Window, study: &Study, codebook: &Codebook, model: &str) -> Result<Answer, Unusable> {
    // What a model thinks aloud first may hold drafts of its answer.
    let text = text.rsplit_once("</think>").map_or(text, |(_, answer)| answer);
    let (items, cut_off) = items(text).ok_or(Unusable)?;
    let mut answer = Answer::default();
    for item in &items {
        match codings(item, window, study, codebook, model) {
            Ok(found) => answer.codings.extend(found),
            Err(why) => answer.dropped.push(why),
        }
    }
    if cut_off {
        let coded =
            |line: &Line| answer.codings.iter().any(|c| c.turn == line.turn && c.sentences.contains(&line.sentence));
        let last = window.lines.iter().rposition(coded).ok_or(Unusable)?;
        let rest = &window.lines[last + 1..];
        answer.rest = (!rest.is_empty()).then(|| Window { lines: rest.to_vec() });
    }
    Ok(answer)
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

fn codings(
    item: &Value,
    window: &Window,
    study: &Study,
    codebook: &Codebook,
    model: &str,
) -> Result<Vec<Coding>, String> {
    let text = |key: &str| item.get(key).and_then(Value::as_str).map(str::trim).filter(|t| !t.is_empty());
    let category = text("category").ok_or("a coding without a category")?;
    let known = study.categories().into_iter().chain(codebook.codes.iter().map(|c| c.category.clone()));
    let category: Category = { known }
        .find(|c| c.as_str().eq_ignore_ascii_case(category))
        .ok_or_else(|| format!("the category \"{category}\" is not in the codebook"))?;
    let phase = text("phase").unwrap_or_default();
    let phase: PhaseId = study
        .phases
        .iter()
        .find(|p| p.id.as_str().eq_ignore_ascii_case(phase) || p.label.eq_ignore_ascii_case(phase))
        .map(|p| p.id.clone())
        .ok_or_else(|| format!("the phase \"{phase}\" is not one of the study"))?;
    let touchpoint: Option<TouchpointId> = text("touchpoint").and_then(|t| {
        let same = |other: &str| other.eq_ignore_ascii_case(t);
        study.touchpoints.iter().find(|p| same(p.id.as_str()) || same(&p.label)).map(|p| p.id.clone())
    });
    let code: Option<CodeId> = text("code")
        .and_then(|t| codebook.codes.iter().find(|c| c.id.as_str().eq_ignore_ascii_case(t) && c.category == category))
        .map(|c| c.id.clone());
    let emotion = item.get("emotion").and_then(number).unwrap_or_default();
    let why = text("reason").map(first_words).unwrap_or_default();
    let mut lines: Vec<&Line> = Vec::new();
    let named = match item.get("sentences") {
        Some(Value::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    for name in named {
        let line =
            number(name).filter(|n| *n >= 1.0 && n.fract() == 0.0).and_then(|n| window.lines.get(n as usize - 1));
        lines.push(line.ok_or_else(|| format!("there is no sentence {name}"))?);
    }
    lines.sort_by_key(|l| (l.turn, l.sentence));
    lines.dedup();
    if lines.is_empty() {
        return Err("a coding without sentences".to_owned());
    }
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
        reasons: vec![Reason::of_model(model, &why)],
    };
    Ok(runs.map(coding).collect())
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
        let t = interview(&[&["I: Hoe?"], &["Lastig.", "Heel lastig.", "Tja."], &["I: En?"], &["Goed."]]);
        let window = windows(&t, 20).remove(0);
        let study = Study::parse("[[touchpoint]]\nid = \"balie\"\n").unwrap();
        parse(text, &window, &study, &Codebook::default(), "test")
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
        let rest: Vec<_> = answer.rest.unwrap().lines.iter().map(|l| (l.turn, l.sentence)).collect();
        assert_eq!(rest, [(1, 2), (3, 0)]);
        // So it is where one of them is no JSON.
        let answer = read(&format!("[{ONE},{{'sentences':[3]}}]")).unwrap();
        assert_eq!((answer.codings.len(), answer.rest.unwrap().lines.len()), (1, 2));
        assert_eq!(read("{\"codings\":[{\"sent"), Err(Unusable));
        assert_eq!(read("Sorry, dat kan ik niet."), Err(Unusable));
    }

    #[test]
    fn what_is_not_there_is_left_out_and_said() {
        let text = ONE.replace("[1,2]", "[1,9]");
        let unknown = ONE.replace("pijnpunt", "klacht");
        let phase = ONE.replace("vooraf", "ooit");
        let answer = read(&format!("{{\"codings\":[{text},{unknown},{phase},{ONE}]}}")).unwrap();
        assert_eq!(answer.codings.len(), 1);
        assert_eq!(answer.dropped.len(), 3);
        assert!(answer.dropped[0].contains("no sentence 9"), "{:?}", answer.dropped);
    }

    #[test]
    fn a_quote_never_crosses_a_turn() {
        let answer = read(&format!("{{\"codings\":[{}]}}", ONE.replace("[1,2]", "[4,3,1]"))).unwrap();
        let places: Vec<_> = answer.codings.iter().map(|c| (c.turn, c.sentences.clone())).collect();
        assert_eq!(places, [(1, 0..1), (1, 2..3), (3, 0..1)]);
    }
}
