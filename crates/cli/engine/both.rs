//! Proposals of two engines put together.

use klantreis_study::{Coding, Confidence, Reason};

use super::calibration::log_odds;

/// Who proposes a coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    ByBoth,
    ByBuiltIn,
    ByModel,
    /// By the built-in engine, where the language model was not asked or did not answer.
    Unasked,
}

/// What a proposal keeps of its confidence if the other engine does not see it.
const ALONE: f32 = 0.7;

/// All proposals of two engines for an interview, by a fixed rule as sure as this: what both see, surer than each
/// (1 − (1 − p)(1 − q), two witnesses that do not hear each other); what one sees alone, in doubt. Among `found` are
/// built-in codings where there is no answer of the model: those stay as they are.
pub fn merge(built_in: Vec<Coding>, found: Vec<Coding>, name: &str) -> Vec<(Coding, Seen)> {
    let (model, unasked): (Vec<Coding>, Vec<Coding>) = found.into_iter().partition(Coding::is_of_model);
    let mut alone = vec![true; model.len()];
    let mut out = Vec::new();
    for mut coding in built_in {
        if unasked.contains(&coding) {
            out.push((coding, Seen::Unasked));
            continue;
        }
        let agreeing: Vec<usize> = (0..model.len()).filter(|n| coding.agrees_with(&model[*n])).collect();
        let own = coding.confidence.value();
        for n in &agreeing {
            alone[*n] = false;
            coding.reasons.extend(model[*n].reasons.iter().cloned());
        }
        out.push(match agreeing.first() {
            Some(n) => {
                let confidence = Confidence::new(1.0 - (1.0 - own) * (1.0 - model[*n].confidence.value()));
                (Coding { confidence, ..coding }, Seen::ByBoth)
            }
            None => (alone_with(coding, name), Seen::ByBuiltIn),
        });
    }
    let unshared = model.into_iter().zip(alone).filter(|(_, alone)| *alone);
    out.extend(unshared.map(|(coding, _)| (alone_with(coding, "the built-in engine"), Seen::ByModel)));
    out.sort_by(|(a, _), (b, _)| {
        (a.turn, a.sentences.start, &a.category).cmp(&(b.turn, b.sentences.start, &b.category))
    });
    out
}

/// A proposal that another engine does not make.
fn alone_with(coding: Coding, silent: &str) -> Coding {
    let confidence = Confidence::new(coding.confidence.value() * ALONE);
    let less = log_odds(confidence) - log_odds(coding.confidence);
    let mut reasons = coding.reasons;
    reasons.push(Reason::of_silence(silent, less as f32));
    Coding { confidence, reasons, ..coding }
}

#[cfg(test)]
mod tests {
    use klantreis_study::{Category, Emotion, PhaseId, Reason, Status};

    use super::*;

    fn coding(category: Category, sentences: std::ops::Range<usize>, confidence: f32) -> Coding {
        Coding {
            turn: 1,
            sentences,
            category,
            code: None,
            phase: PhaseId::new("vooraf").unwrap(),
            touchpoint: None,
            emotion: Emotion::default(),
            confidence: Confidence::new(confidence),
            status: Status::Auto,
            reasons: vec![Reason { label: "x".to_owned(), weight: 1.0 }],
        }
    }

    fn of_model(coding: Coding) -> Coding {
        Coding { reasons: vec![Reason::of_model("proef:8b", "zomaar")], ..coding }
    }

    #[test]
    fn where_the_model_did_not_answer_nothing_is_surer_or_in_doubt() {
        let lone = coding(Category::pain(), 0..2, 0.5);
        assert_eq!(merge(vec![lone.clone()], vec![lone.clone()], "proef:8b"), [(lone, Seen::Unasked)]);
    }

    #[test]
    fn agreement_raises_the_confidence_and_a_lone_proposal_is_in_doubt() {
        let (pain, gain) = (Category::pain(), Category::gain());
        let found = merge(
            vec![coding(pain.clone(), 0..2, 0.5), coding(gain.clone(), 3..4, 0.5)],
            vec![of_model(coding(pain, 1..3, 0.6)), of_model(coding(gain, 5..6, 0.6))],
            "proef:8b",
        );
        let seen: Vec<Seen> = found.iter().map(|(_, seen)| *seen).collect();
        assert_eq!(seen, [Seen::ByBoth, Seen::ByBuiltIn, Seen::ByModel]);
        for ((coding, _), expected) in found.iter().zip([0.8, 0.35, 0.42]) {
            assert!((coding.confidence.value() - expected).abs() < 1e-6, "{coding:?}");
        }
        assert_eq!(found[0].0.reasons.len(), 2);
        let silent = |n: usize| found[n].0.reasons.iter().find_map(|reason| reason.silent_engine());
        assert_eq!([silent(0), silent(1), silent(2)], [None, Some("proef:8b"), Some("the built-in engine")]);
        assert!(found[1].0.is_disputed() && found[1].0.reasons.iter().any(|reason| reason.weight < 0.0));
    }
}
