//! Who a past reply was about, taken away for ever before it is stored.
//!
//! Stand-ins keep the sentence readable as an example of voice. Wrong guesses lose a word, missed
//! ones lose somebody's privacy: in doubt a name is replaced.

use regex::Captures;

use super::{
    mask::{self, Shape},
    names,
    normal::Normalised,
    pattern::{Pattern, named},
    zones::Zones,
};
use crate::domain::Span;

const KANJI: &str = r"[\p{Han}々〆ヶ]";
/// A name in Latin letters, with a given name or a second one.
const LATIN: &str = r"(?-u:\b)[a-z][a-z'\-]+(?: [a-z][a-z'\-]+)?";
/// Whom an English letter greets without knowing them.
const GREETED: &[&str] = &["customer", "sir", "madam", "all", "team", "support", "valued", "friend", "guest", "client"];
const PREFECTURES: &str = "北海道|東京都|(?:京都|大阪)府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|\
    長野|岐阜|静岡|愛知|三重|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県";

named!(
    ADDRESS,
    &format!(
        r"(?x)(?:(?:{PREFECTURES})\s?[^\s。、,「」\n]{{1,30}}?|{KANJI}{{1,6}}[市区郡町村][^\s。、,「」\n]{{0,16}}?)
        (?:[0-9]+|[一二三四五六七八九十〇]+(?:丁目|番))(?:[-ーの]?(?:[0-9]+|[一二三四五六七八九十〇]+)(?:丁目|番地?|号室?|階|f)?|丁目|番地?|号室?|階)*
        (?:[\ ]?[^\s。、,「」\n]{{1,20}}?(?:ビル|マンション|ハイツ|コーポ|荘|タワー|レジデンス|アパート|[0-9]+号室|[0-9]+階|[0-9]+f)(?:[0-9]+(?:号室?|階|f)?)?)?"
    )
);
named!(
    ORDER,
    r"(?P<label>(?:注文|受注|伝票|追跡|送り状|問い?合わせ|会員|お客様|契約|管理|予約|受付|申込|申し込み|顧客|照会|口座|カード)\s?(?:番号|no\.?|id)\s?(?:は|が|の|:|#|\(|「)?\s?)(?P<value>[a-z0-9][a-z0-9\-]{2,})"
);
named!(
    CODE,
    r"(?-u:\b)(?:[a-z]{1,5}-?[0-9]{5,}(?:-[0-9]+)*|[0-9]{8,}|[0-9]{3,4}-[0-9]{4}-[0-9]{4}|[0-9]{4}(?:[ -][0-9]{4}){2,3})(?-u:\b)"
);
// An account is named by its sort and has seven digits; nobody's product is.
named!(ACCOUNT, r"(?:普通|当座|貯蓄)(?:預金|口座)?(?:番号)?\s?[はの:]?\s?(?P<value>[0-9]{6,8})");
// The day somebody was born, and nothing else, stands beside these words.
named!(
    BORN,
    r"(?:生年月日|誕生日|お誕生日)(?:は|が|の|:)?\s?(?P<value>(?:(?:昭和|平成|令和|西暦)?\s?[0-9元]{1,4}[年/.-]\s?)?[0-9]{1,2}[月/.-]\s?[0-9]{1,2}日?)"
);
named!(
    TITLED,
    &format!(
        r"(?P<name>(?:{KANJI}{{1,4}}[ ])?(?:{KANJI}{{1,8}}|{KANJI}{{1,4}}[ぁ-ん]{{1,4}}|[ァ-ヴー・]{{2,14}}|(?-u:\b)[a-z]{{2,15}}))[ ]?(?P<title>様|さま|さん|氏|殿|御中|くん|ちゃん)(?P<next>.?)"
    )
);
named!(
    KANA_TITLED,
    r"(?P<before>^|[\s。、!?「(])(?P<name>[ぁ-ん]{2,6}(?:[ ][ぁ-ん]{2,5})?)[ ]?(?P<title>様|さま|さん)(?P<next>.?)"
);
named!(
    INTRODUCED,
    &format!(
        r"(?P<name>(?:{KANJI}{{1,5}}[ ]?(?:{KANJI}{{1,3}}|[ぁ-ん]{{2,4}})?|[ァ-ヴー]{{2,10}}|[ぁ-ん]{{2,5}}|{LATIN}))(?P<said>と(?:申し|もうし|申す|いい|言い)|でございます|です|が(?:承|対応|担当|お伺い|ご案内|確認)|より(?:ご連絡|ご案内|お電話|改めて)|から(?:ご連絡|お電話|折り返し))"
    )
);
named!(
    DESK_BEFORE,
    &format!(r"(?:{}|店|社|部|課|係|室|チーム|グループ|責任者|担当者?)(?:の|[ :]|は)?$", names::COMPANY)
);
named!(
    RESPONSIBLE,
    &format!(
        r"(?P<label>(?:担当者?|責任者|お名前|氏名|名前|宛名|受取人|ご注文者|注文者)\s?[:はが]\s?)(?P<name>{KANJI}{{1,4}}[ ]?(?:{KANJI}{{1,3}}|[ぁ-ん]{{2,4}})?|[ァ-ヴー・ ]{{2,14}}|{LATIN})"
    )
);
// 「Dear Ms. Miller」 「My name is Ann Miller」: normal form has no capitals, so what stands before has to tell.
named!(
    ENGLISH,
    &format!(r"(?-u:\b)(?:(?:dear )?(?:mr|ms|mrs|miss|dr)\.? |dear |my name is |name: ?)(?P<name>{LATIN})")
);
named!(
    COMPANY,
    &format!(
        r"(?:株式会社|有限会社|合同会社|\(株\))[ ]?(?:{KANJI}|[ァ-ヴーa-z0-9・]){{1,16}}|(?:{KANJI}|[ァ-ヴーa-z0-9・]){{1,16}}[ ]?(?:株式会社|有限会社|合同会社|\(株\))"
    )
);
// 「前任の木下が」: who is told apart from us and the customer by a post.
named!(
    THIRD,
    &format!(
        r"(?P<post>(?:前任|後任|前担当|先任|上司|同僚|部下|部長|課長|係長|主任|店長|社長)(?:者|の者|担当)?の)(?P<name>{KANJI}{{2,4}})(?:が|は|に|へ|から|より|と|も|を|まで|、|宛)"
    )
);
// A house by its name and room, without the street before it.
named!(
    HOUSE,
    &format!(
        r"(?P<value>(?:[ァ-ヴー・]{{1,10}})?(?:ハイツ|コーポ|メゾン|ハイム|シャトー|ヴィラ|パレス)(?:[ァ-ヴー・]{{1,10}}|[ぁ-ん]{{2,6}}|{KANJI}{{1,5}})?[ ]?[0-9]{{2,4}}(?:号室?)?|(?:[ァ-ヴー・]{{1,10}}|[ぁ-ん]{{2,6}}|{KANJI}{{1,5}})(?:マンション|アパート|レジデンス|荘)[ ]?[0-9]{{2,4}}(?:号室?)?)(?P<next>.?)"
    )
);
named!(URL, r"https?://[a-z0-9\-._~:/?#@!$&'*+,;=%]+");

