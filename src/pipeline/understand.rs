//! An inquiry as the later stages read it: stripped of greeting, signature and quoted history, personal data
//! masked, and what it gives and wants pointed out. What was said before in the conversation counts: a customer who
//! has to tell twice is a customer lost.

use std::borrow::Cow;

use super::retrieve;
use crate::{
    domain::{Day, Hint, Inquiry, Party, Turn},
    language::{
        given::Given,
        mask::Masked,
        signals::Signals,
        zones::{self, Zones},
    },
};

/// An inquiry with what was read out of it.
pub struct Understood<'a> {
    /// As it came.
    pub inquiry: &'a Inquiry,
    /// What is asked, masked; the way back stays inside the process. Messages before it that nobody answered are
    /// asked still.
    pub core: Masked,
    /// What was said and answered before, oldest first.
    pub turns: Vec<Turn>,
    /// What it wants, and what it warns of.
    pub signals: Signals,
    /// What it or a turn before it already gave, so that nobody asks again.
    pub given: Given,
    /// The day of the order, where it is known.
    pub ordered: Option<Day>,
}

/// Reads an inquiry once for all stages, in its conversation.
pub fn understand(inquiry: &Inquiry, conversation: Vec<Turn>) -> Understood<'_> {
    let is_asked_still = |turn: &Turn| turn.by == Party::Customer && turn.open;
    let (open, turns): (Vec<_>, Vec<_>) = conversation.into_iter().partition(is_asked_still);
    let text = inquiry.text.as_str();
    let zones = Zones::of(text);
    let matter = zones::core_of(text, &zones);
    let mut asked: Vec<String> = open.iter().map(|turn| zones::core(&turn.text)).collect();
    asked.push(matter);
    let core = Masked::of(&asked.join("\n\n"));
    let mut signals = Signals::of(&core.text);
    let customers = || turns.iter().chain(&open).filter(|turn| turn.by == Party::Customer);
    // 「それ」 means what was said before.
    signals.vague &= customers().next().is_none();
    let given = customers().fold(Given::within(text, &zones), |given, turn| given.or(Given::of(&turn.text)));
    let ordered = retrieve::ordered(inquiry, asked.last().map_or("", String::as_str));
    Understood { inquiry, core, turns, signals, given, ordered }
}

impl Understood<'_> {
    /// What is asked, with what the operator wants beside it; masked.
    pub fn asked(&self, hint: Option<&Hint>) -> Cow<'_, str> {
        match hint {
            None => Cow::Borrowed(&self.core.text),
            Some(hint) => Cow::Owned(format!("{}\n\n{}", self.core.text, Masked::of(hint.as_str()).text)),
        }
    }

    /// What the customer said last before this: a short question leans on it.
    pub fn before(&self) -> Option<String> {
        let last = self.turns.iter().rev().find(|turn| turn.by == Party::Customer)?;
        Some(Masked::of(&zones::core(&last.text)).text)
    }
}
