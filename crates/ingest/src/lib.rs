/*!
Files in, [`Transcript`](klantreis_study::Transcript)s out.

[`transcript_files`] lists a study's transcripts; [`read_file`] reads one. One module a format ([`parse`] picks it by
the file's ending) takes a file apart into lines of speech; `assemble` makes turns of them, splits sentences and
finds out who asks and who answers. [`Participants`] adds what `participants.csv` says of each interview.

A file that can't be read is a [`Problem`](klantreis_study::Problem), not the end of the batch.

```
use klantreis_study::{Role, Study};

let study = Study::parse("").unwrap();
let text = "Segment: starter\n\nI: Hoe ging het?\n\nR: Goed. Of nee, eigenlijk niet.\n";
let transcript = klantreis_ingest::parse(text.as_bytes(), "gesprek-1.txt", &study).unwrap();
assert_eq!(transcript.turns[1].role, Role::Respondent);
assert_eq!(transcript.turns[1].sentences.len(), 2);
assert_eq!(transcript.attributes["segment"], "starter");
```
*/
#![deny(missing_docs)]

mod assemble;
mod decode;
mod docx;
mod files;
mod metrics;
mod participants;
mod plain;
mod roles;
mod speech;
mod subtitles;

pub use crate::{
    files::{Files, parse, read_file, transcript_files},
    metrics::read_metrics,
    participants::Participants,
};
