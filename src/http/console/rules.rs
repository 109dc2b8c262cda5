//! How the rules of a tone guide are called, by everybody: whoever answers, rules, or edits the guide.

use super::lang::Lang;
use crate::domain::Category;

/// A rule as people say it: its category, and the word of an entry.
pub fn rule(lang: Lang, rule: &str) -> String {
    let (of, word) = rule.split_once(':').map_or((rule, None), |(of, word)| (of, Some(word)));
    let name = Category::parse(of).map_or(of, |kind| category(lang, kind));
    match word {
        None => name.to_owned(),
        Some(word) => format!("{name}{}", lang.say("「{}」", " “{}”").replace("{}", word)),
    }
}

/// A kind of deviation in a few words.
pub fn category(lang: Lang, of: Category) -> &'static str {
    let (ja, en) = match of {
        Category::DoubleKeigo => ("二重敬語", "Double honorific"),
        Category::KeigoMixup => ("謙譲・尊敬の取り違え", "Honorific mix-up"),
        Category::SaIre => ("さ入れ言葉", "Superfluous sa"),
        Category::RaNuki => ("ら抜き言葉", "Dropped ra"),
        Category::ReTasu => ("れ足す言葉", "Superfluous re"),
        Category::SaseteOveruse => ("させていただくの多用", "Too many sasete"),
        Category::BaitoKeigo => ("バイト敬語", "Shop keigo"),
        Category::PlainForm => ("だ・である", "Plain form"),
        Category::TooCasual => ("くだけすぎ", "Too casual"),
        Category::MissingApology => ("お詫びなし", "No apology"),
        Category::MissingThanks => ("お礼なし", "No thanks"),
        Category::MissingEmpathy => ("共感なし", "No empathy"),
        Category::MissingOpening => ("書き出しなし", "No opening"),
        Category::MissingClosing => ("結びなし", "No closing"),
        Category::MissingCushion => ("クッション言葉なし", "No cushion"),
        Category::PushAway => ("突き放し", "Pushes away"),
        Category::Blaming => ("責める言い方", "Blames the customer"),
        Category::BlameShift => ("責任転嫁", "Shifts the blame"),
        Category::ColdStiff => ("硬い・切り捨て", "Cold or stiff"),
        Category::Overpromise => ("断定", "Overpromise"),
        Category::VagueFollowup => ("期限のない連絡", "No by-when"),
        Category::ReaskKnownInfo => ("聞き直し", "Asks again"),
        Category::BadTimingCrossSell => ("場違いな案内", "Untimely offer"),
        Category::InternalJargon => ("社内用語", "In-house words"),
        Category::RepeatedEndings => ("文末の繰り返し", "Repeated endings"),
        Category::LegalClaim => ("表示の法令", "Legal claim"),
        Category::Exclamation => ("感嘆符", "Exclamation mark"),
        Category::EmojiKaomoji => ("絵文字・顔文字", "Emoji"),
        Category::NgWord => ("NG語", "Forbidden word"),
        Category::BrandTerm => ("用語", "Brand term"),
        Category::SelfNaming => ("自社の呼び方", "Own name"),
        Category::CustomerNaming => ("呼称", "Customer's name"),
        Category::SentenceTooLong => ("長い文", "Long sentence"),
    };
    lang.say(ja, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_called_by_its_kind_and_its_word() {
        assert_eq!(rule(Lang::Ja, "ng_word:解約"), "NG語「解約」");
        assert_eq!(rule(Lang::En, "double_keigo"), "Double honorific");
        for kind in Category::ALL {
            assert!(!rule(Lang::Ja, kind.as_str()).is_ascii() || *kind == Category::NgWord, "{}", kind.as_str());
        }
    }
}
