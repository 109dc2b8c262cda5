//! What a collector of traces and a reader of numbers get to see, from the binary as users run it.

mod support;

use std::{
    fs,
    process::Command,
    sync::{Arc, Mutex},
};

use aizuchi::domain::Role;
use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{AnyValue, any_value},
    trace::v1::Span,
};
use prost::Message as _;
use serde_json::json;
use support::{
    RETURNS, SMALL_FAQ, TestServer, inquiry,
    model::{ScriptedServer, Turn},
    process::Server,
};

const GOOD: &str = "ご連絡ありがとうございます。\n返品は、商品の到着後7日以内に承ります。";

/// A collector that keeps what it is sent.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Bytes>>>);

impl Collector {
    async fn start() -> (Self, String) {
        let collector = Self::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let take = async |State(collector): State<Collector>, headers: HeaderMap, body: Bytes| {
            assert_eq!(headers["content-type"], "application/x-protobuf");
            collector.0.lock().unwrap().push(body);
        };
        let router = Router::new().route("/v1/traces", post(take)).with_state(collector.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (collector, base)
    }

    fn spans(&self) -> Vec<Span> {
        let bodies = self.0.lock().unwrap();
        let requests = bodies.iter().map(|body| ExportTraceServiceRequest::decode(body.clone()).unwrap());
        let resources = requests.flat_map(|request| request.resource_spans);
        resources.flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans).collect()
    }

    fn holds(&self, words: &str) -> bool {
        self.0.lock().unwrap().iter().any(|body| body.windows(words.len()).any(|part| part == words.as_bytes()))
    }
}

fn attribute(span: &Span, name: &str) -> Option<String> {
    let found = span.attributes.iter().find(|one| one.key == name)?;
    Some(match found.value.clone()? {
        AnyValue { value: Some(any_value::Value::StringValue(text)) } => text,
        AnyValue { value: Some(any_value::Value::IntValue(number)) } => number.to_string(),
        other => format!("{other:?}"),
    })
}

/// Runs the binary over a small shop while `work` talks to it.
async fn observed(model: &ScriptedServer, variables: &[(&str, &str)], work: impl AsyncFnOnce(&Server)) {
    let folder = tempfile::tempdir().unwrap();
    let (shop, data) = (folder.path().join("shop"), folder.path().join("data"));
    fs::create_dir_all(shop.join("faq")).unwrap();
    fs::write(shop.join("faq/all.jsonl"), SMALL_FAQ).unwrap();
    let ingest = Command::new(env!("CARGO_BIN_EXE_aizuchi"))
        .args(["ingest", "--workspace", "small", "--data"])
        .args([&data, &shop])
        .output()
        .unwrap();
    assert!(ingest.status.success(), "{}", String::from_utf8_lossy(&ingest.stderr));
    let base = model.base();
    let all: Vec<_> = [("AIZUCHI_LLM_BASE_URL", base.as_str()), ("AIZUCHI_LLM_MODEL", "large")]
        .into_iter()
        .chain(variables.iter().copied())
        .collect();
    let server = Server::start(&data, &["serve"], &all);
    work(&server).await;
    server.stop();
}

