//! Taking a decision back through the front door: who may, for how long, what stands in the way, and that nothing of it counts.

mod support;

use std::time::Duration;

use aizuchi::{
    app::App,
    domain::{Id, Principal, Role, View, WorkspaceId},
    verifier::{Pins, verify},
};
use serde_json::{Value, json};
use support::{Answer, Client, RETURNS, SMALL_FAQ, TestServer, inquiry};

const DAY: &str = "2026-12-08";

/// It has something to say of the drafts that the shop's FAQ leads to, and of what people write.
const GUIDE: &str = "version: 2
brand: {id: shop, name: 小さな店}
rules:
  ng_word: {clause: 使わない言葉。, words: [{any: [クレーム], use: [ご意見]}, {any: [ご不明], use: [ご質問]}]}
";

async fn shop() -> TestServer {
    let files = [("faq/all.jsonl", SMALL_FAQ), ("guide.yaml", GUIDE)];
    TestServer::holding(&files, |settings| settings.drain = Duration::from_millis(200)).await
}

/// Accepted as it is, whatever the guide says.
fn accept() -> Value {
    json!({"action": "accept", "reason": "規定の言い方です", "team": "一次", "vendor": "外部"})
}

fn id(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no id: {value}"))
}

fn decision(made: &Value) -> String {
    format!("/v1/drafts/{}/decision", id(&made["draft"]["id"]))
}

async fn decided(client: &Client, made: &Value, what: &Value) -> Value {
    let answer = client.post(&decision(made), what).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json
}

async fn undone(client: &Client, made: &Value) {
    let answer = client.delete(&decision(made)).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
}

async fn state(client: &Client, made: &Value) -> String {
    client.get(&format!("/v1/drafts/{}", id(&made["draft"]["id"]))).await.json["state"].as_str().unwrap().to_owned()
}

/// The refusal says which it is and what to do, and the decision stays.
async fn refused(client: &Client, made: &Value, status: u16, code: &str, next: &str) {
    let answer = client.delete(&decision(made)).await;
    assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{}", answer.text);
    assert!(answer.json["detail"].as_str().unwrap().contains(next), "{}", answer.text);
    assert_eq!(state(client, made).await, "decided", "{code}");
}

fn edit(text: &str) -> Value {
    json!({"action": "edit", "text": text, "team": "一次", "vendor": "外部"})
}

/// The shop at a time of a day that does not pass.
async fn at(server: TestServer, time: &str) -> TestServer {
    server.rested().await.serving(Some(&format!("{DAY}T{time}+09:00"))).await
}

/// All that counts or lists decisions, replies and findings, as those see it who read it.
async fn counted(server: &TestServer, made: &Value) -> Vec<(String, String)> {
    let client = server.local();
    let mut seen = Vec::new();
    for path in [
        "/v1/findings?workspace=small".to_owned(),
        "/v1/findings?workspace=small&sent=true".to_owned(),
        "/v1/quality/rules?workspace=small".to_owned(),
        "/v1/quality/drift?workspace=small&by=vendor".to_owned(),
        format!("/v1/revisions/{}/replies", id(&made["citations"][0]["revision"])),
        "/w/small/home".to_owned(),
        "/w/small/qa".to_owned(),
        "/w/small/qa/trends".to_owned(),
        "/w/small/qa/samples".to_owned(),
        "/w/small/qa/mine".to_owned(),
        "/w/small/inbox".to_owned(),
        "/w/small/inbox?view=answered".to_owned(),
        "/w/small/inbox?view=overdue".to_owned(),
        "/w/small/knowledge/relied?key=returns".to_owned(),
    ] {
        let answer = client.get(&path).await;
        assert!(answer.status < 500, "{path}: {}", answer.text);
        seen.push((path, answer.text));
    }
    seen
}

