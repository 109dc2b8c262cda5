//! The bar: floors and ceilings of the figures, in a file that people read and change with a reason.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context as _;
use serde::Deserialize;

/// What the figures of all shops together have to hold.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bar {
    #[serde(default)]
    at_least: BTreeMap<String, f64>,
    #[serde(default)]
    at_most: BTreeMap<String, f64>,
}

impl Bar {
    /// Reads it.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        toml::from_str(&text).with_context(|| path.display().to_string())
    }

    /// How a figure's limit reads in a table; empty where it has none.
    pub fn limit(&self, name: &str) -> String {
        let at_least = self.at_least.get(name).map(|limit| format!("≥ {limit}"));
        at_least.or_else(|| self.at_most.get(name).map(|limit| format!("≤ {limit}"))).unwrap_or_default()
    }

    /// A sentence for every limit that is not held, or whose figure nobody measures.
    pub fn missed(&self, figures: &[(&str, f64)]) -> Vec<String> {
        let figure = |name: &str| figures.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let check = |name: &str, limit: f64, holds: fn(f64, f64) -> bool, word: &str| match figure(name) {
            None => Some(format!("the bar names {name:?}, which is no figure")),
            Some(value) if holds(value, limit) => None,
            Some(value) => Some(format!("{name} is {value}, and should be at {word} {limit}")),
        };
        let low = self.at_least.iter().filter_map(|(name, limit)| check(name, *limit, |v, l| v >= l, "least"));
        let high = self.at_most.iter().filter_map(|(name, limit)| check(name, *limit, |v, l| v <= l, "most"));
        low.chain(high).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_that_is_not_held_is_said() {
        let bar: Bar = toml::from_str("[at_least]\nmrr = 0.9\n[at_most]\nsaid = 0\nsade = 0\n").unwrap();
        assert_eq!(bar.limit("mrr"), "≥ 0.9");
        let missed = bar.missed(&[("mrr", 0.89), ("said", 0.0)]);
        assert_eq!(missed.len(), 2, "{missed:?}");
        assert!(missed[0].contains("0.89") && missed[1].contains("sade"));
        assert!(bar.missed(&[("mrr", 0.9), ("said", 1.0), ("sade", 0.0)])[0].contains("at most 0"));
    }
}
