use klantreis_study::{
    Category, CodeId, CodedTranscript, Coding, Confidence, Emotion, PhaseId, Role, Status, TouchpointId, Transcript,
    Turn, quotes,
};
use klantreis_text::sentences;
use tempfile::TempDir;

use crate::{Builder, Count, Documents, Hits, Index, IndexError, Numbers, QueryError, SearchOptions, Sort, passages};

fn turn(number: u32, role: Role, text: &str) -> Turn {
    let speaker = if role == Role::Respondent { "Mevrouw Één" } else { "Interviewer" };
    Turn {
        number,
        speaker: speaker.to_owned(),
        role,
        start: None,
        end: None,
        text: text.to_owned(),
        sentences: sentences(text),
    }
}

/// `category phase touchpoint emotion confidence`, on the sentence `s` of turn `t`.
fn coding(t: usize, s: usize, (category, phase, touchpoint): (&str, &str, &str), emotion: i8, sure: f32) -> Coding {
    Coding {
        turn: t,
        sentences: s..s + 1,
        category: Category::new(category).unwrap(),
        code: (category == "pijnpunt").then(|| CodeId::new("obstakel").unwrap()),
        phase: PhaseId::new(phase).unwrap(),
        touchpoint: TouchpointId::new(touchpoint).ok(),
        emotion: Emotion::new(emotion).unwrap(),
        confidence: Confidence::new(sure),
        status: if sure == 1.0 { Status::Accepted } else { Status::Auto },
        reasons: vec![],
    }
}

fn transcript(name: &str, segment: &str, answers: [&str; 2], codings: Vec<Coding>) -> CodedTranscript {
    let turns = vec![
        turn(1, Role::Interviewer, "Hoe gaat het met uw wachtwoord?"),
        turn(2, Role::Respondent, answers[0]),
        turn(3, Role::Respondent, answers[1]),
    ];
    CodedTranscript {
        transcript: Transcript {
            file: format!("{name}.txt"),
            interview: name.to_owned(),
            attributes: [("segment", segment), ("interview", "1")].map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
            turns,
            problems: vec![],
        },
        codings,
    }
}

pub fn study() -> Vec<CodedTranscript> {
    vec![
        transcript(
            "een",
            "NT2 spreker",
            ["Mijn wachtwoord was kwijt. Toen hielp de balie.", "Ik kreeg drie brieven van de gemeente."],
            vec![
                coding(1, 0, ("pijnpunt", "intake", "digid"), -2, 0.7),
                coding(1, 1, ("winst", "ontvangen", "balie"), 1, 1.0),
            ],
        ),
        transcript(
            "twee",
            "Digitaal vaardig",
            ["Altijd inlogwachtwoorden vergeten.", "Wachtwoordproblemen bij de gemeente. Een idee!"],
            vec![
                coding(1, 0, ("pijnpunt", "intake", "digid"), -1, 0.9),
                coding(2, 0, ("pijnpunt", "intake", ""), -1, 0.5),
                coding(2, 1, ("behoefte", "intake", ""), 0, 0.6),
            ],
        ),
    ]
}

fn index_with(threads: usize) -> (TempDir, Index) {
    let dir = TempDir::new().unwrap();
    let mut builder = Builder::with_threads(dir.path(), threads).unwrap();
    for coded in study() {
        builder.add(&coded).unwrap();
    }
    builder.finish().unwrap();
    let index = Index::open(dir.path()).unwrap();
    (dir, index)
}

/// The places of hits: `een 2.1` is turn 2, sentence 1.
fn places(hits: &Hits) -> Vec<String> {
    let place = |p: &crate::Passage| format!("{} {}.{}", p.interview, p.turn, p.sentence);
    hits.hits.iter().map(|hit| place(&hit.passage)).collect()
}

fn found(index: &Index, query: &str) -> String {
    match index.search(query, 100) {
        Ok(hits) => places(&hits).join(", "),
        Err(error) => format!("{query}: {error}"),
    }
}

fn mistake(index: &Index, query: &str) -> QueryError {
    match index.search(query, 1) {
        Err(IndexError::Query(error)) => error,
        other => panic!("{query}: {other:?}"),
    }
}

