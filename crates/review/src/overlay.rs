use std::ops::Range;

use klantreis_study::{CodedTranscript, Coding, Confidence, Status};

use crate::{
    anchor::Text,
    entry::Target,
    place::place,
    state::{Decided, State},
};

/// What came of laying decisions over a transcript.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Laid {
    /// The key of the decision behind each coding, in the order of the codings; `None` where nobody decided.
    pub keys: Vec<Option<String>>,
    /// Keys of decisions whose words are not in the transcript any more.
    pub unplaced: Vec<String>,
}

/// A decision found again.
struct Found<'s> {
    key: &'s str,
    decided: &'s Decided,
    turn: usize,
    /// What was proposed.
    from: Range<usize>,
    /// What it is now.
    to: Range<usize>,
}

/// Lays what was decided over the codings of a transcript.
///
/// A decided coding takes the place of what the program proposes of the same category for the same sentences: of a
/// proposal of which half or more is decided nothing stays, of another one the sentences that are not. Rejected codings
/// stay, with that status. Codes that were merged are replaced everywhere.
pub fn overlay(coded: &mut CodedTranscript, state: &State) -> Laid {
    let mut laid = Laid::default();
    let mine: Vec<(&String, &Decided)> =
        state.decided.iter().filter(|(_, d)| d.coding.file == coded.transcript.file).collect();
    let mut found = Vec::new();
    if !mine.is_empty() {
        let text = Text::of(&coded.transcript);
        for (key, decided) in mine {
            match find(&text, key, decided) {
                Some(place) => found.push(place),
                None => laid.unplaced.push(key.clone()),
            }
        }
    }
    let mut codings: Vec<(Coding, Option<String>)> = Vec::new();
    let judged: Vec<&Found<'_>> = found.iter().filter(|f| f.decided.verdict.is_some()).collect();
    let proposals = std::mem::take(&mut coded.codings);
    let decided: Vec<(Coding, Option<String>)> =
        judged.iter().map(|f| (decided_coding(f, &proposals), Some(f.key.to_owned()))).collect();
    for coding in proposals {
        let decided = |s: usize| {
            judged.iter().any(|f| {
                let of = |target: &Target, range: &Range<usize>| {
                    target.category == coding.category && f.turn == coding.turn && range.contains(&s)
                };
                of(&f.decided.coding, &f.from)
                    || (f.decided.verdict != Some(Status::Rejected) && of(f.decided.now(), &f.to))
            })
        };
        let key = found.iter().find(|f| {
            f.decided.verdict.is_none()
                && (f.turn, &f.from, &f.decided.coding.category) == (coding.turn, &coding.sentences, &coding.category)
        });
        let key = key.map(|f| f.key.to_owned());
        codings.extend(rest(&coding, &decided).into_iter().map(|coding| (coding, key.clone())));
    }
    codings.extend(decided);
    codings.sort_by(|(a, key_a), (b, key_b)| {
        let place = |c: &Coding| (c.turn, c.sentences.start, c.category.clone(), c.sentences.end);
        (place(a), key_a).cmp(&(place(b), key_b))
    });
    for (coding, key) in codings {
        coded.codings.push(coding);
        laid.keys.push(key);
    }
    for coding in &mut coded.codings {
        if let Some(code) = &mut coding.code {
            *code = state.merged_into(code).clone();
        }
    }
    laid
}

fn find<'s>(text: &Text<'_>, key: &'s str, decided: &'s Decided) -> Option<Found<'s>> {
    let (turn, from) = place(text, decided.moved.as_ref().unwrap_or(&decided.coding.anchor))?;
    let to = match &decided.to {
        // Where someone said where it stands now, an older change of its extent means nothing any more.
        Some(to) if decided.moved.is_none() && to.anchor.exact != decided.coding.anchor.exact => {
            place(text, &to.anchor).filter(|(t, _)| *t == turn).map_or_else(|| from.clone(), |(_, to)| to)
        }
        _ => from.clone(),
    };
    Some(Found { key, decided, turn, from, to })
}

/// What is left of a proposal beside the sentences that are decided.
fn rest(coding: &Coding, decided: &dyn Fn(usize) -> bool) -> Vec<Coding> {
    let open: Vec<usize> = coding.sentences.clone().filter(|s| !decided(*s)).collect();
    if open.len() == coding.sentences.len() {
        return vec![coding.clone()];
    }
    if 2 * open.len() <= coding.sentences.len() {
        return Vec::new();
    }
    let runs = open.chunk_by(|a, b| a + 1 == *b).map(|run| run[0]..run[run.len() - 1] + 1);
    runs.map(|sentences| Coding { sentences, ..coding.clone() }).collect()
}

/// The coding as decided; why the program proposed it, it says as long as the program still proposes it.
fn decided_coding(f: &Found<'_>, proposals: &[Coding]) -> Coding {
    let proposed = proposals.iter().find(|p| {
        let overlap = p.sentences.start < f.from.end && f.from.start < p.sentences.end;
        p.turn == f.turn && p.category == f.decided.coding.category && overlap
    });
    let status = f.decided.verdict.unwrap_or_default();
    let (now, sentences) = match status {
        Status::Rejected => (&f.decided.coding, f.from.clone()),
        _ => (f.decided.now(), f.to.clone()),
    };
    Coding {
        confidence: if status == Status::Rejected { now.confidence } else { Confidence::CERTAIN },
        status,
        reasons: proposed.map_or_else(Vec::new, |p| p.reasons.clone()),
        ..now.coding_at((f.turn, sentences))
    }
}

