//! The usual spelling of words that some customers write in kana alone: 「へんぴん」 is 「返品」.
//!
//! One table for all rules, so that no rule needs two spellings. Not a converter: only words of shopping, and
//! only such as no other word of the same sound is likely here (胡椒 and 故障, 重症 and 住所 are told apart).

use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

use aho_corasick::{AhoCorasick, MatchKind};

use super::names;

/// Kana, then the usual spelling; the longest match counts.
const USUAL: &str = "へんぴん 返品|へんきん 返金|へんそう 返送|へんこう 変更|こうかん 交換|きゃんせる キャンセル|とりけし 取り消し|取りけし 取り消し|\
    とりけせ 取り消せ|取りけせ 取り消せ|\
    とどか 届か|とどき 届き|とどく 届く|とどい 届い|とどけ 届け|おとどけ お届け|とどけさき 届け先|おくりさき 送り先|ちゅうもん 注文|そうりょう 送料|\
    はいそう 配送|はっそう 発送|はいたつ 配達|じゅうしょ 住所|じゅうしょう 重症|ひっこし 引っ越し|ひっこした 引っ越した|ぱすわーど パスワード|\
    パスワド パスワード|ぱすわど パスワード|ろぐいん ログイン|ログイイン ログイン|あかうんと アカウント|めーる メール|めるまが メルマガ|かいいん 会員|\
    とうろく 登録|たいかいし 退会し|たいかいの 退会の|たいかいを 退会を|たいかいほう 退会方法|ていき 定期|かいやく 解約|ぽいんと ポイント|\
    くーぽん クーポン|わりびき 割引|りょうしゅうしょ 領収書|りょうしゅうしょう 領収証|せいきゅうしょ 請求書|みつもり 見積もり|おみつもり お見積もり|\
    ざいこ 在庫|さいにゅうか 再入荷|うりきれ 売り切れ|せいぶん 成分|げんざいりょう 原材料|あれるぎー アレルギー|つかいかた 使い方|くみたて 組み立て|\
    せつめいしょ 説明書|けっさい 決済|しはらい 支払い|おしはらい お支払い|はらいもどし 払い戻し|くれじっと クレジット|かーど カード|えらー エラー|\
    こわれ 壊れ|やぶれ 破れ|よごれ 汚れ|つぶれ 潰れ|ふりょうひん 不良品|こしょうし 故障し|おれてま 折れてま|おれてい 折れてい|がおれて が折れて|\
    がわれて が割れて|うごか 動か|うごき 動き|つかえな 使えな|つかえま 使えま|つかって 使って|おしえて 教えて|おねがい お願い|よろしくおねがい よろしくお願い|\
    しつもん 質問|ちがう 違う|ちがい 違い|ちがった 違った|ちがって 違って|まちがえ 間違え|まちがい 間違い|まちがっ 間違っ|さいず サイズ|ぷれぜんと プレゼント|\
    らっぴんぐ ラッピング|ぎふと ギフト|おいわい お祝い|つつんで 包んで|おかね お金|かえして 返して|かえせ 返せ|たすかり 助かり|たすかっ 助かっ|ぶじ 無事|\
    おいしか 美味しか|けしょうすい 化粧水|びようえき 美容液|にゅうえき 乳液|のまえ の前|のあと の後|でんわ 電話|たんとうしゃ 担当者|たんとうの 担当の|ひととはな 人と話|\
    にんげん 人間|びょういん 病院|きゅうきゅう 救急|いきがくるし 息が苦し|いきぐるし 息苦し|いきができ 息ができ|いしゃりょう 慰謝料|べんしょう 弁償|\
    ばいしょう 賠償|そんがい 損害|うったえ 訴え|さいばん 裁判|べんごし 弁護士|けいさつ 警察|しにたい 死にたい|じさつ 自殺|\
    はだあれ 肌荒れ|おはだ お肌|ひふか 皮膚科|なおせ 直せ|わすれ 忘れ|きこえな 聞こえな|がきません が来ません|がきました が来ました|がこない が来ない";

type Table = (AhoCorasick, Vec<&'static str>);

static TABLE: LazyLock<Table> =
    LazyLock::new(|| table(USUAL.split('|').filter_map(|pair| pair.trim().split_once(' '))));

/// Both lists: in a text of kana alone more words can be told, since none of them is the end of a verb in kanji.
static KANA_ALONE: LazyLock<Table> = LazyLock::new(|| {
    let mut pairs: BTreeMap<&str, &str> = USUAL.split('|').filter_map(|pair| pair.trim().split_once(' ')).collect();
    let lines = include_str!("kana.txt").lines().filter(|line| !line.starts_with('#'));
    pairs.extend(lines.filter_map(|line| line.trim().split_once(' ')));
    table(pairs.into_iter())
});

fn table(pairs: impl Iterator<Item = (&'static str, &'static str)>) -> Table {
    let (kana, usual): (Vec<&str>, Vec<&str>) = pairs.unzip();
    let words = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(kana);
    (words.expect("a constant list"), usual)
}

/// A text with fewer kanji than one in so many letters is written in kana.
const KANJI_IN: usize = 12;

/// The text with the words of the table in their usual spelling; positions are lost.
pub(super) fn usual(text: &str) -> Cow<'_, str> {
    let (words, usual) = &*TABLE;
    if words.is_match(text) { Cow::Owned(words.replace_all(text, usual)) } else { Cow::Borrowed(text) }
}

/// The text as its writer would have written it with kanji, for search; unchanged where there are kanji, or nothing
/// but a word or a name in katakana.
pub fn with_kanji(text: &str) -> Cow<'_, str> {
    let count = |is: fn(char) -> bool| text.chars().filter(|c| is(*c)).count();
    let (hiragana, kanji) = (count(names::is_hiragana), count(names::is_kanji));
    if hiragana < 4 || kanji * KANJI_IN > hiragana {
        return usual(text);
    }
    let (words, usual) = &*KANA_ALONE;
    Cow::Owned(unspaced(&words.replace_all(text, usual)))
}

/// Without the spaces that stand between words in a text of kana, and would part 開けて from いない.
fn unspaced(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let japanese = |c: Option<&char>| c.is_some_and(|c| names::is_hiragana(*c) || names::is_kanji(*c));
    let between = |at: usize| at > 0 && japanese(chars.get(at - 1)) && japanese(chars.get(at + 1));
    let kept = chars.iter().enumerate().filter(|(at, c)| !(matches!(c, ' ' | '\u{3000}') && between(*at)));
    kept.map(|(_, c)| *c).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_kana_alone_gets_its_kanji_and_one_with_kanji_keeps_its_words() {
        assert_eq!(
            with_kanji("しなぎれの しゅれっだー　つぎ いつ はいりますか"),
            "品切れの シュレッダー　次いつ入りますか"
        );
        assert_eq!(with_kanji("まとめて おくって"), "まとめて送って");
        assert_eq!(with_kanji("在庫が次にはいりますか"), "在庫が次にはいりますか");
        assert_eq!(with_kanji("トナー"), "トナー");
    }

    #[test]
    fn words_in_kana_get_their_usual_spelling_and_words_that_only_contain_them_do_not() {
        for (text, wanted) in [
            ("へんぴんしたい", "返品したい"),
            ("ぱすわーどをわすれた", "パスワードを忘れた"),
            ("りょうしゅうしょください", "領収書ください"),
            ("まちがえた", "間違えた"),
            ("じゅうしょうです", "重症です"),
            ("こしょうは入っていますか", "こしょうは入っていますか"),
        ] {
            assert_eq!(usual(text), wanted);
        }
    }
}
