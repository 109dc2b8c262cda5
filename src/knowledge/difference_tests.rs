use super::*;
use crate::{
    domain::{Timestamp, name},
    knowledge::{File, read},
};

fn csv(path: &str, rows: &[&str]) -> File {
    let text = format!("key,title,answer,valid_from,valid_until\n{}\n", rows.join("\n"));
    File { path: path.to_owned(), bytes: text.into_bytes() }
}

/// What the store holds after a difference was written.
fn apply(current: Vec<Revision>, difference: &Difference) -> Vec<Revision> {
    let mut held = current;
    held.retain(|revision| !difference.retired.contains(&revision.id));
    for content in &difference.added {
        let bits = held.iter().map(|revision| number(&revision.id)).max().unwrap_or(0) + 1;
        held.push(stored(bits, content.clone()));
    }
    held
}

fn stored(bits: u128, content: NewRevision) -> Revision {
    let id = Id::<name::Revision>::from_uuid(uuid::Uuid::from_u128(bits));
    Revision { id, content, recorded_from: Timestamp(0), recorded_until: None, passages: Vec::new() }
}

fn number(id: &Id<name::Revision>) -> u128 {
    uuid::Uuid::parse_str(&id.as_str()["rev_".len()..]).unwrap().as_u128()
}

fn ingest(current: &mut Vec<Revision>, files: &[File]) -> Report {
    let found = difference(current, &[], read(files));
    *current = apply(std::mem::take(current), &found);
    found.report
}

fn numbers(report: &Report) -> [usize; 4] {
    [report.added, report.changed, report.unchanged, report.retired]
}

fn keys(held: &[Revision]) -> Vec<&str> {
    let mut keys: Vec<_> = held.iter().map(|revision| revision.content.key.as_str()).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn a_second_identical_ingest_changes_nothing() {
    let files =
        [csv("faq/a.csv", &["a,t,x,,", "b,t,y,,2026-09-30", "b,t,z,2026-10-01,"]), csv("faq/b.csv", &["c,t,x,wrong,"])];
    let mut held = Vec::new();
    assert_eq!(numbers(&ingest(&mut held, &files)), [3, 0, 0, 0]);
    let again = difference(&held, &[], read(&files));
    assert_eq!((again.added.len(), again.retired.len()), (0, 0));
    assert_eq!(numbers(&again.report), [0, 0, 3, 0]);
    assert_eq!(again.report.rejected.len(), 1);
}

#[test]
fn a_changed_text_replaces_the_old_one_and_a_missing_one_is_retired() {
    let mut held = Vec::new();
    ingest(&mut held, &[csv("faq/a.csv", &["a,t,x,,", "b,t,y,,", "c,t,z,,"])]);
    let old = held.iter().find(|revision| revision.content.key == "b").unwrap().id.clone();
    let found = difference(&held, &[], read(&[csv("faq/a.csv", &["a,t,x,,", "b,t,new,,", "d,t,w,,"])]));
    assert_eq!(numbers(&found.report), [1, 1, 1, 1]);
    assert!(found.retired.contains(&old) && found.retired.len() == 2);
    let added: Vec<_> = found.added.iter().map(|content| content.body.as_str()).collect();
    assert_eq!(added, ["new", "w"]);
}

#[test]
fn a_rule_that_gets_a_last_day_keeps_its_identity_beside_its_successor() {
    let mut held = Vec::new();
    ingest(&mut held, &[csv("policy/a.csv", &["a,t,30日,2025-04-01,"])]);
    let report = ingest(&mut held, &[csv("policy/a.csv", &["a,t,30日,2025-04-01,2026-09-30", "a,t,14日,2026-10-01,"])]);
    assert_eq!(numbers(&report), [1, 1, 0, 0]);
    assert_eq!(keys(&held), ["a", "a"]);
}

#[test]
fn a_file_that_became_unreadable_does_not_empty_the_shelf() {
    let mut held = Vec::new();
    ingest(&mut held, &[csv("faq/a.csv", &["a,t,x,,", "b,t,y,,"]), csv("faq/b.csv", &["c,t,z,,"])]);
    let broken = File { path: "faq/a.csv".to_owned(), bytes: vec![0x91, 0x97] };
    let report = ingest(&mut held, &[broken]);
    assert_eq!(numbers(&report), [0, 0, 0, 1], "only what stood in the file that is gone");
    assert_eq!(keys(&held), ["a", "b"]);
}

#[test]
fn the_document_of_a_bad_line_stays_while_the_good_lines_move_on() {
    let mut held = Vec::new();
    ingest(&mut held, &[csv("faq/a.csv", &["a,t,x,2026-01-01,", "b,t,y,,"])]);
    let report = ingest(&mut held, &[csv("faq/a.csv", &["a,t,x,2026-02-01,", "b,t,new,wrong,"])]);
    assert_eq!(numbers(&report), [1, 0, 0, 1], "a was read with another first day, so the old one goes");
    assert_eq!(keys(&held), ["a", "b"]);
    assert!(held.iter().any(|revision| revision.content.body == "y"));
}

#[test]
fn what_was_written_by_api_is_never_touched() {
    let mut by_api = read(&[csv("faq/a.csv", &["a,t,api,,2026-09-30"])]).revisions.remove(0);
    by_api.source = None;
    let mut held = vec![stored(1, by_api.clone())];
    let report = ingest(&mut held, &[csv("faq/a.csv", &["a,t,file,,", "b,t,y,,"])]);
    assert_eq!(numbers(&report), [1, 0, 0, 0]);
    assert!(report.rejected[0].reason.contains("API") && report.rejected[0].file == "faq/a.csv");
    let report = ingest(&mut held, &[csv("faq/a.csv", &["a,t,later,2026-10-01,"])]);
    assert_eq!((numbers(&report), report.rejected.len()), ([1, 0, 0, 1], 0));
    let report = ingest(&mut held, &[]);
    assert_eq!(numbers(&report), [0, 0, 0, 1]);
    assert_eq!(held[0].content, by_api);
}

#[test]
fn the_guide_stays_when_nobody_read_it_and_changes_when_somebody_did() {
    let mut guide = read(&[csv("faq/a.csv", &["a,t,plain_form: 敬体。,,"])]).revisions.remove(0);
    (guide.key, guide.kind, guide.source) = ("guide".to_owned(), Kind::Guide, Some("guide.yaml".to_owned()));
    let mut held = vec![stored(1, guide.clone())];
    assert_eq!(numbers(&ingest(&mut held, &[])), [0, 0, 0, 0]);
    guide.body = "plain_form: 常体。".to_owned();
    let found = difference(&held, &[], Read { revisions: vec![guide], rejected: Vec::new() });
    assert_eq!((numbers(&found.report), found.retired.len()), ([0, 1, 0, 0], 1));
}
