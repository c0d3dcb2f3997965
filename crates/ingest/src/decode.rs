//! Bytes to text: UTF-8 with or without a byte order mark, UTF-16, else Windows-1252.

use std::borrow::Cow;

use encoding_rs::{UTF_8, WINDOWS_1252};

/// The text, or what is wrong with the bytes.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, &'static str> {
    decode_named(bytes).map(|(text, _)| text)
}

/// The text and the name of its encoding, or what is wrong with the bytes.
pub fn decode_named(bytes: &[u8]) -> Result<(Cow<'_, str>, &'static str), &'static str> {
    let (text, name) = letters(bytes)?;
    // Programs on old Macs, and some for transcribing, end lines with a carriage return alone.
    let bare = text.contains('\r') && !text.contains('\n');
    Ok((if bare { Cow::Owned(text.replace('\r', "\n")) } else { text }, name))
}

fn letters(bytes: &[u8]) -> Result<(Cow<'_, str>, &'static str), &'static str> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err("the file is empty");
    }
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, failed) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return if failed || text.contains('\0') {
            Err("the text is damaged: it does not fit its own byte order mark")
        } else {
            Ok((text, encoding.name()))
        };
    }
    if bytes.contains(&0) {
        // UTF-16 without a mark has a zero in nearly every second byte of Latin text.
        let even = bytes.iter().step_by(2).filter(|b| **b == 0).count();
        let odd = bytes.iter().skip(1).step_by(2).filter(|b| **b == 0).count();
        let encoding = if odd * 3 > bytes.len() && even == 0 {
            encoding_rs::UTF_16LE
        } else if even * 3 > bytes.len() && odd == 0 {
            encoding_rs::UTF_16BE
        } else {
            return Err("this is no text: it holds zero bytes");
        };
        return Ok((encoding.decode_without_bom_handling(bytes).0, encoding.name()));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return if is_noise(text) {
            Err("this is no text: it holds control characters")
        } else {
            Ok((Cow::Borrowed(text), UTF_8.name()))
        };
    }
    let (text, name) = match mixed(bytes) {
        Some(text) => (text, "UTF-8 with bytes of windows-1252"),
        None => (WINDOWS_1252.decode_without_bom_handling(bytes).0, WINDOWS_1252.name()),
    };
    if is_noise(&text) { Err("this is no text: it holds control characters") } else { Ok((text, name)) }
}

/// UTF-8 into which a few bytes of Windows-1252 were pasted: read as a whole in either, the accents would be lost.
fn mixed(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let (mut text, mut wide, mut odd) = (String::with_capacity(bytes.len()), 0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        wide += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        odd += chunk.invalid().len();
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    (wide > odd).then_some(Cow::Owned(text))
}

fn is_noise(text: &str) -> bool {
    let (mut control, mut all) = (0usize, 0usize);
    for c in text.chars() {
        all += 1;
        control += usize::from(c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'));
    }
    control * 100 > all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carriage_return_alone_ends_a_line() {
        assert_eq!(decode(b"I: Hoe?\rR: Goed.\r").unwrap(), "I: Hoe?\nR: Goed.\n");
        assert_eq!(decode(b"I: Hoe?\r\nR: Goed.\r\n").unwrap(), "I: Hoe?\r\nR: Goed.\r\n");
    }

    #[test]
    fn the_encodings_of_word_processors_are_read() {
        let text = "R: één café";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut marked = vec![0xff, 0xfe];
        marked.extend(&utf16);
        let mut bom = vec![0xef, 0xbb, 0xbf];
        bom.extend(text.as_bytes());
        let (latin, _, _) = WINDOWS_1252.encode(text);
        for bytes in [text.as_bytes(), &bom, &utf16, &marked, &latin] {
            assert_eq!(decode(bytes).unwrap(), text);
        }
    }

    #[test]
    fn a_pasted_byte_does_not_garble_the_other_accents() {
        assert_eq!(decode(b"R: \xc3\xa9\xc3\xa9n caf\xe9").unwrap(), "R: één café");
    }

    #[test]
    fn what_is_no_text_is_said_to_be_none() {
        assert!(decode(b"").is_err());
        assert!(decode(b" \n").is_err());
        assert!(decode(&[1, 0, 0, 0, 7, 200, 3]).is_err());
    }
}
