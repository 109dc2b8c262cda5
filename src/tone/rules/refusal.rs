//! Refusals that leave the customer alone.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    tone::{Reading, pattern::pattern},
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
            let words = reading.at(&sentences[at]);
            let clause = reading.last_clause(at);
            let leaves = refuses(reading, at) && !helps_beside(words);
            let after = sentences.iter().skip(at + 1).take(REACH);
            let before = at.checked_sub(1).map(|at| &sentences[at]);
            let helped = after.chain(before).any(|other| helps(reading.at(other)));
            if leaves && !helped && !setting.allows(reading, &clause) {
                out.push(setting.at(reading, &clause, None));
            }
        }
    }
}

/// Whether a sentence declines what the customer wants, in our own words.
pub(super) fn refuses(reading: &Reading, at: usize) -> bool {
    let sentence = &reading.sentences()[at];
    let refusal = pattern!(
        "(?:でき|いたし|致し|応じ|受け|承り|負い|添い)かね(?:ます|ました|る)|対応不可|(?:お受け|対応|応じることは?)(?:が|は|いた(?:し)?)?できません|お受けでき(?:ません|ない)|承れません|応じられません|お断り(?:します|いたします|しております|申し上げ)|(?:返品|返金|交換|キャンセル|取り消し|変更|値引き?|お値引き)(?:は|も|には)(?:、)?(?:一切)?(?:でき|受け付けてい|受け付けており|行ってい|行っており|いたしてい|いたしており)ません|(?:ご希望|ご要望)に(?:は)?(?:添え|沿え|お応えでき)ません"
    );
    let own =
        |found: regex::Match<'_>| !reading.is_quoted(&(sentence.start + found.start()..sentence.start + found.end()));
    refusal.find_iter(reading.at(sentence)).any(own)
}

/// Another way, or what we or the customer can do next. Set phrases of the closing are none.
fn helps(words: &str) -> bool {
    let closing = pattern!(
        "よろしくお願い|ご了承|ご理解|ご容赦|よくお読み|規約|規定を|悪しからず|お詫び|申し訳|ありがとうございま"
    );
    let way = pattern!(
        "代わり|代替|でしたら|であれば|場合|[^に]なら[^な]|可能|いただけます|できます|承り|承って|ご案内|お選び|別の|または|もしくは|ご相談|ください|手配|ご用意|お送り|お届け|お知らせ|お調べ|確認(?:いたし|し)ます|調整|お待ち|ご利用|ご検討|ございます|お作り|ご提案|いかがでしょう"
    );
    way.is_match(words)
        && (!closing.is_match(words) || pattern!("代わり|代替|でしたら|であれば|いただけます").is_match(words))
}

/// The other way in the very sentence: 「翌日でしたら承れますが、本日の変更はいたしかねます」.
fn helps_beside(words: &str) -> bool {
    pattern!("代わり|代替|(?:でしたら|であれば|なら)[^。]{0,20}(?:可能|でき|承)|(?:可能(?:です|でございます)?|できます|いただけます|承ります|承っており(?:ます)?)が、|かねますが、[^。]{0,40}(?:可能|できます|いただけます|承り|ご案内|ください|いたします)").is_match(words)
}
