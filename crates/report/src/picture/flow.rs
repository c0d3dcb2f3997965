//! Text set in lines that fit their column.

use super::font::{Weight, width};

/// How a piece of text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    pub weight: Weight,
    pub size: f64,
    pub colour: u32,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub style: Style,
    pub text: String,
}

/// The pieces of a line, left to right; spaces stand at the ends of pieces.
pub type Line = Vec<Run>;

/// Distance between lines, of the size.
pub const LEADING: f64 = 1.36;

/// The width of a line.
pub fn line_width(line: &Line) -> f64 {
    line.iter().map(|run| width(&run.text, run.style.weight, run.style.size)).sum()
}

/// Sets pieces of text in lines at most `room` wide. Words that are wider are broken. At most `most` lines; what does
/// not fit is left out and marked with `…`.
pub fn flow(pieces: &[(Style, &str)], room: f64, most: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = vec![Vec::new()];
    let mut used = 0.0;
    // A word may go on in the next piece, as in “word”: then there is no space to break at.
    let mut glued = true;
    for (style, text) in pieces {
        let measure = |text: &str| width(text, style.weight, style.size);
        for (n, word) in text.split(|c: char| c.is_whitespace() && c != '\u{a0}').enumerate() {
            let spaced = n > 0 || !glued;
            glued = true;
            if word.is_empty() {
                glued = n == 0 && glued;
                if n > 0 {
                    glued = false;
                }
                continue;
            }
            let gap = if spaced && used > 0.0 { measure(" ") } else { 0.0 };
            if used + gap + measure(word) > room && used > 0.0 {
                lines.push(Vec::new());
                used = 0.0;
            } else if gap > 0.0 {
                append(&mut lines, *style, " ");
                used += gap;
            }
            for c in word.chars() {
                let letter = measure(c.encode_utf8(&mut [0; 4]));
                if used + letter > room && used > 0.0 {
                    lines.push(Vec::new());
                    used = 0.0;
                }
                append(&mut lines, *style, c.encode_utf8(&mut [0; 4]));
                used += letter;
            }
        }
        glued = !text.ends_with(|c: char| c.is_whitespace() && c != '\u{a0}');
    }
    lines.retain(|line| !line.is_empty());
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            ellipsis(last, room);
        }
    }
    lines
}

fn append(lines: &mut [Line], style: Style, text: &str) {
    let Some(line) = lines.last_mut() else { return };
    match line.last_mut() {
        Some(run) if run.style == style => run.text.push_str(text),
        _ => line.push(Run { style, text: text.to_owned() }),
    }
}

/// Ends a line with `…`, as far as there is room without its last letters.
fn ellipsis(line: &mut Line, room: f64) {
    while let Some(run) = line.last_mut() {
        run.text.truncate(run.text.trim_end_matches(|c: char| !c.is_alphanumeric()).len());
        run.text.push('…');
        if line_width(line) <= room {
            return;
        }
        let Some(run) = line.last_mut() else { return };
        run.text.pop();
        if run.text.pop().is_none() {
            line.pop();
        }
    }
}

/// The height of some lines.
pub fn height(lines: &[Line]) -> f64 {
    lines.iter().map(|line| line_size(line) * LEADING).sum()
}

/// The size of the greatest piece of a line.
pub fn line_size(line: &Line) -> f64 {
    line.iter().map(|run| run.style.size).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLAIN: Style = Style { weight: Weight::Regular, size: 10.0, colour: 0 };
    const BOLD: Style = Style { weight: Weight::Semibold, size: 11.0, colour: 0 };

    fn said(lines: &[Line]) -> String {
        let text = |line: &Line| line.iter().map(|run| run.text.as_str()).collect::<String>();
        lines.iter().map(text).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn lines_break_between_words_and_pieces_keep_their_space() {
        assert_eq!(said(&flow(&[(BOLD, "Vast personeel"), (PLAIN, " · 3")], 500.0, 9)), "Vast personeel · 3");
        assert_eq!(said(&flow(&[(PLAIN, "“"), (BOLD, "ja"), (PLAIN, "”")], 500.0, 9)), "“ja”");
        assert_eq!(
            said(&flow(&[(PLAIN, "een twee drie")], width("een twee", Weight::Regular, 10.0), 9)),
            "een twee|drie"
        );
        assert_eq!(said(&flow(&[(PLAIN, "  ")], 50.0, 9)), "");
    }

    #[test]
    fn what_does_not_fit_is_marked() {
        let lines = flow(&[(PLAIN, "een twee drie vier vijf zes")], 60.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(said(&lines).ends_with('…'), "{}", said(&lines));
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_its_room(a in "\\PC{0,80}", b in "[a-z ]{0,200}", room in 20.0..300.0_f64, most in 1..9_usize) {
            let lines = flow(&[(BOLD, &a), (PLAIN, &b)], room, most);
            prop_assert!(lines.len() <= most);
            for line in &lines {
                prop_assert!(line_width(line) <= room + 1e-6, "{line:?}");
            }
        }

        #[test]
        fn no_word_is_lost_where_there_is_room_for_all(text in "[a-z]{1,9}( [a-z]{1,9}){0,20}") {
            let lines = flow(&[(PLAIN, &text)], 90.0, 999);
            prop_assert_eq!(said(&lines).replace('|', " "), text);
        }
    }
}
