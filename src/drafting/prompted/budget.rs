//! What a prompt has room for. Every part is measured by itself: parts that were measured before (a passage, the
//! brand's clauses) cost nothing to measure again, and a sum of parts is never less than the whole but for a token
//! at a seam.

use crate::{
    domain::{Cut, Material, Why},
    ports::Tokenizer,
};

/// What the lines around a part take: its id, the quotation marks of its lines, a line end.
const AROUND: usize = 8;
/// What marks a line as a quotation.
const A_LINE: usize = 2;
/// Tokens a character, where the tokenizer is not there yet: Japanese has 0.6 by newer vocabularies and 1.1 by older.
const GUESS: f64 = 1.1;

/// The room of one prompt.
pub struct Room<'a> {
    tokenizer: &'a dyn Tokenizer,
    why: Why,
    budget: usize,
    pub used: usize,
    pub guessed: bool,
    pub cut: Vec<Cut>,
}

impl<'a> Room<'a> {
    /// For so many tokens; `why` is said of what does not fit.
    pub fn new(tokenizer: &'a dyn Tokenizer, budget: usize, why: Why) -> Self {
        Self { tokenizer, why, budget, used: 0, guessed: false, cut: Vec::new() }
    }

    /// What a text takes as it is.
    pub fn measure(&mut self, text: &str) -> usize {
        self.tokenizer.count(text).unwrap_or_else(|| {
            self.guessed = true;
            (text.chars().count() as f64 * GUESS).ceil() as usize
        })
    }

    /// What a text takes as a quotation.
    fn quoted(&mut self, text: &str) -> usize {
        self.measure(text) + A_LINE * (1 + text.matches('\n').count()) + AROUND
    }

    /// Takes in what cannot be left out.
    pub fn must(&mut self, text: &str) {
        self.used += self.quoted(text);
    }

    /// Takes in a part if there is room; else notes that it was cut.
    pub fn may(&mut self, what: Material, id: Option<&str>, text: &str) -> bool {
        let tokens = self.quoted(text);
        let fits = self.used + tokens <= self.budget;
        match fits {
            true => self.used += tokens,
            false => self.cut.push(Cut { what, id: id.map(str::to_owned), tokens, why: self.why }),
        }
        fits
    }

    /// The customer's words, of which a long middle is left out where they alone would fill half the room: what is
    /// asked stands at the beginning or at the end.
    pub fn inquiry(&mut self, text: &str) -> String {
        let (tokens, most) = (self.measure(text), self.budget / 2);
        if tokens <= most {
            self.must(text);
            return text.to_owned();
        }
        let chars: Vec<char> = text.chars().collect();
        let keep = chars.len() * most / tokens.max(1);
        let (head, tail) = (keep * 2 / 3, keep / 3);
        let first: String = chars[..head].iter().collect();
        let last: String = chars[chars.len() - tail..].iter().collect();
        let left = format!("{first}\n（中略）\n{last}");
        let cut = tokens.saturating_sub(self.measure(&left));
        self.cut.push(Cut { what: Material::Inquiry, id: None, tokens: cut, why: self.why });
        self.must(&left);
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A token a character.
    struct Chars;
    impl Tokenizer for Chars {
        fn count(&self, text: &str) -> Option<usize> {
            Some(text.chars().count())
        }
    }
    struct NotYet;
    impl Tokenizer for NotYet {
        fn count(&self, _: &str) -> Option<usize> {
            None
        }
    }

    #[test]
    fn what_does_not_fit_is_cut_and_noted_and_what_is_shorter_still_gets_in() {
        let mut room = Room::new(&Chars, 60, Why::OverBudget);
        assert!(room.may(Material::Passage, Some("a"), &"あ".repeat(20)));
        assert!(!room.may(Material::Passage, Some("b"), &"あ".repeat(40)));
        assert!(room.may(Material::Example, None, &"あ".repeat(20)));
        assert_eq!(room.used, 60);
        let cut = Cut { what: Material::Passage, id: Some("b".to_owned()), tokens: 50, why: Why::OverBudget };
        assert_eq!(room.cut, [cut]);
    }

    #[test]
    fn a_long_inquiry_keeps_its_beginning_and_its_end() {
        let mut room = Room::new(&Chars, 200, Why::ContextLength);
        let text = format!("返品したいです。{}送料はいくらですか。", "長".repeat(1_000));
        let left = room.inquiry(&text);
        assert!(left.starts_with("返品したいです。") && left.ends_with("送料はいくらですか。"), "{left}");
        assert!(left.contains("中略") && room.used <= 130, "{}", room.used);
        assert_eq!((room.cut[0].what, room.cut[0].why), (Material::Inquiry, Why::ContextLength));
        assert_eq!(Room::new(&Chars, 200, Why::OverBudget).inquiry("短い"), "短い");
    }

    #[test]
    fn without_a_tokenizer_the_length_is_guessed_too_long_rather_than_too_short() {
        let mut room = Room::new(&NotYet, 100, Why::OverBudget);
        assert_eq!(room.measure(&"あ".repeat(10)), 11);
        assert!(room.guessed);
    }
}