#[cfg(test)]
mod tests {
    use klantreis_study::{Category, PhaseId};

    use super::*;
    use crate::{
        entry::{Entry, What},
        test::{coded, coding, target, transcript},
    };

    const TALK: [&str; 2] =
        ["I: Hoe gaat het?", "R: Ik zoek lang. Het formulier is nergens. Dan bel ik maar. Dat helpt."];

    fn state(decisions: Vec<What>) -> State {
        let entries = decisions.into_iter().enumerate().map(|(n, what)| Entry {
            id: format!("{n}"),
            at: format!("2026-01-01T00:00:00.{n:03}Z"),
            who: "anna".to_owned(),
            why: String::new(),
            batch: None,
            after: Vec::new(),
            what,
        });
        State::of(&entries.collect::<Vec<_>>())
    }

    /// Sentences, category and status of each coding.
    fn shown(coded: &CodedTranscript) -> Vec<String> {
        let show = |c: &Coding| format!("{:?} {} {}", c.sentences, c.category, c.status);
        coded.codings.iter().map(show).collect()
    }

    #[test]
    fn decisions_take_the_place_of_proposals() {
        let talk = transcript(&TALK);
        let proposals = [coding(1, 0..2, "pijnpunt"), coding(1, 2..3, "activiteit"), coding(1, 3..4, "winst")];
        let targets = proposals.clone().map(|c| target(&talk, &c));
        let need =
            Target { category: Category::need(), phase: PhaseId::new("achteraf").unwrap(), ..targets[1].clone() };
        let state = state(vec![
            What::Accept { coding: targets[0].clone() },
            What::Change { coding: targets[1].clone(), to: need },
            What::Reject { coding: targets[2].clone() },
            What::Add { coding: target(&talk, &coding(1, 1..3, "winst")) },
        ]);
        let mut laid = coded(&talk, proposals.to_vec());
        let keys = overlay(&mut laid, &state).keys;
        assert!(keys.iter().all(Option::is_some));
        let expected = ["0..2 pijnpunt accepted", "1..3 winst manual", "2..3 behoefte changed", "3..4 winst rejected"];
        assert_eq!(shown(&laid), expected);
        assert_eq!(laid.codings[2].phase.as_str(), "achteraf");
        // Where the program proposes nothing any more, what people decided stays.
        let mut alone = coded(&talk, Vec::new());
        overlay(&mut alone, &state);
        assert_eq!(shown(&alone), expected);
    }

    #[test]
    fn of_a_proposal_that_grew_only_the_new_sentences_are_open() {
        let talk = transcript(&TALK);
        let state = state(vec![What::Reject { coding: target(&talk, &coding(1, 0..1, "pijnpunt")) }]);
        let mut laid = coded(&talk, vec![coding(1, 0..4, "pijnpunt")]);
        overlay(&mut laid, &state);
        assert_eq!(shown(&laid), ["0..1 pijnpunt rejected", "1..4 pijnpunt auto"]);
        let mut laid = coded(&talk, vec![coding(1, 0..2, "pijnpunt"), coding(1, 0..1, "winst")]);
        overlay(&mut laid, &state);
        assert_eq!(shown(&laid), ["0..1 pijnpunt rejected", "0..1 winst auto"]);
    }

    #[test]
    fn what_cannot_be_placed_is_named_until_someone_says_where_it_is() {
        let (before, after) = (transcript(&TALK), transcript(&[TALK[0], "R: Heel iets anders. En nog wat."]));
        let accepted = target(&before, &coding(1, 0..2, "pijnpunt"));
        let lost = What::Accept { coding: accepted.clone() };
        let mut laid = coded(&after, Vec::new());
        assert_eq!(overlay(&mut laid, &state(vec![lost.clone()])).unplaced, [accepted.key()]);
        assert_eq!(shown(&laid), [""; 0]);
        let at = target(&after, &coding(1, 1..2, "pijnpunt")).anchor;
        let placed = state(vec![lost, What::Place { coding: accepted, at }]);
        assert_eq!(overlay(&mut laid, &placed).unplaced, [""; 0]);
        assert_eq!(shown(&laid), ["1..2 pijnpunt accepted"]);
    }

    #[test]
    fn notes_and_stars_alone_leave_the_proposal_open() {
        let talk = transcript(&TALK);
        let proposal = coding(1, 0..2, "pijnpunt");
        let state = state(vec![What::Star { coding: target(&talk, &proposal), on: true }]);
        let mut laid = coded(&talk, vec![proposal.clone()]);
        assert_eq!(overlay(&mut laid, &state).keys, [Some(target(&talk, &proposal).key())]);
        assert_eq!(laid.codings, [proposal]);
    }
}
