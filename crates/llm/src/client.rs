//! One request of the OpenAI-compatible protocol: `POST …/chat/completions`.

use std::{env, thread::sleep, time::Duration};

use klantreis_study::Engine;
use serde_json::{Value, json};

use crate::prompt::Message;

/// Speaks to one endpoint.
pub struct Client {
    agent: ureq::Agent,
    url: String,
    key: Option<String>,
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
    #[error("what came back is no answer of the protocol: {0}")]
    Protocol(String),
}

impl AskError {
    /// Whether nothing will come of asking anything else either.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::NoServer { .. } | Self::Refused { status: 401 | 403 | 404, .. })
    }
}

/// Times that a server which is busy or in trouble is asked again.
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
    /// A client of the study's endpoint. The key comes from the environment variable that the study names.
    pub fn new(engine: &Engine) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(engine.timeout)))
            .http_status_as_error(false)
            // Neither a redirect nor a proxy may take a request to another machine than the study names.
            .max_redirects(0)
            .proxy(None);
        let key = engine.key_env.as_ref().and_then(|name| env::var(name).ok());
        let url = format!("{}/chat/completions", engine.endpoint.trim_end_matches('/'));
        Self { agent: config.build().into(), url, key }
    }

    /// Asks, and asks again where the server is busy; returns what the model says.
    pub fn ask(&self, engine: &Engine, messages: &[Message], schema: &Value) -> Result<String, AskError> {
        let mut body = json!({
            "model": engine.model,
            "messages": messages,
            "temperature": engine.temperature,
            "seed": engine.seed,
            "stream": false,
            "response_format": {
                "type": "json_schema",
                "json_schema": { "name": "codings", "strict": true, "schema": schema },
            },
        });
        let mut times = 0;
        loop {
            match self.once(engine, &body) {
                // Some servers know no schemas: they get the prompt alone, which asks for JSON too.
                Err((AskError::Refused { status: 400 | 422, .. }, _)) if body.get("response_format").is_some() => {
                    body.as_object_mut().map(|o| o.remove("response_format"));
                }
                Err((AskError::Refused { status: 429 | 500..=599, .. }, wait)) if times < AGAIN => {
                    let backoff = Duration::from_millis(250 * 2u64.pow(times));
                    sleep(wait.unwrap_or(backoff).min(LONGEST));
                    times += 1;
                }
                Err((error, _)) => return Err(error),
                Ok(answer) => return Ok(answer),
            }
        }
    }

    fn once(&self, engine: &Engine, body: &Value) -> Result<String, (AskError, Option<Duration>)> {
        let mut request = self.agent.post(&self.url).content_type("application/json");
        if let Some(key) = &self.key {
            request = request.header("Authorization", format!("Bearer {key}"));
        }
        let failed = |error: ureq::Error| match error {
            ureq::Error::Timeout(_) => (AskError::TooLate { seconds: engine.timeout }, None),
            other => (AskError::NoServer { url: self.url.clone(), reason: other.to_string() }, None),
        };
        let mut response = request.send(body.to_string()).map_err(failed)?;
        let status = response.status().as_u16();
        let wait = response.headers().get("retry-after").and_then(|v| v.to_str().ok()?.parse().ok());
        let text = response.body_mut().read_to_string();
        if status != 200 {
            let body = text.unwrap_or_default().chars().take(200).collect();
            return Err((AskError::Refused { status, body }, wait.map(Duration::from_secs)));
        }
        let protocol = |why: String| (AskError::Protocol(why), None);
        let text = text.map_err(|error| match error {
            ureq::Error::Timeout(_) => (AskError::TooLate { seconds: engine.timeout }, None),
            other => protocol(other.to_string()),
        })?;
        let answer: Value = serde_json::from_str(&text).map_err(|error| protocol(error.to_string()))?;
        let content = answer.pointer("/choices/0/message/content").and_then(Value::as_str);
        content.map(ToOwned::to_owned).ok_or_else(|| protocol("no choices[0].message.content".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
