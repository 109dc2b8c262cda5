//! How weights and rulings are called on the pages, and a text cut where marks begin and end.

use super::super::{lang::Lang, letter::Piece};
use crate::domain::{Fault, FindingState, RulingVerdict, Severity, Span};

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
}
