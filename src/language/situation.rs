//! What a customer writes about, by a vocabulary that is data.
//!
//! A transparent keyword classifier: patterns of the vocabulary are looked for sentence by sentence in
//! the matter of the text, and the situation with most points is the primary one. Why it happened is
//! not decided here.

use std::sync::{Arc, OnceLock};

use aho_corasick::AhoCorasick;
use regex::Regex;
use serde::{Deserialize, Deserializer, de};

use super::{kana, memo::Memo, normal::Normalised, zones};
use crate::domain::{Situation, Situations};

/// Points for a way to say it that settles the situation.
const STRONG: u32 = 3;
/// So many single points count in one sentence: a heap of hints is not yet a statement.
const CUES_IN_SENTENCE: u32 = 2;
/// A secondary situation has at least so many points, and at least a third of the primary's.
const SECONDARY: u32 = 2;

/// The situations of a workspace, in the order in which equal points are decided.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    entries: Vec<Entry>,
    gate: Gate,
    titles: Arc<Memo<Situations>>,
}

/// The titles of a large shop; each takes some two hundred bytes.
const TITLES: usize = 32_768;

/// One situation.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its id.
    pub id: Situation,
    /// How lists and pages call it.
    pub ja: String,
    /// A short noun phrase that stands before 「について」.
    pub topic: String,
    /// Whether the customer is in trouble.
    pub trouble: bool,
    /// Whether we, the carrier or the payment service failed, so that an apology comes first.
    pub our_fault: bool,
    /// Other names that files may use.
    pub also: Vec<String>,
    /// In the order of [`Kind`].
    patterns: [Option<Regex>; KINDS],
}

const KINDS: usize = 3;

/// What a pattern says of a sentence.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Unless,
    Strong,
    Cues,
}

/// Which patterns can match a sentence at all, by one pass for the words with which they begin: a sentence
/// touches few of some eighty expressions, and each pass costs.
#[derive(Debug, Clone)]
struct Gate {
    heads: AhoCorasick,
    /// For each head the slot of its expression: entry × kinds + kind.
    slot_of: Vec<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    ja: String,
    topic: Option<String>,
    #[serde(default)]
    trouble: bool,
    our_fault: Option<bool>,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    strong: Vec<String>,
    #[serde(default)]
    cues: Vec<String>,
}

/// A map in the order of the file, which decides between equal points.
struct InOrder(Vec<(String, Written)>);

impl<'de> Deserialize<'de> for InOrder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = InOrder;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a map from a situation's id to what it is")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<InOrder, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(InOrder(entries))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

