//! What one file of a guide says, and how a brand's file lies over the common one.

use std::collections::BTreeMap;

use super::{
    brand::{self, BrandLayer},
    errors::Problems,
    rule::RuleLayer,
    tree::{Entry, Node, Place},
};
use crate::domain::{Category, Guide};

/// The version of the format that this program reads.
const VERSION: &str = "2";
const KEYS: [&str; 6] = ["version", "extends", "brand", "terms", "formal_ok", "rules"];

/// What one file says; `None` where it is silent.
#[derive(Debug, Default)]
pub(super) struct Layer {
    pub(super) extends: Option<(String, Place)>,
    brand: BrandLayer,
    terms: Option<Vec<String>>,
    formal_ok: Option<Vec<String>>,
    rules: BTreeMap<Category, RuleLayer>,
}

impl Layer {
    /// Reads one file; `None` when it is not a map at all.
    pub(super) fn read(source: &str, problems: &mut Problems) -> Option<Self> {
        let tree = Node::read(source, problems)?;
        let entries = tree.map("the guide", problems)?;
        let mut layer = Self::default();
        for entry in entries {
            layer.take(entry, problems);
        }
        if !entries.iter().any(|entry| entry.key == "version") {
            let hint = format!("write \"version: {VERSION}\" at the top");
            problems.add(tree.place, "`version` is missing".to_owned(), Some(hint));
        }
        Some(layer)
    }

    fn take(&mut self, entry: &Entry, problems: &mut Problems) {
        let Entry { key, value, place } = entry;
        match key.as_str() {
            "version" => match value.text(key, problems).as_deref() {
                None | Some(VERSION) => {}
                Some(other) => {
                    let message = format!("`version` {other} cannot be read: this program reads version {VERSION}");
                    problems.add(value.place, message, None);
                }
            },
            "extends" => self.extends = value.text(key, problems).map(|path| (path, value.place)),
            "brand" => self.brand = brand::read(value, problems),
            "terms" => self.terms = value.texts(key, problems),
            "formal_ok" => self.formal_ok = value.texts(key, problems),
            "rules" => self.rules = rules(value, problems),
            other => problems.unknown(*place, "key", other, &KEYS),
        }
    }

    /// This layer over `base`: what it says itself replaces what the base says, key by key.
    pub(super) fn over(mut self, base: Self) -> Self {
        for (category, rule) in base.rules {
            let own = self.rules.remove(&category).unwrap_or_default();
            self.rules.insert(category, own.over(rule));
        }
        Self {
            extends: None,
            brand: self.brand.over(base.brand),
            terms: self.terms.or(base.terms),
            formal_ok: self.formal_ok.or(base.formal_ok),
            rules: self.rules,
        }
    }

    /// The whole guide, or `None` after reporting what is missing.
    pub(super) fn finish(self, file: &str, problems: &mut Problems) -> Option<Guide> {
        problems.enter(file);
        let brand = self.brand.finish(problems);
        let rules: BTreeMap<_, _> = self
            .rules
            .into_iter()
            .filter_map(|(category, rule)| Some((category, rule.finish(category, problems)?)))
            .collect();
        Some(Guide {
            brand: brand?,
            formal_ok: self.formal_ok.unwrap_or_default(),
            terms: self.terms.unwrap_or_default(),
            rules,
        })
    }
}

fn rules(node: &Node, problems: &mut Problems) -> BTreeMap<Category, RuleLayer> {
    let known: Vec<&str> = Category::ALL.iter().map(|category| category.as_str()).collect();
    let mut rules = BTreeMap::new();
    for entry in node.map("rules", problems).unwrap_or_default() {
        match Category::parse(&entry.key) {
            Some(category) => {
                rules.insert(category, RuleLayer::read(entry, problems));
            }
            None => problems.unknown(entry.place, "rule", &entry.key, &known),
        }
    }
    rules
}
