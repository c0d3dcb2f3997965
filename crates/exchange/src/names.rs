//! The names that codes have in other tools, in both languages, and what such a name means to a study.

use std::collections::HashMap;

use klantreis_study::{Category, Codebook, Emotion, Language, PhaseId, Study, TouchpointId};

/// The word in the study's language.
pub(crate) fn pick(language: Language, nl: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Dutch => nl,
        Language::English => en,
    }
}

/// The name of a category.
pub(crate) fn category(language: Language, category: &Category) -> String {
    let known = |nl, en| pick(language, nl, en).to_owned();
    match category.as_str() {
        "behoefte" => known("Behoefte", "Need"),
        "winst" => known("Winst", "Gain"),
        "pijnpunt" => known("Pijnpunt", "Pain point"),
        "activiteit" => known("Activiteit", "Activity"),
        other => {
            let mut chars = other.chars();
            chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
        }
    }
}

/// The colour of a category.
pub(crate) fn color(category: &str) -> &'static str {
    match category {
        "behoefte" => "#2F6DB5",
        "winst" => "#2E8B57",
        "pijnpunt" => "#C0392B",
        "activiteit" => "#8A6D3B",
        _ => "#6C5B7B",
    }
}

/// The name of an emotion.
pub(crate) fn emotion(language: Language, emotion: Emotion) -> &'static str {
    match emotion.value() {
        -2 => pick(language, "-2 zeer negatief", "-2 very negative"),
        -1 => pick(language, "-1 negatief", "-1 negative"),
        1 => pick(language, "+1 positief", "+1 positive"),
        2 => pick(language, "+2 zeer positief", "+2 very positive"),
        _ => pick(language, "0 neutraal", "0 neutral"),
    }
}

/// What a code of another tool means here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A category.
    Category(Category),
    /// A phase.
    Phase(PhaseId),
    /// A touchpoint.
    Touchpoint(TouchpointId),
    /// An emotion.
    Emotion(Emotion),
    /// Nothing: the researcher said so.
    Nothing,
}

/// What the names of codes mean to a study.
#[derive(Debug)]
pub struct Meanings {
    /// What the researcher said, by name or by path.
    mapped: HashMap<String, Meaning>,
    categories: HashMap<String, Meaning>,
    phases: HashMap<String, Meaning>,
    touchpoints: HashMap<String, Meaning>,
    emotions: HashMap<String, Meaning>,
}

