//! A folder of knowledge that is watched, and a process that dies between store and index.

mod support;

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use support::process::Server;

const ENTRY: &str =
    r#"{"key":"loan","title":"見本帳の貸出はできますか。","answer":"見本帳は、5営業日までお貸しします。"}"#;

async fn search(server: &Server, query: &str) -> Vec<(String, String)> {
    let path = format!("{}/v1/search?workspace=officelink&q={query}", server.base);
    let answer: Value = support::http().get(path).send().await.unwrap().json().await.unwrap();
    let word = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
    let items = answer["items"].as_array().unwrap_or_else(|| panic!("{answer}"));
    items.iter().map(|item| (word(item, "key"), word(item, "text"))).collect()
}

/// Asks until the text of a document is so, for as long as a busy machine may need.
async fn becomes(server: &Server, key: &str, wanted: Option<&str>) {
    let started = Instant::now();
    loop {
        let found = search(server, "見本帳の貸出").await;
        let text = found.iter().find(|(of, _)| of == key).map(|(_, text)| text.as_str());
        if text == wanted {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "{key} is {text:?}, not {wanted:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-r").args([from, to]).status().unwrap().success());
}

#[tokio::test]
async fn what_is_saved_in_the_folder_is_searched_and_what_is_deleted_is_gone() {
    let room = tempfile::tempdir().unwrap();
    let (data, knowledge) = (room.path().join("data"), room.path().join("knowledge"));
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge"), &knowledge);
    let server = Server::start(&data, &["--knowledge", knowledge.to_str().unwrap(), "serve"], &[]);
    assert!(!search(&server, "返品").await.is_empty(), "what lies there at the start is taken in");

    let file = knowledge.join("officelink/faq/loan.jsonl");
    fs::write(&file, ENTRY).unwrap();
    becomes(&server, "loan", Some("見本帳は、5営業日までお貸しします。")).await;
    // A broken file changes nothing; one that is mended is read again.
    fs::write(&file, "{").unwrap();
    fs::write(
        knowledge.join("officelink/faq/loan2.jsonl"),
        ENTRY.replace("loan", "loan2").replace("5営業日", "7営業日"),
    )
    .unwrap();
    becomes(&server, "loan2", Some("見本帳は、7営業日までお貸しします。")).await;
    becomes(&server, "loan", Some("見本帳は、5営業日までお貸しします。")).await;
    fs::write(&file, ENTRY.replace("5営業日", "3営業日")).unwrap();
    becomes(&server, "loan", Some("見本帳は、3営業日までお貸しします。")).await;
    fs::remove_file(&file).unwrap();
    becomes(&server, "loan", None).await;
    server.stop();
}

#[tokio::test]
async fn a_process_that_dies_between_store_and_index_finds_neither_what_was_retired_nor_what_was_replaced() {
    let room = tempfile::tempdir().unwrap();
    let (data, behind) = (room.path().join("data"), room.path().join("behind"));
    let document = |answer: &str| json!({"workspace": "officelink", "key": "loan", "kind": "faq", "title": "見本帳の貸出はできますか。", "answer": answer});
    let server = Server::start(&data, &[], &[]);
    let base = server.base.clone();
    let made =
        support::http().post(format!("{base}/v1/documents")).json(&document("見本帳は、5営業日までお貸しします。"));
    assert_eq!(made.send().await.unwrap().status(), 201);
    becomes(&server, "loan", Some("見本帳は、5営業日までお貸しします。")).await;
    server.kill();
    // The index as it is now is what a process leaves behind that dies right after the store has the next change.
    copy(&data.join("index"), &behind);
    let restored = || {
        fs::remove_dir_all(data.join("index")).unwrap();
        copy(&behind, &data.join("index"));
        Server::start(&data, &[], &[])
    };

    let server = Server::start(&data, &[], &[]);
    let put = support::http().put(format!("{}/v1/documents/loan", server.base));
    let put = put.json(&document("見本帳は、2営業日までお貸しします。")).send().await.unwrap();
    assert_eq!(put.status(), 200);
    server.kill();
    let server = restored();
    let found = search(&server, "見本帳の貸出").await;
    let own: Vec<&str> = found.iter().filter(|(key, _)| key == "loan").map(|(_, text)| text.as_str()).collect();
    assert_eq!(own, ["見本帳は、2営業日までお貸しします。"], "the first search already");

    let gone = support::http().delete(format!("{}/v1/documents/loan?workspace=officelink", server.base));
    assert_eq!(gone.send().await.unwrap().status(), 200);
    server.kill();
    let server = restored();
    assert!(search(&server, "見本帳の貸出").await.iter().all(|(key, _)| key != "loan"));
    server.stop();
}
