//! What looks like a person's name or a company's in Japanese text. A guess by design: callers decide
//! what a wrong guess costs them.

use std::{collections::HashSet, sync::LazyLock};

/// Frequent surnames: without them 「変更です」 and 「森田です」 have the same shape.
const SURNAMES: &str = "佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 渡部 山本 中村 小林 加藤 吉田 𠮷田 山田 佐々木 山口 松本 井上 木村 林 斎藤 \
    斉藤 齋藤 清水 山崎 森 池田 橋本 阿部 石川 山下 中島 中嶋 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 藤井 西村 \
    福田 太田 三浦 藤原 岡本 松田 中川 中野 原田 小野 田村 竹内 金子 和田 中山 石田 上田 森田 原 柴田 酒井 工藤 横山 宮崎 宮本 内田 \
    高木 安藤 谷口 大野 丸山 今井 高田 藤本 武田 村田 上野 杉山 増田 小島 小嶋 菅原 平野 大塚 千葉 久保 松井 岩崎 桜井 櫻井 木下 野口 \
    松尾 野村 菊地 菊池 佐野 大西 杉本 新井 浜田 濱田 市川 古川 水野 小松 島田 小山 高野 山内 西田 菅 今村 河野 西川 久保田 吉川 東 \
    沢田 澤田 川口 五十嵐 永井 中西 服部 飯田 本田 川崎 川村 久田 樋口 小池 堀 山中 荒木 安田 大橋 平田 河合 岩田 関 関口 川上 辻 土屋 \
    秋山 松岡 吉村 熊谷 岡崎 星野 北村 永田 秋田 本間 松下 黒田 川田 片山 児玉 早川 堀内 石原 松村 中田 矢野 松浦 萩原 大久保 岡 須藤 \
    望月 大島 上原 小沢 尾崎 福島 広瀬 田口 成田 南 浅野 八木 西山 大谷 荒井 松原 栗原 宮田 川島 大川 平井 内藤 馬場 伊東 高山 三宅 \
    田辺 田邊 平山 石塚 白石 福井 奥村 岸本 西 竹田 桑原 森本 森山 奥田 片岡 榎本 青山 吉岡 中井 宮下 富田 根本 坂口 柳 横田 小泉 小田 \
    本多 野田 寺田 村山 天野 神田 杉田 柏木 高島 高井 古田 植田 浅井 若林 園田 落合 牧野 三上 相沢 門田 北川 塚本 津田 堤 戸田 中尾";

/// Nouns that stand where a name could: 「担当の者です」「お問い合わせの件です」.
const NOUNS: &str = "者 件 方 物 品 事 件名 変更 返品 交換 希望 相談 質問 確認 依頼 注文 問題 不良 破損 商品 番号 解約 停止 返金 \
    担当 担当者 店長 本人 家族 代理 新規 会員 場合 状況 状態 内容 予定 通り 連絡 問合 問合せ 至急 急ぎ 女性 男性 主婦 学生 初心者 \
    未着 未開封 開封済 以下 以上 下記 上記 次第 原因 対象 対象外 無料 有料 必要 不要 可能 不可 完了 途中 最後 最初 全部 両方 一部 \
    都合 責任 判断 事情 不備 手違い 手配 指示 規定 仕様 設定 制限 障害 混雑 休業 倉庫 本社 本部 支店 部署 部下 同僚 上司 友人 知人 \
    姉妹 兄弟 両親 選定 人選 人事 手続 手続き 業務 仕事 引継 引継ぎ 対応 説明 案内 書類 資料 \
    客 皆 お客 みなさん こちら そちら あちら これ それ あれ こと もの ほう とおり";

static KNOWN: LazyLock<HashSet<&str>> = LazyLock::new(|| SURNAMES.split_whitespace().collect());
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| NOUNS.split_whitespace().collect());

/// Words that end a company's or a desk's name.
pub const COMPANY: &str = "株式会社|有限会社|合同会社|\\(株\\)|\\(有\\)|㈱|設計|工業|商事|商店|商会|工務店|事務所|製作所|印刷|建設|不動産|医院|病院|\
    クリニック|薬局|学園|大学|高校|中学校|小学校|幼稚園|保育園|組合|協会|法人|サロン|ショップ|スタジオ|デザイン|システム|総務部?|経理部?|\
    購買部?|営業部?|[課部係]|センター|サポート|デスク|窓口|担当";

/// Whether this is a frequent surname, alone or followed by a given name.
pub fn is_known_name(text: &str) -> bool {
    let text = text.trim();
    let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    (1..bounds.len().min(5)).any(|n| {
        let (surname, given) = (&text[..bounds[n]], text[bounds[n]..].trim_start());
        let spaced = text[bounds[n]..].starts_with(' ');
        KNOWN.contains(surname) && is_given(given, spaced || n > 1)
    })
}

/// A given name after the surname: at most four letters of one script; after a surname of one kanji it
/// must stand apart, since 「森林」 or 「原因」 are no persons.
fn is_given(text: &str, may_follow: bool) -> bool {
    let count = text.chars().count();
    count == 0 || may_follow && count <= 4 && has_name_letters(text) && !COMMON.contains(text)
}

/// Whether a name could be written like this: few letters, of kanji or of one kana, and no common noun.
pub fn could_be_name(text: &str) -> bool {
    let text = text.trim();
    let count = text.chars().filter(|c| !c.is_whitespace()).count();
    (1..=8).contains(&count) && has_name_letters(text) && !COMMON.contains(text)
}

fn has_name_letters(text: &str) -> bool {
    let parts: Vec<&str> = text.split_whitespace().collect();
    parts.len() <= 2
        && parts.iter().all(|part| {
            let all = |f: fn(char) -> bool| part.chars().all(f);
            all(is_kanji) || all(is_hiragana) || all(|c| is_katakana(c) || c == '・')
        })
}

/// A kanji, or the mark that repeats one.
pub fn is_kanji(c: char) -> bool {
    matches!(c, '々' | '〆' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// A hiragana letter.
pub fn is_hiragana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ゝ' | 'ゞ')
}

/// A katakana letter or the prolonged sound mark.
pub fn is_katakana(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ' | 'ー' | 'ヽ' | 'ヾ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_surname_is_told_from_a_noun() {
        for name in ["森田", "大野", "森田 花子", "佐藤花子", "長谷川", "𠮷田"] {
            assert!(is_known_name(name), "{name}");
        }
        for noun in ["変更", "原因", "森林", "破損", "", "件"] {
            assert!(!is_known_name(noun), "{noun}");
        }
    }

    #[test]
    fn what_is_a_common_noun_or_too_long_is_no_name() {
        assert!(could_be_name("鬼塚") && could_be_name("ミラー") && could_be_name("さくら"));
        for not in ["返品", "者", "注文した者", "株式会社青葉設計工業所", "OL-1"] {
            assert!(!could_be_name(not), "{not}");
        }
    }
}
