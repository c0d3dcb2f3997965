//! `method.md`: how the codings came about, as a methods section tells it (the audit trail of Lincoln & Guba 1985), in the
//! language of the study.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use klantreis_coding::{Agreement, Interview, Sheet, Taught};
use klantreis_llm::{Prompt, Proposed};
use klantreis_review::Progress;
use klantreis_study::{CodedTranscript, Coding, Language, Status, Study};

use super::{Model, Which, all, both, chosen::remove, decisions, interviews, judged};
use crate::pipeline::Coded;

/// Takes away the account of another run, of which it is no longer true.
pub fn forget_method(out: &Path) -> anyhow::Result<()> {
    remove(&out.join(FILE))
}

/// The file in the folder of tables.
const FILE: &str = "method.md";

pub struct Method {
    text: String,
}

impl Method {
    /// Tells of a run that asked about some of the `coded` interviews, of `of` in all.
    pub fn of(
        model: &Model<'_>,
        which: Which,
        coded: &Coded,
        asked: &[usize],
        of: usize,
        proposed: &Proposed,
    ) -> anyhow::Result<Self> {
        let all = all(coded);
        let kept = model.kept(coded, &all).codings;
        let together = match which {
            Which::Both => {
                let (_, calibration) = both(model.study, &interviews(coded, &all), kept.clone())?;
                Some(calibration.told(model.study.language))
            }
            _ => None,
        };
        let judged = judged(model.study, coded, &all, kept.clone())?;
        let facts = Facts {
            days: model.cache.days(&model.engine.model),
            together,
            asked: asked.len(),
            of,
            prompt: Prompt::new(model.study, &coded.codebook).version,
            passages: model.examples.of_others(),
            verdicts: Verdicts::on(&judged),
            agreement: agreement(model, &judged, &kept)?,
        };
        let text = match model.study.language {
            Language::Dutch => dutch(model, &facts, proposed),
            Language::English => english(model, &facts, proposed),
        };
        Ok(Self { text })
    }

    /// Tells that the built-in engine learned from a language model; `None` where people alone taught it.
    pub fn of_taught(study: &Study, taught: &Taught) -> Option<Self> {
        let model = taught.by.as_ref()?;
        let [before, after] = taught.macro_f1.map(|f1| format!("{f1:.2}"));
        let interviews = taught.interviews;
        let text = match (study.language, taught.against_people) {
            (Language::Dutch, people) => format!(
                "# Hoe de coderingen tot stand kwamen\n\n\
                 De ingebouwde codeur van klantreis heeft de interviews gecodeerd, nadat die had geleerd van {interviews} \
                 interviews {}. In steeds een achtergehouden interview was de overeenstemming met {} na het leren F1 {} ({} \
                 daarvoor).{}\n\n\
                 Voorstellen zijn geen resultaten: een mens beslist over elk ervan, en elk besluit wordt met datum bewaard.\n",
                if people {
                    format!("die het taalmodel {model} of mensen hadden gecodeerd")
                } else {
                    format!("die het taalmodel {model} had gecodeerd, zonder wat mensen daarvan hadden afgewezen")
                },
                if people { "mensen" } else { "het taalmodel" },
                after.replace('.', ","),
                before.replace('.', ","),
                if people { "" } else { " Hoe vaak het taalmodel gelijk had, is daarmee niet gemeten." },
            ),
            (Language::English, people) => format!(
                "# How the codings came about\n\n\
                 The built-in engine of klantreis coded the interviews, after it had learned from {interviews} interviews {}. \
                 In one interview held back after another the agreement with {} was F1 {after} after learning ({before} \
                 before).{}\n\n\
                 Proposals are no results: a person decides on each of them, and every decision is kept with its date.\n",
                if people {
                    format!("that the language model {model} or people had coded")
                } else {
                    format!("that the language model {model} had coded, without what people had rejected of that")
                },
                if people { "people" } else { "the language model" },
                if people { "" } else { " How often the language model was right has not been measured by that." },
            ),
        };
        Some(Self { text })
    }

    /// Writes `method.md`.
    pub fn write(&self, folder: &Path) -> anyhow::Result<PathBuf> {
        let path = folder.join(FILE);
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        fs::write(&path, &self.text).with_context(|| path.display().to_string())?;
        Ok(path)
    }
}

/// What there is to tell beside the settings and the answers.
struct Facts {
    /// The days of the first and the last answer.
    days: Option<(String, String)>,
    /// How sure both engines are together, where both count.
    together: Option<String>,
    asked: usize,
    of: usize,
    /// The hash of the task.
    prompt: String,
    /// How many passages of other studies could stand in for examples, and the hash of the set.
    passages: Option<(usize, String)>,
    verdicts: Verdicts,
    /// With what people coded whole, if they did.
    agreement: Option<Agreement>,
}