async fn ask(server: &Server) -> serde_json::Value {
    let request = support::http().post(format!("{}/v1/inquiries", server.base)).json(&inquiry("small", RETURNS));
    request.send().await.unwrap().json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_gets_one_span_a_stage_and_no_words_of_anybody() {
    let model = ScriptedServer::start(vec![Turn::unavailable(), Turn::says(GOOD)]).await;
    let (collector, endpoint) = Collector::start().await;
    observed(&model, &[("AIZUCHI_OTLP_ENDPOINT", &endpoint)], async |server| {
        assert_eq!(ask(server).await["draft"]["drafter"], "prompted");
    })
    .await;
    let spans = collector.spans();
    let named = |name: &str| spans.iter().filter(|span| span.name == name).collect::<Vec<_>>();
    let stages = ["receive", "retrieve", "draft", "check", "record"].map(|stage| {
        let found = named(stage);
        assert_eq!(found.len(), 1, "{stage} of {:?}", spans.iter().map(|span| &span.name).collect::<Vec<_>>());
        found[0]
    });
    let request =
        named("request").into_iter().find(|span| attribute(span, "http.path").as_deref() == Some("/v1/inquiries"));
    let request = request.expect("the request");
    for stage in stages {
        assert_eq!(stage.trace_id, request.trace_id, "{}", stage.name);
        assert!(stage.end_time_unix_nano >= stage.start_time_unix_nano);
    }
    let chats = named("chat large");
    assert_eq!(chats.len(), 2, "a failed attempt and a good one");
    let (failed, good) = (chats[0], chats[1]);
    assert_eq!(good.parent_span_id, stages[2].span_id, "asked while drafting");
    for (name, value) in [
        ("gen_ai.operation.name", "chat"),
        ("gen_ai.request.model", "large"),
        ("gen_ai.response.model", "scripted-model"),
        ("gen_ai.usage.input_tokens", "120"),
        ("gen_ai.usage.output_tokens", "42"),
        ("gen_ai.response.finish_reasons", "stop"),
        ("server.address", "127.0.0.1"),
    ] {
        assert_eq!(attribute(good, name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(attribute(failed, "error.type").as_deref(), Some("server_error"));
    assert_eq!(failed.status.as_ref().map(|status| status.code), Some(2), "an error by its status too");
    assert!(!collector.holds("返品") && !collector.holds("承り"), "content is off unless it is asked for");
}

#[tokio::test(flavor = "multi_thread")]
async fn content_goes_out_only_where_it_is_asked_for() {
    let model = ScriptedServer::answering(GOOD).await;
    let (collector, endpoint) = Collector::start().await;
    let variables = [("AIZUCHI_OTLP_ENDPOINT", endpoint.as_str()), ("AIZUCHI_OTLP_CONTENT", "true")];
    observed(&model, &variables, async |server| {
        ask(server).await;
    })
    .await;
    assert!(collector.holds("返品の期限を教えて") && collector.holds("gen_ai.output.messages"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_not_there_stops_nothing() {
    let model = ScriptedServer::answering(GOOD).await;
    observed(&model, &[("AIZUCHI_OTLP_ENDPOINT", "http://127.0.0.1:9")], async |server| {
        assert_eq!(ask(server).await["draft"]["drafter"], "prompted");
    })
    .await;
}

/// The value of a number with these labels; the sum where several have them.
fn number(text: &str, name: &str, labels: &[&str]) -> f64 {
    let lines = text.lines().filter(|line| line.starts_with(name) && labels.iter().all(|label| line.contains(label)));
    lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_numbers_tell_of_drafts_tokens_costs_fallbacks_and_acceptance() {
    let model = ScriptedServer::answering(GOOD).await;
    let server = TestServer::small(&model.base(), |settings| {
        settings.price = Some(aizuchi::config::Price { prompt: 2.5, cached: Some(0.25), completion: 10.0 });
    })
    .await;
    let client = server.local();
    for (turn, action) in [
        (Turn::says(GOOD), Some("accept")),
        (Turn::says(GOOD), Some("reject")),
        (Turn::says(GOOD).finish("length"), None),
    ] {
        model.now_does(turn);
        let suggestion = client.post("/v1/inquiries", &inquiry("small", RETURNS)).await.json;
        if let Some(action) = action {
            let path = format!("/v1/drafts/{}/decision", suggestion["draft"]["id"].as_str().unwrap());
            assert_eq!(client.post(&path, &json!({"action": action})).await.status, 201);
        }
    }
    let answer = client.get("/metrics").await;
    assert!(answer.header("content-type").starts_with("text/plain; version=0.0.4"));
    let text = answer.text;
    let one = |name: &str, labels: &[&str]| number(&text, name, labels);
    let prompted = [r#"workspace="small""#, r#"outcome="answer""#, r#"drafter="prompted""#];
    assert_eq!(one("aizuchi_suggestions_total", &prompted), 2.0, "{text}");
    assert_eq!(one("aizuchi_fallbacks_total", &[r#"failure="incomplete""#]), 1.0, "{text}");
    assert_eq!(one("aizuchi_decisions_total", &[r#"action="accept""#, r#"drafter="prompted""#]), 1.0, "{text}");
    assert_eq!(one("aizuchi_decisions_total", &[r#"action="reject""#]), 1.0, "{text}");
    assert_eq!(one("aizuchi_model_attempts_total", &[r#"failure="none""#]), 2.0, "{text}");
    assert_eq!(one("aizuchi_model_tokens_total", &[r#"kind="completion""#]), 3.0 * 42.0, "{text}");
    let each = (120.0 - 64.0) * 2.5 + 64.0 * 0.25 + 42.0 * 10.0;
    assert!((one("aizuchi_model_cost_micros_total", &[]) - 3.0 * each).abs() <= 3.0, "{text}");
    for stage in ["receive", "retrieve", "draft", "check", "record"] {
        let label = format!(r#"stage="{stage}""#);
        assert_eq!(one("aizuchi_stage_seconds_count", &[&label]), 3.0, "{stage}: {text}");
    }
    // A key opens one workspace, and the numbers are of all.
    let admin = server.as_key("small", Role::Admin).await;
    assert_eq!(admin.get("/metrics").await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_numbers_can_be_read_at_an_address_of_their_own() {
    let model = ScriptedServer::answering(GOOD).await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    observed(&model, &[("AIZUCHI_METRICS_LISTEN", &address)], async |server| {
        ask(server).await;
        let text = support::http().get(format!("http://{address}/metrics")).send().await.unwrap().text().await.unwrap();
        assert_eq!(number(&text, "aizuchi_suggestions_total", &[r#"drafter="prompted""#]), 1.0, "{text}");
    })
    .await;
}
