//! What each word of the map means.

use klantreis_study::Language;

use super::icons::icon;

/// Picture, word and meaning.
type Entry = (&'static str, &'static str, &'static str);

const DUTCH: [Entry; 10] = [
    ("", "Fase", "Een deel van de reis, van voor het eerste contact tot erna."),
    ("activiteit", "Activiteiten", "Wat mensen doen in deze fase: de stappen die zij zetten."),
    (
        "contact",
        "Contactmomenten",
        "Waar en waarmee zij de dienst ontmoeten: een plek, website, brief, telefoon of ander mens.",
    ),
    ("behoefte", "Behoeften", "Wat zij nodig hebben of willen bereiken, en wat hen drijft."),
    ("winst", "Winsten", "Wat hen dichter bij een behoefte of doel brengt: wat helpt, werkt of goed voelt."),
    ("pijnpunt", "Pijnpunten", "Wat hen daarvan afhoudt: obstakels, zorgen, extra werk, wat ontbreekt."),
    (
        "emotie",
        "Emotiecurve",
        "Hoe zij de fase beleven, van negatief naar positief. Elk interview telt één keer. Het vlak is de onzekerheid; gestippeld is te weinig om op te bouwen.",
    ),
    (
        "kans",
        "Kansen",
        "Waar veel mensen om vragen en weinig mensen geholpen zijn (0 tot 20). Een benadering uit interviews, geen meting.",
    ),
    ("citaat", "Citaten", "Letterlijke woorden uit een interview."),
    (
        "moment",
        "Moment van de waarheid",
        "Een fase die eruit springt: het hoogte- of dieptepunt als dat met zekerheid van de andere fasen afwijkt, waar mensen het meest verschillen, waar de meesten over vertellen, of het slot.",
    ),
];

const ENGLISH: [Entry; 10] = [
    ("", "Phase", "A part of the journey, from before the first contact until after it."),
    ("activiteit", "Activities", "What people do in this phase: the steps they take."),
    (
        "contact",
        "Touchpoints",
        "Where and through what they meet the service: a place, website, letter, telephone or another person.",
    ),
    ("behoefte", "Needs", "What they need or want to reach, and what drives them."),
    ("winst", "Gains", "What brings them nearer to a need or goal: what helps, works or feels good."),
    ("pijnpunt", "Pain points", "What keeps them from it: obstacles, worries, extra work, what is missing."),
    (
        "emotie",
        "Emotion curve",
        "How they experience the phase, from negative to positive. Each interview counts once. The area is the uncertainty; dashed is too little to build on.",
    ),
    (
        "kans",
        "Opportunities",
        "Where many people ask and few are served (0 to 20). A proxy from interviews, not a measurement.",
    ),
    ("citaat", "Quotes", "The very words of an interview."),
    (
        "moment",
        "Moment of truth",
        "A phase that stands out: the peak or the low if it surely differs from the other phases, where people differ most, what most tell of, or the end.",
    ),
];

/// The legend as a list of definitions.
pub fn legend(language: Language) -> String {
    let entries = match language {
        Language::Dutch => &DUTCH,
        Language::English => &ENGLISH,
    };
    let rows: String = entries
        .iter()
        .map(|(picture, word, meaning)| {
            let picture = if picture.is_empty() { String::new() } else { icon(picture) };
            format!("<div><dt>{picture}{word}</dt><dd>{meaning}</dd></div>\n")
        })
        .collect();
    format!("<dl class=\"legend\">\n{rows}</dl>\n")
}
