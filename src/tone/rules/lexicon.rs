//! Categories that are the guide's words and little else.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    language::pattern::pattern,
    tone::Reading,
};

/// Words that the brand does not use.
pub(super) struct NgWord;
/// Names of the brand in a spelling that is not its own.
pub(super) struct BrandTerm;
/// Words of our own back office.
pub(super) struct InternalJargon;
/// Curt or bureaucratic wording.
pub(super) struct ColdStiff;

impl ToneRule for NgWord {
    fn category(&self) -> Category {
        Category::NgWord
    }

    fn explain(&self) -> &'static str {
        "A word that the brand does not use, outside of what is quoted."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        own_words(reading, setting, out);
    }
}

impl ToneRule for BrandTerm {
    fn category(&self) -> Category {
        Category::BrandTerm
    }

    fn explain(&self) -> &'static str {
        "A name of the brand or its services that is not spelled as the brand spells it."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        own_words(reading, setting, out);
    }

    fn minds_capitals(&self) -> bool {
        true
    }
}

impl ToneRule for InternalJargon {
    fn category(&self) -> Category {
        Category::InternalJargon
    }

    fn explain(&self) -> &'static str {
        "A word that only people inside the company know."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        spoken_words(reading, setting, out);
    }
}

impl ToneRule for ColdStiff {
    fn category(&self) -> Category {
        Category::ColdStiff
    }

    fn explain(&self) -> &'static str {
        "Wording that cuts the customer off or sounds like an authority."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        spoken_words(reading, setting, out);
        let curt = pattern!(
            "(?:一切|いっさい)[^。、\n]{0,12}(?:取り合っ|お答え|応じ|受け付け|対応|関与|ご返答|返答)(?:し|いたし|して|いたして)?(?:て)?(?:おり|い)?ません|(?:再度|何度|重ねて|これ以上)[^。\n]{0,20}(?:お受け(?:は)?(?:いたしま|でき)|回答は(?:変わり|同じ)|お答えは(?:変わり|同じ)|返答いたし|お返事(?:は)?(?:いたし|でき)|応じ(?:られ|かね)|ご連絡(?:は)?(?:お控え|ご遠慮))[^。\n]{0,8}|(?:お伝え|ご案内|お答え)できるのは(?:ここ|以上|これ)[^。、\n]{0,6}(?:まで|です)[ぁ-ん]{0,4}|(?:打ち切|打切)[らりっ][ぁ-ん]{0,4}|(?:これ|今回|本メール|本返信)をもって[^。\n]{0,10}(?:終了|打ち切|最終|終わり)[ぁ-ん]{0,3}|本日をもって[^。\n]{0,10}(?:打ち切|閉じ)[ぁ-ん]{0,4}|(?:以後|今後|以降)の[^。、\n]{0,8}(?:返信|返答|回答|連絡)は[^。、\n]{0,6}(?:控え|いたしません|できません|しません)[ぁ-ん]{0,4}|(?:関与|関知)(?:する|いたす)(?:ところ|もの|立場)では|な(?:き|い)場合[^。\n]{0,24}(?:承諾|同意)[^。\n]{0,12}(?:みなし|見なし|いたし)[ぁ-ん]{0,4}|(?:悪|あ)しからず[^。、\n]{0,14}|(?:その旨|あらかじめ|何卒)?、?(?:お含みおき|ご承知おき|ご承知置き|ご了知)[ぁ-ん]{0,4}(?:ください|願います|いただ)[ぁ-ん]{0,6}|(?:要件|条件|規定|基準|事由)に(?:該当|合致|抵触)[^。、\n]{0,16}(?:判断|認め|いたし)[ぁ-ん]{0,5}|(?:処理中|対応中|確認中|調査中|休業中|準備中)につき|定めが(?:ござい|あり)ますので|(?:本件|当件)[^。、\n]{0,14}(?:通知|受付|回答|対応)[^。、\n]{0,12}(?:終了|打ち切|いたしません)|補償の(?:範囲|対象)外[^。\n]{0,16}(?:申し添え|ご承知|ご了承|です)|(?:そういう|その)(?:決まり|規則|仕組み|もの)(?:です|ですので|なので|となって)|(?:規則|規定|決まり|ルール)(?:です|なの|でござい)(?:ます)?(?:ので|から)|(?:関係|関わり)(?:は)?(?:ありません|ございません)(?:ので)?$|(?:仕方|しかた|致し方|いたしかた)(?:が)?(?:ありません|ございません|ない)|(?:あきらめ|諦め)て(?:ください|いただ)|言われましても|おっしゃ(?:ら|い|られ)ましても|と言われても|ご自由に(?:どうぞ|なさ)|お好きに(?:どうぞ|なさ)|知りません|存じません"
        );
        for range in reading.find(curt) {
            setting.beside_words(reading, &range, out);
        }
    }
}

/// The guide's words where the letter speaks for itself: not in 「」, not in an address.
pub(super) fn own_words(reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
    let seen = setting.words.find(reading);
    let own = seen
        .iter()
        .filter(|seen| reading.speaks(&seen.range) && !reading.is_quoted(&seen.range) && !reading.is_link(&seen.range));
    out.extend(own.map(|seen| setting.word(reading, seen)));
}

/// The guide's words also in 「」, unless the customer wrote them.
fn spoken_words(reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
    let seen = setting.words.find(reading);
    let spoken = seen.iter().filter(|seen| {
        reading.speaks(&seen.range) && !reading.repeats_customer(&seen.range) && !reading.is_link(&seen.range)
    });
    out.extend(spoken.map(|seen| setting.word(reading, seen)));
}
