//! What stands around a number and limits it: 以内, 未満, 約; and from where a duration is counted.

use std::sync::LazyLock;

use regex::Regex;

use super::{Anchor, Bound, Found, Value};

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
/// The event, then only what counts from it.
static ANCHOR: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(concat!(
        r"(お届け予定日|配送予定日|お届け日|次回お届け|到着予定日|",
        r"到着|お受け取り|受け取り|受取|お手元に届|お届け|納品|届い|",
        r"発送|出荷|ご注文|注文|ご購入|購入|お買い上げ|ご入金|入金|お支払い|支払い|決済|",
        r"受領|受信|受付|返却|ご返送|お申し込み|申し込み|お申込み|申込|ご依頼|ご連絡|お問い合わせ|手続き)",
        r"(?:いただいて|いただいた|いただき|になって|された|した|して|を|確定|確認|完了|の|日|翌日|翌営業日|当日|予定|後|から|より|以降|含めて?|起算して?|て)*",
        r"(?:約|およそ|最短|最大|最長)?$"
    ))
    .expect("a constant pattern")
});

/// Fills in bound and anchor of each.
pub fn limit(text: &str, found: &mut [Found]) {
    for fact in found {
        let (before, after) = around(text, fact);
        fact.bound = fact.bound.or_else(|| bound(before, after));
        if matches!(fact.value, Value::Duration { .. }) {
            fact.anchor = anchor(before);
        }
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

fn anchor(before: &str) -> Option<Anchor> {
    let word = ANCHOR.captures(before)?.get(1)?.as_str();
    Some(match word {
        "お届け予定日" | "配送予定日" | "お届け日" | "次回お届け" | "到着予定日" => {
            Anchor::DeliveryDate
        }
        "発送" | "出荷" => Anchor::Dispatch,
        "ご注文" | "注文" | "ご購入" | "購入" | "お買い上げ" => Anchor::Order,
        "ご入金" | "入金" | "お支払い" | "支払い" | "決済" => Anchor::Payment,
        "受領" | "受信" | "受付" | "返却" | "ご返送" => Anchor::Receipt,
        "お申し込み" | "申し込み" | "お申込み" | "申込" | "ご依頼" | "ご連絡" | "お問い合わせ" | "手続き" => {
            Anchor::Request
        }
        _ => Anchor::Arrival,
    })
}
