//! The README tells the truth, as far as a machine can say.

mod support;

use std::{path::Path, process::Command};

use serde_json::Value;

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// Texts between single backticks.
fn code(text: &str) -> Vec<String> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[tokio::test]
async fn the_first_curl_command_gets_a_full_suggestion() {
    let readme = readme();
    let blocks: Vec<&str> = readme.split("```").skip(1).step_by(2).collect();
    let block = blocks.iter().find(|block| block.contains("curl")).expect("a block with curl");
    let commands: Vec<&str> = block.lines().skip(1).filter(|line| !line.trim().is_empty()).collect();
    assert_eq!(commands.len(), 1, "it stands alone in its block");
    assert!(commands[0].starts_with("curl -s http://127.0.0.1:8080/v1/inquiries"));
    let (_, rest) = commands[0].split_once("-d '").unwrap();
    let body: Value = serde_json::from_str(rest.strip_suffix('\'').unwrap()).unwrap();
    let server = support::TestServer::start().await;
    let answer = server.local().post("/v1/inquiries", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.json);
    assert_eq!(answer.json["outcome"]["kind"], "answer");
    assert!(answer.json["citations"].as_array().is_some_and(|citations| !citations.is_empty()));
    // The transcript is this very answer.
    for line in answer.json["draft"]["text"].as_str().unwrap().lines().filter(|line| !line.is_empty()) {
        assert!(readme.contains(&format!("    {line}\n")), "the transcript lacks {line}");
    }
}

#[test]
fn every_setting_stands_in_the_table_and_every_row_is_a_setting() {
    let help = Command::new(env!("CARGO_BIN_EXE_aizuchi")).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let mut settings: Vec<String> = help
        .split("[env: ")
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_ascii_uppercase() || *c == '_').collect())
        .collect();
    let no_flags = [
        "AIZUCHI_LOG",
        "AIZUCHI_LOG_FORMAT",
        "AIZUCHI_LLM_API_KEY",
        "AIZUCHI_EMBEDDINGS_API_KEY",
        "AIZUCHI_OIDC_CLIENT_SECRET",
    ];
    settings.extend(no_flags.map(str::to_owned));
    settings.sort();
    let mut listed: Vec<String> = readme()
        .lines()
        .filter(|line| line.starts_with('|'))
        .flat_map(code)
        .filter(|word| word.starts_with("AIZUCHI_"))
        .collect();
    listed.sort();
    assert_eq!(listed, settings);
}

#[test]
fn every_problem_stands_in_the_table_with_its_status() {
    let readme = readme();
    let table: Vec<&str> = readme
        .lines()
        .skip_while(|line| *line != "## Problems")
        .take_while(|line| *line != "## Walk-throughs")
        .collect();
    let rows = table.iter().filter(|line| line.starts_with("| `")).count();
    let known = aizuchi::http::problem_table();
    for (code, status, title) in &known {
        let row = format!("| `{code}` | {status} | {title} |");
        assert!(table.contains(&row.as_str()), "{row}");
    }
    assert_eq!(rows, known.len());
}

#[test]
fn every_path_that_is_named_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let paths: Vec<String> = code(&readme())
        .into_iter()
        .filter(|word| {
            ["src/", "tests/", "knowledge/", "prompts/", "eval/", ".ci/"].iter().any(|room| word.starts_with(room))
        })
        .collect();
    assert!(paths.len() > 20, "{paths:?}");
    for path in paths {
        assert!(root.join(&path).exists(), "{path}");
    }
}
