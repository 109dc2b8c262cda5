//! Who speaks: the `brand` part of a guide and its set phrases.

use std::collections::BTreeMap;

use super::{
    errors::Problems,
    tree::{Node, Place},
};
use crate::domain::{Brand, Channel, Formulas, Missing};

const KEYS: [&str; 6] = ["id", "name", "business", "channels", "voice", "formulas"];
const FORMULAS: [&str; 8] =
    ["opening", "closing", "take_up", "next_step", "acknowledge", "clarify", "empathy", "anger"];
const ACKNOWLEDGED: [&str; 4] = ["thanks", "praise", "greeting", "feedback"];
const CLARIFIED: [Missing; 5] =
    [Missing::OrderNumber, Missing::Product, Missing::Detail, Missing::Date, Missing::Photo];

/// What one file says of the brand.
#[derive(Debug, Default)]
pub(super) struct BrandLayer {
    id: Option<String>,
    name: Option<String>,
    business: Option<String>,
    channels: Option<Vec<String>>,
    voice: Option<String>,
    formulas: Option<Formulas>,
}

/// Reads the value of `brand`.
pub(super) fn read(node: &Node, problems: &mut Problems) -> BrandLayer {
    let mut brand = BrandLayer::default();
    for entry in node.map("brand", problems).unwrap_or_default() {
        let (key, value) = (entry.key.as_str(), &entry.value);
        match key {
            "id" => brand.id = filled(value, key, problems),
            "name" => brand.name = filled(value, key, problems),
            "business" => brand.business = value.text(key, problems),
            "voice" => brand.voice = value.text(key, problems),
            "channels" => brand.channels = channels(value, problems),
            "formulas" => brand.formulas = Some(formulas(value, problems)),
            other => problems.unknown(entry.place, "key of `brand`", other, &KEYS),
        }
    }
    brand
}

fn filled(node: &Node, what: &str, problems: &mut Problems) -> Option<String> {
    let text = node.text(what, problems)?;
    if text.trim().is_empty() {
        return node.wrong(what, "a text that is not empty", problems);
    }
    Some(text)
}

fn channels(node: &Node, problems: &mut Problems) -> Option<Vec<String>> {
    let channels = node.texts("channels", problems)?;
    let known = Channel::ALL.map(Channel::as_str);
    for channel in channels.iter().filter(|channel| !known.contains(&channel.as_str())) {
        problems.unknown(node.place, "channel", channel, &known);
    }
    Some(channels)
}

fn formulas(node: &Node, problems: &mut Problems) -> Formulas {
    let mut formulas = Formulas::default();
    let clarified = CLARIFIED.map(Missing::as_str);
    for entry in node.map("formulas", problems).unwrap_or_default() {
        let (key, value) = (entry.key.as_str(), &entry.value);
        match key {
            "opening" => formulas.opening = value.texts(key, problems).unwrap_or_default(),
            "closing" => formulas.closing = value.texts(key, problems).unwrap_or_default(),
            // By situation, of which a workspace may have its own: any key is fine.
            "take_up" => formulas.take_up = phrases(value, key, None, problems),
            "next_step" => formulas.next_step = phrases(value, key, None, problems),
            "acknowledge" => formulas.acknowledge = phrases(value, key, Some(&ACKNOWLEDGED), problems),
            "clarify" => formulas.clarify = phrases(value, key, Some(&clarified), problems),
            "empathy" => formulas.empathy = value.text(key, problems),
            "anger" => formulas.anger = value.text(key, problems),
            other => problems.unknown(entry.place, "key of `formulas`", other, &FORMULAS),
        }
    }
    formulas
}

fn phrases(node: &Node, what: &str, known: Option<&[&str]>, problems: &mut Problems) -> BTreeMap<String, String> {
    let mut phrases = BTreeMap::new();
    for entry in node.map(what, problems).unwrap_or_default() {
        if let Some(known) = known
            && !known.contains(&entry.key.as_str())
        {
            problems.unknown(entry.place, &format!("key of `{what}`"), &entry.key, known);
        }
        if let Some(phrase) = entry.value.text(&entry.key, problems) {
            phrases.insert(entry.key.clone(), phrase);
        }
    }
    phrases
}

impl BrandLayer {
    /// This over `base`, key by key; the set phrases of a brand are its own and never mixed.
    pub(super) fn over(self, base: Self) -> Self {
        Self {
            id: self.id.or(base.id),
            name: self.name.or(base.name),
            business: self.business.or(base.business),
            channels: self.channels.or(base.channels),
            voice: self.voice.or(base.voice),
            formulas: self.formulas.or(base.formulas),
        }
    }

    /// The brand, or `None` after reporting what is missing.
    pub(super) fn finish(self, problems: &mut Problems) -> Option<Brand> {
        for (key, value) in [("id", &self.id), ("name", &self.name)] {
            if value.is_none() {
                let hint = format!("write \"brand:\" with \"{key}:\" under it");
                problems.add(Place::default(), format!("`brand` has no `{key}`"), Some(hint));
            }
        }
        Some(Brand {
            id: self.id?,
            name: self.name?,
            business: self.business.unwrap_or_default(),
            channels: self.channels.unwrap_or_default(),
            voice: self.voice.unwrap_or_default(),
            formulas: self.formulas.unwrap_or_default(),
        })
    }
}
