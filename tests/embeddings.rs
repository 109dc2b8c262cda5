//! Passages found by what they mean, with an embedder that makes synonyms meet; and whatever it does wrong, the words alone
//! find what they find without it.

mod support;

use std::time::{Duration, Instant};

use aizuchi::{
    config::Settings,
    domain::{Principal, Role, WorkspaceId},
    knowledge::File,
    wire,
};
use serde_json::{Value, json};
use support::{
    Client, TestServer,
    embedder::{self, Embedder},
    inquiry,
    model::Turn,
};

const FAQ: &str = r#"{"key": "sheep", "title": "「モコルン」は洗濯できますか。", "answer": "モコルンは、中性洗剤で手洗いしていただけます。\n乾燥機はお使いいただけません。"}
{"key": "receipt", "title": "領収書は発行できますか。", "answer": "領収書は、マイページのご注文履歴から発行していただけます。"}
{"key": "delivery", "title": "注文した商品はいつ届きますか。", "answer": "ご注文の確定後、3営業日以内に発送いたします。"}
{"key": "gone", "title": "モコルンの限定色は洗濯できますか。", "answer": "モコルンの限定色は、洗濯機で洗っていただけます。", "valid_until": "2020-01-31"}
{"key": "points", "title": "ポイントの有効期限を教えてください。", "answer": "ポイントは、最後のお買い物から1年で失効いたします。"}
"#;
const REPLIES: &str = r#"{"key": "reply-1", "date": "2026-01-05", "channel": "email", "situation": "product_question", "author": "佐藤", "team": "一次", "vendor": "外部", "inquiry": "モコルンの洗濯について。", "reply": "モコルンは手洗いをお勧めしております。"}
"#;
/// No word of it stands in any passage.
const SYNONYMS: &str = "ひつじちゃん、ぴかぴか？";

async fn shop(change: impl FnOnce(&mut Settings)) -> TestServer {
    let change = |settings: &mut Settings| {
        // A server that stops tells so for a while first.
        settings.drain = Duration::from_millis(100);
        change(settings);
    };
    TestServer::holding(&[("faq/all.jsonl", FAQ), ("replies/2026.jsonl", REPLIES)], change).await
}

