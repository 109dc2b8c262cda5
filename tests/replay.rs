//! Drafts come back byte for byte after everything they were made from has changed.
//!
//! `tests/run` builds the release binary once and names it in AIZUCHI_RELEASE: with it a thousand drafts are made and
//! replayed, without it a tenth of them.

mod support;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};
use support::{
    Client, inquiry,
    model::{ScriptedServer, Turn},
    process::Server,
};

/// How often knowledge, guide and synonyms change while drafts are made.
const ROUNDS: usize = 10;
const SHOPS: [&str; 2] = ["officelink", "hanauta"];

/// The build, how many cases a round has, and how many drafts come of all of them at least.
fn binary() -> (String, usize, usize) {
    match std::env::var("AIZUCHI_RELEASE") {
        Ok(release) => (release, 105, 1_000),
        Err(_) => (env!("CARGO_BIN_EXE_aizuchi").to_owned(), 10, 80),
    }
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() { copy(&path, &to) } else { fs::copy(path, to).map(drop).unwrap() }
    }
}

/// Labelled inquiries to both shops, by turns.
fn inquiries() -> Vec<(&'static str, Value)> {
    let lines = |shop| {
        let text = fs::read_to_string(repository(&format!("eval/inquiries/{shop}.jsonl"))).unwrap();
        text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect::<Vec<_>>()
    };
    let [office, hana] = SHOPS.map(lines);
    let both = office.into_iter().zip(hana).flat_map(|(office, hana)| [(SHOPS[0], office), (SHOPS[1], hana)]);
    both.collect()
}

/// A model that quotes the first passage, and has its days.
fn drafter() -> impl Fn(&Value) -> Turn + Send + Sync + 'static {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    move |body| {
        let n = asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let user = body["messages"][1]["content"].as_str().unwrap();
        let passages = user.lines().skip_while(|line| !line.starts_with("[k"));
        let mark = passages.clone().next().and_then(|line| line.split([']', '[']).nth(1)).unwrap_or("k00").to_owned();
        let quoted = passages.filter_map(|line| line.strip_prefix("> ")).find(|line| line.contains('。'));
        let said = quoted.unwrap_or("確認いたします。").split_inclusive('。').next().unwrap();
        let letter =
            format!("お問い合わせいただき、ありがとうございます。\n{said}[{mark}]\nよろしくお願いいたします。");
        match n % 12 {
            3 => Turn::unavailable(),
            5 => Turn::says("感谢您的咨询。我们会尽快处理退货申请。"),
            7 => Turn::ends_without_finish(&letter),
            8 => Turn::says(&format!("{letter}[k00]")),
            9 => Turn::ignores_stream(&letter),
            10 => Turn::says(&letter).crlf().with_comments().split_bytes(),
            _ => Turn::says(&letter),
        }
    }
}

/// A judge that sometimes finds something.
fn judge() -> impl Fn(&Value) -> Turn + Send + Sync + 'static {
    |body| {
        let found = match body["messages"][1]["content"].as_str().unwrap().len() % 3 {
            0 => json!([{"category": "cold_stiff", "quote": "ありがとうございます"}]),
            _ => json!([]),
        };
        Turn::says(&json!({"findings": found}).to_string())
    }
}