#[test]
fn passages_are_cut_where_codings_change_and_leave_the_interviewer_out() {
    let cut: Vec<_> = study().iter().flat_map(passages).map(|p| (p.turn, p.sentence, p.codings.len())).collect();
    assert_eq!(cut, [(2, 1, 1), (2, 2, 1), (3, 1, 0), (2, 1, 1), (3, 1, 1), (3, 2, 1)]);
}

#[test]
fn every_operator_finds_what_it_should() {
    let (_dir, index) = index_with(1);
    for (query, expected) in [
        ("", "een 2.1, een 2.2, een 3.1, twee 2.1, twee 3.1, twee 3.2"),
        ("brief", "een 3.1"),
        ("ÍDEE", "twee 3.2"),
        ("\"wachtwoord was\"", "een 2.1"),
        ("\"was wachtwoord\"", ""),
        ("„mijn kwijt”", ""),
        ("\"mijn kwijt\"~2", "een 2.1"),
        ("\"mijn kwijt\"~1", ""),
        ("wacht*", "een 2.1, twee 3.1"),
        ("wachtwoodr~1", "een 2.1"),
        ("briven~", "een 3.1"),
        ("gemeente kwijt", ""),
        ("gemeente EN brief", "een 3.1"),
        ("gemeente AND brief OF kwijt", "een 2.1, een 3.1"),
        ("gemeente AND (brief OR kwijt)", "een 3.1"),
        ("gemeente -brief", "twee 3.1"),
        ("gemeente NIET NOT brief", "een 3.1"),
        ("NIET (gemeente OF intake OF fase:intake)", "een 2.2"),
        ("kwijt OF -fase:intake", "een 2.1, een 2.2, een 3.1"),
    ] {
        assert_eq!(found(&index, query), expected, "{query}");
    }
}

#[test]
fn every_field_filters_in_both_languages() {
    let (_dir, index) = index_with(1);
    for (query, expected) in [
        ("categorie:pijnpunt", "een 2.1, twee 2.1, twee 3.1"),
        ("category:pain", "een 2.1, twee 2.1, twee 3.1"),
        ("Categorie:Pijnpunten", "een 2.1, twee 2.1, twee 3.1"),
        ("categorie:activities", ""),
        ("categorie:needs", "twee 3.2"),
        ("code:obstakel emotie:-2", "een 2.1"),
        ("phase:ontvangen", "een 2.2"),
        ("touchpoint:digid", "een 2.1, twee 2.1"),
        ("contactmoment:b*", "een 2.2"),
        ("interview:een beurt:3", "een 3.1"),
        ("bestand:twee.txt turn:<3", "twee 2.1"),
        ("spreker:\"mevrouw een\" kwijt", "een 2.1"),
        ("status:accepted", "een 2.2"),
        ("status:manual", ""),
        ("emotie:<0", "een 2.1, twee 2.1, twee 3.1"),
        ("emotion:>=1", "een 2.2"),
        ("zekerheid:>=0.7", "een 2.1, een 2.2, twee 2.1"),
        ("confidence:<0,6", "twee 3.1"),
        ("confidence:=0.6", "twee 3.2"),
        ("segment:nt2", "een 2.1, een 2.2, een 3.1"),
        ("segment:\"Digitaal Vaardig\" fase:intake gemeente", "twee 3.1"),
        ("segment:vluchteling", ""),
    ] {
        assert_eq!(found(&index, query), expected, "{query}");
    }
}

#[test]
fn compounds_are_found_behind_the_word_itself() {
    let (_dir, index) = index_with(1);
    let hits = index.search_by("wachtwoord", &SearchOptions { limit: 10, sort: Sort::Relevance, seed: None }).unwrap();
    assert_eq!(places(&hits), ["een 2.1", "twee 2.1", "twee 3.1"]);
    assert!(hits.hits[0].score > hits.hits[1].score);
    let words: Vec<&str> =
        hits.hits.iter().flat_map(|h| h.highlights.iter().map(|r| &h.passage.text[r.clone()])).collect();
    assert_eq!(words, ["wachtwoord", "inlogwachtwoorden", "Wachtwoordproblemen"]);
    assert_eq!(found(&index, "problemen"), "twee 3.1");
    assert_eq!(found(&index, "\"wachtwoord\""), "een 2.1", "a phrase is exact");
    assert_eq!(found(&index, "NIET wachtwoord fase:intake"), "twee 3.2");
}

