use std::{fmt, sync::Arc};

use serde::{Serialize, Serializer};

/// Ids of quotes out of a list that others share. Each need names the gains around it, hundreds in a large study: as texts of
/// their own they would take most of the memory.
#[derive(Clone)]
pub struct Ids {
    all: Arc<[String]>,
    some: Vec<u32>,
}

impl Ids {
    /// Some of a list, by their places.
    pub(crate) fn of(all: &Arc<[String]>, some: Vec<u32>) -> Self {
        Self { all: all.clone(), some }
    }

    /// The ids in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.some.iter().map(|place| self.all[*place as usize].as_str())
    }

    /// With `between` between them.
    pub fn join(&self, between: &str) -> String {
        let mut out = String::new();
        for (n, id) in self.iter().enumerate() {
            out.push_str(if n == 0 { "" } else { between });
            out.push_str(id);
        }
        out
    }
}

impl PartialEq for Ids {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for Ids {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_their_places() {
        let all: Arc<[String]> = ["a:1w", "b:2w", "c:3w"].map(str::to_owned).into();
        let some = Ids::of(&all, vec![0, 2]);
        assert_eq!((some.join(" "), format!("{some:?}")), ("a:1w c:3w".to_owned(), r#"["a:1w", "c:3w"]"#.to_owned()));
        let others: Arc<[String]> = ["a:1w", "c:3w"].map(str::to_owned).into();
        assert!(some == Ids::of(&others, vec![0, 1]) && some != Ids::of(&others, vec![0]));
    }
}
