//! YAML as a tree in which every key and value knows where it stands. What the keys mean is not known here.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use super::errors::Problems;

/// Where something stands in a file: line and column from 1, or 0 for the whole file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    pub(super) line: u64,
    pub(super) column: u64,
}

impl Place {
    fn of(location: Location) -> Self {
        Self { line: location.line(), column: location.column() }
    }
}

/// A value and its place.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) value: Value,
}

#[derive(Debug)]
pub(super) enum Value {
    Null,
    /// Text, number or truth value, as text: `100` in a list of words is a word.
    Scalar(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) place: Place,
    pub(super) value: Node,
}

impl Node {
    /// The tree of a file, or `None` after reporting why it is not YAML.
    pub(super) fn read(source: &str, problems: &mut Problems) -> Option<Self> {
        match serde_saphyr::from_str::<Node>(source) {
            Ok(node) => Some(node),
            Err(error) => {
                let place = error.location().map(Place::of).unwrap_or_default();
                let said = error.without_snippet().to_string();
                let said = said.lines().next().unwrap_or_default().to_owned();
                problems.add(place, format!("this is not valid YAML: {said}"), None);
                None
            }
        }
    }

    /// What kind of value it is, for a message.
    pub(super) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Scalar(_) => "a single value",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }

    /// A text, or a report.
    pub(super) fn text(&self, what: &str, problems: &mut Problems) -> Option<String> {
        match &self.value {
            Value::Scalar(text) => Some(text.clone()),
            _ => self.wrong(what, "a text", problems),
        }
    }

    /// A list of texts; one text stands for a list of one.
    pub(super) fn texts(&self, what: &str, problems: &mut Problems) -> Option<Vec<String>> {
        match &self.value {
            Value::Scalar(text) => Some(vec![text.clone()]),
            Value::List(items) => items.iter().map(|item| item.text(what, problems)).collect(),
            _ => self.wrong(what, "a list of texts", problems),
        }
    }

    /// Its entries, or a report.
    pub(super) fn map(&self, what: &str, problems: &mut Problems) -> Option<&[Entry]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            _ => self.wrong(what, "a map (`key: value`)", problems),
        }
    }

    /// A number from 0.
    pub(super) fn number(&self, what: &str, problems: &mut Problems) -> Option<usize> {
        match &self.value {
            Value::Scalar(text) if text.parse::<usize>().is_ok() => text.parse().ok(),
            _ => self.wrong(what, "a whole number from 0", problems),
        }
    }

    /// `true` or `false`.
    pub(super) fn truth(&self, what: &str, problems: &mut Problems) -> Option<bool> {
        match &self.value {
            Value::Scalar(text) if text == "true" => Some(true),
            Value::Scalar(text) if text == "false" => Some(false),
            _ => self.wrong(what, "true or false", problems),
        }
    }

    /// Reports that something else was expected.
    pub(super) fn wrong<T>(&self, what: &str, expected: &str, problems: &mut Problems) -> Option<T> {
        let found = match &self.value {
            Value::Scalar(text) => format!("\"{text}\""),
            _ => self.kind().to_owned(),
        };
        problems.add(self.place, format!("`{what}` has to be {expected}, found {found}"), None);
        None
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Value>::deserialize(deserializer)?;
        Ok(Self { place: Place::of(spanned.referenced), value: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a list or a map")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Scalar(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Scalar(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Scalar(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Scalar(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Scalar(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element::<Node>()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Vec::new();
        while let Some((key, value)) = entries.next_entry::<Spanned<String>, Node>()? {
            map.push(Entry { place: Place::of(key.referenced), key: key.value, value });
        }
        Ok(Value::Map(map))
    }
}
