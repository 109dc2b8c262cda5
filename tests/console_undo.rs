//! Taking a decision back on the pages, without scripts: the button while the time lasts, and what is said when it is over.

mod support;

use std::time::Duration;

use aizuchi::domain::{Id, Principal, Reach, Role, WorkspaceId};
use reqwest::{Method, header};
use serde_json::json;
use support::{Answer, Client, TestServer};

const BUTTON: &str = "id=\"undo\"";

/// The fields of a form with the token of the page it stands on.
async fn send(client: &Client, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let (_, rest) = page.split_once("name=\"token\" value=\"").expect("a form carries a token");
    let token = rest.split_once('"').unwrap().0;
    let fields: Vec<_> = [("token", token)].iter().chain(fields).copied().collect();
    Answer::of(client.form(path, &fields)).await
}

/// An inquiry with a draft: the paths of its page and of its draft, and the page.
async fn opened(client: &Client) -> (String, String, Answer) {
    let made = client.draft("small").await;
    let path = format!("/w/small/inquiries/{}", made["inquiry"].as_str().unwrap());
    let page = client.get(&path).await;
    (path, format!("/w/small/drafts/{}", made["draft"]["id"].as_str().unwrap()), page)
}

#[tokio::test]
async fn a_decision_is_taken_back_by_a_plain_form_on_the_page_that_it_leads_to() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let (path, draft, page) = opened(&client).await;
    let id = path.rsplit('/').next().unwrap();
    assert!(!page.text.contains(BUTTON), "there is nothing to take back");
    for (action, said, head) in [
        ("accept", "採用しました。", "そのまま採用しました"),
        ("edit", "直して採用しました。", "直して採用しました"),
        ("reject", "記録しました。", "この下書きは使いません"),
    ] {
        let words = if action == "edit" { "返品は7日以内に承ります。" } else { "" };
        let kind = if action == "reject" { "outdated" } else { "" };
        let fields = [("action", action), ("inquiry", id), ("text", words), ("kind", kind)];
        let done = send(&client, &page.text, &format!("{draft}/decision"), &fields).await;
        assert!(done.text.contains(head) && done.text.contains(BUTTON), "{}", done.text);
        assert!(done.text.contains(&format!("data-said=\"{said}\"")), "{}", done.text);
        assert!(done.text.contains("1分以内なら取り消せます"));
        let again = client.get(&path).await;
        assert!(again.text.contains(BUTTON) && !again.text.contains("data-said"), "it is said once");

        let undone = send(&client, &done.text, &format!("{draft}/undo"), &[("inquiry", id)]).await;
        assert_eq!(undone.status, 200, "{}", undone.text);
        assert!(undone.text.contains("data-said=\"取り消しました。もう一度判断できます。\""), "{}", undone.text);
        assert!(undone.text.contains("data-accept") && undone.text.contains("あなたが対応中"), "{}", undone.text);
        let nothing = send(&client, &done.text, &format!("{draft}/undo"), &[("inquiry", id)]).await;
        assert_eq!(nothing.status, 404);
        assert!(nothing.text.contains("すでに取り消されています"), "{}", nothing.text);
    }
}

#[tokio::test]
async fn when_its_time_is_over_the_button_is_gone_and_whoever_presses_late_is_told_what_to_do() {
    let server = TestServer::small_with(|settings| settings.drain = Duration::from_millis(200)).await;
    let server = server.rested().await.serving(Some("2026-12-08T10:00:00+09:00")).await;
    let (path, draft, page) = opened(&server.local()).await;
    let id = path.rsplit('/').next().unwrap().to_owned();
    let fields = [("action", "accept"), ("inquiry", id.as_str())];
    let done = send(&server.local(), &page.text, &format!("{draft}/decision"), &fields).await;
    assert!(done.text.contains(BUTTON), "{}", done.text);

    let server = server.rested().await.serving(Some("2026-12-08T10:01:01+09:00")).await;
    let client = server.local();
    let over = client.get(&format!("{path}?done=1")).await;
    assert!(over.text.contains("そのまま採用しました") && !over.text.contains(BUTTON), "{}", over.text);
    assert!(!over.text.contains("data-said"), "what cannot be taken back is no news");
    let late = send(&client, &done.text, &format!("{draft}/undo"), &[("inquiry", &id)]).await;
    assert_eq!(late.status, 409);
    assert!(late.text.contains("取り消せる時間が過ぎました") && late.text.contains("訂正の返信"), "{}", late.text);
}

#[tokio::test]
async fn what_somebody_else_decided_has_no_button_for_those_who_are_no_admins() {
    let server = TestServer::small_with(|_| {}).await;
    let operator = server.as_key("small", Role::Operator).await;
    let made = operator.draft("small").await;
    let decide = format!("/v1/drafts/{}/decision", made["draft"]["id"].as_str().unwrap());
    assert_eq!(operator.post(&decide, &json!({"action": "accept"})).await.status, 201);
    let inquiry = Id::parse(made["inquiry"].as_str().unwrap()).unwrap();
    let small = WorkspaceId::parse("small").unwrap();
    let by = |id: &str, role| Principal { id: id.to_owned(), reach: Reach::One(small.clone(), role) };
    let until = async |who| server.app.open_case(&who, &inquiry).await.unwrap().undo_until;
    assert_eq!(until(by("ono", Role::Operator)).await, None);
    assert!(until(by("ono", Role::Admin)).await.is_some());
}

#[tokio::test]
async fn the_record_says_who_took_it_back_and_when_also_in_english() {
    let server = TestServer::small_with(|settings| settings.drain = Duration::from_millis(200)).await;
    let server = server.rested().await.serving(Some("2026-12-08T10:00:00+09:00")).await;
    let client = server.local();
    let made = client.draft("small").await;
    let draft = made["draft"]["id"].as_str().unwrap();
    let (decide, record) = (format!("/v1/drafts/{draft}/decision"), format!("/w/small/audit/drafts/{draft}"));
    let edited = json!({"action": "edit", "text": "返品は、商品の到着後7日以内に承ります。", "reason": "短く"});
    assert_eq!(client.post(&decide, &edited).await.status, 201);
    assert_eq!(client.delete(&decide).await.status, 204);
    let read = client.get(&record).await.text;
    for said in [
        "この端末の管理者が10:00に採用しましたが、",
        "この端末の管理者が10:00に取り消しました",
        "この端末の管理者が、直した下書きの採用を取り消しました",
        "もう一度判断できるようになりました",
        "理由：「短く」。",
        "<del>",
        "記録に改ざんはありません",
    ] {
        assert!(read.contains(said), "{said}: {read}");
    }
    let english = client.request(Method::GET, &record).header(header::COOKIE, "aizuchi_lang=en");
    let english = Answer::of(english).await.text;
    assert!(english.contains("took that back at 10:00") && !english.contains("取り消しました"), "{english}");
    let log = client.get("/w/small/audit?kind=draft").await.text;
    assert!(log.contains("直した下書きの採用を取り消しました。"), "{log}");

    // Decided again, the sentence is of what stands; the steps tell of both.
    assert_eq!(client.post(&decide, &json!({"action": "accept"})).await.status, 201);
    let read = client.get(&record).await.text;
    assert!(read.contains("この端末の管理者がそのまま") && read.contains("採用を取り消しました"), "{read}");
    assert!(read.contains("理由：「短く」。") && read.contains("<del>"), "each step keeps its own: {read}");
}