/// What a support lead does to the words of the shops: another closing in the guide, another answer in the FAQ, and of every
/// group of synonyms one word less.
fn change_words(knowledge: &Path, round: usize) -> PathBuf {
    for shop in SHOPS {
        let text = fs::read_to_string(repository(&format!("knowledge/{shop}/guide.yaml"))).unwrap();
        let closing =
            format!("closing:\n      - どうぞ{}よろしくお願いいたします。\n", "、".repeat(round % 2) + "また");
        let changed = text.replacen("closing:\n", &closing, 1).replacen("voice: ", &format!("voice: 第{round}版。"), 1);
        assert_ne!(changed, text);
        fs::write(knowledge.join(shop).join("guide.yaml"), changed).unwrap();
        let faq = json!({"key": format!("round-{}", round % 3), "title": "返品と送料について",
            "answer": format!("返品は、到着後{}日以内に承ります。送料は{}00円です。", 7 + round, round + 1)});
        fs::write(knowledge.join(shop).join("faq/round.jsonl"), format!("{faq}\n")).unwrap();
    }
    let yaml = fs::read_to_string(repository("knowledge/synonyms.yaml")).unwrap();
    let less =
        |line: &str| match line.split_once(": [").and_then(|(name, words)| Some((name, words.strip_suffix(']')?))) {
            Some((name, words)) if line.starts_with("  ") && words.contains(", ") => {
                let words: Vec<&str> = words.split(", ").collect();
                let kept = words.iter().enumerate().filter(|(at, _)| *at != round % words.len()).map(|(_, word)| *word);
                format!("{name}: [{}]", kept.collect::<Vec<_>>().join(", "))
            }
            _ => line.to_owned(),
        };
    let changed: Vec<String> = yaml.lines().map(less).collect();
    let file = knowledge.join(format!("synonyms-{round}.yaml"));
    fs::write(&file, changed.join("\n")).unwrap();
    file
}

/// Another document, through the front door while drafts are made.
async fn change_a_document(client: &Client, round: usize) {
    for shop in SHOPS {
        let body = json!({"workspace": shop, "key": format!("receipt-{}", round % 4), "kind": "faq",
            "title": "領収書の再発行", "answer": format!("領収書は{}日以内に再発行いたします。", round + 2)});
        let (path, method) = match round < 4 {
            true => ("/v1/documents".to_owned(), reqwest::Method::POST),
            false => (format!("/v1/documents/receipt-{}", round % 4), reqwest::Method::PUT),
        };
        let sent = client.request(method, &path).json(&body).send().await.unwrap();
        let (status, text) = (sent.status(), sent.text().await.unwrap());
        assert!(status.is_success(), "{status} {text}");
    }
}

/// One case: asked, perhaps as a stream, perhaps drafted again, perhaps decided, perhaps asked again.
async fn one_case(client: &Client, n: usize, (shop, labelled): &(&str, Value)) {
    let mut asked = inquiry(shop, labelled["text"].as_str().unwrap());
    if n.is_multiple_of(4) {
        asked["records"] = json!([{"name": "お届け日", "value": format!("11月{}日", 10 + n % 15)}]);
    }
    if n.is_multiple_of(5) {
        asked["stream"] = json!(true);
        assert_eq!(client.post("/v1/inquiries", &asked).await.status, 200);
        return;
    }
    let made = client.post("/v1/inquiries", &asked).await;
    assert_eq!(made.status, 201, "{}", made.text);
    if n % 6 == 1 {
        let path = format!("/v1/inquiries/{}/drafts", made.json["inquiry"].as_str().unwrap());
        assert_eq!(client.post(&path, &json!({"hint": "送料にも触れてください"})).await.status, 201);
    }
    let mut decided = false;
    if let (2, Some(draft)) = (n % 6, made.json["draft"]["id"].as_str()) {
        let verb = json!({"action": "edit", "text": "本日中にご連絡いたします。"});
        decided = client.post(&format!("/v1/drafts/{draft}/decision"), &verb).await.status == 201;
    }
    if decided {
        let next = json!({"workspace": shop, "channel": "email", "text": "いつまでですか。",
            "conversation": made.json["conversation"]});
        assert_eq!(client.post("/v1/inquiries", &next).await.status, 201);
    }
    let findings = made.json["findings"].as_array().unwrap();
    if n % 10 == 3
        && let Some(finding) = findings.iter().find(|one| !one["span"].is_null())
    {
        let path = format!("/v1/findings/{}/ruling", finding["id"].as_str().unwrap());
        let ruled = client.post(&path, &json!({"verdict": "waived", "until": "2099-01-01"})).await;
        assert_eq!(ruled.status, 201, "{}", ruled.text);
    }
}