impl Vocabulary {
    /// The vocabulary that is compiled in; a workspace may bring its own.
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Vocabulary> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            Self::parse(include_str!("../../knowledge/situations.yaml")).expect("the vocabulary compiled in is valid")
        })
    }

    /// Reads a vocabulary; `other` is added where it is missing.
    pub fn parse(yaml: &str) -> Result<Self, String> {
        let InOrder(written) = serde_saphyr::from_str(yaml).map_err(|error| format!("situations: {error}"))?;
        let mut entries = Vec::with_capacity(written.len() + 1);
        let mut heads = Vec::new();
        for (id, written) in written {
            for (kind, patterns) in [&written.unless, &written.strong, &written.cues].into_iter().enumerate() {
                heads.extend(patterns.iter().flat_map(|p| heads_of(p)).map(|h| (h, entries.len() * KINDS + kind)));
            }
            entries.push(Entry::read(id, written)?);
        }
        let gate = Gate::of(heads).map_err(|error| format!("situations: {error}"))?;
        let mut names: Vec<&str> = entries.iter().flat_map(Entry::names).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(format!("situations: {} is named twice", pair[0]));
        }
        if !names.contains(&Situation::OTHER) {
            entries.push(Entry::other());
        }
        Ok(Self { entries, gate, titles: Arc::new(Memo::new(TITLES)) })
    }

    /// All situations, in order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// A situation by its id or by one of its other names.
    pub fn entry(&self, situation: &Situation) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.names().any(|name| name == situation.as_str()))
    }

    /// The id that a name in a file means; `None` for a name that nobody knows.
    pub fn resolve(&self, name: &str) -> Option<Situation> {
        self.entry(&Situation::new(name.trim())).map(|entry| entry.id.clone())
    }

    /// Whether the customer is in trouble.
    pub fn is_trouble(&self, situation: &Situation) -> bool {
        self.entry(situation).is_some_and(|entry| entry.trouble)
    }

    /// What the text is about: greetings, signature and quoted history are not asked.
    pub fn classify(&self, text: &str) -> Situations {
        self.classify_matter(Normalised::of(&zones::core(text)).as_str())
    }

    /// As [`Self::classify`], of a passage's title: it is found again and again.
    pub fn classify_title(&self, title: &str) -> Arc<Situations> {
        self.titles.of(title, |title| self.classify(title))
    }

    /// As [`Self::classify`], of what is left of a text in normal form.
    pub(super) fn classify_matter(&self, matter: &str) -> Situations {
        let text = kana::with_kanji(matter);
        let mut points = vec![0; self.entries.len()];
        for (_, sentence) in zones::pieces(&text) {
            let heads = self.gate.heads_in(sentence);
            let done = is_done(sentence);
            for heads in heads.chunk_by(|a, b| a.0 / KINDS == b.0 / KINDS) {
                let at = heads[0].0 / KINDS;
                points[at] += self.entries[at].points(sentence, heads, done);
            }
        }
        let mut scored: Vec<(u32, &Entry)> = points.into_iter().zip(&self.entries).collect();
        // Stable: among equals the order of the vocabulary holds.
        scored.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
        let Some((best, primary)) = scored.first().filter(|(points, _)| *points > 0) else {
            return Situations::only(Situation::other());
        };
        let enough = |points: u32| points >= SECONDARY && points * 3 >= *best;
        let secondary = scored[1..].iter().take_while(|(points, _)| enough(*points));
        Situations { primary: primary.id.clone(), secondary: secondary.map(|(_, entry)| entry.id.clone()).collect() }
    }
}

impl Gate {
    fn of(heads: Vec<(String, usize)>) -> Result<Self, String> {
        let (heads, slot_of): (Vec<String>, Vec<usize>) = heads.into_iter().unzip();
        let heads = AhoCorasick::new(heads).map_err(|error| error.to_string())?;
        Ok(Self { heads, slot_of })
    }

    /// Slots with where a match could begin, in order.
    fn heads_in(&self, sentence: &str) -> Vec<(usize, usize)> {
        let hits = self.heads.find_overlapping_iter(sentence);
        let mut found: Vec<_> = hits.map(|hit| (self.slot_of[hit.pattern().as_usize()], hit.start())).collect();
        found.sort_unstable();
        found.dedup();
        // An empty head also stands inside letters.
        found.retain(|(_, at)| sentence.is_char_boundary(*at));
        found
    }
}

impl Entry {
    fn read(id: String, written: Written) -> Result<Self, String> {
        let compiled = |patterns: &[String]| compile(patterns).map_err(|error| format!("situations: {id}: {error}"));
        Ok(Self {
            patterns: [compiled(&written.unless)?, compiled(&written.strong)?, compiled(&written.cues)?],
            topic: written.topic.unwrap_or_else(|| written.ja.clone()),
            our_fault: written.our_fault.unwrap_or(written.trouble),
            ja: written.ja,
            trouble: written.trouble,
            also: written.also,
            id: Situation(id),
        })
    }

    fn other() -> Self {
        let named = |text: &str| text.to_owned();
        let (ja, topic) = (named("その他"), named("お問い合わせの件"));
        let id = Situation::other();
        Self { id, ja, topic, trouble: false, our_fault: false, also: Vec::new(), patterns: [None, None, None] }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.id.as_str()).chain(self.also.iter().map(String::as_str))
    }

    fn points(&self, sentence: &str, heads: &[(usize, usize)], done: bool) -> u32 {
        // Ends at the next match of the same kind at the earliest: overlapping hints are one hint.
        let stated = |kind: Kind| {
            let mut end = 0;
            let starts = heads.iter().filter(move |(slot, _)| slot % KINDS == kind as usize).map(|(_, start)| *start);
            let pattern = self.patterns[kind as usize].as_ref();
            starts.filter_map(move |start| {
                let hit = pattern?.find(&sentence[start..]).filter(|_| start >= end)?;
                end = start + hit.end();
                let after = first_chars(&sentence[end..], AFTER_CHARS);
                (!is_negated(hit.as_str(), after)).then_some(after)
            })
        };
        if stated(Kind::Unless).next().is_some() || done && !self.trouble {
            return 0;
        }
        let supposed = |after: &str| self.trouble && is_supposed(after);
        let strong = stated(Kind::Strong).map(|after| if supposed(after) { 1 } else { STRONG }).max();
        strong.unwrap_or_else(|| (stated(Kind::Cues).count() as u32).min(CUES_IN_SENTENCE))
    }
}

