//! Working with colleagues inside a case, and approved words for a letter.

mod support;

use aizuchi::{
    app::NewPerson,
    domain::{Id, Login, Principal, Role, WorkspaceId, name},
    identity::Password,
};
use reqwest::{Method, header};
use support::{Answer, Client, TestServer};

fn small() -> WorkspaceId {
    WorkspaceId::parse("small").unwrap()
}

/// Somebody with a role: their id and the cookie of their browser.
async fn somebody(server: &TestServer, login: &str, name: &str) -> (String, String) {
    let new = NewPerson { login: Login::parse(login).unwrap(), name: name.to_owned(), team: None, vendor: None };
    let person = server.app.place_person(&Principal::system(), &small(), new, Role::Operator).await.unwrap();
    let link = server.app.link_for(&Principal::system(), &small(), &person.id).await.unwrap();
    let ticket =
        server.app.set_password(&link, Password::parse("椅子と机とコピー用紙").unwrap()).await.unwrap().unwrap();
    (person.id.to_string(), format!("aizuchi_session={ticket}"))
}

async fn get(client: &Client, path: &str, cookie: &str) -> Answer {
    Answer::of(client.request(Method::GET, path).header(header::COOKIE, cookie)).await
}

fn token(page: &Answer) -> &str {
    let (_, rest) = page.text.split_once("name=\"token\" value=\"").expect("a form carries a token");
    rest.split_once('"').unwrap().0
}

#[tokio::test]
async fn a_case_is_handed_to_a_colleague_with_a_word_that_no_customer_sees() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let made = client.draft("small").await;
    let path = format!("/w/small/inquiries/{}", made["inquiry"].as_str().unwrap());
    let (_, sato) = somebody(&server, "sato", "佐藤").await;
    let (ono_id, ono) = somebody(&server, "ono", "大野").await;

    let page = get(&client, &path, &sato).await;
    assert!(page.text.contains("引き継ぐ") && page.text.contains(&ono_id), "{}", page.text);
    let fields = [("token", token(&page)), ("to", ono_id.as_str()), ("text", "<b>SV</b>の判断が要ります")];
    let handed = client.form(&format!("{path}/handover"), &fields).header(header::COOKIE, &sato);
    let handed = Answer::of(handed).await;
    assert!(handed.text.contains("大野が対応中"), "{}", handed.text);
    assert!(handed.text.contains("の判断が要ります") && !handed.text.contains("<b>SV"), "{}", handed.text);

    let mine = get(&client, "/w/small/inbox?view=mine", &ono).await;
    assert!(mine.text.contains("あなたが対応中"), "{}", mine.text);
    let theirs = get(&client, &path, &ono).await;
    assert!(theirs.text.contains("佐藤") && theirs.text.contains("→ 大野"), "{}", theirs.text);
    let answer = [("token", token(&theirs)), ("text", "承知しました。"), ("to", "")];
    let noted = Answer::of(client.form(&format!("{path}/notes"), &answer).header(header::COOKIE, &ono)).await;
    assert!(noted.text.contains("承知しました。"));
    let empty = [("token", token(&theirs)), ("text", "  "), ("to", "")];
    let refused = Answer::of(client.form(&format!("{path}/notes"), &empty).header(header::COOKIE, &ono)).await;
    assert_eq!(refused.status, 422);

    let id: Id<name::Inquiry> = made["inquiry"].as_str().unwrap().parse().unwrap();
    let opened = server.app.open_case(&Principal::system(), &id).await.unwrap();
    assert_eq!(opened.notes.len(), 2);
    let nobody = [("token", token(&theirs)), ("to", "per_none"), ("text", "")];
    let unknown = Answer::of(client.form(&format!("{path}/handover"), &nobody).header(header::COOKIE, &ono)).await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn approved_words_are_found_by_key_and_by_what_they_are_about() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let by_key = client.get("/w/small/snippets?words=receipt").await;
    assert!(by_key.text.contains("data-insert=\"領収書は、マイページの"), "{}", by_key.text);
    let by_words = client.get("/w/small/snippets?words=%E8%BF%94%E5%93%81%E3%81%AE%E6%9C%9F%E9%99%90").await;
    assert!(by_words.text.contains("到着後7日以内"), "{}", by_words.text);
    assert!(!by_words.text.contains("SVの判断"), "what is for the desk alone is not offered");
    assert!(client.get("/w/small/snippets?words=zzzz").await.text.contains("見つかりません"));
}
