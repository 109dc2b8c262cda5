//! バイト敬語: politeness learned at the till.

use std::ops::Range;

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    language::pattern::pattern,
    tone::Reading,
};

/// 「〜になります」「〜のほう」「形になります」「よろしかったでしょうか」.
pub(super) struct BaitoKeigo;

impl ToneRule for BaitoKeigo {
    fn category(&self) -> Category {
        Category::BaitoKeigo
    }

    fn explain(&self) -> &'static str {
        "Till politeness: になります without a change, のほう without a comparison, a past tense that asks about now."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        for range in reading.find(pattern!("よろしかった(?:でしょうか|ですか)")) {
            let mended = reading.at(&range).replacen("かった", "い", 1);
            out.push(setting.at(reading, &range, Some(mended)));
        }
        for range in reading.find(pattern!(
            "(?:という|の|る|く|た|な)(?:形|かたち)(?:に|と)(?:なります|なっております|なっています|なりました)"
        )) {
            let before = reading.text()[..range.start].chars().next_back();
            let shape =
                matches!(before, Some('元' | '箱' | '星' | '花' | '円' | '角' | 'ト' | '丸' | 'こ' | 'そ' | '別'));
            if !shape {
                let mended = reading.at(&range).starts_with('の').then(|| "です".to_owned());
                out.push(setting.at(reading, &range, mended));
            }
        }
        for range in reading.find(pattern!("(?:現在|今|いま|ただいま)[^。、\n]{0,20}(?P<is>状態になります)"))
        {
            out.push(setting.at(reading, &range, None));
        }
        becomes(reading, setting, out);
        sides(reading, setting, out);
    }
}

/// 「になります」 where nothing becomes anything.
fn becomes(reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
    let said = pattern!(
        "(?:^|[。、!?\n])(?:こちら|これ|そちら|それ|以下|上記|下記)(?:[がはも]|の[^、。\n]{1,10}[がは])[^。、\n]{1,25}?(?P<is>に(?:なります|なっております))|",
        "(?:価格|値段|料金|送料|手数料|代金|年会費|会費|単価|配送料)は、?(?:税込)?[^。、\n]{0,6}[0-9][0-9,]*円(?:\\([^()]{1,6}\\))?(?P<cost>になります)|",
        "(?:[はがも]、?)[^。、\n]{0,10}?(?:[a-z]{1,4}-?[0-9]{2,}|[0-9]+(?:滴|個|本|枚|冊|g|ml|cm|mm|kg|種類|台|脚|袋|箱)(?:ほど|程度)?|発送の便|[0-9]+時発送)(?P<count>になります)|(?:品番|商品番号|注文番号|追跡番号|問い合わせ番号|電話番号|営業時間|受付時間|返送先|素材|サイズ|お色|カラー|セット内容)[はが]、?[^。、\n]{1,24}?(?P<fact>になります)"
    );
    // A result, a change, a count of days, or a set phrase: here something does become.
    let change = pattern!(
        "遅れ|後に|合計|計で|合わせ|加え|足す|引き|割引|変更|変わ|から|まで|以降|次第|場合|すると|たら|れば|経つ|経過|ため|より|増|減|延び|次回|新しく|(?:対象外?|必要|不要|可能|不可|負担|無料|有料|参考|目安|品切れ|売り切れ|完売|終了|無効|有効|最後|元どおり|限り|おすすめ|仕上がり|状態|決まり|仕組み|きっかけ|励み|支え)に(?:なります|なって)"
    );
    // 「お使いになります」 is an honorific, unless こちら or これ is what it speaks of: 「こちらがお品書きになります」.
    let honorific = pattern!("[おご](?:\\p{Han}|[ぁ-ん]){1,5}になります");
    for found in said.captures_iter(reading.text()) {
        let Some(is) = found.name("is").or(found.name("cost")).or(found.name("fact")).or(found.name("count")) else {
            continue;
        };
        let range = is.range();
        let whole = found.get(0).map_or("", |whole| whole.as_str());
        if reading.is_own(&range)
            && !change.is_match(whole)
            && (found.name("is").is_some() || !honorific.is_match(whole))
            && !setting.allows(reading, &range)
        {
            let polite = if reading.text().contains("ございます") { "でございます" } else { "です" };
            out.push(setting.at(reading, &range, Some(polite.to_owned())));
        }
    }
}

/// 「のほう」 without a direction, a comparison, or a side. 「の方」 is a person unless a thing stands before it.
fn sides(reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
    let kana = pattern!("(?P<noun>[一-龥々ァ-ヶーぁ-んa-z0-9])のほう(?P<after>[をはにへがでもか、と])");
    let kanji = pattern!(
        "(?P<noun>商品|品物|製品|注文|荷物|届け先|住所|名前|番号|料金|代金|送料|見積書?|請求書|領収書|納品書|書類|資料|写真|画像|在庫|返品|交換|返金|手続き|確認|連絡|返信|メール|支払い|入金|ポイント|クーポン|サイズ|配送|発送|手配|調査|用紙|カタログ|内容)の方(?P<after>[をはにへがでも、])"
    );
    if !reading.text().contains("のほう") && !reading.text().contains("の方") {
        return;
    }
    for pattern in [kana, kanji] {
        for found in pattern.captures_iter(reading.text()) {
            let (Some(noun), Some(after)) = (found.name("noun"), found.name("after")) else { continue };
            let range = noun.end()..after.start();
            if reading.is_own(&range) && !is_side(reading, noun.end()) && !compares(reading, &range, after.as_str()) {
                out.push(setting.at(reading, &range, Some(String::new())));
            }
        }
    }
}

fn is_side(reading: &Reading, end: usize) -> bool {
    pattern!("(?:こちら|そちら|あちら|どちら|いずれ|両方|弊社|当社|当店|私ども|私たち|わたしたち|窓口|サポート|担当|自分|他|ほか|別|[東西南北上下左右前後奥外内裏表横端底先側手辺]|め|初|終わり|[県都市区町道]|関東|関西|今|次|朝|夜|昼|夏|冬|最近)$")
        .is_match(&reading.text()[..end])
}

/// With 「が」 it is nearly always a comparison: only what is still to come or has happened to a thing is none.
fn compares(reading: &Reading, range: &Range<usize>, after: &str) -> bool {
    let Some(at) = reading.sentence_at(range.start) else { return true };
    let happens = pattern!("^が、?[^。]{0,4}(?:まだ|ござい|完了|到着|届い|発生|破損|不足|終了|未着|整い)");
    pattern!("より|比べ|どちら|一方").is_match(reading.at(&reading.sentences()[at]))
        || after == "が" && !happens.is_match(reading.rest_of_sentence(range.end))
}
