//! What does a Dutch word share with others? A stem across irregular forms, diminutives and ways of writing, and the
//! words that it is compounded of.
//!
//! The stems of coding stay as they are: the model has learned from them. What is added here serves searching alone.

mod compounds;
mod diminutives;
mod variants;

use std::{ops::Range, rc::Rc, sync::OnceLock};

use klantreis_text::{Forms, Kept, Spelled, Spelling, Stemmer, fold, plain_stem, tokens};

use self::{compounds::Compounds, variants::Variants};

/// What a word is found by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Word {
    /// What a query for it looks for.
    pub stem: String,
    /// What else finds it: "vroeg" is also a form of "vragen".
    pub also: Vec<String>,
    /// The stems of the words that it is compounded of.
    pub parts: Vec<String>,
}

/// A word of a text with its place in bytes.
pub(crate) struct Placed {
    pub place: Range<usize>,
    pub word: Rc<Word>,
}

/// Analyses words, remembering what it has seen.
pub(crate) struct Dutch {
    stemmer: Stemmer,
    seen: Spelled<Rc<Word>>,
}

/// Words remembered before the memory is emptied, of some 200 bytes each: bounds memory on endless input. Ten million words of talk
/// have some 100,000 forms.
const REMEMBERED: usize = 80_000;

/// What is built in, made ready once.
pub(crate) struct Tables {
    variants: Variants,
    forms: &'static Forms,
    compounds: Compounds,
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| Tables {
        variants: Variants::built_in(),
        forms: Forms::built_in(),
        compounds: Compounds::built_in(),
    })
}

impl Dutch {
    pub fn new() -> Self {
        Self { stemmer: Stemmer::dutch(), seen: Spelled::default() }
    }

    /// Lends `work` one that knows the words that this thread has seen before.
    pub fn of_thread<R>(work: impl FnOnce(&mut Self) -> R) -> R {
        thread_local! { static DUTCH: Kept<Dutch> = const { Kept::new() } }
        DUTCH.with(|kept| kept.lend(Self::new, work))
    }

    /// The words of a text in order. Two that are one word written apart ("Digi D") come as that word and then as the
    /// second.
    pub fn words(&mut self, text: &str) -> Vec<Placed> {
        let all: Vec<_> = tokens(text).collect();
        let mut out = Vec::with_capacity(all.len());
        for (n, token) in all.iter().enumerate() {
            let joined = all.get(n + 1).and_then(|next| variants::written_apart(token.text, next.text));
            let end = if joined.is_some() { all[n + 1].end() } else { token.end() };
            let word = match joined {
                Some(joined) => self.word(joined),
                None => self.spelled(&Spelling::of(text, token.start..token.end()), text),
            };
            out.push(Placed { place: token.start..end, word });
        }
        out
    }

    /// What a word, as written, is found by.
    pub fn word(&mut self, written: &str) -> Rc<Word> {
        self.spelled(&Spelling::of(written, 0..written.len()), written)
    }

    /// The same of a word of a text.
    fn spelled(&mut self, spelling: &Spelling, text: &str) -> Rc<Word> {
        if let Some(known) = self.seen.get(spelling, text) {
            return known;
        }
        if self.seen.len() >= REMEMBERED {
            self.seen.clear();
        }
        let word = Rc::new(self.analysed(&variants::bare(&fold(&text[spelling.place.clone()]))));
        self.seen.insert(spelling, text, word.clone());
        word
    }

    /// Whether compounds with this word are split wherever they stand, so that no dictionary need be searched for them.
    pub fn is_part(&mut self, written: &str) -> bool {
        let word = variants::bare(&fold(written)).into_owned();
        let stem = self.stem(&word);
        tables().compounds.has(&stem)
    }

    fn analysed(&mut self, word: &str) -> Word {
        let tables = tables();
        let mut out = Word { stem: self.stem(word), ..Word::default() };
        if let Some(lemma) = tables.forms.second(word) {
            out.also.push(self.stemmed(lemma));
        }
        if let Some(other) = tables.variants.also(&out.stem) {
            out.also.push(self.stemmed(other));
        }
        for part in tables.compounds.parts(word, &out.stem, &mut |part| self.stem(part)) {
            if part != out.stem && !out.parts.contains(&part) {
                out.parts.push(part);
            }
        }
        out
    }

    /// The stem of a folded word without hyphens.
    fn stem(&mut self, word: &str) -> String {
        let tables = tables();
        if let Some(first) = tables.variants.first(word) {
            return self.stemmed(first);
        }
        if let Some(lemma) = tables.forms.lemma(word) {
            return tables.forms.stem(&lemma).map_or_else(|| self.stemmed(&lemma), str::to_owned);
        }
        let compounds = &tables.compounds;
        let base = diminutives::base(word, |base| compounds.has(&plain_stem(&mut self.stemmer, base)));
        match base {
            Some(base) => self.stemmed(tables.variants.first(&base).unwrap_or(&base)),
            None => self.stemmed(word),
        }
    }

    fn stemmed(&mut self, word: &str) -> String {
        plain_stem(&mut self.stemmer, word)
    }
}

/// The lines of a built-in list, without comments.
fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stem(word: &str) -> String {
        Dutch::new().word(word).stem.clone()
    }

    #[test]
    fn forms_of_a_word_share_its_stem() {
        for (word, others) in [
            ("helpen", "hielp geholpen helpt"),
            ("inloggen", "ingelogd inlogt inlogde"),
            ("doorverwijzen", "doorverwezen doorverwees"),
            ("bellen", "belde gebeld belt"),
            ("stad", "steden"),
            ("mail", "e-mail E-mails email mailtje mailke"),
            ("DigiD", "digi-d Digi-D"),
            ("brief", "brieven briefje briefke briefjes"),
            ("woning", "woninkje woningen"),
            ("foto", "foto's Foto’s"),
        ] {
            for other in others.split(' ') {
                assert_eq!(stem(other), stem(word), "{other}");
            }
        }
    }

    #[test]
    fn a_form_that_is_a_word_of_its_own_stays_one() {
        let mut dutch = Dutch::new();
        let early = dutch.word("vroeg");
        assert_ne!(early.stem, stem("vragen"));
        assert_eq!(early.also, [stem("vragen")]);
    }

    #[test]
    fn compounds_are_split_into_words_and_what_those_are_made_of() {
        let mut dutch = Dutch::new();
        let mut parts = |word: &str| dutch.word(word).parts.join(" ");
        assert_eq!(parts("wachtwoordproblemen"), "wachtwoord problem");
        assert_eq!(parts("inlogwachtwoord"), "inlog wachtwoord");
        assert_eq!(parts("huisartsenpost"), "huisart post huis art");
        assert_eq!(parts("DigiD-code"), "digid cod");
        for whole in ["wachtwoord", "gemeente", "tevreden", "kostuum", "belasting", "vergeten", "schouder"] {
            assert_eq!(parts(whole), "", "{whole}");
        }
    }

    #[test]
    fn words_written_apart_are_one() {
        let placed = Dutch::new().words("mijn Digi D werkt");
        let digid = &placed[1];
        assert_eq!((digid.word.stem.as_str(), digid.place.clone()), ("digid", 5..11));
    }
}
