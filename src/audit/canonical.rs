//! One value, one text: JSON with sorted keys and no white space, so that whoever has the value can hash it.

use serde_json::Value;

/// The value as canonical JSON. Keys are sorted here and not left to the map, whose order is a build
/// feature that any dependency can switch.
pub fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                comma(place, out);
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by_key(|(key, _)| key.as_str());
            out.push('{');
            for (place, (key, item)) in sorted.into_iter().enumerate() {
                comma(place, out);
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(item, out);
            }
            out.push('}');
        }
        // `Value` writes null, booleans, numbers and texts in one way only.
        plain => out.push_str(&plain.to_string()),
    }
}

fn comma(place: usize, out: &mut String) {
    if place > 0 {
        out.push(',');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_of_one_value_become_the_same_bytes() {
        let loose = r#" { "z" : [ 1, {"b": null, "a": "\u3042\n\""} ], "a": true } "#;
        let tight = canonical(&serde_json::from_str(loose).unwrap());
        assert_eq!(tight, r#"{"a":true,"z":[1,{"a":"あ\n\"","b":null}]}"#);
        assert_eq!(canonical(&serde_json::from_str(&tight).unwrap()), tight);
    }
}
