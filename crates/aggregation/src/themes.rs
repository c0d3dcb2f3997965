//! Quotes on the same thing within a phase and a category.

use std::collections::{BTreeMap, BTreeSet};

use klantreis_study::{Category, CodeId, Codebook, PhaseId, Quote, Study};
use rayon::prelude::*;
use serde::Serialize;

use crate::{
    cluster::{Postings, Vector, cluster, silhouettes},
    emotion::{Score, score},
    journey::{count_interviews, label},
    naming::{Naming, Text},
    typical::Typicality,
    vocabulary::Vocabulary,
};

/// Quotes of one phase and category that are about the same thing: those with the same code of the study's own
/// codebook, else those that are alike in their words. The codes that are built in say what *kind* of pain or gain it
/// is ("obstakel"), not what it is about, so they make no theme; they count a little in what is alike.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Theme {
    /// `phase.category.number`, the number by size: for links within one run.
    pub id: String,
    /// The phase.
    pub phase: PhaseId,
    /// The category.
    pub category: Category,
    /// The study's own code that makes the theme; `None` where words do.
    pub code: Option<CodeId>,
    /// Its name: the code's, or the respondents' words that set it apart (log-likelihood keyness, Dunning 1993).
    pub label: String,
    /// Those words, the most telling first.
    pub words: Vec<String>,
    /// Number of quotes, at least two.
    pub n_quotes: usize,
    /// Number of interviews that they come from. One interview alone is an anecdote: show it as such.
    pub n_interviews: usize,
    /// All quotes, by id.
    pub quote_ids: Vec<String>,
    /// The medoid first, then up to two more of other interviews.
    pub typical: Vec<Quote>,
    /// How its quotes feel.
    pub emotion: Score,
    /// How much nearer its quotes are to each other than to the next theme, -1…1 (silhouette, Rousseeuw 1987); `None`
    /// for a theme by code and where there are more than 2,000 quotes.
    pub silhouette: Option<f64>,
}

/// The themes of a journey, and how good they are.
#[derive(Clone, Debug, PartialEq, Default, Serialize)]
pub struct Themes {
    /// By phase, category in the order of the tables, then most interviews, then most quotes.
    pub themes: Vec<Theme>,
    /// Quotes in no theme: no other quote of their phase and category is on the same thing.
    pub alone: Vec<String>,
    /// The mean silhouette over the quotes in themes by words.
    pub silhouette: Option<f64>,
}

impl Themes {
    /// The themes of a phase and category, in order.
    pub fn of<'a>(&'a self, phase: &'a PhaseId, category: &'a Category) -> impl Iterator<Item = &'a Theme> + 'a {
        self.themes.iter().filter(move |t| t.phase == *phase && t.category == *category)
    }
}

/// Groups are one theme where their quotes are alike by this, on average. Chosen by hand on the themes of the example
/// studies: lower, and themes of two subjects appear; higher, and most quotes stand alone.
const ALIKE: f64 = 0.10;

/// A group whose quotes are hardly nearer to each other than to the next group is no theme.
const APART: f64 = 0.08;

/// Two texts are a theme only where they share so many features (words, touchpoint, built-in code): by hand, most pairs
/// with a single word in common were about different things.
const SHARED_BY_TWO: usize = 2;

/// Up to so many texts are a theme only where they have a word of which the whole study has few others: by hand, a few
/// texts with a word that is said everywhere ("kind" in a study of nurseries) were about different things.
const FEW: usize = 5;
const OWN_SHARE: f64 = 1.0 / 8.0;

/// What the built-in code and the touchpoint weigh beside the words, as if each were a word of this idf.
const CODE_WEIGHT: f64 = 0.6;
const TOUCHPOINT_WEIGHT: f64 = 1.2;

/// What a word weighs that no determiner stands before anywhere: verbs and adverbs say less of what it is about.
const NO_NOUN: f64 = 0.4;

/// The codes that are built in. A study's own code with the same id has another label, or is meant as built in.
const BUILT_IN: &str = include_str!("../../../data/codebooks/nl.toml");

/// A text that quotes share: interviews that say exactly the same count as one when likeness is measured, so that
/// repeating what was said moves no theme.
struct Shared<'a> {
    text: Text,
    quotes: Vec<&'a Quote>,
}

