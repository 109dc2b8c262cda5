//! Refusals that leave the customer alone.

use std::ops::Range;

use super::{Setting, ToneRule, cross_sell};
use crate::{
    domain::{Category, NewFinding},
    language::pattern::pattern,
    tone::Reading,
};

/// 突き放し: a refusal without another way or a next step near it.
pub(super) struct PushAway;

/// So many sentences after a refusal may bring the other way.
const REACH: usize = 2;

impl ToneRule for PushAway {
    fn category(&self) -> Category {
        Category::PushAway
    }

    fn explain(&self) -> &'static str {
        "A refusal with neither an alternative nor a next step in the two sentences after it."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        let sentences = reading.sentences();
        for at in 0..sentences.len() {
            let Some(refused) = refusal(reading, at) else { continue };
            let rest = &reading.text()[refused.end..sentences[at].end];
            let after = sentences.iter().skip(at + 1).take(REACH);
            let before = at.checked_sub(1).map(|at| &sentences[at]);
            // Before it only another way counts: 「ご連絡を承りました」 offers nothing.
            let offered = |other: &Range<usize>| {
                helps(&pattern!("承りました|承って(?:おり|い)ます").replace_all(reading.at(other), ""))
            };
            let helped = after.into_iter().any(|other| helps(reading.at(other))) || before.is_some_and(offered);
            let clause = reading.clause_around(at, &refused);
            if !helped && !helps_beside(reading.at(&sentences[at]), rest) && !setting.allows(reading, &clause) {
                out.push(setting.at(reading, &clause, None));
            }
        }
    }
}

/// Where a sentence declines what the customer wants, in our own words.
pub(super) fn refusal(reading: &Reading, at: usize) -> Option<Range<usize>> {
    let sentence = &reading.sentences()[at];
    let refusal = pattern!(
        "(?:でき|いたし|致し|応じ|受け|承り|負い|添い|申し上げ|お答えし|し)かね(?:ます|ました|る|て)|対応(?:不可|外)(?:です|となり|でござい)|(?:不可|無理|対象外)(?:です|でございます|となります|になります)|(?:お受け|お引き受け|お引き取り|ご?対応|お答え|応じることは?|ご?提供|ご?用意)(?:する|いたす)?(?:こと)?(?:が|は|いた(?:し)?)?でき(?:ません|ない(?:こと|もの|決まり)|かねる)|承れません|(?:お引き取り|お受け取り|お取り替え|返品|返金|交換|再発行|変更|取り消し|対応|割引|値引き)(?:は|も)(?:、)?[^。、\n]{0,4}(?:いたしません|しません|いたしておりません|行って(?:い|おり)ません|行いません)|(?:受け付け|受けつけ|承っ|行っ|お受けし)て(?:は)?(?:おらず|いず)|(?:こと|対応|変更)(?:は|も)想定して(?:おり|い)ません|でき(?:ない|かねる)(?:決まり|規則|規定|仕組み|きまり)|余地は(?:一切)?(?:ございません|ありません)|承(?:って|っては)(?:おり|い)ません|(?:受け付け|受けつけ|お受けし|お受けいたし|お答えし|お答えいたし|対応し|対応いたし|承っ|応じ|行っ)て(?:は)?(?:おり|い)ません|応じられません|お断り(?:します|いたします|しております|申し上げ)|",
        "(?:返品|返金|交換|キャンセル|取り消し|取り?消|変更|停止|解約|退会|延長|値引き?|お値引き|適用|再発行|再付与|併用|発送|配達|指定)(?:する|いたす|に)?(?:こと)?(?:が|は|も|には)?(?:、)?(?:一切)?でき(?:ません|ない(?:こと|決まり))|(?:返品|返金|交換|キャンセル|取り消し|変更|停止|値引き?|適用)(?:は|も|には)(?:、)?(?:一切)?(?:受け付けて|行って|いたして|して)(?:い|おり)ません|元に戻すことはできません|(?:ご希望|ご要望)に(?:は)?(?:添え|沿え|お応えでき)ません|(?:返品|返金|交換|変更|ご要望|お申し出|ご依頼)(?:を|は|には)(?:お)?(?:受け|受理し|受け付け|承り|いたし|応じ)ません|(?:お返し|お戻し|お出し|お渡し|お送り|ご返金|お受け取り|ご案内)(?:は|が)?でき(?:ません|かね)|(?:やめられ|止められ|戻せ|お戻しができ|返せ|変えられ|お調べでき)ません|(?:すべ|方法|手立て|手段|術)(?:を|は|が)[^。\n]{0,8}(?:持って(?:おり|い)ません|ありません|ございません)|できないように(?:なって|なり)|(?:できる|ご案内できる|お伝えできる)こと(?:は|が)?(?:ありません|ございません)"
    );
    let found = refusal.find_iter(reading.at(sentence));
    let mut found = found.map(|found| sentence.start + found.start()..sentence.start + found.end());
    found.find(|range| !reading.is_quoted(range))
}

