//! Text for use in HTML and XML: the page, SVG and the parts of a Word file.

/// Text between tags or in a quoted attribute. What XML 1.0 allows in no form becomes �.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_xml_reads_or_refuses_is_left() {
        for (text, safe) in [
            ("&amp;", "&amp;amp;"),
            ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
            ("\"x\" onclick='y'", "&quot;x&quot; onclick=&#39;y&#39;"),
            ("\0\u{1b}\u{ffff}", "\u{fffd}\u{fffd}\u{fffd}"),
            ("Ideeën 🙂", "Ideeën 🙂"),
        ] {
            assert_eq!(escape(text), safe);
        }
    }
}
