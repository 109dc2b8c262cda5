//! Promises to come back, without a day.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    tone::{Reading, pattern::pattern},
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
        let back = pattern!(
            "(?:追って|後ほど|のちほど|後日|改めて|あらためて|折り返し|(?:分か|わか|判明し|(?:確認|調査|準備|手配)が?(?:取れ|でき|終わ|完了し|済み))[りまた]?次第|(?:確認|調査|詳細|結果)[^。、\n]{0,10}次第|(?:確認|調査|お調べ)(?:いた)?(?:し(?:て|た)?|の|を)?(?:うえ|上|後|のち)?(?:で|に)?)[、]?[^。、\n]{0,14}(?:ご連絡|ご報告|お知らせ|ご案内|ご返信|お返事|ご回答)(?:を)?(?:いたし|し|差し上げ|さしあげ|申し上げ|させていただき)ます"
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
    let only_if = pattern!("場合|の際|ましたら|でしたら|れば").is_match(own);
    if !dated && !only_if && !setting.allows(reading, &range) {
        out.push(setting.at(reading, &range, None));
    }
}

/// A moment or a span of time.
fn has_time(words: &str) -> bool {
    pattern!("[0-9一二三四五六七八九十数]+\\s*(?:月|日|時|分|営業日|時間|週間|か月)|[0-9]/[0-9]|本日|今日|明日|明後日|今週|来週|週明け|週末|月末|月内|午前|午後|夕方|年内|翌日|翌営業日|即日|正午|[月火水木金土日]曜|すぐに|ただちに|只今|ただいま").is_match(words)
}

/// In a neighbouring sentence only what bounds our answer counts, not the day of the order.
fn is_deadline(words: &str) -> bool {
    has_time(words) && pattern!("まで|以内|中に|頃|ごろ|ほどで|程度|お時間|ご連絡|お知らせ|ご報告").is_match(words)
}
