//! Facts of the case that the customer asks for.

use std::{collections::HashSet, sync::LazyLock};

use regex::Regex;

use super::{Brief, answer::Chosen, phrases::Phrases, weigh::terms};
use crate::{domain::Ground, language::normal::Normalised};

/// More would be the case read out.
const AT_MOST: usize = 3;

/// What a customer knows who writes about an order: telling it is no answer.
static KNOWN_TO_THEM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:注文|購入|申込)(?:日|内容|品|商品)|^(?:内容|商品|品名|品目|数量|個数|箱数|本数|枚数|色|サイズ)|会員|お?名前|氏名|住所|支払い?(?:い)?方法|order_date|ordered_at|items?$")
        .expect("a constant pattern")
});

/// Facts handed in with the inquiry that it asks about, as sentences.
pub fn told(brief: &Brief<'_>, phrases: &Phrases<'_>, asked: &HashSet<String>) -> Vec<Chosen> {
    let matter = brief.vocabulary.entry(brief.situation()).map(|entry| terms(&entry.topic)).unwrap_or_default();
    let mut found = Vec::new();
    for (at, item) in brief.evidence.iter().enumerate() {
        let Ground::Record { .. } = item.ground else { continue };
        let name = terms(&item.key);
        if found.len() < AT_MOST
            && !KNOWN_TO_THEM.is_match(Normalised::of(&item.key).as_str())
            && name.iter().any(|term| asked.contains(term) || matter.contains(term))
        {
            let value = item.text.strip_prefix(&format!("{}: ", item.key)).unwrap_or(&item.text);
            found.push(Chosen { text: phrases.record(&item.key, value), evidence: at });
        }
    }
    found
}
