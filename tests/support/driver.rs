//! Debian's `chromedriver` as a child on a free port, and the browsers that it starts.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::browser::Browser;

/// A `chromedriver` that runs; it ends with its browsers when it is dropped.
pub struct Driver {
    process: Child,
    port: u16,
    http: reqwest::Client,
}

impl Driver {
    /// Starts one; `None`, with the test's name written down as skipped, where there is none.
    pub fn start(test: &str) -> Option<Arc<Self>> {
        let started = Command::new("chromedriver")
            .arg("--port=0")
            .envs([("no_proxy", "127.0.0.1,localhost"), ("NO_PROXY", "127.0.0.1,localhost")])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut process) = started else {
            skipped(test);
            return None;
        };
        let (said, hears) = mpsc::channel();
        let output = process.stdout.take().unwrap();
        // Reads to the end, so that the driver never waits for a reader.
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some(port) = line
                    .split("started successfully on port ")
                    .nth(1)
                    .and_then(|rest| rest.trim_end_matches('.').parse().ok())
                {
                    let _ = said.send(port);
                }
            }
        });
        let port = hears.recv_timeout(Duration::from_secs(30)).expect("chromedriver says where it listens");
        Some(Arc::new(Self { process, port, http: super::http() }))
    }

    /// A browser with nothing in it, as wide and high as a laptop, for the pages of one server.
    pub async fn browser(self: &Arc<Self>, base: &str) -> Browser {
        let profile = tempfile::tempdir().unwrap();
        let data = format!("--user-data-dir={}", profile.path().display());
        let flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--no-proxy-server",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--force-color-profile=srgb",
            // What fades in is not there yet for the driver.
            "--force-prefers-reduced-motion",
            &data,
        ];
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            // A dialog that a page opens stays open, and every later command fails with it.
            "unhandledPromptBehavior": "ignore",
            "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"},
            "goog:chromeOptions": {"args": flags},
        }}});
        let made = self.call(reqwest::Method::POST, "/session", Some(wanted)).await.unwrap();
        let session = format!("/session/{}", made["sessionId"].as_str().unwrap());
        let browser = Browser::new(self.clone(), session, base, profile);
        browser.resize(1366, 768).await;
        browser
    }

    /// One command; what was not so in the driver's words.
    pub async fn call(&self, method: reqwest::Method, path: &str, body: Option<Value>) -> Result<Value, String> {
        let request = self.http.request(method, format!("http://127.0.0.1:{}{path}", self.port));
        let request = body.iter().fold(request, reqwest::RequestBuilder::json);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        let value = answer["value"].clone();
        match value["error"].as_str() {
            Some(error) => Err(format!("{error}: {}", value["message"].as_str().unwrap_or_default())),
            None => Ok(value),
        }
    }
}

impl Drop for Driver {
    /// Also where a test fails in the middle: `/shutdown` ends its browsers too, which a signal would leave behind.
    fn drop(&mut self) {
        if let Ok(mut line) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = line.set_read_timeout(Some(Duration::from_secs(10)));
            let _ = line.write_all(b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            let _ = line.read_to_end(&mut Vec::new());
        }
        let until = Instant::now() + Duration::from_secs(5);
        while Instant::now() < until && matches!(self.process.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Writes a test's name where `tests/run` looks for what did not run.
pub fn skipped(test: &str) {
    if let Ok(file) = std::env::var("AIZUCHI_SKIPS") {
        let mut skips = std::fs::OpenOptions::new().append(true).create(true).open(file).unwrap();
        writeln!(skips, "{test}").unwrap();
    }
    eprintln!("no chromedriver: {test} was skipped");
}
