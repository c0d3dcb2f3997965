//! Two sides that coded the same interview, the sentences on which they differ, and settling them: what is settled is decided
//! like anything else.

use std::collections::BTreeSet;

use klantreis_coding::Sheet;
use klantreis_review::{Progress, Target, Text, What, place};
use klantreis_study::{Category, Coding, Status};
use serde::Deserialize;

use crate::desk::Desk;

/// Who is held against whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pair {
    /// The program's proposals and what people made of them.
    #[default]
    Program,
    /// People who coded blind.
    People,
}

impl Pair {
    /// As pages write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Pair::Program => "program",
            Pair::People => "people",
        }
    }
}

/// What one side coded of an interview.
pub struct Side {
    /// Who.
    pub name: String,
    /// Their codings.
    pub codings: Vec<Coding>,
}

impl Side {
    /// What the side says of each sentence.
    pub fn sheet(&self, desk: &Desk, interview: usize) -> Sheet {
        Sheet::of_codings(&desk.coded[interview].transcript, &self.codings)
    }

    fn says(&self, category: &Category, turn: usize, sentence: usize) -> Option<&Coding> {
        self.codings.iter().find(|c| c.status != Status::Rejected && covers(c, category, turn, sentence))
    }

    /// The categories that it gives a sentence.
    pub fn categories(&self, turn: usize, sentence: usize) -> BTreeSet<Category> {
        let here = self.codings.iter().filter(|c| c.status != Status::Rejected && is_at(c, turn, sentence));
        here.map(|c| c.category.clone()).collect()
    }
}

/// The sides of an interview that may be seen by now: people's only once all of them have finished. Empty where there are no two.
pub fn sides(desk: &Desk, pair: Pair, interview: usize) -> Vec<Side> {
    let coded = &desk.coded[interview];
    match pair {
        Pair::Program if Progress::of(coded, desk.state()).is_whole() => {
            let words = desk.words();
            let people = coded.codings.iter().filter(|c| c.status.is_reviewed()).cloned().collect();
            let name = |nl, en| words.say(nl, en).to_owned();
            vec![
                Side { name: name("programma", "program"), codings: desk.proposals(interview).to_vec() },
                Side { name: name("onderzoeker", "researcher"), codings: people },
            ]
        }
        Pair::Program => Vec::new(),
        Pair::People => {
            let Some(coders) = desk.state().blind.revealed(&coded.transcript.file) else { return Vec::new() };
            let text = Text::of(&coded.transcript);
            let placed = |target: &&Target| Some(target.coding_at(place(&text, &target.anchor)?));
            let side = |(who, targets): (&str, Vec<&Target>)| Side {
                name: who.to_owned(),
                codings: targets.iter().filter_map(placed).collect(),
            };
            coders.into_iter().map(side).collect()
        }
    }
}

/// A sentence on which the first two sides differ.
pub struct Difference {
    /// Its turn.
    pub turn: usize,
    /// Its place in the turn.
    pub sentence: usize,
    /// What each says.
    pub said: [BTreeSet<Category>; 2],
    /// The side that what is decided by now agrees with, if it is decided.
    pub holds: Option<usize>,
}

/// The sentences on which the first two sides of an interview differ.
pub fn differences(desk: &Desk, interview: usize, sides: &[Side]) -> Vec<Difference> {
    let [one, other, ..] = sides else { return Vec::new() };
    let transcript = &desk.coded[interview].transcript;
    let places = transcript.respondent_turns().flat_map(|(t, turn)| (0..turn.sentences.len()).map(move |s| (t, s)));
    let difference = |(turn, sentence)| {
        let said = [one, other].map(|side| side.categories(turn, sentence));
        (said[0] != said[1]).then(|| {
            let holds = (0..2).find(|n| is_settled(desk, interview, (turn, sentence), &said, *n));
            Difference { turn, sentence, said, holds }
        })
    };
    places.filter_map(difference).collect()
}

/// Whether people decided everything on which the sides differ as one of them says.
fn is_settled(
    desk: &Desk,
    interview: usize,
    (turn, sentence): (usize, usize),
    said: &[BTreeSet<Category>; 2],
    right: usize,
) -> bool {
    said[0].symmetric_difference(&said[1]).all(|category| {
        let mut here = desk.coded[interview].codings.iter().filter(|c| covers(c, category, turn, sentence));
        let decided: Vec<&Coding> = here.by_ref().collect();
        let is_so = |c: &&&Coding| c.status.is_reviewed() && c.status != Status::Rejected;
        if said[right].contains(category) {
            decided.iter().any(|c| is_so(&c))
        } else {
            !decided.is_empty() && decided.iter().all(|c| c.status == Status::Rejected)
        }
    })
}

/// What has to be decided for one side to be right about a sentence.
pub fn settle(desk: &Desk, interview: usize, sides: &[Side], place: (usize, usize), right: usize) -> Vec<What> {
    let ([one, other, ..], (turn, sentence)) = (sides, place) else { return Vec::new() };
    let said = [one, other].map(|side| side.categories(turn, sentence));
    let mut out = Vec::new();
    for category in said[0].symmetric_difference(&said[1]) {
        let is_right = said[right].contains(category);
        let here: Vec<usize> = (0..desk.coded[interview].codings.len())
            .filter(|n| covers(&desk.coded[interview].codings[*n], category, turn, sentence))
            .collect();
        for n in &here {
            let status = desk.coded[interview].codings[*n].status;
            let Some(coding) = desk.target(interview, *n) else { continue };
            if is_right && (status == Status::Auto || status == Status::Rejected) {
                out.push(What::Accept { coding });
            } else if !is_right && status != Status::Rejected {
                out.push(What::Reject { coding });
            }
        }
        // Nothing stands there yet: what the side that sees it coded is taken over, or refused.
        let seen = || [one, other].into_iter().find_map(|side| side.says(category, turn, sentence));
        if here.is_empty()
            && let Some(coding) = seen().and_then(|coding| desk.target_of(interview, coding))
        {
            out.push(if is_right { What::Add { coding } } else { What::Reject { coding } });
        }
    }
    out
}

fn is_at(coding: &Coding, turn: usize, sentence: usize) -> bool {
    coding.turn == turn && coding.sentences.contains(&sentence)
}

fn covers(coding: &Coding, category: &Category, turn: usize, sentence: usize) -> bool {
    coding.category == *category && is_at(coding, turn, sentence)
}