#[test]
fn words_that_must_not_match_are_not_highlighted() {
    let (_dir, index) = index_with(1);
    for (query, word) in
        [("kwijt OF NIET mijn", "kwijt"), ("wachtwoodr~1", "wachtwoord"), ("-(brief OF balie) mij*", "Mijn")]
    {
        let hit = &index.search(query, 1).unwrap().hits[0];
        let marked: Vec<&str> = hit.highlights.iter().map(|r| &hit.passage.text[r.clone()]).collect();
        assert_eq!(marked, [word], "{query}");
    }
}

#[test]
fn hits_are_sorted_and_limited() {
    let (_dir, index) = index_with(1);
    let by = |sort| places(&index.search_by("", &SearchOptions { limit: 4, sort, seed: None }).unwrap());
    assert_eq!(by(Sort::Place), ["een 2.1", "een 2.2", "een 3.1", "twee 2.1"]);
    assert_eq!(by(Sort::Emotion), ["een 2.1", "twee 2.1", "twee 3.1", "twee 3.2"]);
    assert_eq!(by(Sort::Confidence), ["een 2.2", "twee 2.1", "een 2.1", "twee 3.2"]);
    let hits = index.search("", 1).unwrap();
    assert_eq!((hits.total, hits.hits.len()), (6, 1));
    let coding = &hits.hits[0].passage.codings[0];
    assert_eq!((coding.quote_id.as_str(), coding.code.as_str(), coding.emotion), ("een:2.1p", "obstakel", -2));
}

#[test]
fn answers_do_not_depend_on_the_threads() {
    let ((_a, one), (_b, four)) = (index_with(1), index_with(4));
    for sort in [Sort::Place, Sort::Relevance, Sort::Emotion, Sort::Confidence] {
        let options = SearchOptions { limit: 10, sort, seed: None };
        let query = "gemeente OF wachtwoord OF een";
        let [one, four] = [&one, &four].map(|index| index.search_by(query, &options).unwrap());
        let numbers = |hits: &Hits| hits.hits.iter().map(|hit| hit.number).collect::<Vec<_>>();
        assert_eq!(numbers(&one), numbers(&four), "{sort:?}");
        // Where they stand in the index differs.
        assert_eq!(serde_json::to_value(one).unwrap(), serde_json::to_value(four).unwrap(), "{sort:?}");
    }
}

#[test]
fn counts_are_of_passages_and_interviews() {
    let (_dir, index) = index_with(2);
    let count =
        |value: &str, passages, quotes, interviews| Count { value: value.to_owned(), passages, quotes, interviews };
    let phases = [count("intake", 4, 4, 2), count("ontvangen", 1, 1, 1)];
    assert_eq!(index.count_by("", "fase").unwrap(), phases);
    assert_eq!(index.count_by("", "phase").unwrap(), phases);
    assert_eq!(index.count_by("emotie:<0", "category").unwrap(), [count("pijnpunt", 3, 3, 2)]);
    assert_eq!(index.count_by("", "code").unwrap(), [count("obstakel", 3, 3, 2)]);
    assert_eq!(index.count_by("", "touchpoint").unwrap(), [count("digid", 2, 2, 2), count("balie", 1, 1, 1)]);
    assert_eq!(index.count_by("", "status").unwrap(), [count("auto", 4, 4, 2), count("accepted", 1, 1, 1)]);
    assert_eq!(index.count_by("", "interview").unwrap(), [count("een", 3, 2, 1), count("twee", 3, 3, 1)]);
    // An attribute of that name is another field, called as in the tables.
    assert_eq!(index.count_by("", "attr_interview").unwrap(), [count("1", 6, 5, 2)]);
    assert_eq!(index.count_by("", "speaker").unwrap(), [count("Mevrouw Één", 6, 5, 2)]);
    assert_eq!(
        index.count_by("gemeente", "segment").unwrap(),
        [count("Digitaal vaardig", 1, 1, 1), count("NT2 spreker", 1, 0, 1)]
    );
    assert_eq!(index.count_by("kwijt", "emotie").unwrap(), [count("-2", 1, 1, 1)]);
    assert!(index.count_by("", "beurt").unwrap_err().to_string().contains("can't be counted by"));
}