/// Words before 様 or さん that name nobody.
const GENERAL: &str = "お客 客 皆 皆々 各 御客 担当者 ご担当者 御担当者 ご担当 担当 関係者 ご関係者 会員 奥 旦那 お子 子供 ご家族 家族 ご主人 母 父 兄 姉 \
    お母 お父 お兄 お姉 姫 王 神 仏 業者 店員 医者 お医者 運送屋 配送業者 同 多 一 異 有 左 仕 模 貴 両 利用者 ご利用者 ご注文者 受取人 患者 \
    みな たく お疲れ おつかれ ご苦労 おじ おば おかあ おとう おじい おばあ おに おね おこ おく おきゃく むすこ むすめ 先生 何 〇〇 ○○";
/// A general word that ends what stands before the title: 「大切なお客様」 「法人会員様」.
const GENERAL_ENDINGS: &[&str] = &["客", "担当者", "担当", "皆", "会員", "関係者", "利用者", "注文者", "業者", "家族"];

/// What the text would lose no sense without: words that stand before a name without a space.
const BEFORE_NAMES: &[&str] = &[
    "本日",
    "先日",
    "今回",
    "以前",
    "弊社",
    "当社",
    "御社",
    "貴社",
    "前任",
    "担当",
    "後日",
    "昨日",
    "明日",
    "至急",
    "改めて",
];

/// Replaces everything that tells who somebody is by neutral stand-ins. There is no way back.
pub fn pseudonymise(text: &str) -> String {
    let text = without_signature(text);
    let shapes = mask::personal(&text);
    let text = mask::replace(&text, &shapes, |shape, original| match shape {
        Shape::Literal => original.to_owned(),
        Shape::Email => "[メール]".to_owned(),
        Shape::Phone => phone(original),
        Shape::Postal => "[郵便番号]".to_owned(),
        Shape::Card => "[カード番号]".to_owned(),
    });
    let text = each(&text, &URL, |_| Some((0, "[URL]")));
    let text = each(&text, &ADDRESS, |_| Some((0, "[住所]")));
    let text = each(&text, &HOUSE, |found| is_room(&found["next"]).then_some((2, "[住所]")));
    let text = each(&text, &ORDER, |_| Some((2, "[注文番号]")));
    let text = each(&text, &ACCOUNT, |_| Some((2, "[口座番号]")));
    let text = each(&text, &BORN, |_| Some((2, "[生年月日]")));
    let text = each(&text, &CODE, |_| Some((0, "[注文番号]")));
    let text = each(&text, &COMPANY, |_| Some((0, "〇〇株式会社")));
    let text = each(&text, &TITLED, |found| titled(found).then_some((1, "〇〇")));
    let text = each(&text, &KANA_TITLED, |found| titled(found).then_some((2, "〇〇")));
    let text = each(&text, &THIRD, |found| names::could_be_name(&found["name"]).then_some((2, "〇〇")));
    let text = each(&text, &RESPONSIBLE, |found| is_name(&found["name"]).then_some((2, "〇〇")));
    let text = each(&text, &ENGLISH, |found| english(&found["name"]).then_some((2, "〇〇")));
    introductions(&text)
}