async fn found(client: &Client, text: &str) -> Value {
    let query = [("workspace", "small"), ("q", text)];
    let answer = support::Answer::of(client.request(reqwest::Method::GET, "/v1/search").query(&query)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json
}

fn keys(found: &Value) -> Vec<&str> {
    found["items"].as_array().unwrap().iter().map(|item| item["key"].as_str().unwrap()).collect()
}

/// Waits until something is so.
async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !so().await {
        assert!(began.elapsed() < Duration::from_secs(20), "{what}");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

async fn caught_up(client: &Client) {
    until("the passages have their vectors", async || keys(&found(client, SYNONYMS).await).contains(&"sheep")).await;
}

#[tokio::test]
async fn synonyms_meet_that_share_no_word_and_a_question_is_embedded_once() {
    let plain = shop(|_| {}).await;
    assert!(keys(&found(&plain.local(), SYNONYMS).await).is_empty(), "by words alone nothing is found");
    let embedder = Embedder::start().await;
    let server = shop(|settings| embedder.used_by(settings)).await;
    let client = server.local();
    caught_up(&client).await;
    let before = embedder.requests().len();
    let answer = found(&client, SYNONYMS).await;
    assert_eq!(keys(&answer), ["sheep", "reply-1"], "a rule, then a past reply; never what does not hold: {answer}");
    let score = answer["items"][0]["score"].as_f64().unwrap();
    assert!(score > 0.05 && score <= 0.3, "{score}");
    let asked = embedder.requests();
    assert_eq!((asked.len(), asked.last().unwrap().len()), (before + 1, 1), "one request with one text");

    let query = [("workspace", "small"), ("q", SYNONYMS), ("explain", "true")];
    let why = support::Answer::of(client.request(reqwest::Method::GET, "/v1/search").query(&query)).await.json;
    assert_eq!(embedder.requests().len(), before + 2);
    let passages = why["explanation"]["passages"].as_array().unwrap();
    let of =
        |key: &str| passages.iter().find(|passage| passage["key"] == key).unwrap_or_else(|| panic!("{key}: {why}"));
    let sheep = of("sheep");
    let number = |name: &str| sheep[name].as_f64().unwrap();
    let sum = number("lexical") + 0.3 * number("near") * (1.0 - number("lexical"));
    let weights = number("kind_weight") * number("audience_weight") * number("matter_weight");
    assert!(number("near") > 0.2 && (sum * weights - number("score")).abs() < 1e-4, "{sheep}");
    assert_eq!(of("gone")["standing"], "not_valid");
}

#[tokio::test]
async fn nearness_holds_to_what_a_reader_may_see_and_what_is_held_true() {
    let embedder = Embedder::start().await;
    let server = shop(|settings| embedder.used_by(settings)).await;
    caught_up(&server.local()).await;
    let chatbot = server.as_key("small", Role::Chatbot).await;
    assert_eq!(keys(&found(&chatbot, SYNONYMS).await), ["sheep"], "a chatbot sees no past reply");
    assert_eq!(embedder.sent("佐藤"), 0);

    // The document goes: its vector is there for a moment longer, and nobody finds it.
    let without: String = FAQ.lines().filter(|line| !line.contains("sheep")).collect::<Vec<_>>().join("\n");
    let file = |path: &str, text: &str| File { path: path.to_owned(), bytes: text.as_bytes().to_vec() };
    let files = vec![file("faq/all.jsonl", &without), file("replies/2026.jsonl", REPLIES)];
    let (who, id) = (Principal::system(), WorkspaceId::parse("small").unwrap());
    server.app.ingest(&who, &id, &wire::Folder::new(files, |_| None).source()).await.unwrap();
    for _ in 0..20 {
        assert!(!keys(&found(&server.as_key("small", Role::Operator).await, SYNONYMS).await).contains(&"sheep"));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn after_a_restart_nothing_is_embedded_again_and_a_change_only_itself() {
    let embedder = Embedder::start().await;
    let server = shop(|settings| embedder.used_by(settings)).await;
    caught_up(&server.as_key("small", Role::Operator).await).await;
    let server = server.restarted().await;
    let client = server.as_key("small", Role::Operator).await;
    caught_up(&client).await;
    for words in ["中性洗剤", "マイページ", "3営業日", "限定色は、洗濯機"] {
        assert_eq!(embedder.sent(words), 1, "{words}");
    }
    let changed = FAQ.replace("3営業日", "5営業日");
    let file = |path: &str, text: &str| File { path: path.to_owned(), bytes: text.as_bytes().to_vec() };
    let files = vec![file("faq/all.jsonl", &changed), file("replies/2026.jsonl", REPLIES)];
    let (who, id) = (Principal::system(), WorkspaceId::parse("small").unwrap());
    server.app.ingest(&who, &id, &wire::Folder::new(files, |_| None).source()).await.unwrap();
    until("the change is embedded", async || embedder.sent("5営業日") == 1).await;
    assert_eq!((embedder.sent("中性洗剤"), embedder.sent("マイページ")), (1, 1));
}

#[tokio::test]
async fn two_models_stand_side_by_side() {
    let embedder = Embedder::start().await;
    let (first, second) = (embedder.settings("first"), embedder.settings("second"));
    let data = tempfile::tempdir().unwrap();
    let open = async |of: &aizuchi::config::EmbeddingSettings| {
        let mut settings = Settings::new(data.path().join("data"));
        settings.models.embeddings.default = Some(of.clone());
        for _ in 0..500 {
            if let Ok(app) = wire::open(settings.clone()).await {
                return app;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the data can be opened again");
    };
    let (who, id) = (Principal::system(), WorkspaceId::parse("small").unwrap());
    let asked_of = |model: &str| {
        let asked = embedder.server.asked();
        let of = asked
            .iter()
            .filter(|asked| asked.body["model"] == model && asked.body["input"].to_string().contains("中性洗剤"));
        of.count()
    };
    for (at, settings) in [&first, &second, &first, &second].into_iter().enumerate() {
        let app = open(settings).await;
        let workspace = aizuchi::domain::Workspace { id: id.clone(), name: "店".to_owned() };
        app.open(&who, workspace).await.unwrap();
        let files = vec![File { path: "faq/all.jsonl".to_owned(), bytes: FAQ.as_bytes().to_vec() }];
        app.ingest(&who, &id, &wire::Folder::new(files, |_| None).source()).await.unwrap();
        let looked_for =
            aizuchi::app::LookedFor { workspace: &id, text: SYNONYMS, limit: 5, when: aizuchi::app::When::default() };
        let mut best = String::new();
        until("it is found", async || {
            let evidence = app.search(&who, &looked_for).await.unwrap();
            best = evidence.items.first().map(|item| item.key.clone()).unwrap_or_default();
            best == "sheep"
        })
        .await;
        assert_eq!((asked_of("first"), asked_of("second")), (1, usize::from(at > 0)), "round {at}");
    }
}

#[tokio::test]
async fn a_text_that_is_too_long_is_cut_and_keeps_no_other_waiting() {
    let embedder = Embedder::start().await;
    embedder.server.reply_with(|asked| {
        let long = asked["input"].as_array().unwrap().iter().any(|text| text.as_str().unwrap().chars().count() > 60);
        match long {
            // As llama.cpp says it.
            true => Turn::llama_error(500, "server_error", "input (900 tokens) is too large to process."),
            false => Turn::status(200).body(embedder::answer(asked)),
        }
    });
    let long = format!(r#"{{"key": "long", "title": "社史", "answer": "{}"}}"#, "昔のことです。".repeat(40));
    let faq = format!("{FAQ}{long}\n");
    let server = TestServer::holding(&[("faq/all.jsonl", &faq)], |settings| embedder.used_by(settings)).await;
    caught_up(&server.local()).await;
    assert!(embedder.sent("昔のことです") > 2, "by itself, and then in halves");
}

/// Every way to fail.
fn table() -> Vec<(&'static str, Turn)> {
    let body = |change: fn(&mut Value)| {
        let mut good = embedder::answer(&json!({"input": [SYNONYMS], "model": "m"}));
        change(&mut good);
        Turn::status(200).body(good)
    };
    vec![
        ("unauthorized", Turn::unauthorized()),
        ("no such model", Turn::no_such_model()),
        ("rate limited", Turn::rate_limited("86400")),
        ("out of quota", Turn::out_of_quota()),
        ("too long", Turn::too_long()),
        ("server error", Turn::plain(500, "Internal Server Error")),
        ("not supported", Turn::llama_error(501, "not_supported_error", "This server does not support embeddings.")),
        ("bad gateway", Turn::bad_gateway()),
        ("a redirect", Turn::redirects_to("http://127.0.0.1:1/v1/embeddings")),
        ("closed", Turn::closes_at_once()),
        ("silence", Turn::never_answers()),
        ("a head and silence", Turn::head_only()),
        ("a stall", Turn::says("[1, 2").stalling()),
        ("slow", body(|_| {}).after(Duration::from_secs(4))),
        ("cut off", Turn::says("[1, 2").cut()),
        ("no JSON", Turn::not_json()),
        ("a chat completion", Turn::says("はい")),
        ("without an end", Turn::endless()),
        ("an error under 200", Turn::status(200).body(json!({"error": {"message": "no", "code": 500}}))),
        ("no data", body(|answer| answer["data"] = Value::Null)),
        ("too few", body(|answer| answer["data"] = json!([]))),
        ("a wrong index", body(|answer| answer["data"][0]["index"] = json!(1))),
        ("another length", body(|answer| answer["data"][0]["embedding"] = json!([1.0, 0.5]))),
        ("no length", body(|answer| answer["data"][0]["embedding"] = json!([]))),
        ("zero", body(|answer| answer["data"][0]["embedding"] = json!(vec![0.0; 64]))),
        ("null", body(|answer| answer["data"][0]["embedding"][3] = Value::Null)),
        ("infinite", body(|answer| answer["data"][0]["embedding"][3] = json!(1e300))),
        ("base64", body(|answer| answer["data"][0]["embedding"] = json!("AACAPw=="))),
    ]
}

#[tokio::test]
async fn whatever_it_does_wrong_the_answer_is_byte_for_byte_the_one_by_words() {
    const BOTH: &str = "モコルンは洗濯できますか。";
    let embedder = Embedder::down().await;
    let server = shop(|settings| embedder.used_by(settings)).await;
    let client = server.local();
    // Not caught up yet: the embedder is not even asked.
    let by_words = found(&client, BOTH).await.to_string();
    embedder.works();
    caught_up(&client).await;
    assert_ne!(found(&client, BOTH).await.to_string(), by_words, "it does make a difference");
    // The same data again and again, because a breaker that has opened would spare the next failure its turn.
    let mut server = server;
    for (what, turn) in table() {
        embedder.works();
        server = server.restarted().await;
        let client = server.local();
        caught_up(&client).await;
        embedder.server.now_does(turn);
        let (asked, began) = (embedder.requests().len(), Instant::now());
        assert_eq!(found(&client, BOTH).await.to_string(), by_words, "{what}");
        assert_eq!(embedder.requests().len(), asked + 1, "{what}: it was asked");
        assert!(began.elapsed() < Duration::from_secs(3), "{what} took {:?}", began.elapsed());
    }
}

#[tokio::test]
async fn a_server_in_trouble_is_left_alone_and_an_inquiry_is_answered_all_the_same() {
    let embedder = Embedder::start().await;
    let server = shop(|settings| embedder.used_by(settings)).await;
    let client = server.local();
    caught_up(&client).await;
    embedder.server.now_does(Turn::unavailable());
    for _ in 0..12 {
        found(&client, SYNONYMS).await;
    }
    let asked = embedder.requests().len();
    let answer = client.post("/v1/inquiries", &inquiry("small", "モコルンは洗濯できますか。")).await;
    assert_eq!((answer.status, &answer.json["outcome"]["kind"]), (201, &json!("answer")), "{}", answer.text);
    assert_eq!(embedder.requests().len(), asked, "the breaker is open");
}

#[tokio::test]
async fn an_inquiry_without_a_common_word_is_answered_from_what_it_means() {
    let embedder = Embedder::start().await;
    let server = shop(|settings| embedder.used_by(settings)).await;
    let client = server.local();
    caught_up(&client).await;
    let before = embedder.requests().len();
    let answer = client.post("/v1/inquiries", &inquiry("small", SYNONYMS)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.json["evidence"][0]["key"], "sheep", "{}", answer.text);
    assert_eq!(embedder.requests().len(), before + 1);
    let unrelated = client.post("/v1/inquiries", &inquiry("small", "宇宙旅行の保険はありますか。")).await;
    assert_eq!(unrelated.json["outcome"]["reason"], "no_evidence", "{}", unrelated.text);
}

#[tokio::test]
async fn a_draft_comes_back_with_what_the_embedder_said_then() {
    let embedder = Embedder::start().await;
    let shop = shop(|settings| embedder.used_by(settings)).await;
    let client = shop.local();
    caught_up(&client).await;
    let made = client.post("/v1/inquiries", &inquiry("small", "ひつじちゃんは洗濯できますか。")).await.json;
    assert_eq!(made["evidence"][0]["key"], "sheep", "{made}");
    let path = format!("/v1/audit/drafts/{}", made["draft"]["id"].as_str().unwrap());
    let record = client.get(&path).await.json;
    assert!(!record["making"]["searches"][0]["near"].as_array().unwrap().is_empty(), "{}", record["making"]);
    shop.ingest(&[("faq/all.jsonl", &FAQ.replace("中性洗剤", "おしゃれ着用の洗剤")), ("replies/2026.jsonl", REPLIES)])
        .await;
    embedder.server.now_does(Turn::unavailable());
    let replay = client.get(&format!("{path}/replay")).await.json;
    assert_eq!((&replay["identical"], &replay["differences"]), (&json!(true), &json!([])));
    assert_eq!(embedder.sent("ひつじちゃんは洗濯"), 1, "nothing was asked again");
}
