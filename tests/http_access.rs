//! Who comes in, and what they find there: keys, roles, foreign workspaces, foreign hosts and sites.

mod support;

use aizuchi::domain::Role;
use reqwest::Method;
use serde_json::{Value, json};
use support::{Answer, RETURNS, TestServer, events, inquiry};

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
