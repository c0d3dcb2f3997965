//! The quotes as the page's own script reads them.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::Write,
};

use flate2::{Compression, write::DeflateEncoder};
use klantreis_aggregation::{Journey, Mark};
use klantreis_study::{Language, Quote, Role, Status, Study, Transcript, Turn};
use serde_json::{Value, json};

use super::{base64::base64, icons::channel_icon};
use crate::words::{Ask, channel, lane, mark, question, status};

/// Above this many bytes the data is compressed.
const PLAIN: usize = 700_000;
/// Above this many bytes, even compressed, the sentences around the quotes are left out.
const MOST: usize = 2_300_000;
/// Values that a filter offers at most: more is not to choose from.
const VALUES: usize = 40;

/// The data as JSON that may stand in a `script` element: no `<` is left in it.
///
/// Large data is `{"packed": …}`: raw DEFLATE (RFC 1951) in base64, which browsers can unpack themselves.
pub fn data(
    study: &Study,
    quotes: &[&Quote],
    journey: &Journey,
    transcripts: &[&Transcript],
    sets: &[Vec<usize>],
) -> String {
    let json = |around| Data { study, quotes, journey, transcripts, sets, around }.json().to_string();
    packed(&json(true), MOST).unwrap_or_else(|| packed(&json(false), usize::MAX).unwrap_or_default())
}

/// Data as it stands in the page; `None` where it takes more than `most` bytes: a large study's is not compressed to its end
/// only to be thrown away.
fn packed(json: &str, most: usize) -> Option<String> {
    if json.len() <= PLAIN {
        let plain = json.replace('<', "\\u003c");
        return (plain.len() <= most).then_some(plain);
    }
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::best());
    for piece in json.as_bytes().chunks(PLAIN) {
        // Writing to memory does not fail. Base64 makes four bytes of three.
        deflate.write_all(piece).ok()?;
        if deflate.get_ref().len() / 3 * 4 > most {
            return None;
        }
    }
    let packed = format!("{{\"packed\":\"{}\"}}", base64(&deflate.finish().ok()?));
    (packed.len() <= most).then_some(packed)
}

struct Data<'a> {
    study: &'a Study,
    quotes: &'a [&'a Quote],
    journey: &'a Journey,
    transcripts: &'a [&'a Transcript],
    sets: &'a [Vec<usize>],
    around: bool,
}

