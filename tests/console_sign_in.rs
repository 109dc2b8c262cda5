//! Signing in: the first admin by a link, others by theirs, and what ends a session.

mod support;

use std::time::Duration;

use aizuchi::{
    app::{App, NewPerson},
    domain::{Login, Principal, Role, WorkspaceId},
};
use reqwest::{Method, header};
use support::{Answer, Client, TestServer};

const PASSWORD: &str = "椅子と机とコピー用紙";

fn small() -> WorkspaceId {
    WorkspaceId::parse("small").unwrap()
}

fn new(login: &str) -> NewPerson {
    let (name, team, vendor) = ("佐藤 花".to_owned(), Some("一次".to_owned()), Some("ベルコール".to_owned()));
    NewPerson { login: Login::parse(login).unwrap(), name, team, vendor }
}

/// Somebody with a role and a password, and the cookie of their browser.
async fn signed_in(server: &TestServer, login: &str, role: Role) -> String {
    let system = Principal::system();
    let person = server.app.place_person(&system, &small(), new(login), role).await.unwrap();
    let link = server.app.link_for(&system, &small(), &person.id).await.unwrap();
    let chosen = form(&server.local(), "/sign-in/link", &[("carried", &link), ("password", PASSWORD)]).await;
    assert_eq!(chosen.status, 303, "{}", chosen.text);
    cookie(&chosen)
}

/// Without following where it leads: what a browser is told to keep is looked at.
async fn form(client: &Client, path: &str, fields: &[(&str, &str)]) -> Answer {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let request = client.form(path, fields).build().unwrap();
    let response = http.execute(request).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Answer { status, headers, text: response.text().await.unwrap(), json: serde_json::Value::Null }
}

fn cookie(answer: &Answer) -> String {
    let set = answer.header("set-cookie");
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/"), "{set}");
    set.split(';').next().unwrap().to_owned()
}

async fn get(client: &Client, path: &str, cookie: &str) -> Answer {
    Answer::of(client.request(Method::GET, path).header(header::COOKIE, cookie)).await
}

#[tokio::test]
async fn the_first_admin_comes_by_a_link_that_works_once() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let link = server.app.first_link().await.unwrap().unwrap();
    let page = client.get(&format!("/sign-in/first?link={link}")).await;
    assert!(page.text.contains("最初の管理者を決めます"), "{}", page.text);
    let fields = |password| [("carried", link.as_str()), ("login", "Sato"), ("name", "佐藤"), ("password", password)];
    let short = form(&client, "/sign-in/first", &fields("short")).await;
    assert!(short.status == 422 && short.text.contains("10文字以上") && short.text.contains("value=\"Sato\""));
    let begun = form(&client, "/sign-in/first", &fields(PASSWORD)).await;
    assert_eq!(begun.status, 303, "{}", begun.text);
    let inbox = get(&client, "/", &cookie(&begun)).await;
    assert!(inbox.text.contains("サインアウト") && inbox.text.contains("メンバー"), "{}", inbox.text);
    assert_eq!(form(&client, "/sign-in/first", &fields(PASSWORD)).await.status, 422, "the link was used");
    assert_eq!(server.app.first_link().await.unwrap(), None);
    let forged = format!("{}0", &link[..link.len() - 1]);
    assert_eq!(client.get(&format!("/sign-in/first?link={forged}")).await.status, 422);
}

#[tokio::test]
async fn once_somebody_works_here_nobody_comes_in_without_signing_in() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    assert!(client.get("/w/small/inbox").await.text.contains("受信箱"));
    let cookie = signed_in(&server, "sato", Role::Operator).await;
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let asked = client.get("/w/small/inbox?view=mine").await;
    assert!(asked.text.contains("サインイン名") && asked.text.contains("/w/small/inbox?view=mine"), "{}", asked.text);
    assert_eq!(client.get("/v1/workspaces").await.status, 401);
    assert!(get(&client, "/w/small/inbox", &cookie).await.text.contains("未対応"));
    let back =
        form(&client, "/sign-in", &[("login", "SATO"), ("password", PASSWORD), ("carried", "/w/small/inbox")]).await;
    assert_eq!((back.status, back.header("location")), (303, "/w/small/inbox"));
    let away =
        form(&client, "/sign-in", &[("login", "sato"), ("password", PASSWORD), ("carried", "//evil.example")]).await;
    assert_eq!(away.header("location"), "/", "nobody is sent to another site");
}

