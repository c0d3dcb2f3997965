//! A server that speaks the OpenAI-compatible protocol, answers by a rule, and fails in all the ways that servers fail.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::{Value, json};

/// A server that answers by a rule.
pub struct Server {
    pub endpoint: String,
    /// What was asked, in the order in which it came.
    pub asked: Arc<Mutex<Vec<Value>>>,
    /// The most requests that were open at the same time.
    pub most: Arc<AtomicUsize>,
}

/// A status, a head, and the body.
pub type Answer = (u16, &'static str, String);

/// What the server sends back for the n-th request.
type Rule = dyn Fn(usize, &Value) -> Answer + Send + Sync;

/// Hangs up instead of answering.
pub const HANGS_UP: u16 = 0;

impl Server {
    pub fn start(rule: impl Fn(usize, &Value) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}/v1", listener.local_addr().unwrap());
        let (asked, most) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
        let (rule, open): (Arc<Rule>, _) = (Arc::new(rule), Arc::new(AtomicUsize::new(0)));
        let (all, top) = (asked.clone(), most.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (rule, all, top, open) = (rule.clone(), all.clone(), top.clone(), open.clone());
                thread::spawn(move || {
                    // A request is over before its answer goes out: with the answer in hand the next one may come.
                    let counted = |n: usize, body: &Value| {
                        top.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        let answer = rule(n, body);
                        open.fetch_sub(1, Ordering::SeqCst);
                        answer
                    };
                    let _ = serve(stream.unwrap(), &all, counted);
                });
            }
        });
        Self { endpoint, asked, most }
    }

    pub fn requests(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

fn serve(stream: TcpStream, all: &Mutex<Vec<Value>>, rule: impl Fn(usize, &Value) -> Answer) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut length, mut line) = (0, String::new());
    reader.read_line(&mut line)?;
    assert!(line.starts_with("POST /v1/chat/completions "), "{line}");
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body: Value = serde_json::from_slice(&body).unwrap();
    let n = {
        let mut all = all.lock().unwrap();
        all.push(body.clone());
        all.len() - 1
    };
    let (status, head, answer) = rule(n, &body);
    if status == HANGS_UP {
        return Ok(());
    }
    let mut stream = stream;
    write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n{head}\r\n{answer}", answer.len())
}

/// Tokens that this server counts for each question and each answer.
pub const TOKENS: (u64, u64) = (4000, 100);

/// A body of the protocol around what the model says.
pub fn says(content: &str) -> Answer {
    let body = json!({ "choices": [{ "index": 0, "message": { "role": "assistant", "content": content } }],
                       "usage": { "prompt_tokens": TOKENS.0, "completion_tokens": TOKENS.1 } });
    (200, "content-type: application/json\r\n", body.to_string())
}

/// The numbered sentences of a question.
pub fn numbered(body: &Value) -> Vec<(u64, String)> {
    let text = body["messages"].as_array().unwrap().last().unwrap()["content"].as_str().unwrap();
    text.lines()
        .filter_map(|line| {
            let (number, text) = line.strip_prefix('[')?.split_once("] ")?;
            Some((number.parse().ok()?, text.to_owned()))
        })
        .collect()
}