/// The themes of all phases and categories. `quotes` are sorted and count.
pub fn themes(
    study: &Study,
    codebook: &Codebook,
    categories: &[Category],
    quotes: &[&Quote],
    typicality: &Typicality<'_>,
) -> Themes {
    let generic = Codebook::parse(BUILT_IN).unwrap_or_default();
    let mut vocabulary = Vocabulary::new();
    let shared = shared_texts(quotes, &mut vocabulary);
    let features = features(&shared, &vocabulary);
    let texts_with = counts(&features);
    let weights = weights(&shared, &texts_with, &mut vocabulary);
    let vectors = vectors(&shared, &features, &weights);
    let naming = Naming::new(&vocabulary, shared.iter().map(|s| &s.text));
    let grouping = Grouping {
        own: &|code| generic.code(code).map(|c| &c.label) != codebook.code(code).map(|c| &c.label),
        name: &|code| label(Some(code), study, codebook),
        shared: &shared,
        vectors: &vectors,
        texts_with: &texts_with,
        naming: &naming,
        typicality,
    };
    let places: Vec<(&PhaseId, &Category)> =
        study.phases.iter().flat_map(|phase| categories.iter().map(move |category| (&phase.id, category))).collect();
    let found: Vec<Found> = places.into_par_iter().map(|(phase, category)| grouping.of(phase, category)).collect();
    let mut out = Themes::default();
    let (mut sum, mut placed) = (0.0, 0);
    for Found { mut themes, alone, fits } in found {
        out.themes.append(&mut themes);
        out.alone.extend(alone);
        for (silhouette, n) in fits {
            sum += silhouette * n as f64;
            placed += n;
        }
    }
    out.alone.sort();
    out.silhouette = (placed > 0).then(|| sum / placed as f64);
    out
}

/// What texts are grouped by, in any phase and category.
struct Grouping<'g, 'a> {
    /// Whether a code is the study's own.
    own: &'g (dyn Fn(&CodeId) -> bool + Sync),
    /// The name of such a code.
    name: &'g (dyn Fn(&CodeId) -> String + Sync),
    shared: &'g [Shared<'a>],
    vectors: &'g [Vector],
    texts_with: &'g BTreeMap<usize, usize>,
    naming: &'g Naming<'g>,
    typicality: &'g Typicality<'a>,
}

/// The themes of a phase and category.
#[derive(Default)]
struct Found {
    themes: Vec<Theme>,
    /// Quotes in none of them.
    alone: Vec<String>,
    /// The mean silhouette of each theme that has one, with the number of its texts.
    fits: Vec<(f64, usize)>,
}

impl Grouping<'_, '_> {
    fn of(&self, phase: &PhaseId, category: &Category) -> Found {
        let here = (0..self.shared.len()).filter(|n| {
            let quote = self.shared[*n].quotes[0];
            quote.phase == *phase && quote.category == *category
        });
        let mut by_code: BTreeMap<&CodeId, Vec<usize>> = BTreeMap::new();
        let mut rest = Vec::new();
        for n in here {
            match &self.shared[n].quotes[0].code {
                Some(code) if (self.own)(code) => by_code.entry(code).or_default().push(n),
                _ => rest.push(n),
            }
        }
        let group: Vec<Vector> = rest.iter().map(|n| self.vectors[*n].clone()).collect();
        let coded = by_code.into_iter().map(|(code, texts)| (Some(code), texts, None));
        let own_word = |texts: &[usize]| has_own_word(texts.iter().map(|n| &group[*n]), self.texts_with);
        let worded = worded(&group, own_word).into_iter();
        let worded = worded.map(|(texts, fit)| (None, texts.into_iter().map(|n| rest[n]).collect::<Vec<_>>(), fit));
        let mut out = Found::default();
        for (code, texts, silhouette) in coded.chain(worded) {
            let mut mine: Vec<&Quote> = texts.iter().flat_map(|n| self.shared[*n].quotes.iter().copied()).collect();
            mine.sort_by(|a, b| (&a.interview, a.turn, &a.id).cmp(&(&b.interview, b.turn, &b.id)));
            if code.is_none() && mine.len() < 2 {
                out.alone.extend(mine.iter().map(|q| q.id.clone()));
                continue;
            }
            out.fits.extend(silhouette.map(|silhouette| (silhouette, texts.len())));
            let named = self.naming.name(&texts.iter().map(|n| &self.shared[*n].text).collect::<Vec<_>>());
            out.themes.push(Theme {
                id: String::new(),
                phase: phase.clone(),
                category: category.clone(),
                code: code.cloned(),
                label: code.map_or(named.label, self.name),
                words: named.words,
                n_quotes: mine.len(),
                n_interviews: count_interviews(&mine),
                quote_ids: mine.iter().map(|q| q.id.clone()).collect(),
                typical: self.typicality.most_typical(&mine, 3).into_iter().cloned().collect(),
                emotion: score(mine.iter().copied()),
                silhouette,
            });
        }
        out.themes.sort_by(|a, b| {
            (b.n_interviews, b.n_quotes).cmp(&(a.n_interviews, a.n_quotes)).then_with(|| a.quote_ids.cmp(&b.quote_ids))
        });
        tell_apart(&mut out.themes);
        for (n, theme) in out.themes.iter_mut().enumerate() {
            theme.id = format!("{phase}.{category}.{}", n + 1);
        }
        out
    }
}

