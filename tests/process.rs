//! What a process loses when it is stopped, killed, or runs out of disk: nothing that it acknowledged.

mod support;

use std::{
    fs,
    path::Path,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use serde_json::{Value, json};
use support::process::Server;

const INQUIRY: &str = "開封した商品は返品できますか。送料もおしえてください。";

/// The demo as a process of its own.
struct Demo(Server);

impl Demo {
    fn start(data: &Path) -> Self {
        Self(Server::start(data, &[], &[]))
    }

    async fn ask(&self, conversation: usize) -> reqwest::Result<(u16, Value)> {
        let body = json!({
            "workspace": "officelink", "channel": "email", "text": format!("{INQUIRY} {conversation}件目です。"),
        });
        let answer = support::http().post(format!("{}/v1/inquiries", self.0.base)).json(&body).send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let answer = support::http().get(format!("{}{path}", self.0.base)).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn found(&self) -> Vec<String> {
        let (status, body) = self.get("/v1/search?workspace=officelink&q=%E8%BF%94%E5%93%81").await;
        assert_eq!(status, 200, "{body}");
        let items = body["items"].as_array().unwrap_or_else(|| panic!("{body}"));
        items.iter().map(|item| item["key"].as_str().unwrap().to_owned()).collect()
    }
}

/// The log of a workspace is whole.
fn verify(data: &Path, at_least: usize) {
    let aizuchi = || Command::new(env!("CARGO_BIN_EXE_aizuchi"));
    let export = aizuchi().args(["audit", "export", "--workspace", "officelink", "--data"]).arg(data).output().unwrap();
    assert!(export.status.success(), "{}", String::from_utf8_lossy(&export.stderr));
    let file = data.join("export.jsonl");
    fs::write(&file, &export.stdout).unwrap();
    assert!(String::from_utf8(export.stdout).unwrap().lines().count() >= at_least);
    let verified = aizuchi().args(["audit", "verify"]).arg(&file).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_acknowledged_is_lost_when_the_process_is_killed() {
    let data = tempfile::tempdir().unwrap();
    let mut acknowledged: Vec<Value> = Vec::new();
    for round in 0..3 {
        let demo = std::sync::Arc::new(Demo::start(data.path()));
        let mut asking = tokio::task::JoinSet::new();
        let count = std::sync::Arc::new(AtomicUsize::new(0));
        for worker in 0..4 {
            let (demo, count) = (demo.clone(), count.clone());
            asking.spawn(async move {
                let mut answered = Vec::new();
                // Asks until the process is gone.
                for n in 0.. {
                    match demo.ask(round * 10_000 + worker * 1_000 + n).await {
                        Ok((201, body)) => {
                            answered.push(body);
                            count.fetch_add(1, Ordering::Relaxed);
                        }
                        Ok((status, body)) => panic!("{status} {body}"),
                        Err(_) => return answered,
                    }
                }
                answered
            });
        }
        // Killed in the middle of its work, once there is something to lose.
        while count.load(Ordering::Relaxed) < 5 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        demo.0.signal("KILL");
        acknowledged.extend(asking.join_all().await.into_iter().flatten());
        std::sync::Arc::into_inner(demo).unwrap().0.kill();
    }
    assert!(acknowledged.len() >= 15);
    let demo = Demo::start(data.path());
    for suggestion in &acknowledged {
        let id = suggestion["id"].as_str().unwrap();
        assert_eq!(demo.get(&format!("/v1/suggestions/{id}")).await, (200, suggestion.clone()));
    }
    demo.0.stop();
    verify(data.path(), acknowledged.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_under_way_is_finished_before_the_process_stops() {
    let data = tempfile::tempdir().unwrap();
    let mut demo = Demo::start(data.path());
    let mut streams = tokio::task::JoinSet::new();
    for n in 0..20 {
        let url = format!("{}/v1/inquiries", demo.0.base);
        streams.spawn(async move {
            let body = json!({ "workspace": "officelink", "channel": "email", "text": format!("{INQUIRY} {n}") });
            let sent = support::http().post(url).header("accept", "text/event-stream").json(&body).send().await;
            // A connection that the stopping server never took is no stream under way.
            let Ok(answer) = sent else { return None };
            Some((answer.status().as_u16(), answer.text().await.expect("the stream is not cut")))
        });
    }
    let first = streams.join_next().await.unwrap().unwrap();
    demo.0.signal("TERM");
    let mut ended: Vec<_> = streams.join_all().await;
    ended.push(first);
    let taken: Vec<_> = ended.into_iter().flatten().filter(|(status, _)| *status == 200).collect();
    assert!(!taken.is_empty());
    for (_, text) in taken {
        assert!(text.contains("event: draft.created") && text.contains("event: draft.completed"), "{text}");
    }
    assert!(demo.0.process.wait().unwrap().success());
    verify(data.path(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_index_is_rebuilt_from_the_store() {
    let data = tempfile::tempdir().unwrap();
    let demo = Demo::start(data.path());
    let before = demo.found().await;
    assert!(!before.is_empty());
    demo.0.stop();
    let index = data.path().join("index/officelink");
    let damages: [&dyn Fn(&Path); 3] = [
        &|index| fs::write(index.join("meta.json"), "nonsense").unwrap(),
        &|index| {
            for entry in fs::read_dir(index).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "term" || extension == "store") {
                    let bytes = fs::read(&path).unwrap();
                    let flipped: Vec<u8> = bytes.iter().map(|byte| byte ^ 0x55).collect();
                    fs::write(&path, flipped).unwrap();
                }
            }
        },
        &|index| fs::remove_dir_all(index).unwrap(),
    ];
    for damage in damages {
        damage(&index);
        let demo = Demo::start(data.path());
        assert_eq!(demo.found().await, before);
        demo.0.stop();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_writes_and_goes_on_reading() {
    let folder = tempfile::tempdir().unwrap();
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"]).arg(folder.path()).output();
    if !mount.is_ok_and(|done| done.status.success()) {
        return skip("full_disk");
    }
    let _unmount = Unmount(folder.path().to_owned());
    let demo = Demo::start(folder.path());
    let (status, before) = demo.ask(0).await.unwrap();
    assert_eq!(status, 201, "{before}");
    fill(&folder.path().join("filler"));
    let mut refused = None;
    for n in 1..200 {
        let (status, body) = demo.ask(n).await.unwrap();
        if status != 201 {
            refused = Some((status, body));
            break;
        }
    }
    let (status, body) = refused.expect("a full disk refuses");
    assert_eq!((status, &body["code"]), (507, &json!("disk-full")), "{body}");
    assert!(!demo.found().await.is_empty());
    let id = before["id"].as_str().unwrap();
    assert_eq!(demo.get(&format!("/v1/suggestions/{id}")).await, (200, before));
    fs::remove_file(folder.path().join("filler")).unwrap();
    let (status, body) = demo.ask(999).await.unwrap();
    assert_eq!(status, 201, "with room again it writes again: {body}");
    demo.0.stop();
}

/// Says to the test runner that something could not be tried here; `tests/skips.txt` lists what may be.
fn skip(what: &str) {
    use std::io::Write as _;
    println!("skipped: {what}");
    if let Ok(file) = std::env::var("AIZUCHI_SKIPS") {
        writeln!(fs::OpenOptions::new().append(true).create(true).open(file).unwrap(), "{what}").unwrap();
    }
}

struct Unmount(std::path::PathBuf);

impl Drop for Unmount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Writes until the disk is full.
fn fill(path: &Path) {
    use std::io::Write as _;
    let mut file = fs::File::create(path).unwrap();
    for size in [1 << 20, 4096, 1] {
        while file.write_all(&vec![b'x'; size]).is_ok() {}
    }
}