/// So much behind a match tells whether it was denied or supposed.
const AFTER_CHARS: usize = 32;

fn first_chars(text: &str, count: usize) -> &str {
    &text[..text.char_indices().nth(count).map_or(text.len(), |(byte, _)| byte)]
}

/// One expression for all patterns, asked only where one may begin: literal words, `(甲|乙)`, and `…` for anything.
fn compile(patterns: &[String]) -> Result<Option<Regex>, String> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let sources: Vec<String> = patterns.iter().map(|pattern| source(pattern)).collect();
    crate::language::pattern::regex(&format!("^(?:{})", sources.join("|"))).map(Some).map_err(|error| error.to_string())
}

/// A pattern in normal form, [`ANYTHING`] for 「…」.
fn normal_form(pattern: &str) -> String {
    pattern.split('…').map(|part| Normalised::of(part).as_str().to_owned()).collect::<Vec<_>>().join(ANYTHING)
}

/// Stands for 「…」 where normal form would write three full stops.
const ANYTHING: &str = "\0";

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
    static AFTER: OnceLock<Regex> = OnceLock::new();
    static AFTER_TE: OnceLock<Regex> = OnceLock::new();
    let after_any = AFTER.get_or_init(|| {
        crate::language::pattern::regex(
            r"^(?:(?:し|する|した|たい|い|の|こと|を|希望|書)*(?:(?:わけ|つもり|予定|必要|気)(?:では|じゃ|は|も)?|では|じゃ)(?:なく|な(?:い|かった)|あり?ません|ございません)|て(?:は)?い?(?:ない|ません|なかった)|(?:を|は)?しな(?:い|くて)|(?:は|も|を)?しません(?:$|[。が、])|(?:は|も|が)?(?:不要|いりません|要りません|いらない|要らない|結構です))",
        )
        .expect("a constant pattern")
    });
    let after_te = AFTER_TE.get_or_init(|| {
        crate::language::pattern::regex("^(?:は)?(?:い)?(?:ない|ません|なかった)").expect("a constant pattern")
    });
    // A pattern may have taken the particle already: 「返品で」 + 「はなく」.
    let last = hit.chars().next_back().map(String::from).unwrap_or_default();
    after_any.is_match(after)
        || after_any.is_match(&(last + after))
        || hit.ends_with(['て', 'で']) && after_te.is_match(after)
}

/// Reported to have worked: 「教わったとおり領収書を出せました」 asks for no receipt. Not 「傷ができました」.
fn is_done(sentence: &str) -> bool {
    static DONE: OnceLock<Regex> = OnceLock::new();
    DONE.get_or_init(|| {
        crate::language::pattern::regex("[^が](?:でき|出せ|もらえ|入れ|直り|直せ)ました[。!~♪]*$")
            .expect("a constant pattern")
    })
    .is_match(sentence)
}

/// Supposed, not reported: 「壊れていた場合は」「合わなかったら」.
fn is_supposed(after: &str) -> bool {
    static SUPPOSED: OnceLock<Regex> = OnceLock::new();
    let supposed = SUPPOSED.get_or_init(|| {
        crate::language::pattern::regex("^[^、。]{0,6}?(?:たら|れば|場合|時は|とき|ことはあり|ことがあり|ことはな)")
            .expect("a constant pattern")
    });
    supposed.is_match(after)
}

#[cfg(test)]
#[path = "situation_tests.rs"]
mod tests;
