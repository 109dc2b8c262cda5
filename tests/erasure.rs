//! Whoever is erased is nowhere any more: not in an answer, not in a file, in no spelling; and the log stays valid. Told on
//! SQLite always, and on PostgreSQL when `AIZUCHI_TEST_POSTGRES_URL` names a server.

mod support;

use std::{fs, path::Path, process::Command, sync::Arc, time::Duration};

use aizuchi::{
    adapters::{
        anchors::FileAnchors,
        sql::SqlStore,
        system::{SystemClock, SystemIds},
    },
    config::{ModelSettings, Settings},
    domain::{Channel, Id, Inquiry, InquiryText, Role, Situation, Situations, TextClass, Timestamp, WorkspaceId, name},
    ports::{Cases, Clock, Erasing, Ids},
    verifier::{Pins, VerifierKey, included, verify},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::{Connection, PgConnection};
use support::{
    Answer, Client, SMALL_FAQ, TestServer, events,
    failed::fail_a_draft,
    model::{ScriptedServer, Turn},
    sought::{Sought, found_in, scan, spellings},
};

const GUIDE: &str = "version: 2
brand: {id: small, name: 小さな店}
rules:
  ng_word: {clause: 使わない言葉。, words: [{any: [クレーム], use: [ご意見]}]}
";

/// A word of one person in one place, as nobody else writes it.
fn canary(who: &str, place: &str) -> String {
    format!("藍鷺{who}{place}")
}

/// Every place that a customer's or an operator's words come in by.
const PLACES: [&str; 17] = [
    "first", "record", "value", "source", "order", "customer", "joined", "hint", "edit", "reason", "ruling", "phrase",
    "phone", "reported", "model", "slip", "hasty",
];
/// Written by hand into a draft that fails.
const STREAMED: &str = "streamed";

fn canaries(who: &str) -> Vec<String> {
    PLACES.iter().chain([&STREAMED]).map(|place| canary(who, place)).collect()
}

/// What one person left, as it is read.
struct Left {
    inquiry: String,
    /// Where words of this person alone are shown.
    paths: Vec<String>,
    draft: String,
}

fn made(answer: &Answer) -> &Value {
    assert!([200, 201].contains(&answer.status), "{}", answer.text);
    &answer.json
}

fn id(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no id: {value}")).to_owned()
}

/// A person writes twice, is answered, calls, and is answered elsewhere; QA looks at it.
async fn plant(client: &Client, who: &str) -> Left {
    let say = |place: &str| canary(who, place);
    let customer = say("customer");
    let first = json!({
        "workspace": "small", "channel": "email", "text": format!("{}です。返品の期限を教えてください。", say("first")),
        "order": say("order"), "records": [{"name": say("record"), "value": say("value"), "source": say("source")}],
    });
    let first = client.post_once("/v1/inquiries", &format!("first-{who}"), &first).await;
    let inquiry = id(&made(&first)["inquiry"]);
    let thread = first.json["conversation"].clone();
    let joined = client
        .post(
            "/v1/inquiries",
            &json!({
                "workspace": "small", "channel": "email", "text": format!("送料もです。{}", say("joined")),
                "customer": customer, "conversation": thread,
            }),
        )
        .await;
    assert_eq!(id(&made(&joined)["inquiry"]), inquiry, "it joins");
    let hint = json!({"hint": format!("{}にも触れて", say("hint"))});
    let again = client.post(&format!("/v1/inquiries/{inquiry}/drafts"), &hint).await;
    let draft = id(&made(&again)["draft"]["id"]);
    let edit = json!({
        "action": "edit", "text": format!("{}様、クレーム{}の件です。", say("edit"), say("phrase")), "reason": say("reason"),
    });
    let slip = json!({"action": "edit", "text": format!("{}様、違う文面です。", say("slip")), "reason": say("hasty")});
    let decide = format!("/v1/drafts/{draft}/decision");
    made(&client.post_once(&decide, &format!("slip-{who}"), &slip).await);
    assert_eq!(client.delete(&decide).await.status, 204, "it is taken back");
    let decided = client.post_once(&decide, &format!("decide-{who}"), &edit).await;
    let reply = &made(&decided)["reply"];
    let finding = id(&reply["findings"][0]["id"]);
    let ruling = json!({
        "verdict": "waived", "reason": say("ruling"), "phrase": format!("クレーム{}", say("phrase")), "until": "2099-12-31",
    });
    made(&client.post(&format!("/v1/findings/{finding}/ruling"), &ruling).await);

    let call = json!({
        "workspace": "small", "channel": "phone_note", "text": format!("{}様より入電。返品の期限。", say("phone")),
        "customer": customer, "stream": true,
    });
    let streamed = client.post("/v1/inquiries", &call).await;
    let called = events(&streamed.text).last().unwrap().data.clone();
    let reported = json!({
        "workspace": "small", "channel": "phone_note", "text": format!("{}様、クレームの件です。", say("reported")),
        "inquiry": called["inquiry"],
    });
    let reported = client.post("/v1/replies", &reported).await;
    let of = |path: &str, id: &Value| format!("/v1/{path}/{}", id.as_str().unwrap());
    let paths = vec![
        format!("/v1/inquiries/{inquiry}"),
        of("inquiries", &called["inquiry"]),
        of("suggestions", &first.json["id"]),
        of("suggestions", &again.json["id"]),
        of("suggestions", &called["id"]),
        of("suggestions", &called["id"]) + "/attempts",
        format!("/v1/drafts/{draft}"),
        of("drafts", &called["draft"]["id"]),
        of("drafts", &called["draft"]["id"]) + "/events",
        of("replies", &reply["id"]),
        of("replies", &made(&reported)["id"]),
        format!("/v1/findings/{finding}"),
        of("findings", &reported.json["findings"][0]["id"]),
    ];
    for path in &paths {
        let read = client.get(path).await;
        assert!(read.status == 200 && read.text.contains(&format!("藍鷺{who}")), "{path}: {}", read.text);
    }
    Left { inquiry, paths, draft }
}

fn small() -> WorkspaceId {
    WorkspaceId::parse("small").unwrap()
}

/// Where the test is told.
struct Ground {
    schema: Option<(String, String)>,
}

impl Ground {
    async fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var("AIZUCHI_TEST_POSTGRES_URL") else {
            println!("skipped: postgresql (AIZUCHI_TEST_POSTGRES_URL is not set)");
            return None;
        };
        let schema = format!("erasure_{}_{}", std::process::id(), SystemIds.uuid().simple());
        let mut admin = PgConnection::connect(&server).await.unwrap();
        run(&mut admin, format!("CREATE SCHEMA {schema}")).await;
        Some(Self { schema: Some((server, schema)) })
    }

    fn url(&self) -> Option<String> {
        let (server, schema) = self.schema.as_ref()?;
        let joint = if server.contains('?') { '&' } else { '?' };
        Some(format!("{server}{joint}options[search_path]={schema}"))
    }

    /// Where one of the words stands on the disk, below the data folder or in the server's tables.
    async fn scan(&self, data: &Path, words: &[String]) -> Vec<String> {
        let sought = Sought::new(words);
        let mut found = sought.below(data);
        let Some((server, schema)) = &self.schema else { return found };
        let mut conn = PgConnection::connect(server).await.unwrap();
        run(&mut conn, "CHECKPOINT".to_owned()).await;
        let names = "SELECT c.relname::text, pg_relation_filepath(c.oid), c.relkind::text FROM pg_class c
                     WHERE c.relnamespace = $1::regnamespace OR c.oid IN (
                         SELECT t.reltoastrelid FROM pg_class t WHERE t.relnamespace = $1::regnamespace)";
        let tables: Vec<(String, Option<String>, String)> =
            sqlx::query_as(names).bind(schema).fetch_all(&mut conn).await.unwrap();
        let root: String = sqlx::query_scalar("SHOW data_directory").fetch_one(&mut conn).await.unwrap();
        assert!(tables.len() > 20);
        for (name, file, kind) in tables {
            if kind == "r" {
                let rows = format!("SELECT t::text FROM {schema}.{name} t");
                let rows: Vec<String> =
                    sqlx::query_scalar(sqlx::AssertSqlSafe(rows)).fetch_all(&mut conn).await.unwrap();
                found.extend(
                    sought.found_in(rows.join("\n").as_bytes()).into_iter().map(|it| format!("{it} in {name}")),
                );
            }
            // Where the server's files may be read.
            if let Some(bytes) = file.and_then(|file| fs::read(Path::new(&root).join(file)).ok()) {
                found.extend(sought.found_in(&bytes).into_iter().map(|word| format!("{word} in the file of {name}")));
            }
        }
        found
    }

    /// A statement past the store.
    async fn meddle(&self, settings: &Settings, sql: &'static str) {
        match self.url() {
            None => {
                let mut conn = sqlx::SqliteConnection::connect(&settings.store_url()).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
            }
            Some(url) => run(&mut PgConnection::connect(&url).await.unwrap(), sql.to_owned()).await,
        }
    }

    /// One number of the database, past the store.
    async fn count(&self, settings: &Settings, sql: &'static str) -> i64 {
        match self.url() {
            None => {
                let mut conn = sqlx::SqliteConnection::connect(&settings.store_url()).await.unwrap();
                sqlx::query_scalar(sql).fetch_one(&mut conn).await.unwrap()
            }
            Some(url) => {
                let mut conn = PgConnection::connect(&url).await.unwrap();
                sqlx::query_scalar(sql).fetch_one(&mut conn).await.unwrap()
            }
        }
    }
}

