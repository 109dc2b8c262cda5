//! Reads an exported audit log and tells whether it is what was written, and where it is not. It stands alone: it knows the
//! export's format from this page and shares with the writer nothing but the hash function, so that a fault of the writer
//! is not a blind spot of the verifier too.
//!
//! # The export
//!
//! JSON Lines, each line the shortest JSON of its value and ended by a line feed; an edit that changes nothing but the
//! spelling is still an edit.
//!
//! 1. `{"format":1,"key":K,"events":N,"checkpoints":M,"checkpoint":C}`: the public key, how many lines follow of each
//!    kind, and the checkpoint over all of them.
//! 2. `{"sequence":S,"content":T,"previous":P,"hash":H}`, S from 1 without gaps. T is JSON with sorted keys that names the
//!    `workspace`, the same in all. H is SHA-256 over 0x02, then each of workspace, P and T behind its length in eight
//!    bytes, then S in eight bytes, big-endian; P is the H before, or 64 zeros.
//! 3. `{"checkpoint":C}`, right behind the event at its size. C is a C2SP `tlog-checkpoint` signed with K: origin
//!    `aizuchi/WORKSPACE/FIRST/EPOCH`, where FIRST is the half of the first event's H and EPOCH 1 and one more for every
//!    `log.resumed` before it; size; and the root of the RFC 6962 tree whose leaves are the T.
//!
//! Whoever holds the database *and* the signing key can write a whole log anew. Checkpoints that were kept elsewhere show
//! it: [`Pins`] takes them, and the key.

mod note;
mod reading;
mod tree;

use std::io::BufRead;

use note::Note;
pub use note::VerifierKey;
use reading::{EventLine, Line, lines};
use tree::{Hash, Tree};

/// What is known from elsewhere.
#[derive(Debug, Default)]
pub struct Pins {
    /// The public key, as the server showed it.
    pub key: Option<VerifierKey>,
    /// Signed checkpoints that were kept: a log may have grown since, and never otherwise.
    pub checkpoints: Vec<String>,
}

/// A log that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Whose log it is.
    pub workspace: String,
    /// How many events it has.
    pub events: u64,
    /// The key that signed it: worth as much as the way it came.
    pub key: String,
    /// How many kept checkpoints it agrees with.
    pub kept: usize,
}

/// The first place where a log is not what was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the log is broken at {sequence}: {reason}")]
pub struct Broken {
    /// The first sequence number that is bad, missing, or vouched for by nothing any more.
    pub sequence: u64,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The line is none of the three kinds.
    #[error("the line is no line of an export: {0}")]
    Line(String),
    /// The first line is missing or says something impossible.
    #[error("the first line does not say what the export holds: {0}")]
    Head(&'static str),
    /// Something else stands in its place.
    #[error("something else stands where the event with this number should")]
    Gap,
    /// It does not follow from the event before it.
    #[error("it does not carry the hash of the event before it")]
    Previous,
    /// It was edited.
    #[error("its hash does not fit its content")]
    Hash,
    /// Its content is not JSON with sorted keys that names a workspace.
    #[error("its content is not JSON with sorted keys that names a workspace")]
    Content,
    /// It belongs to another log.
    #[error("it belongs to another workspace")]
    Foreign,
    /// A checkpoint that does not verify.
    #[error("the checkpoint here is not one that this key signed for this log: {0}")]
    Checkpoint(&'static str),
    /// The events since the checkpoint before are not those that were signed.
    #[error("the events from here on are not those whose checkpoint was signed at {0}")]
    Rewritten(u64),
    /// The log ends before it.
    #[error("the log ends before it")]
    Truncated,
    /// Lines that the first line does not count.
    #[error("the export holds more or fewer checkpoints than it says")]
    Count,
}

/// Reads an export to its end, or to the first place that is bad.
pub fn verify(export: impl BufRead, pins: &Pins) -> Result<Verified, Broken> {
    let mut lines = lines(export);
    let bad_head = |reason| Broken { sequence: 1, reason };
    let head = match lines.next() {
        Some(Ok(Line::Head(head))) => head,
        Some(Err(said)) => return Err(bad_head(Reason::Line(said))),
        _ => return Err(bad_head(Reason::Head("it is missing"))),
    };
    let key = VerifierKey::parse(&head.key).ok_or_else(|| bad_head(Reason::Head("its key cannot be read")))?;
    if pins.key.as_ref().is_some_and(|pinned| *pinned != key) {
        return Err(bad_head(Reason::Head("it was signed with another key than the one expected")));
    }
    let whole = Note::open(&head.checkpoint, &key).map_err(|said| bad_head(Reason::Checkpoint(said)))?;
    if whole.size != head.events || head.format != 1 {
        return Err(bad_head(Reason::Head("its checkpoint is of another size, or its format is unknown")));
    }
    let kept = kept(pins, &key)?;
    let mut log = Log { key, kept, ..Log::default() };
    for line in lines {
        log.take(line)?;
    }
    log.finish(&whole, head.events, head.checkpoints)
}

/// The checkpoints that somebody kept, which have to be ours before they can witness against the log.
fn kept(pins: &Pins, key: &VerifierKey) -> Result<Vec<Note>, Broken> {
    let open = |note: &String| Note::open(note, key);
    pins.checkpoints
        .iter()
        .map(open)
        .collect::<Result<_, _>>()
        .map_err(|said| Broken { sequence: 1, reason: Reason::Checkpoint(said) })
}

/// The log as far as it was read.
struct Log {
    key: VerifierKey,
    kept: Vec<Note>,
    workspace: Option<String>,
    first: String,
    epoch: u64,
    sequence: u64,
    hash: String,
    tree: Tree,
    checkpoints: u64,
    /// Up to where a signature vouches for what was read.
    vouched: u64,
    agreed: usize,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            key: VerifierKey::none(),
            kept: Vec::new(),
            workspace: None,
            first: String::new(),
            epoch: 1,
            sequence: 0,
            hash: "0".repeat(64),
            tree: Tree::default(),
            checkpoints: 0,
            vouched: 0,
            agreed: 0,
        }
    }
}

