//! Who comes in, and what they find there: keys, roles, foreign workspaces, foreign hosts and sites.

mod support;

use std::time::Duration;

use aizuchi::domain::Role;
use reqwest::Method;
use serde_json::{Value, json};
use support::{Answer, RETURNS, TestServer, at, events, inquiry};

const DAMAGED: &str = "昨日届いた商品の箱がつぶれていて、中身が割れていました。交換していただけますか。";
const PERSON: &str = "ご本人であることの本人確認を電話でされました。人に代わってください。";

#[tokio::test]
async fn what_stands_elsewhere_looks_like_what_stands_nowhere() {
    let server = TestServer::start().await;
    let shops = server.shops().await;
    let mut asked = inquiry(&shops[1], RETURNS);
    asked["stream"] = json!(true);
    let suggestion = events(&server.local().post("/v1/inquiries", &asked).await.text).pop().unwrap().data;
    let stranger = server.as_key(&shops[0], Role::Admin).await;
    let plain = |answer: &Answer, id: &str| {
        let mut body = answer.json.clone();
        body["request_id"] = Value::Null;
        (answer.status, body.to_string().replace(id, "ID"))
    };
    let draft = suggestion["draft"]["id"].as_str().unwrap();
    for (path, foreign) in [
        ("/v1/suggestions/", suggestion["id"].as_str().unwrap()),
        ("/v1/inquiries/", suggestion["inquiry"].as_str().unwrap()),
        ("/v1/drafts/", draft),
    ] {
        let absent = format!("{}_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10", &foreign[..3]);
        let (there, nowhere) =
            (stranger.get(&format!("{path}{foreign}")).await, stranger.get(&format!("{path}{absent}")).await);
        assert_eq!(there.status, 404);
        there.problem();
        assert_eq!(plain(&there, foreign), plain(&nowhere, &absent));
    }
    let stream = stranger.get(&format!("/v1/drafts/{draft}/events")).await;
    assert_eq!((stream.status, stream.problem().as_str()), (404, "draft-not-found"));
    let decided = stranger.post(&format!("/v1/drafts/{draft}/decision"), &json!({"action": "accept"})).await;
    assert_eq!((decided.status, decided.problem().as_str()), (404, "draft-not-found"));
    let (foreign, unknown) = (
        stranger.post("/v1/inquiries", &inquiry(&shops[1], RETURNS)).await,
        stranger.post("/v1/inquiries", &inquiry("nowhere", RETURNS)).await,
    );
    assert_eq!(foreign.problem(), "workspace-not-found");
    assert_eq!(plain(&foreign, &shops[1]), plain(&unknown, "nowhere"));
    let listed = stranger.get("/v1/workspaces").await.json;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["id"], shops[0]);
}

#[tokio::test]
async fn a_role_does_what_it_may_and_no_more() {
    let server = TestServer::start().await;
    let workspace = server.shops().await.remove(0);
    let chatbot = server.as_key(&workspace, Role::Chatbot).await;
    let auditor = server.as_key(&workspace, Role::Auditor).await;
    let suggestion = chatbot.draft(&workspace).await;
    let decide = format!("/v1/drafts/{}/decision", suggestion["draft"]["id"].as_str().unwrap());
    let audit = format!("/v1/audit/events?workspace={workspace}");
    for refused in [
        chatbot.post(&decide, &json!({"action": "accept"})).await,
        chatbot.get(&audit).await,
        chatbot.get(&format!("/v1/keys?workspace={workspace}")).await,
        auditor.post("/v1/inquiries", &inquiry(&workspace, RETURNS)).await,
        auditor.post("/v1/keys", &json!({"workspace": workspace, "role": "admin", "label": "x"})).await,
    ] {
        assert_eq!((refused.status, refused.problem().as_str()), (403, "role-not-allowed"));
    }
    assert_eq!(auditor.get(&audit).await.status, 200);
    let operator = server.as_key(&workspace, Role::Operator).await;
    let accepted = operator.post(&decide, &json!({"action": "accept"})).await;
    assert_eq!(accepted.status, 201, "{}", accepted.text);
    assert_eq!(accepted.json["reply"]["citations"], suggestion["citations"], "what was accepted stands on the same");
}

