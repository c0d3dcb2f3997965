use std::cell::Cell;

/// What a thread keeps from one piece of work to the next, such as the words that it has seen: work that many threads share is
/// handed out in small pieces, and beginning anew with each would cost more than the work.
///
/// ```
/// use klantreis_text::{Kept, Stemmer};
///
/// thread_local! { static STEMMER: Kept<Stemmer> = const { Kept::new() } }
/// let stem = STEMMER.with(|kept| kept.lend(Stemmer::dutch, |stemmer| stemmer.stem("Wachtwoorden").to_owned()));
/// assert_eq!(stem, "wachtwoord");
/// ```
pub struct Kept<T>(Cell<Option<T>>);

impl<T> Kept<T> {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self(Cell::new(None))
    }

    /// Lends what is kept to `work`, or what `make` makes. Work inside of work, as where a thread that waits takes another
    /// piece, gets one of its own.
    pub fn lend<R>(&self, make: impl FnOnce() -> T, work: impl FnOnce(&mut T) -> R) -> R {
        let mut lent = self.0.take().unwrap_or_else(make);
        let result = work(&mut lent);
        self.0.set(Some(lent));
        result
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_and_work_inside_of_work_gets_its_own() {
        let kept = Kept::new();
        let once = |n: &mut u32| {
            *n += 1;
            *n
        };
        assert_eq!((kept.lend(|| 0, once), kept.lend(|| 0, once)), (1, 2));
        assert_eq!(kept.lend(|| 0, |outer| *outer + kept.lend(|| 10, once)), 2 + 11);
    }
}
