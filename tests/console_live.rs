//! What the console's pages ask for while they are open: checks of a text that somebody types, the events of a draft as it
//! comes, and what happened meanwhile.

mod support;

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use support::{
    Answer, Client, RETURNS, TestServer, events, inquiry,
    model::{ScriptedServer, Turn},
};

fn token(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("name=\"token\" value=\"").expect("a form carries a token");
    rest.split_once('"').unwrap().0.to_owned()
}

/// A draft of the small shop: its inquiry and its own id.
async fn drafted(client: &Client) -> (String, String) {
    let made = client.draft("small").await;
    (made["inquiry"].as_str().unwrap().to_owned(), made["draft"]["id"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_text_is_checked_while_somebody_types_and_the_marks_lie_on_the_same_characters() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let (_, draft) = drafted(&client).await;
    let token = token(&client.get("/w/small/inbox").await);
    let path = format!("/w/small/drafts/{draft}/checks");
    let check = async |text: &str| {
        let answer = Answer::of(client.form(&path, &[("token", &token), ("text", text)])).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.text
    };
    let text = "返品は、商品の到着後30日以内に承ります。\r\n\r\n <b>よろしく</b>お願いいたします。";
    let wrong = check(text).await;
    assert!(wrong.contains("矛盾") && wrong.contains("mirrored blocked"), "{wrong}");
    let mirror = wrong.split_once("mirror-text\">").unwrap().1.split_once("</div>").unwrap().0;
    let words = regex::Regex::new("(?s)<svg.*?</svg>|<[^>]*>").unwrap().replace_all(mirror, "").into_owned();
    let words = words.replace("&#60;", "<").replace("&#62;", ">").replace("&lt;", "<").replace("&gt;", ">");
    assert_eq!(words, text.replace("\r\n", "\n"), "the mirror is the text to the character");
    let right = check("返品は、商品の到着後7日以内に承ります。").await;
    assert!(right.contains("確認が必要なところはありません") && right.contains("mirrored fine"), "{right}");
    let forged = Answer::of(client.form(&path, &[("token", "00"), ("text", "はい")])).await;
    assert_eq!(forged.status, 422);
}

#[tokio::test]
async fn a_draft_that_takes_its_time_is_watched_and_taken_up_where_the_line_broke() {
    let slow = Turn::says("ご連絡ありがとうございます。返品は、商品の到着後7日以内に承ります。").in_pieces_of(4);
    let model = ScriptedServer::start(vec![slow.pausing(Duration::from_millis(120))]).await;
    let server = TestServer::small(&model.base(), |_| {}).await;
    let client = server.local();
    let (id, first) = drafted(&client).await;
    let page = client.get(&format!("/w/small/inquiries/{id}")).await;
    let fields = [("token", token(&page)), ("hint", "短く".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let waiting = Answer::of(client.form(&format!("/w/small/inquiries/{id}/drafts"), &fields)).await;
    assert!(waiting.text.contains("下書きを作っています"), "{}", waiting.text);
    assert!(waiting.text.contains("<noscript><meta http-equiv=\"refresh\""), "without scripts the page looks again");
    let (_, rest) = waiting.text.split_once("/drafts/drf_").unwrap();
    let draft = format!("drf_{}", &rest[..36]);
    assert_ne!(draft, first);
    let path = format!("/w/small/drafts/{draft}/events");
    let mut broken = client.request(Method::GET, &path).send().await.unwrap();
    let begun = String::from_utf8_lossy(&broken.chunk().await.unwrap().unwrap()).into_owned();
    drop(broken);
    let seen = events(begun.split_inclusive("\n\n").next().unwrap()).remove(0);
    let rest = Answer::of(client.request(Method::GET, &path).header("last-event-id", seen.id.to_string())).await;
    let rest = events(&rest.text);
    assert_eq!(rest[0].id, seen.id + 1, "nothing is lost and nothing comes twice");
    assert_eq!(rest.last().unwrap().name, "draft.completed");
    let done = client.get(&format!("/w/small/inquiries/{id}?making={draft}")).await;
    assert!(done.text.contains("id=\"letter\"") && done.text.contains(&draft), "{}", done.text);
}

#[tokio::test]
async fn a_model_that_is_down_is_said_and_the_rest_works() {
    let model = ScriptedServer::start(vec![Turn::unavailable()]).await;
    let server = TestServer::small(&model.base(), |_| {}).await;
    let client = server.local();
    let (id, _) = drafted(&client).await;
    let page = client.get(&format!("/w/small/inquiries/{id}")).await;
    assert!(page.text.contains("モデルが使えないため、抜き書きで作りました"), "{}", page.text);
    assert!(page.text.contains("採用") && page.text.contains("<mark>"));
}

#[tokio::test]
async fn who_reads_is_told_what_happened_meanwhile() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let inbox = client.get("/w/small/inbox").await;
    let (_, at) = inbox.text.split_once("/inbox/news?at=").unwrap();
    let at = at.split_once('"').unwrap().0;
    let news = format!("/w/small/inbox/news?at={at}");
    assert_eq!(client.get(&news).await.status, 204);
    let mut body = inquiry("small", RETURNS);
    body["conversation"] = json!("cnv_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10");
    let made = client.post("/v1/inquiries", &body).await.json;
    assert!(client.get(&news).await.text.contains("新着 1件"));

    let (id, draft) = (made["inquiry"].as_str().unwrap(), made["draft"]["id"].as_str().unwrap());
    let seen = format!("/w/small/inquiries/{id}/news?draft={draft}&holder=");
    assert_eq!(client.get(&seen).await.status, 204);
    let ono = aizuchi::domain::Principal { id: "ono".to_owned(), ..aizuchi::domain::Principal::local() };
    server.app.hold(&ono, &id.parse().unwrap(), false).await.unwrap();
    assert!(client.get(&seen).await.text.contains("onoが対応を始めました"));
    body["text"] = json!("開封した場合はどうなりますか。");
    assert_eq!(client.post("/v1/inquiries", &body).await.status, 201);
    assert!(client.get(&seen).await.text.contains("新しいメッセージか、新しい下書きがあります"));
    let reply = json!({"workspace": "small", "inquiry": id, "channel": "email", "text": "お答えしました。"});
    assert_eq!(client.post("/v1/replies", &reply).await.status, 201);
    assert!(client.get(&seen).await.text.contains("ほかの人が返信しました"));
}
