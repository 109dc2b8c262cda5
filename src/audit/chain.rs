//! The hash chain: each event carries the hash of the one before it, so that a flipped, missing, added or
//! moved event shows. Whoever holds the whole log can still rewrite it from some point on; a [`Head`] kept
//! elsewhere is what shows that.

use sha2::{Digest, Sha256};

use super::canonical;
use crate::{domain::WorkspaceId, ports::Event};

/// What stands in `previous` of the first event.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Keeps these hashes apart from any other SHA-256 over the same bytes.
const DOMAIN: u8 = 0x02;

/// The event at `sequence` with this content, tied to the hash of the event before it.
pub fn seal(workspace: &WorkspaceId, sequence: u64, previous: &str, content: String) -> Event {
    let hash = digest(workspace.as_str(), sequence, previous, &content);
    Event { sequence, content, previous: previous.to_owned(), hash }
}

fn digest(workspace: &str, sequence: u64, previous: &str, content: &str) -> String {
    let mut sha = Sha256::new();
    sha.update([DOMAIN]);
    // Lengths before what varies: no two different events may feed the same bytes.
    for part in [workspace, previous, content] {
        sha.update((part.len() as u64).to_be_bytes());
        sha.update(part.as_bytes());
    }
    sha.update(sequence.to_be_bytes());
    hex::encode(sha.finalize())
}

/// Where a log ends, or ended when somebody wrote it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The last sequence number; 0 for an empty log.
    pub sequence: u64,
    /// The hash of that event; [`GENESIS`] for an empty log.
    pub hash: String,
}

/// A log that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Whose log it is; `None` when it is empty.
    pub workspace: Option<String>,
    /// Where it ends.
    pub head: Head,
}

/// The first place where a log is not what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the log is broken at {sequence}: {reason}")]
pub struct Broken {
    /// The first sequence number that is bad or missing.
    pub sequence: u64,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Another event stands in its place.
    #[error("an event with another number stands here")]
    Gap,
    /// It does not follow from the event before it.
    #[error("it does not carry the hash of the event before it")]
    Previous,
    /// It was edited.
    #[error("its hash does not fit its content")]
    Hash,
    /// Its content is not canonical JSON that names a workspace.
    #[error("its content is not canonical JSON that names a workspace")]
    Unreadable,
    /// It belongs to another log.
    #[error("it belongs to another workspace")]
    Foreign,
    /// The log ends before the head that was expected.
    #[error("the log ends before it")]
    Truncated,
    /// The log was written anew: its hash here is not the one that was written down.
    #[error("its hash is not the one that was written down")]
    Rewritten,
}

/// Reads a log event by event, from the first.
#[derive(Debug, Clone)]
pub struct Verifier {
    workspace: Option<String>,
    head: Head,
    expected: Option<Head>,
}

impl Verifier {
    /// `expected` is a head somebody wrote down, now or earlier; the log may have grown since.
    pub fn new(expected: Option<Head>) -> Self {
        Self { workspace: None, head: Head { sequence: 0, hash: GENESIS.to_owned() }, expected }
    }

    /// Takes the next event.
    pub fn push(&mut self, event: &Event) -> Result<(), Broken> {
        let sequence = self.head.sequence + 1;
        let broken = |reason| Broken { sequence, reason };
        if event.sequence != sequence {
            return Err(broken(Reason::Gap));
        }
        if event.previous != self.head.hash {
            return Err(broken(Reason::Previous));
        }
        let workspace = workspace_of(&event.content).ok_or(broken(Reason::Unreadable))?;
        if self.workspace.as_ref().is_some_and(|own| *own != workspace) {
            return Err(broken(Reason::Foreign));
        }
        if digest(&workspace, sequence, &event.previous, &event.content) != event.hash {
            return Err(broken(Reason::Hash));
        }
        if self.expected.as_ref().is_some_and(|head| head.sequence == sequence && head.hash != event.hash) {
            return Err(broken(Reason::Rewritten));
        }
        self.workspace = Some(workspace);
        self.head = Head { sequence, hash: event.hash.clone() };
        Ok(())
    }

    /// No more events come.
    pub fn finish(self) -> Result<Verified, Broken> {
        match self.expected {
            Some(expected) if expected.sequence > self.head.sequence => {
                Err(Broken { sequence: self.head.sequence + 1, reason: Reason::Truncated })
            }
            _ => Ok(Verified { workspace: self.workspace, head: self.head }),
        }
    }
}

/// Reads a whole log.
pub fn verify(events: impl IntoIterator<Item = Event>, expected: Option<Head>) -> Result<Verified, Broken> {
    let mut verifier = Verifier::new(expected);
    for event in events {
        verifier.push(&event)?;
    }
    verifier.finish()
}

