//! Impact statements: sentences that say what has changed in people.

use klantreis_study::{Code, Codebook, CodedTranscript, ImpactStatement, quotes};
use klantreis_text::Stemmer;

use crate::{
    cue::{Cue, CueError},
    matcher::Matcher,
    words::Words,
};

const BUILT_IN: &str = include_str!("../../../data/codebooks/impact.toml");

/// The built-in codebook of impact after Oomes (2015): gedrag, kennis, vaardigheden, houding, levenssituatie.
pub fn impact_codebook() -> Result<Codebook, String> {
    Codebook::parse(BUILT_IN)
}

/// Finds impact statements by cues.
pub struct Impact {
    codes: Vec<Code>,
    of: Vec<(usize, String)>,
    matcher: Matcher,
}

impl Impact {
    /// Compiles the cues; those that can't be read are left out and returned.
    pub fn new(codebook: Codebook) -> (Self, Vec<CueError>) {
        let mut stemmer = Stemmer::dutch();
        let (mut of, mut cues, mut errors) = (Vec::new(), Vec::new(), Vec::new());
        for (n, code) in codebook.codes.iter().enumerate() {
            for text in &code.cues {
                match Cue::parse(text, &mut stemmer) {
                    Ok(cue) => {
                        of.push((n, text.clone()));
                        cues.push(cue);
                    }
                    Err(error) => errors.push(error),
                }
            }
        }
        (Self { codes: codebook.codes, of, matcher: Matcher::new(cues) }, errors)
    }

    /// The impact statements of respondents, in the order of the talk; of each code one a sentence.
    pub fn find(&self, coded: &CodedTranscript, words: &mut Words) -> Vec<ImpactStatement> {
        let rows = quotes(coded);
        let (mut out, mut found) = (Vec::new(), Vec::new());
        for (t, turn) in coded.transcript.respondent_turns() {
            for (s, range) in turn.sentences.iter().enumerate() {
                let text = &turn.text[range.clone()];
                self.matcher.find(&words.sentence(text), &mut found);
                let mut told: Vec<usize> = Vec::new();
                for hit in found.iter().filter(|m| !m.negated) {
                    let (n, cue) = &self.of[hit.cue];
                    if told.contains(n) {
                        continue;
                    }
                    told.push(*n);
                    let here = coded.codings.iter().zip(&rows).filter(|(c, _)| c.turn == t);
                    let covering = here.clone().filter(|(c, _)| c.sentences.contains(&s));
                    let near = here.min_by_key(|(c, _)| c.sentences.start.abs_diff(s)).map(|(c, _)| c.phase.clone());
                    out.push(ImpactStatement {
                        code: self.codes[*n].id.clone(),
                        label: self.codes[*n].label.clone(),
                        cue: cue.clone(),
                        interview: coded.transcript.interview.clone(),
                        turn: turn.number,
                        phase: covering.clone().next().map(|(c, _)| c.phase.clone()).or(near),
                        quote_ids: covering.map(|(_, row)| row.id.clone()).collect(),
                        sentence: text.to_owned(),
                    });
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use klantreis_study::{Role, Transcript, Turn};

    use super::*;

    fn said(text: &str) -> CodedTranscript {
        let turn = Turn {
            number: 1,
            speaker: "R".to_owned(),
            role: Role::Respondent,
            start: None,
            end: None,
            text: text.to_owned(),
            sentences: klantreis_text::sentences(text),
        };
        let transcript = Transcript {
            file: "a.txt".to_owned(),
            interview: "a".to_owned(),
            attributes: Default::default(),
            turns: vec![turn],
            problems: Vec::new(),
        };
        CodedTranscript { transcript, codings: Vec::new() }
    }

    #[test]
    fn change_is_found_and_its_absence_is_not() {
        let (impact, errors) = Impact::new(impact_codebook().unwrap());
        assert_eq!(errors.len(), 0, "{errors:?}");
        let coded = said("Ik durf nu te bellen. Het regende. Ik heb werk gevonden. Ik heb geen werk gevonden.");
        let found = impact.find(&coded, &mut Words::new());
        let told: Vec<&str> = found.iter().map(|s| s.code.as_str()).collect();
        assert_eq!(told, ["houding", "levenssituatie"]);
    }
}
