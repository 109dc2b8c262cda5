//! Emoji and emoticons, by the brand's limits.

use super::{Setting, ToneRule};
use crate::{
    domain::{Category, NewFinding},
    language::pattern::pattern,
    tone::{Reading, reading::is_mark},
};

/// Emoji that the brand does not use, or too many; emoticons where it uses none.
pub(super) struct EmojiKaomoji;

impl ToneRule for EmojiKaomoji {
    fn category(&self) -> Category {
        Category::EmojiKaomoji
    }

    fn explain(&self) -> &'static str {
        "An emoji that the brand does not use or one too many, an emoticon, or any where the customer is in trouble."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        let settings = &setting.settings;
        let forbidden = setting.is_forbidden(reading);
        let limit = if forbidden { 0 } else { settings.limit.and_then(|limit| limit.count).unwrap_or(usize::MAX) };
        let (mut met, mut last) = (0, None);
        for (at, c) in reading.text().char_indices().filter(|(_, c)| is_emoji(*c)) {
            let range = at..at + c.len_utf8();
            let span = reading.original(&range);
            // The parts of one joined emoji come from the same characters.
            if last == Some(span) || !reading.speaks(&range) || reading.is_quoted(&range) {
                continue;
            }
            last = Some(span);
            let allowed = settings.allow.is_empty() || settings.allow.iter().any(|emoji| emoji.contains(c));
            met += usize::from(allowed);
            if !allowed || met > limit {
                out.push(setting.at(reading, &range, Some(String::new())));
            }
        }
        if forbidden || settings.kaomoji != Some(true) {
            let faces = kaomoji(reading);
            out.extend(faces.map(|range| setting.at(reading, &range, Some(String::new()))));
        }
    }
}

/// Pictures with a feeling. Stars, arrows, ticks and telephones of a list are signs.
fn is_emoji(c: char) -> bool {
    is_mark(c)
        && !matches!(c, '★' | '☆' | '☎' | '☏' | '✉' | '✓' | '✔' | '✕' | '✖' | '✗' | '✘' | '☑' | '☐' | '☒' | '☞' | '➀'..='➓' | '➔'..='➯' | '❶'..='❿' | '⚠' | '✂' | '✏' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{1f170}'..='\u{1f251}')
}

fn kaomoji(reading: &Reading) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let faces = pattern!(
        r"m?\((?:_ _|__|\. \.|\.\.)\)m|[ヽヾ\\]?[(][^()\n]{0,4}(?:\^[^()\n]{0,3}\^|[>≧][^()\n]{1,3}[<≦]|t[_.;-]t|;[_\-ω∀д]?;|・[^()\n]{0,2}[ω∀д_▽][^()\n]{0,2}・|[ω∀д▽])[^()\n]{0,4}[)][ノ/]?;?|\^[_o.]?\^;?|\((?:笑|爆笑|爆|泣|涙|汗|照|怒|苦笑)\)|orz|:-?\)|;-\)"
    );
    let laughs =
        pattern!(r"(?:^|[^a-z0-9/.:@])(?P<w>w{2,})(?:$|[^a-z0-9.])|[ぁ-んァ-ヶー。!?](?P<one>w)(?:$|[\s。!?])");
    let text = reading.text();
    let w = laughs.captures_iter(text).filter_map(|found| found.name("w").or(found.name("one")).map(|w| w.range()));
    faces.find_iter(text).map(|found| found.range()).chain(w).filter(|range| reading.is_own(range))
}
