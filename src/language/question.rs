//! The sentences of an inquiry that ask: what stands around them tells why, not what.

use super::sentence::sentences;

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

/// Each sentence that asks; the whole text where none does, as with a word in a search box.
pub fn asking(text: &str) -> Vec<&str> {
    let spans = sentences(text);
    let found: Vec<&str> = spans
        .iter()
        .map(|span| span.of(text))
        .filter(|sentence| {
            let plain = sentence.to_ascii_lowercase();
            ASKING.iter().any(|word| plain.contains(word))
        })
        .collect();
    if found.is_empty() { vec![text] } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_and_wishes_ask_and_what_stands_around_them_does_not() {
        assert_eq!(
            asking("先週椅子を買いました。重さを教えてください。静かで気に入っています。"),
            ["重さを教えてください。"]
        );
        assert_eq!(asking("返品 送料"), ["返品 送料"]);
        assert_eq!(asking("届いたよ\n返したいんだけど"), ["返したいんだけど"]);
        assert_eq!(asking("I bought a desk. Can I return it?"), ["Can I return it?"]);
    }
}
