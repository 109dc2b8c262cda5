//! What an audit log withstands: twenty thousand mutations of an export, a key of somebody else, a restored backup.

use std::{collections::BTreeMap, path::Path};

use aizuchi::{
    app::App,
    audit::{GENESIS, seal},
    config::Settings,
    domain::{Channel, Id, InquiryText, NewInquiry, Principal, Role, Workspace, WorkspaceId},
    ports::Event,
    verifier::{Broken, Pins, Reason, VerifierKey, included, verify},
    wire,
};
use rand::{Rng, SeedableRng, rngs::StdRng};

fn shop() -> WorkspaceId {
    WorkspaceId::parse("shop").unwrap()
}

async fn opened(data: &Path) -> App {
    let app = wire::open(Settings::new(data.to_owned())).await.unwrap();
    app.open(&Principal::system(), Workspace { id: shop(), name: "店".into() }).await.unwrap();
    app
}

/// Lets go of an installation; its writer ends soon after, and with it its hold on the file.
async fn close(app: App, data: &Path) {
    drop(app);
    let lock = std::fs::File::open(data.join("aizuchi.db.lock")).unwrap();
    for _ in 0..500 {
        if lock.try_lock().is_ok() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the file is still held");
}

async fn events(app: &App, count: usize) {
    for n in 0..count {
        app.create_key(&Principal::system(), &shop(), Role::Qa, &format!("鍵{n}")).await.unwrap();
    }
}

async fn export(app: &App) -> String {
    let mut export = app.export(&Principal::system(), &shop()).await.unwrap();
    let mut text = format!("{}\n", export.head);
    loop {
        let lines = export.next().await.unwrap();
        if lines.is_empty() {
            return text;
        }
        lines.iter().for_each(|line| text.push_str(&format!("{line}\n")));
    }
}

/// An export of 24 events with a checkpoint after some of them, an earlier one, and the checkpoints that were kept.
async fn exports() -> (String, String, Vec<String>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let app = opened(folder.path()).await;
    for _ in 0..3 {
        events(&app, 5).await;
        app.checkpoint(&Principal::system(), &shop()).await.unwrap();
    }
    let earlier = export(&app).await;
    events(&app, 8).await;
    let whole = export(&app).await;
    let kept = app.checkpoints(&Principal::system(), &shop(), 0, 100).await.unwrap();
    (whole, earlier, kept.into_iter().map(|signed| signed.note).collect(), folder)
}

/// The event that a line is about: its own number, of a checkpoint that of the event before it; 1 of the first line.
fn about(lines: &[&str], at: usize) -> u64 {
    let number = |line: &str| serde_json::from_str::<Event>(line).ok().map(|event| event.sequence);
    lines[..=at].iter().rev().find_map(|line| number(line)).unwrap_or(1)
}

fn is_event(line: &str) -> bool {
    line.starts_with("{\"sequence\"")
}

fn join(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// One mutation: what it is called, the bytes, and between which events it has to be found.
fn mutated(whole: &str, earlier: &str, kinds: &mut StdRng) -> (&'static str, Vec<u8>, u64, u64) {
    let lines: Vec<&str> = whole.lines().collect();
    let last = about(&lines, lines.len() - 1);
    let exactly = |at: usize| {
        if is_event(lines[at]) { (about(&lines, at), about(&lines, at)) } else { (1, about(&lines, at) + 1) }
    };
    let any = kinds.random_range(0..lines.len());
    match kinds.random_range(0..7) {
        0 => {
            let mut bytes = whole.as_bytes().to_vec();
            let at = kinds.random_range(0..bytes.len());
            bytes[at] ^= 1 << kinds.random_range(0..8);
            let line = whole.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
            let (low, high) = exactly(line);
            ("flip", bytes, low, high)
        }
        1 => {
            let mut kept = lines.clone();
            kept.remove(any);
            // A checkpoint that is missing is missed at the end, where they are counted.
            let (low, high) = if is_event(lines[any]) { exactly(any) } else { (1, last) };
            ("delete", join(&kept).into_bytes(), low, high)
        }
        2 => {
            let at = kinds.random_range(1..=lines.len());
            let mut more = lines.clone();
            more.insert(at, lines[any]);
            ("insert", join(&more).into_bytes(), 1, last + 1)
        }
        3 => {
            let other = (any + kinds.random_range(1..lines.len())) % lines.len();
            let mut moved = lines.clone();
            moved.swap(any, other);
            let first = any.min(other);
            ("reorder", join(&moved).into_bytes(), 1, about(&lines, first) + 1)
        }
        4 => {
            let end = kinds.random_range(0..whole.len());
            let line = whole.as_bytes()[..end].iter().filter(|byte| **byte == b'\n').count();
            let (_, high) = exactly(line.min(lines.len() - 1));
            ("truncate", whole.as_bytes()[..end].to_vec(), 1, high + 1)
        }
        5 => (
            "roll back",
            earlier.as_bytes().to_vec(),
            about(&earlier.lines().collect::<Vec<_>>(), earlier.lines().count() - 1) + 1,
            last,
        ),
        _ => {
            let (bytes, from) = sealed_again(&lines, kinds);
            ("re-seal", bytes, 1, from)
        }
    }
}

/// An event is edited, and it and all after it get hashes that fit: what somebody can do who has no key.
fn sealed_again(lines: &[&str], kinds: &mut StdRng) -> (Vec<u8>, u64) {
    let of_events: Vec<usize> = (0..lines.len()).filter(|at| is_event(lines[*at])).collect();
    let edited = of_events[kinds.random_range(0..of_events.len())];
    let (mut previous, mut text) = (GENESIS.to_owned(), String::new());
    for (at, line) in lines.iter().enumerate() {
        let Ok(event) = serde_json::from_str::<Event>(line) else {
            text.push_str(&format!("{line}\n"));
            continue;
        };
        let role = ["admin", "auditor"][kinds.random_range(0..2)];
        let forged = event.content.replacen("\"qa\"", &format!("\"{role}\""), 1).replacen("opened", "openet", 1);
        let content = if at == edited { forged } else { event.content };
        let event = seal(&shop(), event.sequence, &previous, content);
        previous.clone_from(&event.hash);
        text.push_str(&format!("{}\n", serde_json::to_string(&event).unwrap()));
    }
    (text.into_bytes(), about(lines, edited))
}

#[tokio::test]
async fn every_one_of_twenty_thousand_mutations_is_found_and_the_first_bad_event_is_named() {
    let (whole, earlier, kept, _folder) = exports().await;
    let pins = Pins { key: None, checkpoints: kept };
    let mut random = StdRng::seed_from_u64(7);
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    while found.values().sum::<usize>() < 20_000 {
        let (kind, bytes, low, high) = mutated(&whole, &earlier, &mut random);
        if bytes == whole.as_bytes() {
            continue;
        }
        match verify(bytes.as_slice(), &pins) {
            Ok(verified) => panic!("{kind} was not found: {verified:?}"),
            Err(Broken { sequence, reason }) => {
                assert!((low..=high).contains(&sequence), "{kind} at {low}..{high} named {sequence}: {reason}");
            }
        }
        *found.entry(kind).or_default() += 1;
    }
    assert_eq!(found.len(), 7, "{found:?}");
    assert!(found.values().all(|count| *count > 2_000), "{found:?}");
    // The control: nothing was changed, and nothing is found.
    let verified = verify(whole.as_bytes(), &pins).unwrap();
    assert_eq!((verified.events, verified.kept), (24, pins.checkpoints.len()));
    assert!(
        verify(earlier.as_bytes(), &Pins::default()).is_ok(),
        "an old export is whole; a kept checkpoint shows its age"
    );
}

#[tokio::test]
async fn a_log_that_somebody_else_signed_is_not_ours() {
    let (ours, theirs) = (exports().await, exports().await);
    let key = |export: &str| {
        let head: serde_json::Value = serde_json::from_str(export.lines().next().unwrap()).unwrap();
        VerifierKey::parse(head["key"].as_str().unwrap()).unwrap()
    };
    let pins = Pins { key: Some(key(&ours.0)), checkpoints: Vec::new() };
    assert!(verify(ours.0.as_bytes(), &pins).is_ok());
    assert!(matches!(verify(theirs.0.as_bytes(), &pins).unwrap_err().reason, Reason::Head(_)));
    assert!(verify(theirs.0.as_bytes(), &Pins::default()).is_ok(), "without a pin its own key is believed");
    let mixed = Pins { key: None, checkpoints: ours.2 };
    assert!(matches!(verify(theirs.0.as_bytes(), &mixed).unwrap_err().reason, Reason::Checkpoint(_)));
}

#[tokio::test]
async fn a_restored_backup_is_not_signed_until_somebody_says_that_it_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup.db"));
    let who = Principal::system();
    let app = opened(&data).await;
    events(&app, 3).await;
    let early = app.checkpoint(&who, &shop()).await.unwrap().unwrap();
    close(app, &data).await;
    std::fs::copy(data.join("aizuchi.db"), &backup).unwrap();
    let app = opened(&data).await;
    events(&app, 4).await;
    let lost = app.checkpoint(&who, &shop()).await.unwrap().unwrap();
    close(app, &data).await;

    for side in ["aizuchi.db", "aizuchi.db-wal", "aizuchi.db-shm"] {
        let _ = std::fs::remove_file(data.join(side));
    }
    std::fs::copy(&backup, data.join("aizuchi.db")).unwrap();
    let app = opened(&data).await;
    events(&app, 6).await;
    let refused = app.checkpoint(&who, &shop()).await.unwrap_err();
    assert_eq!(refused.code(), "audit-log-forked");
    assert!(refused.to_string().contains("backup"), "{refused}");
    assert!(app.export(&who, &shop()).await.is_err(), "an export needs a signature");

    assert_eq!(app.resume_log(&who, &shop()).await.unwrap(), Some(lost.size));
    assert_eq!(app.resume_log(&who, &shop()).await.unwrap(), None);
    events(&app, 1).await;
    let log = export(&app).await;
    assert!(log.contains("log.resumed"), "the loss is an event");
    let verified = verify(log.as_bytes(), &Pins { key: None, checkpoints: vec![early.note] }).unwrap();
    assert_eq!(verified.kept, 1, "what came before the loss is as it was");
    let broken = verify(log.as_bytes(), &Pins { key: None, checkpoints: vec![lost.note] }).unwrap_err();
    assert!(matches!(broken.reason, Reason::Rewritten(_)), "whoever kept the lost checkpoint sees the loss: {broken}");
    assert!(data.join("checkpoints/shop.lost-1.jsonl").exists());
}

#[tokio::test]
async fn one_event_is_proven_without_showing_another() {
    let folder = tempfile::tempdir().unwrap();
    let app = opened(folder.path()).await;
    wire::load_samples(&app).await.unwrap();
    let (office, who) = (WorkspaceId::parse("officelink").unwrap(), Principal::system());
    let nobody = Id::from_uuid(uuid::Uuid::from_u128(9));
    assert_eq!(app.prove(&who, &office, &nobody).await.unwrap_err().code(), "draft-not-found");
    let more = |count: usize| {
        let (app, who, office) = (app.clone(), who.clone(), office.clone());
        async move {
            for n in 0..count {
                app.create_key(&who, &office, Role::Qa, &format!("鍵{n}")).await.unwrap();
            }
        }
    };
    more(300).await;
    let new = NewInquiry {
        workspace: office.clone(),
        channel: Channel::Chat,
        text: InquiryText::parse("返品はできますか。").unwrap(),
        conversation: None,
        customer: None,
        order: None,
        records: Vec::new(),
    };
    let suggestion = app.suggest(&who, new, None, None).await.unwrap();
    more(300).await;
    let key = VerifierKey::parse(&app.audit_key()).unwrap();
    let draft = suggestion.draft.expect("the samples answer it").id;
    let proofs = app.prove(&who, &office, &draft).await.unwrap();
    assert_eq!(proofs.len(), 1);
    let proof = &proofs[0];
    assert!(proof.content.contains(draft.as_str()) && proof.path.len() > 8, "{proof:?}");
    let holds = |content: &str, index: u64, path: &[String]| included(content, index, path, &proof.checkpoint, &key);
    assert_eq!(holds(&proof.content, proof.sequence - 1, &proof.path), Ok(()));
    assert!(holds(&proof.content, proof.sequence, &proof.path).is_err(), "another place");
    assert!(holds(&proof.content.replace("draft.suggested", "draft.failed"), proof.sequence - 1, &proof.path).is_err());
    assert!(holds(&proof.content, proof.sequence - 1, &proof.path[1..]).is_err(), "a hash is missing");
    let mut bent = proof.path.clone();
    bent[0] = "00".repeat(32);
    assert!(holds(&proof.content, proof.sequence - 1, &bent).is_err());
}

#[tokio::test]
async fn events_are_signed_soon_after_they_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let app = opened(folder.path()).await;
    events(&app, 2).await;
    for _ in 0..200 {
        let signed = app.checkpoints(&Principal::system(), &shop(), 0, 10).await.unwrap();
        if signed.last().is_some_and(|signed| signed.size == 3) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("nobody asked for a signature, and none came");
}
