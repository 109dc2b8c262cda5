//! A document changes: every reply that was sent by its old words is found, with what is wrong in it now, and how long it
//! took to set right.

mod support;

use aizuchi::domain::Role;
use reqwest::Method;
use serde_json::{Value, json};
use support::{Client, RETURNS, SMALL_FAQ, TestServer, inquiry};

/// Asks, and sends this.
async fn told(client: &Client, question: &str, answer: &str) -> (Value, Value) {
    let suggestion = client.post("/v1/inquiries", &inquiry("small", question)).await;
    assert_eq!(suggestion.status, 201, "{}", suggestion.text);
    let path = format!("/v1/drafts/{}/decision", suggestion.json["draft"]["id"].as_str().unwrap());
    let decided = client.post(&path, &json!({"action": "edit", "text": answer})).await;
    assert_eq!(decided.status, 201, "{}", decided.text);
    (suggestion.json, decided.json["reply"].clone())
}

async fn history(client: &Client, key: &str) -> Vec<Value> {
    let answer = client.get(&format!("/v1/documents/{key}/revisions?workspace=small")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json["items"].as_array().unwrap().clone()
}

async fn ok(client: &Client, path: &str) -> Value {
    let answer = client.get(path).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json
}

fn of<'a>(page: &'a Value, reply: &Value) -> Option<&'a Value> {
    page["items"].as_array().unwrap().iter().find(|item| item["reply"] == reply["id"])
}

#[tokio::test]
async fn who_was_told_by_the_old_words_is_found_with_what_is_wrong_now() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let wrong = told(&client, RETURNS, "ご連絡ありがとうございます。返品は、商品の到着後7日以内に承ります。").await;
    let fee = "送料はいくらですか。返品したいです。";
    let right = told(&client, fee, "お客様のご都合による返品の送料は、税込880円をご負担いただきます。").await;
    let other =
        told(&client, "領収書は発行できますか。", "領収書は、マイページのご注文履歴から発行していただけます。").await;
    let silent = told(&client, RETURNS, "担当者よりご連絡いたします。").await;
    let reported = json!({"workspace": "small", "channel": "chat", "text": "到着後7日以内に返品を承ります。",
        "inquiry": silent.0["inquiry"]});
    let reported = client.post("/v1/replies", &reported).await.json;

    // While nothing has changed, the replies are known and nothing is wrong.
    let held = history(&client, "returns").await[0]["id"].as_str().unwrap().to_owned();
    let before = ok(&client, &format!("/v1/revisions/{held}/replies")).await;
    assert_eq!(before["items"].as_array().unwrap().len(), 3, "{before}");
    let sum = ok(&client, &format!("/v1/revisions/{held}/correction")).await;
    assert_eq!((&sum["changed_at"], &sum["relied"], &sum["contradicted"]), (&Value::Null, &json!(3), &json!(0)));

    server.ingest(&[("faq/all.jsonl", &SMALL_FAQ.replace("到着後7日以内", "到着後14日以内"))]).await;
    let revisions = history(&client, "returns").await;
    assert_eq!((revisions.len(), &revisions[1]["id"]), (2, &json!(held)), "the old one is there, behind the new");
    let page = ok(&client, &format!("/v1/revisions/{held}/replies")).await;
    assert_eq!(page["successors"], json!([revisions[0]["id"]]));
    for reply in [&wrong.1, &reported] {
        let claim = &of(&page, reply).unwrap()["claims"][0];
        assert_eq!(claim["verdict"], "contradicted", "{claim}");
        assert!(claim["then"].as_str().unwrap().contains("7日以内") && claim["now"].as_str().unwrap().contains("14日"));
    }
    assert_eq!(of(&page, &right.1).unwrap()["claims"][0]["verdict"], "supported", "the fee is as it was");
    assert!(of(&page, &other.1).is_none() && of(&page, &silent.1).is_none(), "nothing of theirs stood on it");
    let sum = ok(&client, &format!("/v1/revisions/{held}/correction")).await;
    assert_eq!((&sum["relied"], &sum["contradicted"], &sum["open"]), (&json!(3), &json!(2), &json!(2)));
    assert_eq!(sum["lead_time_ms"], Value::Null);

    // The customer is told by what holds now: that is the correction, and its lead time is known.
    let next = json!({"workspace": "small", "channel": "email", "text": "返品の期限は本当に7日ですか。",
        "conversation": wrong.0["conversation"]});
    let again = client.post("/v1/inquiries", &next).await.json;
    let path = format!("/v1/drafts/{}/decision", again["draft"]["id"].as_str().unwrap());
    let text = "失礼いたしました。返品は、商品の到着後14日以内に承ります。";
    assert_eq!(client.post(&path, &json!({"action": "edit", "text": text})).await.status, 201);
    let sum = ok(&client, &format!("/v1/revisions/{held}/correction")).await;
    assert_eq!((&sum["contradicted"], &sum["corrected"], &sum["open"]), (&json!(2), &json!(1), &json!(1)));
    let lead = &sum["lead_time_ms"];
    assert!(lead["p50"].as_u64().unwrap() > 0 && lead["p50"] == lead["max"], "{lead}");
    let page = ok(&client, &format!("/v1/revisions/{held}/replies")).await;
    assert!(of(&page, &wrong.1).unwrap()["corrected_at"].is_string());
    assert_eq!(of(&page, &reported).unwrap()["corrected_at"], Value::Null);
    // The rule changes once more: what was said to correct it is wrong too, and nobody was told by what holds now.
    server.ingest(&[("faq/all.jsonl", &SMALL_FAQ.replace("到着後7日以内", "到着後21日以内"))]).await;
    let sum = ok(&client, &format!("/v1/revisions/{held}/correction")).await;
    assert_eq!((&sum["contradicted"], &sum["corrected"], &sum["open"]), (&json!(2), &json!(0), &json!(2)));
}

