//! What the model is asked.

use klantreis_study::{Category, Code, Codebook, Language, Study, Transcript};
use serde::Serialize;

use crate::{cache::Cache, examples::Examples, passages::Passage, schema::Schema, window::Window};

/// A message of the protocol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// `system`, `user` or `assistant`.
    pub role: &'static str,
    /// The words.
    pub content: String,
}

/// The task, filled in for a study.
pub struct Prompt {
    system: String,
    /// The form of the answer.
    pub(crate) schema: Schema,
    /// Names the task: a hash of its words as filled in.
    pub version: String,
}

const DUTCH: &str = include_str!("../../../data/prompts/nl.txt");
/// Goes before the passages of other studies, which are Dutch.
const PASSAGES: &str = include_str!("../../../data/prompts/nl-passages.txt");
const ENGLISH: &str = include_str!("../../../data/prompts/en.txt");

/// A category of the built-in codebook, in Dutch and English.
struct Meaning {
    category: &'static str,
    /// What it is, and when it is not, as the coding guidelines have it.
    full: [&'static str; 2],
    /// The same in some words.
    short: [&'static str; 2],
}

const MEANINGS: [Meaning; 4] = [
    Meaning {
        category: "behoefte",
        full: [
            "wat de respondent, of degene over wie die vertelt, nodig heeft, wil, wenst of nastreeft; niet als het alleen een taak is",
            "what the respondent, or whom they speak of, needs, wants, wishes for or aims at; not where it is only a task",
        ],
        short: ["zegt wat iemand wil of nodig heeft", "says what somebody wants or needs"],
    },
    Meaning {
        category: "winst",
        full: [
            "iets wat helpt, werkt, moeite scheelt, vertrouwen geeft of plezier doet; niet als het alleen beleefdheid is",
            "something that helps, works, saves effort, gives confidence or pleases; not mere politeness",
        ],
        short: ["vertelt wat helpt of plezier doet", "tells what helps or pleases"],
    },
    Meaning {
        category: "pijnpunt",
        full: [
            "een drempel, probleem, frustratie, zorg, extra werk, of iets wat ontbreekt; niet een moeilijkheid die wordt ontkend",
            "a barrier, problem, frustration, worry, extra work, or something missing; not a difficulty that is denied",
        ],
        short: ["vertelt wat hindert of ontbreekt", "tells what hinders or is missing"],
    },
    Meaning {
        category: "activiteit",
        full: [
            "een handeling die een stap van de klantreis is; niet algemene meningen of achtergrond over werk en gezin",
            "an action that is a step of the journey; not general opinions or background about work or family",
        ],
        short: ["vertelt wat iemand doet", "tells what somebody does"],
    },
];

fn meaning(category: &Category) -> Option<&'static Meaning> {
    MEANINGS.iter().find(|meaning| meaning.category == category.as_str())
}

fn in_language([dutch, english]: [&'static str; 2], language: Language) -> &'static str {
    match language {
        Language::Dutch => dutch,
        Language::English => english,
    }
}

impl Prompt {
    /// The task for a study, in its language.
    pub fn new(study: &Study, codebook: &Codebook) -> Self {
        let sentences = study.engine.as_ref().map_or(0, |engine| engine.window);
        let language = study.language;
        let mut categories: Vec<Category> = study.categories();
        for code in &codebook.codes {
            if !categories.contains(&code.category) {
                categories.push(code.category.clone());
            }
        }
        let defined = |category: &Category| {
            item(category.as_str(), meaning(category).map_or("", |meaning| in_language(meaning.full, language)))
        };
        let code = |c: &Code| item(&format!("{} ({})", c.id, c.category), &join(c.name(language), c.meaning(language)));
        let lists = [
            ("{categories}", categories.iter().map(defined).collect::<String>()),
            ("{codes}", codebook.codes.iter().map(code).collect()),
            ("{phases}", study.phases.iter().map(|p| item(p.id.as_str(), &join(&p.label, &p.description))).collect()),
            ("{touchpoints}", study.touchpoints.iter().map(|t| item(t.id.as_str(), &t.label)).collect()),
        ];
        let mut system = in_language([DUTCH, ENGLISH], language).to_owned();
        for (name, list) in lists {
            let list = list.trim_end();
            system = system.replace(name, if list.is_empty() { "-" } else { list });
        }
        let phases: Vec<&str> = study.phases.iter().map(|p| p.id.as_str()).collect();
        let touchpoints: Vec<&str> = study.touchpoints.iter().map(|t| t.id.as_str()).collect();
        let names: Vec<&str> = categories.iter().map(Category::as_str).collect();
        let version = Cache::key(&[&system, PASSAGES])[..12].to_owned();
        Self { system, schema: Schema::of_codings(sentences, &names, &phases, &touchpoints), version }
    }

    /// What a category of the built-in codebook is, in some words.
    pub(crate) fn in_short(category: &Category, language: Language) -> Option<&'static str> {
        meaning(category).map(|meaning| in_language(meaning.short, language))
    }

    /// The messages for one window, with a few coded examples near to it.
    pub(crate) fn messages(&self, window: &Window, transcript: &Transcript, examples: &Examples) -> Vec<Message> {
        let text = window.text(transcript);
        let near = examples.near(&text, &transcript.file);
        let mut system = self.system.clone();
        let passages: String = examples.passages(&text, near.len()).into_iter().map(Passage::line).collect();
        if !passages.is_empty() {
            // Behind the task, which servers remember from one question to the next. They have neither phases nor codes, so
            // that they can't stand as answers.
            system += &PASSAGES.replace("{passages}", passages.trim_end());
        }
        let mut out = vec![Message { role: "system", content: system }];
        for (asked, answered) in near {
            out.push(Message { role: "user", content: asked });
            out.push(Message { role: "assistant", content: answered });
        }
        out.push(Message { role: "user", content: text });
        out
    }
}

fn item(name: &str, text: &str) -> String {
    if text.is_empty() { format!("- {name}\n") } else { format!("- {name}: {text}\n") }
}

fn join(label: &str, description: &str) -> String {
    if description.is_empty() { label.to_owned() } else { format!("{label}: {description}") }
}
