//! Potential forms: a lost ら (見れる) and a れ too many (行けれる).

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    tone::{Reading, pattern::pattern},
};

/// ら抜き言葉.
pub(super) struct RaNuki;

/// れ足す言葉.
pub(super) struct ReTasu;

/// What may follow the れ. No 「ば」: 「見れば」 and 「行ければ」 are conditionals and right.
const TAIL: &str = "れ(?P<tail>ます|ません|ました|ませ|まし|る|ない|なかった|なく|なけれ|た|て|ず|そう|やす|にく)";

impl ToneRule for RaNuki {
    fn category(&self) -> Category {
        Category::RaNuki
    }

    fn explain(&self) -> &'static str {
        "The potential of a one-grade verb without its ら."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        let verbs = pattern!(
            "(?:見|来|着|寝|出|起き|降り|下り|借り|信じ|感じ|閉じ|浴び|落ち|用い|試み|足り|生き|過ぎ|",
            "食べ|受け|引き受け|変え|替え|換え|取り替え|切り替え|入れ替え|乗り換え|調べ|決め|入れ|付け|着け|つけ|答え|考え|伝え|教え|覚え|",
            "続け|届け|開け|空け|閉め|止め|とめ|辞め|やめ|始め|集め|確かめ|求め|進め|認め|加え|投げ|逃げ|上げ|下げ|避け|分け|助け|",
            "預け|片付け|見つけ|掛け|かけ|数え|迎え|支え|抑え|押さえ|揃え|そろえ|備え|捨て|育て|立て|組み立て|当て|並べ|比べ|述べ|締め|",
            "温め|貯め|載せ|乗せ|のせ|見せ|任せ|済ませ|合わせ|組み合わせ|問い合わせ|知らせ|混ぜ|出かけ|まとめ|納め|収め|",
            "詰め|埋め|広げ|曲げ|仕上げ|買い上げ|申し上げ|取り付け|貼り付け|申し受け|閉じ込め|やり遂げ|勧め|薦め|植え|超え|越え|終え|",
            "控え|整え|添え|据え|捕まえ|間に合わせ|寄せ|取り寄せ|仕入れ|受け入れ|忘れ|離れ|慣れ)",
            TAIL
        );
        for range in reading.find(verbs) {
            let words = reading.at(&range);
            // A stem that ends a longer word is another verb: 垂れ, 現れ; only 出 and 来 meet that: 思い出, 出来.
            let before = reading.text()[..range.start].chars().next_back();
            if words.starts_with("来れ") && before == Some('出') || setting.allows(reading, &range) {
                continue;
            }
            let at = words.rfind('れ').unwrap_or_default();
            let mended = format!("{}ら{}", &words[..at], &words[at..]);
            out.push(setting.at(reading, &range, Some(mended)));
        }
    }
}

impl ToneRule for ReTasu {
    fn category(&self) -> Category {
        Category::ReTasu
    }

    fn explain(&self) -> &'static str {
        "A potential form with one れ too many."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        let verbs = pattern!(
            "(?:(?:行|書|聞|働|描|抜|履|拭|磨|除|いただ|頂|招|弾|歩|解|置|動|引)け|",
            "(?:送|取|作|帰|乗|座|守|贈|切|売|走|登|測|計|図|貼|張|断|受け取|受取|変わ|戻|終わ|預か|承|関わ|や)れ|",
            "(?:読|飲|頼|組|積|休|申し込|取り込|楽し|包|踏|済)め|(?:使|言|会|買|支払|払|取り扱|扱|願|行|手伝|もら|貰|伺|洗|歌|問|補)え|",
            "(?:話|出|返|探|渡|試|直|戻|消|押|貸|示|移|外|回|取り消|申|引き出|差し出|見出|表|写)せ|(?:選|運|呼|遊|学|結)べ|(?:待|持|打|勝)て|(?:急|泳|脱|注|防|繋|つな)げ|でき|出来|(?:見|食べ|来|着|受け|変え)られ)",
            TAIL
        );
        for range in reading.find(verbs) {
            if setting.allows(reading, &range) {
                continue;
            }
            let words = reading.at(&range);
            let at = words.rfind('れ').unwrap_or_default();
            let mended = format!("{}{}", &words[..at], &words[at + 'れ'.len_utf8()..]);
            out.push(setting.at(reading, &range, Some(mended)));
        }
    }
}
