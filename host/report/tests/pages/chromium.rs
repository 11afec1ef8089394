//! A browser without a window, told what to do by the
//! [DevTools protocol](https://chromedevtools.github.io/devtools-protocol/) over two pipes: no port
//! that another process could listen on, and no driver beside the browser.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

/// Names the browser, where it is none of [`NAMES`].
const BROWSER: &str = "REGUA_TEST_BROWSER";
/// What it may be called; `cargo xtask setup` looks for the same.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
/// A busy machine takes long, a browser that hangs takes for ever.
const PATIENCE: Duration = Duration::from_mins(2);

/// A browser with one page.
pub struct Chromium {
    child: Child,
    orders: ChildStdin,
    answers: Receiver<Value>,
    session: String,
    sent: u64,
    /// What it told without being asked.
    pub events: Vec<Value>,
    _profile: tempfile::TempDir,
}

impl Chromium {
    /// Starts the browser, and fails where there is none.
    pub fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        // The protocol is spoken over descriptors 3 and 4, which the shell makes of its own 0 and 1.
        let mut child = Command::new("sh")
            .args(["-c", r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null"#])
            .arg(browser())
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
            ])
            .args(["--remote-debugging-pipe", "--disable-dev-shm-usage"])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
            ])
            .args([
                "--disable-sync",
                "--disable-extensions",
                "--hide-scrollbars",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the browser starts");
        let (tell, answers) = channel();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            let mut text = Vec::new();
            while said.read_until(0, &mut text).is_ok_and(|length| length > 0) {
                let answer = serde_json::from_slice(text.strip_suffix(&[0]).unwrap_or(&text));
                if !answer.is_ok_and(|answer| tell.send(answer).is_ok()) {
                    break;
                }
                text.clear();
            }
        });
        let mut browser = Self {
            orders: child.stdin.take().unwrap(),
            child,
            answers,
            session: String::new(),
            sent: 0,
            events: Vec::new(),
            _profile: profile,
        };
        let page = browser.order("Target.createTarget", json!({ "url": "about:blank" }));
        let page = json!({ "targetId": page["targetId"], "flatten": true });
        let attached = browser.order("Target.attachToTarget", page);
        attached["sessionId"]
            .as_str()
            .unwrap()
            .clone_into(&mut browser.session);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.order(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Gives an order, and waits for what comes of it.
    pub fn order(&mut self, method: &str, params: Value) -> Value {
        self.sent += 1;
        let mut order = json!({ "id": self.sent, "method": method });
        order["params"] = params;
        if !self.session.is_empty() {
            order["sessionId"] = json!(self.session);
        }
        self.orders.write_all(order.to_string().as_bytes()).unwrap();
        self.orders.write_all(&[0]).unwrap();
        loop {
            let mut answer = self.hear(method);
            if answer["id"] == self.sent {
                assert_eq!(answer["error"], Value::Null, "{method}");
                return answer["result"].take();
            }
            self.events.push(answer);
        }
    }

    fn hear(&self, what_for: &str) -> Value {
        let heard = self.answers.recv_timeout(PATIENCE);
        heard.unwrap_or_else(|error| panic!("the browser, asked for {what_for}: {error}"))
    }

    /// Opens a file, and waits until it is there.
    pub fn open(&mut self, file: &Path) {
        self.events.clear();
        let opened = self.order(
            "Page.navigate",
            json!({ "url": format!("file://{}", file.display()) }),
        );
        assert_eq!(opened["errorText"], Value::Null);
        let is_loaded = |event: &Value| event["method"] == "Page.loadEventFired";
        while !self.events.iter().any(is_loaded) {
            let event = self.hear("a page");
            self.events.push(event);
        }
    }

    /// Makes the screen so wide.
    pub fn resize(&mut self, width: u32, height: u32) {
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
        });
        self.order("Emulation.setDeviceMetricsOverride", size);
    }

    /// Prefers `light` or `dark`, on `screen` or in `print`.
    pub fn prefer(&mut self, medium: &str, scheme: &str) {
        let scheme = json!({ "name": "prefers-color-scheme", "value": scheme });
        let media = json!({ "media": medium, "features": [scheme] });
        self.order("Emulation.setEmulatedMedia", media);
    }

    /// What an expression is on the page.
    pub fn look(&mut self, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "returnByValue": true });
        let mut found = self.order("Runtime.evaluate", asked);
        assert_eq!(found["exceptionDetails"], Value::Null, "{expression}");
        found["result"]["value"].take()
    }

    /// The page on paper.
    pub fn print(&mut self) -> Vec<u8> {
        let printed = self.order(
            "Page.printToPDF",
            json!({ "preferCSSPageSize": true, "printBackground": true }),
        );
        BASE64_STANDARD
            .decode(printed["data"].as_str().unwrap())
            .unwrap()
    }

    /// A picture of the whole page.
    pub fn picture(&mut self) -> Vec<u8> {
        let asked = json!({ "captureBeyondViewport": true });
        let taken = self.order("Page.captureScreenshot", asked);
        BASE64_STANDARD
            .decode(taken["data"].as_str().unwrap())
            .unwrap()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn browser() -> PathBuf {
    if let Some(named) = std::env::var_os(BROWSER) {
        return named.into();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut files =
        std::env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name)));
    files.find(|file| file.is_file()).unwrap_or_else(|| {
        panic!(
            "no browser is installed, and reports are looked at in one: `cargo xtask setup` brings \
             Chromium, or {BROWSER} names one"
        )
    })
}
