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
        let rest = &self.text[self.at..];
        let first = rest.find(char::is_alphanumeric)?;
        let mut start = self.at + first;
        if let Some(before) = rest[..first].chars().next_back().filter(|c| is_apostrophe(*c)) {
            let word: usize = rest[first..].chars().take_while(|c| c.is_alphanumeric()).count();
            if word <= 2 {
                start -= before.len_utf8();
            }
        }
        let mut end = self.at + first;
        let mut chars = self.text[end..].char_indices().peekable();
        let base = end;
        while let Some((i, c)) = chars.next() {
            if c.is_alphanumeric() {
                end = base + i + c.len_utf8();
            } else if !((is_apostrophe(c) || c == '-') && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric()))
            {
                break;
            }
        }
        self.at = end;
        Some(Token { text: &self.text[start..end], start })
    }
}

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
