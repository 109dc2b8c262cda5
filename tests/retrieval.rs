//! What is found for an inquiry, as the operator's screen gets it.

mod support;

use aizuchi::domain::Role;
use serde_json::{Value, json};
use support::{TestServer, inquiry};

const FAQ: &str = concat!(
    r#"{"key":"fee","title":"返品の送料はいくらですか。","answer":"返品の送料は、1箱880円です。お客様のご負担となります。"}"#,
    "\n",
    r#"{"key":"receipt","title":"領収書は発行できますか。","answer":"領収書は、会員ページから発行していただけます。"}"#,
    "\n",
    r#"{"key":"chair","title":"椅子の価格を教えてください。","answer":"この椅子は、税込8,980円です。"}"#,
);
/// The same rule twice, and once with another figure.
const POLICY: &str = concat!(
    r#"{"key":"copy","title":"返品の送料","answer":"返品の送料は、１箱８８０円です。お客様の御負担となります。"}"#,
    "\n",
    r#"{"key":"old","title":"返品の送料","answer":"返品の送料は、1箱770円です。お客様のご負担となります。"}"#,
);

fn keys(answer: &Value, intent: &Value) -> Vec<String> {
    let places = intent["evidence"].as_array().unwrap().iter();
    places.map(|at| answer["evidence"][at.as_u64().unwrap() as usize]["key"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_letter_that_asks_two_things_has_evidence_for_each() {
    let app = TestServer::holding(&[("faq/all.jsonl", FAQ)], |_| {}).await;
    let letter = "先週椅子を買いました。返品の送料はいくらですか。領収書は発行できますか。よろしくお願いします。";
    let answer = app.local().post("/v1/inquiries", &inquiry("small", letter)).await;
    let intents = answer.json["intents"].as_array().unwrap();
    assert_eq!(intents.len(), 2, "{}", answer.text);
    assert_eq!(intents[0]["text"], "返品の送料はいくらですか。");
    assert_eq!(keys(&answer.json, &intents[0])[0], "fee");
    assert_eq!(keys(&answer.json, &intents[1])[0], "receipt");
    for intent in intents {
        assert!(intent["has_evidence"] == json!(true) && intent["confidence"].as_f64().unwrap() <= 1.0, "{intent}");
    }
}

#[tokio::test]
async fn a_question_that_nothing_answers_hands_over_and_is_named() {
    let app = TestServer::holding(&[("faq/all.jsonl", FAQ)], |_| {}).await;
    let letter = "返品の送料はいくらですか。椅子の重さはどのくらいですか。";
    let answer = app.local().post("/v1/inquiries", &inquiry("small", letter)).await;
    assert_eq!(answer.json["outcome"]["reason"], "no_evidence", "{}", answer.text);
    let unanswered: Vec<&Value> =
        answer.json["intents"].as_array().unwrap().iter().filter(|one| one["has_evidence"] == json!(false)).collect();
    assert_eq!(unanswered.len(), 1, "{}", answer.text);
    assert_eq!(unanswered[0]["text"], "椅子の重さはどのくらいですか。");
}

#[tokio::test]
async fn what_says_the_same_is_shown_once_and_what_differs_in_a_figure_is_shown() {
    let app = TestServer::holding(&[("faq/all.jsonl", FAQ), ("policy/all.jsonl", POLICY)], |_| {}).await;
    let answer = app.local().get("/v1/search?workspace=small&q=返品の送料").await;
    let items = answer.json["items"].as_array().unwrap();
    let shown: Vec<&str> = items.iter().map(|item| item["key"].as_str().unwrap()).collect();
    assert!(shown.contains(&"old"), "{shown:?}");
    assert_eq!(shown.iter().filter(|key| ["fee", "copy"].contains(key)).count(), 1, "{shown:?}");
    let named: Vec<&Value> = items.iter().filter(|item| item["also"].is_array()).collect();
    assert_eq!(named.len(), 1, "{}", answer.text);
    assert!(["fee", "copy"].contains(&named[0]["also"][0].as_str().unwrap()));
}

#[tokio::test]
async fn documents_that_contradict_each_other_are_told_with_their_words() {
    let app = TestServer::holding(&[("faq/all.jsonl", FAQ), ("policy/all.jsonl", POLICY)], |_| {}).await;
    let answer = app.as_key("small", Role::Operator).await.get("/v1/overlaps?workspace=small").await;
    let items = answer.json["items"].as_array().unwrap();
    let told: Vec<(&str, &str, &str)> = items
        .iter()
        .map(|item| {
            let key = |at: usize| item["sides"][at]["key"].as_str().unwrap();
            (item["kind"].as_str().unwrap(), key(0).min(key(1)), key(0).max(key(1)))
        })
        .collect();
    let expected = [("contradiction", "copy", "old"), ("contradiction", "fee", "old"), ("duplicate", "copy", "fee")];
    assert_eq!(told.len(), 3, "{}", answer.text);
    assert!(expected.iter().all(|one| told.contains(one)), "{told:?}");
    assert_eq!(items[0]["differences"][0]["measure"], "amount");
    let chatbot = app.as_key("small", Role::Chatbot).await.get("/v1/overlaps?workspace=small").await;
    assert_eq!((chatbot.status, chatbot.problem().as_str()), (403, "role-not-allowed"));
}
