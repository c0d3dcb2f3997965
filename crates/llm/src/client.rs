//! One request of the OpenAI-compatible protocol: `POST …/chat/completions`.

use std::{
    env,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    thread::sleep,
    time::Duration,
};

use klantreis_study::Engine;
use serde::Serialize;
use serde_json::Value;

use crate::{prompt::Message, schema::Schema};

/// Speaks to one endpoint.
pub struct Client {
    agent: ureq::Agent,
    url: String,
    key: Option<String>,
    /// The server has spoken once: that it does not now may pass.
    heard: AtomicBool,
    /// The server knows no schemas.
    plain: AtomicBool,
    /// The server has answered a question with a schema.
    knows_schemas: AtomicBool,
    /// What it said where it refused one.
    refusal: OnceLock<String>,
}

/// What a model says, with the tokens of question and answer if its server counts them.
#[derive(Debug)]
pub struct Said {
    /// Its words.
    pub text: String,
    /// Tokens sent and received.
    pub tokens: Option<(u64, u64)>,
    /// It was asked without a schema.
    pub plain: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Nobody listens, or the connection broke.
    #[error("{url}: no answer ({reason}); is the program that runs the model started, and is `endpoint` right?")]
    NoServer {
        /// Where it was asked.
        url: String,
        /// The system's reason.
        reason: String,
    },
    /// The study names an environment variable for the key, and it is not there.
    #[error(
        "`key_env` under [engine] names the environment variable {0}, which is not set; set it to the server's key"
    )]
    NoKey(String),
    /// It took too long.
    #[error("no answer within the `timeout` of {seconds} s; make it longer, or `window` smaller")]
    TooLate {
        /// How long it was waited for.
        seconds: u64,
    },
    /// The server refuses.
    #[error("the server says {status}: {body}")]
    Refused {
        /// HTTP's status.
        status: u16,
        /// The first words of what it says.
        body: String,
    },
    /// What came back is not of this protocol.
    #[error("what came back is no answer of the protocol: {0}; is `endpoint` right? It usually ends in /v1")]
    Protocol(String),
    /// The server's own words, in the place of an answer.
    #[error("the server says: {0}")]
    Says(String),
}

impl AskError {
    /// Whether nothing will come of asking anything else either.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::NoServer { .. } | Self::NoKey(_) | Self::Refused { status: 401 | 403 | 404, .. })
    }
}

/// Times that a server which is busy, in trouble or gone for a moment is asked again.
const AGAIN: u32 = 4;
/// Longest wait between two times.
const LONGEST: Duration = Duration::from_secs(30);

/// Whether an endpoint is on this machine. An address with a name before it (`http://127.0.0.1@elsewhere/`) is not.
pub fn is_loopback(endpoint: &str) -> bool {
    let Some((scheme, rest)) = endpoint.split_once("://") else { return false };
    if !matches!(scheme, "http" | "https") || rest.contains(['@', '\\']) {
        return false;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host.eq_ignore_ascii_case("localhost") || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl Client {
    /// A client of the study's endpoint. The key comes from the environment variable that the study names. `schemas` is
    /// whether the server has been found to know schemas, or not to.
    pub fn new(engine: &Engine, schemas: Option<bool>) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(engine.timeout)))
            .http_status_as_error(false)
            // Neither a redirect nor a proxy may take a request to another machine than the study names.
            .max_redirects(0)
            .proxy(None);
        Self {
            agent: config.build().into(),
            url: format!("{}/chat/completions", engine.endpoint.trim_end_matches('/')),
            // Keys come out of files with a line end behind them.
            key: engine.key_env.as_ref().and_then(|name| Some(env::var(name).ok()?.trim().to_owned())),
            heard: AtomicBool::new(false),
            plain: AtomicBool::new(schemas == Some(false)),
            knows_schemas: AtomicBool::new(schemas == Some(true)),
            refusal: OnceLock::new(),
        }
    }

    /// Asks, and asks again where the server is busy or gone for a moment.
    pub fn ask(&self, engine: &Engine, messages: &[Message], schema: &Schema) -> Result<Said, AskError> {
        if let Some(name) = &engine.key_env
            && self.key.as_ref().is_none_or(String::is_empty)
        {
            return Err(AskError::NoKey(name.clone()));
        }
        let mut plain = self.plain.load(Ordering::Relaxed);
        let (mut times, mut refusal) = (0, None);
        loop {
            match self.once(engine, &Question::new(engine, messages, (!plain).then_some(schema))) {
                // Some servers know no schemas: they get the prompt alone, which asks for JSON too.
                Err((error @ AskError::Refused { status: 400 | 422 | 501, .. }, _)) if !plain => {
                    (plain, refusal) = (true, Some(error.to_string()));
                }
                Err((error, wait)) if times < self.again(&error) => {
                    let backoff = Duration::from_millis(250 * 2u64.pow(times));
                    sleep(wait.unwrap_or(backoff).min(LONGEST));
                    times += 1;
                }
                // Others fall over them: once without, before it is given up.
                Err((error @ AskError::Refused { status: 500..=599, .. }, _))
                    if !plain && !self.knows_schemas.load(Ordering::Relaxed) =>
                {
                    (plain, refusal) = (true, Some(error.to_string()));
                }
                Err((error, _)) => return Err(error),
                Ok(said) => {
                    self.plain.store(plain, Ordering::Relaxed);
                    self.knows_schemas.fetch_or(!plain, Ordering::Relaxed);
                    if let Some(refusal) = refusal {
                        let _ = self.refusal.set(refusal);
                    }
                    return Ok(Said { plain, ..said });
                }
            }
        }
    }

    /// What the server said where it refused a schema and then answered without.
    pub fn refusal(&self) -> Option<&str> {
        self.refusal.get().map(String::as_str)
    }

    /// How often a question is asked again that met with an error. A server that was never there will not be soon, and one
    /// that fails over a question (500) fails over it a third time too.
    fn again(&self, error: &AskError) -> u32 {
        match error {
            AskError::Refused { status: 500, .. } => 1,
            AskError::Refused { status: 429 | 501..=599, .. } => AGAIN,
            AskError::NoServer { .. } if self.heard.load(Ordering::Relaxed) => AGAIN,
            _ => 0,
        }
    }

    /// One request. An error comes with how long the server asks to wait.
    fn once(&self, engine: &Engine, question: &Question<'_>) -> Result<Said, (AskError, Option<Duration>)> {
        let mut request = self.agent.post(&self.url).content_type("application/json");
        if let Some(key) = &self.key {
            request = request.header("Authorization", format!("Bearer {key}"));
        }
        let failed = |error: ureq::Error| match error {
            ureq::Error::Timeout(_) => (AskError::TooLate { seconds: engine.timeout }, None),
            other => (AskError::NoServer { url: self.url.clone(), reason: other.to_string() }, None),
        };
        let body = serde_json::to_string(question).map_err(|error| (AskError::Protocol(error.to_string()), None))?;
        let mut response = request.send(body).map_err(failed)?;
        self.heard.store(true, Ordering::Relaxed);
        let status = response.status().as_u16();
        let wait = response.headers().get("retry-after").and_then(|v| v.to_str().ok()?.parse().ok());
        let text = response.body_mut().read_to_string();
        if status != 200 {
            let body = first_words(&text.unwrap_or_default());
            return Err((AskError::Refused { status, body }, wait.map(Duration::from_secs)));
        }
        let text = text.map_err(|error| match error {
            ureq::Error::Timeout(_) | ureq::Error::Io(_) => failed(error),
            other => (AskError::Protocol(other.to_string()), None),
        })?;
        said(&text).map_err(|error| (error, None))
    }
}

