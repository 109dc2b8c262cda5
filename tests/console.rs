//! The console as an operator's browser sees it, without scripts: the inbox, one inquiry, and deciding on its draft.

mod support;

use reqwest::{Method, header};
use serde_json::json;
use support::{Answer, Client, RETURNS, TestServer, inquiry};

/// The value of the hidden field that every form carries.
fn token(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("name=\"token\" value=\"").expect("a form carries a token");
    rest.split_once('"').unwrap().0.to_owned()
}

/// Sends a form and does not follow where it leads.
async fn send(client: &Client, path: &str, fields: &[(&str, &str)]) -> Answer {
    Answer::of(client.form(path, fields)).await
}

/// An inquiry with a draft, and the path of its page.
async fn opened(server: &TestServer) -> (String, Answer) {
    let client = server.local();
    let made = client.draft("small").await;
    let path = format!("/w/small/inquiries/{}", made["inquiry"].as_str().unwrap());
    let page = client.get(&path).await;
    assert_eq!(page.status, 200, "{}", page.text);
    (path, page)
}

fn draft_of(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("/drafts/drf_").unwrap();
    format!("drf_{}", &rest[..36])
}

#[tokio::test]
async fn from_the_first_page_one_comes_to_what_waits() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let empty = client.get("/").await;
    assert!(empty.text.contains("未対応の問い合わせはありません") && empty.text.contains("小さな店"), "{}", empty.text);
    client.post("/v1/inquiries", &inquiry("small", RETURNS)).await;
    let inbox = client.get("/w/small/inbox").await;
    assert!(
        inbox.text.contains("先日注文した商品を返品したい") && inbox.text.contains("採用できます"),
        "{}",
        inbox.text
    );
    assert!(inbox.text.contains("今日が期限") && inbox.text.contains("担当なし"));
    let next = client.get("/w/small/inbox/next").await;
    assert!(next.text.contains("class=\"letter\""), "the next one is opened");
    assert_eq!(client.get("/w/elsewhere/inbox").await.status, 404);
}

#[tokio::test]
async fn a_page_loads_and_runs_nothing_from_elsewhere() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let page = client.get("/w/small/inbox").await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert!(!page.text.contains("<script>") && !page.text.contains(" style=") && !page.text.contains("onclick"));
    for path in ["/assets/console.css", "/assets/js/console.js", "/assets/icons.svg"] {
        let asset = client.get(path).await;
        assert_eq!(asset.status, 200, "{path}");
        let again = client.request(Method::GET, path).header(header::IF_NONE_MATCH, asset.header("etag"));
        assert_eq!(Answer::of(again).await.status, 304, "{path}");
    }
    assert_eq!(client.get("/assets/../Cargo.toml").await.status, 404);
}

#[tokio::test]
async fn what_a_customer_writes_is_shown_and_never_read_as_a_page() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let text = "<script>alert(1)</script> \"><img src=x onerror=alert(2)> 返品の期限を教えてください。";
    let mut body = inquiry("small", text);
    body["customer"] = json!("<svg onload=alert(3)>");
    body["records"] = json!([{"name": "<b>名</b>", "value": "'\"><iframe src=//evil.example>"}]);
    let made = client.post("/v1/inquiries", &body).await.json;
    for path in [format!("/w/small/inquiries/{}", made["inquiry"].as_str().unwrap()), "/w/small/inbox".to_owned()] {
        let page = client.get(&path).await;
        assert!(page.text.contains("&#60;script&#62;") || page.text.contains("&lt;script&gt;"), "{}", page.text);
        for raw in ["<script>alert", "<img src=x", "<svg onload", "<iframe", "<b>名"] {
            assert!(!page.text.contains(raw), "{raw}: {}", page.text);
        }
    }
}

#[tokio::test]
async fn a_draft_is_accepted_and_the_next_inquiry_waits() {
    let server = TestServer::small_with(|_| {}).await;
    let (path, page) = opened(&server).await;
    let client = server.local();
    assert!(page.text.contains("そのまま採用できます") && page.text.contains("<mark>"), "{}", page.text);
    let (draft, token) = (draft_of(&page), token(&page));
    let id = path.rsplit('/').next().unwrap();
    let decision = format!("/w/small/drafts/{draft}/decision");
    let fields = [("token", token.as_str()), ("action", "accept"), ("inquiry", id)];
    let forged = [("token", "0000"), ("action", "accept"), ("inquiry", id)];
    let refused = send(&client, &decision, &forged).await;
    assert_eq!(refused.status, 422, "a form of another site is refused: {}", refused.text);
    let done = send(&client, &decision, &fields).await;
    assert_eq!(done.status, 200);
    assert!(done.text.contains("そのまま採用しました") && done.text.contains("次の未対応"), "{}", done.text);
    let again = send(&client, &decision, &fields).await;
    assert_eq!(again.status, 409);
    assert!(again.text.contains("すでに対応されています") && !again.text.contains("drf_"), "{}", again.text);
    let inbox = client.get("/w/small/inbox?view=answered").await;
    assert!(inbox.text.contains("返信済み"), "{}", inbox.text);
}

