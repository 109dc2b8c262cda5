//! Facts of the case that the customer asks for.

use std::sync::LazyLock;

use regex::Regex;

use super::{Brief, answer::Chosen, phrases::Phrases, terms::Terms};
use crate::{
    domain::Ground,
    language::{
        normal::Normalised,
        quantity::{self, Value},
    },
};

/// More would be the case read out.
const AT_MOST: usize = 3;

/// What the shop knows and the customer does not: where the parcel is, when it comes, what became of money and points.
static NEWS: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"発送|出荷|配送|配達|届け予定|到着予定|お届け状況|追跡|伝票|番号$|荷物|入荷|返金|入金|残高|ポイント|期限|予定日|進み|進捗|修理|交換品|代替品|理由|原因|status|tracking|shipped|delivery|refund")
        .expect("a constant pattern")
});
/// What a customer knows who writes about an order.
static KNOWN_TO_THEM: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(r"(?:注文|会員|電話|お客様)番号|希望|登録日").expect("a constant pattern")
});

/// Facts handed in with the inquiry that it asks about, as sentences.
pub fn told(brief: &Brief<'_>, phrases: &Phrases<'_>, asked: &Terms) -> Vec<Chosen> {
    let matter =
        brief.vocabulary.entry(brief.situation()).map(|entry| Terms::of_title(&entry.topic)).unwrap_or_default();
    let mut found = Vec::new();
    for (at, item) in brief.evidence.iter().enumerate() {
        let Ground::Record { .. } = item.ground else { continue };
        let name = Terms::of(&item.key);
        let key = Normalised::of(&item.key);
        if found.len() < AT_MOST
            && NEWS.is_match(key.as_str())
            && is_a_figure(&item.text)
            && !KNOWN_TO_THEM.is_match(key.as_str())
            && name.iter().any(|term| asked.contains(term) || matter.contains(term))
        {
            let value = item.text.strip_prefix(&format!("{}: ", item.key)).unwrap_or(&item.text);
            found.push(Chosen { text: phrases.record(&item.key, value), evidence: at });
        }
    }
    found
}

/// A day, an amount or a number can be passed on as it stands; a word of the shop's own books (「未確認」) cannot.
fn is_a_figure(text: &str) -> bool {
    let told = |value: &Value| matches!(value, Value::Date(_) | Value::Amount { .. } | Value::Code(_) | Value::Url(_));
    quantity::facts(text).iter().any(|fact| told(&fact.value))
}
