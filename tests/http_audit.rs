//! The audit log over HTTP: narrowed down, taken out of the house, and one draft's part of it given to a client.

mod support;

use aizuchi::{
    domain::Role,
    verifier::{Pins, VerifierKey, included, verify},
};
use reqwest::Method;
use serde_json::{Value, json};
use support::TestServer;

async fn types(client: &support::Client, conditions: &str) -> Vec<String> {
    let page = client.get(&format!("/v1/audit/events?workspace=small&limit=1000{conditions}")).await;
    assert_eq!(page.status, 200, "{conditions}: {}", page.text);
    let of = |item: &Value| {
        let content: Value = serde_json::from_str(item["content"].as_str().unwrap()).unwrap();
        content["type"].as_str().unwrap().to_owned()
    };
    page.json["items"].as_array().unwrap().iter().map(of).collect()
}

#[tokio::test]
async fn an_auditor_asks_what_happened_to_a_draft_by_whom_and_when() {
    let server = TestServer::small_with(|_| {}).await;
    let operator = server.as_key("small", Role::Operator).await;
    let auditor = server.as_key("small", Role::Auditor).await;
    let (first, _) = (operator.draft("small").await, operator.draft("small").await);
    let draft = first["draft"]["id"].as_str().unwrap();
    let decided = operator.post(&format!("/v1/drafts/{draft}/decision"), &json!({"action": "accept"})).await;
    assert_eq!(decided.status, 201, "{}", decided.text);

    assert_eq!(types(&auditor, &format!("&naming={draft}")).await, ["draft.suggested", "draft.decided"]);
    assert_eq!(types(&auditor, "&type=draft").await.len(), 3);
    assert_eq!(types(&auditor, "&type=draft.decided").await, ["draft.decided"]);
    let reply = decided.json["reply"]["id"].as_str().unwrap();
    assert_eq!(types(&auditor, &format!("&type=draft&naming={reply}")).await, ["draft.decided"]);
    let keys = auditor.get("/v1/audit/events?workspace=small&type=key.created").await;
    let made: Value = serde_json::from_str(keys.json["items"][0]["content"].as_str().unwrap()).unwrap();
    let key = made["refs"]["key"].as_str().unwrap();
    let by_operator = types(&auditor, &format!("&principal={key}")).await;
    assert!(by_operator.len() == 5 && by_operator.iter().all(|kind| !kind.starts_with("knowledge")), "{by_operator:?}");
    assert_eq!(types(&auditor, "&until=2020-01-01").await, [""; 0]);
    assert_eq!(types(&auditor, "&from=2020-01-01").await, types(&auditor, "").await);
}

#[tokio::test]
async fn a_condition_that_nothing_can_fit_is_refused() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    for conditions in
        ["type=draft.sent", "type=%25", "naming=drf", "naming=%25", "from=yesterday", "until=2026-13-01", "what=x"]
    {
        for path in ["events?", "export?format=csv&"] {
            let refused = client.get(&format!("/v1/audit/{path}workspace=small&{conditions}")).await;
            assert_eq!((refused.status, refused.problem().as_str()), (400, "query-invalid"), "{path} {conditions}");
        }
    }
    let filtered = client.get("/v1/audit/export?workspace=small&type=draft").await;
    assert_eq!((filtered.status, filtered.problem().as_str()), (400, "query-invalid"));
    let nowhere = client.get("/v1/audit/export?workspace=nowhere").await;
    assert_eq!((nowhere.status, nowhere.problem().as_str()), (404, "workspace-not-found"));
    let nothing = "/v1/audit/drafts/drf_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10/proof?workspace=small";
    let unknown = client.get(nothing).await;
    assert_eq!((unknown.status, unknown.problem().as_str()), (404, "draft-not-found"));
    let operator = server.as_key("small", Role::Operator).await;
    for path in ["/v1/audit/export?workspace=small", "/v1/audit/checkpoints?workspace=small", nothing] {
        let refused = operator.get(path).await;
        assert_eq!((refused.status, refused.problem().as_str()), (403, "role-not-allowed"), "{path}");
    }
}

