//! The OpenAPI document: a snapshot, so that a change of the interface shows as a change, and promises about it.

use aizuchi::http::{openapi_json, problem_table};
use serde_json::Value;

fn document() -> Value {
    serde_json::from_str(&openapi_json().unwrap()).unwrap()
}

/// Every operation as method, path and its description.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let methods = ["get", "post", "put", "delete"];
    let all = paths.iter().flat_map(|(path, item)| {
        let of = move |method: &str| item.get(method).map(|operation| (method.to_owned(), path.clone(), operation));
        methods.into_iter().filter_map(of)
    });
    all.collect()
}

#[test]
fn the_interface_is_as_it_was() {
    insta::assert_json_snapshot!("openapi", document(), { ".info.version" => "[version]" });
}

#[test]
fn every_operation_is_documented_with_its_problems() {
    let document = document();
    let operations = operations(&document);
    assert!(operations.len() > 15, "{}", operations.len());
    for (method, path, operation) in operations {
        let name = format!("{method} {path}");
        assert!(operation["summary"].as_str().is_some_and(|words| !words.is_empty()), "{name}");
        assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{name}");
        if !path.starts_with("/v1") {
            continue;
        }
        let responses = operation["responses"].as_object().unwrap();
        for status in ["401", "403", "421", "429", "500", "503"] {
            let content = &responses[status]["content"]["application/problem+json"];
            assert_eq!(content["schema"]["$ref"], "#/components/schemas/Problem", "{name} {status}");
        }
        assert_eq!(responses.contains_key("404"), path != "/v1/workspaces", "{name}");
        for (status, response) in responses {
            assert!(response["description"].as_str().is_some_and(|words| !words.is_empty()), "{name} {status}");
        }
        if method == "post" {
            // A recheck makes nothing.
            let makes = !path.ends_with("/recheck");
            assert_eq!(responses.contains_key("201"), makes, "{name}");
            for status in ["400", "409", "413", "415", "422", "507"] {
                assert!(responses.contains_key(status), "{name} {status}");
            }
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let once = parameters.iter().any(|parameter| parameter["name"] == "Idempotency-Key");
            assert_eq!(once, makes && path != "/v1/keys", "{name}");
        }
    }
    assert_eq!(document["components"]["securitySchemes"]["key"]["scheme"], "bearer");
}

#[test]
fn every_reference_leads_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}

#[test]
fn every_code_of_the_table_that_an_operation_can_give_is_named_in_the_document() {
    let text = openapi_json().unwrap();
    // These two belong to paths and methods that no operation has.
    for (code, ..) in
        problem_table().iter().filter(|(code, ..)| !["route-not-found", "method-not-allowed"].contains(code))
    {
        assert!(text.contains(&format!("`{code}`")), "{code}");
    }
}
