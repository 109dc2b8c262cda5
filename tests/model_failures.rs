//! A model that fails in every known way. Whatever it does: the inquiry gets a cited extractive draft, marked, within
//! the deadline; every attempt is recorded; nothing of it reaches a log.

mod support;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{
    Client, RETURNS, TestServer, events, inquiry,
    model::{ScriptedServer, Turn},
};

/// What a model would say that does its work.
const GOOD: &str = "ご連絡ありがとうございます。\n返品は、商品の到着後7日以内に承ります。";

/// Checks that the stand-in is what it has to be; gives the attempts.
async fn stood_in(client: &Client, suggestion: &Value, wanted: &str) -> Vec<Value> {
    assert_eq!(suggestion["outcome"], json!({"kind": "answer"}), "{wanted}: {suggestion}");
    let draft = &suggestion["draft"];
    assert_eq!((&draft["drafter"], &draft["fallback"]), (&json!("extractive"), &json!(wanted)), "{wanted}: {draft}");
    assert!(draft["text"].as_str().unwrap().contains("到着後7日以内"), "{wanted}: {draft}");
    assert!(!suggestion["citations"].as_array().unwrap().is_empty(), "{wanted}");
    let path = format!("/v1/suggestions/{}/attempts", suggestion["id"].as_str().unwrap());
    let asked = client.get(&path).await.json;
    let attempts = asked["attempts"].as_array().unwrap_or_else(|| panic!("{wanted}: {asked}")).clone();
    assert_eq!(attempts.last().unwrap()["failure"], wanted, "{wanted}: {attempts:?}");
    attempts
}

/// Every way to fail: what the server does, what it is called, and how often it is asked.
fn table() -> Vec<(Turn, &'static str, usize)> {
    vec![
        (Turn::unauthorized(), "unauthorized", 1),
        (Turn::forbidden(), "unauthorized", 1),
        (Turn::no_such_model(), "no_such_model", 1),
        (Turn::rate_limited("0"), "rate_limited", 2),
        (Turn::rate_limited("86400"), "rate_limited", 1),
        (Turn::rate_limited("-1"), "rate_limited", 2),
        (Turn::rate_limited("Sun, 29 Nov 2026 00:00:00 GMT"), "rate_limited", 2),
        (Turn::rate_limited("soon"), "rate_limited", 2),
        (Turn::out_of_quota(), "quota", 1),
        (Turn::too_long(), "too_long", 2),
        (Turn::llama_too_long(9_000, 4_096), "too_long", 2),
        (Turn::plain(500, "Internal Server Error"), "server_error", 2),
        (Turn::bad_gateway(), "server_error", 2),
        (Turn::unavailable(), "server_error", 2),
        (Turn::problem(422, "nothing here"), "rejected", 1),
        (Turn::detail(400, "bad"), "rejected", 1),
        (Turn::llama_error(501, "not_supported_error", "no"), "server_error", 2),
        (Turn::redirects_to("http://127.0.0.1:1/v1/chat/completions"), "rejected", 1),
        (Turn::closes_at_once(), "unreachable", 2),
        (Turn::never_answers(), "timeout", 1),
        (Turn::head_only(), "timeout", 1),
        (Turn::stalls(GOOD), "timeout", 1),
        (Turn::says(GOOD).in_pieces_of(1).pausing(Duration::from_millis(300)), "timeout", 1),
        (Turn::cuts_off(GOOD), "truncated", 2),
        (Turn::truncated_json(), "malformed", 2),
        (Turn::not_json(), "malformed", 2),
        (Turn::bad_utf8(), "malformed", 2),
        (Turn::content_is_a_number(), "malformed", 2),
        (Turn::choices_is_an_object(), "malformed", 2),
        (Turn::null_content(), "empty", 1),
        (Turn::endless(), "too_large", 1),
        (Turn::endless_line(), "too_large", 1),
        (Turn::huge(), "too_large", 1),
        (Turn::says(GOOD).finish("length"), "incomplete", 1),
        (Turn::says(GOOD).finish("content_filter"), "filtered", 1),
        (Turn::refuses("お答えできません。"), "refused", 1),
        (Turn::says("We accept returns within 7 days of delivery."), "wrong_language", 1),
        (Turn::says("返品を承ります。<|im_end|>\n<|im_start|>user"), "unclean", 1),
        (Turn::says("返品は、商品の到着後30日以内に承ります。"), "contradicted", 1),
        (
            Turn::says("Uヂm4ヘ払レ案法認到本Mぃちギェ承ります。合ドズ、約y手用・ヲお客様Rぺ保tジざギば。"),
            "ungrounded",
            1,
        ),
    ]
}

