//! The coder: a transcript in, codings out.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

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
    pattern::Patterns,
    topics::StudyTopics,
    weights::steps,
    words::{Sentence, Words},
};

/// The built-in lexicon, compiled, and the cues of a codebook with it: a sentence is gone through once for both.
pub struct Resources {
    /// The cues of the lexicon, then those of the codebook.
    pub(crate) cues: Arc<Matcher>,
    /// What the lexicon's entries say, by the place of the cue.
    pub(crate) entries: Vec<Entry>,
}

impl Resources {
    /// Lays out the built-in lexicon.
    pub fn built_in() -> Self {
        Self::with(Vec::new())
    }

    /// Lays out the lexicon with the cues of a codebook.
    fn with(codebook: Vec<Cue>) -> Self {
        let (mut patterns, entries) = lexicon::built_in();
        patterns.extend(Patterns::of(codebook));
        Self { cues: Arc::new(Matcher::of(patterns)), entries }
    }

    /// The cues of the lexicon.
    pub fn cues(&self) -> &Arc<Matcher> {
        &self.cues
    }

    /// Finds the cues of the lexicon and those of the codebook in a sentence.
    pub(crate) fn find(&self, sentence: &Sentence<'_>, out: [&mut Vec<Match>; 2]) {
        self.cues.find_apart(sentence, self.entries.len(), out);
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

/// A codebook and the lexicon, compiled: what a coder needs beside a model.
pub struct Compiled {
    codebook: Codebook,
    resources: Resources,
    /// The place of each cue's code; of the lexicon's where the codebook has one with the name of its class.
    cue_codes: Vec<Option<usize>>,
}

impl Compiled {
    /// Compiles a codebook, with the lexicon. The errors are cues that can't be read: they are left out.
    pub fn of(codebook: Codebook) -> (Self, Vec<CueError>) {
        let mut stemmer = Stemmer::dutch();
        let mut errors = Vec::new();
        let mut cues = Vec::new();
        let mut codes_of_cues = Vec::new();
        for (n, code) in codebook.codes.iter().enumerate() {
            for text in &code.cues {
                match Cue::parse(text, &mut stemmer) {
                    Ok(cue) => {
                        cues.push(cue);
                        codes_of_cues.push(Some(n));
                    }
                    Err(error) => errors.push(error),
                }
            }
        }
        let resources = Resources::with(cues);
        let place: BTreeMap<&str, usize> = codebook.codes.iter().enumerate().map(|(n, c)| (c.id.as_str(), n)).collect();
        let code_of = |e: &Entry| place.get(&*e.class).copied().filter(|_| e.strength >= NAMES);
        let cue_codes = resources.entries.iter().map(code_of).chain(codes_of_cues).collect();
        (Self { codebook, resources, cue_codes }, errors)
    }
}

/// Codes the transcripts of one study. Made once a run; shared by threads, each with its own [`Words`].
pub struct Coder {
    pub(crate) study: Study,
    codebook: Codebook,
    pub(crate) resources: Resources,
    /// The place of each cue's code; of the lexicon's where the codebook has one with the name of its class.
    cue_codes: Vec<Option<usize>>,
    pub(crate) model: Option<Model>,
    /// What the model learned of codes of the codebook, with their places.
    learned_codes: Vec<(usize, LearnedCode)>,
    pub(crate) topics: StudyTopics,
    pub(crate) options: Options,
}

/// Has words seen as coding will ask for them.
fn prepare(words: &mut Words, model: Option<&Model>, resources: &Resources) {
    if let Some(model) = model {
        words.look_through(&model.first.words);
    }
    words.listen_for(&resources.cues);
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
        let (compiled, errors) = Compiled::of(codebook);
        (Self::with(study, compiled, model, options), errors)
    }

    /// The coder of a study with a compiled codebook.
    pub fn with(study: &Study, compiled: Compiled, model: Model, options: Options) -> Self {
        let Compiled { codebook, resources, cue_codes } = compiled;
        let topics = model.topics.for_study(study);
        let learned = model.codes.iter().filter(|c| c.is_sound() && !options.cues_only);
        let learned_codes = learned
            .filter_map(|c| Some((codebook.codes.iter().position(|code| code.id == c.code)?, c.clone())))
            .collect();
        let model = (!options.cues_only).then_some(model);
        let study = study.clone();
        Self { study, codebook, resources, cue_codes, model, learned_codes, topics, options }
    }

    /// Learns from all interviews of the study, although nobody coded them, what is said in its phases.
    pub fn adapt<'t>(&mut self, transcripts: impl Iterator<Item = &'t Transcript>) {
        let Self { topics, model, resources, .. } = self;
        topics.adapt(transcripts, |words| prepare(words, model.as_ref(), resources));
    }

    /// Goes by the codebook's own cues alone.
    pub(crate) fn forget_lexicon(&mut self) {
        self.cue_codes[..self.resources.entries.len()].fill(None);
    }

