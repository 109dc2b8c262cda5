//! One rule of a guide: the map under a category's name.

use super::{
    errors::Problems,
    tree::{Entry, Node, Place, Value},
};
use crate::domain::{At, Category, Limit, Near, Require, RuleSettings, Severity, Situation, When, WordEntry};

const KEYS: [&str; 12] = [
    "clause",
    "severity",
    "off",
    "words",
    "except",
    "require",
    "limit",
    "forbid_in",
    "kaomoji",
    "allow",
    "bad",
    "good",
];
const SEVERITIES: [&str; 3] = ["error", "warning", "info"];
const WORD_KEYS: [&str; 4] = ["any", "use", "at", "name_suffix"];
const REQUIRE_KEYS: [&str; 5] = ["any", "within_sentences", "last_sentences", "when", "near"];
const LIMIT_KEYS: [&str; 4] = ["count", "chars", "run", "consecutive"];

/// What one file says of one rule; `None` where it is silent.
#[derive(Debug, Default)]
pub(super) struct RuleLayer {
    place: Place,
    clause: Option<String>,
    severity: Option<Severity>,
    off: Option<bool>,
    words: Option<Vec<WordEntry>>,
    except: Option<Vec<String>>,
    require: Option<Require>,
    limit: Option<Limit>,
    forbid_in: Option<Vec<Situation>>,
    kaomoji: Option<bool>,
    allow: Option<Vec<String>>,
    bad: Option<Vec<String>>,
    good: Option<Vec<String>>,
}

impl RuleLayer {
    /// Reads one entry of `rules`; a bare text is a clause alone.
    pub(super) fn read(entry: &Entry, problems: &mut Problems) -> Self {
        let mut rule = Self { place: entry.place, ..Self::default() };
        if let Value::Scalar(clause) = &entry.value.value {
            rule.clause = Some(clause.clone());
            return rule;
        }
        for entry in entry.value.map(&entry.key, problems).unwrap_or_default() {
            rule.take(entry, problems);
        }
        rule
    }

    fn take(&mut self, entry: &Entry, problems: &mut Problems) {
        let (key, value) = (entry.key.as_str(), &entry.value);
        match key {
            "clause" => self.clause = value.text(key, problems),
            "severity" => self.severity = choice(value, key, &SEVERITIES, Severity::parse, problems),
            "off" => self.off = value.truth(key, problems),
            "words" => self.words = words(value, problems),
            "except" => self.except = value.texts(key, problems),
            "require" => self.require = Some(require(value, problems)),
            "limit" => self.limit = Some(limit(value, problems)),
            "forbid_in" => {
                self.forbid_in = value.texts(key, problems).map(|all| all.into_iter().map(Situation).collect());
            }
            "kaomoji" => self.kaomoji = value.truth(key, problems),
            "allow" => self.allow = value.texts(key, problems),
            "bad" => self.bad = value.texts(key, problems),
            "good" => self.good = value.texts(key, problems),
            other => problems.unknown(entry.place, "key of a rule", other, &KEYS),
        }
    }

    /// This over `base`: each key that it writes replaces the base's, lists whole.
    pub(super) fn over(self, base: Self) -> Self {
        Self {
            place: self.place,
            clause: self.clause.or(base.clause),
            severity: self.severity.or(base.severity),
            off: self.off.or(base.off),
            words: self.words.or(base.words),
            except: self.except.or(base.except),
            require: self.require.or(base.require),
            limit: self.limit.or(base.limit),
            forbid_in: self.forbid_in.or(base.forbid_in),
            kaomoji: self.kaomoji.or(base.kaomoji),
            allow: self.allow.or(base.allow),
            bad: self.bad.or(base.bad),
            good: self.good.or(base.good),
        }
    }

    /// The rule, or `None` after reporting that it has no clause.
    pub(super) fn finish(self, category: Category, problems: &mut Problems) -> Option<RuleSettings> {
        let Some(clause) = self.clause.filter(|clause| !clause.trim().is_empty()) else {
            let hint = "write the sentence that people read when the rule finds something".to_owned();
            problems.add(self.place, format!("the rule `{}` has no `clause`", category.as_str()), Some(hint));
            return None;
        };
        Some(RuleSettings {
            clause,
            severity: self.severity,
            off: self.off.unwrap_or_default(),
            words: self.words.unwrap_or_default(),
            except: self.except.unwrap_or_default(),
            require: self.require,
            limit: self.limit,
            forbid_in: self.forbid_in.unwrap_or_default(),
            kaomoji: self.kaomoji,
            allow: self.allow.unwrap_or_default(),
            bad: self.bad.unwrap_or_default(),
            good: self.good.unwrap_or_default(),
        })
    }
}

