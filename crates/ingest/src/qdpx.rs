//! The sources of projects of ATLAS.ti, MAXQDA, NVivo and others (REFI-QDA): texts, transcripts, PDF. Codings stay out.

use std::collections::HashMap;

use klantreis_study::{Problem, Severity, Study};
use quick_xml::events::{BytesStart, Event};

use crate::{
    archive::{Archive, damaged},
    assemble::assemble,
    decode::decode,
    docx,
    format::Format,
    pdf, plain,
    reading::Reading,
    rtf,
    speech::{Origin, Speech},
    xml,
};

const KIND: &str = "REFI-QDA project";

/// A source of the project, as its list has it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Source {
    name: String,
    guid: String,
    /// The text itself.
    inline: Option<String>,
    /// Where the text is, or else the document.
    plain: Option<String>,
    rich: Option<String>,
    /// Attributes, as ids of variables with values.
    values: Vec<(String, String)>,
}

#[derive(Debug, Default)]
struct Project {
    sources: Vec<Source>,
    /// Names of variables by their ids.
    variables: HashMap<String, String>,
    cases: Vec<Case>,
}

/// Somebody or something that sources are about.
#[derive(Debug, Default)]
struct Case {
    sources: Vec<String>,
    values: Vec<(String, String)>,
}

/// Reads every source of talk; an error is about the project as a whole.
pub fn read(bytes: &[u8], file: &str, study: &Study) -> Result<Reading, String> {
    let mut archive = Archive::open(bytes, KIND)?;
    let parts = archive.parts();
    let list = parts.iter().find(|p| p.name.to_lowercase().ends_with(".qde"));
    let list = list.ok_or_else(|| damaged(KIND, &"it has no list of sources, project.qde"))?;
    let project = project(&archive.read(&list.stored)?).map_err(|e| damaged(KIND, &e))?;
    let mut out = Reading::default();
    for source in &project.sources {
        let path = format!("{file}/{}", source.name);
        let interview = speech(source, &mut archive, &parts).and_then(|mut speech| {
            attributes(source, &project, &mut speech);
            speech.name = Some(source.name.clone());
            assemble(speech, file, Format::Qdpx, study)
        });
        match interview {
            Ok(interview) => out.interviews.push(interview),
            Err(message) => out.problems.push(Problem { file: path, line: None, severity: Severity::Error, message }),
        }
    }
    if project.sources.is_empty() {
        return Err("the project holds no texts, transcripts or PDF".to_owned());
    }
    Ok(out)
}

fn speech(source: &Source, archive: &mut Archive<'_>, parts: &[crate::archive::Part]) -> Result<Speech, String> {
    if let Some(text) = &source.inline {
        return Ok(plain::read(text));
    }
    let Some(path) = source.plain.as_ref().or(source.rich.as_ref()) else {
        return Err("the project does not say where its text is".to_owned());
    };
    let Some(name) = path.strip_prefix("internal://") else {
        return Err(format!("its text lies outside the project ({path}); export the project with its sources"));
    };
    let name = name.to_lowercase();
    let part = parts.iter().find(|p| p.is_safe && p.name.to_lowercase().rsplit('/').next() == name.rsplit('/').next());
    let part = part.ok_or_else(|| format!("its text ({path}) is not in the project; export it again"))?;
    let bytes = archive.read(&part.stored)?;
    match Format::of(&name).unwrap_or(Format::Text).really(&bytes) {
        Format::Docx => docx::read(&bytes),
        Format::Rtf => rtf::read(&bytes),
        Format::Pdf => pdf::read(&bytes),
        _ => Ok(plain::read(&decode(&bytes)?)),
    }
}

fn attributes(source: &Source, project: &Project, speech: &mut Speech) {
    let cases = project.cases.iter().filter(|case| case.sources.contains(&source.guid)).flat_map(|case| &case.values);
    for (id, value) in cases.chain(&source.values) {
        if let Some(key) = project.variables.get(id) {
            speech.attribute(Origin::Properties, key, value);
        }
    }
}