#[tokio::test]
async fn from_the_first_key_on_everybody_needs_one() {
    let server = TestServer::start().await;
    let client = server.local();
    let workspace = server.shops().await.remove(0);
    assert_eq!(client.get("/v1/workspaces").await.status, 200);
    let body = json!({"workspace": workspace, "role": "admin", "label": "the first"});
    let made = client.post("/v1/keys", &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let secret = made.json["secret"].as_str().unwrap();
    let refused = client.get("/v1/workspaces").await;
    assert_eq!((refused.status, refused.problem().as_str()), (401, "key-missing"));
    assert!(refused.header("www-authenticate").starts_with("Bearer"));

    let admin = client.with_key(secret);
    let keys = admin.get(&format!("/v1/keys?workspace={workspace}")).await;
    assert_eq!(keys.json["items"][0]["id"], made.json["id"]);
    assert!(!keys.text.contains(secret) && !keys.text.contains("hash"));
    let mistyped = client.with_key(&secret.replace("azk_", "azk_0")).get("/v1/workspaces").await;
    assert_eq!((mistyped.status, mistyped.problem().as_str()), (401, "key-invalid"));
    let second = admin.post("/v1/keys", &json!({"workspace": workspace, "role": "qa", "label": "qa"})).await.json;
    let qa = client.with_key(second["secret"].as_str().unwrap());
    assert_eq!(qa.get("/v1/workspaces").await.status, 200);
    let revoke = format!("/v1/keys/{}?workspace={workspace}", second["id"].as_str().unwrap());
    assert_eq!(admin.delete(&revoke).await.status, 204);
    let ended = qa.get("/v1/workspaces").await;
    assert_eq!((ended.status, ended.problem().as_str()), (401, "key-invalid"));
}

#[tokio::test]
async fn the_end_of_the_last_key_opens_nothing_again() {
    let server = TestServer::start_with(|settings| settings.drain = Duration::from_secs(20)).await;
    let workspace = server.shops().await.remove(0);
    let body = json!({"workspace": workspace, "role": "admin", "label": "the only one"});
    let made = server.local().post("/v1/keys", &body).await.json;
    let admin = server.local().with_key(made["secret"].as_str().unwrap());
    let revoke = format!("/v1/keys/{}?workspace={workspace}", made["id"].as_str().unwrap());
    assert_eq!(admin.delete(&revoke).await.status, 204);
    assert_eq!(server.local().get("/v1/workspaces").await.problem(), "key-missing");

    let server = server.restarted().await;
    assert_eq!(server.local().get("/v1/workspaces").await.problem(), "key-missing");
}

/// What only those who work here may read: guides, past replies, and the FAQs of the samples for the desk alone.
fn is_internal(item: &Value) -> bool {
    matches!(item["kind"].as_str().unwrap(), "guide" | "past_reply")
        || item["key"].as_str().unwrap().starts_with("faq-desk-")
}

/// Citations and verdicts that fit the evidence beside them.
fn assert_sound(body: &Value, evidence: &Value) {
    let (items, citations) = (evidence.as_array().unwrap(), body["citations"].as_array().unwrap());
    for citation in citations {
        let cited = items.iter().find(|item| item["passage"] == citation["passage"]);
        let cited = cited.unwrap_or_else(|| panic!("cites what is not there: {citation}"));
        assert_eq!(cited["key"], citation["key"]);
        assert_eq!(at(cited["text"].as_str().unwrap(), &citation["quote_span"]), citation["quote"].as_str().unwrap());
    }
    let verdicts = body["verdicts"].as_array().unwrap();
    let cited = verdicts.iter().flat_map(|verdict| verdict["citations"].as_array().unwrap());
    for place in cited {
        assert!((place.as_u64().unwrap() as usize) < citations.len(), "{body}");
    }
}

#[tokio::test]
async fn a_chatbot_never_reads_what_is_for_those_who_work_here() {
    let server = TestServer::start().await;
    let (mut internal_seen, mut internal_nearest, mut cited) = (0, 0, 0);
    for workspace in server.shops().await {
        let operator = server.as_key(&workspace, Role::Operator).await;
        let chatbot = server.as_key(&workspace, Role::Chatbot).await;
        for text in [RETURNS, DAMAGED, PERSON] {
            let mut asked = inquiry(&workspace, text);
            let full = operator.post("/v1/inquiries", &asked).await.json;
            let internal: Vec<&Value> =
                full["evidence"].as_array().unwrap().iter().filter(|item| is_internal(item)).collect();
            internal_seen += internal.len();
            let nearest = full["outcome"]["packet"]["nearest"].as_array().cloned().unwrap_or_default();
            internal_nearest += internal.iter().filter(|item| nearest.contains(&item["key"])).count();
            let assert_clean = |words: &str| {
                for item in &internal {
                    // As it would stand in JSON.
                    let inside = item["text"].to_string();
                    assert!(!words.contains(inside.trim_matches('"')), "{} in {words}", item["text"]);
                    assert!(!words.contains(&item["key"].to_string()), "{} in {words}", item["key"]);
                }
                assert!(!words.contains("\"past_reply\"") && !words.contains("\"guide\""), "{words}");
            };

            let posted = chatbot.post("/v1/inquiries", &asked).await;
            assert_eq!(posted.status, 201, "{}", posted.text);
            asked["stream"] = json!(true);
            let streamed = chatbot.post("/v1/inquiries", &asked).await;
            let seen = events(&streamed.text);
            let completed = &seen.last().unwrap().data;
            let mut answers = vec![posted.clone(), streamed.clone()];
            for made in [&posted.json, completed] {
                let again = chatbot.get(&format!("/v1/suggestions/{}", made["id"].as_str().unwrap())).await;
                assert_eq!(again.json, *made, "what is read later is what was shown");
                answers.push(again);
                if let Some(draft) = made["draft"]["id"].as_str() {
                    answers.push(chatbot.get(&format!("/v1/drafts/{draft}")).await);
                    answers.push(chatbot.get(&format!("/v1/drafts/{draft}/events")).await);
                }
                assert_sound(made, &made["evidence"]);
                cited += made["citations"].as_array().unwrap().len();
            }
            for answer in &answers {
                assert!(answer.status < 300, "{}", answer.text);
                assert_clean(&answer.text);
            }
            assert_eq!(seen[1].data["evidence"], completed["evidence"], "the stream shows no more than the answer");
            assert_sound(&seen[seen.len() - 2].data, &seen[1].data["evidence"]);
        }
    }
    assert!(internal_seen > 0 && internal_nearest > 0 && cited > 0, "{internal_seen} {internal_nearest} {cited}");
}

#[tokio::test]
async fn a_foreign_host_or_site_is_refused() {
    let server = TestServer::start_with(|settings| settings.hosts = vec!["desk.example.jp".to_owned()]).await;
    let client = server.local();
    let with = async |name: &str, value: &str| {
        Answer::of(client.request(Method::GET, "/v1/workspaces").header(name, value)).await
    };
    let refused = with("host", "evil.example").await;
    assert_eq!((refused.status, refused.problem().as_str()), (421, "host-not-allowed"));
    let refused = with("origin", "http://evil.example").await;
    assert_eq!((refused.status, refused.problem().as_str()), (403, "origin-not-allowed"));
    assert_eq!(with("host", "desk.example.jp").await.status, 200);
    assert_eq!(with("origin", "https://desk.example.jp").await.status, 200);
}

#[tokio::test]
async fn the_page_to_try_it_is_shown_by_own_name_alone() {
    let server = TestServer::start().await;
    let client = server.local();
    let by = |path: &str, host: &str| Answer::of(client.request(Method::GET, path).header("host", host.to_owned()));
    for path in ["/docs", "/docs/"] {
        let page = by(path, "localhost:8080").await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.header("content-type").starts_with("text/html") && page.text.contains("swagger"), "{path}");
        let refused = by(path, "evil.example").await;
        assert_eq!((refused.status, refused.problem().as_str()), (421, "host-not-allowed"), "{path}");
    }
    assert_eq!(by("/openapi.json", "localhost").await.json["info"]["title"], "Aizuchi");
    assert_eq!(by("/openapi.json", "evil.example").await.problem(), "host-not-allowed");
}