fn replay(binary: &str, data: &Path, shop: &str) -> (Option<i32>, Vec<Value>) {
    let out = Command::new(binary).args(["audit", "replay", "--workspace", shop, "--data"]).arg(data).output().unwrap();
    let lines = String::from_utf8(out.stdout).unwrap();
    let read: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!read.is_empty(), "{}", String::from_utf8_lossy(&out.stderr));
    (out.status.code(), read)
}

#[tokio::test]
async fn every_draft_comes_back_after_documents_guide_and_synonyms_have_changed() {
    let (binary, a_round, at_least) = binary();
    let (model, judges) = (ScriptedServer::answering("").await, ScriptedServer::answering("").await);
    model.reply_with(drafter());
    judges.reply_with(judge());
    let folder = tempfile::tempdir().unwrap();
    let (data, knowledge, models) =
        (folder.path().join("data"), folder.path().join("knowledge"), folder.path().join("models.toml"));
    for shop in SHOPS {
        copy(&repository("knowledge").join(shop), &knowledge.join(shop));
    }
    copy_files(&repository("knowledge"), &knowledge);
    let table = format!(
        "[workspace.officelink]\nbase_url = {:?}\nmodel = \"large\"\n[judge]\nbase_url = {:?}\nmodel = \"judge\"\n",
        model.base(),
        judges.base()
    );
    fs::write(&models, table).unwrap();
    let cases = inquiries();
    let mut n = 0;
    for round in 0..ROUNDS {
        let synonyms = change_words(&knowledge, round);
        let variables = [
            ("AIZUCHI_KNOWLEDGE", knowledge.to_str().unwrap()),
            ("AIZUCHI_SYNONYMS", synonyms.to_str().unwrap()),
            ("AIZUCHI_MODELS", models.to_str().unwrap()),
        ];
        let server = Server::start_binary(&binary, &data, &[], &variables);
        let client = Client::at(&server.base);
        for done in 0..a_round {
            if done == a_round / 2 {
                change_a_document(&client, round).await;
            }
            one_case(&client, n, &cases[n % cases.len()]).await;
            n += 1;
        }
        server.stop();
    }
    let mut made: BTreeMap<&str, usize> = BTreeMap::new();
    for shop in SHOPS {
        let (code, lines) = replay(&binary, &data, shop);
        let other: Vec<&Value> = lines.iter().filter(|line| line["identical"] != json!(true)).take(3).collect();
        assert_eq!((code, other), (Some(0), Vec::new()), "{shop}: of {}", lines.len());
        made.insert(shop, lines.len());
    }

    let all: usize = made.values().sum();
    println!("{all} of {all} drafts came back: {made:?}; a model was asked {} times", model.asked().len());
    assert!(all >= at_least && model.asked().len() > at_least / 4, "{made:?}");
    tampered(&binary, &data).await;
}

/// A control: where a text was changed behind the log's back, the drafts that stood on it do not come back.
async fn tampered(binary: &str, data: &Path) {
    let url = format!("sqlite:{}", data.join("aizuchi.db").display());
    let mut store = SqliteConnection::connect(&url).await.unwrap();
    let changed =
        sqlx::query("UPDATE revision_text SET body = replace(body, '以内', '以降')").execute(&mut store).await;
    assert!(changed.unwrap().rows_affected() > 0);
    store.close().await.unwrap();
    let (code, lines) = replay(binary, data, SHOPS[0]);
    let pointers =
        |line: &Value| line["differences"].as_array().unwrap().iter().map(|one| one["pointer"].clone()).collect();
    let told: Vec<Vec<Value>> = lines.iter().map(pointers).filter(|told: &Vec<Value>| !told.is_empty()).collect();
    assert!(code == Some(1) && told.len() > lines.len() / 10, "{} of {}", told.len(), lines.len());
    assert!(told.iter().flatten().any(|pointer| pointer.as_str().unwrap().starts_with("/evidence/items/")));
}

fn copy_files(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
