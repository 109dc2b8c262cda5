//! What the door refuses: each with its status and code, never with the words that were sent, and never at the
//! cost of the next request.

mod support;

use reqwest::Method;
use serde_json::{Value, json};
use support::{Answer, Client, RETURNS, TestServer, inquiry};

/// A customer's name that no answer may repeat.
const NAME: &str = "山田太郎";

async fn raw(client: &Client, path: &str, kind: &str, body: impl Into<Vec<u8>>) -> Answer {
    Answer::of(client.request(Method::POST, path).header("content-type", kind).body(body.into())).await
}

#[tokio::test]
async fn what_is_not_json_or_not_ours_is_refused_before_it_is_read() {
    let server = TestServer::start().await;
    let client = server.local();
    let workspace = server.shops().await.remove(0);
    let good = inquiry(&workspace, RETURNS).to_string();
    let json = "application/json";
    let nested = format!("{{\"text\":{}{}}}", "[".repeat(50_000), "]".repeat(50_000));
    let latin = [b"{\"workspace\":\"x\",\"text\":\"".as_slice(), &[0xe9, 0xff], b"\"}"].concat();
    let cases: Vec<(&str, &str, Vec<u8>, u16, &str)> = vec![
        ("nothing", json, Vec::new(), 400, "json-malformed"),
        ("half a body", json, good.as_bytes()[..good.len() - 2].to_vec(), 400, "json-malformed"),
        ("something after the end", json, format!("{good} {good}").into(), 400, "json-malformed"),
        (
            "a lone surrogate",
            json,
            br#"{"workspace":"x","channel":"email","text":"a\ud800b"}"#.to_vec(),
            400,
            "json-malformed",
        ),
        ("bytes that are not UTF-8", json, latin, 400, "json-malformed"),
        ("a byte order mark", json, format!("\u{feff}{good}").into(), 400, "json-malformed"),
        ("deep nesting", json, nested.into(), 400, "json-malformed"),
        ("a name twice", json, br#"{"text":"a","text":"b"}"#.to_vec(), 400, "json-malformed"),
        ("NaN", json, b"{\"text\": NaN}".to_vec(), 400, "json-malformed"),
        ("a form", "application/x-www-form-urlencoded", b"text=a".to_vec(), 415, "content-type-unsupported"),
        ("plain text", "text/plain", good.clone().into(), 415, "content-type-unsupported"),
        (
            "another charset",
            "application/json; charset=shift_jis",
            good.clone().into(),
            415,
            "content-type-unsupported",
        ),
        ("600 KiB", json, vec![b' '; 600 * 1024], 413, "body-too-large"),
        ("a megabyte", json, inquiry(&workspace, &"あ".repeat(350_000)).to_string().into(), 413, "body-too-large"),
    ];
    for (what, kind, body, status, code) in cases {
        let answer = raw(&client, "/v1/inquiries", kind, body).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{what}: {}", answer.text);
    }
    let packed =
        client.request(Method::POST, "/v1/inquiries").header("content-encoding", "gzip").header("content-type", json);
    let answer = Answer::of(packed.body("x")).await;
    assert_eq!((answer.status, answer.problem().as_str()), (415, "content-type-unsupported"));
    for kind in ["application/json", "Application/JSON; charset=UTF-8"] {
        let answer = raw(&client, "/v1/inquiries", kind, good.clone()).await;
        assert_eq!(answer.status, 201, "after all of it a good request works: {}", answer.text);
    }
}

#[tokio::test]
async fn the_longest_inquiry_fits_also_when_every_character_is_escaped() {
    let server = TestServer::start().await;
    let workspace = server.shops().await.remove(0);
    let body = |chars: usize| {
        let text = r"\u3042".repeat(chars);
        format!(r#"{{"workspace":"{workspace}","channel":"email","text":"{text}"}}"#)
    };
    let client = server.local();
    let longest = raw(&client, "/v1/inquiries", "application/json", body(50_000)).await;
    assert_eq!(longest.status, 201, "{}", longest.text);
    let longer = raw(&client, "/v1/inquiries", "application/json", body(50_001)).await;
    assert_eq!((longer.status, longer.problem().as_str()), (422, "inquiry-too-long"));
}

#[tokio::test]
async fn a_body_of_another_shape_is_told_where_it_does_not_fit() {
    let server = TestServer::start().await;
    let client = server.local();
    let workspace = server.shops().await.remove(0);
    let suggestion = client.draft(&workspace).await;
    let draft = suggestion["draft"]["id"].as_str().unwrap();
    let decision = format!("/v1/drafts/{draft}/decision");
    let no_finding = "/v1/findings/fnd_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10/ruling";
    let no_reply = "/v1/replies/rpl_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10/contact-outcome";
    let with = |field: &str, value: Value| {
        let mut body = inquiry(&workspace, RETURNS);
        body[field] = value;
        body
    };
    let record = |field: &str, value: Value| {
        let mut record = json!({"name": "状態", "value": "発送済み"});
        record[field] = value;
        with("records", json!([{"name": "状態", "value": "発送済み"}, record]))
    };
    let reply = |field: &str, value: Value| {
        let mut body = json!({"workspace": workspace, "channel": "chat", "text": "承りました。"});
        body[field] = value;
        body
    };
    let many = Value::Array(vec![json!({"name": "n", "value": "v"}); 51]);
    let cases: Vec<(&str, Value, u16, &str, Option<&str>)> = vec![
        ("/v1/inquiries", json!([]), 422, "body-invalid", Some("")),
        ("/v1/inquiries", json!({}), 422, "body-invalid", Some("")),
        ("/v1/inquiries", with("texts", json!(NAME)), 422, "body-invalid", Some("")),
        ("/v1/inquiries", with("text", json!(1)), 422, "body-invalid", Some("/text")),
        ("/v1/inquiries", with("text", json!(null)), 422, "body-invalid", Some("/text")),
        ("/v1/inquiries", with("text", json!([NAME])), 422, "body-invalid", Some("/text")),
        ("/v1/inquiries", with("text", json!("")), 422, "inquiry-empty", None),
        ("/v1/inquiries", with("text", json!(" \u{3000}\n")), 422, "inquiry-empty", None),
        ("/v1/inquiries", with("text", json!("あ".repeat(50_001))), 422, "inquiry-too-long", None),
        ("/v1/inquiries", with("text", json!(format!("{NAME}\u{0}"))), 422, "inquiry-control-character", None),
        ("/v1/inquiries", with("text", json!(format!("{NAME}\u{1b}[31m"))), 422, "inquiry-control-character", None),
        ("/v1/inquiries", with("channel", json!("fax")), 422, "body-invalid", Some("/channel")),
        ("/v1/inquiries", with("channel", json!(NAME)), 422, "body-invalid", Some("/channel")),
        ("/v1/inquiries", with("workspace", json!("nowhere")), 404, "workspace-not-found", None),
        ("/v1/inquiries", with("workspace", json!(format!("../{NAME}"))), 404, "workspace-not-found", None),
        ("/v1/inquiries", with("conversation", json!(draft)), 422, "body-invalid", Some("/conversation")),
        ("/v1/inquiries", with("customer", json!(NAME.repeat(60))), 422, "body-invalid", Some("/customer")),
        ("/v1/inquiries", with("order", json!(48120)), 422, "body-invalid", Some("/order")),
        ("/v1/inquiries", with("records", json!({"name": NAME})), 422, "body-invalid", Some("/records")),
        ("/v1/inquiries", with("records", many), 422, "body-invalid", Some("/records")),
        ("/v1/inquiries", record("value", json!(8980)), 422, "body-invalid", Some("/records/1/value")),
        ("/v1/inquiries", record("name", json!(" ")), 422, "body-invalid", Some("/records/1/name")),
        (
            "/v1/inquiries",
            record("value", json!(format!("{NAME}\u{7}"))),
            422,
            "body-invalid",
            Some("/records/1/value"),
        ),
        ("/v1/inquiries", record("as_of", json!(NAME)), 422, "body-invalid", Some("/records/1/as_of")),
        ("/v1/inquiries", record("note", json!(NAME)), 422, "body-invalid", Some("/records/1")),
        ("/v1/inquiries", with("stream", json!("yes")), 422, "body-invalid", Some("/stream")),
        (&decision, json!({"action": "send"}), 422, "body-invalid", Some("/action")),
        (&decision, json!({"action": "accept", "text": NAME}), 422, "body-invalid", Some("/text")),
        (&decision, json!({"action": "edit"}), 422, "decision-invalid", None),
        (&decision, json!({"action": "edit", "text": "  "}), 422, "decision-invalid", None),
        (&decision, json!({"action": "edit", "text": "\u{0}"}), 422, "body-invalid", Some("/text")),
        (&decision, json!({"action": "accept", "author": ""}), 422, "body-invalid", Some("/author")),
        ("/v1/replies", reply("text", json!("")), 422, "body-invalid", Some("/text")),
        ("/v1/replies", reply("sent_at", json!("yesterday")), 422, "body-invalid", Some("/sent_at")),
        ("/v1/replies", reply("inquiry", json!(NAME)), 422, "body-invalid", Some("/inquiry")),
        (
            "/v1/replies",
            reply("inquiry", json!("inq_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")),
            404,
            "inquiry-not-found",
            None,
        ),
        ("/v1/replies", reply("workspace", json!("nowhere")), 404, "workspace-not-found", None),
        (no_finding, json!({"verdict": "maybe"}), 422, "body-invalid", Some("/verdict")),
        (no_finding, json!({"verdict": "confirmed"}), 404, "finding-not-found", None),
        (no_reply, json!({}), 422, "body-invalid", Some("")),
        (no_reply, json!({"rating": 6}), 422, "body-invalid", Some("/rating")),
        (no_reply, json!({"rating": 4.5}), 422, "body-invalid", Some("/rating")),
        (no_reply, json!({"rating": 5}), 404, "reply-not-found", None),
        ("/v1/keys", json!({"workspace": workspace, "role": "root", "label": "x"}), 422, "body-invalid", Some("/role")),
        ("/v1/keys", json!({"workspace": "nowhere", "role": "qa", "label": "x"}), 404, "workspace-not-found", None),
    ];
    for (path, body, status, code, pointer) in cases {
        let answer = client.post(path, &body).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{path} {body}: {}", answer.text);
        assert_eq!(answer.json["errors"][0]["pointer"].as_str(), pointer, "{path} {body}: {}", answer.text);
        assert!(!answer.text.contains("山田"), "{}", answer.text);
    }
    let unknown = client.post("/v1/inquiries", &with("texts", json!(1))).await;
    let detail = unknown.json["detail"].as_str().unwrap();
    assert!(detail.contains("`texts`") && detail.contains("`text`") && detail.contains("`records`"), "{detail}");
    assert_eq!(client.post(&decision, &json!({"action": "accept"})).await.status, 201, "the draft is untouched");
    client.draft(&workspace).await;
}

#[tokio::test]
async fn paths_queries_headers_and_methods_are_looked_at_too() {
    let server = TestServer::start().await;
    let client = server.local();
    let workspace = server.shops().await.remove(0);
    let suggestion = client.draft(&workspace).await;
    let draft = suggestion["draft"]["id"].as_str().unwrap();
    let long = "x".repeat(2_001);
    let get = Method::GET;
    let cases: Vec<(Method, String, u16, &str)> = vec![
        (get.clone(), "/v2/inquiries".to_owned(), 404, "route-not-found"),
        (get.clone(), "/docs/nothing.js".to_owned(), 404, "route-not-found"),
        (get.clone(), "/docs/..%2f..%2fetc%2fpasswd".to_owned(), 404, "route-not-found"),
        (get.clone(), "/v1/inquiries".to_owned(), 405, "method-not-allowed"),
        (Method::PUT, format!("/v1/drafts/{draft}"), 405, "method-not-allowed"),
        (Method::DELETE, "/healthz".to_owned(), 405, "method-not-allowed"),
        (get.clone(), "/v1/drafts/1".to_owned(), 400, "id-malformed"),
        (get.clone(), format!("/v1/suggestions/{draft}"), 400, "id-malformed"),
        (get.clone(), "/v1/drafts/%ff".to_owned(), 400, "id-malformed"),
        (get.clone(), format!("/v1/drafts/{}", "%E5%B1%B1%E7%94%B0"), 400, "id-malformed"),
        (get.clone(), "/v1/revisions/rev_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10".to_owned(), 404, "not-found"),
        (get.clone(), "/v1/search".to_owned(), 400, "query-invalid"),
        (get.clone(), format!("/v1/search?workspace={workspace}"), 400, "query-invalid"),
        (get.clone(), format!("/v1/search?workspace={workspace}&q="), 400, "query-invalid"),
        (get.clone(), format!("/v1/search?workspace={workspace}&q=%00"), 400, "query-invalid"),
        (get.clone(), format!("/v1/search?workspace={workspace}&q={long}"), 400, "query-invalid"),
        (get.clone(), format!("/v1/search?workspace={workspace}&q=a&q=b"), 400, "query-invalid"),
        (get.clone(), format!("/v1/search?workspace={workspace}&q=a&limit=0"), 400, "query-invalid"),
        (get.clone(), format!("/v1/search?workspace={workspace}&q=a&limit=51"), 400, "query-invalid"),
        (get.clone(), format!("/v1/search?workspace={workspace}&q=a&limit=ten"), 400, "query-invalid"),
        (get.clone(), format!("/v1/search?workspace={workspace}&q=a&explain=yes"), 400, "query-invalid"),
        (get.clone(), format!("/v1/search?workspace={workspace}&q=a&page=2"), 400, "query-invalid"),
        (get.clone(), "/v1/search?workspace=nowhere&q=a".to_owned(), 404, "workspace-not-found"),
        (get.clone(), format!("/v1/audit/events?workspace={workspace}&cursor=-1"), 400, "query-invalid"),
        (
            get.clone(),
            format!("/v1/audit/events?workspace={workspace}&cursor=99999999999999999999"),
            400,
            "query-invalid",
        ),
        (get.clone(), format!("/v1/audit/events?workspace={workspace}&limit=1001"), 400, "query-invalid"),
        (Method::DELETE, format!("/v1/keys/{draft}?workspace={workspace}"), 400, "id-malformed"),
    ];
    for (method, path, status, code) in cases {
        let answer = Answer::of(client.request(method.clone(), &path)).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{method} {path}: {}", answer.text);
        if status == 405 {
            assert!(!answer.header("allow").is_empty(), "{method} {path}");
        }
    }
    let post = || client.request(Method::POST, "/v1/inquiries").json(&inquiry(&workspace, RETURNS));
    let read = || client.request(Method::GET, "/v1/workspaces");
    let events = || client.request(Method::GET, &format!("/v1/drafts/{draft}/events"));
    let cases = [
        (post().header("idempotency-key", ""), 400, "header-invalid"),
        (post().header("idempotency-key", "k".repeat(201)), 400, "header-invalid"),
        (post().header("idempotency-key", "a b"), 400, "header-invalid"),
        (post().header("idempotency-key", "キー"), 400, "header-invalid"),
        (post().header("idempotency-key", "a").header("idempotency-key", "b"), 400, "header-invalid"),
        (read().header("authorization", "Basic eDp5"), 401, "key-invalid"),
        (read().header("authorization", "Bearer azk_1"), 401, "key-invalid"),
        (read().header("authorization", "Bearer"), 401, "key-invalid"),
        (events().header("last-event-id", "first"), 400, "header-invalid"),
    ];
    for (number, (request, status, code)) in cases.into_iter().enumerate() {
        let answer = Answer::of(request).await;
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "case {number}: {}", answer.text);
    }
    let key = client.post_once("/v1/keys", "k", &json!({"workspace": workspace, "role": "qa", "label": "x"})).await;
    assert_eq!((key.status, key.problem().as_str()), (400, "header-invalid"), "a secret cannot be repeated");
    client.draft(&workspace).await;
}
