/// Text for use between tags or in a quoted attribute. Control characters, which HTML does not allow, become �.
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
    fn nothing_that_html_reads_is_left() {
        for (text, safe) in [
            ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
            ("\"x\" onclick='y'", "&quot;x&quot; onclick=&#39;y&#39;"),
            ("&amp;", "&amp;amp;"),
            ("\0\u{1b}", "\u{fffd}\u{fffd}"),
            ("Ideeën", "Ideeën"),
        ] {
            assert_eq!(escape(text), safe);
        }
    }
}
