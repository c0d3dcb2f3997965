//! Plain text and Markdown: a line begins with a speaker (`I:`, `[00:02:03] Anna:`, "Anna  12:05", a name on a line of
//! its own) or goes on with what the speaker before said.

use std::collections::HashSet;

use klantreis_study::Timestamp;

use crate::{
    boilerplate, limits,
    lines::{self, Line, Speakers, is_header},
    names::{attribute, is_key, name_and_text},
    roles::is_label,
    speech::{Origin, Piece, Speech},
    subtitles, times,
};

const BEFORE: &str = "stands before the first speaker";

/// Takes a text apart. Lines before the first speaker are attributes ("Segment: starter") or passed over.
pub fn read(text: &str) -> Speech {
    if subtitles::looks_so(text) {
        return subtitles::read(text);
    }
    let mut out = Speech::default();
    let (text, is_whole) = limits::first_lines(text);
    let mut bare: Vec<&str> = text.lines().map(bare).collect();
    for (n, reason) in boilerplate::reasons(&bare).into_iter().enumerate() {
        if let Some(why) = reason {
            out.pass_over(n as u32 + 1, bare[n], why);
            bare[n] = "";
        }
    }
    let header = header(&bare);
    let lines: Vec<Line<'_>> = bare.iter().map(|line| lines::line(line)).collect();
    let speakers = Speakers::find(&lines[header..]);
    // Where nobody is named, only time codes tell that this is talk.
    let monologue = speakers.is_empty() && has_time_codes(&lines);
    let mut times = Times::default();
    for (n, line) in lines.iter().enumerate().filter(|(_, line)| !line.whole.is_empty()) {
        let number = n as u32 + 1;
        let speaker = speakers.of(line).filter(|_| n >= header);
        if speaker.is_none() && line.start.is_some() && line.rest.is_empty() {
            times.waiting = line.start;
        } else if let Some(name) = speaker {
            times.say(Some(name), line, line.text, number, &mut out.pieces);
        } else if out.pieces.is_empty() && !(monologue && line.start.is_some()) {
            match attribute(line.whole) {
                Some((key, value)) => out.attribute(Origin::Header, key, value),
                None => out.pass_over(number, line.whole, BEFORE),
            }
        } else {
            let said = if line.marked || monologue { line.rest } else { line.whole };
            times.say(None, line, said, number, &mut out.pieces);
        }
    }
    if !is_whole {
        out.breaks_off();
    }
    out.passed_over.sort_by_key(|passed| passed.line);
    out
}

/// Times that stand on other lines than the words they are of.
#[derive(Default)]
struct Times {
    /// A time on a line of its own.
    waiting: Option<Timestamp>,
    /// The mark at the end of the paragraph before.
    ended: Option<Timestamp>,
}

impl Times {
    fn say(&mut self, name: Option<&str>, line: &Line<'_>, text: &str, number: u32, pieces: &mut Vec<Piece>) {
        let start = line.start.filter(|_| name.is_some() || line.marked);
        let start = start.or(self.waiting.take()).or(self.ended.take());
        let mut parts = times::marks(text);
        // A mark behind the last word is the end of what was said.
        let end = parts.pop_if(|(time, text)| time.is_some() && text.is_empty()).and_then(|(time, _)| time);
        self.ended = end;
        let last = parts.len().saturating_sub(1);
        for (n, (time, text)) in parts.into_iter().enumerate() {
            pieces.push(Piece {
                speaker: name.filter(|_| n == 0).map(str::to_owned),
                start: time.or(start.filter(|_| n == 0)),
                end: if n == last { end.or(line.end) } else { None },
                text: text.to_owned(),
                line: number,
            });
        }
    }
}

/// A line without the signs of Markdown before it.
fn bare(line: &str) -> &str {
    let line = line.trim().trim_start_matches('\u{feff}');
    if line.starts_with('#') && times::leading(line).start.is_some() {
        return line;
    }
    line.trim_start_matches(['#', '>']).trim()
}

