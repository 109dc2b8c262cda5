//! The page of the day: what needs somebody, what came, what waits, what became of the drafts.

mod support;

use std::time::Duration;

use aizuchi::{
    app::document,
    domain::{Kind, Principal, Reach, Role, Wish, WorkspaceId},
};
use reqwest::{Method, header};
use serde_json::json;
use support::{Answer, Client, TestServer, inquiry};

const HOME: &str = "/w/small/home";

async fn page(client: &Client, path: &str) -> String {
    let answer = client.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.text
}

#[tokio::test]
async fn an_empty_system_is_calm() {
    let server = TestServer::small_with(|_| {}).await;
    let first = page(&server.local(), HOME).await;
    assert!(first.contains("準備ができました"), "{first}");
    assert!(first.contains("href=\"/w/small/home\" aria-current=\"page\""), "{first}");
    assert!(!first.contains("<polygon") && !first.contains("<h2 id=\"now\">"), "nothing is drawn of nothing: {first}");
}

#[tokio::test]
async fn what_needs_somebody_comes_first_each_with_its_key() {
    let server = TestServer::small_with(|settings| settings.reply_within = Duration::ZERO).await;
    let client = server.local();
    client.draft("small").await;
    let person =
        client.post("/v1/inquiries", &inquiry("small", "電話で話したいので、担当の方につないでください。")).await;
    assert_eq!(person.json["outcome"]["kind"], "handoff", "{}", person.text);
    let (small, fields) =
        (WorkspaceId::parse("small").unwrap(), [("key", "gift"), ("title", "包装"), ("answer", "承ります。")]);
    let operator = Principal { id: "ann".to_owned(), reach: Reach::One(small.clone(), Role::Operator) };
    let wish = Wish::Create(document(Kind::Faq, &fields).unwrap());
    server.app.wish(&operator, &small, wish, None).await.unwrap();

    let home = page(&client, HOME).await;
    for said in [
        "返信期限を過ぎた問い合わせ 2件",
        "引き継ぎ待ち 1件",
        "承認待ちの文書 1件",
        "最も古いもの：先日注文した商品を返品したい",
    ] {
        assert!(home.contains(said), "{said}: {home}");
    }
    let keys: Vec<_> = (1..=4).filter(|key| home.contains(&format!("data-key=\"{key}\""))).collect();
    assert_eq!(keys, [1, 2, 3], "one key for each");
    assert!(home.contains("href=\"/w/small/inbox?view=overdue\" data-key=\"1\""), "{home}");
    assert!(home.contains("期限超過 2件") && home.contains("class=\"late\""), "overdue is a diamond: {home}");
    assert!(!home.contains("いま急ぐものはありません"));

    let asked = client.request(Method::GET, HOME).header(header::COOKIE, "aizuchi_lang=en");
    let english = Answer::of(asked).await.text;
    assert!(english.contains("Overdue inquiries: 2") && !english.contains("引き継ぎ"), "{english}");
}

#[tokio::test]
async fn the_day_is_counted_and_drawn() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    for action in ["accept", "accept", "reject"] {
        let made = client.draft("small").await;
        let path = format!("/v1/drafts/{}/decision", made["draft"]["id"].as_str().unwrap());
        let decided = client.post(&path, &json!({"action": action})).await;
        assert_eq!(decided.status, 201, "{}", decided.text);
    }
    let home = page(&client, HOME).await;
    assert!(home.contains("いま急ぐものはありません"), "{home}");
    for said in
        ["合計3件", "未対応1件の待ち時間", "<strong>67%</strong>", "そのまま 67%", "使わない 33%", "今日の完了", "2件"]
    {
        assert!(home.contains(said), "{said}: {home}");
    }
    assert_eq!(home.matches("<polygon").count(), 3);
    assert!(!home.contains("style="), "the policy of the pages allows no style of its own");
    assert!(home.contains("初回返信の中央値") && home.contains("0分"), "{home}");
}
