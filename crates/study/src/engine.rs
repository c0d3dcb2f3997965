use std::fmt;

use serde::{Deserialize, Serialize};

/// A language model of the researcher's own, which proposes codings beside the built-in engine or in its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engine {
    /// What it is.
    pub kind: EngineKind,
    /// The root of an OpenAI-compatible server: Ollama's, unless the study says otherwise.
    #[serde(default = "ollama")]
    pub endpoint: String,
    /// The model's name, as the server knows it.
    pub model: String,
    /// How much chance there is in its answers: none, for answers that can be repeated.
    #[serde(default)]
    pub temperature: f64,
    /// The seed of its chance.
    #[serde(default = "one")]
    pub seed: u64,
    /// Requests at the same time.
    #[serde(default = "two")]
    pub max_parallel: usize,
    /// Seconds to wait for an answer.
    #[serde(default = "minutes")]
    pub timeout: u64,
    /// Sentences that it sees at once.
    #[serde(default = "sentences")]
    pub window: usize,
    /// Whether interviews may be sent to another machine.
    #[serde(default)]
    pub allow_remote: bool,
    /// The environment variable that holds the key of the server; a key is never written in a file.
    #[serde(default)]
    pub key_env: Option<String>,
    /// What a million tokens cost, for `--dry-run`.
    #[serde(default)]
    pub price_per_mtoken: Option<f64>,
}

/// Sentences that a model can be shown at once: more than any keeps apart by their numbers.
const LARGEST_WINDOW: usize = 400;
/// Requests at the same time that no server on a laptop or in an office is made for.
const MOST_PARALLEL: usize = 256;

impl Engine {
    /// Says which value can't be, and what can.
    pub(crate) fn check(&self) -> Result<(), String> {
        let wrong = |field: &str, value: &dyn fmt::Display, can: &str| {
            Err(format!("`{field} = {value}` under [engine] can't be: give {can}"))
        };
        if self.model.trim().is_empty() {
            return wrong("model", &"\"\"", "the model's name, as its server knows it, such as \"llama3.1\"");
        }
        let host = ["http://", "https://"].into_iter().find_map(|scheme| self.endpoint.strip_prefix(scheme));
        if host.is_none_or(|host| host.is_empty() || host.starts_with(['/', ':'])) {
            let quoted = format!("\"{}\"", self.endpoint);
            return wrong("endpoint", &quoted, "the address of a server, such as \"http://127.0.0.1:11434/v1\"");
        }
        if !(0.0..=2.0).contains(&self.temperature) {
            return wrong("temperature", &self.temperature, "a number from 0 (no chance in the answers) to 2");
        }
        if !(1..=LARGEST_WINDOW).contains(&self.window) {
            return wrong("window", &self.window, &format!("1 to {LARGEST_WINDOW} sentences"));
        }
        if !(1..=MOST_PARALLEL).contains(&self.max_parallel) {
            return wrong(
                "max_parallel",
                &self.max_parallel,
                &format!("1 to {MOST_PARALLEL} requests at the same time"),
            );
        }
        if self.timeout == 0 {
            return wrong("timeout", &self.timeout, "the seconds to wait for an answer, at least 1");
        }
        let is_name = |name: &String| {
            let (first, all) = (name.starts_with(|c: char| !c.is_ascii_digit()), name.chars());
            first && all.into_iter().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        };
        if self.key_env.as_ref().is_some_and(|name| !is_name(name)) {
            // What stands there may be the key itself, which is not to be repeated on a screen.
            return Err(
                "`key_env` under [engine] can't be that: give the name of an environment variable, in capitals, such \
                        as \"MY_KEY\"; the key itself never goes into a file"
                    .to_owned(),
            );
        }
        match self.price_per_mtoken {
            Some(price) if !price.is_finite() || price < 0.0 => {
                wrong("price_per_mtoken", &price, "what a million tokens costs: 0 or more")
            }
            _ => Ok(()),
        }
    }
}

/// Kinds of engines beside the built-in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EngineKind {
    /// A language model behind the OpenAI-compatible protocol.
    Llm,
}

fn ollama() -> String {
    "http://127.0.0.1:11434/v1".to_owned()
}

fn one() -> u64 {
    1
}

fn two() -> usize {
    2
}

fn minutes() -> u64 {
    180
}

fn sentences() -> usize {
    24
}