#[tokio::test]
async fn a_decision_that_was_taken_back_counts_nowhere() {
    let server = shop().await;
    let server = at(server, "10:00:00").await;
    let client = server.local();
    let made = client.draft("small").await;
    // Somebody has the inquiry before and after, so that the lease tells nothing apart.
    let held = Id::parse(id(&made["inquiry"])).unwrap();
    server.app.hold(&Principal::local(), &held, false).await.unwrap();
    assert!(!made["findings"].as_array().unwrap().is_empty(), "what is accepted takes a finding with it");
    let before = counted(&server, &made).await;
    for what in [accept(), edit("クレームの件です。"), json!({"action": "reject", "reason": "outdated"})] {
        let reply = decided(&client, &made, &what).await["reply"].clone();
        let during = counted(&server, &made).await;
        let changed = before.iter().zip(&during).filter(|(before, during)| before != during).count();
        assert!(changed >= if reply.is_null() { 2 } else { 5 }, "{what} is seen in {changed} places");
        undone(&client, &made).await;
        for (before, after) in before.iter().zip(counted(&server, &made).await) {
            assert_eq!(*before, after, "{what}");
        }
        assert_eq!(state(&client, &made).await, "current");
        if !reply.is_null() {
            let path = format!("/v1/replies/{}", id(&reply["id"]));
            assert_eq!(client.get(&path).await.problem(), "reply-not-found");
            let outcome = client.post(&format!("{path}/contact-outcome"), &json!({"reopened": true})).await;
            assert_eq!(outcome.problem(), "reply-not-found", "{}", outcome.text);
        }
    }
    let draft = &made["draft"];
    let last = decided(&client, &made, &accept()).await;
    assert_eq!((&last["reply"]["text"], state(&client, &made).await.as_str()), (&draft["text"], "decided"));
}

#[tokio::test]
async fn what_was_taken_back_is_no_turn_of_the_conversation() {
    let server = shop().await;
    let client = server.local();
    let made = client.draft("small").await;
    decided(&client, &made, &edit("返品は7日以内に承ります。青い鳥。")).await;
    undone(&client, &made).await;
    decided(&client, &made, &edit("返品は7日以内に承ります。白い鳥。")).await;
    let more = json!({
        "workspace": "small", "channel": "email", "conversation": made["conversation"], "text": "返品の送料はいくらですか。",
    });
    let next = client.post("/v1/inquiries", &more).await;
    let record = client.get(&format!("/v1/audit/drafts/{}", id(&next.json["draft"]["id"]))).await;
    let turns = record.json["making"]["turns"].to_string();
    assert!(turns.contains("白い鳥") && !turns.contains("青い鳥"), "{turns}");
}

#[tokio::test]
async fn whoever_decided_takes_it_back_or_an_admin_and_nobody_else() {
    let server = shop().await;
    let [ann, bob] = [server.as_key("small", Role::Operator).await, server.as_key("small", Role::Operator).await];
    let (admin, qa) = (server.as_key("small", Role::Admin).await, server.as_key("small", Role::Qa).await);
    let made = ann.draft("small").await;
    let nothing = ann.delete(&decision(&made)).await;
    assert_eq!((nothing.status, nothing.problem().as_str()), (404, "decision-not-found"));
    decided(&ann, &made, &accept()).await;
    refused(&bob, &made, 403, "decision-not-yours", "ask them").await;
    refused(&qa, &made, 403, "role-not-allowed", "decide on drafts").await;
    undone(&ann, &made).await;
    assert_eq!(ann.delete(&decision(&made)).await.problem(), "decision-not-found", "once");

    // It is theirs to work on again, also where an admin took it back.
    let inquiry = Id::parse(id(&made["inquiry"])).unwrap();
    for who in [&ann, &admin] {
        let taken = bob.post(&decision(&made), &accept()).await;
        assert_eq!(taken.problem(), "inquiry-held", "{}", taken.text);
        decided(&ann, &made, &accept()).await;
        undone(who, &made).await;
    }
    let opened = server.app.open_case(&Principal::local(), &inquiry).await.unwrap();
    assert_ne!(opened.lease.unwrap().principal, Principal::local().id);
    let stranger = server.as_key("small", Role::Chatbot).await;
    assert_eq!(stranger.delete(&decision(&made)).await.status, 403);
}