/// A name as it is compared: lower case, one space for all that divides words.
pub(crate) fn key(name: &str) -> String {
    name.to_lowercase()
        .split(|c: char| c.is_whitespace() || matches!(c, '_' | '-' | '–'))
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

const CATEGORY_NAMES: [(&str, &[&str]); 4] = [
    ("behoefte", &["behoefte", "behoeften", "behoeftes", "need", "needs", "wens", "wensen"]),
    ("winst", &["winst", "winsten", "winstpunt", "winstpunten", "pluspunt", "pluspunten", "gain", "gains"]),
    (
        "pijnpunt",
        &["pijnpunt", "pijnpunten", "pijn", "knelpunt", "knelpunten", "pain", "pains", "pain point", "pain points"],
    ),
    ("activiteit", &["activiteit", "activiteiten", "handeling", "handelingen", "activity", "activities"]),
];

const EMOTION_NAMES: [(i8, &[&str]); 5] = [
    (-2, &["zeer negatief", "heel negatief", "very negative"]),
    (-1, &["negatief", "negative"]),
    (0, &["neutraal", "neutral"]),
    (1, &["positief", "positive"]),
    (2, &["zeer positief", "heel positief", "very positive"]),
];

/// Which of the names are asked, by the group under which a code stands.
enum Group {
    Phases,
    Touchpoints,
    Emotions,
}

fn group(name: &str) -> Option<Group> {
    Some(match key(name).as_str() {
        "fase" | "fasen" | "fases" | "phase" | "phases" => Group::Phases,
        "contactmoment" | "contactmomenten" | "touchpoint" | "touchpoints" | "kanaal" | "kanalen" => Group::Touchpoints,
        "emotie" | "emoties" | "emotion" | "emotions" | "beleving" | "sentiment" => Group::Emotions,
        _ => return None,
    })
}

impl Meanings {
    /// What names mean to `study` with its `codebook`; `map` says what the researcher wants further, as pairs of a code's
    /// name (or path, `Ouder/Kind`) and `pijnpunt`, `fase:ontvangen`, `contactmoment:balie`, `emotie:-1` or `-` (nothing).
    pub fn new(study: &Study, codebook: &Codebook, map: &[(String, String)]) -> Result<Self, String> {
        let mut categories = HashMap::new();
        for code in &codebook.codes {
            for name in [code.id.as_str(), &code.label, &code.label_en] {
                if !name.is_empty() {
                    categories.insert(key(name), Meaning::Category(code.category.clone()));
                }
            }
        }
        for code in &codebook.codes {
            categories.insert(key(code.category.as_str()), Meaning::Category(code.category.clone()));
        }
        for (id, names) in CATEGORY_NAMES {
            let category = study.categories().into_iter().find(|c| c.as_str() == id);
            for name in names {
                categories.extend(category.clone().map(|c| (key(name), Meaning::Category(c))));
            }
        }
        let mut phases = HashMap::new();
        for phase in &study.phases {
            for name in [phase.id.as_str(), &phase.label] {
                phases.insert(key(name), Meaning::Phase(phase.id.clone()));
            }
        }
        let mut touchpoints = HashMap::new();
        for touchpoint in &study.touchpoints {
            for name in [touchpoint.id.as_str(), &touchpoint.label] {
                touchpoints.insert(key(name), Meaning::Touchpoint(touchpoint.id.clone()));
            }
        }
        let mut emotions = HashMap::new();
        for (value, names) in EMOTION_NAMES {
            let Some(emotion) = Emotion::new(value) else { continue };
            for name in
                names.iter().copied().chain([Language::Dutch, Language::English].map(|l| self::emotion(l, emotion)))
            {
                emotions.insert(key(name), Meaning::Emotion(emotion));
            }
        }
        let mut meanings = Self { mapped: HashMap::new(), categories, phases, touchpoints, emotions };
        for (code, meaning) in map {
            let meaning = meanings.said(study, meaning)?;
            meanings.mapped.insert(key(code), meaning);
        }
        Ok(meanings)
    }

    fn said(&self, study: &Study, text: &str) -> Result<Meaning, String> {
        let text = text.trim();
        if text == "-" || text.is_empty() {
            return Ok(Meaning::Nothing);
        }
        let (group, name) = match text.split_once(':') {
            Some((head, name)) => match group(head) {
                Some(group) => (Some(group), name),
                None => return Err(format!("\"{head}:\" is none of fase:, contactmoment: and emotie:")),
            },
            None => (None, text),
        };
        let ids = |ids: Vec<&str>| if ids.is_empty() { "none".to_owned() } else { ids.join(", ") };
        match group {
            Some(Group::Phases) => self.phase(name).map(Meaning::Phase).ok_or_else(|| {
                let known = ids(study.phases.iter().map(|p| p.id.as_str()).collect());
                format!("\"{name}\" is no phase of this study; there are: {known}")
            }),
            Some(Group::Touchpoints) => self.touchpoint(name).map(Meaning::Touchpoint).ok_or_else(|| {
                let known = ids(study.touchpoints.iter().map(|t| t.id.as_str()).collect());
                format!("\"{name}\" is no touchpoint of this study; there are: {known}")
            }),
            Some(Group::Emotions) => self
                .emotion(name)
                .map(Meaning::Emotion)
                .ok_or_else(|| format!("\"{name}\" is no emotion: use a whole number from -2 to 2")),
            None => match self.categories.get(&key(name)) {
                Some(known) => Ok(known.clone()),
                None => Category::new(name).map(Meaning::Category).map_err(|e| format!("{e}, or \"-\" for nothing")),
            },
        }
    }

    /// The phase of this name.
    pub fn phase(&self, name: &str) -> Option<PhaseId> {
        match self.mapped.get(&key(name)).or_else(|| self.phases.get(&key(name)))? {
            Meaning::Phase(phase) => Some(phase.clone()),
            _ => None,
        }
    }

    /// The touchpoint of this name.
    pub fn touchpoint(&self, name: &str) -> Option<TouchpointId> {
        match self.mapped.get(&key(name)).or_else(|| self.touchpoints.get(&key(name)))? {
            Meaning::Touchpoint(touchpoint) => Some(touchpoint.clone()),
            _ => None,
        }
    }

    /// The emotion of this name or number.
    pub fn emotion(&self, name: &str) -> Option<Emotion> {
        let number = name.trim().trim_start_matches('+').replace(',', ".").parse::<f64>();
        if let Ok(number) = number {
            return (number.fract() == 0.0 && number.abs() <= 2.0).then(|| Emotion::from_score(number));
        }
        match self.emotions.get(&key(name))? {
            Meaning::Emotion(emotion) => Some(*emotion),
            _ => None,
        }
    }

    /// What a code means, of which `path` gives the names from the root to itself. What the researcher said goes first,
    /// then the code's own name, then those of the codes above it, nearest first.
    pub fn of(&self, path: &[&str]) -> Option<Meaning> {
        if let Some(meaning) = self.mapped.get(&key(&path.join("/"))) {
            return Some(meaning.clone());
        }
        if let Some(meaning) = path.iter().rev().find_map(|name| self.mapped.get(&key(name))) {
            return Some(meaning.clone());
        }
        let (name, above) = path.split_last()?;
        match above.iter().rev().find_map(|name| group(name)) {
            Some(Group::Phases) => return self.phases.get(&key(name)).cloned(),
            Some(Group::Touchpoints) => return self.touchpoints.get(&key(name)).cloned(),
            Some(Group::Emotions) => return self.emotion(name).map(Meaning::Emotion),
            None => {}
        }
        let by_parent = || above.iter().rev().find_map(|name| self.categories.get(&key(name)).cloned());
        let (name, names) = (key(name), [&self.categories, &self.phases, &self.touchpoints, &self.emotions]);
        // A code's own place in a tree says more than a name that it happens to share.
        let own = names.iter().find_map(|names| names.get(&name).cloned());
        match (own, by_parent()) {
            (Some(Meaning::Category(_)) | None, Some(above)) => Some(above),
            (own, _) => own,
        }
    }

    /// What a name in a spreadsheet means, which may be a path: `Pijnpunt > Wachten`, `Pijnpunt\Wachten`, `pijnpunt.wachten`.
    pub fn of_name(&self, above: &[&str], name: &str) -> Option<Meaning> {
        let path: Vec<&str> = above.iter().copied().chain([name]).collect();
        self.of(&path).or_else(|| {
            let split =
                |sep: &[char]| -> Vec<&str> { name.split(sep).map(str::trim).filter(|n| !n.is_empty()).collect() };
            // A stop between words ends a sentence; one within a word is Taguette's way of grouping.
            let dotted = if name.contains(". ") { Vec::new() } else { split(&['.']) };
            [split(&['>', '\\', '/', ':', '|']), dotted].iter().filter(|p| p.len() > 1).find_map(|p| self.of(p))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meanings(map: &[(&str, &str)]) -> Result<Meanings, String> {
        let study = Study::parse(
            "[[phase]]\nid = \"ontvangen\"\nlabel = \"Ontvangst\"\n[[touchpoint]]\nid = \"cursus\"\n[[touchpoint]]\nid = \"balie\"\n",
        )
        .unwrap();
        let codebook = Codebook::parse(
            "[[code]]\nid = \"obstakel\"\ncategory = \"pijnpunt\"\nlabel = \"Obstakel\"\n[[code]]\nid = \"cursus\"\ncategory = \"winst\"\nlabel = \"Cursus\"\n",
        )
        .unwrap();
        let map: Vec<_> = map.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        Meanings::new(&study, &codebook, &map)
    }

    fn said(meaning: Option<Meaning>) -> String {
        match meaning {
            Some(Meaning::Category(c)) => c.to_string(),
            Some(Meaning::Phase(p)) => format!("fase:{p}"),
            Some(Meaning::Touchpoint(t)) => format!("contactmoment:{t}"),
            Some(Meaning::Emotion(e)) => format!("emotie:{e}"),
            Some(Meaning::Nothing) => "-".to_owned(),
            None => "?".to_owned(),
        }
    }

    #[test]
    fn names_are_known_in_both_languages_by_their_place_and_by_the_researchers_word() {
        let m =
            meanings(&[("Wachten", "pijnpunt"), ("In vivo/Leuk", "winst"), ("Receptie", "fase:ontvangst"), ("x", "-")])
                .unwrap();
        for (path, meaning) in [
            (&["Pain points"][..], "pijnpunt"),
            (&["Obstakel"], "pijnpunt"),
            (&["Behoeften", "Meer tijd"], "behoefte"),
            (&["Behoeften", "Obstakel"], "behoefte"),
            (&["Codes", "Wachten"], "pijnpunt"),
            (&["In vivo", "Leuk"], "winst"),
            (&["Leuk"], "?"),
            (&["Ontvangst"], "fase:ontvangen"),
            (&["Receptie"], "fase:ontvangen"),
            (&["Cursus"], "winst"),
            (&["Contactmoment", "Cursus"], "contactmoment:cursus"),
            (&["Emotie", "-2 zeer negatief"], "emotie:-2"),
            (&["Beleving", "1"], "emotie:1"),
            (&["x"], "-"),
            (&["Iets anders"], "?"),
        ] {
            assert_eq!(said(m.of(path)), meaning, "{path:?}");
        }
        for (name, meaning) in
            [("Pijnpunt > Wachtrij", "pijnpunt"), ("needs\\time", "behoefte"), ("winst.snel", "winst"), ("a.b", "?")]
        {
            assert_eq!(said(m.of_name(&[], name)), meaning, "{name}");
        }
    }

    #[test]
    fn a_wrong_map_says_what_there_is() {
        assert!(meanings(&[("a", "fase:einde")]).unwrap_err().contains("ontvangen"));
        assert!(meanings(&[("a", "Pijn Punt!")]).unwrap_err().contains("lower-case"));
        assert!(meanings(&[("a", "kleur:rood")]).unwrap_err().contains("contactmoment:"));
    }
}
