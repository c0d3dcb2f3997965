//! Bytes of a file to interviews: picks the format and names what goes wrong.

use std::collections::HashMap;

use klantreis_study::{Problem, Severity, Study};

use crate::{
    assemble::assemble,
    bundle,
    decode::decode_named,
    docx,
    format::{ENDINGS, Format},
    html, json, ods, odt, pdf, plain, qdpx,
    reading::Reading,
    rtf,
    speech::Speech,
    subtitles, table,
};

/// Reads what a file holds from its bytes; `file` is its path below the transcripts' folder and tells the format.
pub fn parse(bytes: &[u8], file: &str, study: &Study) -> Reading {
    let problem = |message: String| Problem { file: file.to_owned(), line: None, severity: Severity::Error, message };
    let Some(format) = Format::of(file) else {
        return Reading::failed(problem(format!("its ending is none of {ENDINGS}; save it as one of these")));
    };
    let format = format.really(bytes);
    let whole = match format {
        Format::Zip => bundle::read(bytes, file, study),
        Format::Qdpx => qdpx::read(bytes, file, study),
        _ => interviews(bytes, format, file, study),
    };
    whole.unwrap_or_else(|message| Reading::failed(problem(message)))
}

fn interviews(bytes: &[u8], format: Format, file: &str, study: &Study) -> Result<Reading, String> {
    let mut encoding = None;
    let mut text = || {
        let (text, name) = decode_named(bytes).map_err(|e| format!("{e}; check that this is the transcript"))?;
        encoding = Some(name);
        Ok::<_, String>(text)
    };
    let mut speeches = match format {
        Format::Text => vec![plain::read(&text()?)],
        Format::Subtitles => vec![subtitles::read(&text()?)],
        Format::Html => vec![html::read(&text()?)],
        Format::Json => json::read(&text()?)?,
        Format::Tsv => table::separated(&text()?, true, study)?,
        Format::Csv => table::separated(&text()?, false, study)?,
        Format::Xlsx => table::sheets(table::xlsx(bytes)?, study)?,
        Format::Ods => table::sheets(ods::sheets(bytes)?, study)?,
        Format::Docx => vec![docx::read(bytes)?],
        Format::Odt => vec![odt::read(bytes)?],
        Format::Rtf => vec![rtf::read(bytes)?],
        Format::Pdf => vec![pdf::read(bytes)?],
        Format::Zip | Format::Qdpx => Vec::new(),
    };
    if speeches.is_empty() {
        return Err("nobody says anything in it: no row below its heads holds text; check that this is the transcript"
            .to_owned());
    }
    tell_apart(&mut speeches);
    let mut out = Reading::default();
    for speech in speeches {
        let name = speech.name.clone();
        match assemble(speech, file, format, study) {
            Ok(mut interview) => {
                interview.encoding = encoding;
                out.interviews.push(interview);
            }
            Err(message) => {
                let file = name.map_or_else(|| file.to_owned(), |name| format!("{file}/{name}"));
                out.problems.push(Problem { file, line: None, severity: Severity::Error, message });
            }
        }
    }
    Ok(out)
}

/// Gives interviews of one file that have the same name each its own.
fn tell_apart(speeches: &mut [Speech]) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for name in speeches.iter_mut().filter_map(|speech| speech.name.as_mut()) {
        let count = counts.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            *name = format!("{name} ({count})");
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ENDINGS: [&str; 17] = [
        "txt", "vtt", "srt", "sbv", "docx", "md", "odt", "rtf", "pdf", "html", "json", "tsv", "csv", "xlsx", "ods",
        "zip", "qdpx",
    ];

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), text in "[IR]: [a-z<>&:\\-0-9.\n{}\\\\\t;,\"]{0,200}") {
            let study = Study::parse("").unwrap();
            for ending in ENDINGS.iter().filter(|e| **e != "pdf") {
                let _ = parse(&bytes, &format!("a.{ending}"), &study);
                let _ = parse(text.as_bytes(), &format!("a.{ending}"), &study);
            }
        }

        #[test]
        fn what_is_said_stands_in_the_source(lines in prop::collection::vec("[a-zé ,.?]{1,40}", 1..8), ending in prop::sample::select(vec!["txt", "md", "html", "rtf"])) {
            let study = Study::parse("").unwrap();
            let talk: Vec<String> = lines.iter().flat_map(|l| [format!("R: {l}"), "I: En?".to_owned()]).collect();
            let source = match ending {
                "html" => talk.iter().map(|l| format!("<p>{l}</p>")).collect(),
                "rtf" => format!("{{\\rtf1 {}}}", talk.join("\\par\n").replace('é', "\\'e9")),
                _ => talk.join("\n"),
            };
            let folded = talk.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
            for transcript in parse(source.as_bytes(), &format!("a.{ending}"), &study).transcripts() {
                for turn in &transcript.turns {
                    prop_assert!(folded.contains(&turn.text), "{}", turn.text);
                }
            }
        }
    }
}
