//! What is decided stays, whatever happens to the program or the file.

#![allow(clippy::unwrap_used)]

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use klantreis_review::{Anchor, Entry, FILE, Store, StoreError, Target, What, backups, export};
use klantreis_study::{Category, CodeId, Confidence, Emotion, PhaseId, Status};

fn target(n: usize, category: &str) -> Target {
    Target {
        file: "gesprek-1.txt".to_owned(),
        anchor: Anchor {
            exact: format!("Zin nummer {n}."),
            prefix: "Daarvoor ".to_owned(),
            suffix: " Daarna".to_owned(),
            start: n * 20,
            end: n * 20 + 15,
            nth: 0,
        },
        category: Category::new(category).unwrap(),
        code: None,
        phase: PhaseId::new("tijdens").unwrap(),
        touchpoint: None,
        emotion: Emotion::default(),
        confidence: Confidence::new(0.5),
    }
}

fn accept(n: usize) -> What {
    What::Accept { coding: target(n, "pijnpunt") }
}

fn verdicts(store: &mut Store) -> Vec<Status> {
    store.state().decided.values().filter_map(|d| d.verdict).collect()
}

fn lines(store: &mut Store) -> Vec<u8> {
    let mut out = Vec::new();
    export(store.entries(), &mut out).unwrap();
    out
}

#[test]
fn every_kind_of_decision_is_read_as_it_was_written() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let coding = || target(1, "pijnpunt");
    let (file, code) = ("a.txt".to_owned(), CodeId::new("obstakel").unwrap());
    let kinds = vec![
        accept(1),
        What::Reject { coding: coding() },
        What::Change { coding: coding(), to: target(2, "winst") },
        What::Add { coding: coding() },
        What::Memo { coding: coding(), text: "navragen".to_owned() },
        What::Star { coding: coding(), on: true },
        What::Place { coding: coding(), at: target(3, "pijnpunt").anchor },
        What::Blind { coding: coding(), on: true },
        What::Finish { file, blind: true, on: true },
        What::Rename { code: code.clone(), label: "Drempel".to_owned() },
        What::Merge { code: code.clone(), into: Some(code) },
        What::Question { phase: PhaseId::new("tijdens").unwrap(), text: "Hoe kunnen we?".to_owned() },
        What::Undo { entries: vec!["x".to_owned()] },
        What::Redo { entries: vec!["x".to_owned()] },
    ];
    let added = store.append("anna", "omdat", kinds).unwrap();
    drop(store);
    assert_eq!(Store::open(dir.path()).unwrap().entries(), added);
}

#[test]
fn undo_and_redo_go_back_and_forth_for_ever() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    store.append("anna", "", vec![accept(1)]).unwrap();
    store.append("bram", "", vec![accept(2)]).unwrap();
    store.append("anna", "dubbel", vec![What::Reject { coding: target(1, "pijnpunt") }, accept(3)]).unwrap();
    let after = [Status::Rejected, Status::Accepted, Status::Accepted];
    for _ in 0..3 {
        let mut all = verdicts(&mut store);
        all.sort_by_key(|s| *s != Status::Rejected);
        assert_eq!(all, after);
        // What was decided at once is undone at once, and only one's own.
        store.undo("anna").unwrap();
        assert_eq!(verdicts(&mut store), [Status::Accepted; 2]);
        store.undo("anna").unwrap();
        assert_eq!(verdicts(&mut store), [Status::Accepted]);
        assert!(store.undo("anna").unwrap().is_empty());
        store.redo("anna").unwrap();
        store.redo("anna").unwrap();
        assert!(store.redo("anna").unwrap().is_empty());
    }
    store.undo("anna").unwrap();
    store.append("anna", "", vec![accept(4)]).unwrap();
    assert!(store.redo("anna").unwrap().is_empty(), "something new was decided since");
    let again = Store::open(dir.path()).unwrap().entries().to_vec();
    assert_eq!(again, store.entries());
    assert_eq!(again, Store::read(dir.path()).unwrap());
}

#[test]
fn the_log_can_be_neither_changed_nor_shortened() {
    let dir = tempfile::tempdir().unwrap();
    Store::open(dir.path()).unwrap().append("anna", "", vec![accept(1)]).unwrap();
    let db = rusqlite::Connection::open(dir.path().join(FILE)).unwrap();
    for statement in ["DELETE FROM log", "UPDATE log SET at = ''"] {
        assert!(db.execute(statement, []).unwrap_err().to_string().contains("decisions are never"));
    }
}