impl Log {
    fn take(&mut self, line: Result<Line, String>) -> Result<(), Broken> {
        match line {
            Ok(Line::Event(event)) => self.event(event),
            Ok(Line::Checkpoint(note)) => self.checkpoint(&note),
            Ok(Line::Head(_)) => Err(self.next(Reason::Line("a second first line".to_owned()))),
            Err(said) => Err(self.next(Reason::Line(said))),
        }
    }

    fn next(&self, reason: Reason) -> Broken {
        Broken { sequence: self.sequence + 1, reason }
    }

    fn event(&mut self, event: EventLine) -> Result<(), Broken> {
        let sequence = self.sequence + 1;
        if event.sequence != sequence {
            return Err(self.next(Reason::Gap));
        }
        if event.previous != self.hash {
            return Err(self.next(Reason::Previous));
        }
        let Some((workspace, kind)) = reading::content(&event.content) else {
            return Err(self.next(Reason::Content));
        };
        if self.workspace.as_ref().is_some_and(|own| *own != workspace) {
            return Err(self.next(Reason::Foreign));
        }
        if tree::chained(&workspace, sequence, &event.previous, &event.content) != event.hash {
            return Err(self.next(Reason::Hash));
        }
        if sequence == 1 {
            self.first = event.hash[..32].to_owned();
        }
        self.epoch += u64::from(kind == "log.resumed");
        self.workspace = Some(workspace);
        self.hash = event.hash;
        self.sequence = sequence;
        self.tree.push(&event.content);
        self.meet_kept()
    }

    /// Checkpoints that were kept at this size of the log. Those of an epoch that was lost are of no log any more.
    fn meet_kept(&mut self) -> Result<(), Broken> {
        let (origin, sequence, root) = (self.origin(), self.sequence, self.tree.root());
        for note in self.kept.iter().filter(|note| note.size == sequence) {
            if note.origin != origin || note.root != root {
                return Err(Broken { sequence: self.vouched + 1, reason: Reason::Rewritten(sequence) });
            }
            self.agreed += 1;
            self.vouched = sequence;
        }
        Ok(())
    }

    fn checkpoint(&mut self, note: &str) -> Result<(), Broken> {
        let here = |reason| Broken { sequence: self.sequence.max(1), reason };
        let note = Note::open(note, &self.key).map_err(|said| here(Reason::Checkpoint(said)))?;
        if note.size > self.sequence && note.origin == self.origin() {
            // It was signed over events that do not stand before it.
            return Err(self.next(Reason::Gap));
        }
        if note.size != self.sequence || note.origin != self.origin() {
            return Err(here(Reason::Checkpoint("it is of another size, another log or another epoch")));
        }
        if note.root != self.tree.root() {
            return Err(Broken { sequence: self.vouched + 1, reason: Reason::Rewritten(self.sequence) });
        }
        self.vouched = self.sequence;
        self.checkpoints += 1;
        Ok(())
    }

    fn origin(&self) -> String {
        let workspace = self.workspace.as_deref().unwrap_or_default();
        format!("aizuchi/{workspace}/{}/{}", self.first, self.epoch)
    }

    fn finish(self, whole: &Note, events: u64, checkpoints: u64) -> Result<Verified, Broken> {
        let longest = self.kept.iter().map(|note| note.size).chain([events]).max().unwrap_or_default();
        if self.sequence < longest {
            return Err(self.next(Reason::Truncated));
        }
        if self.sequence > events {
            return Err(Broken { sequence: events + 1, reason: Reason::Count });
        }
        if whole.root != self.tree.root() || whole.origin != self.origin() {
            return Err(Broken { sequence: self.vouched + 1, reason: Reason::Rewritten(events) });
        }
        if self.checkpoints != checkpoints {
            return Err(Broken { sequence: self.sequence.max(1), reason: Reason::Count });
        }
        let workspace = self.workspace.unwrap_or_default();
        Ok(Verified { workspace, events, key: self.key.to_string(), kept: self.agreed })
    }
}

/// Whether an event stands in the log that a signed checkpoint is of: nothing else of the log is needed, or shown.
/// `path` leads from the event at `index` (from 0) to the root, lowest first, each hash in hexadecimal.
pub fn included(content: &str, index: u64, path: &[String], note: &str, key: &VerifierKey) -> Result<(), String> {
    let note = Note::open(note, key).map_err(str::to_owned)?;
    let read = |hash: &String| -> Option<Hash> { hex::decode(hash).ok()?.try_into().ok() };
    let path: Vec<Hash> = path.iter().map(read).collect::<Option<_>>().ok_or("a hash of the path cannot be read")?;
    match tree::led_to(content, index, note.size, &path) {
        Some(root) if root == note.root => Ok(()),
        _ => Err("the path does not lead from this event to the root that was signed".to_owned()),
    }
}
