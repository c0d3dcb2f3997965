//! Before anything goes to another machine: what, where to, and whether names may go along.

use std::io::{self, BufRead, IsTerminal, Write};

use klantreis_llm::{Plan, is_loopback};
use klantreis_study::{Engine, Language, Study};

use super::Consent;

impl Consent {
    /// Says what will be sent to another machine. Where names are in it, somebody has to allow that: by the flag, or by
    /// an answer at the terminal.
    pub fn given(&self, study: &Study, engine: &Engine, plan: &Plan, interviews: usize) -> anyhow::Result<()> {
        // What is not allowed at all is refused where it would be sent.
        if plan.requests == 0 || is_loopback(&engine.endpoint) || !engine.allow_remote {
            return Ok(());
        }
        let open = if engine.endpoint.starts_with("http://") { ", without encryption" } else { "" };
        eprintln!(
            "To {}, another machine{open}, go the words of {interviews} interviews: {} questions to {}, about {} tokens.",
            engine.endpoint, plan.requests, engine.model, plan.sent
        );
        if study.pseudonymise.on {
            eprintln!("Stand-ins are sent for names, numbers and addresses (`pseudonymise = true`).");
            return Ok(());
        }
        if self.names_may_leave {
            eprintln!("Names, numbers and addresses in them go along (--names-may-leave).");
            return Ok(());
        }
        if io::stdin().is_terminal() && io::stderr().is_terminal() && yes(study.language, &mut io::stdin().lock())? {
            return Ok(());
        }
        anyhow::bail!(
            "nothing was sent, as names, numbers and addresses in the interviews would go along; set `pseudonymise = true` \
             in klantreis.toml to send stand-ins for them, or say --names-may-leave if your organisation allows that"
        )
    }
}

/// Asks whether names may go along; anything but a yes is a no.
fn yes(language: Language, answer: &mut dyn BufRead) -> io::Result<bool> {
    match language {
        Language::Dutch => eprint!("Namen, nummers en adressen gaan mee. Toch versturen? [j/N] "),
        Language::English => eprint!("Names, numbers and addresses go along. Send them all the same? [y/N] "),
    }
    io::stderr().flush()?;
    let mut line = String::new();
    answer.read_line(&mut line)?;
    Ok(matches!(line.trim().to_lowercase().as_str(), "j" | "ja" | "y" | "yes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes() {
        for (answer, sends) in [("ja\n", true), ("Y\n", true), ("\n", false), ("", false), ("nee\n", false)] {
            assert_eq!(yes(Language::Dutch, &mut answer.as_bytes()).unwrap(), sends, "{answer:?}");
        }
    }
}
