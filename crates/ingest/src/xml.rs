//! Reading XML with a limit on its depth; entities that a document declares itself are never expanded.

use quick_xml::{
    Reader,
    events::{BytesRef, BytesStart, Event},
};

use crate::limits;

/// Hands on each event until the end; the error says where it stops being XML.
pub fn each(xml: &[u8], mut take: impl FnMut(&Event<'_>)) -> Result<(), String> {
    let mut reader = Reader::from_reader(xml);
    let (mut depth, mut buffer) = (0usize, Vec::new());
    loop {
        let event = reader.read_event_into(&mut buffer).map_err(|e| e.to_string())?;
        match &event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof if depth > 0 => return Err("it ends in the middle".to_owned()),
            Event::Eof => return Ok(()),
            _ => {}
        }
        if depth > limits::LEVELS {
            return Err(format!("its XML has more than {} levels", limits::LEVELS));
        }
        take(&event);
        buffer.clear();
    }
}

/// Takes what a document holds, as it comes.
pub trait Elements {
    /// An element begins. An empty one ends at once.
    fn start(&mut self, element: &BytesStart<'_>);
    /// The element of this name, without prefix, ends.
    fn end(&mut self, name: &str);
    /// Words between elements.
    fn text(&mut self, text: &str);
}

/// Hands on elements and words until the end; the error says where it stops being XML.
pub fn walk(xml: &[u8], to: &mut impl Elements) -> Result<(), String> {
    each(xml, |event| match event {
        Event::Start(e) => to.start(e),
        Event::Empty(e) => {
            to.start(e);
            to.end(e.local_name().as_ref());
        }
        Event::Text(t) => to.text(t.as_ref()),
        Event::GeneralRef(r) => {
            if let Some(c) = reference(r) {
                to.text(c.encode_utf8(&mut [0; 4]));
            }
        }
        Event::End(e) => to.end(e.local_name().as_ref()),
        _ => {}
    })
}

/// The sign that a reference stands for; none for an entity of the document's own.
pub fn reference(reference: &BytesRef<'_>) -> Option<char> {
    match reference.as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => reference.resolve_char_ref().ok().flatten(),
    }
}

/// The value of an attribute, whatever the prefix of its name.
pub fn value(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes().flatten();
    let found = attributes.find(|a| a.key.local_name().as_ref() == name)?;
    Some(
        found
            .normalized_value(quick_xml::XmlVersion::Implicit1_0)
            .map_or_else(|_| found.value.as_ref().into(), Into::into),
    )
}

/// Properties that somebody gave a document: the text of each `element` under the value of its attribute `key`.
pub fn properties(xml: &[u8], element: &str, key: &str) -> std::collections::BTreeMap<String, String> {
    let mut out = std::collections::BTreeMap::new();
    let (mut name, mut text) = (None, String::new());
    // A damaged list of properties is no reason to refuse the talk.
    let _ = each(xml, |event| match event {
        Event::Start(e) if e.local_name().as_ref() == element => {
            name = value(e, key);
            text.clear();
        }
        Event::Text(t) if name.is_some() => text.push_str(t.as_ref()),
        Event::GeneralRef(r) if name.is_some() => text.extend(reference(r)),
        Event::End(e) if e.local_name().as_ref() == element => {
            let text = text.trim();
            // Programs keep ids and settings there as well: "ContentTypeId", "_dlc_DocId", "MSIP_Label…".
            let own = |name: &String| !name.starts_with(['_']) && !name.contains("MSIP") && !name.ends_with("Id");
            if let Some(name) = name.take().filter(own)
                && !text.is_empty()
                && text.len() < 200
            {
                out.insert(name.to_lowercase(), text.to_owned());
            }
        }
        _ => {}
    });
    out
}
