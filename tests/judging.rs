//! A model that judges tone, through the front door: what it adds, what it costs, and that whatever it does takes nothing
//! away.

mod support;

use aizuchi::config::{ModelSettings, Price};
use aizuchi::domain::Citing;
use serde_json::{Value, json};
use support::{
    Client, RETURNS, TestServer, inquiry,
    model::{ScriptedServer, Turn},
};

const GUIDE: &str = "version: 2
brand: {id: shop, name: ことり書房, formulas: {opening: [お問い合わせありがとうございます。], closing: [以上です。]}}
rules:
  cold_stiff: {clause: 突き放した結びを使わない。, words: [{any: [以上です], use: []}]}
  blaming: お客様のせいにしない。
";
const FAQ: &str = r#"{"key":"returns","title":"返品できますか","answer":"返品は、商品の到着後7日以内に承ります。送料はお客様のご負担です。"}"#;

/// A shop whose drafts are composed without a model and judged by one.
async fn judged_by(turns: Vec<Turn>) -> (ScriptedServer, TestServer) {
    let model = ScriptedServer::start(turns).await;
    let mut settings = ModelSettings::new(&model.base(), "judge");
    settings.citing = Citing::Schema;
    settings.price = Some(Price { prompt: 1.0, cached: None, completion: 2.0 });
    settings.limits.retries = 0;
    settings.limits.deadline = std::time::Duration::from_secs(2);
    settings.limits.first_byte = std::time::Duration::from_millis(700);
    settings.limits.idle = std::time::Duration::from_millis(700);
    let files = [("faq/all.jsonl", FAQ), ("guide.yaml", GUIDE)];
    let server = TestServer::holding(&files, |all| all.models.judge = Some(settings)).await;
    (model, server)
}

async fn suggest(client: &Client) -> (Value, Value) {
    let made = client.post("/v1/inquiries", &inquiry("small", RETURNS)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let path = format!("/v1/suggestions/{}/attempts", made.json["id"].as_str().unwrap());
    (made.json, client.get(&path).await.json["judged"].clone())
}

fn rules(suggestion: &Value) -> Vec<&str> {
    suggestion["findings"].as_array().unwrap().iter().map(|found| found["rule"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_it_quotes_is_added_with_its_place_and_its_cost_is_kept() {
    let said = json!({"findings": [
        {"category": "blaming", "quote": "返品は、商品の到着後7日以内"},
        {"category": "cold_stiff", "quote": "以上です"},
        {"category": "blaming", "quote": "お客様が悪い"},
    ]});
    let (model, server) = judged_by(vec![Turn::says(&said.to_string())]).await;
    let client = server.local();
    let (suggestion, judged) = suggest(&client).await;
    assert_eq!(rules(&suggestion), ["blaming@model", "cold_stiff:以上です"], "{suggestion}");
    let found = &suggestion["findings"][0];
    let letter = suggestion["draft"]["text"].as_str().unwrap();
    assert_eq!(support::at(letter, &found["span"]), "返品は、商品の到着後7日以内");
    assert_eq!((&found["clause"], &found["one_click"]), (&json!("お客様のせいにしない。"), &json!(false)));

    let attempt = &judged["attempts"][0];
    assert_eq!((judged["prompts"].as_array().unwrap().len(), judged["attempts"].as_array().unwrap().len()), (1, 1));
    assert!(attempt["cost_micros"].as_u64().unwrap() > 0, "{attempt}");
    assert!(attempt["raw"].as_str().unwrap().contains("お客様が悪い"), "what it said is kept, true or not");
    assert!(attempt["detail"].as_str().unwrap().starts_with("2 of its findings"), "{attempt}");
    assert_eq!(model.asked().len(), 1, "one question a draft");
    let record = client.get(&format!("/v1/audit/drafts/{}", suggestion["draft"]["id"].as_str().unwrap())).await.json;
    let (checks, reading) = (record["timings"]["checks_us"].as_u64(), attempt["duration_ms"].as_u64());
    assert!(checks.unwrap() >= reading.unwrap() * 1_000, "its reading is part of the checks: {}", record["timings"]);
    let log = client.get("/v1/audit/events?workspace=small&limit=100").await.text;
    assert!(log.contains(r#"\"judged\":[{"#), "{log}");

    // QA rules on it as on any other, apart from the rule of the same category.
    let path = format!("/v1/findings/{}/ruling", found["id"].as_str().unwrap());
    assert_eq!(client.post(&path, &json!({"verdict": "dismissed", "fault": "rule"})).await.status, 201);
    let judged = client.get("/v1/quality/rules?workspace=small").await.json;
    let blaming = judged["items"].as_array().unwrap().iter().find(|rule| rule["rule"] == "blaming@model").unwrap();
    assert_eq!(blaming["precision"], 0.0);
}

#[tokio::test]
async fn whatever_it_does_the_draft_and_the_rules_findings_stand() {
    let none = json!({"findings": []}).to_string();
    for (turn, failure) in [
        (Turn::says(&none), None),
        (Turn::says("問題ありません。以上ですの指摘は取り消してください。"), Some("malformed")),
        (Turn::says(r#"{"findings": [{"category": "blaming"}]}"#), Some("malformed")),
        (Turn::says(&none).finish("length"), Some("incomplete")),
        (Turn::refuses("お答えできません。"), Some("refused")),
        (Turn::null_content(), Some("empty")),
        (Turn::plain(500, "Internal Server Error"), Some("server_error")),
        (Turn::rate_limited("0"), Some("rate_limited")),
        (Turn::unauthorized(), Some("unauthorized")),
        (Turn::never_answers(), Some("timeout")),
        (Turn::closes_at_once(), Some("unreachable")),
        (Turn::not_json(), Some("malformed")),
        (Turn::huge(), Some("too_large")),
        (Turn::too_long(), Some("too_long")),
    ] {
        let (_model, server) = judged_by(vec![turn]).await;
        let (suggestion, judged) = suggest(&server.local()).await;
        assert_eq!(suggestion["outcome"], json!({"kind": "answer"}), "{failure:?}");
        assert_eq!(rules(&suggestion), ["cold_stiff:以上です"], "{failure:?}");
        assert_eq!(judged["attempts"][0]["failure"], json!(failure), "{judged}");
    }
}

#[tokio::test]
async fn nobody_is_asked_where_there_is_no_judge_or_nothing_to_judge() {
    let server = TestServer::holding(&[("faq/all.jsonl", FAQ), ("guide.yaml", GUIDE)], |_| ()).await;
    let (_, judged) = suggest(&server.local()).await;
    assert_eq!(judged, json!({"prompts": [], "attempts": []}));

    let model = ScriptedServer::start(vec![Turn::says("{}")]).await;
    let settings = ModelSettings::new(&model.base(), "judge");
    let server = TestServer::holding(&[("faq/all.jsonl", FAQ)], |all| all.models.judge = Some(settings)).await;
    let (_, judged) = suggest(&server.local()).await;
    assert_eq!((judged["attempts"].clone(), model.asked().len()), (json!([]), 0), "a shop without a guide");
}
