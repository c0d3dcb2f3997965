//! What the cells of the map tell of: the same, in the same order and under the same names, in every output that people read.

use klantreis_aggregation::{Cell, Journey, PhaseJourney};
use klantreis_study::Quote;

/// Interviews from which a theme is shown: read by hand, most themes of two interviews shared a word by chance, most of three
/// were about the same thing.
const HELD: usize = 3;

/// What a topic is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// The words that its quotes have in common.
    Theme,
    /// A code.
    Code,
    /// Nothing: quotes that have no code.
    Unnamed,
}

/// Something that is told of in a phase, with the quotes that it rests on.
pub struct Topic<'a> {
    pub known: Known,
    pub label: &'a str,
    pub n_quotes: usize,
    pub n_interviews: usize,
    pub quote_ids: &'a [String],
    /// The most typical quotes.
    pub typical: &'a [Quote],
}

/// The topics of a cell: themes in people's own words, which say what it is about; then codes, which say of what kind it is; last
/// what has no name yet.
pub fn topics<'a>(journey: &'a Journey, phase: &'a PhaseJourney, cell: &'a Cell) -> Vec<Topic<'a>> {
    let themes = journey.themes.of(&phase.phase.id, &cell.category);
    let themes = themes.filter(|t| t.code.is_none() && t.n_interviews >= HELD).map(|t| Topic {
        known: Known::Theme,
        label: &t.label,
        n_quotes: t.n_quotes,
        n_interviews: t.n_interviews,
        quote_ids: &t.quote_ids,
        typical: &t.typical,
    });
    let codes = cell.items.iter().map(|item| Topic {
        known: if item.code.is_some() { Known::Code } else { Known::Unnamed },
        label: &item.label,
        n_quotes: item.n_quotes,
        n_interviews: item.n_interviews,
        quote_ids: &item.quote_ids,
        typical: &item.typical,
    });
    themes.chain(codes).collect()
}

#[cfg(test)]
mod tests {
    use klantreis_aggregation::journey;
    use klantreis_study::{Codebook, Quote};

    use super::*;
    use crate::sample;

    #[test]
    fn themes_come_first_then_codes_and_last_what_has_no_name() {
        let (study, sample) = sample::study();
        let of = |name: &str, n: usize, text: &str, coded: bool| Quote {
            id: format!("{name}:{n}p"),
            interview: name.to_owned(),
            quote: text.to_owned(),
            code: sample[0].code.clone().filter(|_| coded),
            ..sample[0].clone()
        };
        let mut quotes = Vec::new();
        for (n, name) in ["a", "b", "c", "d"].into_iter().enumerate() {
            quotes.push(of(name, 1, "Het wachtwoord van de website was ik kwijt.", false));
            quotes.push(of(
                name,
                2,
                ["Het regende hard.", "De bus reed niet.", "Mijn bril is stuk.", "De deur klemde."][n],
                n > 1,
            ));
        }
        let journey = journey(&study, &Codebook::default(), &quotes, &[]);
        let phase = &journey.phases[0];
        let cell = phase.cells.iter().find(|c| c.n_quotes > 0).unwrap();
        let found: Vec<(Known, &str, usize)> =
            topics(&journey, phase, cell).iter().map(|t| (t.known, t.label, t.n_interviews)).collect();
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].0 == Known::Theme && found[0].1.contains("wachtwoord") && found[0].2 == 4, "{found:?}");
        assert_eq!(found[1..], [(Known::Code, "moeite", 2), (Known::Unnamed, "nog zonder naam", 4)]);
    }
}
