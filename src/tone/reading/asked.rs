//! What the inquiry asks of the tone: its situation, whose fault it is, and what the customer gave.

use std::cell::OnceCell;

use super::fault;
use crate::{
    domain::{Situation, Situations},
    language::pattern::{Pattern, pattern},
    language::{given::Given, normal::Normalised, situation::Vocabulary, zones::Zones},
};

/// The inquiry as the tone rules see it.
#[derive(Debug)]
pub struct Asked {
    normal: Normalised,
    /// What it is about: as the caller said, or as it reads.
    pub situations: Situations,
    /// Whether the caller said so.
    pub is_told: bool,
    /// Where something went wrong: what the caller said, or what failed by the customer's own words.
    pub troubled_by: Option<Situation>,
    /// Whether our side, or the delivery, failed.
    pub our_fault: bool,
    /// Whether they give something back or stop something.
    pub is_leaving: bool,
    /// Whether they ask how something is done or used.
    pub wants_advice: bool,
    /// Whether a feeling is stated that a reply must not pass over.
    pub feeling: bool,
    /// Whether a photo came with it.
    pub photo: bool,
    /// Whether it points out a fault of ours to our use, or says how the goods are liked.
    pub report_or_praise: bool,
    inquiry: String,
    zones: Zones,
    given: OnceCell<Given>,
}

impl Asked {
    /// Reads an inquiry; what the caller says of the situation goes before what the text suggests.
    pub fn of(inquiry: &str, situation: Option<&Situation>) -> Self {
        let vocabulary = Vocabulary::builtin();
        let normal = Normalised::of(inquiry);
        let zones = Zones::of(inquiry);
        let situations = match situation {
            Some(known) => Situations::only(vocabulary.resolve(known.as_str()).unwrap_or_else(|| known.clone())),
            None => vocabulary.classify_within(inquiry, &zones),
        };
        let primary = &situations.primary;
        let text = normal.as_str();
        let failed = fault::reported(text).map(Situation::new);
        let known = situation.is_some();
        let ours = known && vocabulary.entry(primary).is_some_and(|entry| entry.our_fault);
        let about = |ids: &[&str]| ids.contains(&primary.as_str());
        Self {
            is_told: known,
            troubled_by: if known { Some(primary.clone()) } else { failed.clone() }
                .filter(|one| vocabulary.is_trouble(one)),
            our_fault: ours || failed.is_some(),
            is_leaving: about(&["refund", "return_request", "order_cancel", "subscription_cancel"]) || leaves(text),
            wants_advice: about(&["how_to_use", "ingredients", "consult", "skin_trouble"]) || asks_how(text),
            feeling: feels(text) || about(&["gift"]) && failed.is_some(),
            photo: gives_photo(text),
            report_or_praise: praises(text) || reports(text),
            inquiry: inquiry.to_owned(),
            given: OnceCell::new(),
            situations,
            normal,
            zones,
        }
    }

    /// What it gave: numbers, days, goods, states. Read when a rule wants to know: most replies ask for nothing.
    pub fn given(&self) -> &Given {
        self.given.get_or_init(|| Given::within(&self.inquiry, &self.zones))
    }

    /// Whether a pattern stands in the inquiry.
    pub fn says(&self, pattern: &Pattern) -> bool {
        pattern.is_match(self.text())
    }

    /// The inquiry in normal form.
    pub fn text(&self) -> &str {
        self.normal.as_str()
    }
}

/// Wishes to send back, to be paid back or to stop.
fn leaves(text: &str) -> bool {
    pattern!(
        "(?:返品|返金|キャンセル|解約|退会|停止|取り消し|取消|払い戻し|返送|中止|解除)[^。\n]{0,10}(?:したい|して(?:ください|ほしい|いただ|もら)|でき(?:ます|る|ない)|お願い|希望|方法|可能|させて)|(?:やめ|止め|辞め)(?:たい|ます|させて|られ)"
    )
    .is_match(text)
}

/// Asks for a way: 使い方, どうやって, ログインできません.
fn asks_how(text: &str) -> bool {
    pattern!(
        "(?:使い|つかい|やり|塗り|付け|つけ|組み立て|直し|消し|落とし|選び|頼み|出し)方|方法|手順|どうやって|どう(?:すれ|したら|やる|使|つか)|どこ(?:で|から|に)|(?:ログイン|設定|操作|開けられ|起動|印刷|接続)[^。\n]{0,8}(?:できな|できま|わから|分から)|動きません|出ません|止まって|点きっぱなし"
    )
    .is_match(text)
}