    /// The codebook in use.
    pub fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    /// Codes one transcript: proposals ordered by turn, first sentence and category.
    pub fn code(&self, transcript: &Transcript, words: &mut Words) -> Vec<Coding> {
        let all = self.analyse(transcript, words);
        let scores = self.scores(transcript, &all);
        let probabilities = match &self.model {
            Some(model) => {
                let spots = self.spots(transcript, &all);
                model.decide(&spots, &scores)
            }
            None => vec![[0.0; 4]; all.len()],
        };
        let topics = self.topics.path(transcript, all.iter().map(|a| &a.said));
        let mut codings = Vec::new();
        for (category, chances) in self.chances(&all, &probabilities) {
            for run in runs(&all, &chances) {
                let Some((phase, touchpoint)) = topics.get(run.start).and_then(|t| self.topics.ids(*t, &self.study))
                else {
                    continue;
                };
                let touchpoint =
                    touchpoint.or_else(|| run.clone().find_map(|i| self.topics.ids(topics[i], &self.study)?.1));
                let mean = run.clone().map(|i| chances[i].unwrap_or(0.0)).sum::<f32>() / run.len() as f32;
                let code = self.best_code(&category, run.clone(), &all);
                let reasons = self.reasons(&category, code, run.clone(), &all);
                codings.push(Coding {
                    turn: all[run.start].said.place.turn,
                    sentences: all[run.start].said.place.sentence..all[run.end - 1].said.place.sentence + 1,
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
        prepare(words, self.model.as_ref(), &self.resources);
        analyse(transcript, words, &self.resources)
    }

    /// The places, lengths and forces of sentences from [`analyse`](Self::analyse).
    pub(crate) fn spots(&self, transcript: &Transcript, all: &[Analysed<'_>]) -> Vec<Spot> {
        all.iter().map(|a| a.spot(transcript, &self.resources.entries)).collect()
    }

    /// The first scores of sentences from [`analyse`](Self::analyse).
    pub(crate) fn scores(&self, transcript: &Transcript, all: &[Analysed<'_>]) -> Looks<Vec<Scores>> {
        let Some(model) = &self.model else {
            let even = vec![Scores::default(); all.len()];
            return Looks { words: even.clone(), company: even };
        };
        features::scores(transcript, all, &self.resources.entries, &model.first)
    }

    /// Each category with the chance of each sentence to carry it, where that is enough to propose it.
    fn chances(&self, all: &[Analysed<'_>], probabilities: &[[f32; 4]]) -> Vec<(Category, Vec<Option<f32>>)> {
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
                            None => (self.cue_chance(&category, &all[i]), CUES_SUFFICE),
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
    ) -> impl Iterator<Item = (usize, f32, &'s str)> {
        let found = sentence.lexicon.iter().chain(&sentence.codebook);
        found.filter(|m| !m.negated).filter_map(|m| {
            let code = self.cue_codes[m.cue].filter(|code| self.codebook.codes[*code].category == *category)?;
            let cues = &self.resources.cues;
            Some((code, cues.weight(m.cue), cues.label(m.cue)))
        })
    }

    /// Cues taken together as independent witnesses (noisy or).
    fn cue_chance(&self, category: &Category, sentence: &Analysed<'_>) -> f32 {
        // A cue alone is right less often than its writer thought.
        1.0 - self.speaking(category, sentence).map(|(_, w, _)| 1.0 - 0.85 * w).product::<f32>()
    }

    /// The place of the code whose cues weigh most together, of those that say more than the category; where a code was
    /// learned from enough examples, its words come first.
    fn best_code(&self, category: &Category, run: Range<usize>, all: &[Analysed<'_>]) -> Option<usize> {
        let mut weights: BTreeMap<usize, f32> = BTreeMap::new();
        for i in run.clone() {
            for (code, weight, _) in self.speaking(category, &all[i]) {
                if !self.codebook.codes[code].general {
                    *weights.entry(code).or_default() += weight;
                }
            }
        }
        let mut learned: BTreeMap<usize, f32> = BTreeMap::new();
        for (code, words) in self.learned_codes.iter().filter(|(_, l)| l.category == *category) {
            match words.verdict(all[run.clone()].iter().map(|a| &a.said.sentence)) {
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
    ) -> Vec<Reason> {
        let mut reasons: Vec<(f32, Witness<'_>)> = Vec::new();
        for i in run.clone() {
            for (code, weight, label) in self.speaking(category, &all[i]) {
                reasons.push((weight, Witness::Cue(label, self.codebook.codes[code].id.as_str())));
            }
        }
        for (n, learned) in self.learned_codes.iter().filter(|(n, _)| Some(*n) == code) {
            let words = all[run.clone()].iter().flat_map(|a| &a.said.sentence.words);
            let heavy = words.map(|word| (learned.weight(&word.stem), word)).filter(|(weight, _)| *weight >= 0.1);
            reasons
                .extend(heavy.map(|(weight, word)| {
                    (weight, Witness::CodeWord(&word.form, self.codebook.codes[*n].id.as_str()))
                }));
        }
        if let (Some(model), Some(l)) = (&self.model, CATEGORIES.iter().position(|c| *c == category.as_str())) {
            let step = model.first.words.scales()[l];
            for i in run {
                let scale = step / (all[i].said.sentence.words.len().max(1) as f32).sqrt();
                for word in &all[i].said.sentence.words {
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
        reasons.into_iter().map(|(weight, witness)| Reason { label: witness.label(), weight }).collect()
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

impl Witness<'_> {
    /// In words, as one piece of memory: a coding has ten of them.
    fn label(self) -> String {
        match self {
            Self::Cue(label, code) => ["cue \"", label, "\" (", code, ")"].concat(),
            Self::CodeWord(form, code) => ["word \"", form, "\" (", code, ")"].concat(),
            Self::Word(form) => ["word \"", form, "\""].concat(),
        }
    }
}

/// Runs of sentences of one turn that carry a category, none longer than [`LONGEST`].
fn runs(all: &[Analysed<'_>], chances: &[Option<f32>]) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for i in (0..all.len()).filter(|i| chances[*i].is_some()) {
        match out.last_mut() {
            Some(run)
                if run.end == i && run.len() < LONGEST && all[run.start].said.place.turn == all[i].said.place.turn =>
            {
                run.end = i + 1;
            }
            _ => out.push(i..i + 1),
        }
    }
    out
}
