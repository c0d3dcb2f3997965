//! Asks for every window of every interview, a few at a time, and makes the best of what comes.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use klantreis_study::{Codebook, Coding, Engine, Study, Transcript};

use crate::{
    answer::{Answer, parse},
    cache::Cache,
    client::{AskError, Client, is_loopback},
    examples::Examples,
    prompt::Prompt,
    window::{Window, windows},
};

/// Why nothing can be asked.
#[derive(Debug, thiserror::Error)]
pub enum LlmError {
    /// Another machine, which the study does not allow.
    #[error(
        "{0} is another machine, to which the interviews would be sent; if your organisation allows that, set \
         `allow_remote = true` under [engine] in klantreis.toml, and `pseudonymise = true` to keep names at home"
    )]
    Remote(String),
    /// No answer at all.
    #[error(transparent)]
    Ask(#[from] AskError),
}

/// What a run would ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Requests to be made.
    pub requests: usize,
    /// Windows whose answer is kept already.
    pub kept: usize,
    /// Tokens to be sent, about.
    pub sent: usize,
    /// Tokens to be received, about.
    pub received: usize,
}

/// Letters of Dutch to a token, about, in the tokenisers of today's models.
const LETTERS_A_TOKEN: usize = 3;
/// Tokens of an answer for each sentence, about: every second sentence is coded, in some forty tokens.
const TOKENS_A_SENTENCE: usize = 20;

/// What came of asking.
#[derive(Debug, Default)]
pub struct Proposed {
    /// The codings of each interview.
    pub codings: Vec<Vec<Coding>>,
    /// Requests made.
    pub requests: usize,
    /// Windows whose answer was kept from before.
    pub kept: usize,
    /// What of the answers was left out: the interview's file and why.
    pub dropped: Vec<(String, String)>,
    /// What was left to the built-in engine: the interview's file, the first turn (from 1) and why.
    pub left: Vec<(String, usize, String)>,
}

/// Windows of so few sentences are not asked again in halves.
const SMALLEST: usize = 6;

/// Asks one model about the interviews of one study.
pub struct Asking<'a> {
    study: &'a Study,
    codebook: &'a Codebook,
    engine: &'a Engine,
    examples: &'a Examples,
    cache: &'a Cache,
    prompt: Prompt,
    client: Client,
    requests: AtomicUsize,
    kept: AtomicUsize,
    /// The server is gone, or lets nobody in, or is not to be asked: what is not kept is left.
    gone: AtomicBool,
}

/// What came of one window.
#[derive(Default)]
struct Part {
    answer: Answer,
    left: Vec<(usize, String)>,
    error: Option<AskError>,
}

/// A window of an interview, by its place in the list.
type Job = (usize, Window);

impl<'a> Asking<'a> {
    /// Gets ready to ask; asks nothing yet.
    pub fn new(
        study: &'a Study,
        codebook: &'a Codebook,
        engine: &'a Engine,
        examples: &'a Examples,
        cache: &'a Cache,
    ) -> Self {
        Self {
            study,
            codebook,
            engine,
            examples,
            cache,
            prompt: Prompt::new(study, codebook),
            client: Client::new(engine),
            requests: AtomicUsize::new(0),
            kept: AtomicUsize::new(0),
            gone: AtomicBool::new(false),
        }
    }

    /// Counts what would be asked.
    pub fn plan(&self, interviews: &[&Transcript]) -> Plan {
        let mut plan = Plan::default();
        for transcript in interviews {
            for window in windows(transcript, self.engine.window) {
                let messages = self.prompt.messages(&window, transcript, self.examples);
                if self.cache.get(&key(self.engine, &messages)).is_some() {
                    plan.kept += 1;
                    continue;
                }
                plan.requests += 1;
                plan.sent += messages.iter().map(|m| m.content.chars().count()).sum::<usize>() / LETTERS_A_TOKEN;
                plan.received += window.lines.len() * TOKENS_A_SENTENCE;
            }
        }
        plan
    }

    /// Asks the model about interviews, each given with what the built-in engine proposes for it. `done` is called once a
    /// window.
    ///
    /// # Errors
    ///
    /// If the endpoint is another machine that is not allowed, or if there was no answer to anything.
    pub fn propose(
        self,
        interviews: &[(&Transcript, &[Coding])],
        done: &(dyn Fn() + Sync),
    ) -> Result<Proposed, LlmError> {
        if !self.engine.allow_remote && !is_loopback(&self.engine.endpoint) {
            return Err(LlmError::Remote(self.engine.endpoint.clone()));
        }
        let jobs = self.jobs(interviews);
        let next = AtomicUsize::new(0);
        let parts: Mutex<Vec<Part>> = Mutex::new(jobs.iter().map(|_| Part::default()).collect());
        thread::scope(|scope| {
            for _ in 0..self.engine.max_parallel.clamp(1, jobs.len().max(1)) {
                scope.spawn(|| {
                    while let Some((n, job)) = numbered(&jobs, next.fetch_add(1, Ordering::Relaxed)) {
                        let part = self.window(interviews[job.0], &job.1);
                        parts.lock().unwrap_or_else(PoisonError::into_inner)[n] = part;
                        done();
                    }
                });
            }
        });
        let parts = parts.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.collect(interviews, &jobs, parts)
    }

