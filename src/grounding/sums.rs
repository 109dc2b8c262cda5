//! Amounts that nobody wrote down but that follow by counting: two of 1,100円, a price with its tax, what is left of a sum.

use crate::language::quantity::{Extent, Fact, Number, Tax, Value};

/// One amount of yen, with what is said of its tax.
type Money = (u64, Option<Tax>);

/// Words that say that something was added up or taken off.
const ADDED: &[&str] = &[
    "合計",
    "合わせ",
    "あわせ",
    "計",
    "両方",
    "差し引",
    "あと",
    "残り",
    "差額",
    "不足",
    "総額",
    "込みで",
    "足し",
    "加え",
    "加算",
    "ずつ",
    "差は",
    "価格差",
    "値上げ",
    "値下げ",
];

/// Whether an amount follows from `known` amounts, `counts` and `shares` (in percent). `text` is the sentence that names it, `rule`
/// the one that speaks most of it.
pub fn follows(claim: &Fact, text: &str, rule: &str, known: &[Money], counts: &[u64], shares: &[u64]) -> bool {
    let Some((yen, tax)) = money(claim) else { return false };
    let added = is_added(text) || is_added(rule);
    let multiplied = known.iter().flat_map(|(each, of)| counts.iter().map(move |n| (each.saturating_mul(*n), *of)));
    let reduced = known.iter().flat_map(|(each, of)| {
        shares.iter().filter(|share| **share <= 100).map(move |share| (each * (100 - share) / 100, *of))
    });
    let counted: Vec<Money> =
        multiplied.filter(|(yen, _)| known.iter().all(|(each, _)| each != yen)).chain(reduced).collect();
    let bare = |money: &Money| money.1.is_none() || tax.is_none() || money.1 == tax;
    let taxed = |money: &Money| tax == Some(Tax::Included) && money.1 == Some(Tax::Excluded) && with_tax(money.0, yen);
    if counted.iter().any(|money| money.0 == yen && bare(money)) || known.iter().chain(&counted).any(taxed) {
        return true;
    }
    let made: Vec<Money> = known.iter().chain(&counted).copied().collect();
    let pairs =
        || made.iter().enumerate().flat_map(|(at, one)| made[at + 1..].iter().map(move |other| (one.0, other.0)));
    added && pairs().any(|(one, other)| one.saturating_add(other) == yen || one.abs_diff(other) == yen)
}

/// Whether a sentence says that it adds up or takes off.
pub fn is_added(text: &str) -> bool {
    ADDED.iter().any(|word| text.contains(word))
}

/// The one amount that a fact names.
pub fn money(fact: &Fact) -> Option<Money> {
    let Value::Amount { yen: Extent { low, high }, tax } = &fact.value else { return None };
    (low == high).then_some((low.as_whole()?, *tax))
}

/// The one whole number of things that a fact names, a pair being two.
pub fn count(fact: &Fact) -> Option<u64> {
    let one = |n: &Extent| if n.low == n.high { Number::as_whole(n.low) } else { None };
    match &fact.value {
        Value::Count { n, .. } => one(n),
        Value::Duration { n, .. } => one(n),
        _ => None,
    }
}

/// Ten or eight in the hundred on top, rounded either way.
fn with_tax(bare: u64, taxed: u64) -> bool {
    [110, 108].iter().any(|rate| taxed == bare * rate / 100 || taxed == (bare * rate).div_ceil(100))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::quantity::facts;

    fn told(text: &str, known: &[Money], counts: &[u64], shares: &[u64]) -> bool {
        let facts = facts(text);
        let claim = facts.iter().find(|fact| money(fact).is_some()).unwrap();
        follows(claim, text, "", known, counts, shares)
    }

    #[test]
    fn products_taxes_shares_and_sums_follow() {
        assert!(told("2台で税込39,600円です", &[(18_000, Some(Tax::Excluded))], &[2], &[]));
        assert!(told("39,600円です", &[(19_800, None)], &[2], &[]));
        assert!(told("初回は2,160円です", &[(4_320, None)], &[], &[50]));
        assert!(told("合計は9,900円です", &[(4_400, None), (5_500, None)], &[], &[]));
        assert!(told("あと15,200円です", &[(50_000, None), (34_800, None)], &[], &[]));
    }

    #[test]
    fn what_nobody_added_up_is_no_sum() {
        assert!(!told("送料は880円です", &[(330, None), (550, None)], &[], &[]));
        assert!(!told("税込27,000円です", &[(27_000, Some(Tax::Excluded))], &[], &[]));
        assert!(!told("5,000円です", &[(4_400, None)], &[2], &[10]));
    }
}
