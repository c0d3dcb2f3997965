//! What the tests share: the program, and copies of the example studies.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

pub fn klantreis(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_klantreis")).args(args).output().unwrap()
}

pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.file_name().unwrap().to_str().unwrap() {
            "klantreis-out" | ".klantreis" => {}
            _ if path.is_dir() => copy(&path, &target),
            _ => {
                fs::copy(&path, &target).unwrap();
            }
        }
    }
}

/// A fresh copy of an example study.
pub fn study(name: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/studies").join(name), &path);
    (dir, path)
}

pub fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(path).unwrap().deserialize().map(|row| row.unwrap()).collect()
}

pub fn well(args: &[&str]) -> String {
    let output = klantreis(args);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

pub fn json(args: &[&str]) -> Value {
    serde_json::from_str(&well(args)).unwrap()
}

pub fn refused(args: &[&str]) -> String {
    let output = klantreis(args);
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

pub fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/studies").join(name).to_str().unwrap().to_owned()
}
