//! The Merkle tree over the events of a log, as RFC 6962 (section 2.1) builds it: its root stands for the whole log in 32
//! bytes, and a path of hashes shows one event to be in it without showing another.
//!
//! A writer keeps the right edge alone. Of the whole subtrees it finishes, those of every eighth height are worth
//! storing: with them and the leaves of one block any root and any path can be made again.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// The hash of a leaf or of a subtree.
pub type Hash = [u8; 32];

/// How many heights lie between two that are stored: a stored subtree of the lowest kind has 256 leaves.
const STRIDE: u32 = 8;
/// How many leaves a stored subtree of the lowest kind has.
pub const BLOCK: u64 = 1 << STRIDE;

/// The hash of an event's canonical bytes: SHA-256 over 0x00 and them.
pub fn leaf(content: &str) -> Hash {
    Sha256::new().chain_update([0]).chain_update(content).finalize().into()
}

/// SHA-256 over 0x01 and both halves.
fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// A subtree without gaps: 2^height leaves, the first of them `place` times as many from the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole {
    /// How many levels it has above its leaves.
    pub height: u32,
    /// How many subtrees of its size stand to the left.
    pub place: u64,
    /// Its root.
    pub hash: Hash,
}

/// The right edge of a tree: the roots of the largest whole subtrees, from the left.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edge {
    size: u64,
    roots: Vec<(u32, Hash)>,
}

impl Edge {
    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next leaf; answers with the subtrees it made whole that are worth storing.
    pub fn push(&mut self, leaf: Hash) -> Vec<Whole> {
        self.push_whole(0, leaf)
    }

    /// The same for a whole subtree, which has to be no larger than the last one that was taken.
    pub fn push_whole(&mut self, height: u32, hash: Hash) -> Vec<Whole> {
        let (mut height, mut hash, mut made) = (height, hash, Vec::new());
        self.size += 1 << height;
        while let Some((_, left)) = self.roots.pop_if(|(last, _)| *last == height) {
            hash = node(&left, &hash);
            height += 1;
            if height.is_multiple_of(STRIDE) {
                made.push(Whole { height, place: (self.size >> height) - 1, hash });
            }
        }
        self.roots.push((height, hash));
        made
    }

    /// The root of the tree; of an empty one the hash of nothing.
    pub fn root(&self) -> Hash {
        let mut from_right = self.roots.iter().rev().map(|(_, hash)| *hash);
        let Some(last) = from_right.next() else { return Sha256::digest([]).into() };
        from_right.fold(last, |right, left| node(&left, &right))
    }

    /// As one word: size and hashes in hexadecimal.
    pub fn write(&self) -> String {
        let hashes = self.roots.iter().map(|(_, hash)| format!(":{}", hex::encode(hash)));
        format!("{}{}", self.size, hashes.collect::<String>())
    }

    /// Reads what [`Edge::write`] wrote.
    pub fn parse(word: &str) -> Option<Self> {
        let mut parts = word.split(':');
        let size: u64 = parts.next()?.parse().ok()?;
        let heights = (0..u64::BITS).rev().filter(|height| size & 1 << height != 0);
        let hashes: Vec<Hash> = parts.map(|part| hex::decode(part).ok()?.try_into().ok()).collect::<Option<_>>()?;
        let heights: Vec<u32> = heights.collect();
        (heights.len() == hashes.len()).then(|| Self { size, roots: heights.into_iter().zip(hashes).collect() })
    }
}

/// Subtrees that were stored, and leaves that were read for one question.
#[derive(Debug, Default)]
pub struct Known(BTreeMap<(u32, u64), Hash>);

impl Known {
    /// Knows one more; a leaf has height 0.
    pub fn add(&mut self, Whole { height, place, hash }: Whole) {
        self.0.insert((height, place), hash);
    }

    /// The hashes that lead from the leaf at `index` (from 0) to the root of the tree with `size` leaves, the lowest
    /// first (RFC 6962, section 2.1.1). `None` where it is not in the tree or something needed is not known.
    pub fn path(&self, index: u64, size: u64) -> Option<Vec<Hash>> {
        let (mut start, mut len, mut path) = (0, size, Vec::new());
        if index >= size {
            return None;
        }
        while len > 1 {
            let left = left_of(len);
            if index < start + left {
                path.push(self.range(start + left, len - left)?);
                len = left;
            } else {
                path.push(self.range(start, left)?);
                (start, len) = (start + left, len - left);
            }
        }
        path.reverse();
        Some(path)
    }

