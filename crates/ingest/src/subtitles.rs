//! Subtitles: WebVTT (as the W3C has it, and as Teams and Zoom write it), SubRip and SubViewer.

use std::{
    collections::{BTreeMap, HashSet},
    ops::Range,
};

use klantreis_study::Timestamp;

use crate::{
    limits,
    names::{attribute, is_name, is_recurring_name, may_speak, name_and_text},
    roles::{is_label, is_numbered},
    speech::{Origin, Piece, Speech},
    tags::{entities, strip_tags},
    times::clock,
};

/// Whether a text holds the time lines of subtitles, whatever its file's ending: older Teams documents do.
pub fn looks_so(text: &str) -> bool {
    text.lines().filter(|line| time_line(line).is_some()).take(2).count() == 2
}

/// Takes subtitles apart: blocks between blank lines, each with a line `start --> end` or, in SubViewer, `start,end`.
pub fn read(text: &str) -> Speech {
    let mut out = Speech::default();
    let (text, is_whole) = limits::first_lines(text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').map(|line| line.trim_start_matches('\u{feff}')).collect();
    let blocks = blocks(&lines);
    let names = names(&lines, &blocks);
    let mut at = 0;
    for block in &blocks {
        between(&lines[at..block.line], at, true, &mut out);
        let text = lines[block.text.clone()].join("\n");
        pieces(&text, block.start, block.end, block.line as u32 + 1, &names, &mut out.pieces);
        at = block.text.end;
    }
    between(&lines[at..], at, false, &mut out);
    order(&mut out.pieces);
    if !is_whole {
        out.breaks_off();
    }
    out
}

/// A cue: its time line, its times, and the lines of its text.
struct Block {
    line: usize,
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    text: Range<usize>,
}

/// `00:01.000 --> 00:02.000 align:start`, or `0:00:01.000,0:00:04.000`.
fn time_line(line: &str) -> Option<(Option<Timestamp>, Option<Timestamp>)> {
    let line = line.trim();
    if let Some((start, rest)) = line.get(..line.len().min(120)).unwrap_or_default().split_once("-->") {
        return Some((Some(clock(start)?), rest.split_whitespace().next().and_then(clock)));
    }
    let (start, end) = line.get(..line.len().min(40))?.split_once(',')?;
    (start.contains('.') && end.contains('.')).then_some(())?;
    Some((Some(clock(start)?), Some(clock(end)?)))
}

fn blocks(lines: &[&str]) -> Vec<Block> {
    let timed: Vec<usize> = (0..lines.len()).filter(|n| time_line(lines[*n]).is_some()).collect();
    let mut out = Vec::new();
    for (n, &line) in timed.iter().enumerate() {
        let next = timed.get(n + 1).copied().unwrap_or(lines.len());
        let blank = |n: &usize| lines[*n].trim().is_empty();
        // Some programs write a blank line between the time and the text, and none before the next number.
        let from = (line + 1..next).find(|n| !blank(n)).unwrap_or(next);
        let mut to = (from..next).find(blank).unwrap_or(next);
        if to == next && next < lines.len() && to > from && is_cue_name(lines[to - 1].trim()) {
            to -= 1;
        }
        if from > line + 1 && !(from..next).any(|n| !is_cue_name(lines[n].trim()) && !blank(&n)) {
            to = from;
        }
        let (start, end) = time_line(lines[line]).unwrap_or_default();
        let note = from > line + 1 && lines.get(from).is_some_and(|l| l.starts_with("NOTE"));
        out.push(Block { line, start, end, text: if note { line + 1..line + 1 } else { from..to.max(from) } });
    }
    out
}

/// A cue's number, or the name that Teams gives it: `1f0c6b1e-7a52/27-0`.
fn is_cue_name(line: &str) -> bool {
    let id = |c: char| c.is_ascii_hexdigit() || matches!(c, '-' | '/' | '_');
    !line.is_empty()
        && line.len() < 80
        && (line.bytes().all(|b| b.is_ascii_digit()) || (line.contains('/') && line.chars().all(id)))
}

/// What stands between cues: notes with attributes, styles, names of cues; anything else was not understood.
fn between(lines: &[&str], offset: usize, before_cue: bool, out: &mut Speech) {
    let mut block = "";
    for (n, line) in lines.iter().enumerate() {
        let line = line.trim();
        let number = (offset + n) as u32 + 1;
        if line.is_empty() {
            block = "";
        } else if block.is_empty() && (line.starts_with("NOTE") || line == "STYLE" || line == "REGION") {
            block = if line.starts_with("NOTE") { "NOTE" } else { "STYLE" };
            note(line.trim_start_matches("NOTE").trim(), number, out);
        } else if block == "NOTE" {
            note(line, number, out);
        } else if block == "STYLE" || line.starts_with("WEBVTT") || is_cue_name(line) {
            block = if line.starts_with("WEBVTT") { "STYLE" } else { block };
        } else if before_cue && lines.len() == n + 1 && !line.contains(' ') {
            // A cue may have any name: it stands right above the time line.
        } else if out.pieces.is_empty() && attribute(line).is_some() {
            note(line, number, out);
        } else {
            out.pass_over(number, line, "stands outside the cues");
        }
    }
}

fn note(line: &str, number: u32, out: &mut Speech) {
    match attribute(line) {
        Some((key, value)) if out.pieces.is_empty() => out.attribute(Origin::Header, key, value),
        _ if line.is_empty() || matches!(line, "STYLE" | "REGION") => {}
        _ => out.pass_over(number, line, "is a note beside the talk"),
    }
}

/// Cues may be written out of order, and rolling captions repeat what still shows; "Nee." said twice stays.
fn order(pieces: &mut Vec<Piece>) {
    pieces.sort_by_key(|p| p.start);
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    // The last cue as it stood, before its repeated lines were taken away.
    let mut shown = String::new();
    for mut piece in pieces.drain(..) {
        let whole = piece.text.clone();
        if let Some(last) = out.last_mut().filter(|last| last.speaker == piece.speaker && piece.start <= last.end) {
            let overlaps = piece.start < last.end;
            let flash = matches!((piece.start, piece.end), (Some(a), Some(b)) if b.0.saturating_sub(a.0) <= 50);
            let tail = shown.lines().next_back().unwrap_or_default();
            if (overlaps && whole == shown) || (flash && whole == tail) {
                last.end = last.end.max(piece.end);
                continue;
            }
            if overlaps
                && whole.strip_prefix(&*shown).is_some_and(|more| more.starts_with([' ', '\n']))
                && shown == last.text
            {
                // The caption grows while it is spoken.
                last.text.clone_from(&whole);
                last.end = piece.end;
                shown = whole;
                continue;
            }
            if let Some((first, rest)) = whole.split_once('\n')
                && first.trim() == tail.trim()
                && !first.trim().is_empty()
            {
                piece.text = rest.trim().to_owned();
            }
        }
        shown = whole;
        if !piece.text.is_empty() {
            out.push(piece);
        }
    }
    *pieces = out;
}

fn pieces(
    text: &str,
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    line: u32,
    names: &HashSet<String>,
    out: &mut Vec<Piece>,
) {
    let mut push = |speaker: Option<String>, text: String| {
        let text = text.trim().to_owned();
        if !text.is_empty() {
            out.push(Piece { speaker, start, end, text, line });
        }
    };
    let voices: Vec<usize> = text
        .match_indices("<v")
        .map(|(at, _)| at)
        .filter(|at| text[at + 2..].starts_with([' ', '.', '\t', '\n', '>']))
        .filter(|at| text[at + 2..].find(['<', '>']).is_some_and(|end| text[at + 2 + end..].starts_with('>')))
        .collect();
    let Some(&first) = voices.first() else {
        // "Name:" before the text or on a line of its own; one cue may hold a line of each speaker.
        let (mut speaker, mut said) = (None, String::new());
        for (n, line) in strip_tags(text).lines().enumerate() {
            if n == 0 && names.contains(&format!("{}\n", line.trim())) {
                speaker = Some(line.trim().to_owned());
                continue;
            }
            match name_and_text(line.trim()) {
                Some((name, rest)) if names.contains(name) => {
                    push(speaker.replace(name.to_owned()), std::mem::take(&mut said));
                    said.push_str(rest);
                }
                _ => {
                    said.push('\n');
                    said.push_str(line);
                }
            }
        }
        push(speaker, said);
        return;
    };
    push(None, strip_tags(&text[..first]));
    for (n, at) in voices.iter().enumerate() {
        let part = &text[at + 2..voices.get(n + 1).copied().unwrap_or(text.len())];
        match part.split_once('>') {
            // `<v.loud Anna>`: classes stand before the name.
            Some((head, said)) => {
                let name = head.split_once(char::is_whitespace).map(|(_, name)| entities(name.trim()));
                push(name.filter(|n| !n.is_empty()), strip_tags(said));
            }
            None => push(None, strip_tags(part)),
        }
    }
}

/// Names that speak: usual labels and names that recur before a colon ("Ze zei: kom maar" is talk), or that have the
/// first line of their cue to themselves.
fn names(lines: &[&str], blocks: &[Block]) -> HashSet<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, _) in lines.iter().filter_map(|line| name_and_text(line.trim())) {
        *counts.entry(name).or_default() += 1;
    }
    let speaks = |name: &str, n: usize| is_label(name) || is_numbered(name) || is_recurring_name(name, n);
    let mut names: HashSet<String> =
        counts.into_iter().filter(|(name, n)| speaks(name, *n)).map(|(name, _)| name.to_owned()).collect();
    if names.is_empty() {
        let mut heads: BTreeMap<&str, usize> = BTreeMap::new();
        for block in blocks.iter().filter(|b| b.text.len() > 1) {
            let head = lines[block.text.start].trim();
            if is_name(head) && !head.starts_with(char::is_lowercase) && !head.ends_with('.') {
                *heads.entry(head).or_default() += 1;
            }
        }
        // One cue in three at least: else they are the first words of sentences.
        let named: usize = heads.iter().filter(|(name, n)| speaks(name, **n)).map(|(_, n)| n).sum();
        if named * 3 >= blocks.len() {
            let heads = heads.into_iter().filter(|(name, n)| speaks(name, *n) || may_speak(name));
            names.extend(heads.map(|(name, _)| format!("{name}\n")));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn voices_classes_and_unclosed_tags_are_read() {
        let s = read(
            "WEBVTT\n\nNOTE Segment: starter\n\n1f0c/27-0\n00:05.000 --> 00:08.120\n<v.loud Anna de Vries>Goede<b>morgen</b> &amp; dag</v>\n\n\
             00:00:09.000 --> 00:00:10.000\n<v Bert>Ja,\nhoor\n",
        );
        assert_eq!(s.attributes[&Origin::Header]["segment"], "starter");
        assert_eq!(s.pieces[0].speaker.as_deref(), Some("Anna de Vries"));
        assert_eq!(s.pieces[0].text, "Goedemorgen & dag");
        assert_eq!(s.pieces[1].text, "Ja,\nhoor");
    }

    #[test]
    fn subrip_with_names_and_without_blank_lines_is_read() {
        let s =
            read("1\n00:00:01,000 --> 00:00:02,000\nInterviewer: Ja.\n2\n00:00:03,000 --> 00:00:04,000\nnog iets\n");
        assert_eq!(s.pieces.len(), 2);
        assert_eq!(s.pieces[0].text, "Ja.");
        assert_eq!(s.pieces[1].speaker, None);
    }

    fn said(text: &str) -> Vec<(Option<String>, String)> {
        read(text).pieces.into_iter().map(|p| (p.speaker, p.text)).collect()
    }

    #[test]
    fn what_is_said_twice_in_a_row_stays_twice_and_a_rolling_caption_once() {
        let cue = |start, end| format!("00:0{start}.000 --> 00:0{end}.000\n<v Anna>Nee.\n\n");
        assert_eq!(said(&format!("WEBVTT\n\n{}{}", cue(1, 2), cue(2, 3))).len(), 2);
        assert_eq!(said(&format!("WEBVTT\n\n{}{}", cue(1, 3), cue(2, 4))).len(), 1);
    }

    #[test]
    fn a_cue_may_hold_a_line_of_each_speaker_and_signs_that_are_no_tags() {
        let s = said("1\n00:00:01,000 --> 00:00:02,000\nInterviewer: Ja?\nRespondent: 2 < 3 en\n4 > 1.\n");
        assert_eq!(s[0], (Some("Interviewer".into()), "Ja?".into()));
        assert_eq!(s[1], (Some("Respondent".into()), "2 < 3 en\n4 > 1.".into()));
    }

    #[test]
    fn names_that_recur_speak_in_zoom() {
        let cue = |n: usize, text| format!("{n}\n00:00:0{n}.000 --> 00:00:0{n}.500\n{text}\n\n");
        let talk = ["Anna Bos: Hoe?", "Jan Vis: Goed.", "Anna Bos: En?", "Jan Vis: Ze zei: kom maar"];
        let text: String = talk.iter().enumerate().map(|(n, t)| cue(n + 1, t)).collect();
        let s = said(&format!("WEBVTT\n\n{text}"));
        assert_eq!(s[3], (Some("Jan Vis".into()), "Ze zei: kom maar".into()));
    }

    #[test]
    fn rolling_captions_say_each_line_once() {
        let s = said(
            "WEBVTT\n\n00:01.000 --> 00:03.000\nNou ik kwam\n\n00:03.000 --> 00:03.010\nNou ik kwam\n\n\
             00:03.010 --> 00:05.000\nNou ik kwam\ndaar binnen\n\n00:05.000 --> 00:07.000\ndaar binnen\nen toen\n",
        );
        assert_eq!(s.iter().map(|p| p.1.as_str()).collect::<Vec<_>>(), ["Nou ik kwam", "daar binnen", "en toen"]);
    }

    #[test]
    fn captions_that_grow_count_once_and_cues_out_of_order_are_sorted() {
        let s = said(
            "WEBVTT\n\n00:05.000 --> 00:07.000\nen weg\n\n00:01.000 --> 00:03.000\nDus ik\n\n00:01.500 --> 00:04.000\nDus ik ging\n",
        );
        assert_eq!(s.iter().map(|p| p.1.as_str()).collect::<Vec<_>>(), ["Dus ik ging", "en weg"]);
    }

    #[test]
    fn subviewer_and_teams_without_a_head_are_read() {
        assert_eq!(said("0:00:01.000,0:00:02.000\nAnna: Hoe?\n\n0:00:02.000,0:00:04.000\nAnna: En?\n").len(), 2);
        let s = read(
            "00:00:01.000 --> 00:00:02.000\n\n<v Anna>Hoe?</v>\n\n00:00:03.000 --> 00:00:04.000\n\n<v Jan>Goed.</v>\n",
        );
        assert_eq!(s.pieces.len(), 2);
        assert_eq!(s.pieces[1].text, "Goed.");
        assert_eq!(s.passed_over, []);
    }

    #[test]
    fn an_empty_cue_takes_no_words_from_the_next() {
        let s = read("WEBVTT\n\n1\n00:01.000 --> 00:02.000\n\n2\n00:03.000 --> 00:04.000\nJa.\n\nverdwaald\nhier\n");
        assert_eq!(s.pieces.len(), 1);
        assert_eq!(s.passed_over.len(), 2, "what stands outside the cues is listed");
    }
}
