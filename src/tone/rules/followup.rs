//! Promises to come back, without a day.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    language::pattern::pattern,
    tone::Reading,
};

/// 「追ってご連絡します」 with no by-when.
pub(super) struct VagueFollowup;

impl ToneRule for VagueFollowup {
    fn category(&self) -> Category {
        Category::VagueFollowup
    }

    fn explain(&self) -> &'static str {
        "We say that we will check or come back, and not by when."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        // When it comes is left open, and then that we write, call or tell.
        let back = pattern!(
            "(?:追って|おって|後ほど|のちほど|後日|いずれ|近いうちに|改めて|あらためて|折り返し|次第|しだい|また(?:(?:こちら|弊社|当社|わたしたち|私ども|担当)から)?(?:お|ご)?(?:メッセージ|メール|電話|連絡|報告|知らせ|返事|返信|伝え)|(?:決ま|分か|わか|判明|はっきり|見通し|目処|めど|回答|返事|返答|結果|連絡|報告|作業|調査|確認|手配|準備|対応|反映|復旧)[^。、\n]{0,14}(?:たら|れば|てから|ので|うえで|上で|後に)|",
            "(?:確認|調査|お?調べ|検討|相談|問い合わせ|照会|確かめ|聞[いかき]|伺[いっ])[^。、\n]{0,14}(?:うえ|上|後|のち|て|で|し|り|き))[、]?[^。、\n]{0,18}(?:その(?:とき|際)に)?(?:(?:ご?連絡|ご?報告|お?知らせ|ご?案内|ご?返信|お?返事|ご?回答|お?答え|メール|お?電話|メッセージ|共有|お声がけ|知らせ|お?伝え)(?:を|も)?(?:いたし|し|差し上げ|さしあげ|申し上げ|させていただき|入れ|送り|お送りし)(?:ます|ますね|ますので)|お伝えでき(?:ます|るか))|",
            "また(?:(?:こちら|弊社|当社|わたしたち|私ども|担当)から)?(?:ご?連絡|お?電話|お?知らせ|ご?報告|お?返事|メール|メッセージ)(?:を)?(?:いたし|し|差し上げ|さしあげ|させていただき)ます"
        );
        for range in reading.find(back) {
            judge(reading, setting, range, out);
        }
        let checks = pattern!(
            "(?:確認|調査|お?調べ|検討|対応を協議)(?:を)?(?:いた)?し?(?:ます|ております|ています)|(?:確認|調査|検討)中(?:です|でございます)"
        );
        for at in 0..reading.sentences().len() {
            let bare = reading.bare(at);
            let ends = checks.find_iter(reading.at(&bare)).last().filter(|found| found.end() == bare.len());
            let Some(found) = ends else { continue };
            let range = bare.start + found.start()..bare.end;
            let before = reading.text()[..range.start].chars().next_back();
            if reading.is_own(&range) && !matches!(before, Some('ご' | '再')) {
                judge(reading, setting, range, out);
            }
        }
    }
}

fn judge(reading: &Reading, setting: &Setting, range: std::ops::Range<usize>, out: &mut Vec<NewFinding>) {
    let Some(at) = reading.sentence_at(range.start) else { return };
    let sentences = reading.sentences();
    let own = reading.at(&sentences[at]);
    let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| sentences.get(at));
    let dated = has_time(own) || beside.map(|sentence| reading.at(sentence)).any(is_deadline);
    // What the customer may bring up, and what comes of itself with its own notice, waits for no day.
    let only_if = pattern!("場合|の際|ご不明|ご希望|ご質問|ございましたら|でしたら|いただけ(?:れば|ましたら)|くださ(?:れば|いましたら)|(?:入荷|発売|発送|出荷)[^。、\n]{0,10}(?:次第|しだい|たら)")
        .is_match(own);
    if !dated && !only_if && !setting.allows(reading, &range) {
        out.push(setting.at(reading, &range, None));
    }
}

/// A moment or a span of time.
fn has_time(words: &str) -> bool {
    pattern!("[0-9一二三四五六七八九十数]+\\s*(?:月|日|時|分|営業日|時間|週間|か月)|[0-9]/[0-9]|本日|今日|明日|明後日|今週|来週|週明け|週末|月末|月内|午前|午後|夕方|年内|翌日|翌営業日|即日|正午|[月火水木金土日]曜|すぐに|ただちに").is_match(words)
}

/// In a neighbouring sentence only what bounds our answer counts, not the day of the order.
fn is_deadline(words: &str) -> bool {
    has_time(words)
        && pattern!("お時間|かかり|いただき|連絡|知らせ|報告|返事|返信|回答|お答え|電話|結果|判明|わかり|完了")
            .is_match(words)
}
