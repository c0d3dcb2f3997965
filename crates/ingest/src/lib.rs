/*!
Files in, [`Transcript`](klantreis_study::Transcript)s out.

[`transcript_files`] lists a study's files; [`read_file`] reads one, which may hold several interviews. One module a
format ([`parse`] picks it by the file's ending) takes a file apart into pieces of speech. Word processors' formats come
down to a `document` of paragraphs and tables, and its text to `plain`, which knows the conventions of people and
programs for who speaks and when. `assemble` makes turns of the pieces, splits sentences and finds out who asks and who
answers. [`Participants`] adds what `participants.csv` says of each interview. [`write()`] gives a transcript back as text,
subtitles or JSON.

A file that can't be read is a [`Problem`](klantreis_study::Problem), not the end of the batch.

```
use klantreis_study::{Role, Study};

let study = Study::parse("").unwrap();
let text = "Segment: starter\n\nI: Hoe ging het?\n\nR: Goed. Of nee, eigenlijk niet.\n";
let reading = klantreis_ingest::parse(text.as_bytes(), "gesprek-1.txt", &study);
let transcript = &reading.interviews[0].transcript;
assert_eq!(transcript.turns[1].role, Role::Respondent);
assert_eq!(transcript.turns[1].sentences.len(), 2);
assert_eq!(transcript.attributes["segment"], "starter");
```
*/
#![deny(missing_docs)]

mod archive;
mod assemble;
mod boilerplate;
mod bundle;
mod decode;
mod document;
mod docx;
mod files;
mod format;
mod guard;
mod html;
mod json;
mod language;
mod limits;
mod lines;
mod metrics;
mod names;
mod ods;
mod odt;
mod parse;
mod participants;
mod paths;
mod pdf;
mod plain;
mod qdpx;
mod reading;
mod roles;
mod rows;
mod rtf;
mod speech;
mod subtitles;
mod table;
mod tags;
mod times;
mod write;
mod xml;

pub use crate::{
    assemble::NOBODY_ANSWERS,
    files::{Files, read_file, relative, transcript_files},
    format::Format,
    language::Detected,
    metrics::read_metrics,
    parse::parse,
    participants::Participants,
    reading::{Interview, Reading},
    roles::{How, Speaker},
    speech::PassedOver,
    write::{As, write},
};
