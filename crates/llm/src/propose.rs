//! Asks for every window of every interview, a few at a time, and makes the best of what comes.

use std::{
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

use klantreis_study::{Codebook, Coding, Engine, Study, Transcript};

use crate::{
    answer::{Answer, Unusable, parse},
    cache::{Cache, CacheError, Kept, Spent},
    client::{AskError, Client, is_loopback},
    examples::Examples,
    prompt::{Message, Prompt},
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
    /// Questions to be asked.
    pub requests: usize,
    /// Questions whose answer is kept already.
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
    /// Questions asked.
    pub requests: usize,
    /// Questions whose answer was kept from before.
    pub kept: usize,
    /// What all of the answers took, now or before.
    pub spent: Spent,
    /// What of the answers was left out: the interview's file and why.
    pub dropped: Vec<(String, String)>,
    /// What was left to the built-in engine.
    pub left: Vec<Left>,
    /// Why answers are not kept, if they are not.
    pub unkept: Option<CacheError>,
}

/// A part of an interview that is left to the built-in engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Place of the interview among those that were given.
    pub interview: usize,
    /// Why.
    pub why: String,
}

/// Windows of so few sentences are not asked again in halves.
const SMALLEST: usize = 6;
/// So many questions in a row without an answer in time, and the server is taken to hang.
const SILENT: usize = 4;
/// So many in a row that the server refuses, or answers with something else, each after some times: it won't go by itself.
const REFUSED: usize = 12;
/// Stands in the cache for the answer to a window that was too much for the model, and was asked in halves.
const HALVED: &str = "(asked in halves)";

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
    unkept: OnceLock<CacheError>,
    /// Questions that came to nothing (too late, refused, no answer of the protocol) since the last answer.
    in_vain: AtomicUsize,
    /// The server is gone, or lets nobody in, or is not to be asked: what is not kept is left.
    gone: AtomicBool,
}

/// An interview with what the built-in engine proposes for it.
type Interview<'a> = (&'a Transcript, &'a [Coding]);

/// A window of an interview, by its place in the list.
type Job = (usize, Window);