fn choice<T>(
    node: &Node,
    what: &str,
    known: &[&str],
    read: impl Fn(&str) -> Option<T>,
    problems: &mut Problems,
) -> Option<T> {
    let text = node.text(what, problems)?;
    let read = read(&text);
    if read.is_none() {
        problems.unknown(node.place, &format!("value of `{what}`"), &text, known);
    }
    read
}

fn words(node: &Node, problems: &mut Problems) -> Option<Vec<WordEntry>> {
    match &node.value {
        Value::List(items) => Some(items.iter().filter_map(|item| word(item, problems)).collect()),
        _ => node.wrong("words", "a list of words", problems),
    }
}

fn word(node: &Node, problems: &mut Problems) -> Option<WordEntry> {
    if let Value::Scalar(text) = &node.value {
        return Some(WordEntry { any: vec![text.clone()], replacements: Vec::new(), at: At::Anywhere });
    }
    let mut word = WordEntry { any: Vec::new(), replacements: Vec::new(), at: At::Anywhere };
    for entry in node.map("words", problems)? {
        let (key, value) = (entry.key.as_str(), &entry.value);
        match key {
            "any" => word.any = value.texts(key, problems).unwrap_or_default(),
            "use" => word.replacements = value.texts(key, problems).unwrap_or_default(),
            "at" => {
                let start = |text: &str| (text == "sentence_start").then_some(At::SentenceStart);
                word.at = choice(value, key, &["sentence_start"], start, problems).unwrap_or_default();
            }
            "name_suffix" => {
                word.any = value.texts(key, problems).unwrap_or_default();
                word.at = At::NameSuffix;
            }
            other => problems.unknown(entry.place, "key of a word", other, &WORD_KEYS),
        }
    }
    if word.any.iter().all(|word| word.is_empty()) {
        let hint = "write `any: [...]` with the words, or `name_suffix: [...]`".to_owned();
        problems.add(node.place, "an entry of `words` names no word".to_owned(), Some(hint));
        return None;
    }
    Some(word)
}

fn require(node: &Node, problems: &mut Problems) -> Require {
    let mut require = Require::default();
    for entry in node.map("require", problems).unwrap_or_default() {
        let (key, value) = (entry.key.as_str(), &entry.value);
        match key {
            "any" => require.any = value.texts(key, problems).unwrap_or_default(),
            "within_sentences" => require.within_sentences = value.number(key, problems),
            "last_sentences" => require.last_sentences = value.number(key, problems),
            "when" => require.when = choice(value, key, &["our_fault", "given_photo_report_or_praise"], when, problems),
            "near" => require.near = near(value, problems),
            other => problems.unknown(entry.place, "key of `require`", other, &REQUIRE_KEYS),
        }
    }
    if require.any.is_empty() {
        problems.add(node.place, "`require` names nothing under `any`".to_owned(), None);
    }
    require
}

fn when(text: &str) -> Option<When> {
    match text {
        "our_fault" => Some(When::OurFault),
        "given_photo_report_or_praise" => Some(When::GivenPhotoReportOrPraise),
        _ => None,
    }
}

fn near(node: &Node, problems: &mut Problems) -> Vec<Near> {
    let mut near = Vec::new();
    for text in node.texts("near", problems).unwrap_or_default() {
        match text.as_str() {
            "request" => near.push(Near::Request),
            "refusal" => near.push(Near::Refusal),
            other => problems.unknown(node.place, "value of `near`", other, &["request", "refusal"]),
        }
    }
    near
}

fn limit(node: &Node, problems: &mut Problems) -> Limit {
    let mut limit = Limit::default();
    for entry in node.map("limit", problems).unwrap_or_default() {
        let (key, value) = (entry.key.as_str(), &entry.value);
        match key {
            "count" => limit.count = value.number(key, problems),
            "chars" => limit.chars = value.number(key, problems),
            "run" => limit.run = value.number(key, problems),
            "consecutive" => limit.consecutive = value.number(key, problems),
            other => problems.unknown(entry.place, "key of `limit`", other, &LIMIT_KEYS),
        }
    }
    limit
}