/// Quotes with the same words, phase, category, code and touchpoint are one text.
fn shared_texts<'a>(quotes: &[&'a Quote], vocabulary: &mut Vocabulary) -> Vec<Shared<'a>> {
    let mut by_text: BTreeMap<_, Vec<&Quote>> = BTreeMap::new();
    for quote in quotes {
        let key = (&quote.quote, &quote.phase, &quote.category, &quote.code, &quote.touchpoint);
        by_text.entry(key).or_default().push(quote);
    }
    // Sorted by their words: which interview said them, and when, does not matter.
    by_text.into_values().map(|quotes| Shared { text: Text::new(&quotes[0].quote, vocabulary), quotes }).collect()
}

/// The stems of each text and the parts of its compounds.
fn features(shared: &[Shared<'_>], vocabulary: &Vocabulary) -> Vec<BTreeSet<usize>> {
    let of = |s: &Shared<'_>| {
        s.text.stems.iter().flat_map(|stem| vocabulary.parts(*stem).into_iter().chain([*stem])).collect()
    };
    shared.iter().map(of).collect()
}

/// In how many texts each feature is.
fn counts(features: &[BTreeSet<usize>]) -> BTreeMap<usize, usize> {
    let mut texts_with: BTreeMap<usize, usize> = BTreeMap::new();
    for feature in features.iter().flatten() {
        *texts_with.entry(*feature).or_default() += 1;
    }
    texts_with
}

/// What a feature weighs: its idf, and how far it sets this study's talk apart from that of any other.
struct Weight {
    rare: f64,
    telling: f64,
}

