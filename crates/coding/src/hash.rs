//! Features are hashed into a fixed number of buckets (the hashing trick, Weinberger et al. 2009).

/// Bits of a bucket: 2¹⁸ buckets keep collisions rare for some 150,000 features.
pub const BITS: u32 = 18;

/// Number of buckets.
pub const BUCKETS: usize = 1 << BITS;

/// FNV-1a, 64 bits: stable across machines and versions, as a stored model needs.
pub fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// Mixes two hashes, order kept.
pub fn pair(a: u64, b: u64) -> u64 {
    (a.rotate_left(23) ^ b).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The bucket of a feature in a namespace.
pub fn bucket(namespace: u8, feature: u64) -> u32 {
    let h = pair(u64::from(namespace).wrapping_mul(0xff51_afd7_ed55_8ccd), feature);
    (h >> (64 - BITS)) as u32
}
