//! The inbox beside what nobody answered: an inquiry that is found again, a list that is narrowed, and what a chatbot has.

mod support;

use std::{
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use aizuchi::{
    app::NewPerson,
    domain::{Login, Principal, Role, WorkspaceId},
    identity::Password,
};
use reqwest::{Method, header};
use serde_json::{Value, json};
use support::{Answer, Client, RETURNS, TestServer, inquiry};

const MORNING: &str = "2026-11-24T09:00:00+09:00";

/// Somebody's browser: the cookie of an operator.
async fn operator(server: &TestServer) -> String {
    let (small, system) = (WorkspaceId::parse("small").unwrap(), Principal::system());
    let login = Login::parse("sato").unwrap();
    let new = NewPerson { login, name: "佐藤".to_owned(), team: None, vendor: None };
    let person = server.app.place_person(&system, &small, new, Role::Operator).await.unwrap();
    let link = server.app.link_for(&system, &small, &person.id).await.unwrap();
    let password = Password::parse("椅子と机とコピー用紙").unwrap();
    format!("aizuchi_session={}", server.app.set_password(&link, password).await.unwrap().unwrap())
}

async fn see(server: &TestServer, cookie: &str, path: &str) -> Answer {
    let client = server.local();
    Answer::of(client.request(Method::GET, path).header(header::COOKIE, cookie)).await
}

fn token(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("name=\"token\" value=\"").expect("a form carries a token");
    rest.split_once('"').unwrap().0.to_owned()
}

/// What the views say, by their words.
fn counted(page: &Answer, view: &str) -> Option<u64> {
    let (_, rest) = page.text.split_once(&format!("<span>{view}</span><span class=\"number\">"))?;
    rest.split_once('<').unwrap().0.parse().ok()
}

/// Words in an address.
fn q(words: &str) -> String {
    serde_urlencoded::to_string([("q", words)]).unwrap()
}

async fn found(client: &Client, words: &str) -> Answer {
    let page = client.get(&format!("/w/small/inbox/search?{}", q(words))).await;
    assert_eq!(page.status, 200, "{}", page.text);
    page
}

/// Hands an inquiry in.
async fn came(client: &Client, text: &str, customer: &str, order: &str, channel: &str) -> Value {
    let mut body = inquiry("small", text);
    body["customer"] = json!(customer);
    body["order"] = json!(order);
    body["channel"] = json!(channel);
    let made = client.post("/v1/inquiries", &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json
}

#[tokio::test]
async fn what_a_chatbot_has_an_answer_for_is_nobodys_work_until_it_is_taken_or_left_alone() {
    let server = TestServer::small_with(|settings| settings.drain = Duration::from_secs(1)).await;
    let server = server.rested().await.serving(Some(MORNING)).await;
    let (bot, cookie) = (server.as_key("small", Role::Chatbot).await, operator(&server).await);
    let made = bot.post("/v1/inquiries", &inquiry("small", RETURNS)).await.json;
    let path = format!("/w/small/inquiries/{}", made["inquiry"].as_str().unwrap());

    let inbox = see(&server, &cookie, "/w/small/inbox").await;
    assert_eq!((counted(&inbox, "未対応"), counted(&inbox, "チャットボット対応中")), (Some(0), Some(1)));
    let next = see(&server, &cookie, "/w/small/inbox/next").await;
    assert!(next.text.contains("未対応の問い合わせはありません"), "nobody is led to it: {}", next.text);
    let theirs = see(&server, &cookie, "/w/small/inbox?view=chatbot").await;
    assert!(theirs.text.contains("返信の報告待ち") && theirs.text.contains("半分が過ぎると"), "{}", theirs.text);
    let page = see(&server, &cookie, &path).await;
    assert!(page.text.contains("チャットボットが対応中です") && page.text.contains("引き取る"), "{}", page.text);
    assert!(!page.text.contains("そのまま採用できます") && !page.text.contains("data-accept"), "{}", page.text);

    let fields = [("token", token(&page)), ("action", "take".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let client = server.local();
    let taken = Answer::of(client.form(&format!("{path}/lease"), &fields).header(header::COOKIE, &cookie)).await;
    assert!(taken.text.contains("そのまま採用できます") && taken.text.contains("あなたが対応中"), "{}", taken.text);
    let inbox = see(&server, &cookie, "/w/small/inbox").await;
    assert_eq!((counted(&inbox, "未対応"), counted(&inbox, "チャットボット対応中")), (Some(1), None));

    let reported = bot.post("/v1/inquiries", &inquiry("small", "送料はいくらですか。")).await.json;
    let text = "送料は、全国一律550円です。";
    let reply = json!({"workspace": "small", "channel": "chat", "inquiry": reported["inquiry"], "text": text});
    assert_eq!(bot.post("/v1/replies", &reply).await.status, 201);
    let inbox = see(&server, &cookie, "/w/small/inbox").await;
    assert_eq!((counted(&inbox, "完了（今日）"), counted(&inbox, "チャットボット対応中")), (Some(1), None));

    let handed = bot.post("/v1/inquiries", &inquiry("small", "電話で話したいので、担当の方につないでください。")).await;
    assert_eq!(handed.json["outcome"]["kind"], "handoff", "{}", handed.text);
    let silent = bot.post("/v1/inquiries", &inquiry("small", RETURNS)).await.json;
    let inbox = see(&server, &cookie, "/w/small/inbox").await;
    assert_eq!((counted(&inbox, "未対応"), counted(&inbox, "チャットボット対応中")), (Some(2), Some(1)));
    assert_eq!(counted(&inbox, "引き継ぎ待ち"), Some(1), "what a chatbot cannot answer waits for a person");

    // An inquiry is to be answered within two hours.
    let server = server.rested().await.serving(Some("2026-11-24T10:00:01+09:00")).await;
    let inbox = see(&server, &cookie, "/w/small/inbox").await;
    assert_eq!((counted(&inbox, "未対応"), counted(&inbox, "チャットボット対応中")), (Some(3), None));
    assert_eq!(counted(&inbox, "期限超過"), Some(0), "there is time left to answer it");
    assert!(inbox.text.contains(silent["inquiry"].as_str().unwrap()));
}

#[tokio::test]
async fn what_somebody_else_has_is_not_said_to_be_ready() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let made = client.draft("small").await;
    let path = format!("/w/small/inquiries/{}", made["inquiry"].as_str().unwrap());
    let cookie = operator(&server).await;
    let free = see(&server, &cookie, &path).await;
    assert!(free.text.contains("そのまま採用できます"), "{}", free.text);
    let id = aizuchi::domain::Id::parse(made["inquiry"].as_str().unwrap()).unwrap();
    server.app.hold(&Principal::local(), &id, false).await.unwrap();
    let held = see(&server, &cookie, &path).await;
    assert!(!held.text.contains("そのまま採用できます") && !held.text.contains("data-accept"), "{}", held.text);
    let strip = held.text.split_once("<div class=\"strip caution\"").unwrap().1.split_once("</div>").unwrap().0;
    assert!(strip.contains("が対応中") && strip.contains("から"), "{strip}");
}

#[tokio::test]
async fn an_inquiry_is_found_again_by_what_was_written_whose_it_is_and_its_id() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let chair =
        came(&client, "ｶﾞﾗｽの棚に１２３ミリの傷がありました。返品の期限を教えてください。", "C-77", "ORD-5577", "email")
            .await;
    came(&client, "送料はいくらですか。", "C-78", "ORD-5578", "line").await;
    let text = "木曜日に新しい扉を発送いたします。";
    let reply = json!({"workspace": "small", "channel": "email", "inquiry": chair["inquiry"], "text": text});
    assert_eq!(client.post("/v1/replies", &reply).await.status, 201);

    let (inquiry, draft) = (chair["inquiry"].as_str().unwrap(), chair["draft"]["id"].as_str().unwrap());
    for words in ["ガラスの棚", "123ミリ", "１２３ミリ 返品", "木曜日", "C-77", "ORD-5577", inquiry, draft]
    {
        let page = found(&client, words).await;
        assert!(page.text.contains("<strong>1件</strong>") && page.text.contains(inquiry), "{words}: {}", page.text);
        let line = page.text.split_once("list-head").map_or("", |(_, list)| list);
        assert!(line.contains("返信済み") && line.contains("完了"), "{words}: {}", page.text);
    }
    let told = found(&client, "木曜日").await;
    assert!(told.text.contains("<span class=\"quiet\">返信</span>") && told.text.contains("<mark>木曜日</mark>"));
    let nothing = found(&client, "存在しない言葉").await;
    assert!(nothing.text.contains("見つかりませんでした") && nothing.text.contains("2件の問い合わせを調べました"));
    let hostile = found(&client, "\"><script>alert(1)</script>").await;
    assert!(!hostile.text.contains("<script>alert"), "{}", hostile.text);
    let unasked = client.get("/w/small/inbox/search").await;
    assert!(unasked.text.contains("name=\"q\"") && !unasked.text.contains("見つかりませんでした"));

    let whose = json!({"workspace": "small", "customer": "C-77"});
    assert_eq!(client.post("/v1/erasures", &whose).await.status, 201);
    for words in ["ガラスの棚", "木曜日", "C-77", "ORD-5577", inquiry, draft] {
        let page = found(&client, words).await;
        assert!(page.text.contains("見つかりませんでした"), "{words} was erased: {}", page.text);
    }
    let inbox = client.get("/w/small/inbox").await;
    assert_eq!((counted(&inbox, "未対応"), counted(&inbox, "完了（今日）")), (Some(1), Some(0)));
}

#[tokio::test]
async fn what_is_found_has_pages() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    for number in 0..52 {
        let text = format!("{number}番です。返品の期限を教えてください。");
        came(&client, &text, &format!("C-{number}"), "ORD-1", "email").await;
    }
    let first = found(&client, "返品").await;
    assert!(first.text.contains("<strong>52件</strong>") && first.text.contains("51番です"), "{}", first.text);
    let lines = |page: &Answer| page.text.matches("<li class=\"line\">").count();
    assert_eq!(lines(&first), 50);
    let (_, rest) = first.text.split_once("<p class=\"more\"><a class=\"button\" href=\"").unwrap();
    let href = rest.split_once('"').unwrap().0.replace("&#38;", "&").replace("&amp;", "&");
    let second = client.get(&href).await;
    assert_eq!(lines(&second), 2, "{}", second.text);
    assert!(second.text.contains("<strong>52件</strong>") && second.text.contains("0番です"));
    assert!(!second.text.contains("<p class=\"more\">"));
}

#[tokio::test]
async fn the_inbox_is_narrowed_to_a_topic_and_a_channel_and_stays_so() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let by_mail = came(&client, RETURNS, "C-1", "ORD-1", "email").await;
    let by_line = came(&client, RETURNS, "C-2", "ORD-2", "line").await;
    let situation = by_mail["situation"].as_str().unwrap();
    let (by_mail, by_line) = (by_mail["inquiry"].as_str().unwrap(), by_line["inquiry"].as_str().unwrap());
    let inbox = client.get("/w/small/inbox").await;
    assert!(inbox.text.contains("name=\"situation\"") && inbox.text.contains("name=\"channel\""), "{}", inbox.text);
    let narrow = client.get(&format!("/w/small/inbox?view=open&situation={situation}&channel=line")).await;
    assert!(narrow.text.contains(by_line) && !narrow.text.contains(by_mail), "{}", narrow.text);
    assert!(narrow.text.contains("経路：LINE") && narrow.text.contains("絞り込みを外す"), "{}", narrow.text);
    assert!(
        narrow.text.contains("view=overdue") && narrow.text.contains("channel=line\"><span>期限超過"),
        "{}",
        narrow.text
    );
    let none = client.get("/w/small/inbox?channel=phone_note").await;
    assert!(none.text.contains("この条件の問い合わせはありません"), "{}", none.text);
    let old = client.get("/w/small/inbox?channel=pigeon").await;
    assert!(old.text.contains(by_line) && old.text.contains(by_mail), "an old bookmark still opens");
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Logged(Arc<Mutex<Vec<u8>>>);

impl Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn what_is_looked_for_stands_in_no_log() {
    let logged = Logged::default();
    let writer = logged.clone();
    let filter = tracing_subscriber::EnvFilter::new("aizuchi=trace,sqlx=trace,axum=trace,tower_http=trace");
    let logging =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(move || writer.clone());
    let _logging = tracing::subscriber::set_global_default(logging.finish());
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    came(&client, RETURNS, "kirishima-5601", "ORD-1", "email").await;
    for words in ["kirishima-5601", "霧島冬馬", "inq_5601"] {
        found(&client, words).await;
    }
    let text = String::from_utf8(logged.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("/w/{workspace}/inbox/search"), "it is logged that somebody looked: {text}");
    for words in ["kirishima", "霧島", "%E9%9C%A7", "inq_5601"] {
        assert!(!text.contains(words), "{words} stands in the log");
    }
}
