//! The text of an answer while it comes, for those who watch: without markers and thoughts, with personal data put
//! back. Only to be looked at; what counts is read from the whole.

use super::{NO_GROUND, marks::TOKENS, material::Composer};

/// A bracket that is not closed within so many characters is no marker.
const LONGEST_TOKEN: usize = 40;

/// Turns pieces of an answer into pieces to show.
pub struct Provisional<'a> {
    composer: &'a Composer<'a>,
    held: String,
    begun: bool,
}

impl<'a> Provisional<'a> {
    /// For an answer to a prompt of this composer.
    pub fn new(composer: &'a Composer<'a>) -> Self {
        Self { composer, held: String::new(), begun: false }
    }

    /// What can be shown now; the rest waits for what comes next.
    pub fn push(&mut self, piece: &str) -> String {
        self.held.push_str(piece);
        if !self.begun && !self.begins() {
            return String::new();
        }
        let safe = self.safe();
        let shown = self.cleaned(&self.held[..safe]);
        self.held.drain(..safe);
        shown
    }

    /// How far the text can be shown: to where a marker, or the space before it, may have begun.
    fn safe(&self) -> usize {
        let Some(at) = self.held.rfind(['[', '［', '【', '〔', ' ']) else { return self.held.len() };
        // `[[PHONE_1]]` opens twice.
        let opens = at - usize::from(self.held[..at].ends_with('['));
        match self.may_grow(&self.held[opens..]) {
            true => self.held[..opens].trim_end_matches(' ').len(),
            false => self.held.len(),
        }
    }

    /// Whether the answer proper has begun: no thoughts before it, and not the word for an answer that is none.
    fn begins(&mut self) -> bool {
        let start = self.held.trim_start();
        if let Some(thoughts) = start.strip_prefix("<think>") {
            let Some((_, answer)) = thoughts.split_once("</think>") else { return false };
            self.held = answer.to_owned();
            return !self.held.trim().is_empty() && self.begins();
        }
        if start.is_empty()
            || "<think>".starts_with(start)
            || NO_GROUND.starts_with(start)
            || start.starts_with(NO_GROUND)
        {
            return false;
        }
        self.held = start.to_owned();
        self.begun = true;
        true
    }

    /// Whether what stands here at the end can still become a marker or a placeholder.
    fn may_grow(&self, tail: &str) -> bool {
        let open = tail.trim_start_matches(' ');
        let closed = match open.starts_with("[[") {
            true => open.contains("]]"),
            false => open.contains([']', '］', '】', '〕']),
        };
        !closed && tail.chars().count() < LONGEST_TOKEN && !tail.contains('\n')
    }

    fn cleaned(&self, text: &str) -> String {
        let resolved = TOKENS.replace_all(text, |token: &regex::Captures<'_>| match token.name("placeholder") {
            Some(placeholder) => {
                let kept = &self.composer.mask().kept;
                let known = kept.iter().find(|kept| kept.placeholder == placeholder.as_str());
                known.map_or_else(|| token[0].to_owned(), |kept| kept.original.clone())
            }
            None => String::new(),
        });
        resolved.into_owned()
    }
}
