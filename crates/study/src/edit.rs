//! Changing a study's TOML from a screen: what people wrote around it, comments too, stays as it is.

use std::{fs, io, path::Path};

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, RawString, Table, Value};

use crate::{Code, Codebook, CodebookError, Study, StudyError};

/// How a list is broken over lines.
const INDENT: &str = "\n    ";

impl Study {
    /// Saves a query under a name in `klantreis.toml`, or takes it away; nothing else in the file changes.
    pub fn save_query(&mut self, name: &str, query: Option<&str>) -> Result<(), StudyError> {
        let path = self.root.join("klantreis.toml");
        let io = |source| StudyError::Io { path: path.clone(), source };
        let toml = |message| StudyError::Toml { path: path.clone(), message };
        let text = with_query(&read(&path).map_err(io)?, name, query).map_err(toml)?;
        let queries = Self::parse(&text).map_err(toml)?.queries;
        replace(&path, &text).map_err(io)?;
        self.queries = queries;
        Ok(())
    }
}

impl Codebook {
    /// Writes a code to the codebook at `path`, in the place of the one with its id or behind the others; nothing else in
    /// the file changes.
    pub fn save(path: &Path, code: &Code) -> Result<(), CodebookError> {
        let io = |source| CodebookError::Io { path: path.to_owned(), source };
        let toml = |message| CodebookError::Toml { path: path.to_owned(), message };
        let text = with_code(&read(path).map_err(io)?, code).map_err(toml)?;
        Self::parse(&text).map_err(toml)?;
        replace(path, &text).map_err(io)
    }
}

/// A file's text; empty where there is none yet.
fn read(path: &Path) -> io::Result<String> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        other => other,
    }
}

/// Writes beside the file and then puts it in its place, so that a crash leaves one or the other.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let beside = path.with_extension("toml.new");
    fs::write(&beside, text)?;
    fs::File::open(&beside)?.sync_all()?;
    fs::rename(beside, path)
}

fn with_query(text: &str, name: &str, query: Option<&str>) -> Result<String, String> {
    let mut document = parse(text)?;
    let Some(query) = query else {
        if let Some(table) = document.get_mut("queries").and_then(Item::as_table_like_mut) {
            table.remove(name);
        }
        return Ok(document.to_string());
    };
    let queries = document.entry("queries").or_insert(Item::Table(Table::new()));
    let queries = queries.as_table_like_mut().ok_or("\"queries\" is no table")?;
    set(queries.entry(name).or_insert(Item::None), query);
    Ok(document.to_string())
}

fn with_code(text: &str, code: &Code) -> Result<String, String> {
    let mut document = parse(text)?;
    let codes = document.entry("code").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let codes =
        codes.as_array_of_tables_mut().ok_or("write each code as a table of its own, with [[code]] above it")?;
    let place = codes.iter().position(|table| table.get("id").and_then(Item::as_str) == Some(code.id.as_str()));
    let place = place.unwrap_or_else(|| {
        codes.push(Table::new());
        codes.len() - 1
    });
    let table = codes.get_mut(place).ok_or("the code is not there")?;
    for (key, text) in [
        ("id", code.id.as_str()),
        ("category", code.category.as_str()),
        ("label", &code.label),
        ("label_en", &code.label_en),
        ("definition", &code.definition),
        ("definition_en", &code.definition_en),
    ] {
        if !text.is_empty() || table.contains_key(key) {
            set(table.entry(key).or_insert(Item::None), text);
        }
    }
    let cues = table.entry("cues").or_insert(Item::Value(Array::new().into()));
    set_list(cues.as_array_mut().ok_or("\"cues\" is no list")?, &code.cues);
    Ok(document.to_string())
}

fn parse(text: &str) -> Result<DocumentMut, String> {
    text.trim_start_matches('\u{feff}').parse().map_err(|e: toml_edit::TomlError| e.to_string())
}

/// Puts a text in the place of a value; what stands around it stays, and an equal one stays as it was written.
fn set(item: &mut Item, text: &str) {
    if item.as_str() == Some(text) {
        return;
    }
    let mut new = Value::from(text);
    if let Some(old) = item.as_value() {
        new.decor_mut().clone_from(old.decor());
    }
    *item = Item::Value(new);
}

/// Takes out of a list what is not wanted any more and puts the new behind it; the others keep their lines and comments.
fn set_list(list: &mut Array, wanted: &[String]) {
    keep_only(list, wanted);
    for text in wanted {
        if list.iter().any(|value| value.as_str() == Some(text)) {
            continue;
        }
        // Behind the last value may stand a comment about it.
        let behind = list.trailing().as_str().unwrap_or_default().trim_end().to_owned();
        let mut value = Value::from(text.as_str());
        value.decor_mut().set_prefix(format!("{behind}{INDENT}"));
        list.push_formatted(value);
        list.set_trailing(RawString::from("\n"));
        list.set_trailing_comma(true);
    }
}

