//! Whether two texts say the same in nearly the same words, and whether they then agree.
//!
//! 「8日以内」 and 「14日以内」 share nearly all of their letters, and so do 「できます」 and 「できません」: figures and
//! negations are compared by themselves.

use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock},
};

use regex::Regex;

use super::{
    memo::Memo,
    normal::Normalised,
    quantity::{self, Value},
};

/// From so large a share of common letter pairs on, two texts are in nearly the same words. Chosen on pairs of policy and
/// FAQ that state one rule twice (0.8 and above) and of rules for neighbouring cases (0.6 and below).
const NEARLY_THE_SAME: f64 = 0.75;

/// Words of 64 bits; a passage has some three hundred pairs.
const WORDS: usize = 16;

static NEGATION: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex("ません|ない|なく|できず|せず|不可|かね(?:ます|る)|対象外|お断り|除(?:き|く)|以外")
        .expect("a constant pattern")
});

static SHAPES: LazyLock<Memo<Shape>> = LazyLock::new(|| Memo::new(16_384));

/// A text as it is compared with others.
#[derive(Debug)]
pub struct Shape {
    /// Pairs of neighbouring letters, digits and signs left out, sorted, each once.
    pairs: Vec<(char, char)>,
    /// The values of its typed facts, in order.
    figures: Vec<Value>,
    /// Its negations, in order.
    negations: Vec<String>,
}

/// A text at a glance, in a microsecond: a bit for each pair of neighbouring letters, several pairs sharing one.
pub struct Glance {
    bits: [u64; WORDS],
    /// How many pairs there are at most.
    pairs: usize,
    /// Its digits, one after another.
    digits: String,
}

impl Glance {
    /// Looks at a text.
    pub fn of(text: &str) -> Self {
        let digit = |c: char| match c {
            '0'..='9' => Some(c),
            '０'..='９' => char::from_u32(c as u32 - 0xfee0),
            _ => None,
        };
        let digits = text.chars().filter_map(digit).collect();
        let mut glance = Self { bits: [0; WORDS], pairs: 0, digits };
        let mut before = None;
        for c in text.chars().filter(|c| is_letter(*c)) {
            if let Some(before) = before {
                let bit = bit((before, c));
                glance.bits[bit / 64] |= 1 << (bit % 64);
                glance.pairs += 1;
            }
            before = Some(c);
        }
        glance
    }

    /// Whether so many pairs stand in one alone that the two cannot be [`Likeness::Same`], as far as they are written in the same
    /// width: a list of passages compares each with each, and nearly all are told apart by this. Every bit that
    /// differs is a pair that differs, if not more.
    ///
    /// As many digits and others are other figures: the one rule for a hundred goods needs no reading. Another number of digits
    /// may be another way to write the same (8日, 八日).
    pub fn is_far_from(&self, other: &Self) -> bool {
        if self.digits.len() == other.digits.len() && self.digits != other.digits {
            return true;
        }
        let differing: u32 = self.bits.iter().zip(&other.bits).map(|(one, other)| (one ^ other).count_ones()).sum();
        let all = (self.pairs + other.pairs) as f64;
        f64::from(differing) > all * (1.0 - NEARLY_THE_SAME) / (1.0 + NEARLY_THE_SAME)
    }
}

/// How two texts stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// They speak of different things.
    Different,
    /// They say the same in nearly the same words.
    Same,
    /// They use nearly the same words, and figures or negations differ.
    AtOdds,
}

impl Shape {
    /// Reads a text of the shop, once.
    pub fn of(text: &str) -> Arc<Self> {
        SHAPES.of(text, |text| {
            let normal = Normalised::of(text);
            let letters: Vec<char> = normal.as_str().chars().filter(|c| is_letter(*c)).collect();
            let pairs: BTreeSet<(char, char)> = letters.windows(2).map(|pair| (pair[0], pair[1])).collect();
            let negations = NEGATION.find_iter(normal.as_str()).map(|found| found.as_str().to_owned());
            Self {
                pairs: pairs.into_iter().collect(),
                figures: quantity::facts_of(&normal).into_iter().map(|fact| fact.value).collect(),
                negations: negations.collect(),
            }
        })
    }

    /// How this stands to another.
    pub fn likeness(&self, other: &Self) -> Likeness {
        if self.overlap(other) < NEARLY_THE_SAME {
            return Likeness::Different;
        }
        match self.figures == other.figures && self.negations == other.negations {
            true => Likeness::Same,
            false => Likeness::AtOdds,
        }
    }

    /// The share of letter pairs that stand in both among those that stand in either (Jaccard).
    fn overlap(&self, other: &Self) -> f64 {
        let (short, long) = match self.pairs.len() <= other.pairs.len() {
            true => (&self.pairs, &other.pairs),
            false => (&other.pairs, &self.pairs),
        };
        if short.is_empty() {
            return 0.0;
        }
        let both = short.iter().filter(|pair| long.binary_search(pair).is_ok()).count();
        both as f64 / (short.len() + long.len() - both) as f64
    }
}

fn is_letter(c: char) -> bool {
    match c {
        'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '々' | '\u{4e00}'..='\u{9fff}' | 'a'..='z' | 'A'..='Z' => true,
        '\0'..='\u{7f}' | '\u{3000}'..='\u{3004}' | '\u{ff01}'..='\u{ff20}' => false,
        // The tables of Unicode are asked about the rest alone.
        _ => c.is_alphabetic(),
    }
}

fn bit((one, other): (char, char)) -> usize {
    let mixed = (u64::from(one) << 32 | u64::from(other)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 54) as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_far_is_never_alike(one in "[あ-おか-こ一二三]{0,60}", other in "[あ-おか-こ一二三]{0,60}", cut in 0..60_usize) {
            // Also one that begins as the other does.
            let close: String = one.chars().take(cut).chain(other.chars().take(4)).collect();
            for other in [&other, &close] {
                let far = Glance::of(&one).is_far_from(&Glance::of(other));
                prop_assert!(!far || Shape::of(&one).overlap(&Shape::of(other)) < NEARLY_THE_SAME);
            }
        }
    }

    fn likeness(one: &str, other: &str) -> Likeness {
        Shape::of(one).likeness(&Shape::of(other))
    }

    #[test]
    fn the_same_rule_in_nearly_the_same_words_is_the_same() {
        let rule = "開封後の商品は、到着から8日以内であれば返品を承ります。送料はお客様のご負担です。";
        for same in [
            "開封後の商品は、到着から８日以内であれば返品を承ります。送料はお客様の御負担です。",
            "開封後の商品は到着から八日以内であれば、返品を承ります。送料は、お客様のご負担です。",
        ] {
            assert_eq!(likeness(rule, same), Likeness::Same, "{same}");
        }
        assert_eq!(likeness(rule, "領収書は、会員ページから発行していただけます。"), Likeness::Different);
    }

    #[test]
    fn another_figure_or_a_negation_is_at_odds() {
        let rule = "開封後の商品は、返品できます。到着から8日以内に会員ページからお申し込みください。";
        for odd in [
            "開封後の商品は、返品できます。到着から14日以内に会員ページからお申し込みください。",
            "開封後の商品は、返品できません。到着から8日以内に会員ページからお申し込みください。",
        ] {
            assert_eq!(likeness(rule, odd), Likeness::AtOdds, "{odd}");
        }
    }

    #[test]
    fn nothing_is_like_nothing() {
        assert_eq!(likeness("", ""), Likeness::Different);
        assert_eq!(likeness("123", "123"), Likeness::Different);
    }
}
