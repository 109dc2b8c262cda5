//! Opaque ids for evidence, and what a model makes of them in its answer.

use std::sync::LazyLock;

use regex::Regex;
use sha2::{Digest as _, Sha256};

use crate::domain::Mark;

/// Characters that are not taken for one another.
const SIGNS: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";

/// One id for each piece of evidence, different in every prompt: nobody can name one who has not read this prompt.
pub fn marks(nonce: &str, evidence: impl Iterator<Item = usize>) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    for evidence in evidence {
        let free = (0_u32..).map(|turn| id(nonce, evidence, turn)).find(|id| marks.iter().all(|mark| mark.id != *id));
        marks.extend(free.map(|id| Mark { id, evidence }));
    }
    marks
}

fn id(nonce: &str, evidence: usize, turn: u32) -> String {
    let digest = Sha256::digest(format!("{nonce} {evidence} {turn}"));
    let sign = |at: usize| SIGNS[usize::from(digest[at]) % SIGNS.len()] as char;
    format!("k{}{}", sign(0), sign(1))
}

/// What may stand in an answer and is no word of it.
pub static TOKENS: LazyLock<Regex> = LazyLock::new(|| {
    crate::language::pattern::regex(
        r"(?x)
        (?P<placeholder> \[\[ [A-Z]+ _ [0-9]+ \]\] )
        | [\ \t]* [\[［【〔] \s* (?P<marks> [kK][A-Za-z0-9]{1,3} (?: \s* [,、，;\s] \s* [kK][A-Za-z0-9]{1,3} )* ) \s* [\]］】〕]
        | (?P<number> \[ [0-9]{1,2} \] )",
    )
    .expect("a constant pattern")
});

/// The ids of a marker: `k7q, k2a`.
pub fn ids(marker: &str) -> impl Iterator<Item = String> + '_ {
    let ids = marker.split(|c: char| !c.is_ascii_alphanumeric()).filter(|id| !id.is_empty());
    ids.map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_within_a_prompt_and_between_prompts() {
        let (one, other) = (marks("a1", 0..40), marks("a2", 0..40));
        let distinct: std::collections::BTreeSet<_> = one.iter().map(|mark| &mark.id).collect();
        assert_eq!(distinct.len(), 40);
        assert_eq!(one, marks("a1", 0..40));
        assert!(one.iter().zip(&other).filter(|(a, b)| a.id == b.id).count() < 3);
        assert!(one.iter().all(|mark| TOKENS.is_match(&format!("[{}]", mark.id))));
    }

    #[test]
    fn a_marker_is_known_in_any_bracket_and_a_word_is_none() {
        let marker = |text: &str| {
            let found = TOKENS.captures(text)?;
            Some(ids(found.name("marks")?.as_str()).collect::<Vec<_>>())
        };
        for text in ["承ります。[k7q, k2a]", "承ります【K7q、k2a】", "承ります ［k7q k2a］"] {
            assert_eq!(marker(text).unwrap(), ["k7q", "k2a"], "{text}");
        }
        assert_eq!(marker("[[PHONE_1]]"), None);
        for text in ["[重要]", "【お知らせ】", "[kg単位]", "k7q"] {
            assert!(!TOKENS.is_match(text), "{text}");
        }
    }
}
