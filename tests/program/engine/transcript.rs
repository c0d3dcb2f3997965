//! The transcript of a request in docs/engine.md is what the program sends, and its answer means what the page says.

use super::*;

const STUDY: &str = r#"
title = "Een afspraak bij de huisarts"
language = "nl"

[[phase]]
id = "afspraak"
label = "Afspraak maken"
description = "de praktijk bereiken en een tijd afspreken"

[[phase]]
id = "spreekuur"
label = "Spreekuur"
description = "wachten, en gezien worden"

[[touchpoint]]
id = "telefoon"
label = "Telefoon"

[engine]
kind = "llm"
model = "llama3.1"
"#;

const CODEBOOK: &str = r#"
[[code]]
id = "wachten"
category = "pijnpunt"
label = "Wachten"
definition = "tijd die verloren gaat voordat iemand helpt; niet als het wachten niet erg is"
"#;

const INTERVIEW: &str = "I: Hoe ging dat, dat bellen?

R: Ja, om acht uur gaan de lijnen open en dan ben je nummer veertien. En toen ik eindelijk aan de beurt was verstond ik \
d'r niet, want het waaide. Kon ik weer achteraan aansluiten.
";

/// The blocks of a language in a page, in order.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|rest| rest.split("\n```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_request_in_the_docs_is_the_one_that_is_sent() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/engine.md")).unwrap();
    let [request, answer] = &blocks(&page, "json")[..] else { panic!("a request and an answer") };
    let [task, window] = &blocks(&page, "text")[..] else { panic!("the two messages") };
    let mut request: Value = serde_json::from_str(request).unwrap();
    request["messages"][0]["content"] = json!(task.clone() + "\n");
    request["messages"][1]["content"] = json!(window.clone() + "\n");

    let answer = answer.clone();
    let server = Server::start(move |_, _| (200, "content-type: application/json\r\n", answer.clone()));
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("interviews")).unwrap();
    let toml = format!("{STUDY}endpoint = \"{}\"\n", server.endpoint);
    for (file, text) in
        [("klantreis.toml", toml.as_str()), ("codebook.toml", CODEBOOK), ("interviews/an.txt", INTERVIEW)]
    {
        fs::write(dir.path().join(file), text).unwrap();
    }
    well(&["run", dir.path().to_str().unwrap(), "--engine", "llm", "--quiet"]);
    let sent = server.asked.lock().unwrap()[0].clone();
    assert_eq!(sent, request, "\n{}", serde_json::to_string_pretty(&sent).unwrap());

    let quotes = rows(&dir.path().join("klantreis-out/quotes.csv"));
    let found: Vec<_> =
        quotes.iter().map(|q| (q["quote"].as_str(), q["code"].as_str(), q["touchpoint"].as_str())).collect();
    assert_eq!(
        found,
        [
            ("Ja, om acht uur gaan de lijnen open en dan ben je nummer veertien.", "wachten", "telefoon"),
            (
                "En toen ik eindelijk aan de beurt was verstond ik d'r niet, want het waaide. Kon ik weer achteraan aansluiten.",
                "",
                "telefoon"
            ),
        ]
    );
}
