//! What stands around a number and limits it: 以内, 未満, 約. From where a length of time is counted is read in `grounding`.

use std::sync::LazyLock;

use regex::Regex;

use super::{Bound, Found};

/// How many characters before a fact are looked at.
const REACH: usize = 24;

/// Longest first where one begins another.
const AFTER: &[(&str, Bound)] = &[
    ("以内", Bound::AtMost),
    ("以下", Bound::AtMost),
    ("以上", Bound::AtLeast),
    ("以降", Bound::AtLeast),
    ("以後", Bound::AtLeast),
    ("未満", Bound::Under),
    ("に満たない", Bound::Under),
    ("を下回", Bound::Under),
    ("より前", Bound::Under),
    ("を超え", Bound::Over),
    ("超", Bound::Over),
    ("を過ぎ", Bound::Over),
    ("すぎ", Bound::Over),
    ("前後", Bound::About),
    ("ほど", Bound::About),
    ("程度", Bound::About),
    ("くらい", Bound::About),
    ("ぐらい", Bound::About),
    ("頃", Bound::About),
    ("ごろ", Bound::About),
    ("ごと", Bound::Every),
    ("おき", Bound::Every),
    ("につき", Bound::Every),
    ("あたり", Bound::Every),
    ("当たり", Bound::Every),
    ("まで", Bound::AtMost),
    ("が上限", Bound::AtMost),
    ("を上限", Bound::AtMost),
    ("を限度", Bound::AtMost),
    ("内", Bound::AtMost),
    ("前", Bound::Before),
    ("後", Bound::After),
];
const BEFORE: &[(&str, Bound)] = &[
    ("約", Bound::About),
    ("およそ", Bound::About),
    ("おおよそ", Bound::About),
    ("最大", Bound::AtMost),
    ("最長", Bound::AtMost),
    ("上限", Bound::AtMost),
    ("最低", Bound::AtLeast),
    ("最短", Bound::AtLeast),
];

static AFTER_TAX: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"^\s?[(【]?(?:税込み?|税抜き?|税別|消費税込み?)[)】]?")
        .expect("a constant pattern")
});
/// Fills in the bound of each.
pub fn limit(text: &str, found: &mut [Found]) {
    for fact in found {
        let (before, after) = around(text, fact);
        fact.bound = fact.bound.or_else(|| bound(before, after));
    }
}

fn around<'a>(text: &'a str, fact: &Found) -> (&'a str, &'a str) {
    let before = &text[..fact.bytes.start];
    let start = before.char_indices().rev().nth(REACH - 1).map_or(0, |(byte, _)| byte);
    let before = &before[start..];
    // 。and line ends close the scope; the rest of the sentence may still govern the number.
    let before = before.rsplit(['。', '\n', '!', '?']).next().unwrap_or(before);
    let mut after = &text[fact.bytes.end..];
    if let Some(tax) = AFTER_TAX.find(after) {
        after = &after[tax.end()..];
    }
    (before, after)
}

fn bound(before: &str, after: &str) -> Option<Bound> {
    let suffix = after.trim_start_matches(['間', '分']);
    let by_suffix = AFTER.iter().find(|(word, _)| after.starts_with(word) || suffix.starts_with(word));
    let by_prefix = || BEFORE.iter().find(|(word, _)| before.trim_end().ends_with(word));
    by_suffix.or_else(by_prefix).map(|(_, bound)| *bound)
}
