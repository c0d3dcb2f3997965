use klantreis_coding::*;
use klantreis_study::*;
use std::path::Path;
fn main() {
    let mut examples = vec![];
    let mut dirs: Vec<_> = std::env::args().skip(1).collect();
    dirs.sort();
    for d in &dirs {
        let d = Path::new(d);
        let study = Study::load(d).unwrap();
        let mut rows = vec![];
        let mut files: Vec<_> = std::fs::read_dir(d).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        for f in &files { let n = f.file_name().unwrap().to_string_lossy().into_owned(); if n.starts_with("gold") { rows.extend(read_gold(f).unwrap()); } }
        for f in files.iter().filter(|f| f.extension().is_some_and(|e| e == "txt")) {
            let text = std::fs::read_to_string(f).unwrap();
            let mut turns = vec![];
            for line in text.lines() {
                let role = if line.starts_with("I:") { Role::Interviewer } else if line.starts_with("R:") { Role::Respondent } else { continue };
                let text = line[2..].trim().to_owned();
                turns.push(Turn { number: turns.len() as u32 + 1, speaker: String::new(), role, start: None, end: None, sentences: klantreis_text::sentences(&text), text });
            }
            let file = f.file_name().unwrap().to_string_lossy().into_owned();
            let t = Transcript { interview: file.clone(), file, attributes: Default::default(), turns, problems: vec![] };
            let (gold, missing) = lay_gold(&t, &rows);
            if !missing.is_empty() { println!("missing {}", missing.len()); }
            examples.push(Example { study: d.file_name().unwrap().to_string_lossy().into_owned(), phases: study.phases.iter().map(|p| p.id.clone()).collect(), transcript: t, gold });
        }
    }
    let measured = |n: usize| !dirs.iter().any(|d| d.contains("/extra/") && d.ends_with(&examples[n].study));
    let r = Resources::built_in();
    let t0 = std::time::Instant::now();
    let h = cross_validate(&examples, &r, |n| examples[n].study.clone(), measured);
    let (e, by) = expected(&examples, &h);
    for (s, f) in by { println!("{s:18} b{:.3} w{:.3} p{:.3} a{:.3}  {:.3}", f[0], f[1], f[2], f[3], (f[0]+f[1]+f[2])/3.0); }
    println!("{e:?} {:?}", t0.elapsed());
    // phases: unseen study, topics learned from the others
    let mut acc = vec![];
    let mut names: Vec<_> = examples.iter().map(|e| e.study.clone()).collect(); names.dedup();
    for known in [false, true] { let (mut hit, mut n, mut th, mut tn) = (0, 0, 0, 0);
    for d in &dirs { let study = Study::load(Path::new(d)).unwrap(); let name = Path::new(d).file_name().unwrap().to_string_lossy().into_owned();
        for (i, ex) in examples.iter().enumerate().filter(|(_, e)| e.study == name) {
            let rest: Vec<_> = examples.iter().enumerate().filter(|(j, e)| if known { *j != i } else { e.study != name }).map(|(_, e)| e).collect();
            let topics = Topics::learn(&rest).for_study(&study);
            let path = topics.path(&ex.transcript, &mut klantreis_text::Stemmer::dutch());
            for (p, g) in path.iter().zip(&ex.gold) { if let Some(ph) = &g.phase { n += 1; let (a, tp) = topics.ids(*p, &study).unwrap(); hit += usize::from(a == *ph); tn += 1; th += usize::from(tp == g.touchpoint); } }
        } }
    acc.push((known, hit as f32 / n as f32, th as f32 / tn as f32)); }
    println!("phase, touchpoint {acc:?}");
}
