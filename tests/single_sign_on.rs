//! Signing in by an account elsewhere: who comes in, who does not, and what a provider may get wrong.

mod support;

use aizuchi::{
    app::{NewPerson, SignOnFailure},
    config::LoginClaim,
    domain::{Login, Principal, Role, WorkspaceId},
    ports::SignOnError,
};
use reqwest::{Method, header, redirect::Policy};
use serde_json::{Value, json};
use support::{Answer, TestServer, provider::Provider};

/// What is done to the next token.
type Tamper = fn(&mut support::provider::Manner);

/// A shop where sato is an operator, and a provider that signs her in.
struct Desk {
    server: TestServer,
    provider: Provider,
    http: reqwest::Client,
}

fn sato() -> Value {
    json!({ "email": "Sato@example.jp", "email_verified": true })
}

fn small() -> WorkspaceId {
    WorkspaceId::parse("small").unwrap()
}

impl Desk {
    async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    async fn open_with(change: impl FnOnce(&mut aizuchi::config::Settings)) -> Self {
        let provider = Provider::start("id-of-sato", sato()).await;
        let server = TestServer::small_with(|settings| {
            provider.used_by(settings);
            change(settings);
        })
        .await;
        let desk = Self { http: client(), server, provider };
        desk.place("sato@example.jp").await;
        desk
    }

    async fn place(&self, login: &str) {
        let (name, login) = ("佐藤 花".to_owned(), Login::parse(login).unwrap());
        let new = NewPerson { login, name, team: None, vendor: None };
        self.server.app.place_person(&Principal::system(), &small(), new, Role::Operator).await.unwrap();
    }

    /// To the provider and back, as a browser goes; what is answered then.
    async fn sign_in(&self) -> Answer {
        let (cookie, back) = self.way_back("/w/small/inbox").await;
        self.get(&back, &cookie).await
    }

    /// The cookie of a round, and the path that the provider leads back to.
    async fn way_back(&self, next: &str) -> (String, String) {
        let out = self.get(&format!("/sign-in/oidc?next={next}"), "").await;
        assert_eq!(out.status, 303, "{}", out.text);
        let there = self.http.get(out.header("location")).send().await.unwrap();
        let back = there.headers()[header::LOCATION].to_str().unwrap().to_owned();
        (kept(&out), back.strip_prefix("http://desk.example.jp").unwrap().to_owned())
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        let local = self.server.local();
        let request = local.request(Method::GET, path).header(header::COOKIE, cookie).build().unwrap();
        let response = self.http.execute(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, text: response.text().await.unwrap(), json: Value::Null }
    }

    async fn refused(&self, words: &str) {
        let answer = self.sign_in().await;
        assert!(answer.status >= 400 && answer.text.contains(words), "{}: {}", answer.status, answer.text);
        assert!(!session(&answer), "nobody is signed in");
    }
}

fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().redirect(Policy::none()).build().unwrap()
}

/// What a browser keeps of an answer.
fn kept(answer: &Answer) -> String {
    let set = answer.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    set.map(|one| one.split(';').next().unwrap()).collect::<Vec<_>>().join("; ")
}

fn session(answer: &Answer) -> bool {
    kept(answer).contains("aizuchi_session=")
}

#[tokio::test]
async fn somebody_with_a_place_comes_in_by_their_account_and_lands_where_they_wanted() {
    let desk = Desk::open().await;
    let page = desk.get("/sign-in?next=/w/small/inbox", "").await;
    assert!(
        page.text.contains("社内アカウント") && page.text.contains("/sign-in/oidc?next=/w/small/inbox"),
        "{}",
        page.text
    );
    let back = desk.sign_in().await;
    assert_eq!((back.status, back.header("location")), (303, "/w/small/inbox"), "{}", back.text);
    assert!(desk.get("/w/small/inbox", &kept(&back)).await.text.contains("未対応"));
    let (fields, proof) = desk.provider.redeemed().remove(0);
    assert_eq!(fields["grant_type"], "authorization_code");
    assert!(proof.starts_with("Basic ") && !fields.contains_key("client_secret"), "{fields:?}");
    for away in ["//evil.example", "/%09/evil.example", &"/w/small/inbox?view=".repeat(60)] {
        let (cookie, back) = desk.way_back(away).await;
        assert_eq!(desk.get(&back, &cookie).await.header("location"), "/", "nobody is sent to {away}");
    }
}

#[tokio::test]
async fn from_then_on_the_account_counts_and_the_address_does_not() {
    let desk = Desk::open().await;
    assert_eq!(desk.sign_in().await.status, 303);
    desk.provider.signs_in("id-of-sato", json!({ "email": "hanako@example.jp", "email_verified": true }));
    assert_eq!(desk.sign_in().await.status, 303, "she has another address now");
    desk.provider.signs_in("id-of-somebody-else", sato());
    desk.refused("別のアカウントと連携しています").await;
}

