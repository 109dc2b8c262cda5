//! What a customer writes about, by a vocabulary that is data.
//!
//! A transparent keyword classifier: patterns of the vocabulary are looked for sentence by sentence in
//! the matter of the text, and the situation with most points is the primary one. Why it happened is
//! not decided here.

mod ways;

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Deserializer, de};

use self::ways::{Hit, Kind, Ways, is_done};
use super::{
    kana,
    memo::Memo,
    normal::Normalised,
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
    ways: Ways,
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

impl Written {
    /// Its patterns with what they tell, for the situation at a place.
    fn patterns(&self, at: usize) -> impl Iterator<Item = (usize, Kind, &str)> {
        let kinds = [(Kind::Unless, &self.unless), (Kind::Strong, &self.strong), (Kind::Cues, &self.cues)];
        kinds.into_iter().flat_map(move |(kind, all)| all.iter().map(move |pattern| (at, kind, pattern.as_str())))
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
        let patterns: Vec<_> = written.iter().enumerate().flat_map(|(at, (_, written))| written.patterns(at)).collect();
        let ways = Ways::read(&patterns).map_err(|(at, error)| format!("situations: {}: {error}", written[at].0))?;
        for (id, written) in written {
            entries.push(Entry::read(id, written));
        }
        let mut names: Vec<&str> = entries.iter().flat_map(Entry::names).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(format!("situations: {} is named twice", pair[0]));
        }
        if !names.contains(&Situation::OTHER) {
            entries.push(Entry::other());
        }
        Ok(Self { entries, ways, titles: Arc::new(Memo::new(TITLES)) })
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
            let hits = self.ways.hits_in(sentence);
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
        let supposed = |hit: &Hit| self.trouble && hit.is_supposed(sentence);
        let strong = of(Kind::Strong).map(|hit| if supposed(hit) { 1 } else { STRONG }).max();
        strong.unwrap_or_else(|| (of(Kind::Cues).count() as u32).min(CUES_IN_SENTENCE))
    }
}

#[cfg(test)]
#[path = "situation_tests.rs"]
mod tests;
