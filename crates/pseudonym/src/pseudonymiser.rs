//! A study with stand-ins for names and numbers.

use std::collections::HashMap;

use klantreis_study::{Pseudonymise, Transcript};
use klantreis_text::sentences;

use crate::{
    evidence::Evidence,
    find::{Hit, Spot, evidence, hits, in_text, occurrences},
    key::{Key, Place, Verdict},
    kind::{Kind, StandIn},
    lists::{LISTS, fold},
    people::{Name, Named, People},
};

/// A replacement: what stood where, and what stands there now.
#[derive(Clone, Debug)]
pub struct Replacement {
    /// In which transcript, by its place.
    pub file: usize,
    /// In which turn, from 1; `None` for a header or an attribute.
    pub turn: Option<u32>,
    /// Which of the turn's occurrences of the text, from 1.
    pub occurrence: u32,
    /// The words that stood there.
    pub text: String,
    /// What stands there now.
    pub stand_in: StandIn,
    /// Some words before and behind it.
    pub context: (String, String),
}

/// A study's names, found and given stand-ins.
pub struct Pseudonymiser {
    evidence: Evidence,
    wishes: Pseudonymise,
    people: People,
    /// The key with what this study added.
    key: Key,
    hits: Vec<(Hit, StandIn)>,
    /// Decisions about a place that is no longer there.
    unplaced: usize,
}

impl Pseudonymiser {
    /// Finds all names and numbers of a study and gives them the stand-ins of the key, or new ones in the order of the
    /// transcripts.
    pub fn new(transcripts: &[Transcript], wishes: &Pseudonymise, key: Key) -> Self {
        let evidence = evidence(transcripts, wishes, &key);
        let found = hits(transcripts, &evidence, wishes, &key);
        let mut people = People::default();
        for (stand_in, text) in key.given.iter().filter(|(s, _)| s.kind.is_person()) {
            people.know(text, *stand_in);
        }
        for decision in key.decisions.iter().filter(|d| d.place.is_none()) {
            if let Verdict::StandIn(stand_in) = decision.verdict {
                people.know(&decision.text, stand_in);
            }
        }
        let mut this = Self { evidence, wishes: wishes.clone(), people, key, hits: Vec::new(), unplaced: 0 };
        this.assign(transcripts, found);
        this
    }

    fn assign(&mut self, transcripts: &[Transcript], found: Vec<Hit>) {
        let decided: Vec<(Hit, Option<Verdict>)> = self.decided(transcripts, found);
        let named = |(hit, verdict): &(Hit, Option<Verdict>)| {
            let kind = if let Some(Verdict::Kind(kind)) = verdict { *kind } else { hit.kind };
            let free = !matches!(verdict, Some(Verdict::StandIn(_)));
            (free && kind.is_person()).then(|| Named {
                name: Name::parse(&hit.text),
                gender: hit.gender,
                kind,
                file: hit.file,
            })
        };
        let persons: Vec<Named> = decided.iter().filter_map(named).collect();
        let mut stand_ins = self.people.resolve(&persons).into_iter();
        let mut numbers = Numbers::of(&self.key);
        for (hit, verdict) in decided {
            let stand_in = match verdict {
                Some(Verdict::StandIn(stand_in)) => Some(stand_in),
                Some(Verdict::Kind(kind)) if !kind.is_person() => Some(numbers.give(kind, &hit.text)),
                _ if hit.kind.is_person() || verdict.is_some() => stand_ins.next(),
                _ => Some(numbers.give(hit.kind, &hit.text)),
            };
            let Some(stand_in) = stand_in else { continue };
            let decided_here = matches!(verdict, Some(Verdict::StandIn(_)));
            if !decided_here {
                self.key.give(stand_in, &hit.text);
            }
            self.hits.push((hit, stand_in));
        }
        self.key.drop_shared();
    }