/// What came of one window.
#[derive(Default)]
struct Part {
    answer: Answer,
    spent: Spent,
    /// Some of it is the model's.
    answered: bool,
    /// Why parts of it are left.
    left: Vec<String>,
    error: Option<AskError>,
}

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
            unkept: OnceLock::new(),
            in_vain: AtomicUsize::new(0),
            gone: AtomicBool::new(false),
        }
    }

    /// Counts what would be asked.
    pub fn plan<'t>(&self, interviews: impl IntoIterator<Item = &'t Transcript>) -> Plan {
        let mut plan = Plan::default();
        for transcript in interviews {
            for window in windows(transcript, self.engine.window) {
                self.count(transcript, &window, &mut plan);
            }
        }
        plan
    }

    fn count(&self, transcript: &Transcript, window: &Window, plan: &mut Plan) {
        let messages = self.prompt.messages(window, transcript, self.examples);
        let kept = self.cache.get(&self.key(&messages)).map(|kept| self.read(&kept.text, window));
        match (kept, halves(window)) {
            (Some(Ok(answer)), _) => {
                plan.kept += 1;
                answer.rest.iter().for_each(|rest| self.count(transcript, rest, plan));
            }
            (Some(Err(_)), Some(halves)) => halves.iter().for_each(|half| self.count(transcript, half, plan)),
            _ => {
                plan.requests += 1;
                plan.sent += letters(&messages) / LETTERS_A_TOKEN;
                plan.received += window.lines.len() * TOKENS_A_SENTENCE;
            }
        }
    }

    /// Asks the model about interviews. `done` is called after each question.
    ///
    /// # Errors
    ///
    /// If the endpoint is another machine that is not allowed, or if there was no answer to anything.
    pub fn propose(self, interviews: &[Interview<'_>], done: &(dyn Fn() + Sync)) -> Result<Proposed, LlmError> {
        if !self.engine.allow_remote && !is_loopback(&self.engine.endpoint) {
            return Err(LlmError::Remote(self.engine.endpoint.clone()));
        }
        let jobs = self.jobs(interviews);
        let next = AtomicUsize::new(0);
        let parts: Mutex<Vec<Part>> = Mutex::new(jobs.iter().map(|_| Part::default()).collect());
        thread::scope(|scope| {
            for _ in 0..self.engine.max_parallel.clamp(1, jobs.len().max(1)) {
                scope.spawn(|| {
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        let Some((interview, window)) = jobs.get(n) else { break };
                        let part = self.window(interviews[*interview], window, done);
                        parts.lock().unwrap_or_else(PoisonError::into_inner)[n] = part;
                    }
                });
            }
        });
        let mut parts = parts.into_inner().unwrap_or_else(PoisonError::into_inner);
        match parts.iter_mut().find_map(|part| part.error.take()) {
            Some(error) if !parts.iter().any(|part| part.answered) => Err(error.into()),
            _ => Ok(self.collect(interviews, &jobs, parts)),
        }
    }

    /// What is kept of the answers, and the built-in engine's codings where there is none. Asks nothing.
    pub fn kept(self, interviews: &[Interview<'_>]) -> Proposed {
        self.gone.store(true, Ordering::Relaxed);
        let jobs = self.jobs(interviews);
        let parts = jobs.iter().map(|(n, window)| self.window(interviews[*n], window, &|| ())).collect();
        self.collect(interviews, &jobs, parts)
    }

    fn jobs(&self, interviews: &[Interview<'_>]) -> Vec<Job> {
        let of = |(n, (transcript, _)): (usize, &Interview<'_>)| {
            windows(transcript, self.engine.window).into_iter().map(move |window| (n, window))
        };
        interviews.iter().enumerate().flat_map(of).collect()
    }

    /// Puts the parts together in the order of the windows, whichever came first.
    fn collect(self, interviews: &[Interview<'_>], jobs: &[Job], parts: Vec<Part>) -> Proposed {
        let mut out = Proposed {
            codings: vec![Vec::new(); interviews.len()],
            requests: self.requests.into_inner(),
            kept: self.kept.into_inner(),
            unkept: self.unkept.into_inner(),
            ..Proposed::default()
        };
        for ((interview, _), part) in jobs.iter().zip(parts) {
            let file = &interviews[*interview].0.file;
            out.spent += part.spent;
            out.codings[*interview].extend(part.answer.codings);
            out.dropped.extend(part.answer.dropped.into_iter().map(|why| (file.clone(), why)));
            out.left.extend(part.left.into_iter().map(|why| Left { interview: *interview, why }));
        }
        for codings in &mut out.codings {
            let place = |c: &Coding| (c.turn, c.sentences.start, c.category.clone(), c.sentences.end);
            codings.sort_by_key(place);
            codings.dedup_by_key(|c| place(c));
        }
        out
    }

    /// The answer to a window: kept, or asked for, or put together from its halves; at last the built-in engine's.
    fn window(&self, interview: Interview<'_>, window: &Window, done: &dyn Fn()) -> Part {
        let messages = self.prompt.messages(window, interview.0, self.examples);
        let key = self.key(&messages);
        let mut spent = Spent::default();
        let (mut asked, mut failed) = (false, None);
        let why = if let Some(kept) = self.cache.get(&key) {
            match self.read(&kept.text, window) {
                Ok(answer) => {
                    self.kept.fetch_add(1, Ordering::Relaxed);
                    return self.with_rest(interview, answer, kept.spent, done);
                }
                Err(unusable) => {
                    spent = kept.spent;
                    unusable.to_string()
                }
            }
        } else if self.gone.load(Ordering::Relaxed) {
            return leave(interview.1, window, "there is no answer".to_owned());
        } else {
            asked = true;
            let said = self.ask(&messages, &mut spent);
            done();
            match said {
                Ok(text) => match self.read(&text, window) {
                    Ok(answer) => {
                        self.keep(&key, text, spent);
                        return self.with_rest(interview, answer, spent, done);
                    }
                    Err(unusable) => unusable.to_string(),
                },
                Err(error) if error.is_final() => {
                    self.gone.store(true, Ordering::Relaxed);
                    let left = leave(interview.1, window, "the server is gone".to_owned());
                    return Part { error: Some(error), ..left };
                }
                Err(error) => {
                    let why = error.to_string();
                    failed = Some(error);
                    why
                }
            }
        };
        let Some([first, second]) = halves(window) else {
            return Part { spent, error: failed, ..leave(interview.1, window, why) };
        };
        let (mut part, rest) = (self.window(interview, &first, done), self.window(interview, &second, done));
        part.add(rest);
        if asked && part.answered {
            // It is not asked whole another time, so that the next run costs nothing.
            self.keep(&key, HALVED.to_owned(), spent);
        }
        part.spent += spent;
        part.error = part.error.or(failed);
        part
    }

    /// An answer with that to what it does not come to, where it breaks off.
    fn with_rest(&self, interview: Interview<'_>, mut answer: Answer, spent: Spent, done: &dyn Fn()) -> Part {
        let rest = answer.rest.take();
        let mut part = Part { answer, spent, answered: true, ..Part::default() };
        if let Some(rest) = rest {
            part.add(self.window(interview, &rest, done));
        }
        part
    }

    /// Asks once; says what it took, also where nothing came of it.
    fn ask(&self, messages: &[Message], spent: &mut Spent) -> Result<String, AskError> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let start = Instant::now();
        let said = self.client.ask(self.engine, messages, &self.prompt.schema);
        spent.milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        match said {
            Ok(said) => {
                self.in_vain.store(0, Ordering::Relaxed);
                let about = |letters: usize| (letters / LETTERS_A_TOKEN) as u64;
                let tokens =
                    said.tokens.unwrap_or_else(|| (about(letters(messages)), about(said.text.chars().count())));
                (spent.sent, spent.received) = tokens;
                Ok(said.text)
            }
            Err(error) => {
                let most = if matches!(error, AskError::TooLate { .. }) { SILENT } else { REFUSED };
                if self.in_vain.fetch_add(1, Ordering::Relaxed) + 1 >= most {
                    self.gone.store(true, Ordering::Relaxed);
                }
                Err(error)
            }
        }
    }

    fn read(&self, text: &str, window: &Window) -> Result<Answer, Unusable> {
        parse(text, window, self.study, self.codebook, &self.engine.model)
    }

    fn keep(&self, key: &str, text: String, spent: Spent) {
        if let Err(error) = self.cache.put(key, &self.engine.model, &Kept { text, spent }) {
            // The first reason is enough; the answers themselves are used all the same.
            let _ = self.unkept.set(error);
        }
    }

    /// The name of a question: all that its answer depends on.
    fn key(&self, messages: &[Message]) -> String {
        let (temperature, seed) = (self.engine.temperature.to_string(), self.engine.seed.to_string());
        let schema = serde_json::to_string(&self.prompt.schema).unwrap_or_default();
        let mut parts = vec![self.engine.model.as_str(), &temperature, &seed, &schema];
        parts.extend(messages.iter().flat_map(|m| [m.role, m.content.as_str()]));
        Cache::key(&parts)
    }
}

impl Part {
    fn add(&mut self, other: Self) {
        self.answer.codings.extend(other.answer.codings);
        self.answer.dropped.extend(other.answer.dropped);
        self.spent += other.spent;
        self.answered |= other.answered;
        self.left.extend(other.left);
        self.error = self.error.take().or(other.error);
    }
}

/// The halves of a window that is large enough to be asked in halves.
fn halves(window: &Window) -> Option<[Window; 2]> {
    window.halves().filter(|_| window.lines.len() > SMALLEST)
}

/// Leaves a window to the built-in engine.
fn leave(built_in: &[Coding], window: &Window, why: String) -> Part {
    let within =
        |c: &&Coding| window.lines.iter().any(|line| line.turn == c.turn && line.sentence == c.sentences.start);
    let codings = built_in.iter().filter(within).cloned().collect();
    Part { answer: Answer { codings, ..Answer::default() }, left: vec![why], ..Part::default() }
}

fn letters(messages: &[Message]) -> usize {
    messages.iter().map(|m| m.content.chars().count()).sum()
}
