//! Ways to say what one writes about: the patterns of a vocabulary, and where they stand in a sentence.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use crate::language::{gate::Gate, normal::Normalised, pattern::pattern};

/// All ways of a vocabulary.
#[derive(Debug, Clone)]
pub struct Ways {
    /// Situation by situation, in the order of [`Kind`] and then of the file.
    all: Vec<Way>,
    heads: Heads,
}

/// One way to say it.
#[derive(Debug, Clone)]
struct Way {
    /// The situation's place in the vocabulary.
    entry: usize,
    kind: Kind,
    source: String,
    /// Asked at the places where one of its heads stands; compiled when a sentence holds all that it needs.
    regex: OnceLock<Regex>,
    gate: Gate,
}

/// What a way to say it tells of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It is not about this situation after all.
    Unless,
    /// It settles the situation.
    Strong,
    /// It hints at it.
    Cues,
}

/// Which ways can match a sentence at all, by one pass for the words with which they begin: a sentence touches few
/// of some thousand, and each pass costs.
#[derive(Debug, Clone)]
struct Heads {
    words: AhoCorasick,
    /// For each word the way that may begin with it.
    way_of: Vec<usize>,
}

/// Where a way to say it stands in a sentence, not denied.
pub struct Hit {
    /// The situation's place in the vocabulary.
    pub entry: usize,
    /// What it tells.
    pub kind: Kind,
    end: usize,
}

impl Ways {
    /// Reads patterns, each with its situation's place in the vocabulary and what it tells; what is wrong comes with that place.
    pub fn read(patterns: &[(usize, Kind, &str)]) -> Result<Self, (usize, String)> {
        let (mut all, mut heads) = (Vec::new(), Vec::new());
        for (entry, kind, pattern) in patterns {
            heads.extend(heads_of(pattern).into_iter().map(|head| (head, all.len())));
            all.push(Way::read(*entry, *kind, pattern).map_err(|error| (*entry, error))?);
        }
        let heads = Heads::of(heads).map_err(|error| (0, error))?;
        Ok(Self { all, heads })
    }

    /// What stands in a sentence, situation by situation; of a kind none begins inside another.
    pub fn hits_in(&self, sentence: &str) -> Vec<Hit> {
        let mut found: Vec<Hit> = Vec::new();
        let mut heads = self.heads.in_sentence(sentence);
        heads.retain(|(way, _)| self.all[*way].gate.admits_text(sentence));
        let place = |(way, at): &(usize, usize)| (self.all[*way].entry, self.all[*way].kind as usize, *at, *way);
        heads.sort_unstable_by_key(place);
        let mut taken = (usize::MAX, Kind::Unless, 0);
        for (way, start) in heads {
            let Way { entry, kind, .. } = self.all[way];
            if (taken.0, taken.1) == (entry, kind) && start < taken.2 {
                continue;
            }
            let Some(hit) = self.all[way].regex().find(&sentence[start..]) else { continue };
            let end = start + hit.end();
            taken = (entry, kind, end);
            if !is_negated(hit.as_str(), after(sentence, end)) {
                found.push(Hit { entry, kind, end });
            }
        }
        found
    }
}

impl Way {
    fn read(entry: usize, kind: Kind, pattern: &str) -> Result<Self, String> {
        let source = format!("^{}", source(pattern));
        let tree = regex_syntax::parse(&source).map_err(|error| error.to_string())?;
        Ok(Self { entry, kind, source, regex: OnceLock::new(), gate: Gate::of(&tree) })
    }

    fn regex(&self) -> &Regex {
        self.regex.get_or_init(|| crate::language::pattern::regex(&self.source).expect("a pattern that parses"))
    }
}

impl Heads {
    fn of(heads: Vec<(String, usize)>) -> Result<Self, String> {
        let (words, way_of): (Vec<String>, Vec<usize>) = heads.into_iter().unzip();
        let words = AhoCorasick::new(words).map_err(|error| error.to_string())?;
        Ok(Self { words, way_of })
    }

    /// Ways with where a match could begin.
    fn in_sentence(&self, sentence: &str) -> Vec<(usize, usize)> {
        let hits = self.words.find_overlapping_iter(sentence);
        let mut found: Vec<_> = hits.map(|hit| (self.way_of[hit.pattern().as_usize()], hit.start())).collect();
        found.sort_unstable();
        found.dedup();
        // An empty head also stands inside letters.
        found.retain(|(_, at)| sentence.is_char_boundary(*at));
        found
    }
}

