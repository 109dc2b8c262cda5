//! Words of a guide that stand in a text and are another word there: 「担当社員」 holds no 「当社」, 「多くなるほど」 no
//! 「なるほど」. A guide lists plain words and cannot foresee what they are parts of.

use crate::language::pattern::pattern;
use std::ops::Range;

use crate::language::names::is_kanji;

/// Two-character words of trade that end in a character with which words of guides begin: the listed word would be cut
/// out of them. 「取引当日」 is 取引 and 当日, no 引当.
const COMPOUNDS: &str = "担当 該当 相当 見当 手当 適当 本当 正当 妥当 充当 弁当 日当 配当 割当 穏当 \
    取引 割引 値引 代引 索引 強引 牽引 字引 \
    理解 見解 誤解 分解 読解 溶解 了解 \
    予約 契約 節約 規約 制約 誓約 公約 要約 \
    予定 決定 指定 設定 特定 限定 確定 安定 規定 認定 推定 測定 固定 査定 想定 改定 判定 鑑定 \
    顧客 来客 接客 乗客 観客 旅客 集客 \
    制御 防御 会社 神社 本社 支社 商社 \
    完了 終了 修了 満了 未了 \
    場所 箇所 住所 役所 短所 長所 台所 \
    以下 廊下 地下 天下 値下 上下 部下 \
    有効 無効 時効 薬効 \
    主義 講義 定義 正義 \
    出荷 入荷 集荷 積荷 \
    中小 大小 最小 縮小";

/// Whether a listed word, where it stands, is a part of others or means something else.
pub(super) fn is_another_word(text: &str, range: &Range<usize>) -> bool {
    let (before, after) = (&text[..range.start], &text[range.end..]);
    let word = &text[range.clone()];
    is_cut_out(before, word) || is_in_katakana_name(before, word, after) || means_another(before, word, after)
}

/// Whether the word's first character ends a compound that begins before it.
fn is_cut_out(before: &str, word: &str) -> bool {
    let (Some(last), Some(first)) = (before.chars().next_back(), word.chars().next()) else { return false };
    is_kanji(last) && is_kanji(first) && {
        let compound = String::from_iter([last, first]);
        COMPOUNDS.split(' ').any(|known| known == compound)
    }
}

/// 「ラテミエ」 is a house and no ラテ: what a word of katakana is joined to is a word of its own from three letters on
/// (ラテカップ), and below that a piece of a name.
fn is_in_katakana_name(before: &str, word: &str, after: &str) -> bool {
    let katakana = |c: &char| matches!(c, 'ァ'..='ヺ' | 'ー');
    let piece = |run: usize| (1..=2).contains(&run);
    word.chars().all(|c| katakana(&c))
        && (piece(after.chars().take_while(katakana).count())
            || piece(before.chars().rev().take_while(katakana).count()))
}

