//! Where the turns of a transcript stand in a text that another tool shows of the same interview.

use std::ops::Range;

use klantreis_study::Transcript;

/// A text with every run of white space as one space, and where each of its bytes came from.
struct Folded {
    text: String,
    from: Vec<usize>,
}

impl Folded {
    fn new(text: &str) -> Self {
        let (mut out, mut from) = (String::with_capacity(text.len()), Vec::with_capacity(text.len() + 1));
        for (at, c) in text.char_indices() {
            if c.is_whitespace() {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                    from.push(at);
                }
                continue;
            }
            out.push(c);
            from.extend((0..c.len_utf8()).map(|n| at + n));
        }
        from.push(text.len());
        Self { text: out, from }
    }
}

/// Which parts of a text are which turns.
#[derive(Debug)]
pub struct Aligned {
    /// For each turn that was found: its place in the transcript and, for each byte of its text, the byte of the other text.
    turns: Vec<(usize, Vec<usize>)>,
    /// The share of what is said in the transcript that stands in the text, 0…1.
    pub coverage: f64,
}

/// A short turn ("Ja.") is looked for no further than this: farther away it is another one.
const NEAR: usize = 600;

/// Finds the turns of `transcript` in `text`, in order.
pub fn align(transcript: &Transcript, text: &str) -> Aligned {
    let folded = Folded::new(text);
    let (mut turns, mut cursor, mut found, mut all) = (Vec::new(), 0, 0, 0);
    for (n, turn) in transcript.turns.iter().enumerate() {
        let said = Folded::new(&turn.text);
        all += said.text.len();
        let rest = &folded.text[cursor..];
        let Some(at) = rest.find(&said.text).filter(|at| said.text.len() >= 40 || *at <= NEAR) else { continue };
        found += said.text.len();
        // From bytes of the turn to bytes of the other text; the end of the turn is behind its last byte.
        let mut bytes = vec![usize::MAX; turn.text.len() + 1];
        for (k, own) in said.from.iter().take(said.text.len()).enumerate() {
            bytes[*own] = folded.from[cursor + at + k];
        }
        let last = folded.from[cursor + at + said.text.len() - 1] + 1;
        let mut next = last;
        for byte in bytes.iter_mut().rev() {
            if *byte == usize::MAX { *byte = next } else { next = *byte }
        }
        turns.push((n, bytes));
        cursor += at + said.text.len();
    }
    Aligned { turns, coverage: if all == 0 { 0.0 } else { found as f64 / all as f64 } }
}

impl Aligned {
    /// The parts of turns that a passage of the text covers: the turn's place and bytes of its text.
    pub fn parts(&self, passage: &Range<usize>) -> Vec<(usize, Range<usize>)> {
        let part = |(turn, bytes): &(usize, Vec<usize>)| {
            let start = bytes.partition_point(|b| *b < passage.start);
            let end = bytes.partition_point(|b| *b < passage.end).min(bytes.len() - 1);
            (start < end).then_some((*turn, start..end))
        };
        self.turns.iter().filter_map(part).collect()
    }
}