    /// The hash over the leaves from `start` on.
    fn range(&self, start: u64, len: u64) -> Option<Hash> {
        let height = len.trailing_zeros();
        if len.is_power_of_two()
            && let Some(hash) = self.0.get(&(height, start >> height))
        {
            return Some(*hash);
        }
        if len <= 1 {
            return None;
        }
        let left = left_of(len);
        Some(node(&self.range(start, left)?, &self.range(start + left, len - left)?))
    }
}

/// How many leaves the left half has: the largest power of two below the number of all.
fn left_of(len: u64) -> u64 {
    1 << (u64::BITS - 1 - (len - 1).leading_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(n: u64) -> Vec<Hash> {
        (0..n).map(|n| leaf(&n.to_string())).collect()
    }

    /// The definition, word for word: slow and surely right.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => *one,
            many => {
                let (left, right) = many.split_at(left_of(many.len() as u64) as usize);
                node(&by_definition(left), &by_definition(right))
            }
        }
    }

    /// The root that a path leads to, after RFC 9162, section 2.1.3.2.
    fn led_to(leaf: Hash, index: u64, size: u64, path: &[Hash]) -> Hash {
        let (mut at, mut last, mut hash) = (index, size - 1, leaf);
        for other in path {
            if at % 2 == 1 || at == last {
                hash = node(other, &hash);
                while at % 2 == 0 && at != 0 {
                    (at, last) = (at >> 1, last >> 1);
                }
            } else {
                hash = node(&hash, other);
            }
            (at, last) = (at >> 1, last >> 1);
        }
        hash
    }

    #[test]
    fn the_edge_has_the_root_that_the_definition_gives_and_survives_being_written_down() {
        let all = leaves(700);
        let mut edge = Edge::default();
        for (n, leaf) in all.iter().enumerate() {
            assert_eq!(edge.root(), by_definition(&all[..n]));
            edge.push(*leaf);
            assert_eq!(Edge::parse(&edge.write()).as_ref(), Some(&edge));
        }
        for broken in ["", "x", "1", "1:ab", "2:", &format!("{}:00", edge.write())] {
            assert_eq!(Edge::parse(broken), None, "{broken}");
        }
    }

    #[test]
    fn every_path_leads_to_the_root_with_stored_subtrees_and_the_leaves_of_two_blocks() {
        let all = leaves(600);
        for size in [1, 2, 3, 255, 256, 257, 511, 512, 600] {
            let (mut edge, mut stored) = (Edge::default(), Vec::new());
            all[..size as usize].iter().for_each(|leaf| stored.extend(edge.push(*leaf)));
            for index in (0..size).step_by(7).chain([size - 1]) {
                let mut known = Known::default();
                stored.iter().for_each(|whole| known.add(*whole));
                for place in (0..size).filter(|at| at / BLOCK == index / BLOCK || at / BLOCK == (size - 1) / BLOCK) {
                    known.add(Whole { height: 0, place, hash: all[place as usize] });
                }
                let path = known.path(index, size).unwrap();
                assert_eq!(led_to(all[index as usize], index, size, &path), edge.root(), "{index} of {size}");
            }
        }
        assert_eq!(Known::default().path(0, 2), None);
        assert_eq!(Known::default().path(3, 3), None);
    }

    #[test]
    fn a_tree_is_made_again_from_its_stored_subtrees() {
        let all = leaves(66_000);
        let (mut edge, mut stored) = (Edge::default(), Vec::new());
        all.iter().for_each(|leaf| stored.extend(edge.push(*leaf)));
        let mut again = Edge::default();
        for height in [16, 8] {
            let from = again.size();
            let whole = |whole: &&Whole| whole.height == height && whole.place << height >= from;
            stored.iter().filter(whole).for_each(|whole| drop(again.push_whole(height, whole.hash)));
        }
        let from = again.size() as usize;
        all[from..].iter().for_each(|leaf| drop(again.push(*leaf)));
        assert_eq!((again.size(), again.root()), (edge.size(), edge.root()));
    }
}
