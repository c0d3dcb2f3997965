//! Attributes in the paths of transcripts: `{location}/{segment}` finds them in `lelystad/starter/gesprek-1.txt`.

/// The attributes that a pattern finds in a path (without its file's ending); `None` where it does not fit. The pattern
/// covers the first parts of the path; `*` stands for anything.
pub fn attributes(pattern: &str, path: &str) -> Option<Vec<(String, String)>> {
    let pattern = pattern.trim_matches('/');
    let parts: Vec<&str> = path.split('/').collect();
    let wanted: Vec<&str> = pattern.split('/').collect();
    if wanted.len() > parts.len() {
        return None;
    }
    let mut out = Vec::new();
    for (wanted, part) in wanted.iter().zip(&parts) {
        fit(wanted, part, &mut out)?;
    }
    Some(out)
}

/// Fits one part, placeholders as short as they can be.
fn fit(mut pattern: &str, mut text: &str, out: &mut Vec<(String, String)>) -> Option<()> {
    loop {
        let Some(open) = pattern.find(['{', '*']) else { return (pattern == text).then_some(()) };
        text = text.strip_prefix(&pattern[..open])?;
        let (key, after) = match pattern[open..].strip_prefix('{') {
            Some(inner) => inner.split_once('}')?,
            None => ("", &pattern[open + 1..]),
        };
        let literal = &after[..after.find(['{', '*']).unwrap_or(after.len())];
        let end = if literal.is_empty() && after.is_empty() {
            text.len()
        } else {
            text.find(literal).filter(|_| !literal.is_empty())?
        };
        if !key.is_empty() && end > 0 {
            out.push((key.to_owned(), text[..end].to_owned()));
        } else if !key.is_empty() {
            return None;
        }
        (pattern, text) = (after, &text[end..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, path: &str) -> Option<String> {
        attributes(pattern, path).map(|all| all.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn placeholders_find_the_parts_of_a_path() {
        assert_eq!(found("{location}", "lelystad/gesprek-1").as_deref(), Some("location=lelystad"));
        assert_eq!(found("*/{segment}-{nr}", "x/starter-3").as_deref(), Some("segment=starter nr=3"));
        assert_eq!(found("regio {a}/{b}", "regio noord/c").as_deref(), Some("a=noord b=c"));
        assert_eq!(found("{location}/{segment}", "gesprek-1"), None);
        assert_eq!(found("{a}{b}", "x"), None);
        assert_eq!(found("vast/{b}", "los/x"), None);
    }
}
