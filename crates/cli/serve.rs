//! `klantreis serve DIR`: read, decide, search and see the journey in the browser, on this computer alone.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use klantreis_coding::{LearnedCode, Options};
use klantreis_index::{Index, Live};
use klantreis_review::Store;
use klantreis_serve::{Desk, Engine, Learned, Proposed, serve};
use klantreis_study::{CodedTranscript, Language, Study};

use crate::{Outcome, decide::whoami, engine, learn, opener, pipeline};

#[derive(clap::Args)]
pub struct Args {
    /// The study
    dir: PathBuf,
    /// The port to listen on (a free one if left out)
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Listen on another address than this computer's own 127.0.0.1: others in the network can then reach it
    #[arg(long)]
    host: Option<IpAddr>,
    /// Print the link only, without opening a browser
    #[arg(long)]
    no_open: bool,
    /// The name that your decisions are kept under
    #[arg(long, default_value_t = whoami())]
    who: String,
}

/// The pipeline on a study's folder.
struct Pipeline {
    dir: PathBuf,
    /// Beside the index of `run`, which stands for what `run` wrote.
    index: Mutex<Live>,
}

impl Engine for Pipeline {
    fn propose(&self) -> Result<Proposed, String> {
        let study = Study::load(&self.dir).map_err(|e| e.to_string())?;
        let propose = || {
            let mut coded = pipeline::propose(&study, Options::default(), true)?;
            engine::lay(&study, &mut coded, None)?;
            anyhow::Ok(coded)
        };
        let coded = propose().map_err(|e| format!("{e:#}"))?;
        let pipeline::Coded { codebook, transcripts, problems, expected, .. } = coded;
        Ok(Proposed { study, codebook, transcripts, problems, expected })
    }

    fn index(&self, coded: &[Arc<CodedTranscript>]) -> Result<Index, String> {
        let mut live = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        live.of(coded).map_err(|e| e.to_string())
    }

    fn learn(&self, step: &(dyn Fn(usize, usize) + Sync)) -> Result<Learned, String> {
        let learned = learn::from_study(&self.dir, step).map_err(|e| format!("{e:#}"))?;
        let study = Study::load(&self.dir).map_err(|e| e.to_string())?;
        Ok(Learned { told: told(&learned, study.language), is_new: learned.is_new() })
    }
}

/// What was measured, in the study's language.
fn told(learned: &learn::Learned, language: Language) -> Vec<String> {
    let dutch = language == Language::Dutch;
    let number = |f1: f32| if dutch { format!("{f1:.3}").replace('.', ",") } else { format!("{f1:.3}") };
    let categories = learned.categories.iter().map(|categories| {
        let (before, after) = (number(categories.before.macro_f1), number(categories.after.macro_f1));
        let n = categories.interviews;
        match (dutch, categories.is_better()) {
            (true, true) => {
                format!("Geleerd van {n} interviews. F1 op telkens één achtergehouden interview: {before} → {after}.")
            }
            (true, false) => format!(
                "Leren van deze {n} interviews zou het slechter maken ({before} → {after}); de categorieën blijven \
                 zoals ze zijn."
            ),
            (false, true) => format!("Learned from {n} interviews. F1 on one held back at a time: {before} → {after}."),
            (false, false) => format!(
                "Learning from these {n} interviews would make it worse ({before} → {after}); the categories stay as \
                 they are."
            ),
        }
    });
    categories.chain(learned.codes.iter().map(|code| told_of_code(code, dutch))).collect()
}

fn told_of_code(code: &LearnedCode, dutch: bool) -> String {
    let (found, right) = ((code.recall * 100.0).round(), (code.precision * 100.0).round());
    let (name, n) = (&code.code, code.examples);
    match (dutch, code.is_sound()) {
        (true, true) => format!(
            "Code {name}: geleerd van {n} citaten. In achtergehouden interviews werd {found}% teruggevonden, en was \
             {right}% van wat gevonden werd juist; de code wordt voortaan zo voorgesteld."
        ),
        (true, false) => format!(
            "Code {name}: uit {n} citaten valt nog niet te leren wanneer de code past ({right}% was juist); de \
             trefwoorden blijven gelden."
        ),
        (false, true) => format!(
            "Code {name}: learned from {n} quotes. In interviews held back {found}% were found again, and {right}% of \
             what was found was right; it is proposed like that from now on."
        ),
        (false, false) => format!(
            "Code {name}: {n} quotes do not yet tell when it fits ({right}% were right); its cues go on as before."
        ),
    }
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let host = args.host.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    if !host.is_loopback() {
        eprintln!(
            "Warning: everybody who can reach {host} can try to open this study, and what goes over the network is not \
             encrypted. Interviews hold personal data: do this in a network that you trust only, and not for longer than needed."
        );
    }
    let index = Mutex::new(Live::in_dir(args.dir.join(".klantreis/serve-index")));
    let engine = Pipeline { dir: args.dir.clone(), index };
    let proposed = engine.propose().map_err(anyhow::Error::msg)?;
    let skipped = pipeline::report(&proposed.problems);
    if proposed.transcripts.is_empty() {
        anyhow::bail!(
            "{}: no transcript could be read; put your .txt, .docx, .vtt or .srt files there",
            proposed.study.transcripts_dir().display()
        );
    }
    let desk = Desk::new(proposed, Store::open(&args.dir)?);
    let options = klantreis_serve::Options { host, port: args.port, who: args.who.clone() };
    serve(desk, Arc::new(engine), &options, |link| {
        println!("{link}\nThis link works once. Stop with Ctrl+C; everything that is shown as saved is saved.");
        if !args.no_open {
            // Who has no browser here still sees the link.
            let _ = opener::open(link);
        }
    })?;
    Ok(if skipped { Outcome::Partly } else { Outcome::Well })
}
