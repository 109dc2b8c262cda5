//! Keeps the table of rooms true: a room names only the rooms that it may.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Room, and what it may name beside itself. `app` and the faces stand on what is above them.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("language", &["domain"]),
    ("ports", &["domain"]),
    ("config", &["domain"]),
    // Names of spans and numbers; who listens is an adapter.
    ("telemetry", &["domain"]),
    ("identity", &["domain"]),
    ("knowledge", &["domain", "language", "ports"]),
    ("tone", &["domain", "language"]),
    ("grounding", &["domain", "language"]),
    // Figures of rulings and findings.
    ("quality", &["domain"]),
    // The files that a model is asked by.
    ("prompts", &["domain", "language", "ports"]),
    ("drafting", &["domain", "language", "ports", "tone", "prompts"]),
    // What a model is asked where facts are silent.
    ("entailing", &["domain", "language", "ports", "prompts"]),
    ("judging", &["domain", "language", "ports", "tone", "prompts"]),
    // Limits around a model: the settings say which.
    ("asking", &["domain", "ports", "config", "telemetry"]),
    ("audit", &["domain", "ports"]),
    // Shares no code with whoever writes what it verifies.
    ("verifier", &[]),
    (
        "pipeline",
        &[
            "domain",
            "language",
            "ports",
            "config",
            "identity",
            "knowledge",
            "tone",
            "grounding",
            "drafting",
            "judging",
            "entailing",
            "prompts",
            "asking",
            "audit",
            "telemetry",
        ],
    ),
    (
        "app",
        &[
            "domain",
            "language",
            "ports",
            "config",
            "identity",
            "knowledge",
            "tone",
            "grounding",
            "drafting",
            "judging",
            "entailing",
            "prompts",
            "asking",
            "audit",
            "telemetry",
            "quality",
            "verifier",
            "pipeline",
        ],
    ),
    ("adapters", &["domain", "language", "ports", "audit", "config", "telemetry"]),
    (
        "wire",
        &[
            "domain",
            "language",
            "ports",
            "config",
            "identity",
            "knowledge",
            "tone",
            "grounding",
            "drafting",
            "judging",
            "entailing",
            "prompts",
            "asking",
            "audit",
            "telemetry",
            "pipeline",
            "app",
            "adapters",
        ],
    ),
    // A face that starts a process asks `wire` to put it together, and says which files it read.
    ("http", &["app", "domain", "config", "identity"]),
    ("eval", &["app", "domain", "config", "knowledge", "wire"]),
    ("cli", &["app", "domain", "config", "eval", "http", "telemetry", "wire"]),
];

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// Rooms that a source text names: `crate::room` and the first words inside `crate::{...}`.
fn named(source: &str) -> Vec<String> {
    let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let mut rooms = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            rooms.push(first_word(rest));
            continue;
        };
        let (mut depth, mut fresh) = (0, true);
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => fresh = true,
                c if depth == 0 && fresh && c.is_alphabetic() => {
                    rooms.push(first_word(&group[at..]));
                    fresh = false;
                }
                _ => {}
            }
        }
    }
    rooms
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn a_room_names_only_the_rooms_that_it_may() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let table: BTreeMap<&str, &[&str]> = MAY_NAME.iter().copied().collect();
    let mut wrong = Vec::new();
    for file in rust_files(&src) {
        let below = file.strip_prefix(&src).unwrap();
        let room = below.components().next().unwrap().as_os_str().to_string_lossy().replace(".rs", "");
        if ["lib", "main"].contains(&room.as_str()) {
            continue;
        }
        let may = table.get(room.as_str()).unwrap_or_else(|| panic!("{room} is in no row of the table"));
        for name in named(&fs::read_to_string(&file).unwrap()) {
            if name != room && table.contains_key(name.as_str()) && !may.contains(&name.as_str()) {
                wrong.push(format!("{} names {name}", below.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_of_the_table_exists() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (room, _) in MAY_NAME {
        assert!(src.join(room).is_dir() || src.join(format!("{room}.rs")).is_file(), "{room}");
    }
}

#[test]
fn the_reader_of_paths_sees_groups_and_nested_groups() {
    let source = "use crate::{\n    app::{App, Once},\n    domain::Id,\n};\n// crate::http in a comment\nfn f() { crate::tone::x() }";
    assert_eq!(named(source), ["app", "domain", "tone"]);
}
