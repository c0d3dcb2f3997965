/// A word with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// The word as written, without the punctuation around it.
    pub text: &'a str,
    /// Where it starts, in bytes.
    pub start: usize,
}

impl Token<'_> {
    /// Where it ends, in bytes.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The words of `text`: runs of letters and digits, with apostrophes and hyphens that stand between letters
/// ("'s", "auto's", "e-mail", "op-een-stoel"), and a leading apostrophe of a short form ("'k", "'m", "'t").
pub fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    Tokens { text, at: 0 }
}

struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘')
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let first = end_of(self.text, self.at, false);
        if first == self.text.len() {
            self.at = first;
            return None;
        }
        let mut start = first;
        if let Some(before) = self.text[self.at..first].chars().next_back().filter(|c| is_apostrophe(*c)) {
            let word: usize = self.text[first..].chars().take_while(|c| c.is_alphanumeric()).count();
            if word <= 2 {
                start -= before.len_utf8();
            }
        }
        let mut end = end_of(self.text, first, true);
        // An apostrophe or hyphen goes on with the word if a letter or digit follows.
        while let Some(mark) = self.text[end..].chars().next().filter(|c| is_apostrophe(*c) || *c == '-') {
            let next = end + mark.len_utf8();
            let on = end_of(self.text, next, true);
            if on == next {
                break;
            }
            end = on;
        }
        self.at = end;
        Some(Token { text: &self.text[start..end], start })
    }
}

/// Where the letters and digits from `at` on end, or what is none. Nearly all are of one byte, which needs no decoding.
#[inline]
fn end_of(text: &str, mut at: usize, letters: bool) -> usize {
    while let Some(byte) = text.as_bytes().get(at) {
        let (is_letter, length) = if byte.is_ascii() {
            (IS_LETTER[usize::from(*byte)], 1)
        } else {
            text[at..].chars().next().map_or((!letters, 0), |c| (c.is_alphanumeric(), c.len_utf8()))
        };
        if is_letter != letters {
            break;
        }
        at += length;
    }
    at
}

/// Which characters of one byte are letters or digits.
const IS_LETTER: [bool; 256] = {
    let mut out = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        out[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    out
};

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokens(text).map(|t| t.text).collect()
    }

    #[test]
    fn words_keep_inner_apostrophes_and_hyphens() {
        assert_eq!(words("Elf logo's, e-mail - ja!"), ["Elf", "logo's", "e-mail", "ja"]);
        assert_eq!(words("'k heb 't op z'n tafel"), ["'k", "heb", "'t", "op", "z'n", "tafel"]);
        assert_eq!(words("'dubbelklik', zei hij"), ["dubbelklik", "zei", "hij"]);
    }

    #[test]
    fn places_point_into_the_text() {
        let text = "één, «twee»…";
        for t in tokens(text) {
            assert_eq!(&text[t.start..t.end()], t.text);
        }
    }
}
