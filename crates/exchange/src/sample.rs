//! A coded study for tests: two interviews, with characters that tools count differently.

use std::collections::BTreeMap;

use klantreis_study::{
    Category, CodeId, Codebook, CodedTranscript, Coding, Confidence, Emotion, PhaseId, Reason, Role, Status, Study,
    Timestamp, TouchpointId, Transcript, Turn,
};

pub fn study() -> (Study, Codebook, Vec<CodedTranscript>) {
    let study = Study::parse(
        "title = \"Lenen & lezen\"\ngoal = \"Weten wat <er> hapert\"\n[[phase]]\nid = \"voor\"\n[[phase]]\nid = \"na\"\n\
         [[touchpoint]]\nid = \"balie\"\n[[touchpoint]]\nid = \"hulp\"\n",
    )
    .unwrap();
    let codebook = Codebook::parse(
        "[[code]]\nid = \"obstakel\"\ncategory = \"pijnpunt\"\nlabel = \"Obstakel\"\ndefinition = \"iets zit dwars\"\n\
         cues = [\"in de weg | dwars ^0.8\", \"\\\"op slot\\\"\"]\n[[code]]\nid = \"hulp\"\ncategory = \"winst\"\nlabel = \"Hulp\"\n",
    )
    .unwrap();
    let said = [
        (Role::Interviewer, "Hoe ging het?"),
        (Role::Respondent, "Leuk 😀 hoor. Ik kwam er niet uit, één ding zat dwars 😡😡. Toen gaf ik het op."),
        (Role::Interviewer, "Ja."),
        (Role::Respondent, "Ja. Aan de balie hielp Joke me & toen lukte het. Dat hielp."),
    ];
    let turn = |(n, (role, text)): (usize, &(Role, &str))| Turn {
        number: n as u32 + 1,
        speaker: if *role == Role::Respondent { "R" } else { "I" }.to_owned(),
        role: *role,
        start: Some(Timestamp(1000 * n as u64)),
        end: None,
        text: (*text).to_owned(),
        sentences: klantreis_text::sentences(text),
    };
    let coding = |turn, sentences, category, code: &str, phase, touchpoint: &str, emotion| Coding {
        turn,
        sentences,
        category,
        code: CodeId::new(code).ok(),
        phase: PhaseId::new(phase).unwrap(),
        touchpoint: TouchpointId::new(touchpoint).ok(),
        emotion: Emotion::new(emotion).unwrap(),
        confidence: Confidence::new(0.85),
        status: Status::Auto,
        reasons: vec![Reason { label: "cue \"dwars\"".into(), weight: 0.5 }],
    };
    let one = |interview: &str, segment: &str| CodedTranscript {
        transcript: Transcript {
            file: format!("{interview}.txt"),
            interview: interview.to_owned(),
            attributes: BTreeMap::from([("segment".into(), segment.into()), ("leeftijd".into(), "41".into())]),
            turns: said.iter().enumerate().map(turn).collect(),
            problems: Vec::new(),
        },
        codings: vec![
            coding(1, 0..1, Category::gain(), "", "voor", "", 1),
            coding(1, 1..2, Category::pain(), "obstakel", "voor", "hulp", -2),
            coding(1, 1..3, Category::activity(), "", "na", "", 0),
            coding(3, 1..2, Category::gain(), "hulp", "na", "balie", 2),
        ],
    };
    let mut second = one("b", "NT2");
    // Another talk, so that each text has its own transcript.
    second.transcript.turns[1].text = second.transcript.turns[1].text.replace("Leuk", "Gaaf");
    (study, codebook, vec![one("a", "starter"), second])
}