#[tokio::test]
async fn an_admin_ends_a_link_and_the_session_that_came_by_it() {
    let desk = Desk::open().await;
    let cookie = kept(&desk.sign_in().await);
    let (system, app) = (Principal::system(), &desk.server.app);
    let sato = app.people(&system, &small()).await.unwrap().remove(0);
    app.unlink_account(&system, &small(), &sato.id).await.unwrap();
    assert_eq!(desk.get("/w/small/inbox", &cookie).await.status, 303, "signed out");
    desk.provider.signs_in("id-of-her-new-account", self::sato());
    assert_eq!(desk.sign_in().await.status, 303);
    let events = app.people(&system, &small()).await.unwrap().remove(0);
    assert_eq!(events.account.unwrap().subject, "id-of-her-new-account");
}

#[tokio::test]
async fn whom_nobody_placed_stays_outside_and_reads_what_to_ask_for() {
    let desk = Desk::open().await;
    desk.provider.signs_in("id-of-ono", json!({ "email": "ono@example.jp", "email_verified": true }));
    desk.refused("「ono@example.jp」はまだ登録されていません").await;
    desk.place("ono@example.jp").await;
    assert_eq!(desk.sign_in().await.status, 303);
    let app = &desk.server.app;
    let all = app.people(&Principal::system(), &small()).await.unwrap();
    let ono = all.into_iter().find(|person| person.login.as_str() == "ono@example.jp").unwrap();
    app.displace_person(&Principal::system(), &small(), &ono.id).await.unwrap();
    desk.refused("まだ登録されていません").await;
    desk.provider.signs_in("id-of-ono", json!({ "email": "hiroshi@example.jp", "email_verified": true }));
    desk.place("hiroshi@example.jp").await;
    assert_eq!(desk.sign_in().await.status, 303, "back under another name, by the same account");
}

#[tokio::test]
async fn an_address_that_nobody_verified_is_nobodys() {
    let desk = Desk::open().await;
    for claims in [
        json!({ "email": "sato@example.jp", "email_verified": false }),
        json!({ "email": "sato@example.jp" }),
        json!({ "preferred_username": "sato@example.jp" }),
        json!({}),
    ] {
        desk.provider.signs_in("id-of-whoever", claims);
        desk.refused("サインイン名にあたる情報").await;
    }
    desk.provider.change(|manner| manner.userinfo = sato());
    assert_eq!(desk.sign_in().await.status, 303, "asked for more, the provider says it");
}

#[tokio::test]
async fn where_names_are_given_out_a_name_will_do() {
    let desk = Desk::open_with(|settings| {
        settings.single_sign_on.as_mut().unwrap().claim = LoginClaim::PreferredUsername;
    })
    .await;
    desk.provider.signs_in("id-of-sato", json!({ "preferred_username": "sato@example.jp" }));
    assert_eq!(desk.sign_in().await.status, 303);
}

#[tokio::test]
async fn a_token_that_proves_nothing_signs_nobody_in() {
    let tampered: [(&str, Tamper); 8] = [
        ("for somebody else", |manner| manner.claims["aud"] = json!("another-desk")),
        ("for somebody else", |manner| manner.claims["aud"] = json!(["aizuchi-desk", "another-desk"])),
        ("names another issuer", |manner| manner.claims["iss"] = json!("https://id.example")),
        ("of another round", |manner| manner.claims["nonce"] = json!("n")),
        ("is over", |manner| manner.claims["exp"] = json!(1_700_000_000)),
        ("signature of its ID token is not", |manner| manner.alg = "none"),
        ("in a way that proves nothing", |manner| manner.alg = "HS256"),
        ("signature of its ID token is not", |manner| manner.key = u8::MAX),
    ];
    let desk = Desk::open().await;
    for (why, tamper) in tampered {
        desk.provider.change(tamper);
        let (address, round) = desk.server.app.set_out("/").await.unwrap();
        let there = desk.http.get(address).send().await.unwrap();
        let (_, query) = there.headers()[header::LOCATION].to_str().unwrap().split_once('?').unwrap();
        let back: std::collections::HashMap<String, String> = serde_urlencoded::from_str(query).unwrap();
        let met = desk.server.app.come_back(&round, &back["state"], Some(&back["code"])).await;
        let Err(SignOnFailure::Provider(SignOnError::Refused(said))) = met else { panic!("{why}: {met:?}") };
        assert!(said.contains(why), "{why}: {said}");
        desk.refused("確認できませんでした").await;
        desk.provider.change(|manner| *manner = support::provider::Manner::default());
        desk.provider.signs_in("id-of-sato", sato());
    }
    assert_eq!(desk.sign_in().await.status, 303);
}

#[tokio::test]
async fn a_key_that_was_turned_over_is_asked_for() {
    let desk = Desk::open().await;
    assert_eq!(desk.sign_in().await.status, 303);
    let asked = |desk: &Desk| desk.provider.asked().iter().filter(|path| *path == "keys").count();
    assert_eq!(asked(&desk), 1, "what it says of itself is kept");
    desk.provider.change(|manner| (manner.key, manner.published) = (2, 2));
    assert_eq!(desk.sign_in().await.status, 303);
    assert_eq!(asked(&desk), 2);
}

