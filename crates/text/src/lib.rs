/*!
Dutch text, once for all stages: sentences, tokens, stems.

[`sentences`] finds where sentences stand; [`tokens`] cuts text into words with their places; [`Stemmer`] folds a
word to lower case without diacritics and stems it (Snowball), remembering what it has seen, since words repeat;
[`Forms`] knows irregular forms and participles, for searching and for naming themes.
Coding, themes and the index all see the same stems.

```
use klantreis_text::{Stemmer, sentences, tokens};

let text = "Bel bijv. om 10.30 uur. Dan help ik je!";
assert_eq!(sentences(text).len(), 2);

let mut stemmer = Stemmer::dutch();
let stems: Vec<_> = tokens("De wachtwoorden").map(|t| stemmer.stem(t.text).to_owned()).collect();
assert_eq!(stems, ["de", "wachtwoord"]);
```
*/
#![deny(missing_docs)]

mod forms;
mod kept;
mod sentences;
mod spelled;
mod stem;
mod tokens;

pub use crate::{
    forms::{Forms, plain_stem},
    kept::Kept,
    sentences::sentences,
    spelled::{Spelled, Spelling},
    stem::{Stemmer, fold},
    tokens::{Token, tokens},
};
