//! The coder: a transcript in, codings out.

use std::{collections::BTreeMap, fmt, ops::Range};

use klantreis_study::{Category, Codebook, Coding, Confidence, Emotion, Reason, Status, Study, Transcript};
use klantreis_text::Stemmer;

use crate::{
    codes::{LearnedCode, Verdict},
    cue::{Cue, CueError},
    features::{self, Analysed, Spot, WordBlock, analyse},
    lexicon::{self, Entry},
    logistic::sigmoid,
    matcher::{Match, Matcher},
    model::{CATEGORIES, GAIN, Looks, Model, PAIN, STRONG_GAIN, STRONG_PAIN, Scores},
    topics::StudyTopics,
    weights::steps,
    words::Words,
};

/// The built-in lexicon, compiled.
pub struct Resources {
    /// Its cues.
    pub(crate) lexicon: Matcher,
    /// What its entries say, by the place of the cue.
    pub(crate) entries: Vec<Entry>,
}

impl Resources {
    /// Compiles the built-in lexicon: some 9,000 entries in some tens of milliseconds.
    pub fn built_in() -> Self {
        let (cues, entries) = lexicon::built_in(&mut Stemmer::dutch());
        Self { lexicon: Matcher::new(cues), entries }
    }

    /// The cues of the lexicon.
    pub fn cues(&self) -> &Matcher {
        &self.lexicon
    }
}

/// The built-in Dutch codebook.
pub fn built_in_codebook() -> Result<Codebook, String> {
    Codebook::parse(include_str!("../../../data/codebooks/nl.toml"))
}

/// The bytes of the model that comes with the program, trained on the gold in `data/studies` and `data/training`.
pub const BUILT_IN_MODEL: &[u8] = include_bytes!("../../../data/models/nl.bin");

/// The model that comes with the program.
pub fn built_in_model() -> Result<Model, crate::ModelError> {
    Model::from_bytes(BUILT_IN_MODEL)
}

/// How the coder decides.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Options {
    /// Propose only what is at least this likely; `None` is the threshold with the best F1.
    pub min_confidence: Option<f32>,
    /// Go by cues alone, without the model: what the codebook finds in so many words.
    pub cues_only: bool,
}

/// Codes the transcripts of one study. Made once a run; shared by threads, each with its own [`Words`].
pub struct Coder {
    pub(crate) study: Study,
    codebook: Codebook,
    pub(crate) resources: Resources,
    /// The codebook's own cues with the place of their code.
    cues: Matcher,
    cue_codes: Vec<usize>,
    /// The code of each lexicon entry, where the codebook has one with the name of its class.
    entry_codes: Vec<Option<usize>>,
    pub(crate) model: Option<Model>,
    /// What the model learned of codes of the codebook, with their places.
    learned_codes: Vec<(usize, LearnedCode)>,
    pub(crate) topics: StudyTopics,
    pub(crate) options: Options,
}

/// Sentences that one quote spans at most: longer runs hold more than one idea.
const LONGEST: usize = 4;

/// From which joint weight of cues on a category is proposed where no model speaks.
pub(crate) const CUES_SUFFICE: f32 = 0.5;

/// Lexicon entries of this strength and more name a code. Weaker ones ("alleen" for loneliness) say something among others:
/// the model hears them, but by themselves they are wrong too often to stand in a map.
const NAMES: f32 = 0.5;

/// A pain or gain is strong where its strong label reaches this share of its own probability.
const STRONG: f32 = 0.45;

