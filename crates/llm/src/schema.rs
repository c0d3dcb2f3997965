//! The form of an answer, as a JSON Schema.
//!
//! Servers that hold a model to a schema have it write the members of an object in the order in which the schema names
//! them, so that order is kept: first which sentences, then what they tell.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

/// JSON whose objects keep the order of their members, which those of [`Value`] do not.
#[derive(Debug)]
pub enum Schema {
    Leaf(Value),
    Object(Vec<(&'static str, Schema)>),
}

impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Leaf(value) => value.serialize(serializer),
            Self::Object(members) => serializer.collect_map(members.iter().map(|(name, value)| (name, value))),
        }
    }
}

impl Schema {
    /// An answer: a list of codings of some of the `sentences` of a window, with one of these categories and phases, and one
    /// of these touchpoints or none.
    pub fn of_codings(sentences: usize, categories: &[&str], phases: &[&str], touchpoints: &[&str]) -> Self {
        let touchpoints: Vec<Value> = touchpoints.iter().map(|t| json!(t)).chain([Value::Null]).collect();
        let coding = object(vec![
            (
                "sentences",
                Self::Leaf(
                    json!({ "type": "array", "items": { "type": "integer", "minimum": 1, "maximum": sentences } }),
                ),
            ),
            ("category", Self::Leaf(json!({ "enum": categories }))),
            ("code", Self::Leaf(json!({ "type": ["string", "null"] }))),
            ("phase", Self::Leaf(json!({ "enum": phases }))),
            ("touchpoint", Self::Leaf(json!({ "enum": touchpoints }))),
            ("emotion", Self::Leaf(json!({ "type": "integer", "minimum": -2, "maximum": 2 }))),
            ("reason", Self::Leaf(json!({ "type": "string" }))),
        ]);
        object(vec![("codings", Self::Object(vec![("type", Self::Leaf(json!("array"))), ("items", coding)]))])
    }
}

/// An object with all of these members and no others.
fn object(members: Vec<(&'static str, Schema)>) -> Schema {
    let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    Schema::Object(vec![
        ("type", Schema::Leaf(json!("object"))),
        ("additionalProperties", Schema::Leaf(json!(false))),
        ("required", Schema::Leaf(json!(names))),
        ("properties", Schema::Object(members)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentences_come_first() {
        let text = serde_json::to_string(&Schema::of_codings(24, &["pijnpunt"], &["vooraf"], &[])).unwrap();
        let at = |name: &str| text.rfind(&format!("\"{name}\":")).unwrap();
        let order = ["sentences", "category", "code", "phase", "touchpoint", "emotion", "reason"];
        assert!(order.windows(2).all(|pair| at(pair[0]) < at(pair[1])), "{text}");
        assert!(text.contains(r#""touchpoint":{"enum":[null]}"#), "{text}");
    }
}
