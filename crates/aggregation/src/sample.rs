//! Quotes for the tests of this crate.

use std::collections::BTreeMap;

use klantreis_study::{Category, Confidence, Emotion, PhaseId, Quote, Status, Study, TouchpointId};

/// A study with two phases and two touchpoints.
pub fn study() -> Study {
    Study::parse(
        "[[phase]]\nid = \"voor\"\ndesired = 1.0\n[[phase]]\nid = \"na\"\n\
         [[touchpoint]]\nid = \"balie\"\n[[touchpoint]]\nid = \"site\"\nchannel = \"digitaal\"\n",
    )
    .unwrap()
}

/// A quote in phase `voor`; the id is `interview:turn` and a letter.
pub fn quote(id: &str, category: &str, emotion: i8) -> Quote {
    let (interview, place) = id.split_once(':').unwrap();
    Quote {
        id: id.to_owned(),
        interview: interview.to_owned(),
        file: format!("{interview}.txt"),
        turn: place.trim_end_matches(char::is_alphabetic).parse().unwrap_or(1),
        speaker: "R".to_owned(),
        time: String::new(),
        phase: PhaseId::new("voor").unwrap(),
        category: Category::new(category).unwrap(),
        code: None,
        touchpoint: None,
        emotion: Emotion::new(emotion).unwrap(),
        confidence: Confidence::new(0.8),
        status: Status::Auto,
        quote: format!("Woorden van {id}"),
        reasons: Vec::new(),
        attributes: BTreeMap::new(),
    }
}

/// The same quote at a touchpoint.
pub fn at(touchpoint: &str, mut quote: Quote) -> Quote {
    quote.touchpoint = Some(TouchpointId::new(touchpoint).unwrap());
    quote
}