fn weights(
    shared: &[Shared<'_>],
    texts_with: &BTreeMap<usize, usize>,
    vocabulary: &mut Vocabulary,
) -> BTreeMap<usize, Weight> {
    let common = vocabulary.common();
    let total: usize = shared.iter().map(|s| s.text.words.len()).sum();
    let weight = |(stem, n): (&usize, &usize)| {
        let rare = (1.0 + shared.len() as f64 / *n as f64).ln();
        let rare = if vocabulary.is_noun(*stem) { rare } else { NO_NOUN * rare };
        (*stem, Weight { rare, telling: common.telling(vocabulary.letters(*stem), *n, total) })
    };
    texts_with.iter().map(weight).collect()
}

/// The tf-idf of each text: its features, its built-in code, its touchpoint. A stem counts once: quotes are short. A text of
/// nothing but words that people use anywhere is shorter than 1, and so is like no other.
fn vectors(shared: &[Shared<'_>], features: &[BTreeSet<usize>], weights: &BTreeMap<usize, Weight>) -> Vec<Vector> {
    let mut extra: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut number = |kind, id| {
        let next = usize::MAX - extra.len();
        *extra.entry((kind, id)).or_insert(next)
    };
    shared
        .iter()
        .zip(features)
        .map(|(shared, stems)| {
            let mut vector: Vector = stems.iter().map(|stem| (*stem, weights[stem].rare)).collect();
            if !vector.is_empty() {
                let quote = shared.quotes[0];
                if let Some(code) = &quote.code {
                    vector.push((number("code", code.as_str()), CODE_WEIGHT));
                }
                if let Some(touchpoint) = &quote.touchpoint {
                    vector.push((number("touchpoint", touchpoint.as_str()), TOUCHPOINT_WEIGHT));
                }
            }
            vector.sort_unstable_by_key(|(feature, _)| *feature);
            let length = vector.iter().map(|(_, w)| w * w).sum::<f64>().sqrt();
            if length > 0.0 {
                let telling = |feature: &usize| weights.get(feature).map_or(1.0, |weight| weight.telling);
                vector.iter_mut().for_each(|(feature, w)| *w *= telling(feature) / length);
            }
            vector
        })
        .collect()
}

/// Groups of texts that hold, with their silhouette; the texts of others each by itself.
fn worded(texts: &[Vector], own_word: impl Fn(&[usize]) -> bool) -> Vec<(Vec<usize>, Option<f64>)> {
    let clusters: Vec<Vec<usize>> = cluster(texts, ALIKE).into_iter().flat_map(|group| cored(texts, group)).collect();
    let fit = silhouettes(texts, &clusters);
    let mut out = Vec::new();
    for cluster in clusters {
        let mean = fit.as_ref().map(|fit| cluster.iter().map(|n| fit[*n]).sum::<f64>() / cluster.len() as f64);
        let by_chance = match cluster.as_slice() {
            [a, b] => shared_features(&texts[*a], &texts[*b]) < SHARED_BY_TWO,
            few => few.len() <= FEW && !own_word(few),
        };
        if cluster.len() > 1 && (by_chance || mean.is_some_and(|mean| mean < APART)) {
            out.extend(cluster.into_iter().map(|text| (vec![text], None)));
        } else {
            let mean = mean.filter(|_| cluster.len() > 1);
            out.push((cluster, mean));
        }
    }
    out
}

/// Whether some word of several of these texts is mostly theirs.
fn has_own_word<'v>(texts: impl Iterator<Item = &'v Vector>, texts_with: &BTreeMap<usize, usize>) -> bool {
    let mut inside: BTreeMap<usize, usize> = BTreeMap::new();
    for (feature, _) in texts.flatten() {
        *inside.entry(*feature).or_default() += 1;
    }
    let share = |(feature, n): (&usize, &usize)| Some(*n as f64 / *texts_with.get(feature)? as f64);
    inside.iter().filter(|(_, n)| **n > 1).filter_map(share).any(|share| share >= OWN_SHARE)
}

/// A group without those that share no word with more than half of the others, each by itself: chains of texts, each
/// like the next, are about nothing together.
fn cored(texts: &[Vector], mut group: Vec<usize>) -> Vec<Vec<usize>> {
    if group.len() < 3 {
        return vec![group];
    }
    // A large group loses many one by one: who shares a word with whom is found once, by the words, not anew for each pair.
    let group_texts: Vec<&Vector> = group.iter().map(|text| &texts[*text]).collect();
    let postings = Postings::new(group_texts.iter().copied());
    let tied = |at: usize| -> BTreeSet<usize> {
        let words = group_texts[at].iter().filter(|(feature, _)| is_word(*feature));
        words.flat_map(|(word, _)| postings.with(*word)).map(|(other, _)| *other).filter(|other| *other != at).collect()
    };
    let mut ties: Vec<usize> = (0..group.len()).map(|at| tied(at).len()).collect();
    let mut cosines: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    let mut left: Vec<usize> = (0..group.len()).collect();
    let mut out = Vec::new();
    while left.len() > 2 {
        let loose = left.iter().copied().filter(|at| 2 * ties[*at] < left.len());
        let likeness = loose.map(|at| {
            let cosines = cosines.entry(at).or_insert_with(|| postings.cosines(group_texts[at]));
            (left.iter().map(|other| cosines[*other]).sum::<f64>(), at)
        });
        let Some((_, least)) = likeness.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))) else { break };
        tied(least).into_iter().for_each(|other| ties[other] -= 1);
        left.retain(|at| *at != least);
        out.push(vec![group[least]]);
    }
    group = left.into_iter().map(|at| group[at]).collect();
    out.push(group);
    out
}

/// Features beside words (code, touchpoint) are numbered from above.
fn is_word(feature: usize) -> bool {
    feature < usize::MAX / 2
}

fn shared_features(a: &Vector, b: &Vector) -> usize {
    a.iter().filter(|(feature, _)| b.binary_search_by_key(feature, |(f, _)| *f).is_ok()).count()
}

