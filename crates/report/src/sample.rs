//! A study with quotes for the tests of this crate.

use std::collections::BTreeMap;

use klantreis_aggregation::Journey;
use klantreis_study::{Category, CodeId, Codebook, Confidence, Emotion, PhaseId, Quote, Status, Study, TouchpointId};

/// Two phases, of which nothing is told in the second, and three interviews; texts that would do harm unescaped.
pub fn study() -> (Study, Vec<Quote>) {
    let study = Study::parse(
        "title = \"Reis <script>alert(1)</script> & meer\"\ngoal = \"Zien wat \\\"telt\\\"\"\n\
         [[phase]]\nid = \"voor\"\ndesired = 1.0\n[[phase]]\nid = \"na\"\n[[touchpoint]]\nid = \"balie\"\n",
    )
    .unwrap();
    let quotes = ["a", "b", "c"].map(|name| Quote {
        id: format!("{name}:1p"),
        interview: name.to_owned(),
        file: format!("map/{name}.txt"),
        turn: 1,
        speaker: "R".to_owned(),
        time: "00:00:09".to_owned(),
        phase: PhaseId::new("voor").unwrap(),
        category: Category::pain(),
        code: Some(CodeId::new("moeite").unwrap()),
        touchpoint: Some(TouchpointId::new("balie").unwrap()),
        emotion: Emotion::new(if name == "a" { -2 } else { 0 } - i8::from(name == "b")).unwrap(),
        confidence: Confidence::new(0.8),
        status: Status::Auto,
        quote: "=1+1, <b>zei</b> hij".to_owned(),
        reasons: Vec::new(),
        attributes: BTreeMap::from([("segment".to_owned(), "-1".to_owned())]),
    });
    let mut quotes = quotes.to_vec();
    quotes[1].attributes.insert("locatie".to_owned(), "Zwolle".to_owned());
    (study, quotes)
}

/// What is counted from it.
pub fn journey(study: &Study, quotes: &[Quote]) -> Journey {
    klantreis_aggregation::journey(study, &Codebook::default(), quotes, &[])
}