/// A question of the protocol.
#[derive(Serialize)]
struct Question<'a> {
    model: &'a str,
    temperature: f64,
    seed: u64,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<Format<'a>>,
    messages: &'a [Message],
}

/// That the answer has to be of a form.
#[derive(Serialize)]
struct Format<'a> {
    r#type: &'static str,
    json_schema: Named<'a>,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'static str,
    strict: bool,
    schema: &'a Schema,
}

impl<'a> Question<'a> {
    fn new(engine: &'a Engine, messages: &'a [Message], schema: Option<&'a Schema>) -> Self {
        let named = |schema| Named { name: "codings", strict: true, schema };
        Self {
            model: &engine.model,
            temperature: engine.temperature,
            seed: engine.seed,
            stream: false,
            response_format: schema.map(|schema| Format { r#type: "json_schema", json_schema: named(schema) }),
            messages,
        }
    }
}

/// What is said in an answer of the protocol. A model that thought aloud until its tokens were used up says nothing: that
/// is an answer too, an empty one.
fn said(text: &str) -> Result<Said, AskError> {
    let answer: Value =
        serde_json::from_str(text).map_err(|_| AskError::Protocol(format!("\"{}\"", first_words(text))))?;
    if let Some(error) = answer.get("error").filter(|error| !error.is_null()) {
        let message = error.get("message").unwrap_or(error);
        let message = message.as_str().map_or_else(|| message.to_string(), str::to_owned);
        return Err(AskError::Says(first_words(&message)));
    }
    let message = answer.pointer("/choices/0/message");
    let message = message.ok_or_else(|| AskError::Protocol(format!("no message in {}", first_words(text))))?;
    let tokens = |of: &str| answer.pointer(of).and_then(Value::as_u64);
    Ok(Said {
        text: message.get("content").and_then(Value::as_str).unwrap_or_default().to_owned(),
        tokens: tokens("/usage/prompt_tokens").zip(tokens("/usage/completion_tokens")),
        plain: false,
    })
}

/// As much of what a server says as fits in a message.
fn first_words(text: &str) -> String {
    const MOST: usize = 200;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > MOST { text.chars().take(MOST).chain(['…']).collect() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_in_the_place_of_an_answer_is_passed_on() {
        let error = |text: &str| said(text).unwrap_err().to_string();
        assert_eq!(
            error(r#"{"error": {"message": "model not found", "code": 7}}"#),
            "the server says: model not found"
        );
        assert_eq!(error(r#"{"error": "out of memory"}"#), "the server says: out of memory");
        let page = error("<!doctype html>\n<title>Hallo</title>");
        assert!(page.contains("\"<!doctype html> <title>") && page.contains("usually ends in /v1"), "{page}");
        assert!(error(r#"{"object": "list"}"#).contains("no message in"));
        let silent = r#"{"choices": [{"message": {"content": null}, "finish_reason": "length"}]}"#;
        assert_eq!(said(silent).unwrap().text, "");
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for here in ["http://127.0.0.1:11434/v1", "http://localhost/v1", "https://[::1]:8080", "http://127.1.2.3"] {
            assert!(is_loopback(here), "{here}");
        }
        for elsewhere in [
            "http://192.168.1.4/v1",
            "https://api.example.org/v1",
            "http://localhost.example.org",
            "http://127.0.0.1@example.org/",
            "http://127.0.0.1.example.org/",
            "file:///etc/passwd",
            "127.0.0.1:11434",
            "http://example.org\\@127.0.0.1/",
        ] {
            assert!(!is_loopback(elsewhere), "{elsewhere}");
        }
    }
}
