//! Categories that are the guide's words and little else.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    tone::{Reading, pattern::pattern},
};

/// Words that the brand does not use.
pub(super) struct NgWord;
/// Names of the brand in a spelling that is not its own.
pub(super) struct BrandTerm;
/// Words of our own back office.
pub(super) struct InternalJargon;
/// Curt or bureaucratic wording.
pub(super) struct ColdStiff;

impl ToneRule for NgWord {
    fn category(&self) -> Category {
        Category::NgWord
    }

    fn explain(&self) -> &'static str {
        "A word that the brand does not use, outside of what is quoted."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        own_words(reading, setting, out);
    }
}

impl ToneRule for BrandTerm {
    fn category(&self) -> Category {
        Category::BrandTerm
    }

    fn explain(&self) -> &'static str {
        "A name of the brand or its services that is not spelled as the brand spells it."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        own_words(reading, setting, out);
    }

    fn minds_capitals(&self) -> bool {
        true
    }
}

impl ToneRule for InternalJargon {
    fn category(&self) -> Category {
        Category::InternalJargon
    }

    fn explain(&self) -> &'static str {
        "A word that only people inside the company know."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        spoken_words(reading, setting, out);
    }
}

impl ToneRule for ColdStiff {
    fn category(&self) -> Category {
        Category::ColdStiff
    }

    fn explain(&self) -> &'static str {
        "Wording that cuts the customer off or sounds like an authority."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        let before = out.len();
        spoken_words(reading, setting, out);
        // 「以上ですべて」 counts something and closes nothing.
        let counts = |found: &NewFinding| {
            found.span.is_some_and(|span| pattern!("^(?:べ|と|の|か、)").is_match(reading.behind(span.end)))
        };
        let kept: Vec<NewFinding> = out.drain(before..).filter(|found| !counts(found)).collect();
        out.extend(kept);
    }
}

/// The guide's words where the letter speaks for itself: not in 「」, not in an address.
pub(super) fn own_words(reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
    let seen = setting.words.find(reading);
    let own = seen
        .iter()
        .filter(|seen| reading.speaks(&seen.range) && !reading.is_quoted(&seen.range) && !reading.is_link(&seen.range));
    out.extend(own.map(|seen| setting.word(reading, seen)));
}

/// The guide's words also in 「」, unless the customer wrote them.
fn spoken_words(reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
    let seen = setting.words.find(reading);
    let spoken = seen.iter().filter(|seen| {
        reading.speaks(&seen.range) && !reading.repeats_customer(&seen.range) && !reading.is_link(&seen.range)
    });
    out.extend(spoken.map(|seen| setting.word(reading, seen)));
}
