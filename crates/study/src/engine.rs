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
