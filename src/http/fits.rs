//! Whether a JSON value has the shape that the OpenAPI document promises. The document's own schema is asked, so
//! the door and the document cannot drift. Shape only: what words mean is for the types in `domain/`.

use serde_json::{Map, Value};
use utoipa::{ToSchema, openapi};

use super::problem::FieldError;

/// At most so many complaints in one answer.
const MAX_ERRORS: usize = 20;
/// A name that the caller chose is shown up to here.
const NAME_CHARS: usize = 40;

/// The shape of a type, with the shapes it is made of.
pub struct Shape {
    root: Value,
    parts: Map<String, Value>,
}

impl Shape {
    /// As the OpenAPI document has it.
    pub fn of<T: ToSchema>() -> Self {
        let mut parts = Vec::new();
        T::schemas(&mut parts);
        let plain = |schema: openapi::RefOr<openapi::Schema>| serde_json::to_value(schema).unwrap_or_default();
        Self {
            root: plain(T::schema()),
            parts: parts.into_iter().map(|(name, schema)| (name, plain(schema))).collect(),
        }
    }

    /// Everything that does not fit, in the order of the schema.
    pub fn misfits(&self, value: &Value) -> Vec<FieldError> {
        let mut errors = Vec::new();
        self.compare(&self.root, value, "", &mut errors);
        errors.truncate(MAX_ERRORS);
        errors
    }

    /// The declared type of a field, e.g. `integer`.
    pub fn kind_of(&self, field: &str) -> Option<&str> {
        types(&self.root["properties"][field]).into_iter().find(|kind| *kind != "null")
    }

    fn compare(&self, schema: &Value, value: &Value, pointer: &str, errors: &mut Vec<FieldError>) {
        if errors.len() >= MAX_ERRORS {
            return;
        }
        let mut complain = |detail: String| errors.push(FieldError { pointer: pointer.to_owned(), detail });
        if let Some(name) = schema["$ref"].as_str() {
            let part = name.rsplit('/').next().and_then(|name| self.parts.get(name));
            return part.into_iter().for_each(|part| self.compare(part, value, pointer, errors));
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            // utoipa writes an optional struct or word as "null, or that".
            let other = choices.iter().find(|choice| choice["type"] != "null");
            if !value.is_null() {
                other.into_iter().for_each(|other| self.compare(other, value, pointer, errors));
            }
            return;
        }
        let allowed = types(schema);
        if !allowed.is_empty() && !allowed.iter().any(|kind| is(value, kind)) {
            let wanted: Vec<&str> = allowed.iter().filter(|kind| **kind != "null").map(|kind| article(kind)).collect();
            return complain(format!("expected {}, found {}", wanted.join(" or "), found(value)));
        }
        if let (Some(words), false) = (schema["enum"].as_array(), value.is_null())
            && !words.contains(value)
        {
            let words: Vec<String> = words.iter().filter_map(Value::as_str).map(|word| format!("`{word}`")).collect();
            return complain(format!("expected one of {}", words.join(", ")));
        }
        match value {
            Value::Number(number) => {
                let number = number.as_f64().unwrap_or(f64::NAN);
                let least = schema["minimum"].as_f64().filter(|least| number < *least);
                let most = schema["maximum"].as_f64().filter(|most| number > *most);
                if let Some(bound) = least {
                    complain(format!("expected at least {bound}"));
                } else if let Some(bound) = most {
                    complain(format!("expected at most {bound}"));
                }
            }
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.compare(&schema["items"], item, &format!("{pointer}/{at}"), errors);
                }
            }
            Value::Object(fields) => self.fields(schema, fields, pointer, errors),
            _ => {}
        }
    }

    fn fields(&self, schema: &Value, fields: &Map<String, Value>, pointer: &str, errors: &mut Vec<FieldError>) {
        let none = Map::new();
        let known = schema["properties"].as_object().unwrap_or(&none);
        for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(required) {
                errors.push(FieldError { pointer: pointer.to_owned(), detail: format!("`{required}` is missing") });
            }
        }
        for (name, value) in fields {
            match known.get(name) {
                Some(schema) => self.compare(schema, value, &format!("{pointer}/{name}"), errors),
                None => errors.push(FieldError { pointer: pointer.to_owned(), detail: unknown(name, known) }),
            }
        }
    }
}

fn unknown(name: &str, known: &Map<String, Value>) -> String {
    let shown: String = name.chars().filter(|c| !c.is_control()).take(NAME_CHARS).collect();
    let known: Vec<String> = known.keys().map(|name| format!("`{name}`")).collect();
    format!("unknown field `{shown}`; known are {}", known.join(", "))
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

fn article(kind: &str) -> &str {
    match kind {
        "string" => "a string",
        "boolean" => "true or false",
        "integer" => "a whole number",
        "number" => "a number",
        "array" => "an array",
        "object" => "an object",
        other => other,
    }
}

fn found(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_f64() => "a number with a fraction",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Inner {
        name: String,
    }

    #[derive(Deserialize, ToSchema)]
    #[serde(rename_all = "snake_case")]
    #[allow(dead_code)]
    enum Word {
        One,
        Two,
    }

    #[derive(Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Outer {
        text: String,
        word: Option<Word>,
        #[schema(minimum = 1, maximum = 5)]
        rating: Option<u8>,
        #[serde(default)]
        inner: Vec<Inner>,
    }

    fn misfits(value: Value) -> Vec<(String, String)> {
        let errors = Shape::of::<Outer>().misfits(&value);
        errors.into_iter().map(|error| (error.pointer, error.detail)).collect()
    }

    #[test]
    fn what_fits_passes() {
        for value in [
            json!({"text": "a"}),
            json!({"text": "a", "word": "two", "rating": 5, "inner": [{"name": "n"}]}),
            json!({"text": "a", "word": null, "rating": null}),
        ] {
            assert_eq!(misfits(value.clone()), [], "{value}");
            assert!(serde_json::from_value::<Outer>(value).is_ok());
        }
    }

    #[test]
    fn what_does_not_fit_is_named_by_its_place_and_never_repeated() {
        for (value, pointer, part) in [
            (json!([]), "", "expected an object"),
            (json!({}), "", "`text` is missing"),
            (json!({"text": 1}), "/text", "found a number"),
            (json!({"text": null}), "/text", "found null"),
            (json!({"text": "a", "wrod": 1}), "", "unknown field `wrod`; known are"),
            (json!({"text": "a", "word": "山田"}), "/word", "expected one of `one`, `two`"),
            (json!({"text": "a", "word": 3}), "/word", "expected a string"),
            (json!({"text": "a", "rating": 6}), "/rating", "at most 5"),
            (json!({"text": "a", "rating": 0}), "/rating", "at least 1"),
            (json!({"text": "a", "rating": 2.5}), "/rating", "a number with a fraction"),
            (json!({"text": "a", "inner": [{"name": "n"}, {"name": "山田", "x": 1}]}), "/inner/1", "unknown field"),
            (json!({"text": "a", "inner": ["山田"]}), "/inner/0", "expected an object"),
        ] {
            let errors = misfits(value.clone());
            assert!(serde_json::from_value::<Outer>(value.clone()).is_err() || part.contains("at "), "{value}");
            assert!(errors.iter().any(|error| error.0 == pointer && error.1.contains(part)), "{value}: {errors:?}");
            assert!(errors.iter().all(|error| !error.1.contains("山田")), "{errors:?}");
        }
    }
}