/// Themes with the same name get a word more, or else a number.
fn tell_apart(themes: &mut [Theme]) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for theme in themes {
        let mut name = theme.label.clone();
        if taken.contains(&name)
            && let Some(word) = theme.words.iter().find(|w| !name.contains(w.as_str()))
        {
            name = format!("{name}, {word}");
        }
        let base = name.clone();
        let mut n = 2;
        while taken.contains(&name) {
            name = format!("{base} ({n})");
            n += 1;
        }
        taken.insert(name.clone());
        theme.label = name;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cluster::cosine,
        journey::journey,
        random::Random,
        sample::{quote, study},
    };

    fn said(id: &str, words: &str) -> Quote {
        Quote { quote: words.to_owned(), ..quote(id, "pijnpunt", -1) }
    }

    fn quotes() -> Vec<Quote> {
        vec![
            said("a:1p", "Ik was mijn wachtwoord vergeten"),
            said("a:2p", "Inloggen met DigiD lukte maar niet"),
            said("b:1p", "Het wachtwoord vergeten ze allemaal"),
            said("b:2p", "De printer deed het weer niet"),
            said("c:1p", "Dan moesten we inloggen met DigiD en dat lukte niet"),
            said("c:2p", "Het regende in de hal"),
        ]
    }

    fn told(quotes: &[Quote]) -> Vec<(String, usize, usize)> {
        let themes = journey(&study(), &Codebook::default(), quotes, &[]).themes.themes;
        themes.into_iter().map(|t| (t.label, t.n_quotes, t.n_interviews)).collect()
    }

    #[test]
    fn quotes_on_the_same_thing_are_a_theme_in_their_own_words() {
        let themes = journey(&study(), &Codebook::default(), &quotes(), &[]).themes;
        let labels: Vec<&str> = themes.themes.iter().map(|t| t.label.as_str()).collect();
        assert_eq!(labels, ["wachtwoord vergeten", "inloggen met DigiD"]);
        assert_eq!(themes.themes[0].quote_ids, ["a:1p", "b:1p"]);
        assert_eq!(themes.alone, ["b:2p", "c:2p"]);
        assert!(themes.silhouette.unwrap() > 0.1, "{:?}", themes.silhouette);
    }

    #[test]
    fn an_interview_that_repeats_another_moves_no_theme_and_adds_one_voice() {
        let before = told(&quotes());
        let mut more = quotes();
        let again = quotes().into_iter().filter(|q| q.interview == "a");
        more.extend(again.map(|q| Quote { id: q.id.replace('a', "z"), interview: "z".to_owned(), ..q }));
        for ((label, n, interviews), after) in before.iter().zip(told(&more)) {
            assert_eq!((label.clone(), n + 1, interviews + 1), after);
        }
    }

    #[test]
    fn a_code_of_the_study_makes_a_theme_and_a_built_in_one_does_not() {
        let own = "[[code]]\nid = \"sleutel\"\ncategory = \"pijnpunt\"\nlabel = \"Sleutel weg\"\n\
                   [[code]]\nid = \"obstakel\"\ncategory = \"pijnpunt\"\nlabel = \"Obstakel\"\n";
        let codebook = Codebook::parse(own).unwrap();
        let mut quotes = quotes();
        quotes[0].code = Some(CodeId::new("sleutel").unwrap());
        quotes[3].code = Some(CodeId::new("obstakel").unwrap());
        quotes[5].code = Some(CodeId::new("obstakel").unwrap());
        let themes = journey(&study(), &codebook, &quotes, &[]).themes;
        let told: Vec<_> = themes.themes.iter().map(|t| (t.label.as_str(), t.code.is_some(), t.n_quotes)).collect();
        assert_eq!(told, [("inloggen met DigiD", false, 2), ("Sleutel weg", true, 1)]);
    }

    /// Every pair of a group is looked at, after each text that leaves it.
    fn cored_by_definition(texts: &[Vector], mut group: Vec<usize>) -> Vec<Vec<usize>> {
        let share_a_word = |a: usize, b: usize| {
            texts[a].iter().any(|(word, _)| is_word(*word) && texts[b].iter().any(|(other, _)| other == word))
        };
        let mut out = Vec::new();
        while group.len() > 2 {
            let ties = |text: usize| group.iter().filter(|o| **o != text && share_a_word(text, **o)).count();
            let likeness = |text: usize| group.iter().map(|o| cosine(&texts[text], &texts[*o])).sum::<f64>();
            let loose = group.iter().copied().filter(|text| 2 * ties(*text) < group.len());
            let Some(least) = loose.min_by(|a, b| likeness(*a).total_cmp(&likeness(*b)).then(a.cmp(b))) else { break };
            group.retain(|text| *text != least);
            out.push(vec![least]);
        }
        out.push(group);
        out
    }

    #[test]
    fn the_same_texts_leave_a_group_as_if_every_pair_was_looked_at() {
        let mut random = Random::new(7);
        let mut left = 0;
        for _ in 0..40 {
            let texts: Vec<Vector> = (0..30)
                .map(|_| {
                    let features: BTreeSet<usize> =
                        (0..4).map(|_| [random.below(14), usize::MAX - random.below(2)][random.below(5) / 4]).collect();
                    features.into_iter().map(|feature| (feature, (1 + random.below(9)) as f64 / 20.0)).collect()
                })
                .collect();
            let group: Vec<usize> = (0..30).filter(|_| random.below(3) > 0).collect();
            let found = cored(&texts, group.clone());
            assert_eq!(found, cored_by_definition(&texts, group));
            left += found.len() - 1;
        }
        assert!(left > 40, "{left}");
    }
}
