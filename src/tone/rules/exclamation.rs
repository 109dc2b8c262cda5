//! Exclamation marks, by the brand's limits.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding, Situation},
    language::pattern::pattern,
    tone::Reading,
};

/// More exclamation marks than the brand has, or any where the customer is in trouble.
pub(super) struct Exclamation;

impl ToneRule for Exclamation {
    fn category(&self) -> Category {
        Category::Exclamation
    }

    fn explain(&self) -> &'static str {
        "More exclamation marks than the brand allows, or one where the customer is in trouble."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        let limit = setting.settings.limit.unwrap_or_default();
        let forbidden = setting.is_forbidden(reading);
        let count = if forbidden { 0 } else { limit.count.unwrap_or(1) };
        let consecutive = if forbidden { 0 } else { limit.consecutive.unwrap_or(1) };
        let mut met = 0;
        for found in pattern!("!+").find_iter(reading.text()) {
            let range = found.range();
            if !reading.speaks(&range)
                || reading.is_quoted(&range)
                || reading.is_link(&range)
                || is_name(reading, &range)
            {
                continue;
            }
            let marks = range.len();
            let left = count.saturating_sub(met);
            met += marks;
            if marks > consecutive && count > 0 {
                let mended = if left > 0 { "!" } else { "。" };
                out.push(setting.at(reading, &range, Some(mended.to_owned())));
            } else if marks > left {
                out.push(setting.at(reading, &(range.start + left..range.end), Some(stop(reading, range.start, left))));
            }
        }
    }
}

/// What stands where the marks stood: a full stop, unless one mark or a stop is there.
fn stop(reading: &Reading, start: usize, kept: usize) -> String {
    let before = reading.text()[..start].chars().next_back();
    if kept > 0 || matches!(before, Some('。' | '?')) { String::new() } else { "。".to_owned() }
}

/// 「Yahoo!ショッピング」: a mark inside a name is not ours.
fn is_name(reading: &Reading, range: &std::ops::Range<usize>) -> bool {
    let before = reading.text()[..range.start].chars().next_back();
    let behind = reading.text()[range.end..].chars().next();
    before.is_some_and(|c| c.is_ascii_alphanumeric())
        && behind.is_some_and(|c| matches!(c, 'ァ'..='ヶ' | '一'..='龥' | 'a'..='z'))
}

impl Setting {
    /// Whether the customer is in a situation in which the guide allows none.
    pub(super) fn is_forbidden(&self, reading: &Reading) -> bool {
        let asked = &reading.asked;
        let forbids = |situation: &Situation| self.settings.forbid_in.contains(situation);
        // What the text only suggests forbids nothing; what the caller says may be any situation of the guide's.
        asked.troubled_by.as_ref().is_some_and(forbids) || asked.is_told && forbids(&asked.situations.primary)
    }
}