impl Coder {
    /// Compiles everything for a study. The errors are cues of the codebook that can't be read: they are left out.
    pub fn new(study: &Study, codebook: Codebook, model: Model, options: Options) -> (Self, Vec<CueError>) {
        let mut stemmer = Stemmer::dutch();
        let mut errors = Vec::new();
        let mut cues = Vec::new();
        let mut cue_codes = Vec::new();
        for (n, code) in codebook.codes.iter().enumerate() {
            for text in &code.cues {
                match Cue::parse(text, &mut stemmer) {
                    Ok(cue) => {
                        cues.push(cue);
                        cue_codes.push(n);
                    }
                    Err(error) => errors.push(error),
                }
            }
        }
        let resources = Resources::built_in();
        let place: BTreeMap<&str, usize> = codebook.codes.iter().enumerate().map(|(n, c)| (c.id.as_str(), n)).collect();
        let code_of = |e: &Entry| place.get(&*e.class).copied().filter(|_| e.strength >= NAMES);
        let entry_codes = resources.entries.iter().map(code_of).collect();
        let topics = model.topics.for_study(study);
        let learned = model.codes.iter().filter(|c| c.is_sound() && !options.cues_only);
        let learned_codes = learned.filter_map(|c| Some((*place.get(c.code.as_str())?, c.clone()))).collect();
        let model = (!options.cues_only).then_some(model);
        let cues = Matcher::new(cues);
        let study = study.clone();
        (
            Self { study, codebook, resources, cues, cue_codes, entry_codes, model, learned_codes, topics, options },
            errors,
        )
    }