    /// What the researcher decided about each hit; those that are to be kept are gone.
    fn decided(&mut self, transcripts: &[Transcript], found: Vec<Hit>) -> Vec<(Hit, Option<Verdict>)> {
        let mut used = vec![false; self.key.decisions.len()];
        let mut out = Vec::new();
        for hit in found {
            let place = place(transcripts, &hit);
            let mut verdict = None;
            // What was decided about a place goes before what was decided about the words.
            for (n, decision) in self.key.decisions.iter().enumerate().filter(|(_, d)| d.text == hit.text) {
                match &decision.place {
                    None if verdict.is_none() => verdict = Some(decision.verdict),
                    Some(p) if place.as_ref() == Some(p) => {
                        verdict = Some(decision.verdict);
                        used[n] = true;
                        break;
                    }
                    _ => {}
                }
            }
            // Words that were looked for because of a decision about another place are no name here.
            let only_elsewhere = verdict.is_none()
                && self
                    .key
                    .decisions
                    .iter()
                    .any(|d| d.text == hit.text && d.place.is_some() && d.verdict != Verdict::Keep)
                && !self.found_anyway(&hit, transcripts);
            if verdict != Some(Verdict::Keep) && !only_elsewhere {
                out.push((hit, verdict));
            }
        }
        self.unplaced = self.key.decisions.iter().zip(used).filter(|(d, used)| d.place.is_some() && !used).count();
        out
    }

    fn found_anyway(&self, hit: &Hit, transcripts: &[Transcript]) -> bool {
        let mut found = false;
        let text = spot_text(&transcripts[hit.file], &hit.spot);
        in_text(text, &self.evidence, &self.wishes, &Key::default(), None, |h| found |= h.range == hit.range);
        found || matches!(hit.spot, Spot::Speaker(_))
    }

    /// The key, with what this study added.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// How many decisions about a single place fit nowhere now; they are kept in the key.
    pub fn unplaced(&self) -> usize {
        self.unplaced
    }

