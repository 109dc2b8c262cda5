//! An inquiry and its reply, analysed once and shared by all rules.
//!
//! Rules see the reply in normal form and speak of byte ranges of it; [`Reading::original`] is the way
//! back to what was written. What a reading does not hold: any opinion.

use std::ops::Range;

use super::folded::Folded;
use crate::{
    domain::{Channel, Situation, Span},
    language::pattern::{Pattern, pattern},
    language::{normal::Normalised, sentence, zones::Zones},
};

mod asked;
mod fault;
pub use asked::Asked;

/// The analysed pair.
#[derive(Debug)]
pub struct Reading {
    reply: String,
    normal: Normalised,
    folded: Folded,
    sentences: Vec<Range<usize>>,
    addressees: Vec<Range<usize>>,
    /// Lines of the customer's and the signature: not our words of today.
    silent: Vec<Range<usize>>,
    quotes: Vec<Range<usize>>,
    links: Vec<Range<usize>>,
    /// Where the reply goes, if known.
    pub channel: Option<Channel>,
    /// What the inquiry is about and what it gave.
    pub asked: Asked,
}

impl Reading {
    /// Analyses a reply and the inquiry that it answers.
    pub fn of(inquiry: &str, reply: &str, channel: Option<Channel>, situation: Option<&Situation>) -> Self {
        let normal = Normalised::of(reply);
        let text = normal.as_str();
        let bytes = ByteIndex::of(text);
        let zones = Zones::of(text);
        let ranges = |spans: &[Span]| spans.iter().map(|span| bytes.range(*span)).collect::<Vec<_>>();
        let (mut addressees, mut silent) = (ranges(&zones.addressee), ranges(&zones.quoted));
        silent.extend(ranges(&zones.signature));
        silent.extend(sender(text, &silent));
        addressees.extend(addressed(text));
        let sentences = ranges(&sentence::sentences(text))
            .into_iter()
            .filter(|s| !silent.iter().chain(&addressees).any(|zone| overlap(zone, s)))
            .collect();
        let quotes = pattern!("「[^」\n]*」|『[^』\n]*』").find_iter(text).map(|found| found.range()).collect();
        let (links, folded) = (links(text), Folded::of(text));
        let asked = Asked::of(inquiry, situation);
        Self { sentences, addressees, silent, quotes, links, channel, asked, folded, normal, reply: reply.to_owned() }
    }

    /// The reply in normal form.
    pub fn text(&self) -> &str {
        self.normal.as_str()
    }

    /// The reply as listed words are looked for in it.
    pub(super) fn folded(&self) -> &Folded {
        &self.folded
    }

    /// The words of a range.
    pub fn at(&self, range: &Range<usize>) -> &str {
        &self.text()[range.clone()]
    }

    /// What was really written there.
    pub fn original(&self, range: &Range<usize>) -> Span {
        self.normal.original_bytes(range.clone())
    }

    /// The characters that were really written there.
    pub fn written(&self, range: &Range<usize>) -> &str {
        self.original(range).of(&self.reply)
    }

    /// The reply as it was written.
    pub fn reply(&self) -> &str {
        &self.reply
    }

    /// What was written behind a code point.
    pub fn behind(&self, at: usize) -> &str {
        self.reply.char_indices().nth(at).map_or("", |(byte, _)| &self.reply[byte..])
    }

    /// The sentences of the letter itself: addressee, quoted lines and signature are none.
    pub fn sentences(&self) -> &[Range<usize>] {
        &self.sentences
    }

    /// Lines that name the addressee and nothing else.
    pub fn addressees(&self) -> &[Range<usize>] {
        &self.addressees
    }

    /// The index of the sentence in which a byte stands.
    pub fn sentence_at(&self, byte: usize) -> Option<usize> {
        let after = self.sentences.partition_point(|sentence| sentence.start <= byte);
        (after > 0 && byte < self.sentences[after - 1].end).then(|| after - 1)
    }

    /// What stands in the sentence behind a byte.
    pub fn rest_of_sentence(&self, byte: usize) -> &str {
        match self.sentence_at(byte) {
            Some(at) => &self.text()[byte..self.sentences[at].end],
            None => "",
        }
    }

    /// A sentence without its closing marks and emoji.
    pub fn bare(&self, at: usize) -> Range<usize> {
        let range = self.sentences[at].clone();
        let kept = self
            .at(&range)
            .trim_end_matches(|c: char| matches!(c, '。' | '!' | '?' | '.' | '…' | ' ' | '~') || is_mark(c));
        range.start..range.start + kept.len()
    }

    /// The last clause of a sentence: what stands behind its last comma, unless that is a mere scrap.
    pub fn last_clause(&self, at: usize) -> Range<usize> {
        let bare = self.bare(at);
        let text = self.at(&bare);
        match text.rfind('、') {
            Some(comma) if text[comma..].chars().count() > 6 => bare.start + comma + '、'.len_utf8()..bare.end,
            _ => bare,
        }
    }