/// What people made of the model's proposals.
#[derive(Default)]
pub struct Verdicts {
    pub right: usize,
    pub changed: usize,
    pub rejected: usize,
}

impl Verdicts {
    pub fn on(judged: &[CodedTranscript]) -> Self {
        let mut out = Self::default();
        for coding in judged.iter().flat_map(|t| &t.codings).filter(|c| c.is_of_model()) {
            match coding.status {
                Status::Accepted => out.right += 1,
                Status::Changed => out.changed += 1,
                Status::Rejected => out.rejected += 1,
                Status::Auto | Status::Manual => {}
            }
        }
        out
    }

    pub fn all(&self) -> usize {
        self.right + self.changed + self.rejected
    }
}

/// The agreement of the model's proposals with people, on the interviews that they decided on whole: only there it is known
/// what the model overlooked.
fn agreement(
    model: &Model<'_>,
    judged: &[CodedTranscript],
    proposed: &[Vec<Coding>],
) -> anyhow::Result<Option<Agreement>> {
    let decisions = decisions(model.study)?;
    let stands = |c: &&Coding| c.status.is_reviewed() && c.status != Status::Rejected;
    let whole: Vec<Interview<'_>> = judged
        .iter()
        .zip(proposed)
        .filter(|(coded, _)| Progress::of(coded, &decisions).is_whole())
        .map(|(CodedTranscript { transcript, codings }, found)| {
            let people: Vec<Coding> = codings.iter().filter(stands).cloned().collect();
            let gold = Sheet::of_codings(transcript, &people);
            Interview { name: transcript.file.clone(), transcript, gold, found: Sheet::of_codings(transcript, found) }
        })
        .collect();
    Ok((!whole.is_empty()).then(|| Agreement::between(&whole)))
}

/// Cohen's κ of each category, as `pijnpunt 0.61`.
fn kappas(agreement: &Agreement, decimal: char) -> String {
    let mut out = String::new();
    for category in agreement.categories.iter().filter(|c| c.gold + c.found > 0) {
        let separator = if out.is_empty() { "" } else { ", " };
        let kappa = format!("{:.2}", category.kappa.value);
        let _ = write!(out, "{separator}{} {}", category.category, kappa.replace('.', &decimal.to_string()));
    }
    out
}

fn dutch(model: &Model<'_>, facts: &Facts, proposed: &Proposed) -> String {
    let engine = model.engine;
    let days = match &facts.days {
        Some((first, last)) if first == last => format!("antwoorden van {first}"),
        Some((first, last)) => format!("antwoorden van {first} tot en met {last}"),
        None => "nog zonder antwoorden".to_owned(),
    };
    let interviews = match (facts.asked, facts.of) {
        (some, all) if some == all => format!("alle interviews ({all})"),
        (some, all) => format!("{some} van de {all} interviews (voor de andere deed de ingebouwde codeur dat)"),
    };
    let together = facts.together.as_ref().map_or_else(String::new, |calibration| {
        format!(
            " De ingebouwde codeur codeerde dezelfde interviews. Wat beide voorstellen, heeft een hogere zekerheid gekregen; \
             wat een van beide voorstelt, een lagere ({calibration})."
        )
    });
    let passages = facts.passages.as_ref().map_or_else(String::new, |(count, version)| {
        format!(
            " Waar het onderzoek te weinig eigen voorbeelden had, zijn de best gelijkende van {count} gecodeerde fragmenten uit \
             andere onderzoeken getoond (de verzameling met hash {version})."
        )
    });
    let verdicts = match facts.verdicts.all() {
        0 => "Nog niemand heeft de voorstellen beoordeeld.".to_owned(),
        n => format!(
            "Door mensen beoordeelde voorstellen: {n}, waarvan {} goedgekeurd, {} gewijzigd en {} afgewezen.",
            facts.verdicts.right, facts.verdicts.changed, facts.verdicts.rejected
        ),
    };
    let agreement = facts.agreement.as_ref().map_or_else(
        || "Geen interview is al helemaal beoordeeld; de overeenstemming met mensen is daarom nog niet bekend.".to_owned(),
        |agreement| {
            format!(
                "Helemaal beoordeelde interviews: {} ({} zinnen). Cohens kappa tussen de voorstellen en de besluiten daarin: \
                 {}. Wie voorstellen beoordeelt, laat zich erdoor leiden; voor een onafhankelijke maat moet een interview \
                 eerst zonder voorstellen worden gecodeerd.",
                agreement.interviews,
                agreement.sentences,
                kappas(agreement, ',')
            )
        },
    );
    format!(
        "# Hoe de coderingen tot stand kwamen\n\n\
         Het taalmodel {model} is gevraagd coderingen voor te stellen voor {interviews} ({days}), via het OpenAI-compatibele protocol op \
         {endpoint} (temperature {temperature}, seed {seed}).{together} Het kreeg steeds hooguit {window} genummerde zinnen te \
         zien, met de vragen van de interviewer, de definities uit het codeboek, de fasen en contactmomenten van het onderzoek \
         en, waar die er waren, hooguit drie gecodeerde voorbeelden uit andere interviews. Het noemt alleen zinsnummers: citaten komen uit de \
         transcripten en nooit uit zijn antwoorden. De opdracht is die met hash {prompt}.{passages}\n\n\
         In de laatste run zijn {requests} vragen gesteld; {kept} antwoorden waren bewaard van eerdere runs. {dropped} \
         coderingen in de antwoorden waren onbruikbaar (hun zinnen zijn opnieuw gevraagd), in {mended} is de fase hersteld, en \
         {left} delen zijn door de ingebouwde codeur gecodeerd.\n\n\
         {verdicts} {agreement}\n\n\
         Voorstellen zijn geen resultaten: een mens beslist over elk ervan, en elk besluit wordt met datum bewaard.\n",
        model = engine.model,
        endpoint = engine.endpoint,
        temperature = engine.temperature,
        seed = engine.seed,
        window = engine.window,
        prompt = facts.prompt,
        requests = proposed.requests,
        kept = proposed.kept,
        dropped = proposed.dropped.len(),
        mended = proposed.mended.len(),
        left = proposed.left.len(),
    )
}

