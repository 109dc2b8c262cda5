//! Potential forms: a lost ら (見れる) and a れ too many (行けれる).

use std::ops::Range;

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    language::pattern::{Pattern, pattern},
    tone::{Reading, reading::overlap},
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
        // Any other verb of one grade by its shape: a kanji and a kana in い or え before the れ. Five-grade potentials
        // have that shape too (行けれる) and are the other rule's.
        let shape = pattern!("\\p{Han}(?:[えけせてねべめげぜで]|[いきしちにひみりぎじび])", TAIL);
        let with_re =
            pattern!("(?:入|忘|離|触|慣|流|逃|訪|別|現|汚|壊|晴|割|折|切り離|取り入|受け入|仕入|手に入)れ", TAIL);
        let mut seen: Vec<Range<usize>> = Vec::new();
        for range in reading.find(verbs).chain(reading.find(with_re)).chain(reading.find(shape)) {
            let words = reading.at(&range);
            // A stem that ends a longer word is another verb: 垂れ, 現れ; only 出 and 来 meet that: 思い出, 出来.
            let before = reading.text()[..range.start].chars().next_back();
            let other = words.starts_with("来れ") && before == Some('出') || is_five_grade(reading, &range);
            if other || setting.allows(reading, &range) || seen.iter().any(|known| overlap(known, &range)) {
                continue;
            }
            let at = words.rfind('れ').unwrap_or_default();
            let mended = format!("{}ら{}", &words[..at], &words[at..]);
            out.push(setting.at(reading, &range, Some(mended)));
            seen.push(range);
        }
    }
}

/// Whether the words are a five-grade potential with a れ too many.
fn is_five_grade(reading: &Reading, range: &Range<usize>) -> bool {
    reading.find(five_grade()).any(|found| overlap(&found, range))
}

impl ToneRule for ReTasu {
    fn category(&self) -> Category {
        Category::ReTasu
    }

    fn explain(&self) -> &'static str {
        "A potential form with one れ too many."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        for range in reading.find(five_grade()) {
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

/// Potentials of five-grade verbs before a second れ. Kana and ラ行 by their shape: no other verb has れれ but those of one
/// grade that end in れる.
fn five_grade() -> &'static Pattern {
    pattern!(
        "(?:(?:行|書|聞|働|描|抜|履|拭|磨|除|いただ|頂|招|弾|歩|解|置|動|引)け|",
        "(?:送|取|作|帰|乗|座|守|贈|切|売|走|登|測|計|図|貼|張|断|受け取|受取|変わ|戻|終わ|預か|承|関わ|や|かか|掛か|被|滑|祈|巡|回|曲が|上が|下が|要|減|光|香|黙|蹴|絞|練|塗|掘|刈|釣|移|写|渡|至|頼|寄|余|残|直|治|困|守|配|釈|照|凝|散|盛|去|千切|区切|仕切|裏切|見積も|持ち帰|引き取|聞き取|読み取|切り取|書き取|見守|見送|お?送|語|誤|陥|劣|勝|降|振)れ|",
        "(?:読|飲|頼|組|積|休|申し込|取り込|楽し|包|踏|済)め|(?:使|言|会|買|支払|払|取り扱|扱|願|行|手伝|もら|貰|伺|洗|歌|問|補)え|",
        "(?:話|出|返|探|渡|試|直|戻|消|押|貸|示|移|外|回|取り消|申|引き出|差し出|見出|表|写)せ|(?:選|運|呼|遊|学|結)べ|(?:待|持|打|勝)て|(?:急|泳|脱|注|防|繋|つな)げ|でき|出来|[見着来食べ受け変え]られ|(?:か|や|な|と|ま|わ|も|く|す|つ|が|ど|し|つく|わか|もど|つかま|すわ|のこ|まも|おく|わた)れ)",
        TAIL
    )
}
