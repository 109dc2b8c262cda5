//! What a number belongs to: the words right before it, back to the number before. 3枚以上 in 3枚以上で5%、6枚以上で10%.

use super::terms::{Term, Word};

/// Below it a word tells nothing of what is meant.
const TELLS: f64 = 0.35;
/// What ends the words of a phrase; what is behind から is of the number, not of the event.
const ENDS: &[&str] = &["、", ",", "/", ":", "(", ")", "。", "|", "」", "】", "から"];

/// The words that a fact stands with.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// All since the fact before of the same attribute.
    pub all: Vec<Term>,
    /// Those of the phrase right before it.
    pub nearest: Vec<Term>,
}

impl Head {
    /// The words between two places, in characters.
    pub fn of(words: &[Word], chars: &[char], from: usize, to: usize) -> Self {
        let told = |from: usize| -> Vec<Term> {
            let between = words.iter().filter(|word| (from..to).contains(&word.at) && word.weight > TELLS);
            between.map(|word| word.term).collect()
        };
        let text: String = chars[from..to].iter().collect();
        let ends = |end: &&'static str| text.match_indices(*end).map(|(at, end)| at + end.len());
        let mut starts: Vec<usize> = ENDS.iter().flat_map(ends).collect();
        starts.sort_unstable();
        let starts = starts.into_iter().rev().map(|byte| from + text[..byte].chars().count());
        let nearest = starts.map(told).find(|words| !words.is_empty());
        let all = told(from);
        Self { nearest: nearest.unwrap_or_else(|| all.clone()), all }
    }

    /// Whether a claim's number with this head, which stands with `same`, is about what stands with `other`.
    pub fn is_of_another(&self, same: &Head, other: &Head) -> bool {
        let named = self.all.iter().any(|term| other.nearest.contains(term) && !same.all.contains(term));
        let own = self.all.iter().any(|term| same.nearest.contains(term) && !other.nearest.contains(term));
        named && !own && !same.nearest.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grounding::statement::Statement;

    fn heads(text: &str) -> Vec<Head> {
        let points = Statement::of(text).points;
        points.into_iter().map(|point| point.head).filter(|head| !head.all.is_empty()).collect()
    }

    #[test]
    fn a_number_is_of_the_words_right_before_it() {
        let [leather, cloth] = &heads("割引率は、革製品が15％、布製品が25％です")[..] else {
            panic!("two shares")
        };
        let [swapped] = &heads("革製品は25％")[..] else { panic!("one share") };
        assert!(swapped.is_of_another(cloth, leather) && !swapped.is_of_another(leather, cloth));
        let [share] = &heads("割引率は25％")[..] else { panic!("one share") };
        assert!(!share.is_of_another(cloth, leather), "what is of the whole list names none of it");
    }
}