    /// The transcripts with stand-ins: in what is said, in the names of speakers, files and interviews, in attributes and
    /// problems. Sentences are found anew.
    pub fn transcripts(&self, transcripts: &[Transcript]) -> Vec<Transcript> {
        let mut out = transcripts.to_vec();
        for (hit, stand_in) in self.hits.iter().rev() {
            let transcript = &mut out[hit.file];
            match &hit.spot {
                Spot::Speaker(turn) => transcript.turns[*turn].speaker = stand_in.as_speaker(),
                Spot::Turn(turn) => replace(&mut transcript.turns[*turn].text, hit, *stand_in),
                Spot::Attribute(key) => {
                    if let Some(value) = transcript.attributes.get_mut(key) {
                        replace(value, hit, *stand_in);
                    }
                }
            }
        }
        let mut names: HashMap<String, usize> = HashMap::new();
        for transcript in &mut out {
            for turn in &mut transcript.turns {
                turn.sentences = sentences(&turn.text);
            }
            for problem in &mut transcript.problems {
                problem.file = self.file_name(&problem.file);
                problem.message = self.text(&problem.message);
            }
            let file = self.file_name(&transcript.file);
            let same_name = transcript.interview == transcript.file;
            let count = names.entry(file.clone()).or_default();
            *count += 1;
            let file = if *count > 1 { numbered(&file, *count) } else { file };
            let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem).to_owned();
            transcript.interview = if same_name { file.clone() } else { stem };
            transcript.file = file;
        }
        out
    }

    /// Any text with stand-ins: a message, a setting, a title. Somebody whom no transcript names is `[naam]`.
    pub fn text(&self, text: &str) -> String {
        let mut out = text.to_owned();
        let mut found = Vec::new();
        in_text(text, &self.evidence, &self.wishes, &self.key, None, |hit| found.push(hit));
        for hit in found.into_iter().rev().filter(|h| !self.is_kept(&h.text)) {
            let known = self.known(&hit);
            let with = known.map_or_else(|| "[naam]".to_owned(), |s| format!("[{s}]"));
            out.replace_range(hit.range.clone(), &with);
        }
        out
    }

    fn is_kept(&self, text: &str) -> bool {
        self.key.decisions.iter().any(|d| d.text == text && d.place.is_none() && d.verdict == Verdict::Keep)
    }

    fn known(&self, hit: &Hit) -> Option<StandIn> {
        if hit.kind.is_person() {
            return self.people.known(&Name::parse(&hit.text));
        }
        let same = |(s, text): &&(StandIn, String)| s.kind == hit.kind && signs(text) == signs(&hit.text);
        self.key.given.iter().find(same).map(|(s, _)| *s)
    }

    /// The stand-in of a speaker's name, as the name of a speaker.
    pub fn speaker(&self, label: &str) -> String {
        let name = crate::find::name_in(label);
        name.and_then(|n| self.people.known(&Name::parse(&n))).map_or_else(|| label.to_owned(), StandIn::as_speaker)
    }

    /// The name of a file with stand-ins: `interviews/anna-de-vries.docx` becomes `interviews/persoon-3.docx`. Names stand
    /// there in lower case too, so only those that the study or the lists know well are taken.
    pub fn file_name(&self, path: &str) -> String {
        let (stem, ending) = match path.rsplit_once('.') {
            Some((stem, ending)) if ending.len() <= 5 && !ending.contains('/') => (stem, format!(".{ending}")),
            _ => (path, String::new()),
        };
        let mut parts: Vec<(String, &str)> = Vec::new();
        let mut rest = stem;
        while !rest.is_empty() {
            let word = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
            let gap = rest[word..].find(char::is_alphanumeric).map_or(rest.len(), |n| word + n);
            parts.push((rest[..word].to_owned(), &rest[word..gap]));
            rest = &rest[gap..];
        }
        let mut out = String::new();
        let mut at = 0;
        while at < parts.len() {
            let longest = (1..=5.min(parts.len() - at)).rev().find_map(|len| {
                let words: Vec<&str> = parts[at..at + len].iter().map(|(w, _)| w.as_str()).collect();
                Some((len, self.named_in_path(&words)?))
            });
            match longest {
                Some((len, name)) => {
                    out.push_str(&name);
                    out.push_str(parts[at + len - 1].1);
                    at += len;
                }
                None => {
                    out.push_str(&parts[at].0);
                    out.push_str(parts[at].1);
                    at += 1;
                }
            }
        }
        out + &ending
    }

    fn named_in_path(&self, words: &[&str]) -> Option<String> {
        let first = fold(words.first()?);
        let listed = LISTS.name(&first);
        // "interview-jan-2025" is of January, "wil" and "mei" are words.
        let certain = (listed.first() && !listed.ordinary && first != "jan"
            || self.evidence.is_name_of_speaker(&first))
            && first.len() > 2;
        let name = Name::parse(&words.join(" "));
        let known = self.people.has(&name).then(|| self.people.known(&name)).flatten();
        match (known, words.len()) {
            (Some(stand_in), 2..) => Some(stand_in.as_file_name()),
            (Some(stand_in), _) if certain => Some(stand_in.as_file_name()),
            (None, 1) if certain => Some("naam".to_owned()),
            (None, 2..)
                if certain
                    && words[1..]
                        .iter()
                        .all(|w| LISTS.name(&fold(w)).surname || crate::contexts::opens_surname(&fold(w)))
                    && LISTS.name(&fold(words[words.len() - 1])).surname =>
            {
                Some(self.people.known(&name).map_or_else(|| "naam".to_owned(), StandIn::as_file_name))
            }
            _ => None,
        }
    }

    /// Every replacement in what is said and in headers, in the order of the study, with its context.
    pub fn replacements(&self, transcripts: &[Transcript]) -> Vec<Replacement> {
        let rows = self.hits.iter().map(|(hit, stand_in)| {
            let text = spot_text(&transcripts[hit.file], &hit.spot);
            let before: String = text[..hit.range.start].chars().rev().take(60).collect();
            Replacement {
                file: hit.file,
                turn: match hit.spot {
                    Spot::Turn(turn) | Spot::Speaker(turn) => Some(transcripts[hit.file].turns[turn].number),
                    Spot::Attribute(_) => None,
                },
                occurrence: place(transcripts, hit).map_or(0, |p| p.occurrence),
                text: hit.text.clone(),
                stand_in: *stand_in,
                context: (before.chars().rev().collect(), text[hit.range.end..].chars().take(60).collect()),
            }
        });
        rows.collect()
    }

    /// The hits in what is said in a turn: where, and what.
    pub fn in_turn(&self, file: usize, turn: usize) -> impl Iterator<Item = (&Hit, StandIn)> {
        self.hits.iter().filter(move |(h, _)| h.file == file && h.spot == Spot::Turn(turn)).map(|(h, s)| (h, *s))
    }

    /// A quote of a turn as it stands there now; the original one if it does not stand in the turn.
    pub fn quote(&self, transcripts: &[Transcript], file: usize, turn: usize, quote: &str) -> Option<String> {
        let said = &transcripts[file].turns.get(turn)?.text;
        let at = said.find(quote)?;
        let mut out = quote.to_owned();
        let inside: Vec<_> =
            self.in_turn(file, turn).filter(|(h, _)| h.range.end > at && h.range.start < at + quote.len()).collect();
        for (hit, stand_in) in inside.into_iter().rev() {
            let range = hit.range.start.max(at) - at..hit.range.end.min(at + quote.len()) - at;
            out.replace_range(range, &written(hit, stand_in));
        }
        Some(out)
    }
}

