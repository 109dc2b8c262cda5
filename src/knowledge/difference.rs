//! What the files say now against what we hold true: what to add, what to retire, and what to tell the person who
//! asked for it.

use std::collections::{HashMap, HashSet};

use super::{Read, Rejected};
use crate::domain::{Day, Id, Kind, NewRevision, Revision, name};

/// What has to be written for the store to say what the files say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Texts that are new or changed.
    pub added: Vec<NewRevision>,
    /// Revisions that are no longer held true.
    pub retired: Vec<Id<name::Revision>>,
    /// The same in numbers, with what was left out.
    pub report: Report,
}

/// What one ingest did, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Texts that nobody knew.
    pub added: usize,
    /// Texts that replace another.
    pub changed: usize,
    /// Texts that stay as they are.
    pub unchanged: usize,
    /// Texts that are gone from the files.
    pub retired: usize,
    /// What was left out.
    pub rejected: Vec<Rejected>,
}

/// Which of a document's revisions: those that share a key hold on different days.
type Identity<'a> = (&'a str, Option<Day>);

fn identity(content: &NewRevision) -> Identity<'_> {
    (&content.key, content.validity.from)
}

/// Compares what is held true with what was read. Doing it twice changes nothing the second time. What says the same as
/// a text of `gone`, which somebody retired by hand, stays out until its file says something else.
pub fn difference(current: &[Revision], gone: &[Revision], read: Read) -> Difference {
    let Read { mut revisions, mut rejected } = read;
    revisions.retain(|read| !gone.iter().any(|gone| same_text(&gone.content, read)));
    let revisions = without_claimed(current, revisions, &mut rejected);
    let by_identity: HashMap<Identity<'_>, usize> = revisions.iter().map(identity).zip(0..).collect();
    let reader = Reading::new(&revisions, &rejected);
    let (mut replaced, mut same) = (HashSet::new(), HashSet::new());
    let mut retired = Vec::new();
    let mut report = Report::default();
    for held in current.iter().filter(|held| held.content.source.is_some()) {
        match by_identity.get(&identity(&held.content)) {
            Some(&at) if revisions[at] == held.content && same.insert(at) => report.unchanged += 1,
            Some(&at) => {
                retired.push(held.id.clone());
                replaced.insert(at);
            }
            None if reader.keeps(&held.content) => {}
            None => {
                retired.push(held.id.clone());
                report.retired += 1;
            }
        }
    }
    replaced.retain(|at| !same.contains(at));
    let fresh = revisions.into_iter().enumerate().filter(|(at, _)| !same.contains(at));
    let added: Vec<NewRevision> = fresh.map(|(_, revision)| revision).collect();
    report.changed = replaced.len();
    report.added = added.len() - replaced.len();
    report.rejected = rejected;
    Difference { added, retired, report }
}

/// Whether two revisions say the same, wherever they were read from.
fn same_text(one: &NewRevision, other: &NewRevision) -> bool {
    one.key == other.key && NewRevision { source: None, ..one.clone() } == NewRevision { source: None, ..other.clone() }
}

/// A document that was written by API is not overwritten by a file that happens to use its key.
fn without_claimed(current: &[Revision], read: Vec<NewRevision>, rejected: &mut Vec<Rejected>) -> Vec<NewRevision> {
    let mut by_api: HashMap<&str, Vec<&NewRevision>> = HashMap::new();
    for held in current.iter().filter(|held| held.content.source.is_none()) {
        by_api.entry(&held.content.key).or_default().push(&held.content);
    }
    let claimed = |revision: &NewRevision| {
        let held = by_api.get(revision.key.as_str()).map_or(&[][..], Vec::as_slice);
        held.iter().any(|held| held.kind != revision.kind || held.validity.overlaps(&revision.validity))
    };
    let (claimed, free): (Vec<_>, Vec<_>) = read.into_iter().partition(claimed);
    rejected.extend(claimed.into_iter().map(|revision| Rejected {
        file: revision.source.unwrap_or_default(),
        line: None,
        reason: format!(
            "the key {:?} belongs to a document that was written by API and holds on the same days: choose another \
             key, or delete that document first",
            revision.key
        ),
    }));
    free
}

/// What this reading can tell about documents that it did not find.
struct Reading<'a> {
    broken: HashSet<&'a str>,
    by_key: HashMap<&'a str, Vec<&'a NewRevision>>,
    saw_guide: bool,
}

impl<'a> Reading<'a> {
    fn new(revisions: &'a [NewRevision], rejected: &'a [Rejected]) -> Self {
        let mut by_key: HashMap<&str, Vec<&NewRevision>> = HashMap::new();
        for revision in revisions {
            by_key.entry(&revision.key).or_default().push(revision);
        }
        Self {
            broken: rejected.iter().map(|rejected| rejected.file.as_str()).collect(),
            by_key,
            saw_guide: revisions.iter().any(|revision| revision.kind == Kind::Guide),
        }
    }

    /// Whether a document that was not read stays: nobody looked at the guide, or its file could not be read to
    /// the end and nothing that was read has taken its place.
    fn keeps(&self, held: &NewRevision) -> bool {
        if held.kind == Kind::Guide && !self.saw_guide {
            return true;
        }
        let unsure = held.source.as_deref().is_some_and(|source| self.broken.contains(source));
        let successors = self.by_key.get(held.key.as_str()).map_or(&[][..], Vec::as_slice);
        unsure && !successors.iter().any(|read| read.validity.overlaps(&held.validity))
    }
}

#[cfg(test)]
#[path = "difference_tests.rs"]
mod tests;