#[test]
fn two_computers_merge_without_loss_and_conflicts_are_listed_once() {
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [mut a, mut b] = dirs.each_ref().map(|d| Store::open(d.path()).unwrap());
    a.append("anna", "", vec![accept(0)]).unwrap();
    b.import(&lines(&mut a)[..]).unwrap();
    // Bram knew of Anna's first judgement: that is no conflict. Of the others they did not know.
    b.append("bram", "", vec![What::Reject { coding: target(0, "pijnpunt") }]).unwrap();
    b.append("bram", "", vec![What::Reject { coding: target(1, "pijnpunt") }]).unwrap();
    b.append("bram", "", vec![accept(2)]).unwrap();
    a.append("anna", "", vec![accept(1)]).unwrap();
    a.append("anna", "", vec![accept(2)]).unwrap();
    let (from_a, from_b) = (lines(&mut a), lines(&mut b));
    let (into_a, into_b) = (a.import(&from_b[..]).unwrap(), b.import(&from_a[..]).unwrap());
    assert_eq!((into_a.added, into_a.known, into_b.added, into_b.known), (3, 1, 2, 1));
    assert_eq!(into_a.conflicts, into_b.conflicts);
    let mut who: Vec<&str> = into_a.conflicts[0].entries.iter().map(|e| e.who.as_str()).collect();
    // Both may have decided within one millisecond: which comes first then is settled by their ids.
    who.sort_unstable();
    assert_eq!((into_a.conflicts.len(), who), (1, vec!["anna", "bram"]));
    assert_eq!(a.state(), b.state());
    assert_eq!(a.import(&from_b[..]).unwrap().added, 0);
    // Who decides again, knowing both, settles it.
    a.append("anna", "samen besproken", vec![What::Reject { coding: target(1, "pijnpunt") }]).unwrap();
    assert!(a.state().conflicts.is_empty());
    assert!(b.import(&lines(&mut a)[..]).unwrap().conflicts.is_empty());
    assert_eq!(a.state(), b.state());
}

#[test]
fn lines_that_are_no_entries_are_named_and_the_others_taken() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let good = r#"{"id":"x1","at":"2026-01-31T12:00:00.000Z","who":"anna","do":"finish","file":"a.txt","on":true}"#;
    let sad = serde_json::to_string(&accept(1)).unwrap().replace("\"emotion\":0", "\"emotion\":-7");
    let too_sad = format!(r#"{{"id":"x5","at":"2026-01-31T12:00:00.000Z","who":"a",{}"#, &sad[1..]);
    let bad = [
        "geen json",
        r#"{"id":"x2","at":"gisteren","who":"a","do":"finish","file":"a","on":true}"#,
        r#"{"id":"x3","at":"2026-01-31T12:00:00.000Z","who":"a","do":"burn"}"#,
        &good.replace("a.txt", "b.txt"),
        &too_sad,
    ];
    let text = format!("\u{feff}{good}\n\n{}\n", bad.join("\n"));
    let import = store.import(text.as_bytes()).unwrap();
    assert_eq!(import.added, 1);
    assert_eq!(import.bad.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [3, 4, 5, 6, 7]);
    assert!(import.bad[2].1.contains("burn") && import.bad[4].1.contains("-2 to 2"), "{:?}", import.bad);
}

#[test]
fn a_damaged_file_is_reported_with_the_newest_good_backup() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(FILE);
    let mut store = Store::open(dir.path()).unwrap();
    store.append("anna", "", (0..50).map(accept).collect()).unwrap();
    let good = store.backup().unwrap();
    std::thread::sleep(Duration::from_millis(3));
    let newer = store.backup().unwrap();
    drop(store);
    fs::write(&newer, "onzin").unwrap();
    let whole = fs::read(&path).unwrap();
    let at = whole.windows(16).rposition(|w| w == b"Zin nummer 7.\",\"").unwrap();
    let mut letter = whole.clone();
    letter[at] = b'z';
    for broken in [&letter[..], &whole[..whole.len() / 2], b"geen database"] {
        fs::write(&path, broken).unwrap();
        for error in [Store::open(dir.path()).unwrap_err(), Store::read(dir.path()).unwrap_err()] {
            let StoreError::Damaged { backup: Some(backup), .. } = &error else { panic!("{error}") };
            assert_eq!((&backup.path, backup.entries), (&good, 50));
            assert!(error.to_string().contains("copy the backup to its place"), "{error}");
        }
        assert_eq!(fs::read(&path).unwrap(), broken, "nothing is changed");
    }
    fs::copy(&good, &path).unwrap();
    assert_eq!(Store::open(dir.path()).unwrap().entries().len(), 50);
}