fn workspace_of(content: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(content).ok()?;
    if canonical(&value) != content {
        return None;
    }
    value.get("workspace")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(workspace: &str, length: u64) -> Vec<Event> {
        let workspace = WorkspaceId::parse(workspace).unwrap();
        let mut previous = GENESIS.to_owned();
        let mut events = Vec::new();
        for sequence in 1..=length {
            let content = canonical(&serde_json::json!({ "workspace": workspace, "refs": { "n": sequence } }));
            let event = seal(&workspace, sequence, &previous, content);
            previous.clone_from(&event.hash);
            events.push(event);
        }
        events
    }

    fn head(events: &[Event]) -> Head {
        let last = events.last().unwrap();
        Head { sequence: last.sequence, hash: last.hash.clone() }
    }

    fn first_bad(events: Vec<Event>, head: &Head) -> Option<u64> {
        verify(events, Some(head.clone())).err().map(|broken| broken.sequence)
    }

    /// Every byte of `text`, one at a time, replaced by another ASCII character.
    fn flips(text: &str) -> impl Iterator<Item = String> + '_ {
        (0..text.len()).map(|at| {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'7' { b'3' } else { b'7' };
            String::from_utf8(bytes).unwrap()
        })
    }

    #[test]
    fn an_untouched_log_verifies_with_its_head_with_an_earlier_head_and_without_one() {
        let events = log("a", 6);
        let verified = verify(events.clone(), Some(head(&events))).unwrap();
        assert_eq!((verified.workspace.as_deref(), &verified.head), (Some("a"), &head(&events)));
        assert!(verify(events.clone(), Some(head(&events[..3]))).is_ok(), "a log may grow after its head was noted");
        assert!(verify(events, None).is_ok());
        assert_eq!(verify([], None).unwrap().head.hash, GENESIS);
    }

    #[test]
    fn a_flip_of_any_byte_of_any_field_of_any_event_is_found_where_it_is() {
        let events = log("a", 5);
        let head = head(&events);
        for place in 0..events.len() {
            let bad = Some(place as u64 + 1);
            let with = |event: Event| {
                let mut events = events.clone();
                events[place] = event;
                first_bad(events, &head)
            };
            let own = &events[place];
            for content in flips(&own.content) {
                assert_eq!(with(Event { content: content.clone(), ..own.clone() }), bad, "{content}");
            }
            for previous in flips(&own.previous) {
                assert_eq!(with(Event { previous, ..own.clone() }), bad);
            }
            for hash in flips(&own.hash) {
                assert_eq!(with(Event { hash, ..own.clone() }), bad);
            }
            for sequence in (0..10).filter(|other| *other != own.sequence) {
                assert_eq!(with(Event { sequence, ..own.clone() }), bad);
            }
        }
    }

    #[test]
    fn a_deletion_a_copy_and_every_exchange_of_two_events_are_found_at_the_first_wrong_place() {
        let events = log("a", 5);
        let head = head(&events);
        for place in 0..events.len() {
            let mut deleted = events.clone();
            deleted.remove(place);
            assert_eq!(first_bad(deleted, &head), Some(place as u64 + 1));
            let mut copied = events.clone();
            copied.insert(place, events[place].clone());
            assert_eq!(first_bad(copied, &head), Some(place as u64 + 2));
            for other in place + 1..events.len() {
                let mut moved = events.clone();
                moved.swap(place, other);
                assert_eq!(first_bad(moved, &head), Some(place as u64 + 1));
            }
        }
    }

    #[test]
    fn an_edit_that_is_sealed_again_is_found_at_the_next_event_or_by_the_head() {
        let events = log("a", 4);
        let head = head(&events);
        let workspace = WorkspaceId::parse("a").unwrap();
        let mut edited = events.clone();
        edited[1] = seal(&workspace, 2, &events[0].hash, r#"{"workspace":"a"}"#.to_owned());
        assert_eq!(first_bad(edited, &head), Some(3));

        let mut rewritten = events[..2].to_vec();
        for sequence in 3..=4 {
            let previous = rewritten[sequence - 2].hash.clone();
            let content = r#"{"workspace":"a"}"#.to_owned();
            rewritten.push(seal(&workspace, sequence as u64, &previous, content));
        }
        assert!(verify(rewritten.clone(), None).is_ok(), "without a head elsewhere nobody can tell");
        let broken = verify(rewritten, Some(head.clone())).unwrap_err();
        assert_eq!((broken.sequence, broken.reason), (4, Reason::Rewritten));
        for kept in 0..4 {
            let broken = verify(events[..kept].to_vec(), Some(head.clone())).unwrap_err();
            assert_eq!((broken.sequence, broken.reason), (kept as u64 + 1, Reason::Truncated));
        }
    }

    #[test]
    fn an_event_of_another_workspace_never_fits() {
        let (own, foreign) = (log("a", 3), log("b", 3));
        for place in 0..3 {
            let mut mixed = own.clone();
            mixed[place] = foreign[place].clone();
            // In the first place it begins a log of its own, which then breaks at the second.
            assert_eq!(first_bad(mixed, &head(&own)), Some((place as u64 + 1).max(2)));
        }
        let workspace = WorkspaceId::parse("b").unwrap();
        let smuggled = seal(&workspace, 3, &own[1].hash, r#"{"workspace":"b"}"#.to_owned());
        let broken = verify([own[0].clone(), own[1].clone(), smuggled], None).unwrap_err();
        assert_eq!(broken.reason, Reason::Foreign);
    }

    #[test]
    fn content_that_is_not_canonical_is_not_an_event() {
        let workspace = WorkspaceId::parse("a").unwrap();
        for content in [r#"{ "workspace":"a"}"#, r#"{"workspace":"a","workspace":"a"}"#, r#"{"other":1}"#, "text"] {
            let event = seal(&workspace, 1, GENESIS, content.to_owned());
            assert_eq!(verify([event], None).unwrap_err().reason, Reason::Unreadable, "{content}");
        }
    }
}
