//! How rules, weights and rulings are called on the pages, and a text cut where marks begin and end.

use super::super::{lang::Lang, letter::Piece};
use crate::domain::{Category, Fault, FindingState, RulingVerdict, Severity, Span};

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

/// 重, and the class of its colour.
pub fn weight(lang: Lang, severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Error => (lang.say("重", "High"), "heavy"),
        Severity::Warning => (lang.say("中", "Mid"), "middling"),
        Severity::Info => (lang.say("軽", "Low"), "light"),
    }
}

/// 妥当.
pub fn verdict(lang: Lang, of: RulingVerdict) -> &'static str {
    match of {
        RulingVerdict::Confirmed => lang.say("妥当", "Valid"),
        RulingVerdict::Dismissed => lang.say("誤検出", "False alarm"),
        RulingVerdict::Waived => lang.say("今回は許容", "Allowed"),
    }
}

/// 書き方.
pub fn fault(lang: Lang, of: Fault) -> &'static str {
    match of {
        Fault::Operator => lang.say("書き方", "Wording"),
        Fault::Rule => lang.say("規則", "Rule"),
        Fault::Guide => lang.say("ガイド", "Guide"),
    }
}

/// Where a finding stands.
pub fn state(lang: Lang, of: FindingState) -> &'static str {
    match of {
        FindingState::Open => lang.say("未判定", "Open"),
        FindingState::Confirmed => verdict(lang, RulingVerdict::Confirmed),
        FindingState::Dismissed => verdict(lang, RulingVerdict::Dismissed),
        FindingState::Waived => verdict(lang, RulingVerdict::Waived),
    }
}

/// 71%.
pub fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// A part of a text, cut where marks begin and end; where several lie on one word the first of them shows.
pub fn cut(text: &str, within: Span, marks: &[(Span, &'static str, String)]) -> Vec<Piece> {
    let marks: Vec<_> = marks.iter().filter(|(span, ..)| span.overlaps(within)).collect();
    let mut ends = vec![within.start, within.end];
    for (span, ..) in &marks {
        ends.extend([span.start.clamp(within.start, within.end), span.end.clamp(within.start, within.end)]);
    }
    ends.sort_unstable();
    ends.dedup();
    let piece = |ends: &[usize]| {
        let span = Span::new(ends[0], ends[1]);
        let mark = marks.iter().find(|(over, ..)| over.contains(span));
        Piece {
            text: span.of(text).to_owned(),
            class: mark.map_or("", |(_, class, _)| class),
            title: mark.map(|(.., title)| title.clone()).unwrap_or_default(),
        }
    };
    ends.windows(2).map(piece).collect()
}

/// A sentence with words of it replaced: what stays has no class, `del` goes, `ins` comes; only what differs.
pub fn mended(text: &str, sentence: Span, words: Span, rewrite: &str) -> Vec<(&'static str, String)> {
    let old: Vec<char> = words.of(text).chars().collect();
    let new: Vec<char> = rewrite.chars().collect();
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let part = |from: usize, until: usize| Span::new(from, until.max(from)).of(text).to_owned();
    let (start, end) = (words.start + head, words.end - tail);
    let pieces = [
        ("", part(sentence.start, start)),
        ("del", part(start, end)),
        ("ins", new[head..new.len() - tail].iter().collect()),
        ("", part(end, sentence.end)),
    ];
    pieces.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_struck_and_written() {
        let text = "恐れ入ります。資料はご覧になられましたか。";
        let pieces = mended(text, Span::new(7, 21), Span::new(10, 19), "ご覧になりました");
        let said: Vec<(&str, &str)> = pieces.iter().map(|(class, text)| (*class, text.as_str())).collect();
        assert_eq!(said, [("", "資料はご覧にな"), ("del", "られ"), ("ins", "り"), ("", "ましたか。")]);
        let deleted = mended(text, Span::new(0, 7), Span::new(0, 6), "");
        assert_eq!(deleted[0], ("del", "恐れ入ります".to_owned()));
    }

    #[test]
    fn a_rule_is_called_by_its_kind_and_its_word() {
        assert_eq!(rule(Lang::Ja, "ng_word:解約"), "NG語「解約」");
        assert_eq!(rule(Lang::En, "double_keigo"), "Double honorific");
        for kind in Category::ALL {
            assert!(!rule(Lang::Ja, kind.as_str()).is_ascii() || *kind == Category::NgWord, "{}", kind.as_str());
        }
    }
}
