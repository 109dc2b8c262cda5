//! The brand's set phrases: said in every letter, they state nothing of the case. A phrase that holds an amount, a
//! period or another typed fact is compared like any other sentence.

use std::collections::HashSet;

use crate::{
    domain::{Formulas, Span},
    language::{quantity, sentence::sentences},
};

/// Set phrases cut into sentences, and those into what stands around their slots. Made once for a guide.
#[derive(Debug)]
pub struct SetPhrases {
    all: Vec<Vec<String>>,
    /// Those without a slot and without a typed fact, whole.
    bare: HashSet<String>,
}

impl SetPhrases {
    /// All phrases of a guide.
    pub fn of(formulas: &Formulas) -> Self {
        let maps = [&formulas.take_up, &formulas.next_step, &formulas.acknowledge, &formulas.clarify];
        let listed = formulas.opening.iter().chain(&formulas.closing).chain(&formulas.empathy).chain(&formulas.anger);
        let phrases = listed.chain(maps.into_iter().flat_map(|map| map.values()));
        let cut = |phrase: &String| {
            let spans: Vec<Span> = sentences(phrase);
            spans.into_iter().map(|span| around_slots(span.of(phrase))).collect::<Vec<_>>()
        };
        let all: Vec<Vec<String>> = phrases.flat_map(cut).collect();
        let bare = all.iter().filter_map(|pieces| match &pieces[..] {
            [whole] if quantity::facts(whole).is_empty() => Some(whole.clone()),
            _ => None,
        });
        Self { bare: bare.collect(), all }
    }

    /// Whether a sentence is one of them that states nothing, told without reading it.
    pub fn say_nothing(&self, sentence: &str) -> bool {
        self.bare.contains(sentence)
    }

    /// Whether a sentence is one of them, whatever fills the slots.
    pub fn hold(&self, sentence: &str) -> bool {
        self.all.iter().any(|pieces| fits(sentence, pieces))
    }
}

/// 「{topic}の件で…」 becomes ["", "の件で…"].
fn around_slots(sentence: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut inside = false;
    for c in sentence.chars() {
        match c {
            '{' => {
                inside = true;
                pieces.push(String::new());
            }
            '}' => inside = false,
            c if !inside => pieces.last_mut().expect("never empty").push(c),
            _ => {}
        }
    }
    pieces
}

fn fits(sentence: &str, pieces: &[String]) -> bool {
    let [first, middle @ .., last] = pieces else { return pieces.iter().any(|only| only == sentence) };
    let Some(rest) = sentence.strip_prefix(first.as_str()) else { return false };
    let Some(mut rest) = rest.strip_suffix(last.as_str()) else { return false };
    for piece in middle {
        let Some(at) = rest.find(piece.as_str()) else { return false };
        rest = &rest[at + piece.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_phrase_is_known_with_its_slots_filled() {
        let mut formulas = Formulas {
            opening: vec!["担当の{operator}です。いつもどうも。".to_owned()],
            ..Formulas::default()
        };
        formulas.next_step.insert("default".to_owned(), "{topic}は、返信で承ります。".to_owned());
        let phrases = SetPhrases::of(&formulas);
        assert!(phrases.say_nothing("いつもどうも。") && !phrases.say_nothing("返品の件は、返信で承ります。"));
        for known in ["担当の青木です。", "いつもどうも。", "返品の件は、返信で承ります。"]
        {
            assert!(phrases.hold(known), "{known}");
        }
        for other in ["返品の件は、返信で承りません。", "担当の青木", "返品は、返信で承ります。ほか"]
        {
            assert!(!phrases.hold(other), "{other}");
        }
    }
}
