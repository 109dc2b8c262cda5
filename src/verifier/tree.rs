//! The hashes of a log, from their definitions.

use sha2::{Digest, Sha256};

pub type Hash = [u8; 32];

/// What ties an event to the one before it, in hexadecimal.
pub fn chained(workspace: &str, sequence: u64, previous: &str, content: &str) -> String {
    let mut bytes = vec![2u8];
    for part in [workspace, previous, content] {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part.bytes());
    }
    bytes.extend(sequence.to_be_bytes());
    hex::encode(Sha256::digest(bytes))
}

fn of_leaf(content: &str) -> Hash {
    Sha256::digest([&[0], content.as_bytes()].concat()).into()
}

fn of_two(left: Hash, right: Hash) -> Hash {
    Sha256::digest([&[1][..], &left, &right].concat()).into()
}

/// RFC 6962's tree, leaf after leaf: at each height the subtree that still waits for its right sister.
#[derive(Default)]
pub struct Tree {
    waiting: Vec<Option<Hash>>,
}

impl Tree {
    /// Takes the next leaf.
    pub fn push(&mut self, content: &str) {
        let mut carried = of_leaf(content);
        for waiting in &mut self.waiting {
            match waiting.take() {
                Some(left) => carried = of_two(left, carried),
                None => {
                    *waiting = Some(carried);
                    return;
                }
            }
        }
        self.waiting.push(Some(carried));
    }

    /// The root: what waits lowest is the right edge. The hash of nothing where nothing came.
    pub fn root(&self) -> Hash {
        let joined = self.waiting.iter().flatten().copied().reduce(|right, left| of_two(left, right));
        joined.unwrap_or_else(|| Sha256::digest([]).into())
    }
}

/// The root that a path leads to (RFC 9162, section 2.1.3.2); `None` where its length does not fit the place.
pub fn led_to(content: &str, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, of_leaf(content));
    for other in path {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            hash = of_two(*other, hash);
            // At the right edge whole levels have no left sister.
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = of_two(hash, *other);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    (last == 0).then_some(hash)
}
