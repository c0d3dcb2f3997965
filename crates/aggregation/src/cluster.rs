//! Groups of texts that are alike: average linkage for some, leaders for many.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

/// A text as the weights of its features, by feature, of length 1 (or empty).
pub type Vector = Vec<(usize, f64)>;

/// More texts than this are grouped around leaders: all pairs would take too long.
pub const MANY: usize = 2000;

/// Groups of texts, as places in `vectors`, each in order. Two groups are one where their texts are alike, on average,
/// by at least `alike` (cosine). The same texts in the same order always give the same groups.
pub fn cluster(vectors: &[Vector], alike: f64) -> Vec<Vec<usize>> {
    let of = if vectors.len() > MANY { leaders(vectors, alike) } else { average_linkage(vectors, alike) };
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (text, group) in of.into_iter().enumerate() {
        groups.entry(group).or_default().push(text);
    }
    groups.into_values().collect()
}

/// The cosine of two vectors of length 1.
pub fn cosine(a: &Vector, b: &Vector) -> f64 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += a[i].1 * b[j].1;
                i += 1;
                j += 1;
            }
        }
    }
    sum
}

/// Which texts have a feature, with its weight: most pairs of texts have no feature in common, and are not looked at.
pub struct Postings {
    with: HashMap<usize, Vec<(usize, f64)>>,
    n: usize,
}

impl Postings {
    /// Of some texts, by their places.
    pub fn new<'v>(vectors: impl Iterator<Item = &'v Vector>) -> Self {
        let mut all = Self { with: HashMap::new(), n: 0 };
        vectors.for_each(|vector| all.push(vector));
        all
    }

    fn push(&mut self, vector: &Vector) {
        for (feature, weight) in vector {
            self.with.entry(*feature).or_default().push((self.n, *weight));
        }
        self.n += 1;
    }

    /// The texts that have a feature, and what it weighs there.
    pub fn with(&self, feature: usize) -> &[(usize, f64)] {
        self.with.get(&feature).map_or(&[], Vec::as_slice)
    }

    /// The cosine of a vector with each text. Summed by feature from the lowest, whichever of two texts is asked about.
    pub fn cosines(&self, vector: &Vector) -> Vec<f64> {
        let mut out = vec![0.0; self.n];
        for (feature, weight) in vector {
            for (text, other) in self.with(*feature) {
                out[*text] += weight * other;
            }
        }
        out
    }
}

/// Average linkage (Sokal & Michener 1958) by chains of nearest neighbours (Murtagh 1983), which give the same tree in
/// n² steps. The group of each text.
fn average_linkage(vectors: &[Vector], alike: f64) -> Vec<usize> {
    let n = vectors.len();
    let postings = Postings::new(vectors.iter());
    let mut likeness: Vec<Vec<f64>> = vectors.par_iter().map(|vector| postings.cosines(vector)).collect();
    let mut size = vec![1.0; n];
    let mut alive = vec![true; n];
    let mut group: Vec<usize> = (0..n).collect();
    let mut chain: Vec<usize> = Vec::new();
    let mut left = n;
    while left > 1 {
        let top = match chain.last() {
            Some(top) => *top,
            None => {
                let first = (0..n).find(|i| alive[*i]).unwrap_or(0);
                chain.push(first);
                first
            }
        };
        // The one before in the chain wins among equals, so that the chain ends; else the first.
        let before = chain.len().checked_sub(2).map(|at| chain[at]);
        let mut nearest = before;
        for other in (0..n).filter(|i| alive[*i] && *i != top) {
            if nearest.is_none_or(|best| likeness[top][other] > likeness[top][best]) {
                nearest = Some(other);
            }
        }
        let Some(nearest) = nearest else { break };
        if Some(nearest) != before {
            chain.push(nearest);
            continue;
        }
        chain.truncate(chain.len() - 2);
        let (keep, drop) = (top.min(nearest), top.max(nearest));
        // The tree only rises: groups below the cut are made of groups below the cut.
        if likeness[keep][drop] >= alike {
            let (from, to) = (group[drop], group[keep]);
            group.iter_mut().filter(|g| **g == from).for_each(|g| *g = to);
        }
        for other in (0..n).filter(|i| alive[*i] && *i != keep && *i != drop) {
            let mean =
                (size[keep] * likeness[keep][other] + size[drop] * likeness[drop][other]) / (size[keep] + size[drop]);
            likeness[keep][other] = mean;
            likeness[other][keep] = mean;
        }
        size[keep] += size[drop];
        alive[drop] = false;
        left -= 1;
    }
    group
}

/// Leader clustering (Hartigan 1975): each text joins the leader that it is most alike, or leads a group of its own.
fn leaders(vectors: &[Vector], alike: f64) -> Vec<usize> {
    // Leaders by their numbers among leaders.
    let (mut postings, mut leaders) = (Postings::new(std::iter::empty()), Vec::new());
    let mut group = Vec::with_capacity(vectors.len());
    for (text, vector) in vectors.iter().enumerate() {
        let likeness = postings.cosines(vector);
        // Of equals the first.
        let best = likeness.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
        match best {
            Some((leader, likeness)) if *likeness >= alike => group.push(leaders[leader]),
            _ => {
                group.push(text);
                leaders.push(text);
                postings.push(vector);
            }
        }
    }
    group
}

