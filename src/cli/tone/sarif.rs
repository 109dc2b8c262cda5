//! SARIF 2.1.0 (OASIS): results with fixes, waivers as suppressions, columns in code points.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::report::{Found, Region, Report};
use crate::domain::{Scope, Severity};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn of(reports: &[Report]) -> anyhow::Result<String> {
    // Rules come once, in the order of their ids, with the guide's clause.
    let all = || reports.iter().flat_map(|report| &report.found);
    let rules: BTreeMap<&str, &Found> = all().map(|found| (found.seen.rule.as_str(), found)).collect();
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(at, rule)| (*rule, at)).collect();
    let results: Vec<Value> = reports
        .iter()
        .flat_map(|report| report.found.iter().map(|found| result(report, found, index[found.seen.rule.as_str()])))
        .collect();
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "Aizuchi",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.into_iter().map(|(id, found)| rule(id, found)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn rule(id: &str, found: &Found) -> Value {
    json!({
        "id": id,
        "shortDescription": {"text": found.seen.clause},
        "defaultConfiguration": {"level": level(found.seen.severity)},
        "properties": {"category": found.seen.category.as_str()},
    })
}

fn result(report: &Report, found: &Found, rule_index: usize) -> Value {
    let artifact = json!({"uri": uri(&report.path)});
    let mut physical = json!({"artifactLocation": artifact});
    // What is about the whole text has no region.
    if found.seen.category.scope() == Scope::Span {
        physical["region"] = region(report.region(found));
    }
    let mut result = json!({
        "ruleId": found.seen.rule,
        "ruleIndex": rule_index,
        "level": level(found.seen.severity),
        "message": {"text": report.message(found)},
        "locations": [{"physicalLocation": physical}],
        "partialFingerprints": {"aizuchi/v1": found.fingerprint},
    });
    if let (Some(rewrite), Some(_)) = (&found.seen.rewrite, found.seen.span) {
        result["fixes"] = json!([{
            "description": {"text": report.message(found)},
            "artifactChanges": [{
                "artifactLocation": artifact,
                "replacements": [{"deletedRegion": region(report.region(found)), "insertedContent": {"text": rewrite}}],
            }],
        }]);
    }
    if let Some(reason) = &found.waived {
        result["suppressions"] = json!([{"kind": "external", "status": "accepted", "justification": reason}]);
    }
    result
}

fn region(region: Region) -> Value {
    json!({
        "startLine": region.start_line,
        "startColumn": region.start_column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// A path as a relative URI reference: what is no plain letter is percent-encoded, folders are parted by `/`.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{super::report::tests::report, *};

    #[test]
    fn a_result_has_its_place_its_fix_and_its_suppression() {
        let document: Value = serde_json::from_str(&of(&[report(Some("決まった"))]).unwrap()).unwrap();
        let run = &document["runs"][0];
        let (whole, words) = (&run["results"][0], &run["results"][1]);
        assert!(whole["locations"][0]["physicalLocation"]["region"].is_null());
        let place = &words["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "%E8%BF%94%E4%BF%A1/a%20b.txt");
        assert_eq!((&place["region"]["startColumn"], &place["region"]["endColumn"]), (&json!(6), &json!(10)));
        assert_eq!(words["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "見られます");
        assert_eq!(words["suppressions"][0]["justification"], "決まった");
        let rule = words["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], words["ruleId"]);
    }
}
