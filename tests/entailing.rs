//! A model that reads what facts leave open, through the front door: what it may add, what it may not, and what stands
//! whatever it does. Beside it: what of a draft binds the shop, and promises without a day.

mod support;

use aizuchi::{
    config::{ModelSettings, Settings},
    domain::Citing,
};
use serde_json::{Value, json};
use support::{
    RETURNS, TestServer, at, inquiry,
    model::{ScriptedServer, Turn},
};

const FAQ: &str = r#"{"key":"returns","title":"返品できますか","answer":"返品は、商品の到着後7日以内に承ります。商品の返送先は、同封の用紙に印刷しております。"}"#;
const GUIDE: &str = "version: 2
brand: {id: shop, name: ことり書房}
rules:
  vague_followup: 連絡すると書くときは、いつまでかを添える。
";
const KNOWN: &str = "返品は、商品の到着後7日以内に承ります。";
/// The same as the evidence in none of its words.
const OPEN: &str = "お戻しいただく宛名は、お箱の紙に載せております。";
const QUOTE: &str = "商品の返送先は、同封の用紙に印刷しております";

/// A shop whose drafts are this letter, read again by a model that does this.
async fn read_again(letter: &str, turn: Turn) -> (ScriptedServer, TestServer) {
    let writer = ScriptedServer::start(vec![Turn::says(letter)]).await;
    let reader = ScriptedServer::start(vec![turn]).await;
    let files = [("faq/all.jsonl", FAQ), ("guide.yaml", GUIDE)];
    let with_models = |all: &mut Settings| {
        all.models.default = Some(ModelSettings::new(&writer.base(), "writer"));
        let mut settings = ModelSettings::new(&reader.base(), "reader");
        settings.citing = Citing::Schema;
        settings.limits.retries = 0;
        settings.limits.deadline = std::time::Duration::from_secs(2);
        settings.limits.first_byte = std::time::Duration::from_millis(700);
        settings.limits.idle = std::time::Duration::from_millis(700);
        all.models.entail = Some(settings);
    };
    let server = TestServer::holding(&files, with_models).await;
    // The writer has to live as long as the drafts.
    std::mem::forget(writer);
    (reader, server)
}

fn supports(sentence: usize, quote: &str) -> String {
    json!({"supported": [{"sentence": sentence, "source": "k1", "quote": quote}]}).to_string()
}

async fn suggest(server: &TestServer) -> (Value, Value) {
    let client = server.local();
    let made = client.post("/v1/inquiries", &inquiry("small", RETURNS)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json["draft"]["drafter"], "prompted", "{}", made.text);
    let path = format!("/v1/suggestions/{}/attempts", made.json["id"].as_str().unwrap());
    (made.json, client.get(&path).await.json["entailed"].clone())
}

/// The verdict on the sentence with these words.
fn verdict<'a>(suggestion: &'a Value, words: &str) -> &'a Value {
    let text = suggestion["draft"]["text"].as_str().unwrap();
    let all = suggestion["verdicts"].as_array().unwrap();
    all.iter().find(|verdict| at(text, &verdict["span"]).contains(words)).unwrap()
}