#[tokio::test]
async fn a_way_back_belongs_to_the_browser_that_set_out_and_to_one_use() {
    let desk = Desk::open().await;
    let (cookie, back) = desk.way_back("/").await;
    let stale = "もう一度お試しください";
    for (cookie, back) in [
        ("", back.clone()),
        (cookie.as_str(), back.replace("state=", "state=0")),
        ("aizuchi_round=a.b.c", back.clone()),
    ] {
        let answer = desk.get(&back, cookie).await;
        assert!(answer.status == 422 && answer.text.contains(stale) && !session(&answer), "{}", answer.text);
    }
    let (others, _) = desk.way_back("/").await;
    assert!(
        !kept(&desk.get("/sign-in/oidc/back?error=x&state=y", &cookie).await).contains("aizuchi_round"),
        "it goes on"
    );
    assert_eq!(desk.get(&back, &others).await.status, 422, "another browser's round");
    assert_eq!(desk.get(&back, &cookie).await.status, 303);
    let again = desk.get(&back, &cookie).await;
    assert!(again.status == 502 && !session(&again), "a code is good for once: {}", again.text);
}

#[tokio::test]
async fn what_goes_wrong_there_is_said_and_passwords_go_on() {
    let desk = Desk::open().await;
    desk.provider.change(|manner| manner.error = Some("access_denied"));
    desk.refused("キャンセルされたか、許可されていません").await;
    desk.provider.change(|manner| manner.error = None);
    let words = "確認できませんでした";
    desk.provider.change(|manner| manner.refusal = Some((401, json!({ "error": "invalid_client" }))));
    desk.refused(words).await;
    desk.provider.change(|manner| manner.refusal = Some((200, json!({ "access_token": "x", "token_type": "Bearer" }))));
    desk.refused(words).await;
    desk.provider.change(|manner| manner.refusal = Some((200, json!("nonsense"))));
    desk.refused(words).await;
    desk.provider.change(|manner| manner.refusal = None);
    let (cookie, back) = desk.way_back("/").await;
    desk.provider.goes_down();
    tokio::task::yield_now().await;
    let down = desk.get(&back, &cookie).await;
    assert!(down.status == 502 && down.text.contains(words), "{}", down.text);
    assert!(down.text.contains("name=\"password\""), "the other way in stays open");
}

#[tokio::test]
async fn a_provider_that_names_another_issuer_is_not_asked() {
    let desk = Desk::open().await;
    desk.provider.change(|manner| manner.metadata = json!({ "issuer": "https://id.example" }));
    let out = desk.get("/sign-in/oidc", "").await;
    assert!(out.status == 502 && out.text.contains("確認できませんでした"), "{}", out.text);
    desk.provider
        .change(|manner| manner.metadata = json!({ "token_endpoint_auth_methods_supported": ["client_secret_post"] }));
    assert_eq!(desk.sign_in().await.status, 303, "and it is asked again the next time");
    let (fields, proof) = desk.provider.redeemed().remove(0);
    assert!(proof.is_empty() && fields.contains_key("client_secret"), "as it wants to be asked");
}

#[tokio::test]
async fn where_it_is_the_only_way_passwords_are_refused() {
    let desk = Desk::open_with(|settings| settings.single_sign_on.as_mut().unwrap().only = true).await;
    let page = desk.get("/sign-in", "").await;
    assert!(page.text.contains("社内アカウント") && !page.text.contains("name=\"password\""), "{}", page.text);
    let local = desk.server.local();
    let sent =
        Answer::of(local.form("/sign-in", &[("login", "sato@example.jp"), ("password", "椅子と机とコピー用紙")])).await;
    assert!(sent.status == 403 && sent.text.contains("パスワードではサインインできません"), "{}", sent.text);
    let sato = desk.sign_in().await;
    assert_eq!(sato.status, 303);

    let app = &desk.server.app;
    let login = Login::parse("sato@example.jp").unwrap();
    let new = NewPerson { login, name: "佐藤 花".to_owned(), team: None, vendor: None };
    let admin = app.place_person(&Principal::system(), &small(), new, Role::Admin).await.unwrap();
    let people = desk.get("/w/small/people", &kept(&sato)).await;
    assert!(people.text.contains("連携済み") && !people.text.contains("value=\"link\""), "{}", people.text);
    let token = people.text.split_once("name=\"token\" value=\"").unwrap().1.split_once('"').unwrap().0;
    let path = format!("/w/small/people/{}", admin.id);
    for action in ["link", "operator", ""] {
        let form = local.form(&path, &[("token", token), ("action", action)]).header(header::COOKIE, kept(&sato));
        assert_eq!(Answer::of(form).await.status, 404, "{action}");
    }
}

#[tokio::test]
async fn without_a_provider_there_is_no_such_way() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    assert_eq!(client.get("/sign-in/oidc").await.status, 404);
    assert_eq!(client.get("/sign-in/oidc/back?code=a&state=b").await.status, 404);
    assert!(!client.get("/sign-in").await.text.contains("/sign-in/oidc"));
}