#[test]
fn fields_are_told_apart_whatever_stands_in_them() {
    let dir = TempDir::new().unwrap();
    let mut coded = study().remove(0);
    let mut put = |name: &str, value: &str| coded.transcript.attributes.insert(name.to_owned(), value.to_owned());
    put("notitie", "los\u{2}fase=afscheid");
    put("x\u{2}status", "\u{1}gezien");
    // More than a column keeps of one text, before the segment and behind it.
    ["a", "b", "z"].iter().for_each(|n| drop(put(&format!("{n}-verhaal"), &"één ".repeat(6000))));
    let mut builder = Builder::create(dir.path()).unwrap();
    builder.add(&coded).unwrap();
    builder.finish().unwrap();
    let index = Index::open(dir.path()).unwrap();
    let counted = |field: &str| -> Vec<String> {
        index.count_by("", field).unwrap().into_iter().map(|count| count.value).collect()
    };
    assert_eq!(counted("segment"), ["NT2 spreker"]);
    assert_eq!(counted("interview"), ["een"]);
    assert_eq!(counted("notitie"), ["los fase=afscheid"]);
    assert_eq!(counted("x status"), [" gezien"]);
    assert!(!counted("fase").contains(&"afscheid".to_owned()) && !counted("status").contains(&"gezien".to_owned()));
    assert!(mistake(&index, "fase:afscheid").message.contains("There are"));
}

#[test]
fn fields_of_a_part_go_with_it() {
    let dir = TempDir::new().unwrap();
    let documents = Documents::new().unwrap();
    let mut builder = Builder::create(dir.path()).unwrap();
    for (part, (mut coded, name)) in study().into_iter().zip(["leeftijd", "locatie"]).enumerate() {
        coded.transcript.attributes.insert(name.to_owned(), "50".to_owned());
        let (rows, part) = (quotes(&coded), part as u64 + 1);
        builder.put(documents.of(&coded, &rows, part, &mut Numbers::from(part << 32))).unwrap();
    }
    builder.commit().unwrap();
    let found = |field: &str| Index::open(dir.path()).unwrap().search(&format!("{field}:50"), 9).map(|hits| hits.total);
    assert_eq!((found("leeftijd").unwrap(), found("locatie").unwrap()), (3, 3));
    builder.remove(1);
    builder.commit().unwrap();
    assert_eq!(found("locatie").unwrap(), 3);
    assert!(found("leeftijd").map_or(true, |hits| hits == 0));
}

#[test]
fn mistakes_are_answered_with_their_place() {
    let (_dir, index) = index_with(1);
    for (query, position, part) in [
        ("fasee:intake", 0, "did you mean \"fase\""),
        ("kwijt segmant:nt2", 6, "did you mean \"segment\""),
        ("xyzzy:1", 0, "emotie, zekerheid, beurt, tijd, attr_interview, segment"),
        ("fase:intaek", 5, "did you mean \"intake\""),
        ("fase:afscheid", 5, "There are intake, ontvangen"),
        ("categorie:pijn-punt", 10, "did you mean \"pijnpunt\""),
        ("status:goed", 7, "accepted"),
        ("segment:nt22", 8, "did you mean \"nt2\""),
        ("segment:nt", 8, "did you mean \"nt2\""),
        ("segment:digi", 8, "did you mean \"digitaal\"? There are digitaal, "),
        ("kwijt zekerheid:>7", 16, "did you mean 0.7?"),
        ("zekerheid:70..80", 10, "did you mean 0.7?"),
        ("zekerheid:>=700", 10, "from 0 to 1"),
        ("emotie:>3", 7, "from -2 "),
        ("(logo", 0, "never closes"),
        ("logo)", 4, "never opened"),
        ("één )", 4, "never opened"),
        ("\"logo", 0, "never closes"),
        ("kwijt EN", 8, "the query ends"),
        ("kwijt OF EN was", 9, "\"EN\" was found"),
        ("OF kwijt", 0, "\"OF\" was found"),
        ("()", 1, "\")\" was found"),
        ("NIET", 4, "the query ends"),
        ("fase:", 5, "a value is expected"),
        (":intake", 0, "name before it"),
        ("emotie:veel", 7, "a number is expected"),
        ("emotie:<0.5", 7, "a whole number is expected"),
        ("emotie:<>0", 7, "a number is expected"),
        ("beurt:-3", 6, "a number from 0 is expected"),
        ("beurt:20..10", 6, "did you mean beurt:10..20?"),
        ("tijd:1:75", 5, "a time as mm:ss"),
        ("zekerheid:NaN", 10, "a number is expected"),
        ("*", 0, "letters are expected"),
        ("wachtwoord~9", 0, "1 or 2 letters"),
        ("\"a b\"~veel", 6, "a number of words"),
        ("kwijt !?", 6, "a word with letters"),
    ] {
        let error = mistake(&index, query);
        assert!(error.message.contains(part), "{query}: {error}");
        assert_eq!(error.position, position, "{query}: {error}");
    }
    assert!(mistake(&index, &"(".repeat(100_000)).message.contains("deep"));
    assert!(index.search(&"-".repeat(100_000), 1).is_err());
}