#[tokio::test]
async fn an_export_is_verified_elsewhere_and_read_as_a_table() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    client.draft("small").await;
    // More than a page of a table.
    for n in 0..600 {
        let workspace = aizuchi::domain::WorkspaceId::parse("small").unwrap();
        let who = aizuchi::domain::Principal::system();
        server.app.create_key(&who, &workspace, Role::Qa, &format!("鍵{n}")).await.unwrap();
    }
    let auditor = server.as_key("small", Role::Auditor).await;
    let export = auditor.get("/v1/audit/export?workspace=small").await;
    assert_eq!((export.status, export.header("content-type")), (200, "application/x-ndjson"));
    assert_eq!(export.header("content-disposition"), "attachment; filename=\"audit-small.jsonl\"");

    let signed = auditor.get("/v1/audit/checkpoints?workspace=small&limit=1000").await;
    assert_eq!(signed.status, 200, "{}", signed.text);
    let notes: Vec<String> =
        signed.json["items"].as_array().unwrap().iter().map(|item| item["note"].as_str().unwrap().to_owned()).collect();
    assert!(notes.len() > 2, "600 events are signed in more than one go");
    let pins = Pins { key: VerifierKey::parse(signed.json["key"].as_str().unwrap()), checkpoints: notes };
    let verified = verify(export.text.as_bytes(), &pins).unwrap();
    assert_eq!(verified.workspace, "small");
    let page = auditor.get("/v1/audit/checkpoints?workspace=small&limit=1").await.json;
    let next =
        auditor.get(&format!("/v1/audit/checkpoints?workspace=small&limit=1&cursor={}", page["next"])).await.json;
    assert_eq!(next["items"][0], signed.json["items"][1]);

    let table = auditor.request(Method::GET, "/v1/audit/export?workspace=small&format=csv").send().await.unwrap();
    assert_eq!(table.headers()["content-type"], "text/csv; charset=utf-8");
    let bytes = table.bytes().await.unwrap();
    let rows = bytes.strip_prefix("\u{feff}".as_bytes()).expect("a spreadsheet knows the encoding by its mark");
    let mut rows = csv::Reader::from_reader(rows);
    assert_eq!(&rows.headers().unwrap()[2], "type");
    let rows: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len() as u64, verified.events);
    for (row, sequence) in rows.iter().zip(1_u64..) {
        assert_eq!(row[0].parse(), Ok(sequence));
        let content: Value = serde_json::from_str(&row[6]).unwrap();
        assert_eq!(
            (&content["type"], &content["at"], &content["id"]),
            (&json!(row[2]), &json!(row[1]), &json!(row[5]))
        );
        assert_eq!(content["principal"]["id"], row[3]);
    }
    let few = auditor.get("/v1/audit/export?workspace=small&format=csv&type=draft.suggested").await;
    assert_eq!(few.text.lines().count(), 2, "{}", few.text);
}

#[tokio::test]
async fn a_draft_is_proven_to_whoever_has_the_key() {
    let server = TestServer::small_with(|_| {}).await;
    let client = server.local();
    let (first, second) = (client.draft("small").await, client.draft("small").await);
    let [draft, other] = [first, second].map(|suggestion| suggestion["draft"]["id"].as_str().unwrap().to_owned());
    client.post(&format!("/v1/drafts/{draft}/decision"), &json!({"action": "accept"})).await;
    let proof = client.get(&format!("/v1/audit/drafts/{draft}/proof?workspace=small")).await;
    assert_eq!(proof.status, 200, "{}", proof.text);
    assert!(!proof.text.contains(&other), "another draft is not shown");
    let key = client.get("/v1/audit/checkpoints?workspace=small").await.json["key"].as_str().map(VerifierKey::parse);
    let items = proof.json["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    for item in items {
        let content = item["content"].as_str().unwrap();
        assert!(content.contains(&draft));
        let path: Vec<String> = serde_json::from_value(item["path"].clone()).unwrap();
        let index = item["sequence"].as_u64().unwrap() - 1;
        let key = key.clone().flatten().unwrap();
        assert_eq!(included(content, index, &path, item["checkpoint"].as_str().unwrap(), &key), Ok(()));
    }
}
