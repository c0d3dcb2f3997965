//! What an entry says.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// What a lexicon entry says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Its class, such as `obstakel`.
    #[serde(borrow)]
    pub class: Cow<'static, str>,
    /// -3 … 3.
    pub valence: i8,
    /// How surely it alone points to its class, 0…1.
    pub strength: f32,
    /// The class as a feature: as it is, and negated.
    pub class_hash: [u64; 2],
}

impl Entry {
    /// Valence times strength; negation turns it and takes half away.
    pub fn force(&self, negated: bool) -> f32 {
        f32::from(self.valence) * self.strength * if negated { -0.5 } else { 1.0 }
    }
}
