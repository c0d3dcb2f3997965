//! What programs write around the talk: summaries above it, lines of starting and stopping, disclaimers.

use crate::times::clock;

const SUMMARY: &str = "belongs to the summary above the transcript, which nobody said";
const PROGRAM: &str = "was written by the program that made the transcript";

/// Headings of a transcript below a summary.
const TRANSCRIPT: [&str; 5] = ["transcript", "transcriptie", "transcription", "transkript", "uitgeschreven gesprek"];

/// Headings of what a machine made of a talk.
const SUMMARIES: [&str; 16] = [
    "notes",
    "meeting notes",
    "notities",
    "aantekeningen",
    "summary",
    "samenvatting",
    "details",
    "next steps",
    "suggested next steps",
    "volgende stappen",
    "voorgestelde volgende stappen",
    "vervolgstappen",
    "actiepunten",
    "action items",
    "ai summary",
    "key takeaways",
];

/// Words that tell, in the first lines, that the text was made by a machine from a talk.
const MADE_BY: [&str; 7] = [
    "notes by gemini",
    "gemini notes",
    "notities van gemini",
    "notities door gemini",
    "aantekeningen van gemini",
    "ai-generated",
    "door ai gegenereerd",
];

/// Parts of lines that programs write below or above a transcript.
const DISCLAIMERS: [&str; 12] = [
    "transcribed by http",
    "otter.ai",
    "computer generated and might contain errors",
    "computer-generated and might contain errors",
    "door een computer gegenereerd",
    "automatisch gegenereerd en kan fouten",
    "meeting ended after",
    "transcription ended after",
    "transcriptie beëindigd na",
    "vergadering beëindigd na",
    "transcribed by rev",
    "getranscribeerd met",
];

/// For each line why it is no talk; `None` for the others.
pub fn reasons(lines: &[&str]) -> Vec<Option<&'static str>> {
    let heading = lines.iter().position(|line| TRANSCRIPT.contains(&letters(line).as_str()));
    let above = &lines[..heading.unwrap_or(lines.len())];
    let made = above.iter().filter(|l| !l.is_empty()).take(12).any(|line| {
        let line = line.to_lowercase();
        MADE_BY.iter().any(|mark| line.contains(mark))
    });
    let summaries = above.iter().filter(|line| SUMMARIES.contains(&letters(line).as_str())).count();
    let summary = if made || (heading.is_some() && summaries > 0) { above.len() } else { 0 };
    let reason = |(n, line): (usize, &&str)| match () {
        () if line.is_empty() => None,
        () if n < summary => Some(SUMMARY),
        () if Some(n) == heading || is_program(line) => Some(PROGRAM),
        () => None,
    };
    lines.iter().enumerate().map(reason).collect()
}

/// The letters of a short line, in lower case: "📖 Transcript" is "transcript".
fn letters(line: &str) -> String {
    if line.len() > 60 {
        return String::new();
    }
    let kept: String = line.chars().filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-').collect();
    kept.trim().to_lowercase()
}

fn is_program(line: &str) -> bool {
    // What somebody says stands behind their name.
    if line.len() > 200 || line.split_once(": ").is_some_and(|(name, _)| name.len() < 25) {
        return false;
    }
    let lower = line.to_lowercase();
    is_page_of(&lower) || DISCLAIMERS.iter().any(|part| lower.contains(part)) || is_start_or_stop(&lower)
}

/// "Pagina 3 van 10", a running foot that stands among the lines of a page.
fn is_page_of(lower: &str) -> bool {
    let number = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    let words: Vec<&str> = lower.split_whitespace().collect();
    matches!(words.as_slice(), ["pagina" | "page", n, "van" | "of", all] if number(n) && number(all))
}

/// "Anna de Vries started transcription", "Anna heeft de transcriptie gestopt".
fn is_start_or_stop(lower: &str) -> bool {
    // A time may stand behind it; a sentence of somebody's does not end so.
    let words: Vec<&str> = lower.split_whitespace().filter(|w| clock(w).is_none()).collect();
    let has = |list: &[&str]| words.iter().any(|w| list.contains(&w.trim_end_matches(['.', '…'])));
    (2..=9).contains(&words.len())
        && !words.iter().any(|w| w.contains([':', '?', ',']))
        && has(&["transcription", "transcriptie", "transcriberen", "transkription", "recording", "opname", "opnemen"])
        && has(&[
            "started",
            "stopped",
            "gestart",
            "gestopt",
            "beëindigd",
            "start",
            "stopt",
            "gestoppt",
            "gestartet",
            "beendet",
        ])
        && !lower.starts_with(['-', '–'])
        && !has(&["ik", "we", "jij", "je", "u", "i", "you", "nu", "even", "kan", "mag"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_above_the_transcript_is_left_out_as_a_whole() {
        let lines = ["Notes by Gemini", "Summary", "Anna: wil sneller", "", "📖 Transcript", "00:00:11", "Anna: Ja."];
        let reasons = reasons(&lines);
        assert!(reasons[..3].iter().all(Option::is_some) && reasons[4].is_some());
        assert_eq!(reasons[5..], [None, None]);
        assert!(super::reasons(&lines[..4])[2].is_some(), "without a transcript there is only a summary");
    }

    #[test]
    fn lines_of_starting_and_stopping_are_known_in_dutch_and_english() {
        for line in ["Anna Bos started transcription", "Anna Bos heeft de transcriptie gestopt", "Transcriptie gestart"]
        {
            assert!(is_program(line), "{line}");
        }
        for line in ["Ik heb nu de opname gestart", "R: de opname is gestart", "Toen stopte de opname, helaas"] {
            assert!(!is_program(line), "{line}");
        }
    }
}
