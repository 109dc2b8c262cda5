//! A real browser, asked over WebDriver's plain JSON; [`super::driver`] starts it.
//!
//! Keys and compositions go in as trusted events, the way a keyboard and an input method send them. Everything that a page
//! asks the network for and everything that the console reports is kept, so that a test can say that there was nothing.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use base64::Engine as _;
use serde_json::{Value, json};

use super::driver::Driver;

/// How an element is named in answers.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// So long a page has to become what a test waits for.
const PATIENCE: Duration = Duration::from_secs(15);

/// One window.
pub struct Browser {
    driver: Arc<Driver>,
    session: String,
    base: String,
    _profile: tempfile::TempDir,
}

/// Something on a page.
#[derive(Debug, Clone)]
pub struct Element(String);

impl Browser {
    /// The window of a session, for the pages of one server.
    pub fn new(driver: Arc<Driver>, session: String, base: &str, profile: tempfile::TempDir) -> Self {
        Self { driver, session, base: base.to_owned(), _profile: profile }
    }

    async fn try_post(&self, path: &str, body: Value) -> Result<Value, String> {
        self.driver.call(reqwest::Method::POST, &format!("{}{path}", self.session), Some(body)).await
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.try_post(path, body).await.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    async fn get(&self, path: &str) -> Value {
        let path = format!("{}{path}", self.session);
        self.driver.call(reqwest::Method::GET, &path, None).await.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// A command of the browser's own protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.post("/goog/cdp/execute", json!({"cmd": command, "params": parameters})).await
    }

    /// Opens a path of the server, or a whole address.
    pub async fn open(&self, path: &str) {
        let url = if path.starts_with('/') { format!("{}{path}", self.base) } else { path.to_owned() };
        self.post("/url", json!({"url": url})).await;
    }

    /// The path of the page that is open, with what stands behind `?` and `#`.
    pub async fn path(&self) -> String {
        let url = self.get("/url").await.as_str().unwrap().to_owned();
        url.strip_prefix(&self.base).map(str::to_owned).unwrap_or(url)
    }

    /// The element of a selector, if there is one now.
    pub async fn seek(&self, selector: &str) -> Option<Element> {
        let found = self.try_post("/element", json!({"using": "css selector", "value": selector})).await.ok()?;
        Some(Element(found[ELEMENT].as_str().unwrap().to_owned()))
    }

    /// The element of a selector, as soon as there is one.
    pub async fn find(&self, selector: &str) -> Element {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = self.seek(selector).await {
                return found;
            }
            assert!(Instant::now() < until, "{selector} is not on {}", self.path().await);
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// Clicks what a selector names.
    pub async fn click(&self, selector: &str) {
        let element = self.find(selector).await;
        self.post(&format!("/element/{}/click", element.0), json!({})).await;
    }

    /// Clicks what leads to another page, and waits until that is there.
    pub async fn follow(&self, selector: &str) {
        self.leave(async { self.click(selector).await }).await;
    }

    /// Does something that leads to another page, and waits until that is there.
    pub async fn leave(&self, doing: impl Future<Output = ()>) {
        self.run("document.documentElement.setAttribute('data-left-behind', '')").await;
        doing.await;
        self.until("!document.documentElement.hasAttribute('data-left-behind') && document.readyState === 'complete'")
            .await;
    }

    /// Writes into what a selector names, over what stands there.
    pub async fn write(&self, selector: &str, text: &str) {
        let element = self.find(selector).await;
        self.post(&format!("/element/{}/clear", element.0), json!({})).await;
        self.post(&format!("/element/{}/value", element.0), json!({"text": text})).await;
    }

    /// The words that a reader sees of what a selector names.
    pub async fn words(&self, selector: &str) -> String {
        let element = self.find(selector).await;
        self.get(&format!("/element/{}/text", element.0)).await.as_str().unwrap().to_owned()
    }

    /// What a function's body gives on the page that is open.
    pub async fn eval(&self, body: &str) -> Value {
        self.post("/execute/sync", json!({"script": body, "args": []})).await
    }

    /// What the promise of a function's body comes to.
    pub async fn awaited(&self, body: &str) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async () => {{ {body} }})().then(done, (error) => done({{ failed: String(error) }}));"
        );
        let value = self.post("/execute/async", json!({"script": script, "args": []})).await;
        assert!(value["failed"].is_null(), "{}", value["failed"]);
        value
    }

    /// Runs a statement.
    pub async fn run(&self, script: &str) {
        self.eval(script).await;
    }

    /// Waits until an expression is true, also over a change of page.
    pub async fn until(&self, expression: &str) {
        let until = Instant::now() + PATIENCE;
        let body = json!({"script": format!("return Boolean({expression})"), "args": []});
        while self.try_post("/execute/sync", body.clone()).await != Ok(Value::Bool(true)) {
            assert!(Instant::now() < until, "never so on {}: {expression}", self.path().await);
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// Presses a key and lets it go, with modifiers held (`Shift`, `Control`), as a keyboard of W3C actions does.
    pub async fn press(&self, keys: &[&str]) {
        let code = |key: &str| match key {
            "Shift" => "\u{e008}".to_owned(),
            "Control" => "\u{e009}".to_owned(),
            "Escape" => "\u{e00c}".to_owned(),
            "Enter" => "\u{e007}".to_owned(),
            "Tab" => "\u{e004}".to_owned(),
            other => other.to_owned(),
        };
        let down = keys.iter().map(|key| json!({"type": "keyDown", "value": code(key)}));
        let up = keys.iter().rev().map(|key| json!({"type": "keyUp", "value": code(key)}));
        let actions: Vec<Value> = down.chain(up).collect();
        self.post("/actions", json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})).await;
    }

    /// A key that gives something else than its place says: `か` at `KeyT`, or what an input method keeps (code 229).
    pub async fn press_at(&self, place: &str, key: &str, code: u32) {
        for kind in ["rawKeyDown", "keyUp"] {
            let parameters = json!({"type": kind, "key": key, "code": place, "windowsVirtualKeyCode": code});
            self.devtools("Input.dispatchKeyEvent", parameters).await;
        }
    }

    /// An input method shows `text` as not yet decided in the field that has the focus.
    pub async fn compose(&self, text: &str) {
        let end = text.encode_utf16().count();
        self.devtools("Input.imeSetComposition", json!({"text": text, "selectionStart": end, "selectionEnd": end}))
            .await;
    }

    /// An input method ends with `text`.
    pub async fn commit(&self, text: &str) {
        self.devtools("Input.insertText", json!({"text": text})).await;
    }

    /// The page's size; a window of its own is never narrower than 500.
    pub async fn resize(&self, width: u32, height: u32) {
        let mobile = width < 640;
        let shape = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile});
        self.devtools("Emulation.setDeviceMetricsOverride", shape).await;
    }

    /// Light or dark, as the system says.
    pub async fn theme(&self, theme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": theme}]);
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await;
    }

    /// Whether pages run scripts.
    pub async fn scripts(&self, run: bool) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({"value": !run})).await;
    }

    /// The window as a picture.
    pub async fn screenshot(&self) -> Vec<u8> {
        let picture = self.get("/screenshot").await;
        base64::engine::general_purpose::STANDARD.decode(picture.as_str().unwrap()).unwrap()
    }

    /// Whether a page has a dialog of the browser open (`alert` and its kin).
    pub async fn has_dialog(&self) -> bool {
        let path = format!("{}/alert/text", self.session);
        self.driver.call(reqwest::Method::GET, &path, None).await.is_ok()
    }

    /// Whatever went wrong since this was last asked: what was asked of another server, and what the console reports
    /// (violated policies, errors of scripts). That the server itself refused a page is no trouble.
    pub async fn troubles(&self) -> Vec<String> {
        let mut troubles = Vec::new();
        for entry in self.log("performance").await {
            let message: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
            let message = &message["message"];
            // The browser's own first tab.
            if message["params"]["documentURL"].as_str().is_some_and(|it| it.starts_with("chrome:")) {
                continue;
            }
            let url = match message["method"].as_str().unwrap() {
                "Network.requestWillBeSent" => &message["params"]["request"]["url"],
                "Network.webSocketCreated" => &message["params"]["url"],
                _ => continue,
            };
            let url = url.as_str().unwrap();
            if !url.starts_with(&self.base)
                && !url.starts_with("chrome:")
                && !url.starts_with("data:")
                && url != "about:blank"
            {
                troubles.push(format!("asked for {url}"));
            }
        }
        for entry in self.log("browser").await {
            let refused = entry["source"] == "network" && entry["message"].as_str().is_some_and(|it| it.contains(" 4"));
            if entry["level"] == "SEVERE" && !refused {
                troubles.push(format!("{}: {}", entry["source"], entry["message"]));
            }
        }
        troubles
    }

    async fn log(&self, kind: &str) -> Vec<Value> {
        self.post("/se/log", json!({"type": kind})).await.as_array().unwrap().clone()
    }
}
