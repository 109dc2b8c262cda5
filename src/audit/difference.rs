//! Where two records differ, place by place.

use serde_json::Value;

/// A place where a record and its replay differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where: a JSON pointer (RFC 6901).
    pub pointer: String,
    /// What was recorded; `None` where there was nothing.
    pub then: Option<Value>,
    /// What comes of it now; `None` where there is nothing.
    pub now: Option<Value>,
}

/// All differences, in the order of the keys. Lists are compared place by place.
pub fn differences(then: &Value, now: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(String::new(), Some(then), Some(now), &mut found);
    found
}

fn compare(pointer: String, then: Option<&Value>, now: Option<&Value>, found: &mut Vec<Difference>) {
    match (then, now) {
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let added = after.keys().filter(|key| !before.contains_key(*key));
            for key in before.keys().chain(added) {
                let escaped = key.replace('~', "~0").replace('/', "~1");
                compare(format!("{pointer}/{escaped}"), before.get(key), after.get(key), found);
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) => {
            for place in 0..before.len().max(after.len()) {
                compare(format!("{pointer}/{place}"), before.get(place), after.get(place), found);
            }
        }
        (then, now) if then == now => {}
        (then, now) => found.push(Difference { pointer, then: then.cloned(), now: now.cloned() }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_place_that_differs_is_named_and_no_other() {
        let then = json!({"a": [1, {"b/c": "x"}], "gone": null, "same": [0.1]});
        let now = json!({"a": [1, {"b/c": "y"}, 3], "same": [0.1], "new": true});
        let found: Vec<_> = differences(&then, &now).into_iter().map(|one| (one.pointer, one.then, one.now)).collect();
        let expected = [
            ("/a/1/b~1c", Some(json!("x")), Some(json!("y"))),
            ("/a/2", None, Some(json!(3))),
            ("/gone", Some(json!(null)), None),
            ("/new", None, Some(json!(true))),
        ];
        assert_eq!(found, expected.map(|(pointer, then, now)| (pointer.to_owned(), then, now)));
        assert_eq!(differences(&then, &then), []);
    }
}