#[tokio::test]
async fn a_wrong_password_says_no_more_than_that_and_rests_after_ten() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    signed_in(&server, "sato", Role::Operator).await;
    let known = form(&client, "/sign-in", &[("login", "sato"), ("password", "違うパスワードです")]).await;
    let unknown = form(&client, "/sign-in", &[("login", "nobody"), ("password", "違うパスワードです")]).await;
    assert_eq!((known.status, unknown.status), (422, 422));
    assert_eq!(known.text.replace("sato", "nobody"), unknown.text);
    for _ in 0..9 {
        form(&client, "/sign-in", &[("login", "sato"), ("password", "違うパスワードです")]).await;
    }
    let right = form(&client, "/sign-in", &[("login", "sato"), ("password", PASSWORD)]).await;
    assert_eq!(right.status, 429, "guessing rests");
}

#[tokio::test]
async fn a_role_sees_its_own_pages_and_loses_them_with_its_place() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let operator = signed_in(&server, "sato", Role::Operator).await;
    let admin = signed_in(&server, "ono", Role::Admin).await;
    assert_eq!(get(&client, "/w/small/people", &operator).await.status, 404);
    let people = get(&client, "/w/small/people", &admin).await;
    assert!(people.text.contains("sato") && people.text.contains("ベルコール"), "{}", people.text);
    let sato = {
        let all = server.app.people(&Principal::system(), &small()).await.unwrap();
        all.into_iter().find(|person| person.login.as_str() == "sato").unwrap()
    };
    server.app.displace_person(&Principal::system(), &small(), &sato.id).await.unwrap();
    assert!(get(&client, "/w/small/inbox", &operator).await.text.contains("サインイン名"), "the session is over");
}

#[tokio::test]
async fn a_new_password_and_signing_out_everywhere_end_every_session() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let first = signed_in(&server, "sato", Role::Operator).await;
    let second = signed_in(&server, "sato", Role::Operator).await;
    assert!(get(&client, "/w/small/inbox", &first).await.text.contains("サインイン名"), "the password changed");
    let inbox = get(&client, "/w/small/inbox", &second).await;
    let (_, rest) = inbox.text.split_once("name=\"token\" value=\"").unwrap();
    let token = rest.split_once('"').unwrap().0;
    let fields = [("token", token), ("everywhere", "1")];
    let out = Answer::of(client.form("/sign-out", &fields).header(header::COOKIE, &second)).await;
    assert!(out.text.contains("サインイン名"), "{}", out.text);
    assert!(get(&client, "/w/small/inbox", &second).await.text.contains("サインイン名"));
}

#[tokio::test]
async fn a_reply_is_signed_by_who_accepted_it() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let made = client.draft("small").await;
    let (id, draft) = (made["inquiry"].as_str().unwrap(), made["draft"]["id"].as_str().unwrap());
    let cookie = signed_in(&server, "sato", Role::Operator).await;
    let page = get(&client, &format!("/w/small/inquiries/{id}"), &cookie).await;
    let (_, rest) = page.text.split_once("name=\"token\" value=\"").unwrap();
    let fields = [("token", rest.split_once('"').unwrap().0), ("action", "accept"), ("inquiry", id)];
    let path = format!("/w/small/drafts/{draft}/decision");
    let done = Answer::of(client.form(&path, &fields).header(header::COOKIE, &cookie)).await;
    assert!(done.text.contains("そのまま採用しました"), "{}", done.text);
    let opened = server.app.open_case(&Principal::system(), &id.parse().unwrap()).await.unwrap();
    let reply = opened.decided.unwrap().1.unwrap();
    assert_eq!((reply.author.as_deref(), reply.vendor.as_deref()), (Some("佐藤 花"), Some("ベルコール")));
    let _: &App = &server.app;
}

#[tokio::test]
async fn an_admin_of_one_shop_gets_at_nobody_of_another() {
    let server = TestServer::start().await;
    let (app, system) = (&server.app, Principal::system());
    let [first, second] = ["officelink", "hanauta"].map(|id| WorkspaceId::parse(id).unwrap());
    let theirs = app.place_person(&system, &second, new("sato"), Role::Admin).await.unwrap();
    let admin = app.place_person(&system, &first, new("ono"), Role::Admin).await.unwrap().principal();
    let admin = app.people(&system, &first).await.unwrap().into_iter().find(|one| one.principal().id == admin.id);
    let admin = admin.unwrap().principal();
    // A colleague may serve both shops; their password stays theirs.
    app.place_person(&admin, &first, new("sato"), Role::Operator).await.unwrap();
    assert!(app.link_for(&admin, &first, &theirs.id).await.is_err());
    assert!(app.unlink_account(&admin, &first, &theirs.id).await.is_err());
    assert!(app.link_for(&system, &first, &theirs.id).await.is_ok());
    let own = app.place_person(&admin, &first, new("mori"), Role::Operator).await.unwrap();
    assert!(app.link_for(&admin, &first, &own.id).await.is_ok());
}
