//! A whole server for tests: samples in a folder of its own, a free port, and a client that speaks JSON.
#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(missing_docs)]

pub mod browser;
pub mod driver;
pub mod embedder;
pub mod failed;
pub mod model;
pub mod process;
pub mod provider;
pub mod sought;

use std::time::Duration;

use aizuchi::{
    app::App,
    config::{Limits, ModelSettings, Settings},
    domain::{Principal, Role, Timestamp, Workspace, WorkspaceId},
    http,
    knowledge::File,
    wire,
};
use reqwest::{Method, RequestBuilder, header::HeaderMap};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// What the small shop knows: enough for a draft, little enough to start in a moment.
pub const SMALL_FAQ: &str = r#"{"key": "returns", "title": "返品の期限を教えてください。", "answer": "返品は、商品の到着後7日以内に承ります。\nお客様のご都合による返品の送料は、税込880円をご負担いただきます。", "note": "SVの判断で延長できる。", "url": "https://small.example/faq/returns"}
{"key": "delivery", "title": "注文した商品はいつ届きますか。", "answer": "ご注文の確定後、3営業日以内に発送いたします。\n発送の翌日から2日でお届けいたします。", "url": "https://small.example/faq/delivery"}
{"key": "receipt", "title": "領収書は発行できますか。", "answer": "領収書は、マイページのご注文履歴から発行していただけます。"}
"#;
const SMALL_REPLIES: &str = r#"{"key": "reply-1", "date": "2026-01-05", "channel": "email", "situation": "return_request", "author": "佐藤", "team": "一次", "vendor": "外部", "inquiry": "返品したいです。", "reply": "このたびは返品のご連絡をいただき、ありがとうございます。\n到着後7日以内に承っております。"}
"#;

/// A question that the samples of every shop answer.
pub const RETURNS: &str = "お世話になっております。先日注文した商品を返品したいのですが、返品の期限を教えてください。";

pub struct TestServer {
    pub app: App,
    base: String,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<anyhow::Result<()>>,
    data: tempfile::TempDir,
}

impl TestServer {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut settings = Settings::new(data.path().join("data"));
        settings.drain = Duration::from_secs(600);
        change(&mut settings);
        let app = wire::open(settings).await.unwrap();
        wire::load_samples(&app).await.unwrap();
        Self::serve(app, data).await
    }

    /// The same on a day that does not pass.
    pub async fn start_on(day: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut settings = Settings::new(data.path().join("data"));
        change(&mut settings);
        let app = wire::open_at(settings, Timestamp::parse(day).unwrap()).await.unwrap();
        wire::load_samples(&app).await.unwrap();
        Self::serve(app, data).await
    }

    /// A shop named `small`, whose drafts are written by the model at `base_url`; its limits are those of a test that
    /// does not want to wait.
    pub async fn small(base_url: &str, change: impl FnOnce(&mut ModelSettings)) -> Self {
        let mut model = hasty(base_url);
        change(&mut model);
        Self::small_with(|settings| settings.models.default = Some(model)).await
    }

    pub async fn small_with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::holding(&[("faq/all.jsonl", SMALL_FAQ), ("replies/2026.jsonl", SMALL_REPLIES)], change).await
    }

    /// The workspace `small` with these files.
    pub async fn holding(files: &[(&str, &str)], change: impl FnOnce(&mut Settings)) -> Self {
        let server = Self::empty(change).await;
        server.open_small("小さな店").await;
        server.ingest(files).await;
        server
    }

    /// No shop at all.
    pub async fn empty(change: impl FnOnce(&mut Settings)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut settings = Settings::new(data.path().join("data"));
        settings.drain = Duration::from_secs(600);
        change(&mut settings);
        let app = wire::open(settings).await.unwrap();
        Self::serve(app, data).await
    }

    /// Opens the workspace `small` under a name.
    pub async fn open_small(&self, name: &str) {
        let small = Workspace { id: WorkspaceId::parse("small").unwrap(), name: name.to_owned() };
        self.app.open(&Principal::system(), small).await.unwrap();
    }

    /// Takes in the files of the workspace `small` as they are now.
    pub async fn ingest(&self, files: &[(&str, &str)]) {
        let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), bytes: text.as_bytes().to_vec() };
        let (id, files) = (WorkspaceId::parse("small").unwrap(), files.iter().map(file).collect());
        let source = wire::Folder::new(files, |_| None);
        let report = self.app.ingest(&Principal::system(), &id, &source.source()).await.unwrap();
        assert!(report.rejected.is_empty(), "{:?}", report.rejected);
    }

    async fn serve(app: App, data: tempfile::TempDir) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = app.clone();
        let served = tokio::spawn(async move {
            http::serve(serving, listener, async {
                let _ = stopped.await;
            })
            .await
        });
        Self { app, base, stop: Some(stop), served, data }
    }

    /// Where it listens, for a browser.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Whoever sits at the machine.
    pub fn local(&self) -> Client {
        Client { base: self.base.clone(), http: http(), key: None }
    }

    /// The holder of a new key.
    pub async fn as_key(&self, workspace: &str, role: Role) -> Client {
        let workspace = WorkspaceId::parse(workspace).unwrap();
        let made = self.app.create_key(&Principal::system(), &workspace, role, "test").await.unwrap();
        Client { key: Some(made.secret.reveal().to_owned()), ..self.local() }
    }

    /// The ids of the sample shops.
    pub async fn shops(&self) -> Vec<String> {
        let all = self.app.workspaces(&Principal::system()).await.unwrap();
        let ids: Vec<String> = all.into_iter().map(|workspace| workspace.id.to_string()).collect();
        assert!(ids.len() >= 2, "the samples have two shops");
        ids
    }

    pub fn ask_to_stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    /// The next server over the same data.
    pub async fn restarted(self) -> Self {
        self.restarted_with(|_| {}).await
    }

    /// The same with other settings.
    pub async fn restarted_with(self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut resting = self.rested().await;
        change(&mut resting.settings);
        resting.serving(None).await
    }

    /// Stopped, its data at rest.
    pub async fn rested(mut self) -> Resting {
        self.ask_to_stop();
        let Self { app, served, data, .. } = self;
        served.await.unwrap().unwrap();
        Resting { settings: app.settings().clone(), data }
    }

    /// Resolves when the server has returned.
    pub async fn stopped(mut self) -> anyhow::Result<()> {
        self.ask_to_stop();
        self.served.await.unwrap()
    }
}

