use std::{borrow::Cow, sync::OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::Stemmer;

/// Of which word is this a form? Irregular nouns and verbs, and participles and past tenses of regular verbs.
///
/// [`Stemmer`](crate::Stemmer) knows nothing of them, since the model of coding has learned from its stems.
pub struct Forms {
    irregular: FxHashMap<&'static str, &'static str>,
    /// Forms that are words of their own too.
    second: FxHashMap<&'static str, &'static str>,
    regular: FxHashMap<String, &'static str>,
    verbs: FxHashSet<&'static str>,
    /// Stems of words whose usual one is that of another word: "lezen", which is no "les".
    stems: FxHashMap<&'static str, &'static str>,
}

/// What stands before a verb, and apart from it in a main clause: "inloggen", "ik log in".
const SEPARABLE: [&str; 34] = [
    "aan", "achter", "af", "bij", "binnen", "dicht", "door", "goed", "in", "kwijt", "langs", "los", "mee", "mis", "na",
    "om", "onder", "op", "open", "over", "rond", "samen", "tegen", "terecht", "terug", "thuis", "toe", "uit", "vast",
    "verder", "voor", "vooruit", "weg", "klaar",
];

/// What is never apart from it, so that the participle has no "ge".
const INSEPARABLE: [&str; 5] = ["be", "ver", "ont", "her", "ge"];

impl Forms {
    /// The built-in lists, made ready when they are first asked for.
    pub fn built_in() -> &'static Self {
        static FORMS: OnceLock<Forms> = OnceLock::new();
        FORMS.get_or_init(Self::made)
    }

    fn made() -> Self {
        let mut out = Self {
            irregular: FxHashMap::default(),
            second: FxHashMap::default(),
            regular: FxHashMap::default(),
            verbs: FxHashSet::default(),
            stems: FxHashMap::default(),
        };
        for line in lines(include_str!("../data/irregular.txt")) {
            let mut words = line.split_whitespace();
            let Some(head) = words.next() else { continue };
            let (lemma, stem) = head.split_once('=').unwrap_or((head, ""));
            if !stem.is_empty() {
                out.stems.insert(lemma, stem);
            }
            if let Some(root) = lemma.strip_suffix("en") {
                out.verbs.insert(lemma);
                for stem in stems_of(root) {
                    out.regular.insert(format!("{stem}t"), lemma);
                }
            }
            for form in words {
                match form.strip_prefix('~') {
                    Some(own) => out.second.insert(own, lemma),
                    None => out.irregular.insert(form, lemma),
                };
            }
        }
        for verb in lines(include_str!("../data/verbs.txt")) {
            out.verbs.insert(verb);
            for form in regular(verb) {
                out.regular.entry(form).or_insert(verb);
            }
        }
        out
    }

    /// The word that `word` is a form of, where it is one and nothing else.
    pub fn lemma(&self, word: &str) -> Option<Cow<'static, str>> {
        if self.second.contains_key(word) {
            return None;
        }
        if let Some(lemma) = self.simple(word) {
            return Some(Cow::Borrowed(lemma));
        }
        SEPARABLE.iter().find_map(|before| {
            let lemma = self.simple(word.strip_prefix(before)?)?;
            lemma.ends_with("en").then(|| Cow::Owned(format!("{before}{lemma}")))
        })
    }

    /// Whether a word is the infinitive of a verb of the lists, separable or not.
    pub fn is_verb(&self, word: &str) -> bool {
        let known = |word: &str| self.verbs.contains(word);
        known(word) || SEPARABLE.iter().any(|before| word.strip_prefix(before).is_some_and(known))
    }

    /// Whether a word is a verb with a part that may stand apart from it: "invullen".
    pub fn is_separable(&self, word: &str) -> bool {
        SEPARABLE.iter().any(|before| word.strip_prefix(before).is_some_and(|verb| self.verbs.contains(verb)))
    }

    /// The stem of a lemma that has one of its own.
    pub fn stem(&self, lemma: &str) -> Option<&'static str> {
        self.stems.get(lemma).copied()
    }

    /// The word that `word` may be a form of, besides being a word of its own.
    pub fn second(&self, word: &str) -> Option<&'static str> {
        self.second.get(word).copied()
    }

    fn simple(&self, word: &str) -> Option<&'static str> {
        self.irregular.get(word).or_else(|| self.regular.get(word)).copied()
    }
}