#[test]
fn an_old_layout_is_backed_up_and_brought_up_to_date_and_a_newer_one_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(FILE);
    let mut store = Store::open(dir.path()).unwrap();
    store.append("anna", "", vec![accept(1)]).unwrap();
    drop(store);
    let db = rusqlite::Connection::open(&path).unwrap();
    // As the first version of the program left it.
    db.execute_batch(
        "DROP TRIGGER log_is_never_changed; DROP TRIGGER log_is_never_shortened; DROP INDEX log_by_time;
         PRAGMA user_version = 1",
    )
    .unwrap();
    assert_eq!(Store::read(dir.path()).unwrap().len(), 1);
    assert_eq!(backups(dir.path()).len(), 0);
    assert_eq!(Store::open(dir.path()).unwrap().entries().len(), 1);
    let kept = backups(dir.path());
    assert!(kept.len() == 1 && kept[0].path.to_string_lossy().ends_with("-layout-1"), "{kept:?}");
    assert!(db.execute("DELETE FROM log", []).is_err());
    db.execute_batch("PRAGMA user_version = 99").unwrap();
    let error = Store::open(dir.path()).unwrap_err().to_string();
    assert!(error.contains("a newer version"), "{error}");
}

/// Set for the process that writes until it is killed.
const WRITER: &str = "KLANTREIS_TEST_WRITER";

/// Not a test: what [`whatever_was_acknowledged_survives_a_kill_at_any_moment`] starts and kills.
#[test]
fn writer() {
    let Ok(dir) = std::env::var(WRITER) else { return };
    let mut store = Store::open(Path::new(&dir)).unwrap();
    for n in 0.. {
        let decisions = (0..=n % 5).map(|m| accept(n * 10 + m)).collect();
        let added = if n % 7 == 6 { store.undo("anna") } else { store.append("anna", "", decisions) }.unwrap();
        let ids: Vec<&str> = added.iter().map(|e| e.id.as_str()).collect();
        let mut out = std::io::stdout().lock();
        writeln!(out, "saved {}", ids.join(" ")).unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn whatever_was_acknowledged_survives_a_kill_at_any_moment() {
    let dir = tempfile::tempdir().unwrap();
    let mut seed = 20_260_131_u64;
    let mut acknowledged: BTreeSet<String> = BTreeSet::new();
    for n in 0..100 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "writer", "--nocapture"])
            .env(WRITER, dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Counted from the first write or, in every fourth round, from the start of the program.
        // xorshift: the same moments in every run, as far as a machine keeps time.
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let moment = Duration::from_micros(seed % 30_000);
        let reader = BufReader::new(child.stdout.take().unwrap());
        let first = std::sync::mpsc::channel();
        let read = std::thread::spawn(move || {
            let mut ids = Vec::new();
            for line in reader.lines().map_while(Result::ok) {
                if line.contains("saved ") || n % 4 == 0 {
                    let _ = first.0.send(());
                }
                // A line that the kill cut off acknowledges nothing.
                if let Some((_, saved)) = line.split_once("saved ") {
                    ids.extend(saved.split(' ').filter(|id| id.len() == 32).map(str::to_owned));
                }
            }
            ids
        });
        let _ = first.1.recv_timeout(Duration::from_secs(20));
        std::thread::sleep(moment);
        child.kill().unwrap();
        child.wait().unwrap();
        acknowledged.extend(read.join().unwrap());
        let entries: Vec<Entry> = Store::read(dir.path()).unwrap();
        let here: BTreeSet<String> = entries.iter().map(|e| e.id.clone()).collect();
        assert!(acknowledged.is_subset(&here), "lost: {:?}", acknowledged.difference(&here));
        // What is there beside it is one write at most a kill, whole: all of a batch, or nothing.
        let batch = |id: &Option<String>| entries.iter().filter(|e| e.batch == *id).count();
        for entry in entries.iter().filter(|e| e.batch.is_some()) {
            assert!((2..=5).contains(&batch(&entry.batch)));
        }
        let name = |e: &Entry| e.batch.clone().unwrap_or_else(|| e.id.clone());
        let more: BTreeSet<String> = entries.iter().filter(|e| !acknowledged.contains(&e.id)).map(name).collect();
        assert!(more.len() <= 1, "{more:?}");
        acknowledged = here;
    }
    assert!(acknowledged.len() > 300, "{}", acknowledged.len());
}
