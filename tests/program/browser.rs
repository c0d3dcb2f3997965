//! A real Chromium for the tests, through chromedriver (W3C WebDriver). A test fails where they are missing:
//! `tests/install` installs them.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// How long a condition may take to come true: a loaded machine is slow, a wrong program is slower.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser window of its own, closed when dropped.
pub struct Browser {
    driver: Child,
    agent: ureq::Agent,
    session: String,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// A window of this size in CSS pixels.
    pub fn open(width: u32, height: u32) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|e| panic!("chromedriver can't be started ({e}): run tests/install"));
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once("successfully on port ")?.1.trim_end_matches('.').to_owned()))
            .expect("chromedriver names its port");
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Self {
            driver,
            agent: config.into(),
            session: format!("http://127.0.0.1:{port}/session"),
            _profile: profile,
        };
        let options = json!({
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
                "--disable-background-networking", "--force-prefers-reduced-motion",
                format!("--user-data-dir={}", browser._profile.path().display()),
            ],
        });
        let wanted = json!({
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "timeouts": { "script": 300_000 },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let session = browser.post("", &json!({ "capabilities": { "alwaysMatch": wanted } }));
        let id = session["sessionId"].as_str().expect("a session").to_owned();
        browser.session = format!("{}/{id}", browser.session);
        browser.size(width, height);
        browser
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let mut answer = self.agent.post(format!("{}{path}", self.session)).send_json(body).unwrap();
        let status = answer.status();
        let mut answer: Value = answer.body_mut().with_config().limit(1 << 30).read_json().unwrap();
        assert!(status.is_success(), "{path}: {}", answer["value"]["message"]);
        answer["value"].take()
    }

    /// What the DevTools protocol can and WebDriver can't.
    fn devtools(&self, command: &str, params: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": params }))
    }

    /// Takes the size of a phone as well: a window can't be that narrow.
    pub fn size(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Light or dark, as the reader's system asks for.
    pub fn colours(&self, scheme: &str) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", &features);
    }

    /// Whether pages may run scripts, from the next one on.
    pub fn scripts(&self, allowed: bool) {
        self.devtools("Emulation.setScriptExecutionDisabled", &json!({ "value": !allowed }));
    }

    /// Opens an address and waits until it has loaded.
    pub fn go(&self, url: &str) {
        self.post("/url", &json!({ "url": url }));
    }

    /// Opens a file, as by double-click.
    pub fn file(&self, path: &Path) {
        self.go(&format!("file://{}", path.canonicalize().unwrap().display()));
    }

    /// The value of a JavaScript expression in the page.
    pub fn value(&self, expression: &str) -> Value {
        self.post("/execute/sync", &json!({ "script": format!("return ({expression})"), "args": [] }))
    }

    /// The value of an expression that is text.
    pub fn text(&self, expression: &str) -> String {
        self.value(expression).as_str().unwrap_or_else(|| panic!("{expression} is no text")).to_owned()
    }

    /// The value of an expression that is a whole number.
    pub fn number(&self, expression: &str) -> i64 {
        self.value(expression).as_i64().unwrap_or_else(|| panic!("{expression} is no whole number"))
    }

    /// Waits until an expression is true.
    pub fn wait(&self, expression: &str) {
        let start = Instant::now();
        while self.value(&format!("Boolean({expression})")) != true {
            assert!(start.elapsed() < PATIENCE, "never came true: {expression}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Where the first element of a CSS selector is.
    fn element(&self, css: &str) -> String {
        let found = self.post("/element", &json!({ "using": "css selector", "value": css }));
        let id = found.as_object().and_then(|o| o.values().next()).and_then(Value::as_str);
        format!("/element/{}", id.unwrap_or_else(|| panic!("{css}: not found")))
    }

    /// Clicks on the first element of a CSS selector, as a person does: fails where something covers it.
    pub fn click(&self, css: &str) {
        self.post(&format!("{}/click", self.element(css)), &json!({}));
    }

    /// Types into the first element of a CSS selector; `\u{e007}` is Enter, `\u{e00c}` Escape, `\u{e004}` Tab.
    pub fn type_into(&self, css: &str, text: &str) {
        self.post(&format!("{}/value", self.element(css)), &json!({ "text": text }));
    }

    /// Chooses the option of a list by its text.
    pub fn choose(&self, css: &str, option: &str) {
        let (css, option) = (json!(css), json!(option));
        self.value(&format!(
            "(() => {{ const list = document.querySelector({css});
                const option = [...list.options].find(o => o.text.startsWith({option}));
                list.value = option.value;
                list.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()"
        ));
    }

    /// The page as PDF, on the paper that its style sheet asks for, or else on `paper` (width and height in inches).
    pub fn print(&self, paper: Option<(f64, f64)>) -> Vec<u8> {
        let mut params = json!({ "preferCSSPageSize": paper.is_none(), "printBackground": true });
        if let Some((width, height)) = paper {
            params["paperWidth"] = json!(width);
            params["paperHeight"] = json!(height);
        }
        let pdf = self.devtools("Page.printToPDF", &params);
        decoded(pdf["data"].as_str().unwrap())
    }

    /// Shows the page as on paper.
    pub fn paper(&self) {
        self.devtools("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    }

    /// Whether the first element of a CSS selector can be seen.
    pub fn sees(&self, css: &str) -> bool {
        let answer = self.agent.get(format!("{}{}/displayed", self.session, self.element(css))).call();
        let answer: Value = answer.unwrap().body_mut().read_json().unwrap();
        answer["value"] == true
    }

    /// What stands in the console since the last time it was asked for.
    pub fn console(&self) -> Vec<String> {
        self.log("browser").iter().map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// All that was asked of the network or the disk since the last time. Left out are `data:`, which asks no one, and
    /// `chrome:`, the browser's own first page.
    pub fn requests(&self) -> Vec<String> {
        let events = self.log("performance");
        let messages =
            events.iter().map(|e| serde_json::from_str::<Value>(e["message"].as_str().unwrap_or("{}")).unwrap());
        let urls = messages
            .filter(|m| m["message"]["method"] == "Network.requestWillBeSent")
            .map(|m| m["message"]["params"]["request"]["url"].as_str().unwrap_or_default().to_owned());
        urls.filter(|url| !url.starts_with("data:") && !url.starts_with("chrome:")).collect()
    }

    fn log(&self, kind: &str) -> Vec<Value> {
        self.post("/se/log", &json!({ "type": kind })).as_array().cloned().unwrap_or_default()
    }

    /// What axe-core finds amiss by WCAG 2.2 A and AA and by good practice: a line a rule and place.
    pub fn axe(&self) -> Vec<String> {
        let axe = fs::read_to_string(axe()).unwrap_or_else(|e| panic!("axe-core ({e}): run tests/install"));
        self.post("/execute/sync", &json!({ "script": axe, "args": [] }));
        let script = "const done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ['violations'] }).then(found => done(found.violations.flatMap(rule =>
                rule.nodes.map(node => `${rule.id}: ${node.target} ${node.failureSummary}`))),
                error => done([String(error)]));";
        let found = self.post("/execute/async", &json!({ "script": script, "args": [] }));
        found.as_array().unwrap().iter().map(|line| line.as_str().unwrap_or_default().to_owned()).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Chromium goes with its session; the driver would leave it behind.
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Where `tests/install` puts axe-core.
fn axe() -> PathBuf {
    Path::new(&std::env::var("HOME").unwrap()).join(".cache/klantreis-tests/axe/axe_playwright_python/axe.min.js")
}

/// Number of pages of a PDF by Chromium, whose page objects are not compressed.
pub fn pages(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    text.matches("/Type /Page").count() - text.matches("/Type /Pages").count()
}

/// Base64 (RFC 4648).
fn decoded(text: &str) -> Vec<u8> {
    let sextet = |b: u8| match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    for four in text.trim_end_matches('=').as_bytes().chunks(4) {
        let bits = (0..4).fold(0_u32, |bits, n| bits << 6 | four.get(n).map_or(0, |b| u32::from(sextet(*b))));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..four.len()]);
    }
    bytes
}
