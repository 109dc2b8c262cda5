//! What a customer writes about, by a vocabulary that is data.
//!
//! A transparent keyword classifier: patterns of the vocabulary are looked for sentence by sentence in
//! the matter of the text, and the situation with most points is the primary one. Why it happened is
//! not decided here.

use std::sync::{Arc, OnceLock};

use aho_corasick::AhoCorasick;
use regex::Regex;
use serde::{Deserialize, Deserializer, de};

use super::{
    gate, kana,
    memo::Memo,
    normal::Normalised,
    pattern::pattern,
    zones::{self, Zones},
};
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
    /// Situation by situation, in the order of [`Kind`] and then of the file.
    ways: Vec<Way>,
    heads: Heads,
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
    gate: gate::Gate,
}

/// What a way to say it tells of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unless,
    Strong,
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
        let (mut ways, mut heads) = (Vec::new(), Vec::new());
        for (id, written) in written {
            let kinds = [(Kind::Unless, &written.unless), (Kind::Strong, &written.strong), (Kind::Cues, &written.cues)];
            for (kind, pattern) in kinds.into_iter().flat_map(|(kind, all)| all.iter().map(move |one| (kind, one))) {
                heads.extend(heads_of(pattern).into_iter().map(|head| (head, ways.len())));
                let way = Way::read(entries.len(), kind, pattern);
                ways.push(way.map_err(|error| format!("situations: {id}: {error}"))?);
            }
            entries.push(Entry::read(id, written));
        }
        let heads = Heads::of(heads).map_err(|error| format!("situations: {error}"))?;
        let mut names: Vec<&str> = entries.iter().flat_map(Entry::names).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(format!("situations: {} is named twice", pair[0]));
        }
        if !names.contains(&Situation::OTHER) {
            entries.push(Entry::other());
        }
        Ok(Self { entries, ways, heads, titles: Arc::new(Memo::new(TITLES)) })
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
        self.classify_within(text, &Zones::of(text))
    }

    /// As [`Self::classify`], where the zones are known already.
    pub fn classify_within(&self, text: &str, zones: &Zones) -> Situations {
        self.classify_matter(Normalised::of(&zones::core_of(text, zones)).as_str())
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
            let hits = self.hits_in(sentence);
            let done = !hits.is_empty() && is_done(sentence);
            for hits in hits.chunk_by(|a, b| a.entry == b.entry) {
                points[hits[0].entry] += self.entries[hits[0].entry].points(sentence, hits, done);
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

/// Where a way to say it stands in a sentence, not denied.
struct Hit {
    entry: usize,
    kind: Kind,
    end: usize,
}

impl Vocabulary {
    /// What stands in a sentence, situation by situation; of a kind none begins inside another.
    fn hits_in(&self, sentence: &str) -> Vec<Hit> {
        let mut found: Vec<Hit> = Vec::new();
        let mut heads = self.heads.in_sentence(sentence);
        heads.retain(|(way, _)| self.ways[*way].gate.admits_text(sentence));
        let place = |(way, at): &(usize, usize)| (self.ways[*way].entry, self.ways[*way].kind as usize, *at, *way);
        heads.sort_unstable_by_key(place);
        let mut taken = (usize::MAX, Kind::Unless, 0);
        for (way, start) in heads {
            let Way { entry, kind, .. } = self.ways[way];
            if (taken.0, taken.1) == (entry, kind) && start < taken.2 {
                continue;
            }
            let Some(hit) = self.ways[way].regex().find(&sentence[start..]) else { continue };
            let end = start + hit.end();
            taken = (entry, kind, end);
            if !is_negated(hit.as_str(), first_chars(&sentence[end..], AFTER_CHARS)) {
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
        Ok(Self { entry, kind, source, regex: OnceLock::new(), gate: gate::Gate::of(&tree) })
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

impl Entry {
    fn read(id: String, written: Written) -> Self {
        Self {
            topic: written.topic.unwrap_or_else(|| written.ja.clone()),
            our_fault: written.our_fault.unwrap_or(written.trouble),
            ja: written.ja,
            trouble: written.trouble,
            also: written.also,
            id: Situation(id),
        }
    }

    fn other() -> Self {
        let named = |text: &str| text.to_owned();
        let (ja, topic) = (named("その他"), named("お問い合わせの件"));
        Self { id: Situation::other(), ja, topic, trouble: false, our_fault: false, also: Vec::new() }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.id.as_str()).chain(self.also.iter().map(String::as_str))
    }

    fn points(&self, sentence: &str, hits: &[Hit], done: bool) -> u32 {
        let of = |kind: Kind| hits.iter().filter(move |hit| hit.kind == kind);
        if of(Kind::Unless).next().is_some() || done && !self.trouble {
            return 0;
        }
        let supposed = |hit: &Hit| self.trouble && is_supposed(first_chars(&sentence[hit.end..], AFTER_CHARS));
        let strong = of(Kind::Strong).map(|hit| if supposed(hit) { 1 } else { STRONG }).max();
        strong.unwrap_or_else(|| (of(Kind::Cues).count() as u32).min(CUES_IN_SENTENCE))
    }
}

/// So much behind a match tells whether it was denied or supposed.
const AFTER_CHARS: usize = 32;

fn first_chars(text: &str, count: usize) -> &str {
    &text[..text.char_indices().nth(count).map_or(text.len(), |(byte, _)| byte)]
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
fn is_done(sentence: &str) -> bool {
    pattern!("[^が](?:でき|出せ|もらえ|入れ|直り|直せ)ました[。!~♪]*$").is_match(sentence)
}

/// Supposed, not reported: 「壊れていた場合は」「合わなかったら」.
fn is_supposed(after: &str) -> bool {
    pattern!("^[^、。]{0,6}?(?:たら|れば|場合|時は|とき|ことはあり|ことがあり|ことはな)").is_match(after)
}

#[cfg(test)]
#[path = "situation_tests.rs"]
mod tests;