/// Another way, or what we or the customer can do next. Set phrases of the closing are none, and neither is what the
/// customer is asked to put up with.
fn helps(words: &str) -> bool {
    let put_up = pattern!(
        "よろしくお願い|ご了承|ご理解|ご容赦|よくお読み|規約|規定を|悪しからず|ありがとうございま|御礼|お気軽に(?:お問い|ご?連絡|お声|お尋ね|お知らせ)|何なりと"
    );
    let way = pattern!(
        "代わり|かわりに|代替|でしたら|であれば|[^にく]なら(?:ば)?[^なび]|可能(?:です|でござい|と)|(?:いただけ|でき|承れ|選べ|使え|受け取れ|戻せ|送れ|頼め)ます|承り(?:ます|ました)|承って(?:おり|い)ます|ご案内(?:し|いたし|申し上げ)|お選び|別の|もしくは|ご相談ください|手配|ご用意(?:し|いたし|でき|が(?:あり|ござい))|お(?:送り|届け)(?:し|いたし)(?:ま[すせ]|て(?:おり|い)ます)|お?調べ(?:し|いたし)|確認(?:いたし|し)ます|調整|お作り|ご提案|いかがでしょう|ご検討いただ|お試し(?:ください|いただ)|(?:から|で|に|へ|を)(?:[^。、]{0,12})(?:ご利用|お問い合わせ|お申し込み|お手続き|ご依頼|お進み|ご連絡|お知らせ)(?:ください|いただけ)|お伝え(?:し|いたし)|(?:返金|交換|お戻し|値引き|お取り寄せ|お取り置き|再送|発送|延長)(?:を)?(?:いたし|し)ます"
    );
    way.is_match(words)
        && !cross_sell::sells(words)
        && (!put_up.is_match(words) || pattern!("代わり|代替|でしたら|であれば|いただけます").is_match(words))
}

/// The other way in the very sentence, before or behind the refusal: 「翌日でしたら承れますが、本日の変更はいたしかねます」,
/// 「さかのぼっての加算は承っておりませんが、10日以降のご注文は2倍になります」.
fn helps_beside(sentence: &str, rest: &str) -> bool {
    let before = pattern!(
        "代わり|代替|(?:でしたら|であれば|なら)[^。]{0,20}(?:可能|でき|承)|(?:可能(?:です|でございます)?|できます|いただけます|承ります|承っており(?:ます)?)が、"
    );
    let behind = pattern!("^[ぁ-ん]{0,4}(?:が|けれど|けれども|ものの|ため|ので)、(?P<then>.+)");
    let then = behind.captures(rest).and_then(|found| found.name("then"));
    before.is_match(sentence)
        || then.is_some_and(|then| {
            let words = then.as_str();
            pattern!("ます|です|ください").is_match(words)
                && !pattern!("ません|かね|ご了承|ご理解|ご容赦|お願い|悪しからず").is_match(words)
        })
}
