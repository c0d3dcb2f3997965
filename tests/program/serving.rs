//! The local server: who may come in, and what it refuses. Each attack is tried over raw HTTP.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use crate::common::*;

/// A server of its own on a copy of an example study; stopped when dropped.
pub struct Server {
    child: Child,
    /// The one-time link that was printed.
    pub link: String,
    /// `127.0.0.1:port`.
    pub host: String,
    pub study: PathBuf,
    _dir: Option<tempfile::TempDir>,
}

impl Server {
    pub fn start(name: &str) -> Self {
        let (dir, study) = study(name);
        let mut server = Self::on(&study);
        server._dir = Some(dir);
        server
    }

    pub fn on(study: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_klantreis"))
            .args(["serve", study.to_str().unwrap(), "--no-open", "--who", "anna"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut link = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut link).unwrap();
        let link = link.trim().to_owned();
        let host = link.strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned();
        Self { child, link, host, study: study.to_owned(), _dir: None }
    }

    /// Kills it, as a crash would; the study stays.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Sends bytes as they are.
    pub fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(request).unwrap();
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    pub fn get(&self, path: &str, headers: &str) -> Answer {
        self.raw(format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n", self.host).as_bytes())
    }

    pub fn post(&self, path: &str, headers: &str, body: &str) -> Answer {
        let (host, length) = (&self.host, body.len());
        let head = format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n");
        self.raw(format!("{head}{headers}\r\n{body}").as_bytes())
    }

    /// The cookie for the printed link.
    pub fn cookie(&self) -> String {
        let path = self.link.strip_prefix(&format!("http://{}", self.host)).unwrap();
        let answer = self.get(path, "");
        assert_eq!(answer.status, 200, "{}", answer.body);
        let line = answer.head.lines().find(|l| l.starts_with("set-cookie: ")).unwrap().to_owned();
        assert!(line.contains("httponly") && line.contains("samesite=strict"), "{line}");
        let cookie = line["set-cookie: ".len()..].split(';').next().unwrap().to_owned();
        format!("Cookie: {cookie}\r\n")
    }

    /// Sends a decision as a page does.
    pub fn act(&self, cookie: &str, request: &Value) -> Answer {
        let headers = format!("{cookie}Origin: http://{}\r\nContent-Type: application/json\r\n", self.host);
        self.post("/api/act", &headers, &request.to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

pub struct Answer {
    pub status: u16,
    /// In lower case.
    pub head: String,
    pub body: String,
}

/// The first reference to a coding on a page.
fn first_ref(page: &str) -> String {
    page.split("data-ref=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn a_link_works_once_and_nothing_is_shown_without_its_cookie() {
    let server = Server::start("vragen");
    for page in
        ["/", "/lezen", "/beoordelen", "/zoeken", "/zoeken.csv?q=x", "/klantreis", "/api/since?version=0", "/api/learn"]
    {
        let answer = server.get(page, "");
        assert_eq!(answer.status, 401, "{page}");
        assert!(!answer.body.contains("burger-1"), "{page}");
        assert_eq!(server.get(page, "Cookie: klantreis=00000000000000000000000000000000\r\n").status, 401);
    }
    assert_eq!(server.get("/open?token=0123", "").status, 403);
    let cookie = server.cookie();
    assert_eq!(server.get("/open?token=", "").status, 403);
    let again = server.get(server.link.split(&server.host).nth(1).unwrap(), "");
    assert_eq!((again.status, again.head.contains("set-cookie")), (403, false), "the link was used");
    let page = server.get("/", &cookie);
    assert_eq!(page.status, 200);
    assert!(page.body.contains("burger-1"));
}

#[test]
fn it_listens_on_this_computer_alone() {
    let server = Server::start("vragen");
    assert!(server.host.starts_with("127.0.0.1:"));
    let port: u16 = server.host.rsplit(':').next().unwrap().parse().unwrap();
    let table = fs::read_to_string("/proc/net/tcp").unwrap();
    let listening: Vec<&str> = table
        .lines()
        .filter_map(|line| line.split_whitespace().nth(1))
        .filter(|local| local.ends_with(&format!(":{port:04X}")))
        .collect();
    assert!(!listening.is_empty() && listening.iter().all(|local| local.starts_with("0100007F:")), "{listening:?}");
}

#[test]
fn a_name_that_others_point_at_this_computer_is_refused() {
    let server = Server::start("vragen");
    let cookie = server.cookie();
    let port = server.host.rsplit(':').next().unwrap();
    for host in [
        "evil.example",
        &format!("evil.example:{port}"),
        "127.0.0.1",
        &format!("127.0.0.1.nip.io:{port}"),
        "127.0.0.1:1",
        "",
    ] {
        let answer =
            server.raw(format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{cookie}\r\n").as_bytes());
        assert!((400..500).contains(&answer.status), "{host}: {}", answer.status);
        assert!(!answer.body.contains("burger-1"));
    }
    let two =
        format!("GET / HTTP/1.1\r\nHost: {}\r\nHost: evil.example\r\nConnection: close\r\n{cookie}\r\n", server.host);
    assert!((400..500).contains(&server.raw(two.as_bytes()).status));
    let none = server.raw(format!("GET / HTTP/1.1\r\nConnection: close\r\n{cookie}\r\n").as_bytes());
    assert!((400..500).contains(&none.status));
    let local =
        server.raw(format!("GET / HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n{cookie}\r\n").as_bytes());
    assert_eq!(local.status, 200);
}

#[test]
fn other_pages_cannot_decide_even_with_the_cookie() {
    let server = Server::start("vragen");
    let cookie = server.cookie();
    let coding = first_ref(&server.get("/beoordelen", &cookie).body);
    let body = json!({ "do": "accept", "refs": [coding] }).to_string();
    let kind = "Content-Type: application/json\r\n";
    let own = format!("Origin: http://{}\r\n", server.host);
    for origin in [
        String::new(),
        "Origin: null\r\n".to_owned(),
        "Origin: http://evil.example\r\n".to_owned(),
        format!("Origin: https://{}\r\n", server.host),
        format!("Origin: http://{}.evil.example\r\n", server.host),
        "Origin: http://127.0.0.1:1\r\n".to_owned(),
        format!("{own}Sec-Fetch-Site: cross-site\r\n"),
    ] {
        let answer = server.post("/api/act", &format!("{cookie}{kind}{origin}"), &body);
        assert_eq!(answer.status, 403, "{origin}");
    }
    for path in ["/api/learn", "/api/reread", "/api/name", "/api/invite"] {
        assert_eq!(server.post(path, &cookie, "name=x").status, 403, "{path}");
    }
    // A form of another page can send text, but neither JSON nor a change by GET.
    let text = format!("{cookie}{own}Content-Type: text/plain\r\n");
    assert_eq!(server.post("/api/act", &text, &body).status, 415);
    assert_eq!(server.get("/api/act?do=accept", &cookie).status, 405);
    assert!(!well(&["decisions", server.study.to_str().unwrap(), "list"]).contains("accept"));
    assert_eq!(server.post("/api/act", &format!("{cookie}{kind}{own}"), &body).status, 200);
    assert!(well(&["decisions", server.study.to_str().unwrap(), "list"]).contains("anna accept"));
}

#[test]
fn every_answer_forbids_scripts_from_elsewhere_frames_and_guessing() {
    let server = Server::start("vragen");
    let cookie = server.cookie();
    for path in [
        "/",
        "/lezen",
        "/beoordelen",
        "/klantreis",
        "/zoeken?q=ik",
        "/app.js",
        "/nergens",
        "/overeenstemming",
        "/codeboek",
    ] {
        let answer = server.get(path, &cookie);
        for wanted in [
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self';",
            "frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: same-origin",
            "cross-origin-resource-policy: same-origin",
        ] {
            assert!(answer.head.contains(wanted), "{path}: {wanted}\n{}", answer.head);
        }
        assert!(!answer.head.contains("unsafe-inline") && !answer.head.contains("access-control-allow"));
        let page = answer.body.to_lowercase();
        if path != "/app.js" {
            for inline in ["<script>", " onclick=", " style=", "javascript:", "<style"] {
                assert!(!page.contains(inline), "{path}: {inline}");
            }
        }
    }
}

#[test]
fn text_of_transcripts_settings_and_people_is_escaped_everywhere() {
    let dir = tempfile::tempdir().unwrap();
    let evil = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'&";
    let toml = format!("title = '''{evil}'''\ngoal = '''{evil}'''\n[[phase]]\nid = \"vooraf\"\nlabel = '''{evil}'''\n");
    fs::write(dir.path().join("klantreis.toml"), toml).unwrap();
    fs::create_dir(dir.path().join("interviews")).unwrap();
    let talk =
        format!("I: Hoe ging het {evil}?\nR: Ik kon het formulier {evil} nergens vinden en dat was heel vervelend.\n");
    fs::write(dir.path().join("interviews/gesprek \"1\".txt"), talk).unwrap();
    let server = Server::on(dir.path());
    let cookie = server.cookie();
    let page = server.get("/lezen", &cookie);
    let at = page.head.lines().find_map(|l| l.strip_prefix("location: ")).unwrap().to_owned();
    let read = server.get(&at, &cookie).body;
    let coding = first_ref(&read);
    let memo = json!({ "do": "memo", "refs": [coding], "text": evil, "view": "read" });
    assert_eq!(server.act(&cookie, &memo).status, 200);
    let question = json!({ "do": "question", "phase": "vooraf", "text": format!("</textarea>{evil}") });
    assert_eq!(server.act(&cookie, &question).status, 200);
    let name = format!("{cookie}Origin: http://{}\r\nContent-Type: application/x-www-form-urlencoded\r\n", server.host);
    assert_eq!(server.post("/api/name", &name, "name=%3Cimg+src%3Dx%3E").status, 303);
    let pages = [
        &at,
        "/",
        "/beoordelen",
        "/klantreis?phase=vooraf&category=pijnpunt",
        "/codeboek?cue=formulier",
        "/overeenstemming",
        &format!("/paneel?ref={coding}"),
        "/zoeken?q=formulier",
        "/zoeken?q=%3Cimg%20src%3Dx%3E",
        "/codeboek?cue=%3Cimg%20src%3Dx%3E",
        "/beoordelen?order=%3Cimg%20src%3Dx%3E",
        "/klantreis?phase=%22%3E%3Cimg%20src%3Dx%3E",
    ];
    for path in pages {
        let answer = server.get(path, &cookie);
        assert_eq!(answer.status, 200, "{path}");
        for raw in ["<img", "<script>"] {
            assert!(!answer.body.contains(raw), "{path}: {raw}");
        }
    }
    assert!(read.contains("&lt;img src=x onerror=alert(1)&gt;"));
}

#[test]
fn no_file_outside_the_pages_is_served_and_nothing_large_is_taken() {
    let server = Server::start("vragen");
    let cookie = server.cookie();
    for path in [
        "/../klantreis.toml",
        "/..%2fklantreis.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/klantreis.toml",
        "/decisions.db",
        "/interviews/burger-1.txt",
        "//etc/passwd",
        "/app.css/../../klantreis.toml",
        "/.klantreis/model.bin",
    ] {
        let answer = server.get(path, &cookie);
        assert_eq!(answer.status, 404, "{path}");
    }
    for name in ["../../etc/passwd", "..%2F..%2Fetc%2Fpasswd", "%00", "/etc/passwd"] {
        let answer = server.get(&format!("/lezen?i={name}"), &cookie);
        assert_eq!(answer.status, 303, "{name}: an interview that is not there leads to one that is");
        assert!(!answer.body.contains("root:"));
    }
    for coding in ["0-zz", "99-aa", "-1-aa", "x", "0-../..", "18446744073709551616-a"] {
        assert_eq!(server.get(&format!("/paneel?ref={coding}"), &cookie).status, 404, "{coding}");
        assert_eq!(server.act(&cookie, &json!({ "do": "accept", "refs": [coding] })).status, 409, "{coding}");
    }
    let large = json!({ "do": "memo", "refs": [], "text": "x".repeat(100_000) });
    assert_eq!(server.act(&cookie, &large).status, 413);
    for turn in [9999, usize::MAX] {
        let add =
            json!({ "do": "add", "interview": 0, "turn": turn, "first": 0, "last": usize::MAX, "category": "winst" });
        assert_eq!(server.act(&cookie, &add).status, 409);
    }
    for bad in [
        json!({ "do": "change", "refs": [], "category": "Geen Id" }),
        json!({ "do": "change", "emotion": 9 }),
        json!("accept"),
    ] {
        assert!((400..500).contains(&server.act(&cookie, &bad).status), "{bad}");
    }
    assert_eq!(server.get("/", &cookie).status, 200, "still there");
}

#[test]
fn another_address_is_listened_on_only_when_asked_and_with_a_warning() {
    let (_dir, study) = study("vragen");
    let mut child = Command::new(env!("CARGO_BIN_EXE_klantreis"))
        .args(["serve", study.to_str().unwrap(), "--no-open", "--host", "0.0.0.0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut link = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut link).unwrap();
    child.kill().unwrap();
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    child.wait().unwrap();
    assert!(told.contains("Warning: everybody who can reach 0.0.0.0"), "{told}");
}

#[test]
fn whatever_was_shown_as_saved_is_there_after_a_crash() {
    let mut server = Server::start("vragen");
    let path = server.study.to_str().unwrap().to_owned();
    let cookie = server.cookie();
    let page = server.get("/beoordelen", &cookie).body;
    let refs: Vec<String> = page.split("<li class=\"proposal").skip(1).map(first_ref).take(20).collect();
    for (n, coding) in refs.iter().enumerate() {
        let word = if n % 3 == 0 { "reject" } else { "accept" };
        assert_eq!(server.act(&cookie, &json!({ "do": word, "refs": [coding], "view": "judge" })).status, 200);
    }
    server.kill();
    let list = well(&["decisions", &path, "list"]);
    assert!(list.ends_with(&format!("{} decisions\n", refs.len())), "{list}");
    // After a restart the pages show them, and undo goes on where it was.
    let server = Server::on(&PathBuf::from(&path));
    let cookie = server.cookie();
    assert!(server.get("/", &cookie).body.contains(&format!("{} besluiten genomen", refs.len())));
    assert_eq!(server.act(&cookie, &json!({ "do": "undo" })).status, 200);
    assert!(server.get("/", &cookie).body.contains(&format!("{} besluiten genomen", refs.len() - 1)));
}
