//! Tags and entities in the text of cues.

use crate::times::clock;

/// Bytes of a tag.
const LONGEST: usize = 256;

/// The text of a cue without its tags, entities read.
pub fn strip_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // A tag is short; without its end, the whole text would be searched for each sign.
        let end = rest.bytes().take(LONGEST).position(|b| b == b'>');
        match end.filter(|end| is_tag(&rest[1..*end])) {
            Some(end) => rest = &rest[end + 1..],
            None => {
                out.push('<');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    entities(&out)
}

/// Tags of WebVTT, and of SubRip as players know them.
const TAGS: [&str; 15] =
    ["c", "i", "b", "u", "s", "v", "lang", "ruby", "rt", "font", "span", "br", "em", "strong", "p"];

/// `b`, `/v`, `c.loud`, a clock time: not "lacht", nor what stands between the signs of "2 < 3 en 4 > 1".
fn is_tag(inner: &str) -> bool {
    let name = inner.trim_start_matches('/');
    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    clock(inner).is_some() || TAGS.contains(&name.to_ascii_lowercase().as_str())
}

/// The text with its entities read, each once.
pub fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // No name is longer than eight letters: what lies further on is another word's semicolon.
        let known = rest.bytes().take(10).position(|b| b == b';').and_then(|end| Some((end, entity(&rest[1..end])?)));
        match known {
            Some((end, c)) => {
                out.extend(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The sign that an entity stands for, which may be none (marks of direction); `None` for an unknown one.
fn entity(name: &str) -> Option<Option<char>> {
    Some(match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        "lrm" | "rlm" => None,
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            Some(char::from_u32(code).filter(|c| !c.is_control())?)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tags_are_taken_out() {
        assert_eq!(
            strip_tags("<c.loud>Nou</c> <00:01.000><i>ja</i> <lacht> 2 <3 en 4> 1"),
            "Nou ja <lacht> 2 <3 en 4> 1"
        );
    }

    #[test]
    fn entities_are_read_once() {
        assert_eq!(entities("&amp;lt; &#39;q&#x27; &lrm;AT&T; R&D &#0;"), "&lt; 'q' AT&T; R&D &#0;");
    }
}
