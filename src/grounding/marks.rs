//! Words that turn a sentence round without changing what it talks about: one of a pair that exclude each other, and how
//! far a rule reaches (のみ, も, にかかわらず).

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;

/// How far a rule reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// For this and nothing else: のみ, に限り.
    Only,
    /// For something else as well: も, のほか, だけでなく.
    Also,
    /// Whatever the case: にかかわらず, を問わず, どなたでも.
    Any,
    /// Not for everything: を除く, 以外は.
    Except,
}

/// What was found in a sentence, with its place in characters.
#[derive(Debug, Default)]
pub struct Marks {
    /// Of which pair which side stands where.
    pub sides: Vec<(u16, bool, usize)>,
    /// How far it reaches.
    pub reaches: Vec<(Reach, usize)>,
}

struct Pairs {
    words: AhoCorasick,
    sides: Vec<(u16, bool)>,
}

/// A word that stands on one side of several pairs is read once for each: 翌日 is neither 当日 nor 翌々日.
static PAIRS: LazyLock<Pairs> = LazyLock::new(|| {
    let (mut words, mut sides) = (Vec::new(), Vec::new());
    let lines = include_str!("antonyms.tsv").lines().filter(|line| !line.starts_with('#'));
    for (pair, line) in (0u16..).zip(lines) {
        let Some((left, right)) = line.split_once('\t') else { continue };
        for (side, of) in [(false, left), (true, right)] {
            for word in of.split(' ') {
                words.push(word);
                sides.push((pair, side));
            }
        }
    }
    // All that stand anywhere, also inside one another: the longer of one pair is told apart below.
    let words = AhoCorasick::builder().match_kind(MatchKind::Standard).build(words).expect("a constant table");
    Pairs { words, sides }
});

static REACHES: LazyLock<[(Reach, Regex); 4]> = LazyLock::new(|| {
    let regex = |words: &str| crate::language::pattern::regex(words).expect("a constant pattern");
    [
        (
            Reach::Any,
            regex(concat!(
                r"に?(?:かかわらず|関わらず|拘らず|関係なく)|を?問わず|の有無|(?:どなた|誰|だれ|どちら|いずれ|どこ|いつ|何(?:回|点|個|枚|度|名)|どの[^、。]{1,8})でも",
                r"|(?:前|後)でも(?:後|前)でも|(?:すべて|全て|全商品|全品|一律|全員|全額)|を待たず|も?含めて?|(?:も|まで)?含み|しなくても|なくても"
            )),
        ),
        (
            Reach::Only,
            regex(
                r"に限(?:り|ら|る|っ|定)|にかぎ(?:り|ら|る|っ)|のみ|限定|だけ(?:の|が|は|に|と|で(?:す|ご|、)|、|。|を)|しか[^、。]{1,12}(?:ません|ない)|が条件|を条件|専用|いずれか",
            ),
        ),
        (
            Reach::Also,
            regex(
                r"(?:の)?ほか(?:に|、)?|だけでなく|のみならず|(?:で|に|と|から|へ|は|を)も(?:ご|お|承|可|選|利|対|受|同|、|無|行|い|あ|指|な)|も(?:ご利用|お選び|承|お受け|対象|可能|同じ|同様|ご覧|お使い|無料|受け付け|含|お付け)|(?:どちら|両方|いずれ|とも)(?:に|を|も|とも)|でも(?:承|ご|お|受|可|、)",
            ),
        ),
        (Reach::Except, regex(r"を?除(?:き|く|い)|以外(?:は|の)|対象外|ただし")),
    ]
});

impl Marks {
    /// Reads a text in normal form.
    pub fn of(text: &str) -> Self {
        let place = |byte: usize| text[..byte].chars().count();
        let found: Vec<_> = PAIRS.words.find_overlapping_iter(text).collect();
        let mut marks = Self::default();
        for hit in &found {
            let (pair, side) = PAIRS.sides[hit.pattern().as_usize()];
            // 税込 stands in no 税込 of the other side, but 開封後 in 未開封後: the longer word is the one that is meant.
            let inside = found.iter().any(|other| {
                PAIRS.sides[other.pattern().as_usize()].0 == pair
                    && other.start() <= hit.start()
                    && hit.end() <= other.end()
                    && other.range() != hit.range()
            });
            if !inside {
                marks.sides.push((pair, side, place(hit.start())));
            }
        }
        for (reach, pattern) in REACHES.iter() {
            marks.reaches.extend(pattern.find_iter(text).map(|hit| (*reach, place(hit.start()))));
        }
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_word_of_a_pair_is_the_one_that_is_meant() {
        let sides = |text: &str| Marks::of(text).sides.into_iter().map(|(_, side, _)| side).collect::<Vec<_>>();
        assert_eq!(sides("開封済みの商品"), [false]);
        assert_eq!(sides("未開封の商品"), [true]);
        assert_eq!(sides("開封していない商品"), [true]);
    }

    #[test]
    fn how_far_a_rule_reaches_is_read() {
        let first = |text: &str| Marks::of(text).reaches.first().map(|(reach, _)| *reach);
        assert_eq!(first("会員のお客様に限ります"), Some(Reach::Only));
        assert_eq!(first("ゲストのお客様にもお付けします"), Some(Reach::Also));
        assert_eq!(first("金額にかかわらず無料です"), Some(Reach::Any));
        assert_eq!(first("沖縄を除く地域"), Some(Reach::Except));
        assert_eq!(first("送料は550円です"), None);
    }
}
