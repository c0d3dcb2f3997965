//! L2-regularised logistic regression by dual coordinate descent (Yu, Huang & Lin 2011), as in LIBLINEAR.
//!
//! Deterministic: the order of the coordinates comes from a seeded generator.

/// A sparse example: buckets and values.
pub type Features = [(u32, f32)];

/// Numbers that look random and are the same every time (SplitMix64, Steele et al. 2014).
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Shuffles in place (Fisher–Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, (self.next() % (i as u64 + 1)) as usize);
        }
    }
}

/// How much each feature says of the label: the size of its log-count ratio, interpolated with the mean of all
/// (Wang & Manning 2012, NBSVM). Mean 1; `bias` keeps 1.
pub fn naive_bayes_scale(
    dimension: usize,
    examples: &[&Features],
    label: impl Fn(usize) -> bool,
    bias: usize,
) -> Vec<f32> {
    const SMOOTH: f64 = 1.0;
    const SHARE: f64 = 0.6;
    let mut counts = vec![[0f64; 2]; dimension];
    for (i, x) in examples.iter().enumerate() {
        let side = usize::from(label(i));
        x.iter().for_each(|(j, _)| counts[*j as usize][side] += 1.0);
    }
    let seen: Vec<usize> = (0..dimension).filter(|j| counts[*j] != [0.0; 2]).collect();
    let total = |side: usize| seen.iter().map(|j| counts[*j][side] + SMOOTH).sum::<f64>();
    let shift = (total(1) / total(0)).ln();
    let ratio = |j: usize| (((counts[j][1] + SMOOTH) / (counts[j][0] + SMOOTH)).ln() - shift).abs();
    let mean = seen.iter().map(|j| ratio(*j)).sum::<f64>() / seen.len().max(1) as f64;
    let mut scale = vec![1f32; dimension];
    if mean > 0.0 {
        for &j in seen.iter().filter(|j| **j != bias) {
            scale[j] = (1.0 - SHARE + SHARE * ratio(j) / mean) as f32;
        }
    }
    scale
}

/// Trains weights for `examples`, whose features count as scaled by `scale`: `label` says which are positive, `cost`
/// is the price of an error (C). The weights returned are for features as they come. They are drawn towards `start`
/// (weights of an older model, as a prior: Chelba & Acero 2004), towards zero where it is empty.
pub fn train(
    start: &[f32],
    scale: &[f32],
    examples: &[&Features],
    label: impl Fn(usize) -> bool,
    cost: f64,
    passes: usize,
) -> Vec<f32> {
    let c = cost;
    let mut w: Vec<f32> = start.iter().zip(scale).map(|(w, s)| w / s).collect();
    w.resize(scale.len(), 0.0);
    let n = examples.len();
    let squares: Vec<f64> =
        examples.iter().map(|x| x.iter().map(|(j, v)| f64::from(v * scale[*j as usize]).powi(2)).sum()).collect();
    let mut alpha = vec![[0f64; 2]; n];
    for (i, x) in examples.iter().enumerate() {
        let a = (0.001 * c).min(1e-8);
        alpha[i] = [a, c - a];
        let y = if label(i) { a } else { -a };
        for (j, v) in *x {
            w[*j as usize] += (y * f64::from(v * scale[*j as usize])) as f32;
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    let mut random = Random(1);
    for _ in 0..passes {
        random.shuffle(&mut order);
        for &i in &order {
            let x = examples[i];
            let y = if label(i) { 1.0 } else { -1.0 };
            let a = squares[i];
            let b = y * x.iter().map(|(j, v)| f64::from(w[*j as usize] * v * scale[*j as usize])).sum::<f64>();
            let (first, sign) = if 0.5 * a * (alpha[i][1] - alpha[i][0]) + b < 0.0 { (1, -1.0) } else { (0, 1.0) };
            let old = alpha[i][first];
            let mut z = old;
            if c - z < 0.5 * c {
                z *= 0.1;
            }
            let gradient = |z: f64| a * (z - old) + sign * b + (z / (c - z)).ln();
            let mut g = gradient(z);
            for _ in 0..50 {
                if g.abs() < 1e-3 {
                    break;
                }
                let second = a + c / (c - z) / z;
                let step = z - g / second;
                z = if step <= 0.0 { z * 0.1 } else { step };
                g = gradient(z);
            }
            alpha[i][first] = z;
            alpha[i][1 - first] = c - z;
            let change = (sign * (z - old) * y) as f32;
            if change != 0.0 {
                for (j, v) in x {
                    w[*j as usize] += change * v * scale[*j as usize];
                }
            }
        }
    }
    w.iter_mut().zip(scale).for_each(|(w, s)| *w *= s);
    w
}

/// The logistic function.
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_separable_set_is_learned() {
        let data: Vec<Vec<(u32, f32)>> =
            (0..40).map(|i| vec![(0, 1.0), (1, if i % 2 == 0 { 1.0 } else { -1.0 })]).collect();
        let examples: Vec<&Features> = data.iter().map(Vec::as_slice).collect();
        let w = train(&[], &[1.0; 2], &examples, |i| i % 2 == 0, 10.0, 50);
        assert!(w[1] > 1.0, "{w:?}");
        assert!(w[0].abs() < 0.1, "{w:?}");
    }

    #[test]
    fn the_bias_learns_the_share_of_positives() {
        let data: Vec<Vec<(u32, f32)>> = (0..400).map(|_| vec![(0, 1.0)]).collect();
        let examples: Vec<&Features> = data.iter().map(Vec::as_slice).collect();
        let w = train(&[], &[1.0], &examples, |i| i % 4 == 0, 1.0, 100);
        assert!((sigmoid(w[0]) - 0.25).abs() < 0.02, "{w:?}");
    }
}