/// Sadness, fear, worry or pain. A mere 「困っています」 calls for help and not for comfort.
fn feels(text: &str) -> bool {
    let feeling = pattern!(
        "悲し|かなし|不安|心配|ショック|つら(?:い|く)|辛(?:い|く|かった)|怖|こわ(?:い|く|かった)|泣|涙|悔し|くやし|がっかり|ガッカリ|落ち込|途方に暮れ|胃が痛|気が気|心細|恥ずかし|恥をか|情けな|申し訳な(?:い|く|か)|ひりひり|ヒリヒリ|ピリピリ|ぴりぴり|かゆ|痒|痛(?:い|く|み|かった)|腫れ|最悪|絶望|参って|まいって|ストレス|残念|むなし|寂し|さみし|苦痛|楽しみに(?:して|待)[^。\n]{0,20}(?:のに|が|けど|ですが)|肩身が狭|せっつか|気まず|気が重|やるせな|もやもや|憂鬱|憂うつ|苦し(?:い|く)|しんど|ひやひや|ヒヤヒヤ|恐ろし|恐怖|心が折れ|ため息|気落ち|落胆|眠れ(?:な|ま|ず)|いらいら|イライラ|かわいそう|可哀想|腹が立|[😭😢😞😔🥺😰😱😖😣]"
    );
    let none = pattern!("ご心配なく|心配(?:は|も)?(?:いり|要り|な|し(?:て(?:い)?)?な)|不安(?:は|も)?(?:な|あり)");
    feeling.is_match(&none.replace_all(text, ""))
}

/// Sent, not merely offered or asked about.
fn gives_photo(text: &str) -> bool {
    let given = pattern!(
        "(?:写真|画像|スクリーンショット|スクショ|動画)[^。\n]{0,14}?(?:添付|送り(?:ます|します|ました|いたし)|送って(?:おき|い)|撮りました|送付(?:し|いたし)|貼り|付け(?:ま|て)|つけ(?:ま|て)|添え(?:ま|て)|見てくだ)[^。\n]{0,8}|",
        "(?:添付|同封)(?:した|しました|します|の|いたし)[^。\n]{0,8}(?:写真|画像|スクリーンショット|スクショ)[^。\n]{0,8}"
    );
    let offered = pattern!("ましょうか|ほうが|方が|必要|べき|でしょうか|ですか|ますか|いいです|よければ|なら");
    given.find_iter(text).any(|found| !offered.is_match(found.as_str()))
}

fn praises(text: &str) -> bool {
    let wished =
        pattern!("(?:たら|れば|ければ|ば|ると|と|ても)、?(?:嬉し|うれし|助か|ありがた|幸い|満足)[^。\n]{0,12}");
    let told = wished.replace_all(text, "");
    let told = pattern!("[^。\n]*(?:残念|のに|なくなっ|がっかり|悲し)[^。\n]*").replace_all(&told, "");
    pattern!(
        "良かった|よかった|気に入|嬉し|うれし|助かり|素晴らし|すばらし|満足|愛用|感動|感謝|最高|さいこ[ーう]|大好き|好評|待ち遠し|鼻が高|親切で|喜んで(?:い|お|くれ|もら)(?:ま|た|て)|かわいかった|可愛かった|うれしかった|評判|ほめられ|褒められ|リピート|手放せ|ありがと[^。\n]{0,12}(?:ました|。|$|!)|お礼"
    )
    .is_match(&told)
}

fn reports(text: &str) -> bool {
    pattern!(
        "(?:お知らせ|ご報告|報告|お伝え|ご連絡)(?:まで|しておき|いたしておき)|",
        "(?:気づいた|気付いた|気になった)ので(?:お知らせ|ご連絡|ご報告|お伝え)|(?:誤字|脱字|リンク切れ|誤植)|(?:改善し|見直し|検討し|分かりやすくし|わかりやすくし|見やすくし|使いやすくし|大きくし|小さくし|増やし)て(?:ほしい|欲しい|ください|いただけ|もらえ)|(?:ほうが|方が)(?:いい|良い|親切|わかりやす|分かりやす)[^。\n]{0,8}思い"
    )
    .is_match(text)
}