/// A server's data between two servers.
pub struct Resting {
    pub settings: Settings,
    data: tempfile::TempDir,
}

impl Resting {
    /// The next server, on a day that does not pass if one is named.
    pub async fn serving(self, day: Option<&str>) -> TestServer {
        let Self { settings, data } = self;
        // The file is free once the task that wrote to it has gone.
        let opened = async {
            loop {
                let opened = match day {
                    None => wire::open(settings.clone()).await,
                    Some(day) => wire::open_at(settings.clone(), Timestamp::parse(day).unwrap()).await,
                };
                match opened {
                    Ok(app) => return app,
                    Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                }
            }
        };
        let app = tokio::time::timeout(Duration::from_secs(30), opened).await.expect("the data can be opened again");
        TestServer::serve(app, data).await
    }
}

/// The model at `base_url`, with the limits of a test that does not want to wait.
pub fn hasty(base_url: &str) -> ModelSettings {
    let limits = Limits {
        deadline: Duration::from_secs(4),
        connect: Duration::from_millis(500),
        first_byte: Duration::from_millis(700),
        idle: Duration::from_millis(500),
        retries: 1,
        concurrency: 8,
    };
    ModelSettings { limits, ..ModelSettings::new(base_url, "large") }
}

/// Without a provider of TLS the library refuses to make a client, even for plain HTTP.
pub fn http() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

#[derive(Clone)]
pub struct Client {
    base: String,
    http: reqwest::Client,
    key: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub json: Value,
}

impl Client {
    /// Of a server that somebody else started.
    pub fn at(base: &str) -> Self {
        Self { base: base.to_owned(), http: http(), key: None }
    }

    pub fn with_key(&self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self.clone() }
    }

    /// The key it sends.
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::POST, path).json(body)).await
    }

    pub async fn post_once(&self, path: &str, key: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::POST, path).header("idempotency-key", key).json(body)).await
    }

    /// A form as a browser sends it.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let body = serde_urlencoded::to_string(fields).unwrap();
        let kind = "application/x-www-form-urlencoded";
        self.request(Method::POST, path).header("content-type", kind).body(body)
    }

    /// A suggestion whose draft can be decided on.
    pub async fn draft(&self, workspace: &str) -> Value {
        let answer = self.post("/v1/inquiries", &inquiry(workspace, RETURNS)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert!(answer.json["draft"].is_object(), "{}", answer.text);
        answer.json
    }
}

impl Answer {
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self { status, headers, text, json }
    }

    /// Checks that this is a whole problem, and gives its code.
    pub fn problem(&self) -> String {
        let text = &self.text;
        assert_eq!(self.header("content-type"), "application/problem+json", "{text}");
        assert_eq!(self.json["status"], self.status, "{text}");
        assert_eq!(self.json["request_id"], self.header("x-request-id"), "{text}");
        for field in ["type", "title", "code", "detail"] {
            assert!(self.json[field].as_str().is_some_and(|words| !words.is_empty()), "{field}: {text}");
        }
        self.json["code"].as_str().unwrap().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// One server-sent event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub id: usize,
    pub name: String,
    pub data: Value,
}

/// The events of a stream that came to its end; comments are passed over.
pub fn events(text: &str) -> Vec<Event> {
    let field = |block: &str, name: &str| -> Option<String> {
        block
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(|rest| rest.trim_start().to_owned()))
    };
    let blocks = text.split("\n\n").filter(|block| field(block, "event").is_some());
    let event = |block: &str| Event {
        id: field(block, "id").unwrap().parse().unwrap(),
        name: field(block, "event").unwrap(),
        data: serde_json::from_str(&field(block, "data").unwrap()).unwrap(),
    };
    blocks.map(event).collect()
}

pub fn inquiry(workspace: &str, text: &str) -> Value {
    json!({"workspace": workspace, "channel": "email", "text": text})
}

/// The words at a span of code points.
pub fn at(text: &str, span: &Value) -> String {
    let (start, end) = (span["start"].as_u64().unwrap() as usize, span["end"].as_u64().unwrap() as usize);
    assert!(start <= end && end <= text.chars().count(), "{span} in a text of {}", text.chars().count());
    text.chars().skip(start).take(end - start).collect()
}
