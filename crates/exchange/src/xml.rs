//! XML as a tree: read whole, written whole. Projects are some megabytes at most.

use quick_xml::{
    Reader, Writer, XmlVersion,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

/// More levels than any project has; a file with more is no project.
const DEEPEST: usize = 256;

/// An element with its attributes, its own text and its children.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element {
    /// The name without a namespace's prefix.
    pub name: String,
    /// In the order of writing.
    pub attributes: Vec<(String, String)>,
    /// The text directly in it.
    pub text: String,
    /// The elements in it.
    pub children: Vec<Element>,
}

impl Element {
    /// An empty element.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// With an attribute.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.attributes.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a text.
    pub fn text(mut self, text: &str) -> Self {
        self.text.push_str(text);
        self
    }

    /// With a child.
    pub fn child(mut self, child: Element) -> Self {
        self.children.push(child);
        self
    }

    /// With children.
    pub fn children(mut self, children: impl IntoIterator<Item = Element>) -> Self {
        self.children.extend(children);
        self
    }

    /// With a child that holds `children`; without it where there are none, since the standard forbids an empty one.
    pub fn group(self, name: &str, children: Vec<Element>) -> Self {
        if children.is_empty() { self } else { self.child(Element::new(name).children(children)) }
    }

    /// With a child that holds a text; without it where there is none.
    pub fn described(self, name: &str, text: &str) -> Self {
        if text.is_empty() { self } else { self.child(Element::new(name).text(text)) }
    }

    /// The value of an attribute; empty where it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.attributes.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// The first child of this name.
    pub fn first(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|c| c.name == name)
    }

    /// The children of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |c| c.name == name)
    }

    /// The text of the first child of this name; empty where there is none.
    pub fn text_of(&self, name: &str) -> &str {
        self.first(name).map_or("", |c| c.text.trim())
    }

    /// The document as bytes: UTF-8, LF, two spaces a level.
    pub fn write(&self) -> Vec<u8> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        // Writing into memory does not fail.
        let _ = writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
        write(self, &mut writer);
        let mut bytes = writer.into_inner();
        bytes.push(b'\n');
        bytes
    }
}

fn write(element: &Element, writer: &mut Writer<Vec<u8>>) {
    let mut start = BytesStart::new(element.name.as_str());
    for (name, value) in &element.attributes {
        let value = allowed(value);
        start.push_attribute((name.as_str(), value.as_str()));
    }
    if element.children.is_empty() && element.text.is_empty() {
        let _ = writer.write_event(Event::Empty(start));
        return;
    }
    let _ = writer.write_event(Event::Start(start));
    if !element.text.is_empty() {
        let _ = writer.write_event(Event::Text(BytesText::new(&allowed(&element.text))));
    }
    for child in &element.children {
        write(child, writer);
    }
    let _ = writer.write_event(Event::End(BytesEnd::new(element.name.as_str())));
}

/// Without the control characters that XML 1.0 knows no way to write.
fn allowed(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// Reads a document; the error says what is wrong with it.
pub fn parse(xml: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(xml.trim_start_matches('\u{feff}'));
    let mut open: Vec<Element> = vec![Element::default()];
    loop {
        let at = reader.buffer_position();
        let event = reader.read_event().map_err(|e| format!("{e} (at byte {at})"))?;
        let Some(top) = open.last_mut() else { return Err("it closes more than it opens".to_owned()) };
        match event {
            Event::Start(start) => {
                let element = element(&start).map_err(|e| format!("{e} (at byte {at})"))?;
                open.push(element);
                if open.len() > DEEPEST {
                    return Err(format!("it has more than {DEEPEST} levels"));
                }
            }
            Event::Empty(start) => top.children.push(element(&start).map_err(|e| format!("{e} (at byte {at})"))?),
            Event::Text(text) => top.text.push_str(&text),
            Event::CData(text) => top.text.push_str(&text),
            Event::GeneralRef(name) => match name.as_ref() {
                "amp" => top.text.push('&'),
                "lt" => top.text.push('<'),
                "gt" => top.text.push('>'),
                "quot" => top.text.push('"'),
                "apos" => top.text.push('\''),
                _ => top.text.extend(name.resolve_char_ref().ok().flatten()),
            },
            Event::End(_) => {
                if let (Some(done), Some(parent)) = (open.pop(), open.last_mut()) {
                    parent.children.push(done);
                }
            }
            Event::Eof if open.len() > 1 => return Err("it ends in the middle".to_owned()),
            Event::Eof => {
                return open.pop().and_then(|mut root| root.children.pop()).ok_or_else(|| "it is empty".to_owned());
            }
            _ => {}
        }
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, String> {
    let mut element = Element::new(start.local_name().as_ref());
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|e| e.to_string())?;
        let value = attribute.normalized_value(XmlVersion::default()).map_err(|e| e.to_string())?;
        element.attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
    }
    Ok(element)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_comes_back_as_it_was() {
        let tree = Element::new("Project")
            .with("name", "Zorg & \"hulp\" <nu>")
            .child(Element::new("Description").text("twee\nregels & één <"))
            .group("Sets", Vec::new())
            .group("Users", vec![Element::new("User").with("guid", "1")]);
        let bytes = tree.write();
        let mut back = parse(std::str::from_utf8(&bytes).unwrap()).unwrap();
        // White space between elements is no text.
        back.text.clear();
        back.children[1].text.clear();
        assert_eq!(back, tree);
    }

    #[test]
    fn damage_is_said_where_it_is() {
        for bad in ["", "<a>", "<a></b>", "<a b=1/>", "<a", "</a>"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(parse(&"<a>".repeat(400)).unwrap_err().contains("levels"));
    }

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        let text = String::from_utf8(Element::new("a").text("x\u{0}\u{b}y").write()).unwrap();
        assert!(text.contains("<a>xy</a>"), "{text}");
    }
}
