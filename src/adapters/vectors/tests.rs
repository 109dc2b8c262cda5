use std::{collections::HashSet, fs, path::PathBuf};

use super::*;
use crate::{
    domain::Id,
    ports::{Embedded, Near},
};

struct Bench {
    folder: tempfile::TempDir,
    shop: WorkspaceId,
}

impl Bench {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), shop: WorkspaceId::parse("shop").unwrap() }
    }

    /// As the next process opens it.
    fn open(&self, model: &str) -> Arc<dyn VectorSet> {
        FileVectors::new(self.folder.path().to_owned()).of(&self.shop, model).unwrap()
    }

    fn files(&self) -> Vec<PathBuf> {
        fs::read_dir(self.folder.path().join("shop")).unwrap().map(|entry| entry.unwrap().path()).collect()
    }
}

fn embedded(n: u128, vector: &[f32]) -> Embedded {
    let id = uuid::Uuid::from_u128(n);
    Embedded { revision: Id::from_uuid(id), passage: Id::from_uuid(id), vector: vector.to_vec() }
}

fn nearest(set: &dyn VectorSet, vector: &[f32]) -> Vec<(u128, f64)> {
    let number = |near: Near| (near.passage.uuid().as_u128(), (near.similarity * 100.0).round() / 100.0);
    set.nearest(vector, 10).unwrap().nearest.into_iter().map(number).collect()
}

#[test]
fn what_was_kept_is_there_again_and_what_was_retired_is_not() {
    let bench = Bench::new();
    let set = bench.open("m");
    set.add(&[embedded(1, &[1.0, 0.0]), embedded(2, &[0.0, 3.0])]).unwrap();
    assert_eq!(set.sequence(), 0, "not level before that was said");
    set.level(&HashSet::new(), 7).unwrap();
    set.add(&[embedded(3, &[1.0, 1.0])]).unwrap();
    set.level(&HashSet::from([embedded(2, &[]).revision]), 9).unwrap();
    for _ in 0..2 {
        drop(bench.open("other"));
    }
    let before = nearest(set.as_ref(), &[2.0, 0.0]);
    assert_eq!(before, [(1, 1.0), (3, 0.71)]);
    drop(set);
    let set = bench.open("m");
    assert_eq!((nearest(set.as_ref(), &[2.0, 0.0]), set.sequence()), (before, 9));
    assert!(set.has(&embedded(3, &[]).passage) && !set.has(&embedded(2, &[]).passage));
    assert!(nearest(bench.open("other").as_ref(), &[2.0, 0.0]).is_empty(), "each model has its own");
}

#[test]
fn a_file_that_is_damaged_anywhere_keeps_what_stands_before() {
    let bench = Bench::new();
    let set = bench.open("m");
    for n in 1..=4 {
        set.add(&[embedded(n, &[1.0, n as f32])]).unwrap();
        set.level(&HashSet::new(), n as u64).unwrap();
    }
    drop(set);
    let path = bench.files()[0].clone();
    let whole = fs::read(&path).unwrap();
    for end in 0..whole.len() {
        fs::write(&path, &whole[..end]).unwrap();
        let set = bench.open("m");
        let held = nearest(set.as_ref(), &[1.0, 0.0]).len() as u64;
        assert!(set.sequence() == held || set.sequence() + 1 == held, "cut at {end}");
        set.add(&[embedded(9, &[0.0, 1.0])]).unwrap();
        drop(set);
        assert!(bench.open("m").has(&embedded(9, &[]).passage), "cut at {end}");
    }
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        fs::write(&path, &flipped).unwrap();
        let set = bench.open("m");
        assert!(set.sequence() < 4, "a flipped bit at {at} is seen");
    }
}

#[test]
fn vectors_of_another_length_are_refused_and_a_second_process_is_told() {
    let bench = Bench::new();
    let set = bench.open("m");
    set.add(&[embedded(1, &[1.0, 0.0])]).unwrap();
    let told = set.add(&[embedded(2, &[1.0, 0.0, 0.0])]).unwrap_err().to_string();
    assert!(told.contains("expected vectors of 2 numbers, found 3"), "{told}");
    assert!(matches!(set.nearest(&[1.0], 1), Err(VectorsError::Length { expected: 2, found: 1 })));
    let second = FileVectors::new(bench.folder.path().to_owned()).of(&bench.shop, "m");
    assert!(matches!(second.map(|_| ()), Err(VectorsError::Taken)));
}

#[test]
fn a_file_full_of_what_is_gone_is_written_anew() {
    let bench = Bench::new();
    let set = bench.open("m");
    let many: Vec<Embedded> = (0..3_000).map(|n| embedded(n, &[1.0, n as f32])).collect();
    set.add(&many).unwrap();
    set.level(&HashSet::new(), 1).unwrap();
    let size = || fs::metadata(&bench.files()[0]).unwrap().len();
    let before = size();
    set.level(&many[..2_000].iter().map(|one| one.revision.clone()).collect(), 2).unwrap();
    assert!(size() * 2 < before, "{} of {before}", size());
    let held = nearest(set.as_ref(), &[1.0, 5_000.0]);
    drop(set);
    let set = bench.open("m");
    assert_eq!((nearest(set.as_ref(), &[1.0, 5_000.0]), set.sequence(), set.revisions().len()), (held, 2, 1_000));
    assert_eq!(bench.files().len(), 1);
}

#[test]
fn what_is_cleared_is_gone_whichever_model_made_it_and_other_workspaces_keep_theirs() {
    let bench = Bench::new();
    let vectors = FileVectors::new(bench.folder.path().to_owned());
    let other = WorkspaceId::parse("other").unwrap();
    for (workspace, model) in [(&bench.shop, "m"), (&bench.shop, "older"), (&other, "m")] {
        vectors.of(workspace, model).unwrap().add(&[embedded(1, &[1.0, 0.0])]).unwrap();
    }
    let held = vectors.of(&bench.shop, "m").unwrap();
    vectors.clear(&bench.shop).unwrap();
    assert!(held.add(&[embedded(2, &[1.0, 0.0])]).is_err(), "whoever still has it brings nothing back");
    assert!(!bench.folder.path().join("shop").exists());
    assert!(nearest(vectors.of(&bench.shop, "m").unwrap().as_ref(), &[1.0, 0.0]).is_empty());
    assert_eq!(nearest(vectors.of(&other, "m").unwrap().as_ref(), &[1.0, 0.0]), [(1, 1.0)]);
    vectors.clear(&WorkspaceId::parse("never-open").unwrap()).unwrap();
}