/// Takes out of a list what is not wanted. What stands behind a value on its line is kept before the next one by the parser:
/// it goes with its own value.
fn keep_only(list: &mut Array, wanted: &[String]) {
    let mut behind: Option<String> = None;
    let mut n = 0;
    while let Some(value) = list.get_mut(n) {
        let prefix = value.decor().prefix().and_then(RawString::as_str).unwrap_or_default().to_owned();
        if value.as_str().is_some_and(|text| wanted.iter().any(|w| w == text)) {
            if let Some(behind) = behind.take() {
                value.decor_mut().set_prefix(with_first_line(&behind, &prefix));
            }
            n += 1;
        } else {
            behind.get_or_insert_with(|| prefix.split('\n').next().unwrap_or_default().to_owned());
            list.remove(n);
        }
    }
    if let Some(behind) = behind {
        let trailing = list.trailing().as_str().unwrap_or_default().to_owned();
        list.set_trailing(with_first_line(&behind, &trailing));
    }
}

/// White space and comments with another first line; on a single line there are no comments.
fn with_first_line(first: &str, text: &str) -> String {
    text.split_once('\n').map_or_else(|| text.to_owned(), |(_, rest)| format!("{first}\n{rest}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{Category, CodeId};

    fn code(cues: &[&str]) -> Code {
        Code {
            id: CodeId::new("obstakel").unwrap(),
            category: Category::pain(),
            label: "Obstakel".to_owned(),
            label_en: String::new(),
            general: false,
            definition: "iets \"staat\" in de weg".to_owned(),
            definition_en: String::new(),
            cues: cues.iter().map(|c| (*c).to_owned()).collect(),
        }
    }

    #[test]
    fn a_query_is_saved_between_what_people_wrote() {
        let before = "title = \"x\" # onze studie\n\n# Wat we vaak vragen.\n[queries]\na = \"b\"   # goed\n\n[brand]\nwhy = \"w\"\n";
        let after = with_query(before, "inloggen", Some("wachtwoord* OF \"digid\"")).unwrap();
        assert_eq!(after, before.replace("# goed\n", "# goed\ninloggen = 'wachtwoord* OF \"digid\"'\n"));
        assert_eq!(with_query(&after, "inloggen", None).unwrap(), before);
        let changed = with_query(before, "a", Some("c")).unwrap();
        assert_eq!(changed, before.replace("\"b\"", "\"c\""));
        let new = with_query("", "a b", Some("c")).unwrap();
        assert_eq!(Study::parse(&new).unwrap().queries["a b"], "c");
        assert!(with_query("queries = 1", "a", Some("b")).is_err());
    }

    #[test]
    fn a_code_keeps_the_lines_and_comments_of_its_cues() {
        let before = "# Ons codeboek\n\n[[code]]\nid = \"obstakel\" # vast\ncategory = \"pijnpunt\"\nlabel = \"Obstakel\"\n\
                      cues = [\n    \"loop* vast\", # van Anna\n    \"dichte deur\",\n    # nog na te gaan\n    \"mocht niet\", # twijfel\n]\n\n\
                      [[code]]\nid = \"b\"\ncategory = \"winst\"\nlabel = \"B\"\n";
        let after = with_code(before, &code(&["loop* vast", "mocht niet", "zonder zegel"])).unwrap();
        let expected = before.replace("    \"dichte deur\",\n", "").replace(
            "# twijfel\n]\n",
            "# twijfel\n    \"zonder zegel\",\n]\ndefinition = 'iets \"staat\" in de weg'\n",
        );
        assert_eq!(after, expected);
        let book = Codebook::parse(&after).unwrap();
        assert_eq!(book.codes[0], code(&["loop* vast", "mocht niet", "zonder zegel"]));
        assert_eq!(with_code(&after, &book.codes[0]).unwrap(), after);
    }

    #[test]
    fn a_new_code_comes_behind_the_others() {
        let text = with_code("", &code(&["a", "b"])).unwrap();
        assert_eq!(Codebook::parse(&text).unwrap().codes, [code(&["a", "b"])]);
        let two = with_code(&text, &Code { id: CodeId::new("nieuw").unwrap(), ..code(&[]) }).unwrap();
        assert!(two.starts_with(&text), "{two}");
        assert_eq!(Codebook::parse(&two).unwrap().codes.len(), 2);
        assert!(with_code("code = [{ id = \"a\" }]", &code(&[])).unwrap_err().contains("[[code]]"));
    }
}