#[tokio::test]
async fn what_was_changed_is_kept_and_shown() {
    let server = TestServer::small_with(|_| {}).await;
    let (path, _) = opened(&server).await;
    let client = server.local();
    let editing = client.get(&format!("{path}?edit=1")).await;
    assert!(editing.text.contains("<textarea class=\"field\"") && editing.text.contains("7日以内"), "{}", editing.text);
    let (draft, token) = (draft_of(&editing), token(&editing));
    let id = path.rsplit('/').next().unwrap();
    let words = "返品は、商品の到着後7日以内に承ります。\r\nお急ぎの場合はお知らせください。";
    let fields = [("token", token.as_str()), ("action", "edit"), ("inquiry", id), ("text", words)];
    let done = send(&client, &format!("/w/small/drafts/{draft}/decision"), &fields).await;
    assert!(done.text.contains("直して採用しました") && done.text.contains("<ins>") && done.text.contains("<del>"));
    assert!(done.text.contains("お急ぎの場合はお知らせください。"));
}

#[tokio::test]
async fn a_draft_that_is_not_used_leaves_its_inquiry_to_be_answered() {
    let server = TestServer::small_with(|_| {}).await;
    let (path, page) = opened(&server).await;
    let client = server.local();
    let (draft, token) = (draft_of(&page), token(&page));
    let id = path.rsplit('/').next().unwrap();
    let fields = [("token", token.as_str()), ("action", "reject"), ("inquiry", id), ("kind", "outdated")];
    let rejected = send(&client, &format!("/w/small/drafts/{draft}/decision"), &fields).await;
    assert!(rejected.text.contains("この下書きは使いません") && rejected.text.contains("古い"), "{}", rejected.text);
    let again =
        send(&client, &format!("{path}/drafts"), &[("token", token.as_str()), ("hint", "送料にも触れて")]).await;
    assert!(again.text.contains("class=\"letter\"") && draft_of(&again) != draft, "{}", again.text);
    let reply = [("token", token.as_str()), ("text", "お電話でお答えしました。")];
    let replied = send(&client, &format!("{path}/reply"), &reply).await;
    assert_eq!(replied.status, 200, "{}", replied.text);
    assert!(client.get("/w/small/inbox").await.text.contains("未対応の問い合わせはありません"));
}

#[tokio::test]
async fn what_somebody_holds_is_theirs_until_it_is_taken_over() {
    let server = TestServer::small_with(|_| {}).await;
    let (path, page) = opened(&server).await;
    let client = server.local();
    let id = aizuchi::domain::Id::parse(path.rsplit('/').next().unwrap()).unwrap();
    let ono = aizuchi::domain::Principal { id: "ono".to_owned(), ..aizuchi::domain::Principal::local() };
    server.app.hold(&ono, &id, false).await.unwrap();
    let (draft, token) = (draft_of(&page), token(&page));
    let fields = [("token", token.as_str()), ("action", "accept"), ("inquiry", id.as_str())];
    let refused = send(&client, &format!("/w/small/drafts/{draft}/decision"), &fields).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text.contains("ほかの人が対応中です"), "{}", refused.text);
    let read = client.get(&path).await;
    assert!(read.text.contains("onoが対応中") && read.text.contains("引き取る"), "{}", read.text);
    let taking = [("token", token.as_str()), ("action", "take")];
    assert_eq!(send(&client, &format!("{path}/lease"), &taking).await.status, 409);
    let over = [("token", token.as_str()), ("action", "over")];
    assert!(send(&client, &format!("{path}/lease"), &over).await.text.contains("あなたが対応中"));
    let done = send(&client, &format!("/w/small/drafts/{draft}/decision"), &fields).await;
    assert!(done.text.contains("そのまま採用しました"), "{}", done.text);
}

#[tokio::test]
async fn a_handoff_says_why_and_lets_a_person_write() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let made = client.post("/v1/inquiries", &inquiry("small", "担当者に電話で代わってください。")).await.json;
    assert_eq!(made["outcome"]["kind"], "handoff");
    let page = client.get(&format!("/w/small/inquiries/{}", made["inquiry"].as_str().unwrap())).await;
    assert!(page.text.contains("下書きはありません") && page.text.contains("返信を記録"), "{}", page.text);
    assert!(client.get("/w/small/inbox?view=handoff").await.text.contains("人が答えます"));
}

#[tokio::test]
async fn the_same_pages_speak_english() {
    let server = TestServer::small_with(|_| {}).await;
    let (path, page) = opened(&server).await;
    let client = server.local();
    let token = token(&page);
    let switch = [("token", token.as_str()), ("lang", "en"), ("back", "//evil.example/")];
    let switched = send(&client, "/language", &switch).await;
    assert_eq!(switched.status, 200, "it leads to our own first page, never to another site");
    let english = Answer::of(client.request(Method::GET, &path).header(header::COOKIE, "aizuchi_lang=en")).await;
    assert!(english.text.contains("Ready to accept") && english.text.contains("<html lang=\"en\""), "{}", english.text);
    assert!(!english.text.contains("そのまま採用"));
}

#[tokio::test]
async fn pages_are_as_bright_as_the_system_until_the_reader_chooses() {
    let server = TestServer::small_with(|_| {}).await;
    let (path, page) = opened(&server).await;
    assert!(page.text.contains("data-theme=\"system\""), "{}", page.text);
    let client = server.local();
    let token = token(&page);
    let chosen = [("token", token.as_str()), ("theme", "dark"), ("back", "//evil.example/")];
    let switched = send(&client, "/theme", &chosen).await;
    assert_eq!(switched.status, 200, "it leads to our own first page, never to another site");
    for (kept, shown) in [("dark", "dark"), ("light", "light"), ("\"><b>", "system")] {
        let kept = format!("aizuchi_theme={kept}");
        let page = Answer::of(client.request(Method::GET, &path).header(header::COOKIE, kept)).await;
        assert!(page.text.contains(&format!("data-theme=\"{shown}\"")), "{}", page.text);
    }
}
