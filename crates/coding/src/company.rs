//! The second look at a sentence: which words and meanings keep company in it, near each other and not only side by side.
//! It tells anecdotes by what comes together ("een half uur … scherm"), where the first look goes by the words themselves.

use crate::{
    features::{Analysed, Sink},
    hash::{self, pair},
    lexicon::Entry,
};

/// Bits of a bucket here: held-back interviews lose nothing by it, and half a megabyte of weights stays near the processor.
const BITS: u32 = 16;

/// Dimension of this look: buckets and a bias.
pub const DIMENSION: usize = (1 << BITS) + 1;

/// The bucket that is always on.
const BIAS: u32 = 1 << BITS;

fn bucket(namespace: u8, feature: u64) -> u32 {
    hash::bucket(namespace, feature) >> (hash::BITS - BITS)
}

/// Words after a word that are near it.
const NEAR: usize = 3;

/// The features of a sentence, each block scaled to length 1.
pub(crate) fn features(here: &Analysed<'_>, entries: &[Entry], out: &mut impl Sink) {
    let words = &here.said.sentence.words;
    let classes = || here.lexicon.iter().map(|m| entries[m.cue].class_hash[usize::from(m.negated)]);
    for word in words {
        out.one(bucket(b's', word.stem_hash));
    }
    out.close(1.0);
    for (i, word) in words.iter().enumerate() {
        for near in words[i + 1..].iter().take(NEAR) {
            out.one(bucket(b'p', pair(word.stem_hash, near.stem_hash)));
        }
    }
    out.close(1.0);
    for class in classes() {
        out.one(bucket(b'c', class));
    }
    out.close(1.0);
    for (i, class) in classes().enumerate() {
        for later in classes().skip(i + 1) {
            out.one(bucket(b'd', pair(class, later)));
        }
    }
    out.close(1.0);
    out.one(BIAS);
    out.close(1.0);
}