#[test]
fn an_index_that_is_not_there_or_of_another_version_says_so() {
    let dir = TempDir::new().unwrap();
    assert!(matches!(Index::open(dir.path()), Err(IndexError::Missing(_))));
    let other = tantivy::schema::Schema::builder().build();
    tantivy::Index::create_in_dir(dir.path(), other).unwrap();
    assert!(matches!(Index::open(dir.path()), Err(IndexError::Outdated(_))));
}

#[test]
fn what_nothing_answers_may_have_meant_is_said() {
    let (_dir, index) = index_with(1);
    for (query, hint) in [
        ("emotie<0", "\"emotie<0\" was looked for as words: did you mean emotie:<0?"),
        ("emotion=>1 kwijt", "\"emotion=>1\" was looked for as words: did you mean emotie:=>1?"),
        ("status=auto", "\"status=auto\" was looked for as words: did you mean status:auto?"),
        ("segment=vaardig", "\"segment=vaardig\" was looked for as words: did you mean segment:vaardig?"),
        ("pijnpunten", "\"pijnpunten\" was looked for as a word: did you mean categorie:pijnpunt?"),
        ("digid OF intake", "\"digid\" was looked for as a word: did you mean contactmoment:digid?"),
        ("vaardig", "\"vaardig\" was looked for as a word: did you mean segment:vaardig?"),
        ("gemente", "no respondent says \"gemente\": did you mean \"gemeente\"?"),
        ("drei", "no respondent says \"drei\": did you mean \"drie\"?"),
        ("fiets", "no respondent says \"fiets\""),
    ] {
        assert_eq!(index.hints(query).unwrap().first().map(String::as_str), Some(hint), "{query}");
    }
    // Words inside of others are said, what is left out need not be, and a passage is no value.
    for query in
        ["problemen gemeente wachtwoord* \"een idee\" fase:intake", "-fiets NIET (auto OF fiets) kwijt", "emotie<"]
    {
        assert!(index.hints(query).unwrap().is_empty(), "{query}");
    }
    assert_eq!(index.hints("passage").unwrap(), ["no respondent says \"passage\""]);
    assert_eq!(index.hints("aa bb cc dd ee ff aa").unwrap().len(), 5);
}

#[test]
fn context_goes_over_turns_and_ends_with_the_interview() {
    let (_dir, index) = index_with(1);
    let around = |query: &str, sentences| {
        let hit = &index.search(query, 1).unwrap().hits[0];
        let context = index.context(hit, sentences).unwrap();
        [context.before, context.after].map(|said| said.into_iter().map(|s| (s.turn, s.text)).collect::<Vec<_>>())
    };
    let said = |turn: u32, text: &str| (turn, text.to_owned());
    let question = said(1, "Hoe gaat het met uw wachtwoord?");
    assert_eq!(
        around("interview:een brieven", 9),
        [vec![question.clone(), said(2, "Mijn wachtwoord was kwijt. Toen hielp de balie.")], vec![]]
    );
    assert_eq!(
        around("interview:twee vergeten", 2),
        [vec![question], vec![said(3, "Wachtwoordproblemen bij de gemeente. Een idee!")]]
    );
    assert_eq!(around("interview:twee vergeten", 0), [vec![], vec![]]);
}
