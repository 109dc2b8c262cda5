//! The whole record of a draft over HTTP: complete on the day, and the same after everything has changed.

mod support;

use aizuchi::domain::{Id, Principal, Role};
use serde_json::{Value, json};
use support::{
    Client, RETURNS, SMALL_FAQ, TestServer, inquiry,
    model::{ScriptedServer, Turn},
};

const GUIDE: &str = r#"version: 2
brand: { id: small, name: 小さな店, business: 通販, channels: [email], voice: 丁寧に }
rules:
  ng_word: { clause: 「解約」と書かない, words: [{ any: [解約], use: 停止 }] }
"#;
const OTHER_GUIDE: &str = r#"version: 2
brand: { id: small, name: 大きな店, business: 通販, channels: [email], voice: 簡潔に }
rules:
  ng_word: { clause: 「返品」と書かない, words: [{ any: [返品], use: 返送 }] }
"#;

async fn record(client: &Client, draft: &str) -> Value {
    let record = client.get(&format!("/v1/audit/drafts/{draft}")).await;
    assert_eq!(record.status, 200, "{}", record.text);
    record.json
}

fn kinds(record: &Value) -> Vec<String> {
    let content = |event: &Value| serde_json::from_str::<Value>(event["content"].as_str().unwrap()).unwrap();
    let events = record["events"].as_array().unwrap();
    events.iter().map(|event| content(event)["type"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_record_says_who_was_told_what_on_what_ground_and_who_let_it_pass() {
    let busy = Turn::unavailable();
    let answer = Turn::says("返品は、商品の到着後7日以内に承ります。").usage(700, 60, 0);
    let model = ScriptedServer::start(vec![busy, answer]).await;
    let server = TestServer::small(&model.base(), |model| model.temperature = Some(0.2)).await;
    server.ingest(&[("faq/all.jsonl", SMALL_FAQ), ("guide.yaml", GUIDE)]).await;
    let (operator, auditor) =
        (server.as_key("small", Role::Operator).await, server.as_key("small", Role::Auditor).await);
    let mut asked = inquiry("small", &format!("{RETURNS}電話は090-1234-5678です。"));
    asked["records"] = json!([{"name": "お届け日", "value": "11月25日", "source": "order-system"}]);
    asked["order"] = json!("48120");
    let suggestion = operator.post("/v1/inquiries", &asked).await.json;
    let draft = suggestion["draft"]["id"].as_str().unwrap();
    let evidence: Vec<&Value> =
        suggestion["evidence"].as_array().unwrap().iter().map(|item| &item["passage"]).collect();
    let shown = json!({"evidence": [evidence[0]], "open_ms": 41_200});
    let text = "返品は、到着後7日以内に承ります。ご安心ください。";
    let decision = json!({"action": "edit", "text": text, "reason": "言い回し", "author": "suzuki", "shown": shown});
    let decided = operator.post(&format!("/v1/drafts/{draft}/decision"), &decision).await;
    assert_eq!(decided.status, 201, "{}", decided.text);

    let record = record(&auditor, draft).await;
    assert_eq!(record["inquiry"]["records"][0]["source"], "order-system");
    assert_eq!(record["suggestion"], suggestion, "the ground with its revisions, scores, ranks and verdicts");
    let ground = record["suggestion"]["evidence"].as_array().unwrap();
    let passages: Vec<&Value> = ground.iter().filter(|item| item["kind"] != "record").collect();
    assert!(passages.iter().all(|item| item["revision"].as_str().unwrap().starts_with("rev_")) && passages.len() > 1);
    assert_eq!((&ground[0]["kind"], &ground[0]["revision"]), (&json!("record"), &Value::Null));
    // What the model was asked is there byte for byte, with every attempt.
    let sent = model.asked().last().unwrap().body["messages"].clone();
    assert_eq!(record["attempts"]["prompts"][0]["messages"], sent);
    assert!(!sent.to_string().contains("090-1234"), "masked");
    let attempts = record["attempts"]["attempts"].as_array().unwrap();
    assert_eq!((attempts.len(), &attempts[0]["status"], &attempts[1]["status"]), (2, &json!(503), &json!(200)));
    assert!(attempts[1]["parameters"].as_str().unwrap().contains("\"temperature\":0.2"));
    assert!(attempts[1]["raw"].as_str().unwrap().contains("到着後7日以内"));
    // How long it took; the model is part of the drafting.
    let took = |stage: &str| record["timings"][stage].as_u64().unwrap();
    let asked: u64 = attempts.iter().map(|attempt| attempt["duration_ms"].as_u64().unwrap()).sum();
    assert!(took("retrieval_us") > 0 && took("checks_us") > 0, "{}", record["timings"]);
    assert!(took("drafting_us") >= asked * 1_000, "{}", record["timings"]);
    // What it was made under.
    let making = &record["making"];
    assert_eq!(making["internal"], true);
    assert!(making["searches"][0]["text"].as_str().unwrap().contains("返品の期限"));
    assert_eq!(making["searches"][0]["matter"], "返品");
    let configuration = &record["configuration"];
    assert!(configuration["build"].as_str().unwrap().starts_with(concat!(env!("CARGO_PKG_VERSION"), "+")));
    assert_eq!(configuration["models"]["drafter"]["temperature"], 0.2);
    assert!(configuration["files"]["draft/system.txt"].as_str().unwrap().len() == 64);
    assert!(record["guide"].as_str().unwrap().starts_with("rev_") && record["index_sequence"].as_u64().unwrap() > 0);
    // Who let it pass, and what lay before them.
    let decision = &record["decision"];
    assert_eq!((&decision["action"], &decision["reply"]["text"]), (&json!("edit"), &json!(text)));
    assert_eq!(decision["screen"]["evidence"], json!(evidence));
    let shown = json!({"evidence": [evidence[0]], "findings": [], "open_ms": 41_200});
    assert_eq!(decision["screen"]["shown"], shown);
    assert_eq!(kinds(&record), ["inquiry.received", "draft.suggested", "draft.decided"]);
    let last: Value = serde_json::from_str(record["events"][2]["content"].as_str().unwrap()).unwrap();
    assert_eq!(last["principal"]["role"], "operator");
    let refused = operator.get(&format!("/v1/audit/drafts/{draft}")).await;
    assert_eq!((refused.status, refused.problem().as_str()), (403, "role-not-allowed"));
}

#[tokio::test]
async fn no_later_change_of_a_document_a_prompt_or_the_guide_changes_a_record() {
    let server = TestServer::small_with(|_| {}).await;
    server.ingest(&[("faq/all.jsonl", SMALL_FAQ), ("guide.yaml", GUIDE)]).await;
    let client = server.local();
    let suggestion = client.draft("small").await;
    let draft = suggestion["draft"]["id"].as_str().unwrap();
    client.post(&format!("/v1/drafts/{draft}/decision"), &json!({"action": "accept"})).await;
    let before = record(&client, draft).await;

    let faq = SMALL_FAQ.replace("7日以内", "14日以内").replace("880円", "0円");
    server.ingest(&[("faq/all.jsonl", &faq), ("guide.yaml", OTHER_GUIDE)]).await;
    let prompts = tempfile::tempdir().unwrap();
    for part in ["draft", "judge", "entail"] {
        let (from, to) = (format!("{}/prompts/{part}", env!("CARGO_MANIFEST_DIR")), prompts.path().join(part));
        std::fs::create_dir(&to).unwrap();
        for name in ["system.txt", "user.txt"] {
            let text = std::fs::read_to_string(format!("{from}/{name}")).unwrap();
            std::fs::write(to.join(name), format!("{text}\n# 改めました\n")).unwrap();
        }
    }
    let server = server.restarted_with(|settings| settings.prompts = Some(prompts.path().to_owned())).await;
    let client = server.local();
    let other = client.draft("small").await;
    let other = record(&client, other["draft"]["id"].as_str().unwrap()).await;
    assert_ne!(other["suggestion"]["evidence"], before["suggestion"]["evidence"], "there is something to differ");
    assert_ne!(other["guide"], before["guide"]);
    assert_ne!(other["configuration"]["hash"], before["configuration"]["hash"]);
    assert_ne!(other["configuration"]["files"]["draft/user.txt"], before["configuration"]["files"]["draft/user.txt"]);
    assert_eq!(other["configuration"]["build"], before["configuration"]["build"]);
    assert_eq!(record(&client, draft).await, before);
    // Each configuration is an event once, whoever drafts by it.
    let events = client.get("/v1/audit/events?workspace=small&type=configuration").await.json;
    assert_eq!(events["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_screen_cannot_have_shown_what_was_never_handed_out() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let (first, second) = (client.draft("small").await, client.draft("small").await);
    let path = format!("/v1/drafts/{}/decision", first["draft"]["id"].as_str().unwrap());
    for (shown, pointer) in [
        (json!({"evidence": ["psg_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10"]}), None),
        (json!({"findings": ["fnd_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10"]}), None),
        (json!({"findings": ["x"]}), Some("/shown/findings/0")),
        (json!({"minutes": 3}), Some("/shown/minutes")),
    ] {
        let refused = client.post(&path, &json!({"action": "accept", "shown": shown})).await;
        assert_eq!(refused.status, 422, "{shown}: {}", refused.text);
        match pointer {
            Some(_) => assert!(refused.text.contains("shown"), "{}", refused.text),
            None => assert_eq!(refused.problem(), "decision-invalid"),
        }
    }
    // Nothing said is nothing known: the record does not make it up.
    let accepted = client.post(&path, &json!({"action": "accept"})).await;
    assert_eq!(accepted.status, 201, "{}", accepted.text);
    let record = record(&client, first["draft"]["id"].as_str().unwrap()).await;
    assert_eq!(record["decision"]["screen"]["shown"], Value::Null);
    let undecided = client.get(&format!("/v1/audit/drafts/{}", second["draft"]["id"].as_str().unwrap())).await;
    assert_eq!(undecided.json["decision"], Value::Null);
}

#[tokio::test]
async fn a_draft_comes_back_over_http_and_what_today_s_model_would_say_is_recorded_as_asked() {
    let model = ScriptedServer::answering("返品は、商品の到着後7日以内に承ります。").await;
    let server = TestServer::small(&model.base(), |_| {}).await;
    let client = server.local();
    let suggestion = client.draft("small").await;
    let draft = suggestion["draft"]["id"].as_str().unwrap();
    assert_eq!(suggestion["draft"]["drafter"], "prompted");
    let faq = SMALL_FAQ.replace("7日以内", "14日以内");
    server.ingest(&[("faq/all.jsonl", &faq), ("guide.yaml", GUIDE)]).await;
    let asked = model.asked().len();
    let replay = client.get(&format!("/v1/audit/drafts/{draft}/replay")).await;
    assert_eq!((replay.status, &replay.json["differences"]), (200, &json!([])), "{}", replay.text);
    assert_eq!((&replay.json["identical"], &replay.json["suggestion"]), (&json!(true), &suggestion));
    assert_eq!(replay.json["builds"]["then"], replay.json["builds"]["now"]);
    assert_eq!(model.asked().len(), asked, "nothing was sent");

    // Today the same model says something else of the same ground.
    model.now_does(Turn::says("返品は、到着後7日以内であれば承ります。"));
    let (who, id) = (Principal::system(), Id::parse(draft).unwrap());
    let live = server.app.replay_live(&who, &id).await.unwrap();
    let places: Vec<&str> = live.differences.iter().map(|one| one.pointer.as_str()).collect();
    assert!(
        places.contains(&"/draft/text") && places.iter().all(|place| !place.starts_with("/evidence")),
        "{places:?}"
    );
    assert!(live.replayed.draft.unwrap().text.contains("到着後7日以内であれば"), "by the rule of then");
    let record = record(&client, draft).await;
    assert_eq!(kinds(&record), ["inquiry.received", "draft.suggested", "draft.replayed"]);
    assert_eq!(record["suggestion"], suggestion, "and the record is as it was");
    let operator = server.as_key("small", Role::Operator).await;
    let refused = operator.get(&format!("/v1/audit/drafts/{draft}/replay")).await;
    assert_eq!((refused.status, refused.problem().as_str()), (403, "role-not-allowed"));
}
