//! The floors of `eval/bar.toml` and of the `bar.toml` beside each labelled set.
//!
//! `tests/run` builds the release binary once and names it in AIZUCHI_RELEASE; without it the test's own build is
//! asked, which gives the same figures later.

use std::process::Command;

#[test]
fn every_floor_is_held() {
    let binary = std::env::var("AIZUCHI_RELEASE").unwrap_or_else(|_| env!("CARGO_BIN_EXE_aizuchi").to_owned());
    let out = Command::new(binary).arg("eval").current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    let (table, missed) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    println!("{table}");
    assert_eq!(out.status.code(), Some(0), "{missed}\n{table}");
    // A run that asked nothing would hold every ceiling.
    let figures: serde_json::Value = serde_json::from_str(table.lines().last().unwrap()).unwrap();
    assert!(figures["inquiries"].as_f64().unwrap() >= 240.0, "{figures}");
}

#[test]
fn tone_holds_its_floors_on_the_labelled_replies() {
    let binary = std::env::var("AIZUCHI_RELEASE").unwrap_or_else(|_| env!("CARGO_BIN_EXE_aizuchi").to_owned());
    let out = Command::new(binary).args(["eval", "tone"]).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    let (table, missed) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert_eq!(out.status.code(), Some(0), "{missed}\n{table}");
    let figures: serde_json::Value = serde_json::from_str(table.lines().last().unwrap()).unwrap();
    assert!(figures["replies"].as_f64().unwrap() >= 500.0, "{figures}");
}

#[test]
fn grounding_holds_its_floors_on_the_labelled_drafts() {
    let binary = std::env::var("AIZUCHI_RELEASE").unwrap_or_else(|_| env!("CARGO_BIN_EXE_aizuchi").to_owned());
    for (set, drafts) in [("eval/grounding/open.jsonl", 1_000.0), ("eval/grounding/unseen.jsonl", 60.0)] {
        let mut eval = Command::new(&binary);
        eval.args(["eval", "grounding", "--set", set]).current_dir(env!("CARGO_MANIFEST_DIR"));
        let out = eval.output().unwrap();
        let (table, missed) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        assert_eq!(out.status.code(), Some(0), "{set}: {missed}\n{table}");
        let figures: serde_json::Value = serde_json::from_str(table.lines().last().unwrap()).unwrap();
        assert!(figures["drafts"].as_f64().unwrap() >= drafts, "{set}: {figures}");
    }
}

#[test]
fn a_floor_that_is_not_held_ends_with_1() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("inquiries")).unwrap();
    let line = r#"{"id":"a","form":"keyword","channel":"chat","text":"送料","situation":"other","outcome":"clarify"}"#;
    std::fs::write(folder.path().join("inquiries/hanauta.jsonl"), line).unwrap();
    std::fs::write(folder.path().join("bar.toml"), "[at_least]\noutcome_accuracy = 1.0\n").unwrap();
    let eval = |sets: &std::path::Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aizuchi"));
        command.args(["eval", "--sets"]).arg(sets).output().unwrap()
    };
    let out = eval(folder.path());
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("outcome_accuracy is 0"));
    std::fs::write(folder.path().join("inquiries/hanauta.jsonl"), "{\"id\":\"a\"}\n").unwrap();
    let out = eval(folder.path());
    assert_eq!(out.status.code(), Some(2));
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(said.contains("hanauta.jsonl") && said.contains("line 1") && said.contains("form"), "{said}");
}
