//! Selling where something went wrong or somebody leaves.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    language::pattern::pattern,
    tone::Reading,
};

/// An offer of other goods in an apology, a refund, a return or a cancellation.
pub(super) struct BadTimingCrossSell;

impl ToneRule for BadTimingCrossSell {
    fn category(&self) -> Category {
        Category::BadTimingCrossSell
    }

    fn explain(&self) -> &'static str {
        "Other goods are offered where we apologise, pay back, take back or stop something."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        if !is_bad_time(reading) {
            return;
        }
        for at in 0..reading.sentences().len() {
            let bare = reading.bare(at);
            let sells = reading.is_own(&bare) && sells(reading.at(&bare)) && !is_asked_for(reading.asked.text());
            if sells && !setting.allows(reading, &bare) {
                out.push(setting.at(reading, &bare, None));
            }
        }
    }
}

/// What the customer wants rid of or lost, or what we are sorry for: the words of a cushion alone are no apology.
fn is_bad_time(reading: &Reading) -> bool {
    let sorry = pattern!(
        "(?:お詫び(?:申し上げ|いたし|し)|(?:ご迷惑|ご不便|ご心配|お手間|ご不快)[^。\n]{0,12}(?:申し訳|お詫び|失礼)|(?:てしま|遅れ|不具合|不備|破損|間違|誤|不足|漏れ|行き違い)[^。\n]{0,24}(?:申し訳|お詫び)|申し訳(?:ござい|あり)ません(?:でした)?[。!]*$)"
    );
    reading.asked.is_leaving
        || reading.asked.troubled_by.is_some()
        || reading.asked.our_fault
        || reading.sentences().iter().any(|sentence| sorry.is_match(reading.at(sentence)))
}

/// Who asks about prices off or for other goods is answered and not sold to.
fn is_asked_for(inquiry: &str) -> bool {
    pattern!("セール|キャンペーン|割引|(?:%|割)(?:引|オフ|off)|半額|特典|福袋|新作|新商品|おすすめ(?:は|を|の|が|ありますか|教え)|代わり(?:の|に)(?:[^。\n]{0,10})(?:あり|教え|すすめ)").is_match(inquiry)
}

/// Advertises: a price, a novelty or an occasion, with an invitation. Another way for the same need, what makes up for the
/// fault, and how prices are made up are none.
pub(super) fn sells(words: &str) -> bool {
    let lure = pattern!(
        "新(?:作|商品|製品|発売|色|シリーズ|登場)|発売(?:した|され|の|中|開始)|セール|キャンペーン|お買い?得|お得|特価|特別価格|会員価格|限定|[0-9]+(?:%|割)(?:引|オフ|off|還元)|[0-9]+円(?:引|オフ|off)|半額|割引|(?:ポイント|pt)[0-9]*倍|人気|好評|話題|売れ筋|おすすめ|オススメ|お勧め|イチオシ|ご一緒に|あわせて|合わせて|セット(?:を|も|が|で)|いまなら|今なら|この機会|ラインナップ|上位(?:機種|モデル)|無料体験|初月|初回|も、?(?:税込)?[0-9,]+円|特別プラン|買い替え|記念価格|後継(?:モデル|機)|出たばかり|\\([0-9,]+円|差額|ちらし|チラシ|カタログを同封|上位|ワンランク"
    );
    let invites = pattern!(
        "いかが(?:でしょう|です)|お求め|ご購入|お買い?(?:求め|上げ|物)|ぜひ|お試し(?:ください|くださいませ|いただけ|になって)|試してみて|ご(?:検討|覧|利用|注文)ください(?:ませ|ね)?|ご用意して(?:おり|い)|始められ|お買い?得|お得(?:です|に|な|でござ)|承って(?:おり|い)ます|販売(?:して|中)|チェック|おすすめ(?:です|して|いたし|の)|お勧め(?:です|して|いたし)|ご紹介|お使いいただけ|手に入|お待ちして|ご覧いただければ|ご検討いただければ|すてきです|素敵です|お?切り?(?:かえ|替え|換え)(?:いただけ|られ|ください|ませんか)|始めてみ(?:ませんか|て|られ)|お供に|あわせて(?:ご|お)|ご検討|お試しになりませんか|なさいませんか|浮いた"
    );
    let no_sale = pattern!(
        "ポイント(?:と|を)(?:合わせ|あわせ|足)|お詫び(?:の|に|として)|おわび(?:の|に|として)|代替|代わりの(?:お?品|商品)|交換(?:品|用|の|を)|同じ(?:商品|品|もの)|差額(?:は|なし|を(?:お返し|返金|いただか))|返金(?:いた|し|を|は)|ご返品|ご請求|お支払いは|受診|皮膚科|お医者|適用(?:され|は|の|でき|外)|(?:クーポン|割引)(?:の|は|を|が)[^。]{0,12}(?:適用|併用|条件|有効期限|対象|期限|反映|使え)"
    );
    let cheap = pattern!("(?:今なら|いまなら)[^。]{0,14}(?:半額|無料|[0-9]+(?:%|割|円)|お得)");
    (lure.is_match(words) && invites.is_match(words) || cheap.is_match(words)) && !no_sale.is_match(words)
}
