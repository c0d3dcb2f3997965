use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

/// Whether and how names and numbers are replaced: `pseudonymise = true`, or a table, which means true.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
pub struct Pseudonymise {
    /// Whether they are.
    pub on: bool,
    /// Places too.
    pub places: bool,
    /// Organisations too.
    pub organisations: bool,
    /// Words that are always a person's name.
    pub always: Vec<String>,
    /// Words that never are.
    pub never: Vec<String>,
}

/// The table as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default = "yes")]
    on: bool,
    #[serde(default)]
    places: bool,
    #[serde(default)]
    organisations: bool,
    #[serde(default)]
    always: Vec<String>,
    #[serde(default)]
    never: Vec<String>,
}

fn yes() -> bool {
    true
}

impl<'de> Deserialize<'de> for Pseudonymise {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BoolOrTable)
    }
}

struct BoolOrTable;

impl<'de> Visitor<'de> for BoolOrTable {
    type Value = Pseudonymise;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true, false, or a table such as {places = true, never = [\"Roos\"]}")
    }

    fn visit_bool<E>(self, on: bool) -> Result<Pseudonymise, E> {
        Ok(Pseudonymise { on, ..Pseudonymise::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Pseudonymise, A::Error> {
        let Table { on, places, organisations, always, never } = Table::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Pseudonymise { on, places, organisations, always, never })
    }
}

#[cfg(test)]
mod tests {
    use crate::Study;

    #[test]
    fn a_bool_or_a_table_says_whether_and_how() {
        let read = |text: &str| Study::parse(text).map(|s| s.pseudonymise);
        assert!(!read("").unwrap().on && read("pseudonymise = true").unwrap().on);
        let table = read("pseudonymise = {places = true, never = [\"Roos\"]}").unwrap();
        assert!(table.on && table.places && !table.organisations && table.never == ["Roos"]);
        assert!(read("pseudonymise = {plaatsen = true}").unwrap_err().contains("plaatsen"));
        assert!(read("pseudonymise = 3").unwrap_err().contains("true, false, or a table"));
    }
}