fn written(hit: &Hit, stand_in: StandIn) -> String {
    format!("[{stand_in}]{}", if hit.genitive { "'" } else { "" })
}

fn replace(text: &mut String, hit: &Hit, stand_in: StandIn) {
    text.replace_range(hit.range.clone(), &written(hit, stand_in));
}

fn numbered(file: &str, count: usize) -> String {
    match file.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}-{count}.{ending}"),
        None => format!("{file}-{count}"),
    }
}

fn spot_text<'t>(transcript: &'t Transcript, spot: &Spot) -> &'t str {
    match spot {
        Spot::Turn(turn) => &transcript.turns[*turn].text,
        Spot::Speaker(turn) => &transcript.turns[*turn].speaker,
        Spot::Attribute(key) => transcript.attributes.get(key).map_or("", String::as_str),
    }
}

fn place(transcripts: &[Transcript], hit: &Hit) -> Option<Place> {
    let Spot::Turn(turn) = hit.spot else { return None };
    let turn = &transcripts[hit.file].turns[turn];
    let before = occurrences(&turn.text, &hit.text).take_while(|r| r.start < hit.range.start).count();
    Some(Place { file: transcripts[hit.file].file.clone(), turn: turn.number, occurrence: before as u32 + 1 })
}

/// Letters and digits alone: the same number is the same with spaces and without.
fn signs(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The numbers of what is no person.
struct Numbers {
    given: HashMap<(Kind, String), u32>,
    last: HashMap<Kind, u32>,
}

impl Numbers {
    fn of(key: &Key) -> Self {
        let mut this = Self { given: HashMap::new(), last: HashMap::new() };
        for (stand_in, text) in &key.given {
            this.given.insert((stand_in.kind, signs(text)), stand_in.number);
            let last = this.last.entry(stand_in.kind).or_default();
            *last = stand_in.number.max(*last);
        }
        this
    }

    fn give(&mut self, kind: Kind, text: &str) -> StandIn {
        let last = self.last.entry(kind).or_default();
        let number = *self.given.entry((kind, signs(text))).or_insert_with(|| {
            *last += 1;
            *last
        });
        StandIn { kind, number }
    }
}
