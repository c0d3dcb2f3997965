use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// Why a text is no id.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("\"{0}\" is no id: use lower-case letters, digits and hyphens, such as \"zelf-verder\"")]
pub struct IdError(pub String);

fn check(text: &str) -> Result<Arc<str>, IdError> {
    let ok = !text.is_empty()
        && text.len() <= 64
        && text.chars().all(|c| (c.is_alphanumeric() && !c.is_uppercase()) || c == '-' || c == '_');
    if ok { Ok(Arc::from(text)) } else { Err(IdError(text.to_owned())) }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks `text`: lower-case letters, digits, hyphens and underscores, at most 64 bytes.
            pub fn new(text: &str) -> Result<Self, IdError> {
                check(text).map(Self)
            }

            /// The id as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.as_ref().to_owned()
            }
        }
    };
}

id! {
    /// A phase of the journey, such as `ontvangen`.
    PhaseId
}
id! {
    /// A place or means of contact, such as `balie`.
    TouchpointId
}
id! {
    /// A code of the codebook, such as `obstakel`.
    CodeId
}
id! {
    /// What kind of thing a quote tells: `behoefte`, `winst`, `pijnpunt`, `activiteit`, or one of the study's own.
    Category
}

impl Category {
    /// The four built-in categories, in the order of the tables.
    pub const BUILT_IN: [&'static str; 4] = ["activiteit", "behoefte", "winst", "pijnpunt"];

    /// `behoefte`: what people need, want or aim at.
    pub fn need() -> Self {
        Self(Arc::from("behoefte"))
    }
    /// `winst`: what helps, works, pleases.
    pub fn gain() -> Self {
        Self(Arc::from("winst"))
    }
    /// `pijnpunt`: a barrier, problem, frustration, or something missing.
    pub fn pain() -> Self {
        Self(Arc::from("pijnpunt"))
    }
    /// `activiteit`: an action that is a step of the journey.
    pub fn activity() -> Self {
        Self(Arc::from("activiteit"))
    }

    /// The letter that stands for the category in quote ids: `b`, `w`, `p`, `a`, else the first letter.
    pub fn letter(&self) -> char {
        self.0.chars().next().unwrap_or('x')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_lower_case_words() {
        assert!(PhaseId::new("zelf-verder").is_ok());
        for bad in ["", "Zelf", "zelf verder", "a:b"] {
            assert_eq!(PhaseId::new(bad), Err(IdError(bad.to_owned())));
        }
    }
}
