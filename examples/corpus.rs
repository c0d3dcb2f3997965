//! Writes a corpus of any size: `cargo run --release --example corpus -- MEGABYTES FOLDER`.

#[path = "../benches/corpus.rs"]
mod corpus;

use std::{fs, path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(megabytes), Some(folder)) = (arguments.first().and_then(|a| a.parse::<f64>().ok()), arguments.get(1))
    else {
        eprintln!("usage: corpus MEGABYTES FOLDER");
        return ExitCode::from(2);
    };
    match write((megabytes * 1e6) as usize, folder.into()) {
        Ok(files) => {
            println!("{files} interviews in {folder}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{folder}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes a study with that many bytes of interviews, a hundred in a folder; returns their number.
fn write(bytes: usize, folder: PathBuf) -> std::io::Result<usize> {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/studies");
    let corpus = corpus::Corpus::read(&data, 1)?;
    fs::create_dir_all(&folder)?;
    fs::copy(data.join("zorgportaal/klantreis.toml"), folder.join("klantreis.toml"))?;
    let (mut written, mut n) = (0, 0);
    while written < bytes {
        let text = corpus.interview(n);
        let part = folder.join(format!("interviews/{:05}", n / 100));
        fs::create_dir_all(&part)?;
        fs::write(part.join(format!("{n:07}.txt")), &text)?;
        written += text.len();
        n += 1;
    }
    Ok(n)
}