    /// What is kept of the answers, and the built-in engine's codings where there is none. Asks nothing.
    ///
    /// # Errors
    ///
    /// None that [`propose`](Self::propose) would not have had before.
    pub fn kept(self, interviews: &[(&Transcript, &[Coding])]) -> Result<Proposed, LlmError> {
        self.gone.store(true, Ordering::Relaxed);
        let jobs = self.jobs(interviews);
        let parts = jobs.iter().map(|(n, window)| self.window(interviews[*n], window)).collect();
        self.collect(interviews, &jobs, parts)
    }

    fn jobs(&self, interviews: &[(&Transcript, &[Coding])]) -> Vec<Job> {
        let of = |(n, (transcript, _)): (usize, &(&Transcript, &[Coding]))| {
            windows(transcript, self.engine.window).into_iter().map(move |window| (n, window))
        };
        interviews.iter().enumerate().flat_map(of).collect()
    }

    /// Puts the parts together in the order of the windows, whichever came first.
    fn collect(
        self,
        interviews: &[(&Transcript, &[Coding])],
        jobs: &[Job],
        parts: Vec<Part>,
    ) -> Result<Proposed, LlmError> {
        let mut out = Proposed {
            codings: vec![Vec::new(); interviews.len()],
            requests: self.requests.into_inner(),
            kept: self.kept.into_inner(),
            ..Proposed::default()
        };
        let mut answered = false;
        let mut error = None;
        for ((interview, _), part) in jobs.iter().zip(parts) {
            let file = &interviews[*interview].0.file;
            answered |= part.left.is_empty();
            error = error.or(part.error);
            out.codings[*interview].extend(part.answer.codings);
            out.dropped.extend(part.answer.dropped.into_iter().map(|why| (file.clone(), why)));
            out.left.extend(part.left.into_iter().map(|(turn, why)| (file.clone(), turn + 1, why)));
        }
        if let Some(error) = error.filter(|_| !answered) {
            return Err(error.into());
        }
        for codings in &mut out.codings {
            codings.sort_by(|a, b| {
                (a.turn, a.sentences.start, &a.category).cmp(&(b.turn, b.sentences.start, &b.category))
            });
            codings.dedup_by(|a, b| (a.turn, &a.sentences, &a.category) == (b.turn, &b.sentences, &b.category));
        }
        Ok(out)
    }

    fn window(&self, (transcript, built_in): (&Transcript, &[Coding]), window: &Window) -> Part {
        let messages = self.prompt.messages(window, transcript, self.examples);
        let key = key(self.engine, &messages);
        let read = |text: &str| parse(text, window, self.study, self.codebook, &self.engine.model);
        if let Some(Ok(answer)) = self.cache.get(&key).map(|text| read(&text)) {
            self.kept.fetch_add(1, Ordering::Relaxed);
            return Part { answer, ..Part::default() };
        }
        let small = window.lines.len() <= SMALLEST;
        let why = if self.gone.load(Ordering::Relaxed) {
            "there is no answer".to_owned()
        } else {
            self.requests.fetch_add(1, Ordering::Relaxed);
            match self.client.ask(self.engine, &messages, &self.prompt.schema) {
                Ok(text) => match read(&text) {
                    Ok(answer) => {
                        self.cache.put(&key, &self.engine.model, &text);
                        return Part { answer, ..Part::default() };
                    }
                    Err(unusable) => unusable.to_string(),
                },
                Err(error) if error.is_final() => {
                    self.gone.store(true, Ordering::Relaxed);
                    return Part { error: Some(error), ..leave(built_in, window, "the server is gone".to_owned()) };
                }
                Err(error) => error.to_string(),
            }
        };
        // Also where nothing is asked: the halves may have been answered when the whole was not.
        match window.halves().filter(|_| !small) {
            Some([a, b]) => {
                let (mut a, b) = (self.window((transcript, built_in), &a), self.window((transcript, built_in), &b));
                a.answer.codings.extend(b.answer.codings);
                a.answer.dropped.extend(b.answer.dropped);
                a.left.extend(b.left);
                a.error = a.error.or(b.error);
                a
            }
            None => leave(built_in, window, why),
        }
    }
}

fn numbered(jobs: &[Job], n: usize) -> Option<(usize, &Job)> {
    jobs.get(n).map(|job| (n, job))
}

/// Leaves a window to the built-in engine.
fn leave(built_in: &[Coding], window: &Window, why: String) -> Part {
    let within =
        |c: &&Coding| window.lines.iter().any(|line| line.turn == c.turn && line.sentence == c.sentences.start);
    let codings = built_in.iter().filter(within).cloned().collect();
    let first = window.lines.first().map_or(0, |line| line.turn);
    Part { answer: Answer { codings, dropped: Vec::new() }, left: vec![(first, why)], error: None }
}

fn key(engine: &Engine, messages: &[crate::Message]) -> String {
    let words: Vec<&str> = messages.iter().flat_map(|m| [m.role, m.content.as_str()]).collect();
    let (temperature, seed) = (engine.temperature.to_string(), engine.seed.to_string());
    let mut parts = vec![engine.model.as_str(), &temperature, &seed];
    parts.extend(words);
    Cache::key(&parts)
}
