//! What a sentence of the shop is about: the things it names, without its figures and its yes or no.
//!
//! Two sentences are held against each other only when they name the same things. A word more (大型商品の送料) is
//! another rule, so what may be left out is listed here, and all else counts.

use std::{
    collections::{BTreeSet, HashSet},
    sync::LazyLock,
};

use regex::Regex;

use crate::{
    domain::Span,
    language::{names, normal::Normalised, quantity, synonyms::Synonyms, words},
};

/// The things that a text names.
pub type Matter = BTreeSet<String>;

/// Groups of `synonyms.yaml` whose words are not one thing but several of a kind: each word stands for itself.
const KINDS: &[&str] = &[
    "離島",
    "会員ランク",
    "クレジットカード",
    "スマホ決済",
    "メール便",
    "配送会社",
    "色",
    "サイズ",
    "年末年始",
    "休み",
    "繁忙期",
    "時間指定",
    "家電",
    "食品",
    "アクセサリー",
    "洋服",
    "上着",
    "お菓子",
    "飲み物",
    "文房具",
    "ファイル",
    "設定",
    "電話",
];

/// Groups that stand in every rule and tell no two of them apart. What is counted from an arrival or an order is
/// compared with the length itself.
const EVERYWHERE: &str = "注文 到着 届く日 無料 負担 使えない 条件 手続き 値段 上限 問い合わせ先 締め切り 数量 製作期間 有効期限 期限切れ \
    支払期限 営業時間 消費税 総額 違い 間隔 配送 一部 使い方";

/// Words that tell no two rules apart.
const PLAIN: &str = "客 客様 場合 弊社 当店 当社 商品 品 物 方 様 利用 使用 可能 不可 必要 不要 有料 対象 対象外 一律 全国 税込 税抜 税 \
    教 教え 承 受 受け 付 付け 受付 期限 期間 期日 日程 時期 時間 日 日数 回 回数 数 数量 最小 単位 料金 費用 金額 代金 価格 規定 規約 方法 内容 条件 制度 案内 確認 \
    希望 指定 発行 申 込 申込 連絡 願 致 頂 下 際 時 今 後 前後 以降 以上 以内 以下 未満 程度 約 頃 次 次第 誠 何 誰 通常 窓口 マイページ 会員ページ サイト 画面 ホームページ 何時 時 原則 基本 別途 現在 対応 実施 \
    上 中 内 間 分 円 点 個 台 件 人 名 箱 枚 目 完了 予定 範囲 所定 詳細 下記 以外 行 引 受 買 受け付け 申し込み 買い上げ 上げ 手元 出 来 思 見 言 込 含 取 扱 持 \
    適用 限 限り 全 全て 各 種 同 既 済 済み 獲得 提供 用意 土日 サービス ルール ページ ご案内 について 申し訳 恐 入 恐れ入り 度 期 額 割引 割 率 獲 得 達 届 \
    一人 最大 最短 最低 月 年 週 毎月 毎年 毎日 平日 曜日 祝日 土 日祝 休業日 営業日";

/// A word before a predicate is what one does, not what one speaks about: ご連絡ください, 保管いたします.
static PREDICATE: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(
        r"^(?:を)?(?:いた|致|し(?:ます|て|た|、)|する|され|でき|ください|下さい|いただ|頂|お願い|になり|となり|の?うえ|承|可能|をお|くださ)",
    )
    .expect("a constant pattern")
});
/// What turns a condition around.
static TURNED: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(
        r"以外|除(?:き|く|いて|いた)|(?:ない|なかった|なく|ません|でない)(?:場合|とき|時|方|もの|商品|お客)",
    )
    .expect("a constant pattern")
});

static KINDS_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| KINDS.iter().copied().collect());
static EVERYWHERE_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| EVERYWHERE.split_whitespace().collect());
static PLAIN_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| PLAIN.split_whitespace().collect());

/// Single kanji that make another thing of what stands beside them.
const TURNS: [&str; 5] = ["前", "後", "未", "非", "再"];

/// What a text speaks of.
#[derive(Debug, Default)]
pub struct Named {
    /// The things that it names.
    pub things: Matter,
    /// What is done with them or not: 返品 in 返品を承ります, 適用 in 適用いたしません.
    pub done: Matter,
}

/// The things that a text names, and what is done with them.
pub fn named(text: &str) -> Named {
    let normal = Normalised::of(text);
    let chars: Vec<char> = text.chars().collect();
    let synonyms = Synonyms::in_use();
    let figures: Vec<Span> = quantity::facts_of(&normal).into_iter().map(|fact| fact.span).collect();
    let inside = |span: Span, of: &[Span]| of.iter().any(|other| span.start < other.end && other.start < span.end);
    let mut found = Named::default();
    let rest = |span: Span| -> String { chars[span.end..].iter().take(6).collect() };
    let mut named: Vec<Span> = Vec::new();
    for concept in synonyms.terms(&normal) {
        if KINDS_SET.contains(concept.text.as_str()) || inside(concept.span, &figures) {
            continue;
        }
        named.push(concept.span);
        if PREDICATE.is_match(&rest(concept.span)) {
            found.done.insert(concept.text.clone());
        }
        if !EVERYWHERE_SET.contains(concept.text.as_str()) {
            found.things.insert(concept.text);
        }
    }
    for word in words::words(&normal) {
        if inside(word.span, &figures) || inside(word.span, &named) {
            continue;
        }
        let bare = word.text.strip_prefix(['ご', 'お', '御']).unwrap_or(&word.text);
        let before_figure = figures.iter().any(|figure| figure.start == word.span.end);
        if TURNS.contains(&word.text.as_str()) {
            if !before_figure {
                found.things.insert(word.text);
            }
        } else if PREDICATE.is_match(&rest(word.span)) {
            if !bare.chars().all(names::is_hiragana) && bare.chars().count() > 1 {
                found.done.insert(bare.to_owned());
            }
        } else if names_something(bare) {
            found.things.insert(bare.to_owned());
        }
    }
    for turned in TURNED.find_iter(normal.as_str()) {
        found.things.insert(format!("!{}", turned.as_str()));
    }
    found
}

/// Whether a word can be the name of something: it has letters that names have, and is not one of those that stand in
/// every rule. A kanji alone is mostly the stem of a verb.
fn names_something(word: &str) -> bool {
    let telling = |c: char| names::is_kanji(c) || names::is_katakana(c) || c.is_ascii_alphabetic();
    // A number that is no figure names a model or a paragraph.
    if !word.is_empty() && word.chars().all(|c| c.is_ascii_digit()) {
        return true;
    }
    let kanji_alone = word.chars().count() == 1 && word.chars().all(names::is_kanji);
    word.chars().any(telling) && !kanji_alone && !PLAIN_SET.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn things(text: &str) -> Vec<String> {
        named(text).things.into_iter().collect()
    }

    #[test]
    fn the_same_thing_in_other_words_is_the_same_matter() {
        assert_eq!(things("返品の送料はいくらですか。"), things("返送の配送料は、1箱880円です。"));
        assert_eq!(things("代引き手数料について"), things("代金引換の手数料は、一律330円です。"));
    }

    #[test]
    fn what_makes_another_rule_is_another_matter() {
        for (one, other) in [
            ("返品の送料は880円です。", "交換の送料は880円です。"),
            ("北海道への送料は880円です。", "沖縄への送料は880円です。"),
            ("発送前のキャンセル", "発送後のキャンセル"),
            ("初期不良の返品", "初期不良以外の返品"),
            ("椅子10型の送料", "椅子20型の送料"),
        ] {
            assert_ne!(things(one), things(other), "{one} {other}");
        }
    }
}