async fn run(conn: &mut PgConnection, sql: String) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(conn).await.unwrap();
}

/// A model that says of whom it was asked.
async fn model() -> ScriptedServer {
    let server = ScriptedServer::answering("").await;
    server.reply_with(|asked| {
        let asked = asked.to_string();
        let who = if asked.contains("藍鷺A") { "A" } else { "B" };
        let word = canary(who, "model");
        Turn::says(&format!("{word}、ご連絡ありがとうございます。\n返品は、商品の到着後7日以内に承ります。"))
    });
    server
}

async fn shop(ground: &Ground, model: &ScriptedServer) -> TestServer {
    let files = [("faq/all.jsonl", SMALL_FAQ), ("guide.yaml", GUIDE)];
    TestServer::holding(&files, |settings| {
        settings.models.default = Some(ModelSettings::new(&model.base(), "large"));
        settings.database_url = ground.url();
        settings.drain = Duration::from_secs(2);
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_erased_is_nowhere_any_more_on_sqlite() {
    whoever_is_erased_is_nowhere_any_more(Ground { schema: None }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_erased_is_nowhere_any_more_on_postgresql() {
    if let Some(ground) = Ground::postgres().await {
        whoever_is_erased_is_nowhere_any_more(ground).await;
    }
}

async fn whoever_is_erased_is_nowhere_any_more(ground: Ground) {
    let model = model().await;
    let server = shop(&ground, &model).await;
    let client = server.local();
    let (gone, stays) = (plant(&client, "A").await, plant(&client, "B").await);
    let data = server.app.settings().data.clone();
    let resting = server.rested().await;
    let shown = canary("A", STREAMED);
    let failed = fail_a_draft(&resting.settings, "small", &gone.inquiry, &shown).await;
    let server = resting.serving(None).await;
    let everybody = [canaries("A"), canaries("B")].concat();
    assert_eq!(ground.scan(&data, &everybody).await, [""; 0], "words at rest are sealed");

    let client = server.local();
    let proofs = client.get(&format!("/v1/audit/drafts/{}/proof?workspace=small", gone.draft)).await;
    let proof = made(&proofs)["items"][0].clone();
    let mut before = Vec::new();
    for path in &stays.paths {
        before.push(client.get(path).await.text);
    }
    let settings = server.app.settings().clone();
    ground.meddle(&settings, "CREATE TABLE kept_key AS SELECT * FROM subject_key").await;
    let whose = json!({"workspace": "small", "customer": canary("A", "customer")});
    let erased = client.post_once("/v1/erasures", "erase-A", &whose).await;
    let texts = made(&erased)["texts"].as_u64().unwrap();
    assert!(texts >= 11, "{texts}");
    for again in [client.post("/v1/erasures", &whose).await, client.post_once("/v1/erasures", "erase-A", &whose).await]
    {
        assert_eq!(made(&again), &erased.json, "a second time tells of the first");
    }
    assert_eq!(ground.scan(&data, &canaries("A")).await, [""; 0], "nothing is left of the erased");

    let server = stands(server, &gone, &stays, &before).await;
    for draft in [gone.draft.as_str(), failed.as_str()] {
        let page = server.local().get(&format!("/w/small/audit/drafts/{draft}")).await;
        let told = ["もう読めません", "この端末の管理者が、お客様の文面を消去しました", "お問い合わせが届きました"];
        assert!(page.status == 200 && told.iter().all(|words| page.text.contains(words)), "{draft}: {}", page.text);
        assert!(found_in(page.text.as_bytes(), &canaries("A")).is_empty(), "{draft}: {}", page.text);
    }
    let key = VerifierKey::parse(&server.app.audit_key()).unwrap();
    let path: Vec<String> = serde_json::from_value(proof["path"].clone()).unwrap();
    let text = |field: &str| proof[field].as_str().unwrap();
    let sequence = proof["sequence"].as_u64().unwrap();
    assert_eq!(included(text("content"), sequence - 1, &path, text("checkpoint"), &key), Ok(()), "from before");

    let back = "INSERT INTO subject_key SELECT * FROM kept_key k
                WHERE NOT EXISTS (SELECT 1 FROM subject_key s WHERE s.subject = k.subject)";
    ground.meddle(&settings, back).await;
    let server = stands(server, &gone, &stays, &before).await;
    let away = "DELETE FROM subject_key WHERE subject NOT IN (SELECT subject FROM person_text WHERE body <> '')";
    ground.meddle(&settings, away).await;

    let server = server.restarted().await;
    assert_eq!(ground.scan(&data, &canaries("A")).await, [""; 0], "nor after the next start");
    let server = stands(server, &gone, &stays, &before).await;
    let client = server.local();
    let back =
        json!({"workspace": "small", "channel": "chat", "text": "返品の期限は。", "customer": canary("A", "customer")});
    let back = client.post("/v1/inquiries", &back).await;
    let read = client.get(&format!("/v1/inquiries/{}", id(&made(&back)["inquiry"]))).await;
    assert_eq!(read.json["text"], "返品の期限は。", "whoever comes back has a new key: {}", read.text);
    let late = json!({"workspace": "small", "channel": "email", "text": "遅れて届いた返信。", "inquiry": gone.inquiry});
    assert_eq!(client.post("/v1/replies", &late).await.problem(), "erased", "nothing more is kept of what was erased");
    let keys = ground.count(server.app.settings(), "SELECT COUNT(*) FROM subject_key").await;
    assert_eq!(keys, 2 + 1, "one of the person who stays and of the thread, one of who came back");
    fs::write(data.join("control"), spellings(&canary("A", "phone"))[2].clone()).unwrap();
    assert_eq!(ground.scan(&data, &canaries("A")).await.len(), 1, "what stands in a file is found");
    ground.meddle(&settings, "CREATE TABLE control AS SELECT '藍鷺Ahint' AS word").await;
    let found = ground.scan(&data, &canaries("A")).await;
    assert!(found.iter().any(|place| place.starts_with("藍鷺Ahint in ")), "and what stands in the database: {found:?}");
}

/// What was erased is said to be so wherever it was shown, and what was not reads as before.
async fn stands(server: TestServer, gone: &Left, stays: &Left, before: &[String]) -> TestServer {
    let client = server.local();
    for path in &gone.paths {
        let read = client.get(path).await;
        assert_eq!((read.status, read.problem().as_str()), (410, "erased"), "{path}: {}", read.text);
    }
    for (path, before) in stays.paths.iter().zip(before) {
        let now = client.get(path).await;
        // Its stream is what was recorded once the events themselves are no longer kept.
        let same = if path.ends_with("/events") { now.text.contains("藍鷺B") } else { now.text == *before };
        assert!(now.status == 200 && same, "{path}: {}", now.text);
    }
    for list in [
        "/v1/findings?workspace=small",
        "/v1/waivers?workspace=small",
        "/v1/audit/events?workspace=small&limit=1000",
        "/v1/quality/rules?workspace=small",
        "/v1/documents?workspace=small",
    ] {
        let read = client.get(list).await;
        assert!(
            read.status == 200 && found_in(read.text.as_bytes(), &canaries("A")).is_empty(),
            "{list}: {}",
            read.text
        );
    }
    let waivers = client.get("/v1/waivers?workspace=small").await;
    assert_eq!(waivers.json["items"].as_array().unwrap().len(), 1, "the other one's holds");
    let export = client.get("/v1/audit/export?workspace=small").await;
    verify(export.text.as_bytes(), &Pins::default()).unwrap();
    let event = export.text.lines().find(|line| line.contains("subject.erased")).unwrap();
    assert!(found_in(event.as_bytes(), &canaries("A")).is_empty());
    server
}

#[tokio::test]
async fn who_may_erase_and_what_is_refused() {
    let server = TestServer::small_with(|_| ()).await;
    let client = server.local();
    for body in [json!({}), json!({"customer": "C-1", "document": "returns"}), json!({"conversation": "C-1"})] {
        let mut body = body;
        body["workspace"] = json!("small");
        let refused = client.post("/v1/erasures", &body).await;
        assert_eq!((refused.status, refused.problem().as_str()), (422, "body-invalid"), "{body}");
    }
    for whose in [json!({"customer": "C-藍鷺"}), json!({"document": "藍鷺"})] {
        let mut body = whose;
        body["workspace"] = json!("small");
        let unknown = client.post("/v1/erasures", &body).await;
        assert_eq!((unknown.status, unknown.problem().as_str()), (404, "not-found"));
        assert!(!unknown.text.contains("藍鷺"), "{}", unknown.text);
    }
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Admin) {
        let refused = server.as_key("small", role).await;
        let refused = refused.post("/v1/erasures", &json!({"workspace": "small", "customer": "C-1"})).await;
        assert_eq!((refused.status, refused.problem().as_str()), (403, "role-not-allowed"), "{role:?}");
    }
}

#[tokio::test]
async fn a_conversation_without_a_reference_is_erased_and_the_next_one_stays() {
    let server = TestServer::small_with(|_| ()).await;
    let client = server.local();
    let asked = json!({"workspace": "small", "channel": "chat", "text": "返品の期限を教えてください。"});
    let (gone, stays) = (client.post("/v1/inquiries", &asked).await, client.post("/v1/inquiries", &asked).await);
    let path = |made: &Answer| format!("/v1/inquiries/{}", id(&made.json["inquiry"]));
    let conversation = gone.json["conversation"].clone();
    let erased = client.post("/v1/erasures", &json!({"workspace": "small", "conversation": conversation})).await;
    assert_eq!(made(&erased)["texts"], 2, "inquiry and suggestion");
    assert_eq!((client.get(&path(&gone)).await.status, client.get(&path(&stays)).await.status), (410, 200));
    // The thread goes on as if it began now.
    let mut next = asked.clone();
    next["conversation"] = conversation;
    let next = client.post("/v1/inquiries", &next).await;
    assert_ne!(made(&next)["inquiry"], gone.json["inquiry"]);
    assert_eq!(client.get(&path(&next)).await.json["text"], "返品の期限を教えてください。");
}

#[tokio::test]
async fn a_document_that_holds_somebodys_words_is_emptied_in_every_revision_and_index_on_sqlite() {
    a_document_that_holds_somebodys_words_is_emptied_in_every_revision_and_index(Ground { schema: None }).await;
}

#[tokio::test]
async fn a_document_that_holds_somebodys_words_is_emptied_in_every_revision_and_index_on_postgresql() {
    if let Some(ground) = Ground::postgres().await {
        a_document_that_holds_somebodys_words_is_emptied_in_every_revision_and_index(ground).await;
    }
}

async fn a_document_that_holds_somebodys_words_is_emptied_in_every_revision_and_index(ground: Ground) {
    let word = canary("A", "document");
    let faq = format!(
        "{SMALL_FAQ}{}\n{}\n",
        json!({"key": "bad", "title": format!("{word}の椅子の返品"), "answer": format!("{word}様の椅子は返品できます。")}),
        json!({"key": "twin", "title": "別の題", "answer": format!("{word}様の椅子は返品できます。")}),
    );
    let model = ScriptedServer::answering("").await;
    let server = shop(&ground, &model).await;
    let folder = [("faq/all.jsonl", faq.as_str()), ("guide.yaml", GUIDE)];
    server.ingest(&folder).await;
    let client = server.local();
    let data = server.app.settings().data.clone();
    let words = [word.clone()];
    assert!(!ground.scan(&data, &words).await.is_empty(), "a document is in the clear: the search needs it");
    let found = async |known: &str| {
        let asked = format!("/v1/search?workspace=small&q=%E6%A4%85%E5%AD%90%E3%81%AE%E8%BF%94%E5%93%81{known}");
        let found = client.get(&asked).await;
        assert_eq!(found.status, 200, "{}", found.text);
        found.json["items"].as_array().unwrap().iter().filter(|item| item["key"] == "bad").count()
    };
    let before = format!("&known_at={}", SystemClock.now());
    assert!(found("").await > 0 && found(&before).await > 0);
    let revision = async || {
        let documents = client.get("/v1/documents/bad?workspace=small").await;
        id(&made(&documents)["items"][0]["id"])
    };
    let first = revision().await;

    let erase = async |key: &str| client.post("/v1/erasures", &json!({"workspace": "small", "document": key})).await;
    let shared = erase("bad").await;
    assert_eq!((shared.status, shared.problem().as_str()), (409, "document-shared"));
    made(&client.delete("/v1/documents/twin?workspace=small").await);
    let erased = erase("bad").await;
    assert_eq!(made(&erased)["texts"], 1);
    assert_eq!(made(&erase("bad").await), &erased.json);
    assert_eq!(made(&erase("twin").await)["texts"], 1, "its title");
    let gone = async |revision: &str| {
        let read = client.get(&format!("/v1/revisions/{revision}")).await;
        assert_eq!((read.status, read.problem().as_str()), (410, "erased"));
    };
    gone(&first).await;
    assert_eq!((found("").await, found(&before).await), (0, 0));
    assert_eq!(ground.scan(&data, &words).await, [""; 0]);

    // The same words once more are words of their own.
    server.ingest(&folder).await;
    assert!(found("").await > 0, "what is said again is found again");
    let second = revision().await;
    let read = client.get(&format!("/v1/revisions/{second}")).await;
    assert!(made(&read)["text"].as_str().unwrap().contains(&word), "{}", read.text);
    server.ingest(&folder).await;
    assert_eq!(revision().await, second, "and is known when it is read in again");
    gone(&first).await;
    assert_eq!(found(&before).await, 0, "what was erased stays so");
    assert_eq!(erase("bad").await.problem(), "document-shared");
    made(&client.delete("/v1/documents/twin?workspace=small").await);
    assert_eq!(made(&erase("bad").await)["texts"], 1);
    assert_eq!(made(&erase("twin").await)["texts"], 1);
    gone(&second).await;
    assert_eq!(ground.scan(&data, &words).await, [""; 0]);
}

#[tokio::test]
async fn a_document_that_one_server_erases_is_gone_from_the_index_of_another() {
    let Some(ground) = Ground::postgres().await else { return };
    let word = canary("A", "document");
    let title = format!("{word}の椅子の返品");
    let faq = format!("{SMALL_FAQ}{}\n", json!({"key": "bad", "title": title, "answer": "椅子は返品できます。"}));
    let files = [("faq/all.jsonl", faq.as_str())];
    let erasing = TestServer::holding(&files, |settings| settings.database_url = ground.url()).await;
    let secret = erasing.app.settings().data.join("secret.key");
    let beside = TestServer::holding(&files, |settings| {
        settings.database_url = ground.url();
        fs::create_dir_all(&settings.data).unwrap();
        fs::copy(&secret, settings.data.join("secret.key")).unwrap();
    })
    .await;
    let client = beside.local();
    let found = async |known: &str| {
        let found = client.get(&format!("/v1/search?workspace=small&q=%E6%A4%85%E5%AD%90{known}")).await;
        assert_eq!(found.status, 200, "{}", found.text);
        found.json["items"].as_array().unwrap().iter().filter(|item| item["key"] == "bad").count()
    };
    let before = format!("&known_at={}", SystemClock.now());
    made(&erasing.local().delete("/v1/documents/receipt?workspace=small").await);
    assert!(found("").await > 0 && found(&before).await > 0);
    let (data, words) = (beside.app.settings().data.clone(), [word]);
    assert!(!scan(&data, &words).is_empty());
    made(&erasing.local().post("/v1/erasures", &json!({"workspace": "small", "document": "bad"})).await);
    assert_eq!((found(&before).await, found("").await), (0, 0));
    assert_eq!(scan(&data, &words), [""; 0]);
}

/// How a database looked before texts were sealed; the words are planted in it in the clear.
const BEFORE: [(&str, &str, &str); 8] = [
    (
        "journey",
        include_str!("../src/adapters/sql/migrations/0001_journey.sql"),
        include_str!("../src/adapters/sql/migrations/0001_journey.sql"),
    ),
    (
        "append_only",
        include_str!("../src/adapters/sql/migrations/0002_append_only.sqlite.sql"),
        include_str!("../src/adapters/sql/migrations/0002_append_only.postgres.sql"),
    ),
    (
        "conversation",
        include_str!("../src/adapters/sql/migrations/0003_conversation.sql"),
        include_str!("../src/adapters/sql/migrations/0003_conversation.sql"),
    ),
    (
        "proposal",
        include_str!("../src/adapters/sql/migrations/0004_proposal.sql"),
        include_str!("../src/adapters/sql/migrations/0004_proposal.sql"),
    ),
    (
        "held",
        include_str!("../src/adapters/sql/migrations/0005_held.sql"),
        include_str!("../src/adapters/sql/migrations/0005_held.sql"),
    ),
    (
        "review",
        include_str!("../src/adapters/sql/migrations/0006_review.sql"),
        include_str!("../src/adapters/sql/migrations/0006_review.sql"),
    ),
    (
        "checkpoint",
        include_str!("../src/adapters/sql/migrations/0007_checkpoint.sql"),
        include_str!("../src/adapters/sql/migrations/0007_checkpoint.sql"),
    ),
    (
        "append_only_checkpoints",
        include_str!("../src/adapters/sql/migrations/0008_append_only.sqlite.sql"),
        include_str!("../src/adapters/sql/migrations/0008_append_only.postgres.sql"),
    ),
];

/// One workspace with so many inquiries, as an earlier version wrote them.
fn as_before(postgres: bool, inquiries: usize) -> (String, Vec<Id<name::Inquiry>>) {
    let mut sql =
        "CREATE TABLE migration (version BIGINT PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL);"
            .to_owned();
    for (at, (name, sqlite, pg)) in BEFORE.into_iter().enumerate() {
        let step = if postgres { pg } else { sqlite };
        let hash = hex::encode(Sha256::digest(step.as_bytes()));
        sql += &format!("{step};\nINSERT INTO migration VALUES ({}, '{name}', '{hash}', 0);\n", at + 1);
    }
    sql += "INSERT INTO workspace VALUES ('small', '店', 0);
            INSERT INTO log_head (workspace, sequence, hash, knowledge_sequence) VALUES ('small', 0, '', 0);
            INSERT INTO idempotency VALUES ('small', 'local', 'once', 'the hash of words in the clear', 'inq_1', 0);";
    let mut ids = Vec::new();
    for n in 0..inquiries {
        let inquiry = Inquiry {
            id: Id::from_uuid(SystemIds.uuid()),
            workspace: small(),
            conversation: Id::from_uuid(SystemIds.uuid()),
            channel: Channel::Chat,
            text: InquiryText::parse(&format!("{}です。{}", canary("A", "old"), "長".repeat(40 * (n % 100)))).unwrap(),
            customer: None,
            order: None,
            records: Vec::new(),
            situations: Situations::only(Situation::other()),
            received_at: Timestamp(n as i64),
        };
        let (id, text, subject) = (&inquiry.id, Id::<name::Text>::from_uuid(SystemIds.uuid()), &inquiry.conversation);
        let body = serde_json::to_string(&inquiry).unwrap();
        sql += &format!(
            "INSERT INTO person_text VALUES ('small', '{text}', '{subject}', '{body}');
             INSERT INTO inquiry VALUES ('small', '{id}', '{subject}', 'chat', 'other', 'new', '{subject}', '{text}', {n});"
        );
        ids.push(inquiry.id);
    }
    (sql, ids)
}

async fn what_was_in_the_clear_is_sealed_once(ground: Ground) {
    let data = tempfile::tempdir().unwrap();
    let settings = Settings { database_url: ground.url(), ..Settings::new(data.path().to_owned()) };
    let (sql, inquiries) = as_before(ground.schema.is_some(), 450);
    match ground.url() {
        Some(url) => run(&mut PgConnection::connect(&url).await.unwrap(), sql).await,
        None => {
            let create = format!("{}?mode=rwc", settings.store_url());
            let mut conn = sqlx::SqliteConnection::connect(&create).await.unwrap();
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut conn).await.unwrap();
            conn.close().await.unwrap();
        }
    }
    let words = [canary("A", "old")];
    assert!(!ground.scan(data.path(), &words).await.is_empty(), "the words stand in the clear");
    let anchors = || Arc::new(FileAnchors::new(data.path().join("checkpoints")));
    for _ in 0..2 {
        let store = SqlStore::open(&settings.store_url(), &[3; 32], &SystemClock, Arc::new(SystemIds), anchors()).await;
        let store = store.unwrap();
        for (n, inquiry) in inquiries.iter().enumerate() {
            let read = store.inquiry(&small(), inquiry).await.unwrap().unwrap();
            assert_eq!((&read.id, read.received_at), (inquiry, Timestamp(n as i64)));
        }
        assert_eq!(store.expired(&small(), TextClass::Inquiries, Timestamp(10), 100).await.unwrap(), 10);
        store.close().await;
        drop(store);
    }
    assert_eq!(ground.scan(data.path(), &words).await, [""; 0], "nor on a page that nothing stands on any more");
    for table in ["SELECT COUNT(*) FROM idempotency", "SELECT COUNT(*) FROM unscrubbed"] {
        assert_eq!(ground.count(&settings, table).await, 0, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_in_the_clear_is_sealed_once_on_sqlite() {
    what_was_in_the_clear_is_sealed_once(Ground { schema: None }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_in_the_clear_is_sealed_once_on_postgresql() {
    if let Some(ground) = Ground::postgres().await {
        what_was_in_the_clear_is_sealed_once(ground).await;
    }
}

/// The bodies of sealed texts, as they stand in the database's files.
async fn sealed(ground: &Ground, settings: &Settings, sql: &'static str) -> Vec<String> {
    let bodies: Vec<String> = match ground.url() {
        None => {
            let mut conn = sqlx::SqliteConnection::connect(&settings.store_url()).await.unwrap();
            sqlx::query_scalar(sql).fetch_all(&mut conn).await.unwrap()
        }
        Some(url) => {
            let mut conn = PgConnection::connect(&url).await.unwrap();
            sqlx::query_scalar(sql).fetch_all(&mut conn).await.unwrap()
        }
    };
    // What is long stands in pieces.
    bodies.into_iter().map(|body| body[..80].to_owned()).collect()
}

/// Whoever has `secret.key` opens what is sealed under a key that stays: so it must not be on any page.
async fn sealed_words_go_where_their_key_stays(ground: Ground) {
    let server = TestServer::small_with(|settings| settings.database_url = ground.url()).await;
    let client = server.local();
    let ask =
        json!({"workspace": "small", "channel": "chat", "text": "返品の期限を教えてください。", "customer": "C-1"});
    let (gone, stays) = (client.post("/v1/inquiries", &ask).await, client.post("/v1/inquiries", &ask).await);
    assert_ne!(made(&gone)["conversation"], made(&stays)["conversation"]);
    let settings = server.app.settings().clone();
    let all = sealed(&ground, &settings, "SELECT body FROM person_text WHERE body <> ''").await;
    assert_eq!((all.len(), ground.scan(&settings.data, &all).await.is_empty()), (4, false), "they are found");
    let whose = json!({"workspace": "small", "conversation": gone.json["conversation"]});
    assert_eq!(made(&client.post("/v1/erasures", &whose).await)["texts"], 2);
    let left = sealed(&ground, &settings, "SELECT body FROM person_text WHERE body <> ''").await;
    let away: Vec<String> = all.into_iter().filter(|body| !left.contains(body)).collect();
    assert_eq!((left.len(), away.len()), (2, 2));
    assert_eq!(ground.scan(&settings.data, &away).await, [""; 0]);
    let read = client.get(&format!("/v1/inquiries/{}", id(&stays.json["inquiry"]))).await;
    assert_eq!(made(&read)["text"], ask["text"], "what stays is read");
    ground.meddle(&settings, "UPDATE person_text SET body = '{\"a b\": \"c d e\"}' WHERE body <> ''").await;
    let read = client.get(&format!("/v1/inquiries/{}", id(&stays.json["inquiry"]))).await;
    assert_eq!(read.problem(), "store-unavailable", "what is not sealed is not taken for erased");
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_words_go_where_their_key_stays_on_sqlite() {
    sealed_words_go_where_their_key_stays(Ground { schema: None }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_words_go_where_their_key_stays_on_postgresql() {
    if let Some(ground) = Ground::postgres().await {
        sealed_words_go_where_their_key_stays(ground).await;
    }
}

/// Somebody reads in the database meanwhile, so that what is deleted has to stay where it is: it is said, and done later.
async fn what_could_not_be_scrubbed_is_scrubbed_later(ground: Ground) {
    let server = TestServer::small_with(|settings| {
        settings.database_url = ground.url();
        settings.drain = Duration::from_secs(2);
    })
    .await;
    let client = server.local();
    let ask =
        json!({"workspace": "small", "channel": "chat", "text": "返品の期限を教えてください。", "customer": "C-1"});
    let first = client.post("/v1/inquiries", &ask).await;
    let inquiry = format!("/v1/inquiries/{}", id(&made(&first)["inquiry"]));
    let settings = server.app.settings().clone();
    let marks = "SELECT COUNT(*) FROM unscrubbed";
    let keys = sealed(&ground, &settings, "SELECT wrapped FROM subject_key").await;
    assert!(!ground.scan(&settings.data, &keys).await.is_empty());

    let mut reader = sqlx::SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let mut remote = None;
    match ground.url() {
        None => {
            reader = sqlx::SqliteConnection::connect(&settings.store_url()).await.unwrap();
            sqlx::raw_sql("BEGIN; SELECT COUNT(*) FROM person_text").execute(&mut reader).await.unwrap();
        }
        Some(url) => {
            let mut conn = PgConnection::connect(&url).await.unwrap();
            run(&mut conn, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT COUNT(*) FROM inquiry".to_owned()).await;
            remote = Some(conn);
        }
    }
    let whose = json!({"workspace": "small", "customer": "C-1"});
    let erased = client.post_once("/v1/erasures", "once", &whose).await;
    assert_eq!((erased.status, erased.problem().as_str()), (503, "traces-remain"), "{}", erased.text);
    assert_eq!(client.get(&inquiry).await.problem(), "erased", "it is erased all the same");
    assert_eq!(ground.count(&settings, marks).await, 1);
    sqlx::raw_sql("SELECT 1").execute(&mut reader).await.unwrap();
    reader.close().await.unwrap();
    if let Some(mut conn) = remote {
        run(&mut conn, "COMMIT; BEGIN; SELECT COUNT(*) FROM subject_key".to_owned()).await;
        let again = client.post("/v1/erasures", &whose).await;
        assert_eq!(again.problem(), "traces-remain", "whoever is idle with a table in hand keeps nobody waiting");
        conn.close().await.unwrap();
    }
    let server = server.restarted().await;
    assert_eq!(server.app.expire().await.unwrap(), 0, "nothing is over its time");
    assert_eq!(ground.count(&settings, marks).await, 0, "and what was left to do is done");
    assert_eq!(ground.scan(&settings.data, &keys).await, [""; 0]);
    made(&server.local().post_once("/v1/erasures", "once", &whose).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_scrubbed_is_scrubbed_later_on_sqlite() {
    what_could_not_be_scrubbed_is_scrubbed_later(Ground { schema: None }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_scrubbed_is_scrubbed_later_on_postgresql() {
    if let Some(ground) = Ground::postgres().await {
        what_could_not_be_scrubbed_is_scrubbed_later(ground).await;
    }
}

async fn each_class_goes_when_its_time_is_over(ground: Ground) {
    let server =
        TestServer::start_on("2026-11-02T10:00:00+09:00", |settings| settings.database_url = ground.url()).await;
    let client = server.local();
    let path = "/v1/workspaces/officelink/retention";
    let nothing = json!({"inquiries": null, "drafts": null, "replies": null, "rulings": null});
    assert_eq!(made(&client.get(path).await), &nothing);
    for wrong in [json!({"inquiries": 30}), json!({"inquiries": 7, "drafts": 30}), json!({"drafts": 0})] {
        let refused = Answer::of(client.request(reqwest::Method::PUT, path).json(&wrong)).await;
        assert_eq!((refused.status, refused.problem().as_str()), (422, "body-invalid"), "{wrong}");
    }
    let days = json!({"inquiries": 30, "drafts": 7, "replies": 60, "rulings": null});
    let set = Answer::of(client.request(reqwest::Method::PUT, path).json(&days)).await;
    assert_eq!((made(&set), made(&client.get(path).await)), (&days, &days));
    let operator = server.as_key("officelink", Role::Operator).await;
    assert_eq!(operator.get(path).await.problem(), "role-not-allowed");
    let admin = server.as_key("officelink", Role::Admin).await;

    let made_here = operator.draft("officelink").await;
    let draft = id(&made_here["draft"]["id"]);
    let decided = operator.post(&format!("/v1/drafts/{draft}/decision"), &json!({"action": "accept"})).await;
    let reply = format!("/v1/replies/{}", id(&made(&decided)["reply"]["id"]));
    let inquiry = format!("/v1/inquiries/{}", id(&made_here["inquiry"]));
    let draft = format!("/v1/drafts/{draft}");
    let drafts = "SELECT body FROM person_text WHERE class = 'drafts'";
    let drafts = sealed(&ground, server.app.settings(), drafts).await;
    let (mut server, mut gone) = (server, Vec::new());
    let key = |client: &Client, server: &TestServer| server.local().with_key(client.key().unwrap());
    for (day, expected) in [
        ("2026-11-09T23:00:00+09:00", [200, 200, 200]),
        ("2026-11-10T01:00:00+09:00", [200, 410, 200]),
        ("2026-12-02T23:00:00+09:00", [200, 410, 200]),
        ("2026-12-03T01:00:00+09:00", [410, 410, 200]),
        ("2027-01-02T01:00:00+09:00", [410, 410, 410]),
    ] {
        server = server.rested().await.serving(Some(day)).await;
        gone.push(server.app.expire().await.unwrap());
        assert_eq!(server.app.expire().await.unwrap(), 0, "{day}: once");
        let on_disk = ground.scan(&server.app.settings().data, &drafts).await.len();
        assert_eq!(on_disk > 0, gone.len() == 1, "{day}: sealed drafts go, though their key stays");
        let client = key(&admin, &server);
        let mut seen = Vec::new();
        for path in [&inquiry, &draft, &reply] {
            let read = client.get(path).await;
            assert!(read.status == 200 || read.problem() == "erased", "{day} {path}: {}", read.text);
            seen.push(read.status);
        }
        assert_eq!(seen, expected, "{day}");
        let closed = "SELECT COUNT(*) FROM inquiry WHERE state = 'closed'";
        let closed = ground.count(server.app.settings(), closed).await;
        assert_eq!(closed == 1, expected[0] == 410, "{day}: nobody can answer what nobody can read");
    }
    // The last is the decision and its reply.
    assert_eq!(gone, [0, 1, 0, 1, 2]);
    let client = key(&admin, &server);
    let events = client.get("/v1/audit/events?workspace=officelink&type=texts&limit=100").await;
    let classes: Vec<Value> = made(&events)["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| serde_json::from_str::<Value>(item["content"].as_str().unwrap()).unwrap()["refs"].clone())
        .collect();
    let of = |class: &str| classes.iter().find(|refs| refs["class"] == class).unwrap()["texts"].clone();
    assert_eq!((classes.len(), of("drafts"), of("inquiries"), of("replies")), (3, json!(1), json!(1), json!(2)));
    let export = client.get("/v1/audit/export?workspace=officelink").await;
    verify(export.text.as_bytes(), &Pins::default()).unwrap();
    let keys = ground.count(server.app.settings(), "SELECT COUNT(*) FROM subject_key").await;
    assert_eq!(keys, 0, "a key of whom nothing is left goes too");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_class_goes_when_its_time_is_over_on_sqlite() {
    each_class_goes_when_its_time_is_over(Ground { schema: None }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_class_goes_when_its_time_is_over_on_postgresql() {
    if let Some(ground) = Ground::postgres().await {
        each_class_goes_when_its_time_is_over(ground).await;
    }
}

/// A draft repeats what was said before it, and a message that joins another stands with it: the older words go in their time.
async fn words_do_not_outlive_their_time_in_what_holds_them(ground: Ground) {
    for (join, expected) in [(Duration::from_secs(60), [410, 410, 200, 410]), (10 * 24 * HOUR, [410, 410, 410, 410])] {
        let mut server = TestServer::start_on("2026-11-02T10:00:00+09:00", |settings| {
            settings.database_url = ground.url();
            settings.join = join;
        })
        .await;
        let days = json!({"inquiries": 7, "drafts": 7, "replies": null, "rulings": null});
        let path = "/v1/workspaces/officelink/retention";
        made(&Answer::of(server.local().request(reqwest::Method::PUT, path).json(&days)).await);
        let mut ask = json!({"workspace": "officelink", "channel": "email", "text": "返品の期限を教えてください。"});
        let first = server.local().post("/v1/inquiries", &ask).await;
        ask["conversation"] = made(&first)["conversation"].clone();
        server = server.rested().await.serving(Some("2026-11-07T10:00:00+09:00")).await;
        let second = server.local().post("/v1/inquiries", &ask).await;
        assert_eq!(made(&second)["inquiry"] == first.json["inquiry"], join > HOUR);
        server = server.rested().await.serving(Some("2026-11-10T10:00:00+09:00")).await;
        server.app.expire().await.unwrap();
        let mut seen = Vec::new();
        for made in [&first, &second] {
            for path in [("inquiries", &made.json["inquiry"]), ("suggestions", &made.json["id"])] {
                seen.push(server.local().get(&format!("/v1/{}/{}", path.0, id(path.1))).await.status);
            }
        }
        assert_eq!(seen, expected, "{join:?}");
    }
}

const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test(flavor = "multi_thread")]
async fn words_do_not_outlive_their_time_in_what_holds_them_on_sqlite() {
    words_do_not_outlive_their_time_in_what_holds_them(Ground { schema: None }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_do_not_outlive_their_time_in_what_holds_them_on_postgresql() {
    if let Some(ground) = Ground::postgres().await {
        words_do_not_outlive_their_time_in_what_holds_them(ground).await;
    }
}

/// What a command prints, and how it ends.
fn aizuchi(data: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aizuchi"));
    let ran = command.arg("--data").arg(data).args(arguments).output().unwrap();
    let said = [ran.stdout, ran.stderr].concat();
    (ran.status.code(), String::from_utf8(said).unwrap())
}

#[test]
fn the_command_line_erases_and_says_for_how_long_words_are_kept() {
    let (data, shop) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::create_dir(shop.path().join("faq")).unwrap();
    fs::write(shop.path().join("faq/all.jsonl"), SMALL_FAQ).unwrap();
    let run = |arguments: &[&str]| aizuchi(data.path(), arguments);
    assert_eq!(run(&["ingest", "--workspace", "small", &shop.path().display().to_string()]).0, Some(0));
    let (code, said) = run(&["retention", "--workspace", "small", "--drafts", "7", "--inquiries", "30"]);
    assert_eq!(
        (code, said.as_str()),
        (Some(0), "inquiries  30 days\ndrafts     7 days\nreplies    for ever\nrulings    for ever\n")
    );
    let (code, said) = run(&["retention", "--workspace", "small", "--reset", "--inquiries", "30"]);
    assert!(code == Some(2) && said.contains("a draft holds the inquiry"), "{said}");
    let (code, said) = run(&["erase", "--workspace", "small", "--document", "returns"]);
    assert!(code == Some(0) && said.starts_with("ers_") && said.contains("  1 texts  "), "{said}");
    let (code, said) = run(&["erase", "--workspace", "small", "--customer", "C-藍鷺"]);
    assert!(code == Some(2) && said.contains("nothing is kept of this customer") && !said.contains("藍鷺"), "{said}");
    for wrong in [&["--customer", "C-1", "--document", "returns"][..], &[]] {
        assert_eq!(run(&[&["erase", "--workspace", "small"], wrong].concat()).0, Some(2));
    }
}