    /// Learns from all interviews of the study, although nobody coded them, what is said in its phases.
    pub fn adapt<'t>(&mut self, transcripts: impl Iterator<Item = &'t Transcript>) {
        self.topics.adapt(transcripts);
    }

    /// Goes by the codebook's own cues alone.
    pub(crate) fn forget_lexicon(&mut self) {
        self.entry_codes.fill(None);
    }

    /// The codebook in use.
    pub fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    /// Codes one transcript: proposals ordered by turn, first sentence and category.
    pub fn code(&self, transcript: &Transcript, words: &mut Words) -> Vec<Coding> {
        let all = self.analyse(transcript, words);
        let scores = self.scores(transcript, &all, words);
        let probabilities = match &self.model {
            Some(model) => {
                let spots = self.spots(transcript, &all);
                model.decide(&spots, &scores)
            }
            None => vec![[0.0; 4]; all.len()],
        };
        let mut found = Vec::new();
        let own: Vec<Vec<Match>> = all
            .iter()
            .map(|a| {
                self.cues.find(&a.sentence, &mut found);
                found.clone()
            })
            .collect();
        let topics = self.topics.path(transcript, all.iter().map(|a| (a.place, &a.sentence)), words);
        let mut codings = Vec::new();
        for (category, chances) in self.chances(&all, &own, &probabilities) {
            for run in runs(&all, &chances) {
                let Some((phase, touchpoint)) = topics.get(run.start).and_then(|t| self.topics.ids(*t, &self.study))
                else {
                    continue;
                };
                let touchpoint =
                    touchpoint.or_else(|| run.clone().find_map(|i| self.topics.ids(topics[i], &self.study)?.1));
                let mean = run.clone().map(|i| chances[i].unwrap_or(0.0)).sum::<f32>() / run.len() as f32;
                let code = self.best_code(&category, run.clone(), &all, &own);
                let reasons = self.reasons(&category, code, run.clone(), &all, &own);
                codings.push(Coding {
                    turn: all[run.start].place.turn,
                    sentences: all[run.start].place.sentence..all[run.end - 1].place.sentence + 1,
                    code: code.map(|n| self.codebook.codes[n].id.clone()),
                    phase,
                    touchpoint,
                    emotion: self.emotion(&category, run.clone(), &all, &scores.words),
                    confidence: Confidence::new(mean),
                    status: Status::Auto,
                    reasons,
                    category: category.clone(),
                });
            }
        }
        codings.sort_by(|a, b| (a.turn, a.sentences.start, &a.category).cmp(&(b.turn, b.sentences.start, &b.category)));
        codings
    }

    /// The sentences of respondents, in words as the coder's model sees them.
    pub(crate) fn analyse<'t>(&self, transcript: &'t Transcript, words: &mut Words) -> Vec<Analysed<'t>> {
        if let Some(model) = &self.model {
            words.look_through(&model.first.words);
        }
        analyse(transcript, words, &self.resources.lexicon)
    }

    /// The places, lengths and forces of sentences from [`analyse`](Self::analyse).
    pub(crate) fn spots(&self, transcript: &Transcript, all: &[Analysed<'_>]) -> Vec<Spot> {
        all.iter().map(|a| a.spot(transcript, &self.resources.entries)).collect()
    }

    /// The first scores of sentences from [`analyse`](Self::analyse).
    pub(crate) fn scores(
        &self,
        transcript: &Transcript,
        all: &[Analysed<'_>],
        words: &mut Words,
    ) -> Looks<Vec<Scores>> {
        let Some(model) = &self.model else {
            let even = vec![Scores::default(); all.len()];
            return Looks { words: even.clone(), company: even };
        };
        features::scores(transcript, all, words, &self.resources.entries, &model.first)
    }

    /// Each category with the chance of each sentence to carry it, where that is enough to propose it.
    fn chances(
        &self,
        all: &[Analysed<'_>],
        own: &[Vec<Match>],
        probabilities: &[[f32; 4]],
    ) -> Vec<(Category, Vec<Option<f32>>)> {
        let mut categories: Vec<Category> = CATEGORIES.iter().filter_map(|c| Category::new(c).ok()).collect();
        for code in &self.codebook.codes {
            if !categories.contains(&code.category) {
                categories.push(code.category.clone());
            }
        }
        categories
            .into_iter()
            .enumerate()
            .map(|(l, category)| {
                let learned = self.model.as_ref().filter(|_| l < CATEGORIES.len());
                let chances = (0..all.len())
                    .map(|i| {
                        let (chance, threshold) = match learned {
                            Some(model) => (probabilities[i][l], model.thresholds[l]),
                            None => (self.cue_chance(&category, &all[i], &own[i]), CUES_SUFFICE),
                        };
                        let threshold = self.options.min_confidence.unwrap_or(threshold);
                        (chance >= threshold && chance > 0.0).then_some(chance)
                    })
                    .collect();
                (category, chances)
            })
            .collect()
    }

    /// All cues that speak for a category, as code and weight; negated ones do not count.
    fn speaking<'s>(
        &'s self,
        category: &'s Category,
        sentence: &'s Analysed<'_>,
        own: &'s [Match],
    ) -> impl Iterator<Item = (usize, f32, &'s str)> {
        let lexicon = sentence.lexicon.iter().filter_map(|m| {
            let code = self.entry_codes[m.cue]?;
            Some((code, m, self.resources.lexicon.cue(m.cue)))
        });
        let book = own.iter().map(|m| (self.cue_codes[m.cue], m, self.cues.cue(m.cue)));
        lexicon
            .chain(book)
            .filter(move |(code, m, _)| !m.negated && self.codebook.codes[*code].category == *category)
            .map(|(code, _, cue)| (code, cue.weight, cue.label.as_str()))
    }

    /// Cues taken together as independent witnesses (noisy or).
    fn cue_chance(&self, category: &Category, sentence: &Analysed<'_>, own: &[Match]) -> f32 {
        // A cue alone is right less often than its writer thought.
        1.0 - self.speaking(category, sentence, own).map(|(_, w, _)| 1.0 - 0.85 * w).product::<f32>()
    }

    /// The place of the code whose cues weigh most together, of those that say more than the category; where a code was
    /// learned from enough examples, its words come first.
    fn best_code(
        &self,
        category: &Category,
        run: Range<usize>,
        all: &[Analysed<'_>],
        own: &[Vec<Match>],
    ) -> Option<usize> {
        let mut weights: BTreeMap<usize, f32> = BTreeMap::new();
        for i in run.clone() {
            for (code, weight, _) in self.speaking(category, &all[i], &own[i]) {
                if !self.codebook.codes[code].general {
                    *weights.entry(code).or_default() += weight;
                }
            }
        }
        let mut learned: BTreeMap<usize, f32> = BTreeMap::new();
        for (code, words) in self.learned_codes.iter().filter(|(_, l)| l.category == *category) {
            match words.verdict(all[run.clone()].iter().map(|a| &a.sentence)) {
                Verdict::Carries(chance) => drop(learned.insert(*code, chance)),
                Verdict::Lacks => drop(weights.remove(code)),
                Verdict::Open => {}
            }
        }
        let of = if learned.is_empty() { weights } else { learned };
        of.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|(code, _)| code)
    }

    /// The cues and the words that weighed most, heaviest first.
    fn reasons(
        &self,
        category: &Category,
        code: Option<usize>,
        run: Range<usize>,
        all: &[Analysed<'_>],
        own: &[Vec<Match>],
    ) -> Vec<Reason> {
        let mut reasons: Vec<(f32, Witness<'_>)> = Vec::new();
        for i in run.clone() {
            for (code, weight, label) in self.speaking(category, &all[i], &own[i]) {
                reasons.push((weight, Witness::Cue(label, self.codebook.codes[code].id.as_str())));
            }
        }
        for (n, learned) in self.learned_codes.iter().filter(|(n, _)| Some(*n) == code) {
            let words = all[run.clone()].iter().flat_map(|a| &a.sentence.words);
            let heavy = words.map(|word| (learned.weight(&word.stem), word)).filter(|(weight, _)| *weight >= 0.1);
            reasons
                .extend(heavy.map(|(weight, word)| {
                    (weight, Witness::CodeWord(&word.form, self.codebook.codes[*n].id.as_str()))
                }));
        }
        if let (Some(model), Some(l)) = (&self.model, CATEGORIES.iter().position(|c| *c == category.as_str())) {
            let step = model.first.words.scales()[l];
            for i in run {
                let scale = step / (all[i].sentence.words.len().max(1) as f32).sqrt();
                for word in &all[i].sentence.words {
                    let weight = f32::from(steps(word.rows[WordBlock::Form as usize][l])) * scale;
                    if weight.abs() >= 0.1 {
                        reasons.push((weight, Witness::Word(&word.form)));
                    }
                }
            }
        }
        reasons.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()).then(a.1.cmp(&b.1)));
        reasons.dedup_by(|a, b| a.1 == b.1);
        reasons.truncate(10);
        reasons.into_iter().map(|(weight, witness)| Reason { label: witness.to_string(), weight }).collect()
    }

    /// Needs and activities are told neutrally, pains and gains with the usual force unless words are strong.
    fn emotion(&self, category: &Category, run: Range<usize>, all: &[Analysed<'_>], scores: &[Scores]) -> Emotion {
        // Without a model all scores are even, and nothing is strong.
        let strong = |label: usize, base: usize| {
            let sure = |i: usize| sigmoid(scores[i][label]) > STRONG * sigmoid(scores[i][base]);
            self.model.is_some() && run.clone().any(sure)
        };
        let value = match category.as_str() {
            "pijnpunt" => -1 - i8::from(strong(STRONG_PAIN, PAIN)),
            "winst" => 1 + i8::from(strong(STRONG_GAIN, GAIN)),
            "behoefte" | "activiteit" => 0,
            _ => {
                let force = |m: &Match| self.resources.entries[m.cue].force(m.negated);
                let sum: f32 = run.clone().flat_map(|i| all[i].lexicon.iter().map(force)).sum();
                return Emotion::from_score(f64::from(sum) / run.len() as f64);
            }
        };
        Emotion::new(value).unwrap_or_default()
    }
}

/// What speaks for a coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Witness<'a> {
    /// A cue, and the id of its code.
    Cue(&'a str, &'a str),
    /// A word form that speaks for a learned code, and the code's id.
    CodeWord(&'a str, &'a str),
    /// A word form.
    Word(&'a str),
}

impl fmt::Display for Witness<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cue(label, code) => write!(f, "cue \"{label}\" ({code})"),
            Self::CodeWord(form, code) => write!(f, "word \"{form}\" ({code})"),
            Self::Word(form) => write!(f, "word \"{form}\""),
        }
    }
}

/// Runs of sentences of one turn that carry a category, none longer than [`LONGEST`].
fn runs(all: &[Analysed<'_>], chances: &[Option<f32>]) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for i in (0..all.len()).filter(|i| chances[*i].is_some()) {
        match out.last_mut() {
            Some(run) if run.end == i && run.len() < LONGEST && all[run.start].place.turn == all[i].place.turn => {
                run.end = i + 1;
            }
            _ => out.push(i..i + 1),
        }
    }
    out
}
