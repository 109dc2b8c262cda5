//! What a customer writes about, by a vocabulary that is data.
//!
//! A transparent keyword classifier: patterns of the vocabulary are looked for sentence by sentence in
//! the matter of the text, and the situation with most points is the primary one. Why it happened is
//! not decided here.

use std::sync::OnceLock;

use regex::Regex;
use serde::{Deserialize, Deserializer, de};

use super::{normal::Normalised, sentence::sentences, zones};
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
}

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
    unless: Option<Regex>,
    strong: Option<Regex>,
    cues: Option<Regex>,
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
        for (id, written) in written {
            entries.push(Entry::read(id, written)?);
        }
        let mut names: Vec<&str> = entries.iter().flat_map(Entry::names).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(format!("situations: {} is named twice", pair[0]));
        }
        if !names.contains(&Situation::OTHER) {
            entries.push(Entry::other());
        }
        Ok(Self { entries })
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
        let core = zones::core(text);
        let normal = Normalised::of(&core);
        let text = normal.as_str();
        let parts: Vec<&str> = sentences(text).into_iter().map(|span| span.of(text)).collect();
        let mut scored: Vec<(u32, &Entry)> =
            self.entries.iter().map(|entry| (parts.iter().map(|part| entry.points(part)).sum(), entry)).collect();
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

impl Entry {
    fn read(id: String, written: Written) -> Result<Self, String> {
        let compiled = |patterns: &[String]| compile(patterns).map_err(|error| format!("situations: {id}: {error}"));
        Ok(Self {
            unless: compiled(&written.unless)?,
            strong: compiled(&written.strong)?,
            cues: compiled(&written.cues)?,
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
        Self {
            id,
            ja,
            topic,
            trouble: false,
            our_fault: false,
            also: Vec::new(),
            unless: None,
            strong: None,
            cues: None,
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.id.as_str()).chain(self.also.iter().map(String::as_str))
    }

    fn points(&self, sentence: &str) -> u32 {
        if self.unless.as_ref().is_some_and(|unless| unless.is_match(sentence)) {
            return 0;
        }
        let hits = |pattern: &Option<Regex>| -> Vec<bool> {
            let found = pattern.iter().flat_map(|pattern| pattern.find_iter(sentence));
            let stated = found.filter(|hit| !is_negated(hit.as_str(), &sentence[hit.end()..]));
            stated.map(|hit| self.trouble && is_supposed(&sentence[hit.end()..])).collect()
        };
        let strong = hits(&self.strong).into_iter().map(|supposed| if supposed { 1 } else { STRONG }).max();
        strong.unwrap_or_else(|| (hits(&self.cues).len() as u32).min(CUES_IN_SENTENCE))
    }
}

/// One expression for all patterns: literal words, `(甲|乙)`, and `…` for anything.
fn compile(patterns: &[String]) -> Result<Option<Regex>, String> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let sources: Vec<String> = patterns.iter().map(|pattern| source(pattern)).collect();
    Regex::new(&sources.join("|")).map(Some).map_err(|error| error.to_string())
}

fn source(pattern: &str) -> String {
    let parts = pattern.split('…').map(|part| {
        let mut escaped = String::new();
        for c in Normalised::of(part).as_str().chars() {
            match c {
                '(' => escaped.push_str("(?:"),
                ')' | '|' | '$' => escaped.push(c),
                _ => escaped.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
            }
        }
        escaped
    });
    format!("(?:{})", parts.collect::<Vec<_>>().join(".{0,24}?"))
}

/// Said not to be so: 「返品ではなく」「割れていません」「領収書は不要」. Not 「返品できない」, which is about returns.
fn is_negated(hit: &str, after: &str) -> bool {
    static AFTER: OnceLock<Regex> = OnceLock::new();
    static AFTER_TE: OnceLock<Regex> = OnceLock::new();
    let after_any = AFTER.get_or_init(|| {
        Regex::new(
            r"^(?:(?:し|する|した|たい|い|の|こと|を|希望|書)*(?:(?:わけ|つもり|予定|必要|気)(?:では|じゃ|は|も)?|では|じゃ)(?:なく|な(?:い|かった)|あり?ません|ございません)|て(?:は)?い?(?:ない|ません|なかった)|(?:を|は)?しな(?:い|くて)|(?:は|も|を)?しません(?:$|[。が、])|(?:は|も|が)?(?:不要|いりません|要りません|いらない|要らない|結構です))",
        )
        .expect("a constant pattern")
    });
    let after_te =
        AFTER_TE.get_or_init(|| Regex::new("^(?:は)?(?:い)?(?:ない|ません|なかった)").expect("a constant pattern"));
    // A pattern may have taken the particle already: 「返品で」 + 「はなく」.
    let last = hit.chars().next_back().map(String::from).unwrap_or_default();
    after_any.is_match(after)
        || after_any.is_match(&(last + after))
        || hit.ends_with(['て', 'で']) && after_te.is_match(after)
}

/// Supposed, not reported: 「壊れていた場合は」「合わなかったら」.
fn is_supposed(after: &str) -> bool {
    static SUPPOSED: OnceLock<Regex> = OnceLock::new();
    let supposed = SUPPOSED.get_or_init(|| {
        Regex::new("^[^、。]{0,6}?(?:たら|れば|場合|時は|とき|ことはあり|ことがあり|ことはな)")
            .expect("a constant pattern")
    });
    supposed.is_match(after)
}

#[cfg(test)]
#[path = "situation_tests.rs"]
mod tests;