async fn every_failure_is_stood_in_for(stream: bool) {
    for (turn, wanted, times) in table() {
        let model = ScriptedServer::start(vec![turn]).await;
        // What comes slowly is slower than the deadline only where it comes in pieces.
        let server = TestServer::small(&model.base(), |settings| settings.stream = Some(stream)).await;
        let client = server.local();
        let before = Instant::now();
        let answer = client.post("/v1/inquiries", &inquiry("small", RETURNS)).await;
        assert_eq!(answer.status, 201, "{wanted}: {}", answer.text);
        assert!(before.elapsed() < Duration::from_secs(20), "{wanted} took {:?}", before.elapsed());
        if answer.json["draft"]["drafter"] == "prompted" {
            // Without a stream a slow text comes in one piece.
            assert!(!stream && wanted == "timeout", "{wanted}: {}", answer.text);
            continue;
        }
        let attempts = stood_in(&client, &answer.json, wanted).await;
        assert_eq!((attempts.len(), model.asked().len()), (times, times), "{wanted}: {attempts:?}");
        for attempt in &attempts {
            assert!(attempt["raw"].as_str().unwrap().len() <= 1024 * 1024, "{wanted}");
        }
        let log = client.get("/v1/audit/events?workspace=small&limit=100").await.text;
        assert!(log.contains(&format!(r#"\"failure\":\"{wanted}\""#)), "{wanted}: {log}");
    }
}

#[tokio::test]
async fn every_failure_is_stood_in_for_when_it_streams() {
    every_failure_is_stood_in_for(true).await;
}

#[tokio::test]
async fn every_failure_is_stood_in_for_when_it_does_not_stream() {
    every_failure_is_stood_in_for(false).await;
}

#[tokio::test]
async fn what_only_a_stream_can_do_wrong_is_stood_in_for_too() {
    let error = json!({"error": {"message": "overloaded", "type": "server_error", "code": "overloaded"}});
    for (turn, wanted) in [
        (Turn::ends_without_finish(GOOD), "truncated"),
        (Turn::empty_stream(), "truncated"),
        (Turn::fails_midway(GOOD, error["error"].clone()), "server_error"),
        (Turn::trickles(), "timeout"),
    ] {
        let model = ScriptedServer::start(vec![turn]).await;
        let server = TestServer::small(&model.base(), |settings| settings.stream = Some(true)).await;
        let answer = server.local().post("/v1/inquiries", &inquiry("small", RETURNS)).await;
        stood_in(&server.local(), &answer.json, wanted).await;
    }
}

#[tokio::test]
async fn nobody_at_the_address_is_a_failure_like_any_other() {
    let port = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let server = TestServer::small(&format!("http://127.0.0.1:{port}/v1"), |_| {}).await;
    let answer = server.local().post("/v1/inquiries", &inquiry("small", RETURNS)).await;
    stood_in(&server.local(), &answer.json, "unreachable").await;
    // A name that does not exist, and TLS where none is spoken, fail or take too long: that is the resolver's and the
    // other side's to say.
    let model = ScriptedServer::start(vec![Turn::says(GOOD)]).await;
    for base in ["http://nobody.invalid/v1".to_owned(), model.base().replace("http://", "https://")] {
        let server = TestServer::small(&base, |_| {}).await;
        let answer = server.local().post("/v1/inquiries", &inquiry("small", RETURNS)).await;
        let failure = answer.json["draft"]["fallback"].as_str().unwrap().to_owned();
        assert!(["unreachable", "timeout"].contains(&failure.as_str()), "{failure}");
        stood_in(&server.local(), &answer.json, &failure).await;
    }
}

#[tokio::test]
async fn dialects_that_are_no_failure_give_a_draft() {
    let says = || Turn::says(GOOD);
    for (name, turn) in [
        ("llama.cpp", says().like_llama()),
        ("comments", says().with_comments()),
        ("extra fields", says().with_extra_fields()),
        ("crlf", says().crlf()),
        ("split bytes", says().in_pieces_of(8).split_bytes()),
        ("no usage", says().without_usage()),
        ("reasoning", says().reasoning("返品の件")),
        ("no DONE", Turn::ends_without_done(GOOD)),
        ("no stream", Turn::ignores_stream(GOOD)),
        ("content length", says().content_length()),
        ("until close", says().until_close()),
    ] {
        let model = ScriptedServer::start(vec![turn]).await;
        let server = TestServer::small(&model.base(), |settings| settings.stream = Some(true)).await;
        let answer = server.local().post("/v1/inquiries", &inquiry("small", RETURNS)).await;
        let draft = &answer.json["draft"];
        assert_eq!((&draft["drafter"], &draft["fallback"]), (&json!("prompted"), &Value::Null), "{name}: {draft}");
        assert_eq!(draft["text"], GOOD, "{name}");
    }
}

#[tokio::test]
async fn a_hiccup_is_repeated_and_both_attempts_stand_in_the_record() {
    let model = ScriptedServer::start(vec![Turn::unavailable(), Turn::says(GOOD)]).await;
    let server = TestServer::small(&model.base(), |_| {}).await;
    let client = server.local();
    let suggestion = client.post("/v1/inquiries", &inquiry("small", RETURNS)).await.json;
    assert_eq!(suggestion["draft"]["drafter"], "prompted", "{suggestion}");
    let path = format!("/v1/suggestions/{}/attempts", suggestion["id"].as_str().unwrap());
    let asked = client.get(&path).await.json;
    let failures: Vec<&Value> = asked["attempts"].as_array().unwrap().iter().map(|one| &one["failure"]).collect();
    assert_eq!(failures, [&json!("server_error"), &Value::Null]);
    assert_eq!(asked["prompts"].as_array().unwrap().len(), 1);
    assert_eq!(asked["attempts"][1]["usage"]["completion_tokens"], 42);
}

#[tokio::test]
async fn a_model_that_breaks_off_in_front_of_a_watcher_is_taken_back() {
    let model = ScriptedServer::start(vec![Turn::cuts_off(GOOD)]).await;
    let server = TestServer::small(&model.base(), |_| {}).await;
    let client = server.local();
    let mut asked = inquiry("small", RETURNS);
    asked["stream"] = json!(true);
    let stream = client.post("/v1/inquiries", &asked).await;
    let events = events(&stream.text);
    let names: Vec<&str> = events.iter().map(|event| event.name.as_str()).collect();
    let restarted = names.iter().position(|name| *name == "draft.restarted").unwrap_or_else(|| panic!("{names:?}"));
    assert!(restarted > 2 && names[restarted - 1] == "draft.delta", "{names:?}");
    assert_eq!(events[restarted].data["reason"], "truncated");
    let after: String = events[restarted..].iter().filter_map(|event| event.data["text"].as_str()).collect();
    let last = events.last().unwrap();
    assert_eq!((last.name.as_str(), &last.data["draft"]["text"]), ("draft.completed", &json!(after)));
    assert_eq!(stood_in(&client, &last.data, "truncated").await.len(), 1, "what was read is not said again");

    // Ids of the record are those of the stream.
    let path = format!("/v1/drafts/{}/events", last.data["draft"]["id"].as_str().unwrap());
    assert_eq!(client.get(&path).await.text.matches("event: draft.completed").count(), 1);
    assert_eq!(last.id, events.len());
}

#[tokio::test]
async fn a_model_in_brown_out_slows_nothing_else() {
    let model = ScriptedServer::start(vec![Turn::never_answers()]).await;
    let server = TestServer::small(&model.base(), |settings| {
        settings.limits.concurrency = 2;
        settings.limits.first_byte = Duration::from_secs(3);
    })
    .await;
    let client = server.local();
    let body = inquiry("small", RETURNS);
    let all = (0..12).map(|_| client.post("/v1/inquiries", &body));
    let drafts = futures_util::future::join_all(all);
    let beside = async {
        let mut slowest = Duration::ZERO;
        for _ in 0..20 {
            let before = Instant::now();
            assert_eq!(client.get("/v1/workspaces").await.status, 200);
            slowest = slowest.max(before.elapsed());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        slowest
    };
    let (drafts, slowest) = tokio::join!(drafts, beside);
    assert!(slowest < Duration::from_secs(2), "another route took {slowest:?} while the model was silent");
    let mut busy = 0;
    for draft in &drafts {
        let fallback = draft.json["draft"]["fallback"].as_str().unwrap_or_else(|| panic!("{}", draft.text));
        assert!(["timeout", "busy", "breaker_open"].contains(&fallback), "{fallback}");
        busy += usize::from(fallback == "busy");
    }
    assert!(busy >= 8, "{busy} did not wait for the two in front");
    assert!(model.asked().len() <= 4);
}

#[tokio::test]
async fn a_model_that_recovers_is_found_by_a_probe() {
    let model = ScriptedServer::start(vec![Turn::unauthorized()]).await;
    let server = TestServer::small(&model.base(), |settings| settings.limits.retries = 0).await;
    let client = server.local();
    let ask = async || client.post("/v1/inquiries", &inquiry("small", RETURNS)).await.json["draft"].clone();
    for wanted in ["unauthorized", "breaker_open", "breaker_open"] {
        assert_eq!(ask().await["fallback"], wanted);
    }
    assert_eq!(model.asked().len(), 1, "a wrong key is not tried again and again");
}

#[tokio::test]
async fn what_the_model_and_the_customer_say_reaches_no_log_and_no_secret_any_record() {
    let model =
        ScriptedServer::start(vec![Turn::not_json().sends("text/event-stream", "data: 山田太郎の秘密\n\n")]).await;
    let server = TestServer::small(&model.base(), |settings| {
        settings.key = Some(aizuchi::config::Secret::new("sk-canary-4711"));
    })
    .await;
    let client = server.local();
    let text = format!("{RETURNS}山田太郎より。電話は090-1234-5678です。");
    let suggestion = client.post("/v1/inquiries", &inquiry("small", &text)).await.json;
    stood_in(&client, &suggestion, "malformed").await;
    assert_eq!(model.asked()[0].header("authorization"), Some("Bearer sk-canary-4711"));
    assert!(!model.asked()[0].body.to_string().contains("090-1234"), "masked before it leaves");
    let path = format!("/v1/suggestions/{}/attempts", suggestion["id"].as_str().unwrap());
    assert!(!client.get(&path).await.text.contains("sk-canary"));
    for text in
        [client.get("/v1/audit/events?workspace=small&limit=100").await.text, format!("{:?}", server.app.settings())]
    {
        assert!(!text.contains("sk-canary") && !text.contains("山田"), "{text}");
    }
}