/// Snowball's stem; "brieven" as "brief", where Snowball leaves "briev", and "ideeën" (folded) as "idee".
pub fn plain_stem(stemmer: &mut Stemmer, word: &str) -> String {
    let word = word.strip_suffix("en").filter(|word| word.ends_with("ee") || word.ends_with("ie")).unwrap_or(word);
    let mut stem = stemmer.stem(word).to_owned();
    for (voiced, voiceless) in [('v', 'f'), ('z', 's')] {
        if stem.len() > 2 && stem.ends_with(voiced) {
            stem.pop();
            stem.push(voiceless);
        }
    }
    stem
}

/// The lines of a built-in list, without comments.
fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The forms of a regular verb that Snowball leaves apart: "belt", "belde", "belden", "gebeld".
fn regular(verb: &str) -> Vec<String> {
    let Some(root) = verb.strip_suffix("en") else { return Vec::new() };
    // 't kofschip goes by the last sound of the infinitive: "leven" has "leefde".
    let voiceless = root.ends_with(['t', 'k', 'f', 's', 'p', 'x']) || root.ends_with("ch");
    let ending = if voiceless { 't' } else { 'd' };
    let prefixed =
        |prefix: &&str| root.strip_prefix(*prefix).is_some_and(|rest| rest.contains(['a', 'e', 'i', 'o', 'u']));
    let ge = if INSEPARABLE.iter().any(prefixed) { "" } else { "ge" };
    let mut out = Vec::new();
    for stem in stems_of(root) {
        let closed = |extra: char| if stem.ends_with(extra) { stem.clone() } else { format!("{stem}{extra}") };
        out.extend([closed('t'), format!("{stem}{ending}e"), format!("{stem}{ending}en")]);
        out.extend([format!("{ge}{}", closed(ending)), format!("{ge}{}e", closed(ending))]);
    }
    out
}

/// The first person of a verb without its "en": "bell" → "bel", "mak" → "maak", "lev" → "leef".
///
/// Whether the last syllable is stressed is not to be seen: "luister" and "noteer" both come, "luisteer" and "noter"
/// with them, which do no harm, since nobody writes them.
fn stems_of(root: &str) -> Vec<String> {
    let mut chars: Vec<char> = root.chars().collect();
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    if let [.., a, b] = chars[..]
        && a == b
        && !is_vowel(a)
    {
        chars.pop();
        return vec![chars.into_iter().collect()];
    }
    if let Some(last) = chars.last_mut() {
        *last = match *last {
            'v' => 'f',
            'z' => 's',
            other => other,
        };
    }
    let as_is: String = chars.iter().collect();
    let before = chars.len().checked_sub(3).map(|at| chars[at]);
    match chars[..] {
        // An open syllable is long: "mak-en" is "maak".
        [.., vowel, last]
            if is_vowel(vowel) && vowel != 'i' && !is_vowel(last) && last != 'w' && !before.is_some_and(is_vowel) =>
        {
            chars.insert(chars.len() - 1, vowel);
            let long = chars.into_iter().collect();
            let unstressed = as_is.len() > 4 && as_is.ends_with(['r', 'l', 'n']) && vowel == 'e';
            if unstressed { vec![as_is, long] } else { vec![long] }
        }
        _ => vec![as_is],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_to_their_verb() {
        let forms = Forms::built_in();
        for (form, verb) in [
            ("gemaakt", "maken"),
            ("leefde", "leven"),
            ("geregistreerd", "registreren"),
            ("geluisterd", "luisteren"),
            ("ingelogd", "inloggen"),
            ("opgestuurd", "opsturen"),
            ("doorverwezen", "doorverwijzen"),
            ("hielp", "helpen"),
            ("reisde", "reizen"),
        ] {
            assert_eq!(forms.lemma(form).as_deref(), Some(verb), "{form}");
        }
        for other in ["geduld", "gezicht", "geloof", "gewoon", "vroeg", "computer"] {
            assert_eq!(forms.lemma(other), None, "{other}");
        }
    }
}
