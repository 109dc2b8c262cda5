//! Promises and claims that go too far: 必ず, 絶対, 治ります.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    tone::{Reading, pattern::pattern, words::Seen},
};

/// 断定: our own promise with 必ず, 絶対, 100%.
pub(super) struct Overpromise;
/// Effects, superlatives and recommendations that the law forbids to claim.
pub(super) struct LegalClaim;

impl ToneRule for Overpromise {
    fn category(&self) -> Category {
        Category::Overpromise
    }

    fn explain(&self) -> &'static str {
        "A promise of ours in absolute words; requests and cautions to the customer are none."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        for seen in setting.words.find(reading) {
            let rest = reading.rest_of_sentence(seen.range.end);
            let asks = pattern!("ください|下さい|お願い|くださいませ|お控え|ご遠慮|必要(?:が|です|で)|ご確認の(?:うえ|上)|ご相談|よう(?:に)?お|べき").is_match(rest);
            let denies = pattern!("(?:わけで|とは限|お約束|保証|断言|言い切|とは言|とはいえ|ものでは)[^。]{0,12}(?:ない|ません|かね)|限りません").is_match(rest);
            let aims = pattern!("^に?[^。、]{0,14}(?:ために|ため、|たい場合|には、)").is_match(rest);
            if own(reading, &seen) && !asks && !denies && !aims && !is_another_word(reading, &seen) {
                let mut found = setting.word(reading, &seen);
                // An adverb before its verb can be left out; 「二度と」 carries the negation and cannot.
                if found.rewrite.is_none() && matches!(reading.at(&seen.range), "必ず" | "確実に" | "間違いなく")
                {
                    found.rewrite = Some(String::new());
                }
                out.push(found);
            }
        }
    }
}

/// 「綿100%」 is what it is made of, 「絶対値」 a figure, 「お間違いなく」 a request.
fn is_another_word(reading: &Reading, seen: &Seen<'_>) -> bool {
    let before = reading.text()[..seen.range.start].chars().next_back();
    let rest = reading.rest_of_sentence(seen.range.end);
    match reading.at(&seen.range) {
        "100%" => {
            pattern!("(?:綿|コットン|ポリエステル|麻|リネン|シルク|絹|ウール|羊毛|果汁|紙|パルプ|ナイロン|レーヨン|アクリル|オイル|由来|植物性?|革|レザー|竹|木|再生[一-龥]{0,2}|天然|成分|素材|充電|輝度|倍率|表示|ゴム|樹脂|水|豆|[:/・が])\\s*$")
                .is_match(&reading.text()[..seen.range.start])
                || pattern!("^(?:の?(?:綿|コットン|天然|植物|オーガニック|リサイクル|再生|果汁|ポリエステル|リネン|シルク|ウール|充電)|オフ|表示|引き|還元|OFF|off)").is_match(rest)
        }
        "絶対" => pattern!("^(?:値|的|量|温度|音感)").is_match(rest),
        "間違いなく" => matches!(before, Some('お')),
        "必ず" => rest.starts_with("しも"),
        _ => false,
    }
}

impl ToneRule for LegalClaim {
    fn category(&self) -> Category {
        Category::LegalClaim
    }

    fn explain(&self) -> &'static str {
        "An effect, a superlative, a recommendation or a safety that may not be claimed; a warning for a person to judge."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        let first = out.len();
        for seen in setting.words.find(reading) {
            if own(reading, &seen) && !is_denied(reading, seen.range.end) && !is_number(reading, &seen) {
                out.push(setting.word(reading, &seen));
            }
        }
        let effect = pattern!(
            "(?:シワ|しわ|シミ|しみ|そばかす|ニキビ|にきび|くすみ|たるみ|毛穴|アトピー|アレルギー|湿疹|肌荒れ|ほうれい線|クマ|腰痛|肩こり|頭痛|不眠)[がをはも]?(?:完全に|すぐに|きれいに|必ず)?(?:消え|消し|消せ|なくな|無くな|治り|治る|治せ|完治|解消され|改善され|改善します)[ぁ-ん]{0,3}|",
            "(?:医師|医者|皮膚科医|専門医|薬剤師)[がもの]?(?:推奨|推薦|お墨付き|太鼓判)|(?:誰|だれ)でも(?:安心|安全)|(?:完全|全く|まったく)無害|副作用(?:は|が|も|の心配は)(?:一切|全く|まったく)?(?:ありません|ございません|ない)|世界(?:一|初|最高)|業界(?:no\\.?1|初|一|最高|最安)|万病|(?:確実に|必ず)(?:痩せ|やせ|若返|効き|治り)[ぁ-ん]{0,3}"
        );
        for range in reading.find(effect) {
            let span = reading.original(&range);
            let known = out[first..].iter().any(|found| found.span.is_some_and(|other| other.overlaps(span)));
            if !known && !is_denied(reading, range.end) && !setting.allows(reading, &range) {
                out.push(setting.at(reading, &range, None));
            }
        }
    }
}

fn own(reading: &Reading, seen: &Seen<'_>) -> bool {
    reading.speaks(&seen.range) && !reading.is_quoted(&seen.range) && !reading.is_link(&seen.range)
}

/// 「シミが消えるという働きはございません」 denies the effect. A question and a condition claim none.
fn is_denied(reading: &Reading, end: usize) -> bool {
    pattern!("ません|ない|わけで|ものでは|とは限|保証|うた(?:う|って)|謳|^[ぁ-ん]{0,4}か(?:[?。、]|と|$)|^(?:る|り)?(?:まで|前)|^(?:という)?(?:表現|表示|広告|お問い)").is_match(reading.rest_of_sentence(end))
}

/// 「商品No.1」 counts, 「日本一周」 travels.
fn is_number(reading: &Reading, seen: &Seen<'_>) -> bool {
    let before = &reading.text()[..seen.range.start];
    let rest = reading.rest_of_sentence(seen.range.end);
    match reading.at(&seen.range) {
        "no.1" => {
            pattern!("(?:商品|品番|図|管理|注文|伝票|受付|整理|見積|請求)\\s*$").is_match(before)
                || rest.starts_with('-')
        }
        "日本一" => pattern!("^(?:周|帯|部|般|時|円|人)").is_match(rest),
        _ => false,
    }
}