    /// The clause around what was seen in a sentence, with commas as its borders.
    pub fn clause_around(&self, at: usize, seen: &Range<usize>) -> Range<usize> {
        let bare = self.bare(at);
        let (text, inside) = (self.text(), bare.end.min(seen.end));
        let start = text[bare.start..seen.start].rfind('、').map_or(bare.start, |at| bare.start + at + '、'.len_utf8());
        let end = text[inside..bare.end].find('、').map_or(bare.end, |at| inside + at);
        start..end
    }

    /// Whether the letter speaks here: not the customer's lines, not the signature.
    pub fn speaks(&self, range: &Range<usize>) -> bool {
        !self.silent.iter().any(|zone| overlap(zone, range))
    }

    /// Whether it stands inside 「」 or 『』.
    pub fn is_quoted(&self, range: &Range<usize>) -> bool {
        self.quotes.iter().any(|quote| quote.start <= range.start && range.end <= quote.end)
    }

    /// Whether it stands inside 「」 and the customer wrote it.
    pub fn repeats_customer(&self, range: &Range<usize>) -> bool {
        let around = self.quotes.iter().find(|quote| quote.start <= range.start && range.end <= quote.end);
        around.is_some_and(|_| self.asked.text().contains(self.at(range)))
    }

    /// Whether it belongs to an address of the web or of mail.
    pub fn is_link(&self, range: &Range<usize>) -> bool {
        self.links.iter().any(|link| overlap(link, range))
    }

    /// How many characters of a range belong to addresses of the web or of mail.
    pub fn link_chars(&self, range: &Range<usize>) -> usize {
        let inside = self.links.iter().filter(|link| range.start <= link.start && link.end <= range.end);
        inside.map(|link| self.original(link).len()).sum()
    }

    /// Where a pattern stands in our own words: not quoted, not silent, no link, within a sentence.
    pub fn find<'r>(&'r self, pattern: &'r Pattern) -> impl Iterator<Item = Range<usize>> + 'r {
        pattern.find_iter(self.text()).map(|found| found.range()).filter(|range| self.is_own(range))
    }

    /// Whether these are our own words in a sentence of the letter.
    pub fn is_own(&self, range: &Range<usize>) -> bool {
        self.speaks(range) && !self.is_quoted(range) && !self.is_link(range) && self.sentence_at(range.start).is_some()
    }
}

/// The lines below the last blank one that only name who writes: short, without a predicate, and behind a whole letter.
fn sender(text: &str, silent: &[Range<usize>]) -> Option<Range<usize>> {
    let mut letter = text.trim_end();
    // The block may stand above a ruled-off signature.
    while let Some(zone) = silent.iter().find(|zone| zone.start < letter.len() && zone.end >= letter.len()) {
        letter = text[..zone.start].trim_end();
    }
    let start = letter.rfind("\n\n")? + 2;
    let names = |line: &str| {
        let line = line.trim();
        line.chars().all(|c| matches!(c, '-' | '_' | '=' | '*'))
            || line.chars().count() <= 30
                && !line.contains(['。', '、', '!', '?', '「'])
                && !pattern!("^[・-]|(?:です|ます|ません|した|ください|たい|ね|よ|:)$|[0-9]円|お待ち|お願い|楽しみ")
                    .is_match(line)
    };
    let block = &letter[start..];
    (block.lines().count() <= 4 && block.lines().all(names)).then_some(start..letter.len())
}

/// The lines at the top that only say for whom the letter is: 「さくら会計事務所」 over 「大野様」.
fn addressed(text: &str) -> Option<Range<usize>> {
    let end = text.find("\n\n")?;
    let (head, lines) = (&text[..end], text[..end].lines().count());
    let names = |line: &str| {
        let line = line.trim();
        (1..=30).contains(&line.chars().count()) && !line.contains(['。', '、', '!', '?', 'を'])
    };
    let to = pattern!("(?:様|さま|さん|殿|御中|各位|先生|宛|ちゃん|くん)$");
    (lines <= 4 && head.lines().all(names) && to.is_match(head.trim_end())).then_some(0..end)
}

/// Addresses of the web and of mail; most replies have none and need no search.
fn links(text: &str) -> Vec<Range<usize>> {
    if !text.contains(['.', '@']) {
        return Vec::new();
    }
    let link =
        pattern!(r"https?://[!-~]+|[a-z0-9._%+-]+@[a-z0-9.-]+|(?:[a-z0-9-]+\.)+(?:jp|com|net|example|org)[!-~]*");
    link.find_iter(text).map(|found| found.range()).collect()
}

/// Whether two ranges have something in common.
pub(super) fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Pictures and ornaments that close a sentence.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}')
}

/// Where each code point begins, so that spans become byte ranges without counting again.
struct ByteIndex(Vec<usize>);

impl ByteIndex {
    fn of(text: &str) -> Self {
        Self(text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect())
    }

    fn range(&self, span: Span) -> Range<usize> {
        let last = self.0.len() - 1;
        self.0[span.start.min(last)]..self.0[span.end.min(last)]
    }
}