/// Whether nearly all lines begin with times that never go back, or some with marked ones.
fn has_time_codes(lines: &[Line<'_>]) -> bool {
    let written = lines.iter().filter(|line| !line.whole.is_empty()).count();
    let times: Vec<_> = lines.iter().filter_map(|line| line.start).collect();
    let marked = lines.iter().filter(|line| line.marked).count();
    times.len() >= 3 && times.is_sorted() && (times.len() * 5 >= written * 4 || marked * 2 >= written)
}

/// How many lines are the header. "Respondent: medewerker" above or among lines such as "Segment: starter" is
/// metadata, even where the respondent's turns begin with the same word: the header reaches to the last usual key
/// before a key is there a second time or a turn begins, and to the end of that block where it goes on as short values.
fn header(lines: &[&str]) -> usize {
    let mut seen = HashSet::new();
    let (mut end, mut open) = (0, false);
    for (n, line) in lines.iter().enumerate() {
        if line.is_empty() {
            open = false;
            continue;
        }
        let Some((key, value)) = name_and_text(line) else {
            // A title may stand above the header; after its first line, other text is talk.
            if seen.is_empty() { continue } else { break }
        };
        let key = key.to_lowercase();
        if (is_label(&key) && !is_header(&key)) || !seen.insert(key.clone()) {
            break;
        }
        let short = value.split_whitespace().count() <= 8 && !value.ends_with(['.', '?', '!', '…']);
        if is_key(&key) {
            (end, open) = (n + 1, true);
        } else if open && short {
            end = n + 1;
        } else {
            open = false;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<(Option<String>, String)> {
        read(text).pieces.into_iter().map(|p| (p.speaker, p.text)).collect()
    }

    #[test]
    fn labels_and_recurring_names_speak() {
        let s = said("I: Hoe gaat het?\nR: Goed.\nLet op: pauze\n");
        assert_eq!(s[1], (Some("R".into()), "Goed.".into()));
        assert_eq!(s[2], (None, "Let op: pauze".into()));
        let s = said("[00:01] Anna: a\n[00:02] Bert: b\n[00:03] Anna: c\n[00:04] Bert: d\nAnna: e\nBert: f\n");
        assert_eq!(s.len(), 6);
        assert_eq!(s[0].0.as_deref(), Some("Anna"));
    }

    #[test]
    fn header_lines_are_attributes_and_no_turns() {
        let s = read("Respondent: medewerker\nSegment: starter\nInterviewer: Jan\n\nI: Ja?\nR: Ja.\n");
        assert_eq!(s.attributes[&Origin::Header]["respondent"], "medewerker");
        assert_eq!(s.pieces.len(), 2);
    }

    #[test]
    fn a_header_stays_one_where_the_turns_begin_with_its_words() {
        for head in [
            "Respondent: medewerker IDO\nInterviewer: Jan\nSegment: starter\n\n",
            "Gesprek met een starter\n\nSegment: starter\nRespondent: medewerker IDO\nInterviewer: Jan\n\n",
        ] {
            let s = read(&format!("{head}Interviewer: Hoe?\nRespondent: Goed.\nInterviewer: En?\nRespondent: Ja.\n"));
            assert_eq!(s.pieces.len(), 4, "{head}");
            assert_eq!(s.pieces[0].text, "Hoe?");
            for (key, value) in [("respondent", "medewerker IDO"), ("interviewer", "Jan"), ("segment", "starter")] {
                assert_eq!(s.attributes[&Origin::Header][key], value, "{head}");
            }
        }
    }

    #[test]
    fn talk_right_below_the_header_is_no_header() {
        let s = said("Segment: starter\nInterviewer: Hoe?\nMedewerker: Goed.\n\nInterviewer: En?\nMedewerker: Ja.\n");
        assert_eq!(s.len(), 4);
        assert_eq!(s[0], (Some("Interviewer".into()), "Hoe?".into()));
    }

    #[test]
    fn a_short_talk_has_speakers_too() {
        assert_eq!(said("Interviewer: Hoe?\nRespondent: Goed.\n").len(), 2);
        assert_eq!(said("Anna: Hoe?\nBert: Goed.\nAnna: En?\nBert: Ja.\n").len(), 4);
        assert_eq!(said("[00:03] Spreker 1: Hoe?\n[00:05] Spreker 2: Goed\nhoor.\n[00:07] Spreker 1: En?\n[00:09] Spreker 2: Ja.\n").len(), 5);
    }

    #[test]
    fn words_that_recur_before_a_colon_are_no_speakers() {
        let s = said("I: Hoe?\nR: Zo.\nDus: a\nI: En?\nR: Ja.\nDus: b\nI: O?\nR: Ja.\nDus: c\n");
        assert!(s.iter().all(|(name, _)| name.as_deref() != Some("Dus")));
    }

    type Said = Vec<(Option<String>, u64, String)>;

    fn timed(text: &str) -> Said {
        let pieces = read(text).pieces.into_iter();
        pieces.map(|p| (p.speaker, p.start.map_or(0, |t| t.0 / 1000), p.text)).collect()
    }

    fn turn(name: &str, start: u64, text: &str) -> (Option<String>, u64, String) {
        (Some(name.to_owned()), start, text.to_owned())
    }

    /// The shapes are those of research; the words are not.
    #[test]
    fn the_conventions_of_programs_and_people_all_give_the_same_talk() {
        let wanted =
            [turn("Anna Bos", 4, "Hoe ging het?"), turn("Jan Vis", 65, "Goed."), turn("Anna Bos", 70, "En toen?")];
        for (convention, text) in [
            (
                "Otter",
                "Anna Bos  0:04  \nHoe ging het?\n\nJan Vis  1:05  \nGoed.\n\nAnna Bos  1:10  \nEn toen?\n\nTranscribed by https://otter.ai\n",
            ),
            (
                "Rev",
                "Anna Bos (00:00:04):\nHoe ging het?\n\nJan Vis (00:01:05):\nGoed.\n\nAnna Bos (00:01:10):\nEn toen?\n",
            ),
            (
                "Descript",
                "Anna Bos (00:00:04): Hoe ging het?\n\nJan Vis (00:01:05): Goed.\n\nAnna Bos (00:01:10): En toen?\n",
            ),
            (
                "Teams",
                "Gesprek\n14 maart 2026\nAnna Bos started transcription\nAnna Bos   0:04\nHoe ging het?\nJan Vis   1:05\nGoed.\nAnna Bos   1:10\nEn toen?\nAnna Bos stopped transcription\n",
            ),
            (
                "older Teams",
                "0:0:4.0 --> 0:0:6.500\nAnna Bos\nHoe ging het?\n0:1:5.0 --> 0:1:6.0\nJan Vis\nGoed.\n0:1:10.0 --> 0:1:12.0\nAnna Bos\nEn toen?\n",
            ),
            (
                "Meet",
                "Notes by Gemini\nSummary\nAnna Bos: wil het sneller.\nJan Vis: wil het sneller.\nTranscript\n00:00:04\nAnna Bos: Hoe ging het?\n00:01:05\nJan Vis: Goed.\n00:01:10\nAnna Bos: En toen?\nMeeting ended after 00:26:10 👋\n",
            ),
            ("Zoom", "00:00:04\tAnna Bos\tHoe ging het?\n00:01:05\tJan Vis\tGoed.\n00:01:10\tAnna Bos\tEn toen?\n"),
            (
                "f4, before",
                "#00:00:04-0# Anna Bos: Hoe ging het?\n#00:01:05-0# Jan Vis: Goed.\n#00:01:10-0# Anna Bos: En toen?\n",
            ),
            ("MAXQDA", "00:00:04.5Anna Bos: Hoe ging het?\n00:01:05.0Jan Vis: Goed.\n00:01:10.0Anna Bos: En toen?\n"),
            ("by hand", "[00:00:04]Anna Bos: Hoe ging het?\n[00:01:05]Jan Vis: Goed.\n[00:01:10]Anna Bos: En toen?\n"),
            (
                "noScribe",
                "Anna Bos: [00:00:04] Hoe ging het?\nJan Vis: [00:01:05] Goed.\nAnna Bos: [00:01:10] En toen?\n",
            ),
            (
                "Trint",
                "[00:00:04] Anna Bos\nHoe ging het?\n\n[00:01:05] Jan Vis\nGoed.\n\n[00:01:10] Anna Bos\nEn toen?\n\n[00:01:12] Jan Vis\n",
            ),
        ] {
            let mut said: Said = Vec::new();
            for (name, start, text) in timed(text) {
                match (name, said.last_mut()) {
                    (None, Some(last)) => last.2 = format!("{} {text}", last.2).trim().to_owned(),
                    (name, _) => said.push((name, start, text)),
                }
            }
            said.retain(|turn| !turn.2.is_empty());
            assert_eq!(said, wanted, "{convention}");
        }
    }

    #[test]
    fn names_on_lines_of_their_own_speak_where_no_others_do() {
        for text in [
            "Spreker 1\nHoe?\n\nSpreker 2\nGoed.\n\nSpreker 1\nEn?\n",
            "(Anna de Vries)\nHoe?\n\n(Jan)\nGoed.\n\n(Anna de Vries)\nEn?\n\n(Jan)\nJa.",
            "I\tHoe?\nR\tGoed: echt.\nI\tEn?\nR\tJa.\n",
        ] {
            assert!(said(text).iter().filter(|(name, _)| name.is_some()).count() >= 3, "{text}");
        }
        let s = said("I: Hoe?\nR: Zo.\nPrima\nI: En?\nR: Ja.\nPrima\nHelder\nHelder\n");
        assert_eq!(s.iter().filter(|(name, _)| name.is_none()).count(), 4);
    }

    #[test]
    fn a_mark_behind_a_paragraph_is_its_end() {
        let s = read("I: Hoe? #00:00:10-5#\nR: Goed #00:00:12-0# ja. #00:00:20-0#\n");
        let times: Vec<_> =
            s.pieces.iter().map(|p| (p.start.map(|t| t.0), p.end.map(|t| t.0), p.text.as_str())).collect();
        assert_eq!(
            times,
            [(None, Some(10_500), "Hoe?"), (Some(10_500), None, "Goed"), (Some(12_000), Some(20_000), "ja."),]
        );
    }

    #[test]
    fn a_time_that_is_told_stays_in_the_text() {
        let s = said("R: Ik kwam\n10:30 binnen en #1 in de rij.\nI: Hoe laat?\nR: 10:30\n");
        assert_eq!(s[1].1, "10:30 binnen en #1 in de rij.");
        assert_eq!(s[3].1, "10:30");
    }

    #[test]
    fn a_summary_without_a_transcript_says_nothing() {
        let s = read("Notities van Gemini\nSamenvatting\nAnna: wil sneller.\nJan: ook.\nAnna: ja.\n");
        assert!(s.pieces.is_empty());
        assert_eq!(s.passed_over.len(), 5);
    }
}