#[tokio::test]
async fn a_decision_is_final_when_its_time_is_over() {
    let within = App::UNDO_TIME.as_secs();
    assert_eq!(within, 60, "the pages and the documents say so");
    let server = shop().await;
    let server = at(server, "10:00:00").await;
    let client = server.local();
    let [first, second] = [client.draft("small").await, client.draft("small").await];
    for made in [&first, &second] {
        decided(&client, made, &accept()).await;
    }
    let server = at(server, "10:01:00").await;
    undone(&server.local(), &first).await;
    let server = at(server, "10:01:01").await;
    refused(&server.local(), &second, 409, "undo-too-late", "correcting reply").await;
}

#[tokio::test]
async fn nothing_is_taken_back_that_others_built_on() {
    let server = shop().await;
    let client = server.local();

    let made = client.draft("small").await;
    let reply = decided(&client, &made, &edit("クレームの件です。")).await["reply"].clone();
    let ruling = format!("/v1/findings/{}/ruling", id(&reply["findings"][0]["id"]));
    assert_eq!(client.post(&ruling, &json!({"verdict": "confirmed"})).await.status, 201);
    refused(&client, &made, 409, "decision-ruled-on", "correcting reply").await;

    let made = client.draft("small").await;
    let reply = decided(&client, &made, &accept()).await["reply"].clone();
    let outcome =
        client.post(&format!("/v1/replies/{}/contact-outcome", id(&reply["id"])), &json!({"rating": 2})).await;
    assert_eq!(outcome.status, 201, "{}", outcome.text);
    refused(&client, &made, 409, "decision-followed-up", "correcting reply").await;

    let made = client.draft("small").await;
    let more = json!({
        "workspace": "small", "channel": "email", "conversation": made["conversation"], "text": "まだ届きません。いつ届きますか。",
    });
    decided(&client, &made, &accept()).await;
    assert_eq!(client.post("/v1/inquiries", &more).await.status, 201);
    refused(&client, &made, 409, "decision-overtaken", "newest inquiry or draft").await;

    let made = client.draft("small").await;
    decided(&client, &made, &json!({"action": "reject"})).await;
    let another = client.post(&format!("/v1/inquiries/{}/drafts", id(&made["inquiry"])), &json!({})).await;
    assert_eq!(another.status, 201, "{}", another.text);
    refused(&client, &made, 409, "decision-overtaken", "newest inquiry or draft").await;

    // Somebody else took what was rejected.
    let made = client.draft("small").await;
    decided(&client, &made, &json!({"action": "reject"})).await;
    let ono = Principal { id: "ono".to_owned(), ..Principal::local() };
    server.app.hold(&ono, &Id::parse(id(&made["inquiry"])).unwrap(), false).await.unwrap();
    refused(&client, &made, 409, "inquiry-held", "take it over").await;
}

#[tokio::test]
async fn a_reply_that_qa_looked_through_stays() {
    let server = shop().await;
    let client = server.local();
    let made = client.draft("small").await;
    let reply = decided(&client, &made, &accept()).await["reply"].clone();
    let looked = Id::parse(id(&reply["id"])).unwrap();
    server.app.judge_sample(&Principal::local(), &looked, None).await.unwrap();
    refused(&client, &made, 409, "decision-sampled", "correcting reply").await;
}

#[tokio::test]
async fn a_request_that_comes_again_after_it_was_taken_back_decides_nothing() {
    let server = shop().await;
    let client = server.local();
    let made = client.draft("small").await;
    let accept = accept();
    assert_eq!(client.post_once(&decision(&made), "one", &accept).await.status, 201);
    undone(&client, &made).await;
    let late = client.post_once(&decision(&made), "one", &accept).await;
    assert_eq!((late.status, late.problem().as_str()), (409, "decision-undone"), "{}", late.text);
    assert_eq!(state(&client, &made).await, "current");
    let anew = client.post_once(&decision(&made), "two", &accept).await;
    assert_eq!(anew.status, 201, "{}", anew.text);
    assert_eq!(client.post_once(&decision(&made), "two", &accept).await.json, anew.json);
}

