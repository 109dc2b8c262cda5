//! What a letter has to have: apology, thanks, opening, closing.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding, Require, When},
    language::pattern::pattern,
    tone::Reading,
};

/// No apology where our side or the delivery failed.
pub(super) struct MissingApology;
/// A photo, a report or praise that is not acknowledged.
pub(super) struct MissingThanks;
/// No greeting before the matter.
pub(super) struct MissingOpening;
/// No set phrase at the end.
pub(super) struct MissingClosing;

const APOLOGY: &[&str] = &["申し訳", "お詫び", "ご迷惑をおかけ", "ご不便をおかけ", "ご心配をおかけ", "お手間をおかけ"];
const APOLOGY_WITHIN: usize = 4;
const OPENING: &[&str] = &[
    "ありがとうございます",
    "お世話になっております",
    "お世話になります",
    "平素より",
    "こんにちは",
    "御礼申し上げます",
    "はじめまして",
];
const OPENING_WITHIN: usize = 2;
const THANKS: &[&str] = &["ありがとうございます", "ありがとうございました", "御礼", "お礼", "感謝"];
const CLOSING: &[&str] = &[
    "よろしくお願い",
    "お気軽に",
    "お待ちして",
    "お待ちください",
    "お願い申し上げます",
    "楽しみに",
    "お申し付けください",
];

impl ToneRule for MissingApology {
    fn category(&self) -> Category {
        Category::MissingApology
    }

    fn explain(&self) -> &'static str {
        "No apology early in the reply although our side or the delivery failed."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        let holds = match setting.require().and_then(|require| require.when) {
            Some(When::GivenPhotoReportOrPraise) => reading.asked.photo || reading.asked.report_or_praise,
            Some(When::OurFault) | None => reading.asked.our_fault || admits(reading),
        };
        if holds && !setting.is_met(reading, APOLOGY, Place::First(APOLOGY_WITHIN)) {
            out.push(setting.whole());
        }
    }
}

/// The reply itself says that the fault was ours.
fn admits(reading: &Reading) -> bool {
    let ours = pattern!(
        "(?:弊社|当社|当店|私ども|わたしたち|私たち|こちら|倉庫|経理|担当者?|社内|システム|カタログ|サイト|ページ)(?:の|が|は|で|に|側の)[^。\n]{0,20}(?:手違い|不手際|不備|確認不足|ミス|漏れ|漏らし|数え違い|見落と|間違|誤り|誤って|忘れ|遅れ|不具合|取り違え|行き違い|残ったまま|反映されて(?:おり|い)ませんでした|外れて|早く動い|止まって(?:おり|い)ました)|",
        "出荷時の取り違え|(?:ご案内|記載|入力|登録|設定|処理|手配|出荷|発送|在庫)(?:に|の)(?:誤り|漏れ|間違い|遅れ|数え違い)|(?:原因は|調べたところ|確認したところ|確かめたところ)[^。\n]{0,40}(?:漏れ|間違|誤|ミス|遅れ|違い|不具合|忘れ|壊れ|外れ|取り違え|積み残)|(?:今回の|この)(?:間違い|不具合|遅れ|ミス|手違い)は|積み残(?:し|され)|(?:出し漏らし|出し忘れ|入れ忘れ|付け忘れ|処理漏れ)"
    );
    reading.find(ours).next().is_some()
}

impl ToneRule for MissingThanks {
    fn category(&self) -> Category {
        Category::MissingThanks
    }

    fn explain(&self) -> &'static str {
        "A photo, a report or praise came and is not thanked for; the set opening does not count."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        if !(reading.asked.photo || reading.asked.report_or_praise) {
            return;
        }
        let set_phrase = pattern!(
            "平素|日頃|いつも|ご利用|お買い上げ|ご購入|ご愛顧|お問い?合わ?せ|ご連絡|ご注文|ご来店|お世話|メッセージ|お便り|ご質問|ご相談|お返事|ご返信|お電話|メール"
        );
        let act = pattern!(
            "写真|画像|お知らせ|報告|指摘|ご意見|感想|お声|お言葉|教えて|送り|送って|添付|レビュー|気に入|喜|嬉|うれ|褒め|動画|気づ|気付|お心|心のこもった|あたたかい|温かい|ていねいな|丁寧な"
        );
        let thanked = reading.sentences().iter().any(|sentence| {
            let words = reading.at(sentence);
            setting.required(THANKS).any(|wanted| holds(words, wanted))
                && (act.is_match(words) || !set_phrase.is_match(words))
        });
        // In a short message the thanks may stand for all: 「うれしいです」 beside 「ご連絡ありがとうございます」.
        if !thanked {
            out.push(setting.whole());
        }
    }
}

impl ToneRule for MissingOpening {
    fn category(&self) -> Category {
        Category::MissingOpening
    }

    fn explain(&self) -> &'static str {
        "The matter begins without a greeting."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        if !setting.is_met(reading, OPENING, Place::First(OPENING_WITHIN)) {
            out.push(setting.whole());
        }
    }
}

impl ToneRule for MissingClosing {
    fn category(&self) -> Category {
        Category::MissingClosing
    }

    fn explain(&self) -> &'static str {
        "The reply ends without a closing phrase."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        if !setting.is_met(reading, CLOSING, Place::Last(1)) {
            out.push(setting.whole());
        }
    }
}

/// Which sentences a requirement looks at.
#[derive(Clone, Copy)]
enum Place {
    First(usize),
    Last(usize),
}

impl Setting {
    fn require(&self) -> Option<&Require> {
        self.settings.require.as_ref()
    }

    /// The wanted expressions: the guide's, or the language's own where the guide has a clause alone.
    pub(super) fn required<'s>(&'s self, builtin: &'s [&'static str]) -> impl Iterator<Item = &'s str> {
        let own = self.require().map(|require| require.any.as_slice()).unwrap_or_default();
        let builtin = if own.is_empty() { builtin } else { &[] };
        own.iter().map(String::as_str).chain(builtin.iter().copied())
    }

    /// Whether one of the wanted expressions stands in its place.
    fn is_met(&self, reading: &Reading, builtin: &[&'static str], usual: Place) -> bool {
        let within = self.require().and_then(|require| require.within_sentences).map(Place::First);
        let last = self.require().and_then(|require| require.last_sentences).map(Place::Last);
        let all = reading.sentences();
        let looked_at = match within.or(last).unwrap_or(usual) {
            Place::First(count) => &all[..count.min(all.len())],
            Place::Last(count) => &all[all.len().saturating_sub(count)..],
        };
        looked_at.iter().any(|sentence| self.required(builtin).any(|wanted| holds(reading.at(sentence), wanted)))
    }
}

/// Whether the parts around each `…` stand in the sentence in their order.
pub(super) fn holds(sentence: &str, wanted: &str) -> bool {
    let mut rest = sentence;
    for part in wanted.split('…') {
        let normal;
        let part = if part.is_ascii() || part.contains(['〜', '～', '！', '？', '（']) {
            normal = crate::language::normal::Normalised::of(part);
            normal.as_str()
        } else {
            part
        };
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}
