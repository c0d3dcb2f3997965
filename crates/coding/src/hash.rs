//! Features are hashed into a fixed number of buckets (the hashing trick, Weinberger et al. 2009).

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

/// Bits of a bucket: 2¹⁸ buckets keep collisions rare for some 150,000 features.
pub const BITS: u32 = 18;

/// Number of buckets.
pub const BUCKETS: usize = 1 << BITS;

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

const fn fnv_step(h: u64, byte: u8) -> u64 {
    (h ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3)
}

/// FNV-1a, 64 bits: stable across machines and versions, as a stored model needs.
pub const fn hash(bytes: &[u8]) -> u64 {
    let mut h = FNV_START;
    let mut i = 0;
    while i < bytes.len() {
        h = fnv_step(h, bytes[i]);
        i += 1;
    }
    h
}

/// The [`hash`] of each beginning of `bytes`, of one byte and up.
pub fn hashes_of_beginnings(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.iter().scan(FNV_START, |h, byte| {
        *h = fnv_step(*h, *byte);
        Some(*h)
    })
}

/// Mixes two hashes, order kept.
pub const fn pair(a: u64, b: u64) -> u64 {
    (a.rotate_left(23) ^ b).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The bucket of a feature in a namespace.
pub const fn bucket(namespace: u8, feature: u64) -> u32 {
    let h = pair((namespace as u64).wrapping_mul(0xff51_afd7_ed55_8ccd), feature);
    (h >> (64 - BITS)) as u32
}

/// A map whose keys are hashes already.
pub type ByHash<V> = HashMap<u64, V, BuildHasherDefault<AsItIs>>;

/// A set of hashes.
pub type Hashes = std::collections::HashSet<u64, BuildHasherDefault<AsItIs>>;

/// Takes a hash for what it is.
#[derive(Default)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |h, byte| fnv_step(h, *byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
