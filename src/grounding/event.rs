//! From which event a length of time is counted: 到着 in 到着日の翌日から8日以内, 校了 in 校了から10営業日後.

use std::sync::LazyLock;

use regex::Regex;

use super::terms::{Term, Word, words};

/// How many characters before the number are looked at.
const REACH: usize = 28;
/// How many characters long the event may be.
const NEAR: usize = 10;

/// What leads from the event to the number, taken off from the right; without it there is none.
static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(concat!(
        r"(?:の?(?:日|当日|翌日|翌営業日|時点?|完了|確認|確定|予定日?|終了)",
        r"|いただいて|いただいた|いただき|されて?た?|なさって?た?|した|して|しまして|になって|になった|がお?済|後に|を|が|の|は|に|て|た|れ|き|い|っ|し|け|り",
        r"|から|より|後|のち|以降|以後|含め?て?|起算(?:して)?|数えて?|、|約|およそ|最短|最大|最長|\(|\)|で)*$"
    ))
    .expect("a constant pattern")
});
static FROM: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"から|より|後|のち|起算|翌日|翌営業日|日$|日の$|日を含")
        .expect("a constant pattern")
});

/// The event that the number behind `before` is counted from, as its last words: 通知 and 届 in 通知が届いてから. Empty where
/// none is named. `bounded` says that the number is an upper bound, which is counted from what stands right before it:
/// 到着8日以内.
pub fn counted_from(before: &str, bounded: bool) -> Vec<Term> {
    let start = before.char_indices().rev().nth(REACH - 1).map_or(0, |(byte, _)| byte);
    let Some(near) = before[start..].rsplit(['。', '\n', '!', '?', '】']).next() else { return Vec::new() };
    let Some(lead) = COUNTED.find(near) else { return Vec::new() };
    let counted = FROM.is_match(lead.as_str()) || bounded && lead.as_str().is_empty();
    if !counted {
        return Vec::new();
    }
    // What stands before a topic or a comma is another matter.
    let named = &near[..lead.start()];
    let named = named.rsplit(['は', '、', ',', '/', '(']).next().unwrap_or(named);
    let end = named.chars().count();
    let told: Vec<Word> = words(named, &[]).into_iter().filter(|word| word.at + NEAR >= end).collect();
    let mut event: Vec<Term> =
        told.iter().filter(|word| word.weight > 0.5).rev().take(2).map(|word| word.term).collect();
    // Whether the day itself is the first.
    if !event.is_empty() {
        event.extend(counts_itself(lead.as_str()).map(first_day));
    }
    event
}

fn counts_itself(lead: &str) -> Option<bool> {
    let included = lead.contains("含") && !lead.contains("含めず");
    if included { Some(true) } else { lead.contains("翌日").then_some(false) }
}

/// The mark of a length whose event is its first day, or is not.
fn first_day(included: bool) -> Term {
    Term::from(included) + 100
}

/// Whether two lengths of time are counted from the same event, as far as both say.
pub fn are_one(one: &[Term], other: &[Term]) -> bool {
    let marks = [first_day(true), first_day(false)];
    let first = |event: &[Term]| event.iter().copied().find(|term| marks.contains(term));
    let days = first(one).zip(first(other)).is_none_or(|(one, other)| one == other);
    let named = |term: &&Term| !marks.contains(term);
    days && (one.is_empty() || other.is_empty() || one.iter().filter(named).any(|term| other.contains(term)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(before: &str) -> Vec<Term> {
        counted_from(before, true)
    }

    #[test]
    fn the_event_is_read_whatever_leads_from_it_to_the_number() {
        let arrival = from("商品到着後");
        assert!(!arrival.is_empty());
        for same in ["商品の到着日から", "到着日の翌日から", "商品が届いてから", "お届け日を含めて", "お届けから"]
        {
            assert!(are_one(&from(same), &arrival) && !from(same).is_empty(), "{same}");
        }
        for other in ["ご注文日から", "発送から", "ご入稿から", "校了後", "ご入金の確認から"]
        {
            assert!(!are_one(&from(other), &arrival), "{other}");
        }
        assert!(!are_one(&from("ご入稿から"), &from("校了後")));
        assert!(are_one(&from("検品を終えてから"), &from("検品が済みましてから")));
    }

    #[test]
    fn a_length_that_is_counted_from_nothing_has_no_event() {
        for none in ["保証期間は", "最短", "", "送料は"] {
            assert!(counted_from(none, false).is_empty(), "{none}");
        }
    }
}
