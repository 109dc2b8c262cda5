//! Which letters and which pairs of neighbouring letters a text holds, to tell quickly what cannot stand in it.
//!
//! A Bloom filter (Burton H. Bloom, 1970) with one hash: what it says is not there is not there, what it says may be there
//! has to be looked for. A letter of five hundred characters fills an eighth of the bits.

use std::{cell::RefCell, hash::BuildHasher, sync::LazyLock};

use super::names;

/// A place in a digest.
pub type Probe = u16;

/// So many bits as a power of two: one kibibyte.
const BITS_LOG2: u32 = 13;

/// What a text holds.
#[derive(Clone)]
pub struct Digest([u64; 1 << (BITS_LOG2 - 6)]);

impl Digest {
    const EMPTY: Self = Self([0; 1 << (BITS_LOG2 - 6)]);

    fn of(text: &str) -> Self {
        let mut digest = Self::EMPTY;
        let mut before = None;
        for c in text.chars() {
            digest.add(letter(c));
            if let Some(before) = before {
                digest.add(pair(before, c));
            }
            before = Some(c);
        }
        digest
    }

    fn add(&mut self, probe: Probe) {
        self.0[usize::from(probe >> 6)] |= 1 << (probe & 63);
    }

    /// Whether the letter or pair may be there.
    #[inline]
    pub fn may_hold(&self, probe: Probe) -> bool {
        self.0[usize::from(probe >> 6)] >> (probe & 63) & 1 == 1
    }

    /// Asks about a text. Digests of what was asked about last are kept in each thread under a keyed fingerprint: a rule
    /// book asks hundreds of times about the same few texts. The texts themselves are not kept.
    pub fn with<T>(text: &str, ask: impl FnOnce(&Self) -> T) -> T {
        LATEST.with_borrow_mut(|latest| {
            let fingerprint = KEY.hash_one(text);
            let (known, digest) = &mut latest[fingerprint as usize % LATEST_COUNT];
            if *known != Some(fingerprint) {
                *digest = Self::of(text);
                *known = Some(fingerprint);
            }
            ask(digest)
        })
    }
}

/// An inquiry, its reply and their sentences.
const LATEST_COUNT: usize = 128;

static KEY: LazyLock<foldhash::quality::RandomState> = LazyLock::new(Default::default);

thread_local! {
    static LATEST: RefCell<Vec<(Option<u64>, Digest)>> = RefCell::new(vec![(None, Digest::EMPTY); LATEST_COUNT]);
}

/// The most telling places of a word: its pairs, those of hiragana alone last; a single letter is its own. What fills
/// up repeats the first.
pub fn probes<const N: usize>(word: &str) -> [Probe; N] {
    let chars: Vec<char> = word.chars().collect();
    let mut pairs: Vec<&[char]> = chars.windows(2.min(chars.len())).collect();
    pairs.sort_by_key(|pair| pair.iter().all(|c| names::is_hiragana(*c)));
    let probe = |of: &[char]| if let [a, b] = of { pair(*a, *b) } else { letter(of[0]) };
    let first = probe(pairs[0]);
    std::array::from_fn(|at| pairs.get(at).map_or(first, |of| probe(of)))
}

fn letter(c: char) -> Probe {
    (u32::from(c).wrapping_mul(0x9e37_79b1) >> (32 - BITS_LOG2)) as Probe
}

fn pair(a: char, b: char) -> Probe {
    let mixed = u32::from(a).wrapping_mul(0x85eb_ca6b).rotate_left(15) ^ u32::from(b).wrapping_mul(0xc2b2_ae35);
    (mixed.wrapping_mul(0x9e37_79b1) >> (32 - BITS_LOG2)) as Probe
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn may_hold(text: &str, word: &str) -> bool {
        Digest::with(text, |digest| probes::<4>(word).iter().all(|probe| digest.may_hold(*probe)))
    }

    #[test]
    fn most_words_that_are_not_there_are_known_not_to_be() {
        let text = "お世話になっております。ご注文の商品は明日発送いたします。";
        let absent = ["返品", "未開封", "見れます", "了解", "恐れ入りますが", "クレーム"];
        assert!(absent.iter().filter(|word| may_hold(text, word)).count() <= 1);
        assert!(["商品", "明日発送", "。"].iter().all(|word| may_hold(text, word)));
        assert!(!may_hold("", "。"));
    }

    proptest! {
        #[test]
        fn what_is_there_is_never_denied(before in "[ぁ-ん一-龥a-z。]{0,20}", word in "[ぁ-んァ-ヶ一-龥a-z]{1,8}", after in "\\PC{0,20}") {
            let text = format!("{before}{word}{after}");
            prop_assert!(may_hold(&text, &word));
        }
    }
}