#[tokio::test]
async fn what_a_retired_document_said_is_said_by_nothing_any_more() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    told(&client, RETURNS, "返品は、商品の到着後7日以内に承ります。").await;
    let held = history(&client, "returns").await[0]["id"].as_str().unwrap().to_owned();
    let retired = client.request(Method::DELETE, "/v1/documents/returns?workspace=small").send().await.unwrap();
    assert!(retired.status().is_success());
    let sum = ok(&client, &format!("/v1/revisions/{held}/correction")).await;
    assert_eq!((&sum["contradicted"], &sum["unsupported"], &sum["open"]), (&json!(0), &json!(1), &json!(0)), "{sum}");
    assert_eq!(ok(&client, &format!("/v1/revisions/{held}/replies")).await["successors"], json!([]));
}

#[tokio::test]
async fn pages_join_to_the_whole_and_who_may_not_read_it_is_refused() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    for _ in 0..5 {
        told(&client, RETURNS, "返品は、商品の到着後7日以内に承ります。").await;
    }
    let held = history(&client, "returns").await[0]["id"].as_str().unwrap().to_owned();
    let whole = ok(&client, &format!("/v1/revisions/{held}/replies")).await;
    let (mut pages, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = ok(&client, &format!("/v1/revisions/{held}/replies?limit=2{cursor}")).await;
        pages.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!((json!(pages), pages.len()), (whole["items"].clone(), 5));
    let chatbot = server.as_key("small", Role::Chatbot).await;
    let operator = server.as_key("small", Role::Operator).await;
    for path in [format!("/v1/revisions/{held}/replies"), format!("/v1/revisions/{held}/correction")] {
        assert_eq!(chatbot.get(&path).await.problem(), "role-not-allowed");
        assert_eq!(operator.get(&path).await.status, 200);
    }
    let unknown = "/v1/revisions/rev_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10/correction";
    assert_eq!(operator.get(unknown).await.problem(), "not-found");
    let malformed = operator.get(&format!("/v1/revisions/{held}/replies?cursor=x")).await;
    assert_eq!((malformed.status, malformed.problem().as_str()), (400, "query-invalid"));
    let nothing = operator.get("/v1/documents/nothing/revisions?workspace=small").await;
    assert_eq!((nothing.status, nothing.problem().as_str()), (404, "document-not-found"));
}

/// The figure of `eval/README.md`: every one of a hundred thousand sent replies stands on the document that changed.
#[cfg(feature = "measure")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_replies_by_one_document() {
    use aizuchi::{
        app::{Byline, Reported},
        domain::{Channel, Id, Principal, WorkspaceId},
    };
    use futures_util::{StreamExt as _, stream};

    const REPLIES: usize = 100_000;
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let mut inquiries = Vec::new();
    for _ in 0..REPLIES / 50 {
        let (suggestion, _) = told(&client, RETURNS, "返品は、商品の到着後7日以内に承ります。").await;
        inquiries.push(Id::parse(suggestion["inquiry"].as_str().unwrap()).unwrap());
    }
    let held = history(&client, "returns").await[0]["id"].as_str().unwrap().to_owned();
    let (app, who) = (server.app.clone(), Principal::system());
    let report = |n: usize| {
        let (app, who, inquiry) = (app.clone(), who.clone(), inquiries[n % inquiries.len()].clone());
        let claim = match n % 3 {
            0 => "返品は、商品の到着後7日以内に承ります。",
            1 => "商品が到着してから7日以内でしたら、返品をお受けいたします。",
            _ => "お客様のご都合による返品の送料は、税込880円をご負担いただきます。",
        };
        let text = format!("{n}様\nお問い合わせありがとうございます。\n{claim}\n今後ともよろしくお願いいたします。");
        let workspace = WorkspaceId::parse("small").unwrap();
        let reported = Reported {
            workspace,
            inquiry: Some(inquiry),
            channel: Channel::Email,
            text,
            byline: Byline::default(),
            sent_at: None,
        };
        async move { app.report_reply(&who, reported, None).await.map(drop).unwrap() }
    };
    stream::iter((0..REPLIES).map(report)).buffer_unordered(64).collect::<Vec<()>>().await;
    server.ingest(&[("faq/all.jsonl", &SMALL_FAQ.replace("到着後7日以内", "到着後14日以内"))]).await;
    let (wall, cpu) = (std::time::Instant::now(), cpu_time::ProcessTime::now());
    let sum = app.correction(&who, &Id::parse(&held).unwrap(), |_| {}).await.unwrap();
    println!(
        "{} replies, {} contradicted, {} unsupported: {:.1} s, CPU {:.1} s",
        sum.relied,
        sum.contradicted,
        sum.unsupported,
        wall.elapsed().as_secs_f64(),
        cpu.elapsed().as_secs_f64()
    );
    assert!(sum.relied > REPLIES * 9 / 10, "there was something to measure");
}
