//! A project as the standard's XML (`project.qde`, REFI-QDA 1.5), both ways.

use std::collections::BTreeMap;

use crate::{
    guid::plain,
    position::{Raw, Units, detect, positions, ranges, with_lf},
    project::{Case, Code, Coding, Kind, Note, Project, Selection, Set, Source, User, Value, Variable},
    xml::Element,
};

/// Exports carry no clock, but the standard's readers want a date (MAXQDA's absent ones crashed QualCoder): that of the zip
/// format's first day.
pub const DATE: &str = "1980-01-01T00:00:00Z";

/// The document of a project whose texts are written in `units`; `path` gives the path of a source's text.
pub fn to_xml(project: &Project, units: Units, path: &dyn Fn(&Source) -> String) -> Element {
    let creator = project.users.first().map_or("", |u| u.guid.as_str());
    let mut root = Element::new("Project")
        .with("xmlns", "urn:QDA-XML:project:1.0")
        .with("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
        .with(
            "xsi:schemaLocation",
            "urn:QDA-XML:project:1.0 http://schema.qdasoftware.org/versions/Project/v1.0/Project.xsd",
        )
        .with("name", &project.name)
        .with("origin", &project.origin);
    if !creator.is_empty() {
        root = root.with("creatingUserGUID", creator).with("creationDateTime", DATE);
    }
    let named = |name: &str, guid: &str, of: &str| Element::new(name).with("guid", guid).with("name", of);
    let users = project.users.iter().map(|u| named("User", &u.guid, &u.name)).collect();
    let variables = project.variables.iter();
    let variables =
        variables.map(|v| named("Variable", &v.guid, &v.name).with("typeOfVariable", v.kind.as_str())).collect();
    let cases = project.cases.iter().map(|c| {
        named("Case", &c.guid, &c.name)
            .children(c.values.iter().map(value_to))
            .children(c.sources.iter().map(|s| reference("SourceRef", s)))
    });
    let sources = project.sources.iter().map(|s| source_to(s, units, &path(s)));
    let notes = project.notes.iter().map(|n| {
        let note = named("Note", &n.guid, &n.name);
        created("creatingUser", note, &n.user).child(Element::new("PlainTextContent").text(&n.text))
    });
    let sets = project.sets.iter().map(|s| {
        named("Set", &s.guid, &s.name)
            .described("Description", &s.description)
            .children(s.codes.iter().map(|c| reference("MemberCode", c)))
            .children(s.sources.iter().map(|c| reference("MemberSource", c)))
            .children(s.notes.iter().map(|c| reference("MemberNote", c)))
    });
    let cases = cases.collect();
    let sources = sources.collect();
    let notes = notes.collect();
    let sets = sets.collect();
    let codes: Vec<Element> = project.codes.iter().map(code_to).collect();
    root = root.group("Users", users);
    if !codes.is_empty() {
        root = root.child(Element::new("CodeBook").group("Codes", codes));
    }
    root.group("Variables", variables)
        .group("Cases", cases)
        .group("Sources", sources)
        .group("Notes", notes)
        .group("Sets", sets)
        .described("Description", &project.description)
}

fn reference(name: &str, guid: &str) -> Element {
    Element::new(name).with("targetGUID", guid)
}

fn created(attribute: &str, element: Element, user: &str) -> Element {
    if user.is_empty() { element } else { element.with(attribute, user).with("creationDateTime", DATE) }
}

/// A code with those below it, as codebooks and projects both write it.
pub fn code_to(code: &Code) -> Element {
    let mut element = Element::new("Code")
        .with("guid", &code.guid)
        .with("name", &code.name)
        .with("isCodable", if code.codable { "true" } else { "false" });
    if !code.color.is_empty() {
        element = element.with("color", &code.color);
    }
    element.described("Description", &code.description).children(code.children.iter().map(code_to))
}

fn value_to(value: &Value) -> Element {
    Element::new("VariableValue")
        .child(reference("VariableRef", &value.variable))
        .child(Element::new(&format!("{}Value", value.kind.as_str())).text(&value.value))
}

fn source_to(source: &Source, units: Units, path: &str) -> Element {
    let places: Vec<_> = source.selections.iter().map(|s| s.range.clone()).collect();
    let places = positions(&source.text, &places, units);
    let user = source.selections.iter().map(|s| s.user.as_str()).next().unwrap_or_default();
    let element =
        Element::new("TextSource").with("guid", &source.guid).with("name", &source.name).with("plainTextPath", path);
    let selections = source.selections.iter().zip(places).map(|(s, (start, end))| {
        let selection = Element::new("PlainTextSelection")
            .with("guid", &s.guid)
            .with("name", &s.name)
            .with("startPosition", &start.to_string())
            .with("endPosition", &end.to_string());
        created("creatingUser", selection, &s.user).children(s.codings.iter().map(coding_to))
    });
    created("creatingUser", element, user).children(selections).children(source.values.iter().map(value_to))
}

fn coding_to(coding: &Coding) -> Element {
    let element = created("creatingUser", Element::new("Coding").with("guid", &coding.guid), &coding.user)
        .child(reference("CodeRef", &coding.code));
    if coding.note.is_empty() { element } else { element.child(reference("NoteRef", &coding.note)) }
}

/// A project as read, with what could not be taken over.
#[derive(Debug)]
pub struct Read {
    /// The project.
    pub project: Project,
    /// How its positions count.
    pub units: Units,
    /// What is lost, in sentences.
    pub lost: Vec<String>,
}

/// Reads a project; `file` gives the text of a file in the archive (without its byte order mark).
pub fn from_xml(root: &Element, file: &dyn Fn(&str) -> Option<String>) -> Result<Read, String> {
    if root.name != "Project" {
        return Err(format!("its first element is <{}>, where <Project> was expected", root.name));
    }
    let mut lost = Lost::default();
    let within = |group: &str| root.first(group).map(|g| g.children.as_slice()).unwrap_or_default();
    let mut raw = Vec::new();
    for source in within("Sources") {
        texts_of(source, &mut raw, &mut lost);
    }
    let mut found: Vec<(Pending<'_>, String)> = Vec::new();
    for pending in raw {
        match pending.text(file) {
            Some(text) => found.push((pending, text)),
            None => lost.add(
                "texts that are not in the file, with their codings: export it again with its texts inside",
                pending.element.get("name"),
            ),
        }
    }
    let texts: Vec<Raw<'_>> = found.iter().map(|(p, text)| p.raw(text)).collect();
    let units = detect(&texts);
    let mut project = Project {
        name: root.get("name").to_owned(),
        origin: root.get("origin").to_owned(),
        description: root.text_of("Description").to_owned(),
        users: within("Users").iter().map(|u| User { guid: id(u), name: user_name(u) }).collect(),
        codes: root.first("CodeBook").and_then(|b| b.first("Codes")).map(codes_from).unwrap_or_default(),
        variables: within("Variables").iter().map(variable_from).collect(),
        cases: within("Cases").iter().map(case_from).collect(),
        ..Project::default()
    };
    for ((pending, _), raw) in found.iter().zip(&texts) {
        let source = pending.source(raw, units, &mut lost);
        project.sources.push(source);
    }
    project.notes = within("Notes").iter().map(|n| note_from(n, file)).collect();
    project.sets = within("Sets").iter().map(set_from).collect();
    for (group, what) in [("Links", "links between codes, passages and notes"), ("Graphs", "drawings of networks")] {
        within(group).iter().for_each(|e| lost.add(what, e.get("name")));
    }
    Ok(Read { project, units, lost: lost.lines() })
}

/// What is lost, counted by kind.
#[derive(Default)]
struct Lost(BTreeMap<&'static str, Vec<String>>);

impl Lost {
    fn add(&mut self, what: &'static str, name: &str) {
        self.0.entry(what).or_default().push(name.trim().to_owned());
    }

    fn lines(self) -> Vec<String> {
        let line = |(what, names): (&str, Vec<String>)| {
            let shown: Vec<&str> = names.iter().map(String::as_str).filter(|n| !n.is_empty()).take(5).collect();
            let rest = if names.len() > shown.len() && !shown.is_empty() { ", …" } else { "" };
            let shown = if shown.is_empty() { String::new() } else { format!(" ({}{rest})", shown.join(", ")) };
            format!("{} × {what}{shown}", names.len())
        };
        self.0.into_iter().map(line).collect()
    }
}

fn id(element: &Element) -> String {
    plain(element.get("guid"))
}

fn target(element: &Element) -> String {
    plain(element.get("targetGUID"))
}

fn user_name(user: &Element) -> String {
    let name = user.get("name");
    if name.is_empty() { user.get("id").to_owned() } else { name.to_owned() }
}

/// The codes of a codebook or a project.
pub fn codes_from(codes: &Element) -> Vec<Code> {
    let code = |c: &Element| Code {
        guid: id(c),
        name: c.get("name").trim().to_owned(),
        codable: c.get("isCodable") != "false",
        color: c.get("color").to_owned(),
        description: c.text_of("Description").to_owned(),
        children: codes_from(c),
    };
    codes.all("Code").map(code).collect()
}

fn variable_from(variable: &Element) -> Variable {
    let kind = variable.get("typeOfVariable");
    let kind = Kind::ALL.iter().find(|(_, name)| *name == kind).map_or(Kind::Text, |(kind, _)| *kind);
    Variable { guid: id(variable), name: variable.get("name").trim().to_owned(), kind }
}

fn value_from(value: &Element) -> Option<Value> {
    let variable = target(value.first("VariableRef")?);
    Kind::ALL.iter().find_map(|(kind, name)| {
        let value = value.text_of(&format!("{name}Value"));
        (!value.is_empty()).then(|| Value { variable: variable.clone(), kind: *kind, value: value.to_owned() })
    })
}

fn case_from(case: &Element) -> Case {
    Case {
        guid: id(case),
        name: case.get("name").to_owned(),
        values: case.all("VariableValue").filter_map(value_from).collect(),
        sources: case.all("SourceRef").map(target).collect(),
    }
}

fn note_from(note: &Element, file: &dyn Fn(&str) -> Option<String>) -> Note {
    let text = match note.get("plainTextPath") {
        "" => note.text_of("PlainTextContent").to_owned(),
        path => file(path).unwrap_or_default(),
    };
    Note { guid: id(note), name: note.get("name").to_owned(), text, user: plain(note.get("creatingUser")) }
}

fn set_from(set: &Element) -> Set {
    Set {
        guid: id(set),
        name: set.get("name").to_owned(),
        description: set.text_of("Description").to_owned(),
        codes: set.all("MemberCode").map(target).collect(),
        sources: set.all("MemberSource").map(target).collect(),
        notes: set.all("MemberNote").map(target).collect(),
    }
}

/// A text that is yet to be found in the archive.
struct Pending<'a> {
    /// The element that holds the text's path and selections.
    element: &'a Element,
    /// The source to which it belongs: itself, or the recording or PDF of which it is the text.
    owner: &'a Element,
    /// Its selections: the element, start, end.
    selections: Vec<(&'a Element, i64, i64)>,
}

/// The texts of a source: itself, a PDF's representation, a recording's transcripts. What is none of these is lost.
fn texts_of<'a>(source: &'a Element, out: &mut Vec<Pending<'a>>, lost: &mut Lost) {
    let name = source.get("name");
    match source.name.as_str() {
        "TextSource" => out.push(Pending { element: source, owner: source, selections: selections_of(source) }),
        "PDFSource" => {
            match source.first("Representation") {
                Some(text) => out.push(Pending { element: text, owner: source, selections: selections_of(text) }),
                None => lost.add("PDF files without their text", name),
            }
            source.all("PDFSelection").for_each(|_| lost.add("passages marked on the pages of a PDF", name));
        }
        "AudioSource" | "VideoSource" => {
            for text in source.all("Transcript") {
                out.push(Pending { element: text, owner: source, selections: synchronised(text) });
            }
            lost.add("recordings (their transcripts are taken over)", name);
            for kind in ["AudioSelection", "VideoSelection"] {
                source.all(kind).for_each(|_| lost.add("passages marked on the time line of a recording", name));
            }
        }
        "PictureSource" => lost.add("pictures with their codings", name),
        _ => lost.add("sources of an unknown kind", name),
    }
}

fn selections_of(text: &Element) -> Vec<(&Element, i64, i64)> {
    let number = |e: &Element, name: &str| e.get(name).trim().parse().unwrap_or(-1);
    text.all("PlainTextSelection").map(|s| (s, number(s, "startPosition"), number(s, "endPosition"))).collect()
}

/// The selections of a recording's transcript stand between two points that tie its text to the time.
fn synchronised(text: &Element) -> Vec<(&Element, i64, i64)> {
    let points: BTreeMap<String, i64> =
        text.all("SyncPoint").filter_map(|p| Some((id(p), p.get("position").trim().parse().ok()?))).collect();
    let at = |s: &Element, name: &str| points.get(&plain(s.get(name))).copied().unwrap_or(-1);
    text.all("TranscriptSelection").map(|s| (s, at(s, "fromSyncPoint"), at(s, "toSyncPoint"))).collect()
}

impl<'a> Pending<'a> {
    fn text(&self, file: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        match self.element.get("plainTextPath") {
            "" => self.element.first("PlainTextContent").map(|c| c.text.clone()),
            path => file(path),
        }
    }

    fn raw<'t>(&self, text: &'t str) -> Raw<'t>
    where
        'a: 't,
    {
        Raw { text, selections: self.selections.iter().map(|(e, start, end)| (*start, *end, e.get("name"))).collect() }
    }

    fn source(&self, raw: &Raw<'_>, units: Units, lost: &mut Lost) -> Source {
        let name = [self.owner.get("name"), self.element.get("name")].into_iter().find(|n| !n.trim().is_empty());
        let name = name.unwrap_or_default().trim();
        let codings = |e: &Element| -> Vec<Coding> {
            e.all("Coding")
                .filter_map(|c| {
                    Some(Coding {
                        guid: id(c),
                        user: plain(c.get("creatingUser")),
                        code: target(c.first("CodeRef")?),
                        note: c.first("NoteRef").map(target).unwrap_or_default(),
                    })
                })
                .collect()
        };
        let mut selections = Vec::new();
        for ((element, ..), range) in self.selections.iter().zip(ranges(raw, units)) {
            let codings = codings(element);
            match range {
                Some(_) if codings.is_empty() => lost.add("marked passages without a code", name),
                Some(range) => selections.push(Selection {
                    guid: id(element),
                    name: element.get("name").to_owned(),
                    range,
                    user: plain(element.get("creatingUser")),
                    codings,
                }),
                None => lost.add("passages that lie outside their text", name),
            }
        }
        Source {
            guid: id(self.owner),
            name: name.to_owned(),
            text: with_lf(raw.text),
            selections,
            codes: codings(self.owner).into_iter().map(|c| c.code).collect(),
            values: self.owner.all("VariableValue").filter_map(value_from).collect(),
        }
    }
}
