//! Which proposals teach most when people decide on them.

use klantreis_study::Coding;

/// Proposals in the order in which deciding on them teaches most. What two engines disagree on comes first; then what is
/// nearest to even odds (uncertainty sampling, Lewis & Gale 1994); of both, one from each interview after another, so that no
/// single person teaches all. `of` gives a proposal's interview and its coding.
pub fn most_in_doubt<'c, T>(proposals: Vec<T>, of: impl Fn(&T) -> (usize, &'c Coding)) -> Vec<T> {
    let doubt = |coding: &Coding| (coding.confidence.value() - 0.5).abs();
    let mut ranked: Vec<(bool, usize, f32, T)> = proposals
        .into_iter()
        .map(|proposal| {
            let (interview, coding) = of(&proposal);
            (!coding.is_disputed(), interview, doubt(coding), proposal)
        })
        .collect();
    ranked.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
    // From its interview to its place among those of the interview.
    let (mut last, mut place) = (None, 0);
    for (agreed, interview, ..) in &mut ranked {
        let of = Some((*agreed, *interview));
        place = if of == last { place + 1 } else { 0 };
        last = of;
        *interview = place;
    }
    ranked.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
    ranked.into_iter().map(|(.., proposal)| proposal).collect()
}

#[cfg(test)]
mod tests {
    use klantreis_study::{Confidence, Reason};

    use super::*;
    use crate::test::coding;

    #[test]
    fn disputes_come_first_then_doubt_one_interview_after_another() {
        let with = |confidence: f32, disputed: bool| {
            let silence = Reason::of_silence("proef:8b", -0.5);
            let reasons = if disputed { vec![silence] } else { Vec::new() };
            Coding { confidence: Confidence::new(confidence), reasons, ..coding(1, 0..1, "pijnpunt") }
        };
        let all = [
            (0, with(0.52, false)),
            (0, with(0.55, false)),
            (1, with(0.9, false)),
            (1, with(0.95, true)),
            (2, with(0.1, true)),
        ];
        let order = most_in_doubt((0..all.len()).collect(), |n| (all[*n].0, &all[*n].1));
        assert_eq!(order, [4, 3, 0, 2, 1]);
    }
}