#[tokio::test]
async fn what_it_reads_in_a_passage_is_supported_by_its_word_and_cited() {
    let (reader, server) = read_again(&format!("{KNOWN}\n{OPEN}"), Turn::says(&supports(1, QUOTE))).await;
    let (suggestion, entailed) = suggest(&server).await;
    let (known, open) = (verdict(&suggestion, "7日以内"), verdict(&suggestion, "宛名"));
    assert_eq!((&known["verdict"], &known["by_model"]), (&json!("supported"), &json!(false)));
    assert_eq!(
        (&open["verdict"], &open["by_model"], &open["weak"]),
        (&json!("supported"), &json!(true), &json!(false))
    );
    let citation = &suggestion["citations"][open["citations"][0].as_u64().unwrap() as usize];
    assert_eq!((&citation["key"], &citation["quote"]), (&json!("returns"), &json!(format!("{QUOTE}。"))));
    assert_eq!(reader.asked().len(), 1, "one question a draft");
    let question = entailed["prompts"][0]["messages"][1]["content"].as_str().unwrap();
    assert!(question.contains(OPEN) && !question.contains(&format!("1\n> {KNOWN}")), "{question}");
    assert!(entailed["prompts"][0]["marks"][0]["passage"].as_str().is_some(), "{entailed}");
    let log = server.local().get("/v1/audit/events?workspace=small&type=draft.suggested").await.text;
    assert!(log.contains(r#"\"entailed\":[{"#), "{log}");
}

#[tokio::test]
async fn whatever_else_it_does_what_facts_said_stands() {
    let none = json!({"supported": []}).to_string();
    for (turn, failure, lied) in [
        (Turn::says(&none), None, false),
        (Turn::says(&supports(1, "書かれていない言葉です")), None, true),
        (Turn::says(&supports(2, QUOTE)), None, true),
        (Turn::says("すべて裏づけがあります。"), Some("malformed"), false),
        (Turn::says(&none).finish("length"), Some("incomplete"), false),
        (Turn::refuses("お答えできません。"), Some("refused"), false),
        (Turn::plain(500, "Internal Server Error"), Some("server_error"), false),
        (Turn::unauthorized(), Some("unauthorized"), false),
        (Turn::never_answers(), Some("timeout"), false),
        (Turn::closes_at_once(), Some("unreachable"), false),
        (Turn::huge(), Some("too_large"), false),
    ] {
        let (_reader, server) = read_again(&format!("{KNOWN}\n{OPEN}"), turn).await;
        let (suggestion, entailed) = suggest(&server).await;
        assert_eq!(verdict(&suggestion, "7日以内")["verdict"], "supported", "{failure:?}");
        let open = verdict(&suggestion, "宛名");
        assert_eq!((&open["verdict"], &open["by_model"]), (&json!("unsupported"), &json!(false)), "{failure:?}");
        let attempt = &entailed["attempts"][0];
        assert_eq!(attempt["failure"], json!(failure), "{attempt}");
        let dropped = attempt["detail"].as_str().is_some_and(|detail| detail.starts_with("1 of its sentences"));
        assert_eq!(dropped, lied, "{attempt}");
    }
}

#[tokio::test]
async fn a_fact_that_nothing_carries_is_not_a_models_to_read_and_cannot_go_out_on_a_nod() {
    let letter = format!("{KNOWN}\nお手続きの完了までに3週間ほど頂戴します。\nお詫びに次回の割引券をお付けします。");
    let (reader, server) = read_again(&letter, Turn::says(&supports(1, QUOTE))).await;
    let (suggestion, entailed) = suggest(&server).await;
    assert_eq!(verdict(&suggestion, "3週間")["verdict"], "unsupported");
    assert_eq!(reader.asked().len(), 1);
    assert!(!reader.asked()[0].body.to_string().contains("3週間"), "{entailed}");
    assert_eq!(verdict(&suggestion, "割引券")["by_model"], true, "the model said yes");
    let text = suggestion["draft"]["text"].as_str().unwrap();
    let flags: Vec<(&str, String)> = suggestion["draft"]["flags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|flag| (flag["kind"].as_str().unwrap(), at(text, &flag["span"])))
        .collect();
    let wanted = ["お手続きの完了までに3週間ほど頂戴します。", "お詫びに次回の割引券をお付けします。"];
    assert_eq!(flags, wanted.map(|words| ("unsupported_policy", words.to_owned())), "also where a model says yes");
    let decide = format!("/v1/drafts/{}/decision", suggestion["draft"]["id"].as_str().unwrap());
    let client = server.local();
    let refused = client.post(&decide, &json!({"action": "accept"})).await;
    assert_eq!((refused.status, refused.problem().as_str()), (422, "decision-invalid"));
    assert_eq!(client.post(&decide, &json!({"action": "edit", "text": KNOWN})).await.status, 201);
}

#[tokio::test]
async fn a_promise_to_come_back_without_a_day_is_shown() {
    let promise = "在庫を確認してご連絡いたします。";
    let (_reader, server) = read_again(&format!("{KNOWN}\n{promise}"), Turn::says("{}")).await;
    let (suggestion, _) = suggest(&server).await;
    let text = suggestion["draft"]["text"].as_str().unwrap();
    let found = suggestion["findings"].as_array().unwrap().iter().find(|found| found["category"] == "vague_followup");
    let found = found.unwrap_or_else(|| panic!("{suggestion}"));
    assert!(promise.contains(&at(text, &found["span"])), "{found}");
}

#[tokio::test]
async fn nobody_is_asked_where_nothing_is_open() {
    let (reader, server) = read_again(KNOWN, Turn::says("{}")).await;
    let (_, entailed) = suggest(&server).await;
    assert_eq!((reader.asked().len(), entailed), (0, json!({"prompts": [], "attempts": []})));
}
