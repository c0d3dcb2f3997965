//! How long a decision in the browser takes, from request to answer: on the six interviews and on many made of them, with
//! nothing decided yet and with thousands of decisions made.
//!
//! `KLANTREIS_INTERVIEWS=2000 cargo bench --bench deciding` sets how many interviews.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// Decisions that are timed.
const TIMED: usize = 100;

/// A server with the page's cookie.
struct Server {
    child: Child,
    host: String,
    cookie: String,
    agent: ureq::Agent,
}

impl Server {
    fn start(study: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_klantreis"))
            .args(["serve", study.to_str().expect("a path"), "--no-open"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut link = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut link).expect("a link");
        let host = link.trim_start_matches("http://").split('/').next().unwrap_or_default().to_owned();
        let agent = ureq::Agent::new_with_defaults();
        let page = agent.get(link.trim()).call().expect("the entrance");
        let cookie = page.headers()["set-cookie"].to_str().expect("a cookie").split(';').next().unwrap_or_default();
        Self { child, host, cookie: cookie.to_owned(), agent }
    }

    fn get(&self, path: &str) -> String {
        let page = self.agent.get(format!("http://{}{path}", self.host)).header("cookie", &self.cookie).call();
        page.expect(path).body_mut().with_config().limit(1 << 30).read_to_string().expect("text")
    }

    fn act(&self, request: &Value) -> Duration {
        let started = Instant::now();
        let call = self.agent.post(format!("http://{}/api/act", self.host)).header("cookie", &self.cookie);
        let answer = call.header("origin", format!("http://{}", self.host)).send_json(request);
        answer.expect("an answer").body_mut().read_to_string().expect("text");
        started.elapsed()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The six interviews over and over, under other names.
fn study(dir: &Path, count: usize) {
    let six = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/studies/bieden");
    fs::create_dir_all(dir.join("interviews")).expect("a folder");
    fs::copy(six.join("klantreis.toml"), dir.join("klantreis.toml")).expect("the study");
    let mut files: Vec<_> = fs::read_dir(six.join("interviews")).expect("the interviews").flatten().collect();
    files.sort_by_key(std::fs::DirEntry::file_name);
    for n in 0..count {
        let from = files[n % files.len()].path();
        let ending = from.extension().and_then(|e| e.to_str()).unwrap_or_default();
        fs::copy(&from, dir.join(format!("interviews/gesprek-{n:05}.{ending}"))).expect("room");
    }
}

fn times(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("  {what:<52} median {:>9.1?}  95% {:>9.1?}  longest {:>9.1?}", at(0.5), at(0.95), at(1.0));
}

/// The references that stand on a page.
fn refs(page: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for piece in page.split("data-ref=\"").skip(1) {
        let coding = piece.split('"').next().unwrap_or_default().to_owned();
        if out.last() != Some(&coding) {
            out.push(coding);
        }
    }
    out
}

fn decide(server: &Server, what: &str) {
    let mut found = Vec::new();
    let mut pages = Vec::new();
    while found.len() < TIMED {
        let started = Instant::now();
        let page = server.get("/beoordelen?order=random");
        pages.push(started.elapsed());
        for coding in refs(&page) {
            let word = if found.len() % 5 == 0 { "reject" } else { "accept" };
            found.push(server.act(&json!({ "do": word, "refs": [coding], "view": "judge" })));
        }
    }
    times(&format!("{what}: a decision"), found);
    times(&format!("{what}: the next 25"), pages);
    let undo = (0..10).map(|_| server.act(&json!({ "do": "undo", "view": "judge" })));
    times(&format!("{what}: undo"), undo.collect());
}

fn measure(name: &str, count: usize, before: usize) {
    let dir = std::env::temp_dir().join(format!("klantreis-bench-deciding-{}-{count}", std::process::id()));
    study(&dir, count);
    let started = Instant::now();
    let server = Server::start(&dir);
    println!("{name}: open after {:.1?}", started.elapsed());
    decide(&server, "nothing decided yet");
    let mut made = 0;
    while made < before {
        let open = refs(&server.get("/beoordelen?order=sure"));
        made += open.len();
        server.act(&json!({ "do": "accept", "refs": open, "view": "" }));
        if open.is_empty() {
            break;
        }
    }
    if made > 0 {
        decide(&server, &format!("{made} decided"));
    }
    let page = |path: &str| {
        let started = Instant::now();
        server.get(path);
        times(path, vec![started.elapsed()]);
    };
    [
        "/",
        "/klantreis",
        "/klantreis",
        "/zoeken?q=wachtwoord*",
        "/zoeken?q=wachtwoord*",
        "/codeboek",
        "/overeenstemming",
    ]
    .into_iter()
    .for_each(page);
    println!("  after a decision:");
    server.act(&json!({ "do": "undo", "view": "judge" }));
    ["/zoeken?q=wachtwoord*", "/klantreis"].into_iter().for_each(page);
    drop(server);
    let _ = fs::remove_dir_all(dir);
}

fn main() {
    let count = std::env::var("KLANTREIS_INTERVIEWS").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000);
    measure("six interviews", 6, 0);
    measure(&format!("{count} interviews"), count, 10_000);
}
