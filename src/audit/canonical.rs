//! One value, one text: JSON with sorted keys and no white space, so that whoever has the value can hash it.

use serde::Serialize;
use serde_json::Value;

/// The value as canonical JSON. Keys are sorted here and not left to the map, whose order is a build
/// feature that any dependency can switch.
pub fn canonical(value: &Value) -> String {
    let mut out = Vec::new();
    write(value, &mut out);
    String::from_utf8(out).expect("serde_json writes UTF-8")
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Array(items) => {
            out.push(b'[');
            for (place, item) in items.iter().enumerate() {
                comma(place, out);
                write(item, out);
            }
            out.push(b']');
        }
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by_key(|(key, _)| key.as_str());
            out.push(b'{');
            for (place, (key, item)) in sorted.into_iter().enumerate() {
                comma(place, out);
                scalar(key, out);
                out.push(b':');
                write(item, out);
            }
            out.push(b'}');
        }
        plain => scalar(plain, out),
    }
}

/// Null, booleans, numbers and texts are written in one way only.
fn scalar(value: &(impl Serialize + ?Sized), out: &mut Vec<u8>) {
    serde_json::to_writer(out, value).expect("a value of JSON can be written to memory");
}

fn comma(place: usize, out: &mut Vec<u8>) {
    if place > 0 {
        out.push(b',');
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