impl Data<'_> {
    fn json(&self) -> Value {
        let language = self.study.language;
        let categories: Vec<&str> =
            self.journey.phases.first().map_or(Vec::new(), |p| p.cells.iter().map(|c| c.category.as_str()).collect());
        let mut codes: BTreeMap<&str, &str> = BTreeMap::new();
        for item in self.journey.phases.iter().flat_map(|p| &p.cells).flat_map(|c| &c.items) {
            if let Some(code) = &item.code {
                codes.insert(code.as_str(), &item.label);
            }
        }
        let codes: Vec<(&str, &str)> = codes.into_iter().collect();
        let statuses = [Status::Auto, Status::Accepted, Status::Changed, Status::Manual];
        let files: BTreeMap<&str, &Quote> = self.quotes.iter().map(|q| (q.interview.as_str(), *q)).collect();
        let interviews: Vec<Value> = self
            .journey
            .interviews
            .iter()
            .map(|name| match files.get(name.as_str()) {
                Some(quote) => json!({ "name": name, "file": quote.file, "attributes": quote.attributes }),
                None => json!({ "name": name, "file": name, "attributes": {} }),
            })
            .collect();
        let (pieces, speakers, quotes) = self.quotes(&categories, &codes, &statuses);
        json!({
            "language": if language == Language::Dutch { "nl" } else { "en" },
            "title": self.study.title,
            "phases": self.journey.phases.iter().map(|p| json!({
                "label": p.phase.label, "desired": p.phase.desired,
            })).collect::<Vec<_>>(),
            "categories": categories.iter().map(|c| json!({ "id": c, "label": lane(language, c) })).collect::<Vec<_>>(),
            "marks": {
                "peak": mark(language, Mark::Peak),
                "low": mark(language, Mark::Low),
                "divided": mark(language, Mark::Divided),
                "most": mark(language, Mark::MostInterviews),
                "end": mark(language, Mark::End),
            },
            "questions": {
                "behoefte": question(language, Ask::Meet),
                "pijnpunt": question(language, Ask::Relieve),
                "touchpoint": question(language, Ask::Improve),
            },
            "codes": codes,
            "touchpoints": self.study.touchpoints.iter().map(|t| json!({
                "id": t.id.as_str(), "label": t.label, "channel": channel(language, t.channel), "icon": channel_icon(t.channel),
            })).collect::<Vec<_>>(),
            "statuses": statuses.map(|s| status(language, s)),
            "interviews": interviews,
            "filters": self.filters(&files),
            "speakers": speakers,
            "around": self.around,
            "sets": self.sets,
            "pieces": pieces,
            "quotes": quotes,
        })
    }

    /// Attributes to choose interviews by: segment and perspective first, then what divides them into a few groups, of
    /// two on average: a date or a name is another for each.
    fn filters(&self, files: &BTreeMap<&str, &Quote>) -> Vec<Value> {
        let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (key, value) in files.values().flat_map(|q| &q.attributes) {
            values.entry(key).or_default().insert(value);
        }
        let first = ["segment", "perspectief", "perspective"];
        let n = files.len();
        let mut keys: Vec<&str> = first.into_iter().filter(|k| values.contains_key(k)).collect();
        keys.extend(values.keys().filter(|k| !first.contains(k) && values[**k].len() <= (n / 2).min(12)).copied());
        let shown = keys.into_iter().filter(|k| (2..=VALUES).contains(&values[k].len()));
        shown.map(|key| json!({ "key": key, "values": values[key] })).collect()
    }

    /// Texts, speakers, and a row a quote that points into them: many quotes share a passage.
    fn quotes(
        &self,
        categories: &[&str],
        codes: &[(&str, &str)],
        statuses: &[Status],
    ) -> (Vec<Value>, Vec<String>, Vec<Value>) {
        let transcripts: BTreeMap<&str, &Transcript> =
            self.transcripts.iter().map(|t| (t.interview.as_str(), *t)).collect();
        let mut by_turn: BTreeMap<(&str, u32), Vec<usize>> = BTreeMap::new();
        for (n, quote) in self.quotes.iter().enumerate() {
            by_turn.entry((&quote.interview, quote.turn)).or_default().push(n);
        }
        let mut pieces = Vec::new();
        let mut places = vec![(0, 0, 0); self.quotes.len()];
        for ((interview, number), members) in &by_turn {
            let turns = transcripts.get(interview).map_or(&[][..], |t| &t.turns[..]);
            let turn = turns.iter().position(|t| t.number == *number);
            for run in self.runs(turn.map(|n| &turns[n]), members) {
                let asked = turn.filter(|n| run.first && *n > 0).map(|n| asked(&turns[n - 1])).filter(|_| self.around);
                for (n, at) in run.quotes {
                    let before = run.text[..at].encode_utf16().count();
                    places[n] = (pieces.len(), before, self.quotes[n].quote.encode_utf16().count());
                }
                pieces.push(json!([run.text, asked.unwrap_or_default()]));
            }
        }
        let speakers: BTreeSet<&String> = self.quotes.iter().map(|q| &q.speaker).collect();
        let speakers: Vec<String> = speakers.into_iter().cloned().collect();
        let interviews: HashMap<&String, usize> = self.journey.interviews.iter().zip(0..).collect();
        let place = |found: Option<usize>| found.map_or(-1, |n| n as i64);
        let rows = self.quotes.iter().zip(places).map(|(q, (piece, start, length))| {
            json!([
                place(interviews.get(&q.interview).copied()),
                q.turn,
                place(speakers.binary_search(&q.speaker).ok()),
                q.time,
                place(self.journey.phases.iter().position(|p| p.phase.id == q.phase)),
                place(categories.iter().position(|c| *c == q.category.as_str())),
                place(q.code.as_ref().and_then(|code| codes.iter().position(|(id, _)| *id == code.as_str()))),
                place(q.touchpoint.as_ref().and_then(|id| self.study.touchpoints.iter().position(|t| t.id == *id))),
                q.emotion.value(),
                (q.confidence.value() * 100.0).round() as i64,
                place(statuses.iter().position(|s| *s == q.status)),
                piece,
                start,
                length,
                // The interview's name stands with the interviews.
                q.id.strip_prefix(q.interview.as_str()).unwrap_or(&q.id),
            ])
        });
        let rows = rows.collect();
        (pieces, speakers, rows)
    }

    /// The passages of a turn that its quotes stand in, with a sentence to either side; those that meet are one.
    fn runs<'t>(&'t self, turn: Option<&'t Turn>, members: &[usize]) -> Vec<Run<'t>> {
        let mut found: Vec<(usize, usize, usize, usize)> = Vec::new();
        let mut runs = Vec::new();
        for n in members {
            let quote = self.quotes[*n].quote.as_str();
            let Some((turn, start)) = turn.and_then(|t| Some((t, place(t, self.quotes[*n])?))) else {
                // Without its transcript a quote stands alone.
                runs.push(Run { text: quote, first: false, quotes: vec![(*n, 0)] });
                continue;
            };
            let end = start + quote.len();
            let around = |at: Option<&klantreis_study::Sentence>| at.filter(|_| self.around).cloned();
            let from = around(turn.sentences.iter().rfind(|s| s.end <= start)).map_or(start, |s| s.start);
            let to = around(turn.sentences.iter().find(|s| s.start >= end)).map_or(end, |s| s.end);
            found.push((from, to, start, *n));
        }
        found.sort_unstable();
        let mut end = 0;
        let mut open: Vec<Open> = Vec::new();
        for (from, to, start, n) in found {
            match open.last_mut() {
                Some(run) if from <= end => {
                    run.to = run.to.max(to);
                    run.quotes.push((n, start));
                }
                _ => open.push(Open { from, to, quotes: vec![(n, start)] }),
            }
            end = end.max(to);
        }
        let text = turn.map_or("", |t| t.text.as_str());
        runs.extend(open.into_iter().map(|Open { from, to, quotes }| Run {
            text: &text[from..to],
            first: text[..from].trim().is_empty(),
            quotes: quotes.into_iter().map(|(n, start)| (n, start - from)).collect(),
        }));
        runs
    }
}

