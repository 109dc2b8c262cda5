//! Which statements bind the shop: what it gives back, what it takes, until when, and for whom it makes an exception. One of
//! them that stands on nothing may not go out on a nod.

use std::sync::LazyLock;

use regex::Regex;

use super::statement::Statement;
use crate::language::quantity::{Fact, Value};

/// Words of what a shop owes or grants, each with the verb or noun that makes it one.
static BINDS: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(concat!(
        // refund, return, cancellation, compensation
        r"返金|払い?戻|代金を?お返し|返品|交換|キャンセル|解約|補償|弁償|保証|再送|代わりの(?:品|商品)|代替品|新しい(?:もの|品|商品)を",
        // free, and who pays
        r"|無料|無償|送料|手数料|料金|代金|費用|全額|半額|差額|負担|割引|値引|お値引|円引|クーポン|ポイントを?(?:お付け|付与|進呈|お戻し)|(?:を|も|に)サービス(?:で|と|いたし|し)",
        // until when
        r"|期限|期間|締め?切|以内|いつでも|までに|当日|即日|翌日|翌営業日",
        // exception
        r"|例外|特別に|特例|今回に限り|今回のみ|今回は|対象外|適用外|を除[きい]|に限[りる]|に限らせ|のみ(?:です|と|承|対応|可能)",
    ))
    .expect("a constant pattern")
});

/// Whether a sentence says what the shop gives, takes or grants, or until when.
pub fn is_policy(sentence: &str) -> bool {
    let statement = Statement::of_draft(sentence);
    statement.facts().any(binds) || BINDS.is_match(&statement.normal)
}

/// A price, a share, a length of time and a day are owed as soon as they are said.
fn binds(fact: &Fact) -> bool {
    match fact.value {
        Value::Amount { .. } | Value::Percent(_) | Value::Duration { .. } | Value::Date(_) => true,
        Value::RelativeDay(days) => days > 0,
        Value::RelativePeriod(_) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_taken_or_granted_binds() {
        for sentence in [
            "全額を返金いたします。",
            "代金をお返しいたします。",
            "送料は当店が負担いたします。",
            "開封後でも交換を承ります。",
            "今回に限り、特別に承ります。",
            "セール品は対象外でございます。",
            "到着から３０日以内にお申し出ください。",
            "明日お届けします。",
            "来週中に発送いたします。",
            "お詫びに五百円分を差し上げます。",
            "新しいものをお送りいたします。",
            "ご変更に伴う差額はございません。",
        ] {
            assert!(is_policy(sentence), "{sentence}");
        }
    }

    #[test]
    fn how_a_thing_is_done_does_not() {
        for sentence in [
            "領収書は、マイページのご注文履歴から発行していただけます。",
            "素材は綿でございます。",
            "本体の側面にボタンがございます。",
            "店舗は二階にございます。",
            "お支払いにはクレジットカードをご利用いただけます。",
        ] {
            assert!(!is_policy(sentence), "{sentence}");
        }
    }
}