/// The other senses of words that guides often list.
fn means_another(before: &str, word: &str, after: &str) -> bool {
    let behind = after.chars().next();
    match word {
        // 「ますます便利になるほど」 compares; the interjection stands at the start of a clause.
        "なるほど" => {
            let kanji = |c: Option<char>| c.is_some_and(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            // A name: 「株式会社なるほど出版」.
            let named = kanji(before.chars().next_back()) && kanji(behind);
            named || pattern!("(?:く|に|と|も|が)$").is_match(before)
        }
        "クレーム" => pattern!("^(?:・?(?:ブリュレ|ド|アングレーズ|ダンジュ)|(?:対応|処理|相談)?(?:係|室|部(?:$|[^分])|課|窓口|研究会|学会))").is_match(after),
        // 「うち3点は」 means of these, 「うちわ」 is a fan.
        // 「校了解除」「完了解析」: two words that meet.
        "了解" => before.ends_with(['校', '完', '終', '満', '修']),
        "うち" => !pattern!("^(?:の|は|で|も|が|では|から|と(?:し|同))").is_match(after) || pattern!("^の(?:[0-9一二三半])").is_match(after),
        // 「すすみません」: the verb 進む in kana.
        "すみません" if before.ends_with('す') => true,
        "すみません" => before.ends_with(['が', 'も', 'は']) && pattern!("^(?:と|の|で(?:し|、))").is_match(after),
        "引当" => behind == Some('金'),
        "二度と" => behind == Some('も'),
        // A child and a particle, unless a particle or a border stands before the adverb.
        "ちゃんと" => {
            let border = |c| "。、,!?\n 」)はがをもにでとて".contains(c);
            !before.is_empty() && !before.ends_with("から") && !before.ends_with(border)
        }
        "っす" => behind.is_some_and(|c| !"。、!?~ねよかわけしが」)\n笑w".contains(c)),
        "御社" => pattern!("^[殿寺務]").is_match(after),
        "以上です" => pattern!("^(?:べ|と|の|か、|が|ので|し、)").is_match(after),
        "必ず" => after.starts_with("しも"),
        "間違いなく" => before.ends_with('お'),
        "絶対" => pattern!("^(?:値|的|量|温度|湿度|音感)").is_match(after),
        "日本一" => pattern!("^(?:周|帯|部|般|時|円|人|流|律|丸|本)").is_match(after),
        "no.1" => after.starts_with('-') || pattern!("no\\.(?:[2-9]|1[0-9])").is_match(before) || pattern!("no\\.(?:[2-9]|1[0-9])").is_match(after) || pattern!("(?:商品|品番|図|管理|注文|伝票|受付|整理|見積|請求|型番|号車|棚)\\s*(?:は|が|の)?$").is_match(before),
        // A part of what it is made of, or of what is shown: no promise.
        "100%" => {
            pattern!("(?:綿|コットン|ポリエステル|麻|リネン|シルク|絹|ウール|羊毛|果汁|紙|パルプ|ナイロン|レーヨン|アクリル|オイル|由来|植物性?|革|レザー|竹|木|再生[一-龥]{0,2}|天然|成分|素材|充電|輝度|倍率|表示|ゴム|樹脂|水|豆|配合率?|純度|濃度|湿度|残量|達成率?|使用率|混率|割合|[:/・])(?:が|は|で|も)?\\s*$").is_match(before)
                || pattern!("^(?:の?(?:綿|コットン|天然|植物|オーガニック|リサイクル|再生|果汁|ポリエステル|リネン|シルク|ウール|充電)|オフ|表示|引き|還元|off|と表示|を示)").is_match(after)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other(text: &str, word: &str) -> bool {
        let at = text.find(word).unwrap();
        is_another_word(text, &(at..at + word.len()))
    }

    #[test]
    fn a_word_cut_out_of_others_is_none() {
        for (text, word) in [
            ("担当社員が伺います", "当社"),
            ("該当店舗で使えます", "当店"),
            ("お弁当店の皆様", "当店"),
            ("取引当日の控え", "引当"),
            ("割引当選の方", "引当"),
        ] {
            assert!(other(text, word), "{text}");
        }
        for (text, word) in
            [("途中解約は", "解約"), ("在庫引当の", "引当"), ("初期不良品を", "不良品"), ("毎月定期便を", "定期便")]
        {
            assert!(!other(text, word), "{text}");
        }
    }

    #[test]
    fn words_of_two_senses_are_told_apart() {
        for (text, word) in [
            ("数が多くなるほどお安い", "なるほど"),
            ("うち3点は", "うち"),
            ("ゆいちゃんとお楽しみ", "ちゃんと"),
            ("古紙配合率100%の用紙", "100%"),
            ("商品no.1-2", "no.1"),
            ("日本一周の旅", "日本一"),
            ("校了解除の締め切り", "了解"),
            ("株式会社なるほど出版", "なるほど"),
            ("先へすすみませんでした", "すみません"),
        ] {
            assert!(other(text, word), "{text}");
        }
        for (text, word) in [
            ("なるほど、承知しました", "なるほど"),
            ("うちの倉庫", "うち"),
            ("箱をちゃんと閉めて", "ちゃんと"),
            ("100%届きます", "100%"),
            ("業界no.1の", "no.1"),
        ] {
            assert!(!other(text, word), "{text}");
        }
    }
}
