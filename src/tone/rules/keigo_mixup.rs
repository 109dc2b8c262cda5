//! Humble words for the customer's acts, honorific words for our own.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    language::pattern::pattern,
    tone::Reading,
};

/// 謙譲と尊敬の取り違え, in the cases that need no guess about who acts.
pub(super) struct KeigoMixup;

/// What humble verbs become when the customer acts.
const MENDED: &[(&str, &str)] = &[
    ("ご拝見ください", "ご覧ください"),
    ("拝見してください", "ご覧ください"),
    ("拝見ください", "ご覧ください"),
    ("拝読してください", "お読みください"),
    ("お伺いください", "お尋ねください"),
    ("伺ってください", "お尋ねください"),
    ("申された", "おっしゃった"),
    ("申されました", "おっしゃいました"),
    ("申されます", "おっしゃいます"),
    ("申される", "おっしゃる"),
    ("申されて", "おっしゃって"),
    ("参られました", "いらっしゃいました"),
    ("参られます", "いらっしゃいます"),
    ("参られる", "いらっしゃる"),
    ("参られた", "いらっしゃった"),
];

impl ToneRule for KeigoMixup {
    fn category(&self) -> Category {
        Category::KeigoMixup
    }

    fn explain(&self) -> &'static str {
        "A humble form for the customer's act, or an honorific form for our own."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        let humble = pattern!(
            "ご?拝(?:見|読|借|聴)(?:して)?ください|拝(?:見|読|聴)な(?:さ[っいる]|さり)[ぁ-ん]{0,2}|ご拝(?:見|読|借|聴)[ぁ-ん]{0,4}|拝(?:見|読|借|聴)(?:され|していただ[きけ])(?:ました|ます|た|て|る|ませ)?|",
            "(?:お客(?:様|さま)|[^。、\n]{1,6}(?:様|さま))[がはも](?:拝見|拝読|承知いた|承り|申し(?:まし|ます|て)|参り|伺い|存じ|頂戴)[ぁ-ん]{0,5}|",
            "拝(?:見|読|聴)(?:でき|が可能|可能)[ぁ-ん]{0,3}|申され(?:ましたら|ました|ます|た|て|れば|る)|参られ(?:ました|ます|た|て|る)|お?伺(?:い|って)ください|承ってください|(?:おっしゃって|いらっしゃって|ご覧になって|召し上がって|お越しになって|なさって)おり(?:ます|まし)|お(?:申し上げ|参り|伺い|頂き|いただき|存じ)に(?:な[りっる])[ぁ-ん]{0,3}|(?:お手元で|ご自宅で|お客(?:様|さま)(?:の方)?(?:で|が))[^。、\n]{0,10}させて(?:いただ|頂)[ぁ-ん]{1,3}|[^ごお](?:申し)て(?:いただ[けく]|くださ)[ぁ-ん]{0,3}|どちらに参られ[ぁ-ん]{0,4}|(?:申し上げて|申し伝えて|いただいて|頂いて|頂戴して|存じて|拝受して)(?:ください|下さい|いただけ(?:ます|れば))|(?:様|さま|方)が[^。、\n]{0,8}(?:いただく|いただいた|頂いた|頂く|頂戴する|頂戴した)(?:[おご]?(?:\\p{Han}|[ァ-ヶー])|。|の|際|とき)|(?:様|さま)[がはも][^。、\n]{0,16}(?:いたしました|いたします|いたした|申し込みいたし)"
        );
        for range in reading.find(humble) {
            let words = reading.at(&range);
            let mended = MENDED.iter().find(|(wrong, _)| *wrong == words).map(|(_, right)| (*right).to_owned());
            report(reading, setting, range, mended, out);
        }
        self.offered(reading, setting, out);
        let ours = pattern!(
            "(?P<actor>弊社|当社|当店|私ども|わたしたち|私たち|(?:(?:弊社|当社|当店)の)?(?:担当者?|スタッフ|責任者|店長|所長|部長|課長|係長|社長|工場長|主任|係の者|倉庫の者|店員|上司|チーム|開発者|メンバー|係)(?:の[一-龥々ァ-ヶー]{1,5}(?:様|さん)?)?)[がも、](?:[^。\nがはした]{0,14}?)(?:行かれ(?:て|ま|た)|ご\\p{Han}{2,3}(?:なさ[いっるり]|くださ(?:い?ま|って)|になり|され(?:て|ま|る))|おっしゃ[いっる]|いらっしゃ[いっるり]|ご覧にな[りっる]|召し上が[りっる]|なさ[いっる]|お越しにな[りっる]|お見えにな[りっる]|ご確認にな[りっる]|お(?:送り|伝え|調べ|話し|届け|持ち|戻り|帰り|出し|読み|聞き|考え|作り)にな[りっる]|ご(?:連絡|確認|案内|対応|説明|返信)ください(?:ます|ました))[ぁ-ん]{0,4}"
        );
        for range in reading.find(ours) {
            let before = reading.text()[..range.start].chars().next_back();
            let customers = reading.at(&range).contains("皆様") || reading.at(&range).contains("皆さま");
            if !customers && !matches!(before, Some('ご' | '御' | 'お' | '貴')) {
                report(reading, setting, range, None, out);
            }
        }
    }
}

impl KeigoMixup {
    /// 「ご〜できる」「ご〜してください」: the humble frame where the customer acts. Acts that are ours
    /// (ご案内できます, お届けできます) are not in the list.
    fn offered(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        let can = pattern!(
            "(?:[ご御](?:利用|確認|注文|購入|使用|参照|閲覧|覧|選択|変更|応募|登録|入力|参加|試着|試用|来店|予約|記入|印刷|入金|受講|乗車|入会|退会|検討|視聴|持参|返送|交換|返品|解約|停止|延長|申請|予約|確定|指定|設定|試用|照会|切り替え|精算|依頼|投稿|相談)|お(?:使い|選び|求め|買い求め|受け取り|申し込み|召し上がり|持ち帰り|試し|支払い|読み))",
            "(?P<can>でき(?:ます|ません|まし|る|ない|なく|なかった|なけれ|ませ))"
        );
        for range in reading.find(can) {
            let mended = reading.at(&range).replacen("でき", "いただけ", 1);
            report(reading, setting, range, Some(mended), out);
        }
        let please = pattern!(
            "(?:[ご御]\\p{Han}{2,4}|お(?:待ち|送り|使い|選び|知らせ|伝え|読み|聞き|持ち|受け取り|申し付け|申し込み))して(?:ください|下さい)"
        );
        for range in reading.find(please) {
            let mended = reading.at(&range).replacen("して", "", 1);
            report(reading, setting, range, Some(mended), out);
        }
    }
}

fn report(
    reading: &Reading,
    setting: &Setting,
    range: std::ops::Range<usize>,
    rewrite: Option<String>,
    out: &mut Vec<NewFinding>,
) {
    if !setting.allows(reading, &range) {
        out.push(setting.at(reading, &range, rewrite));
    }
}
