//! The clauses of a sentence: where one ends, and whether it says when something holds rather than that it holds.

use std::sync::LazyLock;

use regex::Regex;

/// As many as a set of bits has.
const MOST: usize = 64;

/// One clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clause {
    /// Where it ends, in characters.
    pub end: usize,
    /// Whether it is a condition: 未開封の場合は, 発送後でも.
    pub conditional: bool,
    /// Whether it names what the rest is about: 送料は、, 返品につきましては、.
    pub topic: bool,
}

/// Ends a clause without a comma.
static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(concat!(
        r"(?:場合|とき|ときに|際)(?:に限り|にかぎり|のみ|だけ)?(?:に?は|にも|でも|も|に|、)",
        r"|(?:でし|まし|だっ|かっ|し)たら|(?:でき|あ|け|す|ま|な|い|え|せ|れ)れば|ければ|ますと|ですと|であれば|ならば?、?",
        r"|(?:まし|まして|し|って|いて|んで|きて|れて|えて|けて|ても|で)も、|であって?も|でも、|にかかわらず|に関わらず|を?問わず|に限り、?|に限って|のみ、"
    ))
    .expect("a constant pattern")
});

/// The clauses of a text in normal form, at most as many as a set of bits has: the last one then holds the rest.
pub fn clauses(text: &str, chars: &[char]) -> Vec<Clause> {
    let mut ends: Vec<Clause> = Vec::new();
    let (mut byte, mut at) = (0, 0);
    for found in CONDITION.find_iter(text) {
        at += text[byte..found.end()].chars().count();
        byte = found.end();
        ends.push(Clause { end: at, conditional: true, topic: false });
    }
    for (at, c) in chars.iter().enumerate() {
        let digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
        let between = |c: char| match c {
            ',' => !digit(Some(at + 1)),
            '/' => {
                !(at > 0
                    && chars[at - 1].is_ascii_alphanumeric()
                    && chars.get(at + 1).is_some_and(char::is_ascii_alphanumeric))
            }
            _ => matches!(c, '、' | '。' | ';' | '\n' | '|' | '】'),
        };
        if between(*c) {
            let topic = *c == '、' && at > 0 && matches!(chars[at - 1], 'は' | 'も');
            ends.push(Clause { end: at + 1, conditional: false, topic });
        }
    }
    ends.push(Clause { end: chars.len(), conditional: false, topic: false });
    ends.sort_by_key(|clause| clause.end);
    joined(ends)
}

/// A comma right behind a condition belongs to it.
fn joined(ends: Vec<Clause>) -> Vec<Clause> {
    let mut kept: Vec<Clause> = Vec::new();
    for clause in ends {
        let full = kept.len() == MOST;
        match kept.last_mut() {
            Some(last) if clause.end <= last.end + 1 => {
                last.end = clause.end;
                last.conditional |= clause.conditional;
            }
            Some(last) if full => *last = Clause { conditional: false, ..clause },
            _ => kept.push(clause),
        }
    }
    kept
}

/// Which clause holds a character.
pub fn holding(clauses: &[Clause], at: usize) -> usize {
    clauses.partition_point(|clause| clause.end <= at).min(clauses.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(String, bool)> {
        let chars: Vec<char> = text.chars().collect();
        let mut from = 0;
        let part = |clause: Clause| {
            let words = chars[from..clause.end].iter().collect();
            from = clause.end;
            (words, clause.conditional)
        };
        clauses(text, &chars).into_iter().map(part).collect()
    }

    #[test]
    fn a_condition_ends_a_clause_with_or_without_a_comma() {
        let told = |text: &str| cut(text).into_iter().map(|(words, _)| words).collect::<Vec<_>>();
        assert_eq!(told("未開封の場合は返品できます。"), ["未開封の場合は", "返品できます。"]);
        assert_eq!(told("未開封であれば、返品できます"), ["未開封であれば、", "返品できます"]);
        assert_eq!(told("送料は1,100円、離島は2,200円です"), ["送料は1,100円、", "離島は2,200円です"]);
        assert!(cut("発送後でも、取り消せます")[0].1 && !cut("発送後でも、取り消せます")[1].1);
        assert_eq!(told("送料/無料"), ["送料/", "無料"]);
        assert_eq!(told("11/20/火"), ["11/20/火"]);
    }

    #[test]
    fn there_are_never_more_than_bits() {
        let text = "無料、".repeat(200);
        let all = clauses(&text, &text.chars().collect::<Vec<_>>());
        assert_eq!((all.len(), all.last().map(|clause| clause.end)), (64, Some(600)));
        assert_eq!(holding(&all, 599), 63);
    }
}
