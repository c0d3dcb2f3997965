//! Codebooks as `.qdc`, both ways.

use std::collections::HashSet;

use klantreis_study::{Code as StudyCode, CodeId, Codebook, Language, Study};

use crate::{
    archive::{ExchangeError, decode},
    export::{CUES, codes},
    names::{self, Meaning, Meanings, key},
    project::Code,
    qde::{code_to, codes_from},
    xml::{self, Element},
};

/// The study's codebook as `.qdc`: a tree a category, and one each for phases, touchpoints and emotions.
pub fn write_qdc(study: &Study, codebook: &Codebook) -> Vec<u8> {
    let codes = codes(study, codebook, &[]).iter().map(code_to).collect();
    Element::new("CodeBook")
        .with("xmlns", "urn:QDA-XML:codebook:1.0")
        .with("origin", &format!("klantreis {}", env!("CARGO_PKG_VERSION")))
        .group("Codes", codes)
        .write()
}

/// The codes of a `.qdc`.
pub fn read_qdc(bytes: &[u8]) -> Result<Vec<Code>, ExchangeError> {
    let wrong = |message| ExchangeError::Document { name: "the codebook".to_owned(), message };
    let root = xml::parse(&decode(bytes)).map_err(wrong)?;
    if root.name != "CodeBook" {
        return Err(wrong(format!("its first element is <{}>, where <CodeBook> was expected", root.name)));
    }
    Ok(root.first("Codes").map(codes_from).unwrap_or_default())
}

/// The codes of another tool as a codebook of ours, and the paths of those of which the category is not known. A code
/// that bears the name of one in `known` keeps its id.
pub fn codebook_of(codes: &[Code], meanings: &Meanings, known: &Codebook) -> (Codebook, Vec<String>) {
    let (mut book, mut unknown, mut ids) = (Codebook::default(), Vec::new(), HashSet::new());
    for tree in codes {
        tree.visit(&mut Vec::new(), &mut |above, code| {
            let path: Vec<&str> = above.iter().copied().chain([code.name.as_str()]).collect();
            match meanings.of(&path) {
                Some(Meaning::Category(category)) => {
                    // The category itself is no code of its own.
                    let named = [Language::Dutch, Language::English]
                        .iter()
                        .any(|l| key(&names::category(*l, &category)) == key(&code.name));
                    let is_category = above.is_empty() && (named || !code.children.is_empty());
                    if !is_category && code.codable {
                        let (definition, cues) = described(&code.description);
                        let same = known.codes.iter().find(|k| {
                            k.category == category
                                && [k.id.as_str(), &k.label, &k.label_en].iter().any(|n| key(n) == key(&code.name))
                        });
                        let kept = same.map(|k| k.id.clone()).filter(|id| ids.insert(id.as_str().to_owned()));
                        if let Some(id) = kept.or_else(|| fresh_id(&code.name, &mut ids)) {
                            book.codes.push(StudyCode {
                                id,
                                category,
                                label: code.name.clone(),
                                label_en: String::new(),
                                general: false,
                                definition,
                                definition_en: String::new(),
                                cues,
                            });
                        }
                    }
                }
                Some(_) => {}
                None if code.codable && code.children.is_empty() => unknown.push(path.join("/")),
                None => {}
            }
        });
    }
    (book, unknown)
}

/// A codebook as `codebook.toml`.
pub fn codebook_toml(book: &Codebook) -> Result<String, toml::ser::Error> {
    toml::to_string_pretty(book)
}

/// The definition and the cues that our own export writes behind it.
fn described(description: &str) -> (String, Vec<String>) {
    for head in CUES {
        if let Some((definition, cues)) = description.rsplit_once(head) {
            let cues = cues.lines().map(|c| c.trim().to_owned()).filter(|c| !c.is_empty()).collect();
            return (definition.trim().to_owned(), cues);
        }
    }
    (description.trim().to_owned(), Vec::new())
}

fn fresh_id(name: &str, taken: &mut HashSet<String>) -> Option<CodeId> {
    let slug: String = name.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let slug = slug.split('-').filter(|w| !w.is_empty()).collect::<Vec<_>>().join("-");
    let mut end = slug.len().min(56);
    while !slug.is_char_boundary(end) {
        end -= 1;
    }
    let slug = &slug[..end];
    let names = std::iter::once(slug.to_owned()).chain((2..).map(|n| format!("{slug}-{n}")));
    let id = names.take(10_000).find(|id| !taken.contains(id))?;
    taken.insert(id.clone());
    CodeId::new(&id).ok()
}