/// The silhouette of each text (Rousseeuw 1987), -1…1: how much nearer it is to its own group than to the next. 0 for
/// one that is alone; `None` for all where there are more than [`MANY`] texts.
pub fn silhouettes(vectors: &[Vector], groups: &[Vec<usize>]) -> Option<Vec<f64>> {
    if vectors.len() > MANY {
        return None;
    }
    let postings = Postings::new(vectors.iter());
    let mut group_of = vec![None; vectors.len()];
    for (number, group) in groups.iter().enumerate().filter(|(_, g)| g.len() > 1) {
        group.iter().for_each(|text| group_of[*text] = Some(number));
    }
    let silhouette = |(text, own): (usize, &Option<usize>)| {
        let Some(own) = *own else { return 0.0 };
        let cosines = postings.cosines(&vectors[text]);
        let far = |other: &usize| 1.0 - cosines[*other];
        let mine = &groups[own];
        let inside = mine.iter().filter(|o| **o != text).map(far).sum::<f64>() / (mine.len() - 1) as f64;
        let others = groups.iter().enumerate().filter(|(n, _)| *n != own);
        let mean = |g: &Vec<usize>| g.iter().map(far).sum::<f64>() / g.len() as f64;
        let outside = others.map(|(_, g)| mean(g)).min_by(f64::total_cmp).unwrap_or(1.0);
        let widest = inside.max(outside);
        if widest > 0.0 { (outside - inside) / widest } else { 0.0 }
    };
    Some(group_of.par_iter().enumerate().map(silhouette).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(weights: &[(usize, f64)]) -> Vector {
        let length = weights.iter().map(|(_, w)| w * w).sum::<f64>().sqrt();
        weights.iter().map(|(f, w)| (*f, w / length)).collect()
    }

    fn texts() -> Vec<Vector> {
        vec![
            unit(&[(0, 1.0), (1, 1.0)]),
            unit(&[(5, 1.0), (6, 0.2)]),
            unit(&[(0, 1.0), (2, 0.5)]),
            unit(&[(5, 1.0), (7, 0.2)]),
            unit(&[(9, 1.0)]),
        ]
    }

    #[test]
    fn what_is_alike_comes_together_either_way() {
        let texts = texts();
        assert_eq!(cluster(&texts, 0.4), [vec![0, 2], vec![1, 3], vec![4]]);
        assert_eq!(leaders(&texts, 0.4), [0, 1, 0, 1, 4]);
        let silhouettes = silhouettes(&texts, &cluster(&texts, 0.4)).unwrap();
        assert!(silhouettes[1] > silhouettes[0] && silhouettes[0] > 0.0 && silhouettes[4] == 0.0);
    }

    /// All pairs, step by step, as the method is defined.
    fn by_definition(vectors: &[Vector], alike: f64) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = (0..vectors.len()).map(|n| vec![n]).collect();
        loop {
            let mut best = (alike, 0, 0);
            for a in 0..groups.len() {
                for b in a + 1..groups.len() {
                    let pairs = groups[a].iter().flat_map(|x| groups[b].iter().map(move |y| (*x, *y)));
                    let sum: f64 = pairs.map(|(x, y)| cosine(&vectors[x], &vectors[y])).sum();
                    let mean = sum / (groups[a].len() * groups[b].len()) as f64;
                    if mean > best.0 {
                        best = (mean, a, b);
                    }
                }
            }
            if best.2 == 0 {
                groups.sort();
                return groups;
            }
            let mut from = groups.remove(best.2);
            groups[best.1].append(&mut from);
            groups[best.1].sort_unstable();
        }
    }

    fn silhouette_by_definition(vectors: &[Vector], groups: &[Vec<usize>], own: usize, text: usize) -> f64 {
        let far = |others: &[usize]| {
            others.iter().map(|o| 1.0 - cosine(&vectors[text], &vectors[*o])).sum::<f64>() / others.len() as f64
        };
        let mine: Vec<usize> = groups[own].iter().copied().filter(|o| *o != text).collect();
        if mine.is_empty() {
            return 0.0;
        }
        let others = groups.iter().enumerate().filter(|(n, _)| *n != own);
        let outside = others.map(|(_, group)| far(group)).min_by(f64::total_cmp).unwrap_or(1.0);
        (outside - far(&mine)) / outside.max(far(&mine))
    }

    #[test]
    fn chains_give_the_groups_of_the_definition_and_postings_the_cosines() {
        let mut state = 7_u64;
        let mut draw = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize
        };
        for _ in 0..30 {
            let vectors: Vec<Vector> = (0..25)
                .map(|_| {
                    let mut weights: BTreeMap<usize, f64> = BTreeMap::new();
                    (0..4).for_each(|_| *weights.entry(draw() % 12).or_default() += (draw() % 1000) as f64 / 500.0);
                    unit(&weights.into_iter().collect::<Vec<_>>())
                })
                .collect();
            let postings = Postings::new(vectors.iter());
            for a in &vectors {
                assert_eq!(postings.cosines(a), vectors.iter().map(|b| cosine(a, b)).collect::<Vec<_>>());
            }
            let mut groups = cluster(&vectors, 0.3);
            groups.sort();
            assert_eq!(groups, by_definition(&vectors, 0.3));
            let found = silhouettes(&vectors, &groups).unwrap();
            for (own, group) in groups.iter().enumerate() {
                for text in group {
                    assert_eq!(found[*text], silhouette_by_definition(&vectors, &groups, own, *text));
                }
            }
        }
    }
}
