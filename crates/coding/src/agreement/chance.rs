//! Agreement beyond chance.

use std::collections::BTreeMap;

/// Cohen's κ (J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20,
/// 1960): (pₒ - pₑ) / (1 - pₑ), where pₒ is the share of units on which two coders agree and pₑ the share expected
/// if each kept its own proportions but chose blindly. 1 where both give every unit the same one value; `None` without units.
pub fn kappa<T: Ord>(pairs: impl IntoIterator<Item = (T, T)>) -> Option<f64> {
    let (mut values, mut agreed, mut n) = (BTreeMap::<T, [f64; 2]>::new(), 0.0, 0.0);
    for (a, b) in pairs {
        n += 1.0;
        agreed += f64::from(u8::from(a == b));
        values.entry(a).or_default()[0] += 1.0;
        values.entry(b).or_default()[1] += 1.0;
    }
    let chance: f64 = values.values().map(|[a, b]| a * b).sum::<f64>() / (n * n);
    (n > 0.0).then(|| beyond_chance(agreed / n, chance))
}

/// κ from the observed and the expected agreement.
pub(super) fn beyond_chance(observed: f64, chance: f64) -> f64 {
    if chance < 1.0 { (observed - chance) / (1.0 - chance) } else { 1.0 }
}

/// Krippendorff's α for nominal values (K. Krippendorff, "Content Analysis", 4th ed., 2019, ch. 12): 1 - Dₒ / Dₑ, the
/// disagreement observed within units over that expected if the values were dealt to units blindly. Any number of
/// coders; a coder that did not see a unit gives no value for it, and a unit with fewer than two values does not count.
/// 1 where all values are the same; `None` where no unit has two.
pub fn alpha<T: Ord + Clone>(units: impl IntoIterator<Item = Vec<T>>) -> Option<f64> {
    let (mut totals, mut n, mut differing) = (BTreeMap::<T, f64>::new(), 0.0, 0.0);
    for unit in units.into_iter().filter(|unit| unit.len() > 1) {
        let m = unit.len() as f64;
        let mut here = BTreeMap::<T, f64>::new();
        for value in unit {
            *here.entry(value).or_default() += 1.0;
        }
        differing += (m * m - here.values().map(|c| c * c).sum::<f64>()) / (m - 1.0);
        n += m;
        for (value, count) in here {
            *totals.entry(value).or_default() += count;
        }
    }
    let expected = (n * n - totals.values().map(|c| c * c).sum::<f64>()) / (n - 1.0);
    (n > 0.0).then(|| if expected > 0.0 { 1.0 - differing / expected } else { 1.0 })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn kappa_is_that_of_cohens_example() {
        // The table of frequencies cited from Cohen (1960): 200 units, two judges, three values; pₒ = .70, pₑ = .41.
        let table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]];
        let cells = (0..3).flat_map(|a| (0..3).map(move |b| (a, b)));
        let kappa = kappa(cells.flat_map(|(a, b)| std::iter::repeat_n((a, b), table[a][b]))).unwrap();
        assert!((kappa - 0.492).abs() < 0.0005, "{kappa}");
    }

    #[test]
    fn alpha_is_that_of_krippendorffs_two_coders() {
        // Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), A.
        let (meg, owen) = ([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]);
        let alpha = alpha(meg.iter().zip(&owen).map(|(a, b)| vec![*a, *b])).unwrap();
        assert!((alpha - 0.095).abs() < 0.0005, "{alpha}");
    }

    #[test]
    fn alpha_is_that_of_krippendorffs_four_coders_with_missing_values() {
        // The same paper, C: 0 stands for a missing value.
        let coders = [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
            [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
        ];
        let units = (0..12).map(|u| coders.iter().map(|c| c[u]).filter(|v| *v > 0).collect());
        let alpha = alpha(units).unwrap();
        assert!((alpha - 0.743).abs() < 0.0005, "{alpha}");
    }

    #[test]
    fn nothing_to_compare_has_no_agreement() {
        assert_eq!(kappa::<u8>([]), None);
        assert_eq!(alpha([vec![1], vec![2]]), None);
    }

    proptest! {
        #[test]
        fn agreement_knows_no_first_coder_and_is_one_for_twins(pairs in prop::collection::vec((0..4u8, 0..4u8), 1..60)) {
            let close = |a: Option<f64>, b: Option<f64>| (a.unwrap() - b.unwrap()).abs() < 1e-9;
            let turned = || pairs.iter().map(|(a, b)| (*b, *a));
            prop_assert!(close(kappa(pairs.iter().copied()), kappa(turned())));
            prop_assert!(close(alpha(pairs.iter().map(|(a, b)| vec![a, b])), alpha(turned().map(|(a, b)| vec![a, b]))));
            prop_assert!(close(kappa(pairs.iter().map(|(a, _)| (a, a))), Some(1.0)));
            prop_assert!(close(alpha(pairs.iter().map(|(a, _)| vec![a, a])), Some(1.0)));
        }
    }
}
