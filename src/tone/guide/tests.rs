//! Guides as their owners write them, right and wrong.

use super::*;
use crate::domain::{At, Category, Limit, Near, Severity, Situation, When};

const COMMON: &str = "version: 2
rules:
  too_casual: {clause: くだけない。, words: [めっちゃ, ちゃんと], except: [赤ちゃんと], bad: [めっちゃ早いです。], good: [とても早いです。]}
  ra_nuki: 「ら」を抜かない。
";
const BRAND: &str = "extends: common.yaml
version: 2
brand: {id: kotori, name: ことり書房, channels: [email], formulas: {opening: [こんにちは。], clarify: {date: いつですか。}, empathy: お察しします。}}
rules:
  too_casual: {words: [{any: [\"なので、\"], at: sentence_start, use: \"\"}, 100, {name_suffix: [さん], use: [様, さま]}], severity: warning, bad: [], good: []}
  missing_cushion: {clause: 一言。, require: {any: [あいにく], near: [request, refusal]}}
  missing_apology: {clause: 詫びる。, require: {any: [申し訳], within_sentences: 4, when: our_fault}}
  exclamation: {clause: 1つ。, limit: {count: 1, consecutive: 1}, forbid_in: [damaged], off: true}
terms: [ことり書房]
";

fn read(source: &str) -> Result<Guide, GuideErrors> {
    parse("brands/guide.yaml", source, &|path| (path == "common.yaml").then(|| COMMON.to_owned()))
}

fn errors(source: &str) -> Vec<String> {
    read(source).unwrap_err().0.iter().map(GuideError::to_string).collect()
}

#[test]
fn a_brand_replaces_the_common_rule_key_by_key_and_lists_whole() {
    let guide = read(BRAND).unwrap();
    let casual = &guide.rules[&Category::TooCasual];
    assert_eq!(casual.clause, "くだけない。");
    assert_eq!(casual.except, ["赤ちゃんと"]);
    assert_eq!(casual.severity, Some(Severity::Warning));
    let words: Vec<_> =
        casual.words.iter().map(|word| (word.any[0].as_str(), word.at, word.replacements.len())).collect();
    assert_eq!(words, [("なので、", At::SentenceStart, 1), ("100", At::Anywhere, 0), ("さん", At::NameSuffix, 2)]);
    assert!(casual.bad.is_empty());
}

#[test]
fn a_bare_text_is_a_clause_and_every_key_finds_its_place() {
    let guide = read(BRAND).unwrap();
    assert_eq!(guide.rules[&Category::RaNuki].clause, "「ら」を抜かない。");
    let cushion = guide.rules[&Category::MissingCushion].require.clone().unwrap();
    assert_eq!(cushion.near, [Near::Request, Near::Refusal]);
    assert_eq!(guide.rules[&Category::MissingApology].require.as_ref().unwrap().when, Some(When::OurFault));
    let marks = &guide.rules[&Category::Exclamation];
    assert_eq!(marks.limit, Some(Limit { count: Some(1), consecutive: Some(1), ..Limit::default() }));
    assert_eq!((marks.off, marks.forbid_in.as_slice()), (true, [Situation::new("damaged")].as_slice()));
    assert_eq!(guide.brand.formulas.clarify["date"], "いつですか。");
    assert_eq!(guide.brand.formulas.empathy.as_deref(), Some("お察しします。"));
}

#[test]
fn every_slip_is_reported_with_its_place_and_what_was_meant() {
    let found = errors(
        "version: 2\nbrand: {id: k, name: 鳥, channels: [fax]}\nrules:\n  to_casual: くだけない。\n  ra_nuki:\n    clause: ら。\n    word: [見れる]\n    severity: eror\n    limit: {count: 多い}\n",
    );
    let wanted = [
        ("brands/guide.yaml:2:", "unknown channel \"fax\""),
        ("brands/guide.yaml:4:3:", "did you mean \"too_casual\"?"),
        ("brands/guide.yaml:7:5:", "did you mean \"words\"?"),
        ("brands/guide.yaml:8:15:", "did you mean \"error\"?"),
        ("brands/guide.yaml:9:", "\"多い\""),
    ];
    assert_eq!(found.len(), wanted.len(), "{found:#?}");
    for (message, (place, meant)) in found.iter().zip(wanted) {
        assert!(message.starts_with(place) && message.contains(meant), "{message}");
    }
}

#[test]
fn what_is_missing_is_named() {
    let found = errors("brand: {id: k}\nrules: {ra_nuki: {words: [{use: [x]}]}}\n").join("\n");
    for part in ["`version` is missing", "`brand` has no `name`", "names no word", "`ra_nuki` has no `clause`"] {
        assert!(found.contains(part), "{part} in {found}");
    }
}

#[test]
fn broken_yaml_and_a_missing_base_are_told_by_line() {
    let broken = errors("version: 2\nbrand: [\n");
    assert!(broken.len() == 1 && broken[0].contains("not valid YAML"), "{broken:?}");
    let found = errors("version: 2\nextends: nowhere.yaml\nbrand: {id: k, name: n}\n");
    assert!(found[0].starts_with("brands/guide.yaml:2:10: ") && found[0].contains("nowhere.yaml"), "{found:?}");
    let circle =
        parse("a.yaml", "version: 2\nextends: a.yaml\n", &|_| Some("version: 2\nextends: a.yaml\n".to_owned()));
    assert!(circle.unwrap_err().to_string().contains("circle"));
}

#[test]
fn a_rule_is_held_to_its_own_examples() {
    let source = "version: 2\nbrand: {id: k, name: n}\nrules:\n  ra_nuki: {clause: ら。, bad: [見れます。, 見られます。], good: [着れます。, 着られます。]}\n";
    let failures = check_examples(&read(source).unwrap());
    let found: Vec<_> = failures.iter().map(|failure| (failure.example.as_str(), failure.flagged)).collect();
    assert_eq!(found, [("見られます。", false), ("着れます。", true)]);
}
