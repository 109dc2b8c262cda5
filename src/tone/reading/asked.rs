//! What the inquiry asks of the tone: its situation, whose fault it is, and what the customer gave.

use crate::{
    domain::{Situation, Situations},
    language::{normal::Normalised, situation::Vocabulary},
    tone::pattern::pattern,
};

/// The inquiry as the tone rules see it.
#[derive(Debug)]
pub struct Asked {
    normal: Normalised,
    /// What it is about: as the caller said, or as it reads.
    pub situations: Situations,
    /// Whether the customer is in trouble.
    pub trouble: bool,
    /// Whether our side, or the delivery, failed.
    pub our_fault: bool,
    /// Whether a photo came with it.
    pub photo: bool,
    /// Whether it points out a fault of ours to our use, or says how the goods are liked.
    pub report_or_praise: bool,
}

impl Asked {
    /// Reads an inquiry; what the caller says of the situation goes before what the text suggests.
    pub fn of(inquiry: &str, situation: Option<&Situation>) -> Self {
        let vocabulary = Vocabulary::builtin();
        let normal = Normalised::of(inquiry);
        let situations = match situation {
            Some(known) => Situations::only(vocabulary.resolve(known.as_str()).unwrap_or_else(|| known.clone())),
            None => vocabulary.classify(inquiry),
        };
        let primary = &situations.primary;
        let entry = vocabulary.entry(primary);
        let about = |id: &str| primary.as_str() == id;
        let text = normal.as_str();
        Self {
            trouble: vocabulary.is_trouble(primary),
            our_fault: entry.is_some_and(|entry| entry.our_fault) || complains(text),
            photo: gives_photo(text),
            report_or_praise: about("praise") && praises(text) || reports(text),
            situations,
            normal,
        }
    }

    /// The inquiry in normal form.
    pub fn text(&self) -> &str {
        self.normal.as_str()
    }
}

/// Something that we owed was not done, or what we wrote was wrong.
fn complains(text: &str) -> bool {
    pattern!(
        "(?:ポイント|クーポン|特典|返金|払い戻し)[^。\n]{0,16}(?:付いて|ついて|付与されて|反映されて|加算されて|入って|届いて|されて|振り込まれて)(?:い|お)?(?:ない|ません|なく|らず|なかった)|",
        "(?:説明|案内|記載|表示|表記)[^。\n]{0,10}(?:間違|誤り|誤って|違っていま|なかったので|ありませんでした)"
    )
    .is_match(text)
}

/// Sent, not merely offered or asked about.
fn gives_photo(text: &str) -> bool {
    let given = pattern!(
        "(?:写真|画像|スクリーンショット|スクショ|動画)[^。\n]{0,14}(?:添付|送り(?:します|ました|いたし)|送付(?:し|いたし)|貼り|付けま|つけま)[^。\n]{0,8}|",
        "(?:添付|同封)(?:した|しました|します|の|いたし)[^。\n]{0,8}(?:写真|画像|スクリーンショット|スクショ)[^。\n]{0,8}"
    );
    let offered = pattern!("ましょうか|ほうが|方が|必要|べき|でしょうか|ですか|ますか|いいです|よければ|なら");
    given.find_iter(text).any(|found| !offered.is_match(found.as_str()))
}

fn praises(text: &str) -> bool {
    pattern!("良かった|よかった|気に入|嬉し|うれし|助かり|素晴らし|すばらし|満足|愛用|感動|感謝|最高|ありがと|お礼")
        .is_match(text)
}

fn reports(text: &str) -> bool {
    pattern!(
        "(?:お知らせ|ご報告|報告|お伝え|ご連絡)(?:まで|しておき|いたしておき)|",
        "(?:気づいた|気付いた|気になった)ので(?:お知らせ|ご連絡|ご報告|お伝え)|(?:誤字|脱字|リンク切れ|誤植)"
    )
    .is_match(text)
}
