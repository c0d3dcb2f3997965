//! Asks for every window of every interview, a few at a time, and makes the best of what comes.

use std::{
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    thread,
};

use klantreis_study::{Codebook, Coding, Engine, Study, Transcript};

use crate::{
    answer::Fault,
    cache::{Cache, CacheError, Spent},
    client::{AskError, Client, is_loopback},
    examples::Examples,
    part::{Part, pieces},
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
pub(crate) const LETTERS_A_TOKEN: usize = 3;
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
    /// What of the answers was left out, and its sentences asked again.
    pub dropped: Vec<Remark>,
    /// What of the answers was put right.
    pub mended: Vec<Remark>,
    /// What was left to the built-in engine.
    pub left: Vec<Left>,
    /// Why answers are not kept, if they are not.
    pub unkept: Option<CacheError>,
    /// What the server said where it refused a schema; it was asked without.
    pub without_schema: Option<String>,
    /// The server read far less of all questions than was sent, in hundredths.
    pub read_little: Option<u64>,
}

/// A server that reads less than this of every question, in hundredths of what was reckoned, has cut them off.
const CUT_OFF: u64 = 50;

/// Something in the answers about an interview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Place of the interview among those that were given.
    pub interview: usize,
    /// The turn, from 1.
    pub turn: usize,
    /// What is wrong.
    pub why: String,
}

/// A part of an interview that is left to the built-in engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Place of the interview among those that were given.
    pub interview: usize,
    /// Its first and its last turn, from 1.
    pub turns: [usize; 2],
    /// The model was asked, and what it answered is of no use.
    pub asked: bool,
    /// Why.
    pub why: String,
}

/// Asks one model about the interviews of one study.
pub struct Asking<'a> {
    pub(crate) study: &'a Study,
    pub(crate) codebook: &'a Codebook,
    pub(crate) engine: &'a Engine,
    examples: &'a Examples,
    pub(crate) cache: &'a Cache,
    pub(crate) prompt: Prompt,
    pub(crate) client: Client,
    pub(crate) requests: AtomicUsize,
    pub(crate) kept: AtomicUsize,
    pub(crate) unkept: OnceLock<CacheError>,
    /// Questions that came to nothing (too late, refused, no answer of the protocol) since the last answer.
    pub(crate) in_vain: AtomicUsize,
    /// Tokens that the server has read of a question, at most, in hundredths of those that it was thought to have.
    pub(crate) read_most: AtomicU64,
    /// The server is gone, or lets nobody in, or is not to be asked: what is not kept is left.
    pub(crate) gone: AtomicBool,
}

/// An interview with what the built-in engine proposes for it.
pub(crate) type Interview<'a> = (&'a Transcript, &'a [Coding]);

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
            client: Client::new(engine, cache.knows_schemas(&engine.model)),
            requests: AtomicUsize::new(0),
            kept: AtomicUsize::new(0),
            unkept: OnceLock::new(),
            in_vain: AtomicUsize::new(0),
            read_most: AtomicU64::new(0),
            gone: AtomicBool::new(false),
        }
    }

    /// Counts what would be asked.
    pub fn plan(&self, interviews: &[Interview<'_>]) -> Plan {
        let mut plan = Plan::default();
        for interview in interviews {
            for window in windows(interview.0, self.engine.window) {
                self.count(*interview, &window, &mut plan);
            }
        }
        plan
    }

    fn count(&self, interview: Interview<'_>, window: &Window, plan: &mut Plan) {
        let messages = self.messages(window, interview.0);
        let Some(kept) = self.cache.get(&self.key(&messages)) else {
            plan.requests += 1;
            plan.sent += letters(&messages) / LETTERS_A_TOKEN;
            plan.received += window.lines.len() * TOKENS_A_SENTENCE;
            return;
        };
        plan.kept += 1;
        let again = pieces(&self.reader(interview).read(&kept.text, window), window).unwrap_or_default();
        again.iter().for_each(|piece| self.count(interview, piece, plan));
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
            without_schema: self.client.refusal().map(str::to_owned),
            read_little: Some(self.read_most.into_inner()).filter(|read| (1..CUT_OFF).contains(read)),
            ..Proposed::default()
        };
        for ((interview, _), part) in jobs.iter().zip(parts) {
            let interview = *interview;
            let remark = |Fault { turn, why }| Remark { interview, turn, why };
            out.spent += part.spent;
            out.codings[interview].extend(part.answer.codings);
            out.dropped.extend(part.answer.dropped.into_iter().map(remark));
            out.mended.extend(part.answer.mended.into_iter().map(remark));
            out.left.extend(part.left.into_iter().map(|left| Left { interview, ..left }));
        }
        for codings in &mut out.codings {
            let place = |c: &Coding| (c.turn, c.sentences.start, c.category.clone(), c.sentences.end);
            codings.sort_by_key(place);
            codings.dedup_by_key(|c| place(c));
        }
        out
    }

    pub(crate) fn messages(&self, window: &Window, transcript: &Transcript) -> Vec<Message> {
        self.prompt.messages(window, transcript, self.examples)
    }

    /// The name of a question: all that its answer depends on.
    pub(crate) fn key(&self, messages: &[Message]) -> String {
        let (temperature, seed) = (self.engine.temperature.to_string(), self.engine.seed.to_string());
        let schema = serde_json::to_string(&self.prompt.schema).unwrap_or_default();
        let mut parts = vec![self.engine.model.as_str(), &temperature, &seed, &schema];
        parts.extend(messages.iter().flat_map(|m| [m.role, m.content.as_str()]));
        Cache::key(&parts)
    }
}

pub(crate) fn letters(messages: &[Message]) -> usize {
    messages.iter().map(|m| m.content.chars().count()).sum()
}