#[tokio::test]
async fn the_record_tells_both_and_the_log_stays_whole() {
    let server = shop().await;
    let client = server.local();
    let made = client.draft("small").await;
    let edited = edit("返品は7日以内に承ります。");
    let first = decided(&client, &made, &edited).await;
    undone(&client, &made).await;
    let path = format!("/v1/audit/drafts/{}", id(&made["draft"]["id"]));
    let record = client.get(&path).await.json;
    assert_eq!((&record["decision"], &record["state"]), (&Value::Null, &json!("current")));
    let taken = &record["undone"][0];
    assert_eq!((&taken["id"], &taken["reply"]["text"]), (&first["id"], &edited["text"]));
    assert_eq!((&taken["decided_by"], &taken["undone_by"]), (&json!("local"), &json!("local")));
    let kinds = |record: &Value| -> Vec<String> {
        let events = record["events"].as_array().unwrap();
        let content = |event: &Value| serde_json::from_str::<Value>(id(&event["content"])).unwrap();
        events.iter().map(|event| id(&content(event)["type"]).to_owned()).collect()
    };
    assert_eq!(kinds(&record), ["inquiry.received", "draft.suggested", "draft.decided", "draft.undecided"]);

    let second = decided(&client, &made, &accept()).await;
    let record = client.get(&path).await.json;
    assert_eq!((&record["decision"]["id"], &record["undone"][0]["id"]), (&second["id"], &first["id"]));
    let proofs = client.get(&format!("{path}/proof?workspace=small")).await;
    assert_eq!(proofs.status, 200, "{}", proofs.text);
    assert!(proofs.text.contains("draft.undecided"), "a proof of a draft tells that its decision was taken back");
    let export = client.get("/v1/audit/export?workspace=small").await;
    verify(export.text.as_bytes(), &Pins::default()).unwrap();
    let replay = client.get(&format!("{path}/replay")).await;
    assert_eq!((replay.status, &replay.json["differences"]), (200, &json!([])), "{}", replay.text);
}

#[tokio::test]
async fn the_words_of_what_was_taken_back_are_erased_with_the_customers() {
    let server = shop().await;
    let client = server.local();
    let mut asked = inquiry("small", RETURNS);
    asked["customer"] = json!("C-1");
    let made = client.post("/v1/inquiries", &asked).await.json;
    let decide = decision(&made);
    let words = edit("山田様、返品は7日以内に承ります。");
    assert_eq!(client.post_once(&decide, "one", &words).await.status, 201);
    undone(&client, &made).await;
    let erased = client.post("/v1/erasures", &json!({"workspace": "small", "customer": "C-1"})).await;
    assert_eq!(erased.status, 201, "{}", erased.text);
    // Inquiry, suggestion, decision and reply.
    assert_eq!(erased.json["texts"], 4, "{}", erased.text);
    let record = client.get(&format!("/v1/audit/drafts/{}", id(&made["draft"]["id"]))).await;
    assert_eq!(record.problem(), "erased", "{}", record.text);
    let again = client.post_once(&decide, "one", &edit("別の文面です。")).await;
    assert_eq!(again.problem(), "erased", "the request is not known by its words any more: {}", again.text);
}

#[tokio::test]
async fn what_was_erased_meanwhile_is_not_brought_back() {
    let server = shop().await;
    let client = server.local();
    let mut asked = inquiry("small", RETURNS);
    asked["customer"] = json!("C-2");
    let made = client.post("/v1/inquiries", &asked).await.json;
    decided(&client, &made, &accept()).await;
    assert_eq!(client.post("/v1/erasures", &json!({"workspace": "small", "customer": "C-2"})).await.status, 201);
    let gone: Answer = client.delete(&decision(&made)).await;
    assert_eq!((gone.status, gone.problem().as_str()), (410, "erased"), "{}", gone.text);
}

#[tokio::test]
async fn what_a_chatbot_was_to_pass_on_is_the_peoples_once_a_decision_on_it_was_taken_back() {
    let server = shop().await;
    let (bot, operator) = (server.as_key("small", Role::Chatbot).await, server.as_key("small", Role::Operator).await);
    let made = bot.post("/v1/inquiries", &inquiry("small", RETURNS)).await.json;
    decided(&operator, &made, &accept()).await;
    undone(&operator, &made).await;
    let (who, small) = (Principal::system(), WorkspaceId::parse("small").unwrap());
    let counts = server.app.inbox_counts(&who, &small).await.unwrap();
    assert_eq!((View::Open.count(&counts), View::Chatbot.count(&counts)), (1, 0));
}
