//! What the quotes of a cell have in common, to give a name of people's own.

use std::{collections::HashMap, sync::Arc};

use klantreis_aggregation::{Theme, journey};
use klantreis_study::{Category, Codebook, CodedTranscript, PhaseId, Quote, Study, numbered_quotes};

/// Quotes up to which themes are worked out while someone waits for the page; with more they stand in the report.
const MOST: usize = 5_000;

/// A coding, by the numbers of its interview and in it.
pub type Place = (usize, usize);

/// The themes of all codings that have no name yet.
#[derive(Default)]
pub struct Themes {
    themes: Vec<Theme>,
    places: HashMap<String, Place>,
}

impl Themes {
    /// Looks for themes in coded interviews; none where there are too many quotes.
    pub fn of(study: &Study, codebook: &Codebook, coded: &[Arc<CodedTranscript>]) -> Self {
        let (mut quotes, mut places): (Vec<Quote>, _) = (Vec::new(), HashMap::new());
        for (t, interview) in coded.iter().enumerate() {
            for (n, quote) in numbered_quotes(interview) {
                places.insert(quote.id.clone(), (t, n));
                quotes.push(quote);
            }
            if quotes.len() > MOST {
                return Self::default();
            }
        }
        let mut themes = journey(study, codebook, &quotes, &[]).themes.themes;
        themes.retain(|theme| theme.code.is_none() && theme.n_quotes > 1);
        Self { themes, places }
    }

    /// The themes of a cell with their quotes, those of the most interviews first.
    pub fn cell<'a>(
        &'a self,
        phase: &'a PhaseId,
        category: &'a Category,
    ) -> impl Iterator<Item = (&'a Theme, Vec<Place>)> + 'a {
        let here = self.themes.iter().filter(move |theme| theme.phase == *phase && theme.category == *category);
        here.map(|theme| (theme, theme.quote_ids.iter().filter_map(|id| self.places.get(id).copied()).collect()))
    }
}
