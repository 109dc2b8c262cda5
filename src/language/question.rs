//! The sentences of an inquiry that ask: what stands around them tells why, not what.

use super::{names, normal::Normalised, sentence::sentences, words::words};

/// Endings and words of questions, wishes and requests, polite and not.
const ASKING: [&str; 27] = [
    "か。",
    "か?",
    "か？",
    "?",
    "？",
    "ください",
    "下さい",
    "たい",
    "教えて",
    "おしえて",
    "知りたい",
    "でしょうか",
    "ほしい",
    "欲しい",
    "ますか",
    "ですか",
    "もらえ",
    "いただけ",
    "お願い",
    "いつ",
    "いくら",
    "どう",
    "どこ",
    "何",
    "can ",
    "could ",
    "how ",
];

/// Requests that ask for nothing.
const ONLY_POLITE: [&str; 7] = ["ご容赦", "ご了承", "お許し", "お気遣い", "お気になさら", "ご自愛", "ご放念"];

/// Each sentence that asks; the whole text where none does, as with a word in a search box.
pub fn asking(text: &str) -> Vec<&str> {
    let spans = sentences(text);
    let found: Vec<&str> = spans.iter().map(|span| span.of(text)).filter(|sentence| asks(sentence)).collect();
    if found.is_empty() { vec![text] } else { found }
}

/// As [`asking`], and with a question that names hardly anything the sentence before it: 「領収書を出しました。どこから
/// 直せますか。」 asks about the receipt.
pub fn in_context(text: &str) -> Vec<&str> {
    let sentences: Vec<&str> = sentences(text).iter().map(|span| span.of(text)).collect();
    let mut found: Vec<&str> = Vec::new();
    for (at, sentence) in sentences.iter().enumerate().filter(|(_, sentence)| asks(sentence)) {
        let before = at.checked_sub(1).map(|before| sentences[before]).filter(|before| !found.contains(before));
        found.extend(before.filter(|_| is_elliptical(sentence)));
        found.push(sentence);
    }
    if found.is_empty() { vec![text] } else { found }
}

/// What is asked, one thing after another: each sentence that asks, with the one before it where it leans on that. What
/// only asks politely (「教えてください。」) goes with the question before it. The whole text where it asks one thing.
pub fn each(text: &str) -> Vec<String> {
    let sentences: Vec<&str> = sentences(text).iter().map(|span| span.of(text)).collect();
    let mut found: Vec<String> = Vec::new();
    for (at, sentence) in sentences.iter().enumerate().filter(|(_, sentence)| asks(sentence)) {
        let before = at.checked_sub(1).map(|before| sentences[before]);
        let leans_on = before.filter(|before| named(sentence) == 0 || named(sentence) == 1 && !asks(before));
        match (found.last_mut(), leans_on) {
            (Some(last), _) if is_only_polite(sentence) => last.push_str(sentence),
            (_, Some(before)) => found.push(format!("{before}{sentence}")),
            (_, None) => found.push((*sentence).to_owned()),
        }
    }
    if found.len() > 1 { found } else { vec![text.to_owned()] }
}

fn asks(sentence: &str) -> bool {
    let plain = sentence.to_ascii_lowercase();
    ASKING.iter().any(|word| plain.contains(word)) && !ONLY_POLITE.iter().any(|word| plain.contains(word))
}

/// Whether a question leans on what was said before: it names at most one thing.
fn is_elliptical(sentence: &str) -> bool {
    named(sentence) <= 1
}

/// Words that a request for an answer is made of.
const POLITE: [&str; 8] = ["願", "教", "返信", "連絡", "返事", "回答", "対応", "確認"];
/// Words that ask for something by themselves.
const INTERROGATIVE: [&str; 7] = ["いくら", "いつ", "どう", "どこ", "どれ", "何", "なぜ"];

fn is_only_polite(sentence: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
    !has(&INTERROGATIVE) && (named(sentence) == 0 || named(sentence) == 1 && has(&POLITE))
}

/// How many words name something.
fn named(sentence: &str) -> usize {
    let names =
        |word: &str| word.chars().any(|c| names::is_kanji(c) || names::is_katakana(c) || c.is_ascii_alphabetic());
    words(&Normalised::of(sentence)).iter().filter(|word| names(&word.text)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_that_asks_two_things_is_two_questions() {
        let letter = "先週椅子を買いました。返品の送料はいくらですか。領収書を出しました。どこから直せますか。よろしくお願いします。";
        assert_eq!(
            each(letter),
            ["返品の送料はいくらですか。", "領収書を出しました。どこから直せますか。よろしくお願いします。"]
        );
        assert_eq!(each("返品の送料はいくらですか。教えてください。"), ["返品の送料はいくらですか。教えてください。"]);
        assert_eq!(
            each("返品できますか。いくらかかりますか。"),
            ["返品できますか。", "返品できますか。いくらかかりますか。"]
        );
        assert_eq!(each("送料は？返品は？"), ["送料は？", "返品は？"]);
        assert_eq!(each("返品 送料"), ["返品 送料"]);
    }

    #[test]
    fn questions_and_wishes_ask_and_what_stands_around_them_does_not() {
        assert_eq!(
            asking("先週椅子を買いました。重さを教えてください。静かで気に入っています。"),
            ["重さを教えてください。"]
        );
        let letter = "椅子を買いました。領収書を出しました。どこから直せますか。";
        assert_eq!(in_context(letter), ["領収書を出しました。", "どこから直せますか。"]);
        let whole = "椅子を買いました。領収書の宛名は直せますか。";
        assert_eq!(in_context(whole), ["領収書の宛名は直せますか。"]);
        assert_eq!(asking("重さは？ 返事が遅れますがご容赦ください。"), ["重さは？"]);
        assert_eq!(asking("返品 送料"), ["返品 送料"]);
        assert_eq!(asking("届いたよ\n返したいんだけど"), ["返したいんだけど"]);
        assert_eq!(asking("I bought a desk. Can I return it?"), ["Can I return it?"]);
    }
}