impl Hit {
    /// Whether what it tells is only supposed in the sentence.
    pub fn is_supposed(&self, sentence: &str) -> bool {
        is_supposed(after(sentence, self.end))
    }
}

/// So much behind a match tells whether it was denied or supposed.
const AFTER_CHARS: usize = 32;

fn after(sentence: &str, end: usize) -> &str {
    let rest = &sentence[end..];
    &rest[..rest.char_indices().nth(AFTER_CHARS).map_or(rest.len(), |(byte, _)| byte)]
}

/// A pattern in normal form, [`ANYTHING`] for 「…」.
fn normal_form(pattern: &str) -> String {
    pattern.split('…').map(|part| Normalised::of(part).as_str().to_owned()).collect::<Vec<_>>().join(ANYTHING)
}

/// Stands for 「…」 where normal form would write three full stops.
const ANYTHING: &str = "\0";

/// The expression of a pattern: literal words, `(甲|乙)`, and `…` for anything.
fn source(pattern: &str) -> String {
    let mut source = String::from("(?:");
    for c in normal_form(pattern).chars() {
        match c {
            '\0' => source.push_str(".{0,24}?"),
            '(' => source.push_str("(?:"),
            ')' | '|' | '$' => source.push(c),
            _ => source.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    source + ")"
}

/// The words with which a match of the pattern can begin; an empty one where it may begin with anything.
fn heads_of(pattern: &str) -> Vec<String> {
    let normal = normal_form(pattern);
    alternatives(&mut normal.chars().peekable()).into_iter().map(|(head, _)| head).collect()
}

/// So many letters of a head tell enough: more would only multiply the alternatives.
const HEAD: usize = 3;

/// Every way to read up to the closing bracket, and whether more may be added to it.
fn alternatives(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Vec<(String, bool)> {
    let mut all = Vec::new();
    let mut these = vec![(String::new(), true)];
    while let Some(c) = chars.next() {
        let next = match c {
            ')' => break,
            '|' => {
                all.append(&mut these);
                these.push((String::new(), true));
                continue;
            }
            '(' => alternatives(chars),
            '\0' | '$' => vec![(String::new(), false)],
            letter => vec![(letter.to_string(), true)],
        };
        let (growing, mut grown): (Vec<_>, Vec<_>) = these.into_iter().partition(|(_, open)| *open);
        for (head, _) in growing {
            grown.extend(next.iter().map(|(more, open)| {
                let longer = format!("{head}{more}");
                let open = *open && longer.chars().count() < HEAD;
                (longer, open)
            }));
        }
        these = grown;
    }
    all.append(&mut these);
    all
}

/// Said not to be so: 「返品ではなく」「割れていません」「領収書は不要」. Not 「返品できない」, which is about returns.
fn is_negated(hit: &str, after: &str) -> bool {
    let after_any = pattern!(
        r"^(?:(?:し|する|した|たい|い|の|こと|を|希望|書)*(?:(?:わけ|つもり|予定|必要|気)(?:では|じゃ|は|も)?|では|じゃ)(?:なく|な(?:い|かった)|あり?ません|ございません)|て(?:は)?い?(?:ない|ません|なかった)|(?:を|は)?しな(?:い|くて)|(?:は|も|を)?しません(?:$|[。が、])|(?:は|も|が)?(?:不要|いりません|要りません|いらない|要らない|結構です))"
    );
    let after_te = pattern!("^(?:は)?(?:い)?(?:ない|ません|なかった)");
    // A pattern may have taken the particle already: 「返品で」 + 「はなく」.
    let last = hit.chars().next_back().map(String::from).unwrap_or_default();
    after_any.is_match(after)
        || after_any.is_match(&(last + after))
        || hit.ends_with(['て', 'で']) && after_te.is_match(after)
}

/// Reported to have worked: 「教わったとおり領収書を出せました」 asks for no receipt. Not 「傷ができました」.
pub fn is_done(sentence: &str) -> bool {
    pattern!("[^が](?:でき|出せ|もらえ|入れ|直り|直せ)ました[。!~♪]*$").is_match(sentence)
}

/// Supposed, not reported: 「壊れていた場合は」「合わなかったら」.
fn is_supposed(after: &str) -> bool {
    pattern!("^[^、。]{0,6}?(?:たら|れば|場合|時は|とき|ことはあり|ことがあり|ことはな)").is_match(after)
}