/// A number in brackets begins at its bracket; one that does not close there belongs to the sentence.
fn phone(original: &str) -> String {
    let open = original.strip_prefix(['(', '（']).filter(|rest| !rest.contains([')', '）']));
    let bracket = open.map_or("", |rest| &original[..original.len() - rest.len()]);
    format!("{bracket}[電話番号]")
}

/// Whether a number behind a house is a room and not a year or an amount.
fn is_room(next: &str) -> bool {
    !next.starts_with(['年', '月', '名', '人', '円', '個', '枚', '台', '棟', '戸', '世', '%', ',', '.'])
}

/// Addresses down to the house, and postal codes.
pub(super) fn addresses(text: &Normalised) -> Vec<Span> {
    let whole = ADDRESS.find_iter(text.as_str()).map(|hit| text.original_bytes(hit.range()));
    whole.chain(mask::postal_codes(text)).collect()
}

/// A signature is nothing but names and addresses.
fn without_signature(text: &str) -> String {
    let found: Vec<((), Span)> = Zones::of(text).signature.into_iter().map(|span| ((), span)).collect();
    let rest = mask::replace(text, &found, |(), _| String::new());
    if found.is_empty() { rest } else { rest.trim_end().to_owned() }
}

/// Replaces one group of every match in normal form; the rest keeps its own spelling.
fn each<'a>(text: &str, pattern: &Pattern, choose: impl Fn(&Captures<'_>) -> Option<(usize, &'a str)>) -> String {
    let normal = Normalised::of(text);
    let mut found: Vec<(&str, Span)> = Vec::new();
    for captures in pattern.captures_iter(normal.as_str()) {
        let Some((group, with)) = choose(&captures) else { continue };
        let named = if group == 0 {
            captures.get(0)
        } else {
            captures.name(["", "", "value"][group]).or(captures.name("name"))
        };
        let Some(hit) = named else { continue };
        let span = normal.original_bytes(hit.start() + kept_before(hit.as_str(), group)..hit.end());
        if found.last().is_none_or(|(_, last)| last.end <= span.start) && !span.is_empty() {
            found.push((with, span));
        }
    }
    mask::replace(text, &found, |with, _| with.to_owned())
}

/// Bytes of a name's match that are an ordinary word standing before it.
fn kept_before(hit: &str, group: usize) -> usize {
    let word = BEFORE_NAMES.iter().find(|word| group > 0 && hit.starts_with(**word) && hit.len() > word.len());
    word.map_or(0, |word| word.len())
}

fn titled(found: &Captures<'_>) -> bool {
    let (name, title, next) = (&found["name"], &found["title"], &found["next"]);
    let general =
        GENERAL.split_whitespace().any(|word| word == name) || GENERAL_ENDINGS.iter().any(|end| name.ends_with(end));
    // 様子 様式 様々, 氏名, 〜ちゃんと: the title is the head of another word.
    let other_word = match title {
        "様" => next.starts_with(['子', '式', '々', '相', '態', '変']),
        "氏" => next.starts_with('名'),
        "ちゃん" => next.starts_with('と'),
        _ => false,
    };
    !general && !other_word
}

/// Whether a name could be written like this, in whichever letters.
fn is_name(text: &str) -> bool {
    names::could_be_name(text) || text.chars().any(|c| c.is_ascii_lowercase()) && text.is_ascii()
}

/// Whether an English greeting names somebody.
fn english(name: &str) -> bool {
    name.split(' ').all(|word| !GREETED.contains(&word))
}

fn introductions(text: &str) -> String {
    let normal = Normalised::of(text);
    let mut found = Vec::new();
    for captures in INTRODUCED.captures_iter(normal.as_str()) {
        let (Some(name), said) = (captures.name("name"), &captures["said"]) else { continue };
        let start = name.start() + kept_before(name.as_str(), 1);
        let who = &normal.as_str()[start..name.end()];
        let before = &normal.as_str()[..start];
        let of_desk = DESK_BEFORE.is_match(before) && names::could_be_name(who);
        let said_so = said.ends_with("申し") || said.ends_with("もうし") || said.ends_with("申す");
        let known = names::is_known_name(who) && before.ends_with(['の', ' ', '\n', '。', '、', ':', '!'])
            || before.is_empty() && names::is_known_name(who);
        if said_so && is_name(who) || of_desk || known {
            found.push(((), normal.original_bytes(start..name.end())));
        }
    }
    mask::replace(text, &found, |(), _| "〇〇".to_owned())
}

#[cfg(test)]
#[path = "pseudonym_tests.rs"]
mod tests;