fn english(model: &Model<'_>, facts: &Facts, proposed: &Proposed) -> String {
    let engine = model.engine;
    let days = match &facts.days {
        Some((first, last)) if first == last => format!("answers of {first}"),
        Some((first, last)) => format!("answers of {first} to {last}"),
        None => "no answers yet".to_owned(),
    };
    let interviews = match (facts.asked, facts.of) {
        (some, all) if some == all => format!("all interviews ({all})"),
        (some, all) => format!("{some} of {all} interviews (the built-in engine for the others)"),
    };
    let together = facts.together.as_ref().map_or_else(String::new, |calibration| {
        format!(
            " The built-in engine coded the same interviews; what both propose has a higher confidence, what one proposes \
             alone a lower one ({calibration})."
        )
    });
    let passages = facts.passages.as_ref().map_or_else(String::new, |(count, version)| {
        format!(
            " Where the study had fewer examples, the nearest of {count} coded passages of other studies stood in for them \
             (the set with the hash {version})."
        )
    });
    let verdicts = match facts.verdicts.all() {
        0 => "Nobody has judged its proposals yet.".to_owned(),
        n => format!(
            "Proposals that people judged: {n}, of which {} were accepted, {} changed and {} rejected.",
            facts.verdicts.right, facts.verdicts.changed, facts.verdicts.rejected
        ),
    };
    let agreement = facts.agreement.as_ref().map_or_else(
        || "No interview was judged whole yet, so that the agreement with people is not known.".to_owned(),
        |agreement| {
            format!(
                "Interviews that were judged whole: {} ({} sentences). Cohen's kappa between the proposals and the decisions \
                 in them: {}. Whoever judges proposals is led by them; an independent measure needs an interview that was \
                 coded before they were seen.",
                agreement.interviews,
                agreement.sentences,
                kappas(agreement, '.')
            )
        },
    );
    format!(
        "# How the codings came about\n\n\
         The language model {model} was asked to propose codings for {interviews} ({days}), over the OpenAI-compatible protocol at \
         {endpoint} (temperature {temperature}, seed {seed}).{together} It saw up to {window} numbered sentences at a time, \
         with the interviewer's questions, the definitions of the codebook, the phases and the touchpoints of the study, and \
         where there were any, up to three coded examples of other interviews, and named the numbers of sentences: quotes are taken from the \
         transcripts, never from its answers. The task is the one with the hash {prompt}.{passages}\n\n\
         {requests} questions were asked in the last run, {kept} answers were kept from before; {dropped} codings in them were \
         of no use (their sentences were asked again), in {mended} the phase was put right, and {left} parts were coded by the \
         built-in engine instead.\n\n\
         {verdicts} {agreement}\n\n\
         Proposals are no results: a person decides on each of them, and every decision is kept with its date.\n",
        model = engine.model,
        endpoint = engine.endpoint,
        temperature = engine.temperature,
        seed = engine.seed,
        window = engine.window,
        prompt = facts.prompt,
        requests = proposed.requests,
        kept = proposed.kept,
        dropped = proposed.dropped.len(),
        mended = proposed.mended.len(),
        left = proposed.left.len(),
    )
}
