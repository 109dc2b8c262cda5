//! Where sentences begin and end.
//!
//! A sentence ends after 。！？!? with the closing brackets, marks and emoji that follow, or at the end of
//! a line; never inside 「」『』（）, so that a quotation stays in the sentence that quotes it. Half-width
//! full stops end one only where no letter or digit follows (`3.5kg`, `example.jp`).

use crate::domain::Span;

/// Spans of the sentences, without the white space around them. Nothing but white space lies between.
pub fn sentences(text: &str) -> Vec<Span> {
    let chars: Vec<char> = text.chars().collect();
    let paired = if text.contains(OPENING) { paired(&chars) } else { vec![false; chars.len()] };
    let mut found = Vec::new();
    let (mut start, mut depth, mut at) = (0, 0usize, 0);
    while at < chars.len() {
        let c = chars[at];
        at += 1;
        match c {
            _ if OPENING.contains(&c) => depth += usize::from(paired[at - 1]),
            '」' | '』' | '）' | ')' | '】' => depth = depth.saturating_sub(1),
            '\n' => {
                push(&chars, start, at - 1, &mut found);
                (start, depth) = (at, 0);
            }
            _ if depth == 0 && ends(&chars, at - 1) => {
                while at < chars.len() && trails(chars[at]) {
                    at += 1;
                }
                push(&chars, start, at, &mut found);
                start = at;
            }
            _ => {}
        }
    }
    push(&chars, start, chars.len(), &mut found);
    found
}

fn push(chars: &[char], start: usize, end: usize, found: &mut Vec<Span>) {
    let blank = |at: &usize| chars[*at].is_whitespace();
    let Some(first) = (start..end).find(|at| !blank(at)) else { return };
    let last = (first..end).rev().find(|at| !blank(at)).unwrap_or(first);
    found.push(Span::new(first, last + 1));
}

fn ends(chars: &[char], at: usize) -> bool {
    match chars[at] {
        '。' | '！' | '？' | '!' | '?' | '．' | '｡' => true,
        '.' => {
            let next = chars.get(at + 1);
            next.is_none_or(|c| c.is_whitespace()) && at > 0 && !chars[at - 1].is_ascii_digit()
        }
        _ => false,
    }
}

/// What still belongs to the sentence before it.
fn trails(c: char) -> bool {
    matches!(
        c,
        '。' | '！'
            | '？'
            | '!'
            | '?'
            | '」'
            | '』'
            | '）'
            | ')'
            | '】'
            | '♪'
            | '☆'
            | '★'
            | '♡'
            | '♥'
            | '…'
            | '\u{200d}'
            | '\u{fe0f}'
    ) || matches!(c, '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}')
}

const OPENING: [char; 5] = ['「', '『', '（', '(', '【'];

/// For each character whether it opens a bracket that closes on its line: one that never does must not swallow
/// the rest. One pass, so that a text of nothing but brackets costs no more than another.
fn paired(chars: &[char]) -> Vec<bool> {
    const PAIRS: [(char, char); 5] = [('「', '」'), ('『', '』'), ('（', '）'), ('(', ')'), ('【', '】')];
    let mut paired = vec![false; chars.len()];
    let mut open: [Vec<usize>; PAIRS.len()] = Default::default();
    for (at, c) in chars.iter().enumerate() {
        if *c == '\n' {
            open.iter_mut().for_each(Vec::clear);
        }
        for (kind, (opens, closes)) in PAIRS.iter().enumerate() {
            if c == opens {
                open[kind].push(at);
            } else if c == closes
                && let Some(from) = open[kind].pop()
            {
                paired[from] = true;
            }
        }
    }
    paired
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn a_quotation_stays_in_its_sentence() {
        assert_eq!(
            split("「返品できます。」とのことでした。ほかは不要です。"),
            ["「返品できます。」とのことでした。", "ほかは不要です。"]
        );
    }

    #[test]
    fn emoji_and_doubled_marks_stay_with_the_sentence_before() {
        assert_eq!(split("届きました！！🌸 うれしいです(^^)\nまた"), ["届きました！！🌸", "うれしいです(^^)", "また"]);
    }

    #[test]
    fn an_open_bracket_and_a_decimal_do_not_mislead() {
        assert_eq!(split("（注意 届きません。次です。"), ["（注意 届きません。", "次です。"]);
        assert_eq!(
            split("重さは3.5kgです。https://a.example/x.htmlへ。"),
            ["重さは3.5kgです。", "https://a.example/x.htmlへ。"]
        );
    }

    proptest! {
        #[test]
        fn sentences_cover_everything_but_white_space(text in "[あいう。！？!?「」（）()\n 🌸.a1]{0,80}") {
            let chars: Vec<char> = text.chars().collect();
            let mut covered = vec![false; chars.len()];
            for span in sentences(&text) {
                prop_assert!(!span.is_empty());
                for seen in &mut covered[span.start..span.end] {
                    prop_assert!(!*seen);
                    *seen = true;
                }
            }
            for (at, c) in chars.iter().enumerate() {
                prop_assert!(covered[at] || c.is_whitespace());
            }
        }
    }
}