fn project(xml: &[u8]) -> Result<Project, String> {
    let mut out = Project::default();
    // The source, the case and the variable that are open, and the text of an element.
    let (mut source, mut case): (Option<Source>, Option<Case>) = (None, None);
    let (mut variable, mut text) = (String::new(), String::new());
    let mut read = |event: &Event<'_>| match event {
        Event::Start(e) | Event::Empty(e) => {
            let name = e.local_name().as_ref().to_owned();
            text.clear();
            match name.as_str() {
                "TextSource" | "PDFSource" | "AudioSource" | "VideoSource" if source.is_none() => {
                    let mut new = new_source(e);
                    if name == "PDFSource" {
                        new.rich = xml::value(e, "path").or(new.rich);
                    }
                    source = Some(new);
                    if matches!(event, Event::Empty(_)) {
                        out.sources.extend(source.take());
                    }
                }
                // Recordings have their talk in a transcript of their own.
                "Transcript" => {
                    if let Some(source) = &mut source {
                        let inner = new_source(e);
                        (source.plain, source.rich) = (inner.plain, inner.rich);
                    }
                }
                "Case" => case = Some(Case::default()),
                "SourceRef" => {
                    if let (Some(case), Some(id)) = (&mut case, xml::value(e, "targetGUID")) {
                        case.sources.push(id);
                    }
                }
                "Variable" => {
                    out.variables.extend(xml::value(e, "guid").zip(xml::value(e, "name")));
                }
                "VariableRef" => variable = xml::value(e, "targetGUID").unwrap_or_default(),
                _ => {}
            }
        }
        Event::Text(t) => text.push_str(t.as_ref()),
        Event::CData(t) => text.push_str(t.as_ref()),
        Event::GeneralRef(r) => text.extend(xml::reference(r)),
        Event::End(e) => match e.local_name().as_ref() {
            "PlainTextContent" => {
                if let Some(source) = &mut source {
                    source.inline = Some(std::mem::take(&mut text));
                }
            }
            "TextValue" | "IntegerValue" | "FloatValue" | "BooleanValue" | "DateValue" => {
                let value = (std::mem::take(&mut variable), text.trim().to_owned());
                match (&mut source, &mut case) {
                    (Some(source), _) => source.values.push(value),
                    (None, Some(case)) => case.values.push(value),
                    (None, None) => {}
                }
            }
            "TextSource" | "PDFSource" | "AudioSource" | "VideoSource" => out.sources.extend(source.take()),
            "Case" => out.cases.extend(case.take()),
            _ => {}
        },
        _ => {}
    };
    xml::each(xml, &mut read)?;
    // A recording without a transcript has nothing to read.
    out.sources.retain(|s| s.inline.is_some() || s.plain.is_some() || s.rich.is_some());
    Ok(out)
}

fn new_source(e: &BytesStart<'_>) -> Source {
    Source {
        name: xml::value(e, "name").unwrap_or_default().replace('/', "-"),
        guid: xml::value(e, "guid").unwrap_or_default(),
        plain: xml::value(e, "plainTextPath"),
        rich: xml::value(e, "richTextPath"),
        ..Source::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_variables_and_cases_are_found() {
        let p = project(
            br#"<Project><Variables><Variable guid="v1" name="Segment"/></Variables>
            <Cases><Case guid="c"><VariableValue><VariableRef targetGUID="v1"/><TextValue>starter</TextValue></VariableValue><SourceRef targetGUID="s1"/></Case></Cases>
            <Sources><TextSource guid="s1" name="a/b" plainTextPath="internal://s1.txt"><PlainTextSelection guid="x" name="citaat"/></TextSource>
            <TextSource guid="s2" name="in"><PlainTextContent>R: ja &amp; nee</PlainTextContent></TextSource>
            <VideoSource guid="s3" name="film" path="internal://film.mp4"/></Sources></Project>"#,
        )
        .unwrap();
        assert_eq!(p.sources.len(), 2);
        assert_eq!(p.sources[1].inline.as_deref(), Some("R: ja & nee"));
        let mut speech = Speech::default();
        attributes(&p.sources[0], &p, &mut speech);
        assert_eq!(speech.attributes[&Origin::Properties]["segment"], "starter");
        assert_eq!(p.sources[0].name, "a-b");
    }
}
