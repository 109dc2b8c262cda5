//! Documents by hand and by file: what is acknowledged is searched, and what is gone is never found again.

mod support;

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use aizuchi::{adapters::system::SystemClock, domain::Role, ports::Clock as _};
use reqwest::Method;
use serde_json::{Value, json};
use support::{Answer, Client, TestServer};

const FAQ: &str = concat!(
    r#"{"key":"fee","title":"返品の送料はいくらですか。","answer":"返品の送料は、1箱880円です。"}"#,
    "\n",
    r#"{"key":"receipt","title":"領収書は発行できますか。","answer":"領収書は、会員ページから発行していただけます。"}"#,
);

fn document(key: &str, title: &str, answer: &str) -> Value {
    json!({"workspace": "small", "key": key, "kind": "faq", "title": title, "answer": answer})
}

async fn put(who: &Client, body: &Value) -> Answer {
    let path = format!("/v1/documents/{}", body["key"].as_str().unwrap());
    Answer::of(who.request(Method::PUT, &path).json(body)).await
}

async fn retire(who: &Client, key: &str) -> Answer {
    who.delete(&format!("/v1/documents/{key}?workspace=small")).await
}

/// The texts that are found, by key.
async fn found(who: &Client, query: &str) -> Vec<(String, String)> {
    let answer = who.get(&format!("/v1/search?workspace=small&q={query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json["stale"], json!(false));
    let word = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
    answer.json["items"].as_array().unwrap().iter().map(|item| (word(item, "key"), word(item, "text"))).collect()
}

#[tokio::test]
async fn a_document_is_written_replaced_and_retired_and_the_next_search_follows() {
    let server = TestServer::holding(&[("faq/all.jsonl", FAQ)], |_| {}).await;
    let who = server.local();
    let wrap = document("wrap", "ギフト包装はできますか。", "ギフト包装は、1点330円で承ります。");
    let made = who.post("/v1/documents", &wrap).await;
    assert_eq!((made.status, &made.json["state"]), (201, &json!("done")), "{}", made.text);
    assert_eq!(found(&who, "ギフト包装").await[0].1, "ギフト包装は、1点330円で承ります。");

    let dearer = document("wrap", "ギフト包装はできますか。", "ギフト包装は、1点550円で承ります。");
    assert_eq!(who.post("/v1/documents", &dearer).await.problem(), "document-exists");
    assert_eq!(put(&who, &dearer).await.status, 200);
    assert_eq!(put(&who, &dearer).await.problem(), "document-unchanged");
    assert_eq!(found(&who, "ギフト包装").await[0].1, "ギフト包装は、1点550円で承ります。");
    // The old words stay where a citation points.
    let old = made.json["revision"]["id"].as_str().unwrap();
    let old = who.get(&format!("/v1/revisions/{old}")).await;
    assert!(old.json["text"].as_str().unwrap().contains("330円") && old.json["recorded_until"].is_string());

    assert_eq!(retire(&who, "wrap").await.status, 200);
    assert!(found(&who, "ギフト包装").await.iter().all(|(key, _)| key != "wrap"));
    assert_eq!(retire(&who, "wrap").await.problem(), "document-not-found");
    assert_eq!(who.get("/v1/documents/wrap?workspace=small").await.problem(), "document-not-found");
    let kept = who.get("/v1/documents?workspace=small").await;
    assert_eq!(kept.json["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_wrong_document_is_refused_by_the_name_of_its_field() {
    let server = TestServer::holding(&[], |_| {}).await;
    let mut body = document("wrap", "ギフト包装", "330円です。");
    body["valid_from"] = json!("明日");
    let refused = server.local().post("/v1/documents", &body).await;
    assert_eq!((refused.problem().as_str(), refused.status), ("body-invalid", 422));
    assert_eq!(refused.json["errors"][0]["pointer"], "/valid_from", "{}", refused.text);
    let body = document("wrap", "ギフト包装", "   ");
    assert_eq!(server.local().post("/v1/documents", &body).await.json["errors"][0]["pointer"], "/answer");
}

#[tokio::test]
async fn what_an_operator_writes_waits_until_somebody_who_keeps_the_knowledge_approves_it() {
    let server = TestServer::holding(&[("faq/all.jsonl", FAQ)], |_| {}).await;
    let (operator, keeper) =
        (server.as_key("small", Role::Operator).await, server.as_key("small", Role::Knowledge).await);
    let dearer = document("fee", "返品の送料はいくらですか。", "返品の送料は、1箱990円です。");
    let waiting = put(&operator, &dearer).await;
    assert_eq!((waiting.status, &waiting.json["state"]), (202, &json!("waiting")), "{}", waiting.text);
    assert_eq!(found(&operator, "返品の送料").await[0].1, "返品の送料は、1箱880円です。");
    let id = waiting.json["proposal"]["id"].as_str().unwrap().to_owned();
    let listed = keeper.get("/v1/proposals?workspace=small").await;
    assert_eq!(listed.json["items"][0]["answer"], "返品の送料は、1箱990円です。");

    let decide = |who: Client, approve: bool| {
        let path = format!("/v1/proposals/{id}/decision");
        async move { who.post(&path, &json!({"approve": approve, "reason": "値上げ"})).await }
    };
    assert_eq!(decide(operator.clone(), true).await.problem(), "role-not-allowed");
    let approved = decide(keeper.clone(), true).await;
    assert_eq!(approved.status, 201, "{}", approved.text);
    assert_eq!(found(&operator, "返品の送料").await[0].1, "返品の送料は、1箱990円です。");
    assert_eq!(decide(keeper.clone(), false).await.problem(), "proposal-decided");

    let gone = retire(&operator, "receipt").await;
    let id = gone.json["proposal"]["id"].as_str().unwrap();
    let decide = format!("/v1/proposals/{id}/decision");
    assert_eq!(keeper.post(&decide, &json!({"approve": false})).await.problem(), "proposal-needs-reason");
    let refused = keeper.post(&decide, &json!({"approve": false, "reason": "まだ要ります"})).await;
    assert_eq!(refused.status, 201, "{}", refused.text);
    assert_eq!(found(&operator, "領収書").await[0].0, "receipt");
    let events = server.as_key("small", Role::Auditor).await.get("/v1/audit/events?workspace=small&limit=100").await;
    for kind in ["knowledge.proposed", "proposal.decided"] {
        assert!(events.text.contains(kind), "{kind}");
    }
}

#[tokio::test]
async fn what_contradicts_other_documents_is_approved_with_a_reason_alone() {
    let server = TestServer::holding(&[("faq/all.jsonl", FAQ)], |_| {}).await;
    let (operator, keeper) =
        (server.as_key("small", Role::Operator).await, server.as_key("small", Role::Knowledge).await);
    let other = document("fee-new", "返品の送料はいくらですか。", "返品の送料は、1箱990円です。");
    let waiting = operator.post("/v1/documents", &other).await;
    let decide = format!("/v1/proposals/{}/decision", waiting.json["proposal"]["id"].as_str().unwrap());
    let silent = keeper.post(&decide, &json!({"approve": true})).await;
    assert_eq!((silent.status, silent.problem().as_str()), (422, "proposal-needs-reason"), "{}", silent.text);
    assert_eq!(keeper.post(&decide, &json!({"approve": true, "reason": "12月から"})).await.status, 201);
}

#[tokio::test]
async fn a_search_asks_what_held_on_a_day_and_what_was_known_at_a_moment() {
    let old = r#"{"key":"limit","title":"返品の期限","answer":"到着から14日以内です。","valid_until":"2026-09-30","applies_by":"order_date"}"#;
    let new = r#"{"key":"limit","title":"返品の期限","answer":"到着から8日以内です。","valid_from":"2026-10-01","applies_by":"order_date"}"#;
    let server = TestServer::holding(&[("faq/all.jsonl", &format!("{old}\n{new}"))], |_| {}).await;
    let who = server.local();
    assert_eq!(found(&who, "返品の期限&as_of=2026-11-23").await[0].1, "到着から8日以内です。");
    assert_eq!(found(&who, "返品の期限&as_of=2026-11-23&order_date=2026-09-20").await[0].1, "到着から14日以内です。");

    tokio::time::sleep(Duration::from_millis(5)).await;
    let before = SystemClock.now();
    tokio::time::sleep(Duration::from_millis(5)).await;
    let mut changed = document("limit", "返品の期限", "到着から30日以内です。");
    (changed["valid_from"], changed["applies_by"]) = (json!("2026-10-01"), json!("order_date"));
    assert_eq!(put(&who, &changed).await.status, 200);
    assert_eq!(found(&who, "返品の期限&as_of=2026-11-23").await[0].1, "到着から30日以内です。");
    let then = before.to_string().replace('+', "%2B");
    let known = found(&who, &format!("返品の期限&as_of=2026-11-23&known_at={then}")).await;
    assert_eq!(known[0].1, "到着から8日以内です。");
    assert!(known.iter().all(|(_, text)| !text.contains("30日")));
    assert!(found(&who, "返品の期限&known_at=2020-01-01").await.is_empty());
    let wrong = who.get("/v1/search?workspace=small&q=返品&as_of=昨日").await;
    assert_eq!(wrong.problem(), "query-invalid");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn under_load_an_acknowledged_change_is_in_every_later_search_and_a_retired_text_in_none() {
    let server = TestServer::holding(&[("faq/all.jsonl", FAQ)], |_| {}).await;
    let stop = std::sync::Arc::new(AtomicBool::new(false));
    let others: Vec<_> = (0..4)
        .map(|_| {
            let (who, stop) = (server.local(), std::sync::Arc::clone(&stop));
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    found(&who, "返品の送料と領収書").await;
                }
            })
        })
        .collect();
    let writers: Vec<_> = (0..3)
        .map(|writer| {
            let who = server.local();
            tokio::spawn(async move {
                for round in 0..6 {
                    let (key, title) = (format!("w{writer}"), format!("見本{writer}の貸出はできますか。"));
                    let text = format!("見本{writer}の貸出は、第{round}版の申込書で承ります。");
                    let body = document(&key, &title, &text);
                    let answer =
                        if round == 0 { who.post("/v1/documents", &body).await } else { put(&who, &body).await };
                    assert!([200, 201].contains(&answer.status), "{}", answer.text);
                    let texts = found(&who, &title).await;
                    let own: Vec<&String> = texts.iter().filter(|(of, _)| *of == key).map(|(_, text)| text).collect();
                    assert_eq!(own, [&text], "round {round}");
                }
                assert_eq!(retire(&who, &format!("w{writer}")).await.status, 200);
                let texts = found(&who, &format!("見本{writer}の貸出")).await;
                assert!(texts.iter().all(|(key, _)| *key != format!("w{writer}")), "{texts:?}");
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    stop.store(true, Ordering::Relaxed);
    for other in others {
        other.await.unwrap();
    }
}

#[tokio::test]
async fn a_file_does_not_bring_back_what_was_retired_by_hand() {
    let server = TestServer::holding(&[("faq/all.jsonl", FAQ)], |_| {}).await;
    let who = server.local();
    assert_eq!(retire(&who, "receipt").await.status, 200);
    server.ingest(&[("faq/all.jsonl", FAQ)]).await;
    assert!(found(&who, "領収書").await.iter().all(|(key, _)| key != "receipt"));
    // Until the file says something else.
    server.ingest(&[("faq/all.jsonl", &FAQ.replace("会員ページ", "注文履歴"))]).await;
    assert_eq!(found(&who, "領収書").await[0].1, "領収書は、注文履歴から発行していただけます。");
}
