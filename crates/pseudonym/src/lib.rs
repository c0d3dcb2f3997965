/*!
Names and numbers out of interviews: each person the same stand-in throughout a study.

[`identifiers`] finds what tells who somebody is by its form: telephone numbers, e-mail, BSN, IBAN, postcodes, plates.
[`Pseudonymiser`] finds persons as well, from built-in lists (`data/names`), titles, introductions, speakers' labels and
what the study itself tells of a word, gives each a [`StandIn`], and hands back the transcripts. The [`Key`] says who
is who, and what the researcher decided; it lies in a file apart.

```
use klantreis_pseudonym::{Key, Pseudonymiser};
use klantreis_study::{Pseudonymise, Study};

let study = Study::parse("").unwrap();
let text = "I: Wie hielp u?\nR: Mevrouw Jansen. Die kende ik via Anna, en Anna's zus werkt daar.\n";
let read: Vec<_> = klantreis_ingest::parse(text.as_bytes(), "a.txt", &study).transcripts().collect();
let found = Pseudonymiser::new(&read, &Pseudonymise::default(), Key::default());
let said = &found.transcripts(&read)[0].turns[1].text;
assert_eq!(said, "Mevrouw [persoon 1]. Die kende ik via [persoon 2], en [persoon 2]'s zus werkt daar.");
```
*/
#![deny(missing_docs)]

mod checks;
mod contexts;
mod evidence;
mod find;
mod identifiers;
mod key;
mod kind;
mod lists;
mod mentions;
mod people;
mod pseudonymiser;
mod review;
mod spoken;
mod words;

pub use crate::{
    find::{Hit, Spot},
    identifiers::{Found, identifiers},
    key::{Decision, Key, KeyError, Place, Verdict, read_decisions},
    kind::{Kind, StandIn},
    pseudonymiser::{Pseudonymiser, Replacement},
    review::write_review,
};
