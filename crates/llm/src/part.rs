//! One window of an interview: asked, asked again in smaller pieces where it must be, at last left to the built-in engine.

use std::{sync::atomic::Ordering, time::Instant};

use klantreis_study::Coding;

use crate::{
    answer::{Answer, Reader, Unusable},
    cache::{Kept, Spent},
    client::{AskError, Said},
    prompt::Message,
    propose::{Asking, Interview, LETTERS_A_TOKEN, Left, letters},
    window::Window,
};

/// Windows of so few sentences are not asked again in halves.
const SMALLEST: usize = 6;
/// So many questions in a row without an answer in time, and the server is taken to hang.
const SILENT: usize = 4;
/// So many in a row that the server refuses, or answers with something else, each after some times: it won't go by itself.
const REFUSED: usize = 12;
/// Stands in the cache for the answer to a window that was too much for the model, and was asked in halves.
const HALVED: &str = "(asked in halves)";

/// What came of one window.
#[derive(Default)]
pub(crate) struct Part {
    pub answer: Answer,
    pub spent: Spent,
    /// Some of it is the model's.
    pub answered: bool,
    /// What of it is left to the built-in engine.
    pub left: Vec<Left>,
    pub error: Option<AskError>,
}

impl Part {
    fn add(&mut self, other: Self) {
        self.answer.codings.extend(other.answer.codings);
        self.answer.dropped.extend(other.answer.dropped);
        self.answer.mended.extend(other.answer.mended);
        self.spent += other.spent;
        self.answered |= other.answered;
        self.left.extend(other.left);
        self.error = self.error.take().or(other.error);
    }

    /// Leaves a window to the built-in engine: the model was `asked` in vain, or it was not.
    fn left(built_in: &[Coding], window: &Window, asked: bool, why: String) -> Self {
        let within =
            |c: &&Coding| window.lines.iter().any(|line| line.turn == c.turn && line.sentence == c.sentences.start);
        let codings = built_in.iter().filter(within).cloned().collect();
        let turns = [window.lines.first(), window.lines.last()].map(|line| line.map_or(0, |line| line.turn) + 1);
        Self {
            answer: Answer { codings, ..Answer::default() },
            left: vec![Left { interview: 0, turns, asked, why }],
            ..Self::default()
        }
    }
}

impl Asking<'_> {
    /// The answer to a window: kept, or asked for, or put together from its pieces; at last the built-in engine's.
    pub(crate) fn window(&self, interview: Interview<'_>, window: &Window, done: &dyn Fn()) -> Part {
        let messages = self.messages(window, interview.0);
        let key = self.key(&messages);
        if let Some(Kept { text, spent, .. }) = self.cache.get(&key) {
            self.kept.fetch_add(1, Ordering::Relaxed);
            return self.of_answer(interview, window, &text, spent, done);
        }
        if self.gone.load(Ordering::Relaxed) {
            return Part::left(interview.1, window, false, "there is no answer".to_owned());
        }
        let mut spent = Spent::default();
        let said = self.ask(&messages, &mut spent);
        done();
        match said {
            Ok(Said { text, plain, .. }) => {
                // Also one that can't be used: the next run has no reason to hope for another.
                self.keep(&key, Kept { text: text.clone(), spent, plain });
                self.of_answer(interview, window, &text, spent, done)
            }
            Err(error) if error.is_final() => {
                self.gone.store(true, Ordering::Relaxed);
                let left = Part::left(interview.1, window, false, "the server is gone".to_owned());
                Part { error: Some(error), ..left }
            }
            Err(error) => {
                let mut part = self.in_halves(interview, window, error.to_string(), done);
                if part.answered {
                    // It is not asked whole another time, so that the next run costs nothing.
                    self.keep(&key, Kept { text: HALVED.to_owned(), spent, plain: false });
                }
                part.spent += spent;
                part.error = part.error.or(Some(error));
                part
            }
        }
    }

    /// What an answer comes to, with what has to be asked again.
    fn of_answer(&self, interview: Interview<'_>, window: &Window, text: &str, spent: Spent, done: &dyn Fn()) -> Part {
        let read = self.reader(interview).read(text, window);
        let pieces = pieces(&read, window);
        let (mut part, why) = match read {
            Ok(answer) => {
                let why = answer.dropped.last().map_or("the answer breaks off", |fault| &fault.why).to_owned();
                (Part { answer, answered: true, ..Part::default() }, why)
            }
            Err(unusable) => (Part::default(), unusable.to_string()),
        };
        part.spent = spent;
        match pieces {
            Some(pieces) if pieces.is_empty() => part.add(Part::left(interview.1, window, true, why)),
            Some(pieces) => pieces.iter().for_each(|piece| part.add(self.window(interview, piece, done))),
            None => {}
        }
        part
    }

    fn in_halves(&self, interview: Interview<'_>, window: &Window, why: String, done: &dyn Fn()) -> Part {
        let Some([first, second]) = halves(window) else { return Part::left(interview.1, window, false, why) };
        let mut part = self.window(interview, &first, done);
        part.add(self.window(interview, &second, done));
        part
    }

    pub(crate) fn reader<'r>(&'r self, interview: Interview<'r>) -> Reader<'r> {
        Reader { study: self.study, codebook: self.codebook, model: &self.engine.model, built_in: interview.1 }
    }

    /// Asks once; says what it took, also where nothing came of it.
    fn ask(&self, messages: &[Message], spent: &mut Spent) -> Result<Said, AskError> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let start = Instant::now();
        let said = self.client.ask(self.engine, messages, &self.prompt.schema);
        spent.milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        match said {
            Ok(said) => {
                self.in_vain.store(0, Ordering::Relaxed);
                let about = |letters: usize| (letters / LETTERS_A_TOKEN) as u64;
                let (sent, received) = (about(letters(messages)), about(said.text.chars().count()));
                (spent.sent, spent.received) = said.tokens.unwrap_or((sent, received));
                // Servers with a short context cut the beginning of a long question off, which holds the task.
                self.read_most.fetch_max(spent.sent * 100 / sent.max(1), Ordering::Relaxed);
                Ok(said)
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

    fn keep(&self, key: &str, kept: Kept) {
        if let Err(error) = self.cache.put(key, &self.engine.model, &kept) {
            // The first reason is enough; the answers themselves are used all the same.
            let _ = self.unkept.set(error);
        }
    }
}

/// What of a window is asked again after an answer: nothing, or some pieces of it, each smaller than the whole so that this
/// comes to an end. There are no pieces where it is too small for that.
pub(crate) fn pieces(read: &Result<Answer, Unusable>, window: &Window) -> Option<Vec<Window>> {
    let again = match read {
        Ok(answer) => answer.again.as_ref()?,
        Err(_) => window,
    };
    Some(if again.lines.len() < window.lines.len() {
        vec![again.clone()]
    } else {
        halves(window).map_or_else(Vec::new, Vec::from)
    })
}

/// The halves of a window that is large enough to be asked in halves.
fn halves(window: &Window) -> Option<[Window; 2]> {
    window.halves().filter(|_| window.lines.len() > SMALLEST)
}
