//! Repetition and length.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    language::pattern::pattern,
    tone::Reading,
};

/// The same ending in several sentences on end.
pub(super) struct RepeatedEndings;
/// 「させていただく」 once too often.
pub(super) struct SaseteOveruse;
/// A sentence over the brand's limit.
pub(super) struct SentenceTooLong;

/// The usual limits, where a guide has a clause alone.
const RUN: usize = 2;
const ENDING_CHARS: usize = 4;
const SASETE: usize = 2;
const SENTENCE_CHARS: usize = 100;

impl ToneRule for RepeatedEndings {
    fn category(&self) -> Category {
        Category::RepeatedEndings
    }

    fn explain(&self) -> &'static str {
        "The same ending in more sentences on end than the guide allows."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        let limit = setting.settings.limit.unwrap_or_default();
        let (allowed, chars) = (limit.run.unwrap_or(RUN), limit.chars.unwrap_or(ENDING_CHARS));
        let (mut run, mut last) = (0, "");
        for at in 0..reading.sentences().len() {
            let ending = ending(reading, at, chars);
            run = if !ending.is_empty() && ending == last { run + 1 } else { 1 };
            last = ending;
            if run > allowed {
                out.push(setting.whole());
                return;
            }
        }
    }
}

/// The last letters of a sentence that ends in a predicate; nothing for headings and items of a list.
fn ending(reading: &Reading, at: usize, chars: usize) -> &str {
    let bare = reading.bare(at);
    let words = reading.text()[bare].trim_end();
    let predicate = words.chars().next_back().is_some_and(|c| matches!(c, 'ぁ'..='ん'));
    match words.char_indices().rev().nth(chars.saturating_sub(1)) {
        Some((byte, _)) if predicate => &words[byte..],
        _ => "",
    }
}

impl ToneRule for SaseteOveruse {
    fn category(&self) -> Category {
        Category::SaseteOveruse
    }

    fn explain(&self) -> &'static str {
        "させていただく more often than the guide allows in one reply."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        let allowed = setting.settings.limit.and_then(|limit| limit.count).unwrap_or(SASETE);
        if reading.find(pattern!("(?:さ|わ|ら|[^聞]か|が|ま|ば|た|な)せて(?:いただ|頂)")).count() > allowed
        {
            out.push(setting.whole());
        }
    }
}

impl ToneRule for SentenceTooLong {
    fn category(&self) -> Category {
        Category::SentenceTooLong
    }

    fn explain(&self) -> &'static str {
        "A sentence over the brand's limit; addresses of the web do not count."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        let limit = setting.settings.limit.and_then(|limit| limit.chars).unwrap_or(SENTENCE_CHARS);
        for at in 0..reading.sentences().len() {
            let words = reading.bare(at);
            let chars = reading.original(&words).len() - reading.link_chars(&words);
            if chars > limit {
                out.push(setting.at(reading, &reading.sentences()[at], None));
            }
        }
    }
}