/// A passage as it grows: where it lies in its turn, and the quotes in it with their places.
struct Open {
    from: usize,
    to: usize,
    quotes: Vec<(usize, usize)>,
}

/// A passage, whether it opens its turn, and where in it which quotes start.
struct Run<'a> {
    text: &'a str,
    first: bool,
    quotes: Vec<(usize, usize)>,
}

/// Where a quote starts in its turn: at the sentence that its id names, or else where its words are found first.
fn place(turn: &Turn, quote: &Quote) -> Option<usize> {
    let number = quote.id.rsplit_once('.').map(|(_, n)| n.trim_end_matches(|c: char| !c.is_ascii_digit()));
    let digits = number.map(|n| n.chars().take_while(char::is_ascii_digit).collect::<String>());
    let sentence = digits.and_then(|n| n.parse::<usize>().ok()).and_then(|n| turn.sentences.get(n.checked_sub(1)?));
    match sentence {
        Some(s) if turn.text[s.start..].starts_with(&quote.quote) => Some(s.start),
        _ => turn.text.find(&quote.quote),
    }
}

/// What was asked before it: the question's last two sentences.
fn asked(turn: &Turn) -> &str {
    if turn.role == Role::Respondent {
        return "";
    }
    turn.passage(turn.sentences.len().saturating_sub(2)..turn.sentences.len())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::DeflateDecoder;

    use super::*;
    use crate::sample;

    /// A question and an answer of three sentences, of which the second is quoted twice.
    fn transcript(interview: &str) -> Transcript {
        let turn = |number, role, text: &str, sentences: &[std::ops::Range<usize>]| Turn {
            number,
            speaker: "R".to_owned(),
            role,
            start: None,
            end: None,
            text: text.to_owned(),
            sentences: sentences.to_vec(),
        };
        let answer = "Nou 🙂. =1+1, <b>zei</b> hij En toen.";
        let (second, third) = (answer.find('=').unwrap_or(0), answer.find("En").unwrap_or(0));
        Transcript {
            file: format!("{interview}.txt"),
            interview: interview.to_owned(),
            attributes: BTreeMap::new(),
            turns: vec![
                turn(1, Role::Interviewer, "Hoe ging het?", std::slice::from_ref(&(0..13))),
                turn(2, Role::Respondent, answer, &[0..second - 1, second..third - 1, third..answer.len()]),
            ],
            problems: Vec::new(),
        }
    }

    fn json(around: bool) -> Value {
        let (study, mut quotes) = sample::study();
        for quote in &mut quotes {
            quote.turn = 2;
            quote.id = format!("{}:2.2p", quote.interview);
        }
        let journey = sample::journey(&study, &quotes);
        let transcripts = [transcript("a"), transcript("b")];
        Data {
            study: &study,
            quotes: &quotes.iter().collect::<Vec<_>>(),
            journey: &journey,
            transcripts: &transcripts.iter().collect::<Vec<_>>(),
            sets: &[],
            around,
        }
        .json()
    }

    #[test]
    fn a_quote_is_found_in_its_passage_by_units_of_utf_16_as_scripts_count() {
        for (around, text, asked) in
            [(true, "Nou 🙂. =1+1, <b>zei</b> hij En toen.", "Hoe ging het?"), (false, "=1+1, <b>zei</b> hij", "")]
        {
            let json = json(around);
            assert_eq!(json["pieces"][0], json!([text, asked]));
            // The third has no transcript: it stands alone.
            assert_eq!(json["pieces"][2], json!(["=1+1, <b>zei</b> hij", ""]));
            let start = if around { 8 } else { 0 };
            let place = [json!(0), json!(start), json!(20), json!(":2.2p")];
            assert_eq!(json["quotes"][0].as_array().unwrap()[11..], place);
        }
    }

    #[test]
    fn no_filter_offers_what_is_another_for_each_interview() {
        let keys: Vec<Value> = json(true)["filters"].as_array().unwrap().iter().map(|f| f["key"].clone()).collect();
        assert_eq!(keys, [""; 0], "one location and one segment divide nothing");
    }

    #[test]
    fn large_data_comes_back_as_it_was_and_no_tag_is_left_in_small() {
        assert_eq!(packed("[\"</script>\"]", usize::MAX).unwrap(), "[\"\\u003c/script>\"]");
        let text = format!("\"{}\"", "een twee ".repeat(PLAIN / 9 + 1));
        let whole = packed(&text, usize::MAX).unwrap();
        assert_eq!((packed(&text, whole.len()), packed(&text, whole.len() - 1)), (Some(whole.clone()), None));
        let packed: Value = serde_json::from_str(&whole).unwrap();
        let bytes = decoded(packed["packed"].as_str().unwrap());
        let mut back = String::new();
        DeflateDecoder::new(&bytes[..]).read_to_string(&mut back).unwrap();
        assert!(back == text);
    }

    fn decoded(text: &str) -> Vec<u8> {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let sextets: Vec<u32> = text.trim_end_matches('=').chars().map(|c| letters.find(c).unwrap() as u32).collect();
        sextets
            .chunks(4)
            .flat_map(|four| {
                let bits = (0..4).fold(0, |bits, n| bits << 6 | four.get(n).copied().unwrap_or(0));
                bits.to_be_bytes()[1..four.len()].to_vec()
            })
            .collect()
    }
}
