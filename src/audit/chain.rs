//! The hash chain: each event carries the hash of the one before it, so that a flipped, missing, added or
//! moved event shows. Whoever holds the whole log can still rewrite it from some point on; a signed checkpoint kept
//! elsewhere is what shows that.

use sha2::{Digest, Sha256};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_depends_on_workspace_place_content_and_all_before_it() {
        let (shop, other) = (WorkspaceId::parse("a").unwrap(), WorkspaceId::parse("b").unwrap());
        let seal = |workspace, sequence, previous: &str| seal(workspace, sequence, previous, "{}".to_owned()).hash;
        let own = seal(&shop, 1, GENESIS);
        assert_eq!(own, seal(&shop, 1, GENESIS));
        for changed in [seal(&other, 1, GENESIS), seal(&shop, 2, GENESIS), seal(&shop, 1, &own)] {
            assert_ne!(changed, own);
        }
    }
}
