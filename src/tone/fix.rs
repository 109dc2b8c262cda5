//! Fixes that one click may make: another form of the same word, a word of the guide's in the place of one it does not use,
//! a mark or an emoji less. What a sentence says stays, and so do its numbers, addresses and names.

use std::ops::Range;

use crate::domain::{Category, NewFinding};

/// Whether a rewrite says the same as the words it replaces, so that nobody has to read it first.
pub(super) fn keeps_meaning(category: Category, words: &str, rewrite: &str) -> bool {
    let figures = |text: &str| text.chars().filter(|c| c.is_numeric()).collect::<String>();
    let form = matches!(category, Category::DoubleKeigo | Category::SaIre | Category::RaNuki | Category::ReTasu);
    let mark = matches!(category, Category::Exclamation | Category::EmojiKaomoji);
    let word = matches!(
        category,
        Category::NgWord
            | Category::BrandTerm
            | Category::SelfNaming
            | Category::CustomerNaming
            | Category::InternalJargon
            | Category::TooCasual
    );
    // A word that is only to go would leave a hole in its sentence.
    (form || mark || word && !rewrite.is_empty()) && figures(words) == figures(rewrite) && !rewrite.contains("://")
}

/// Whether what stands on both sides would become one number or name if the words between went.
pub(super) fn joins(text: &str, range: &Range<usize>) -> bool {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    latin(text[..range.start].chars().next_back()) && latin(text[range.end..].chars().next())
}

/// The text with every one-click fix made, the last first, so that places stay right. Of fixes that touch each other the
/// first alone is made; the check that follows names the other again.
pub fn apply(text: &str, findings: &[NewFinding]) -> String {
    let mut fixes: Vec<(usize, usize, &str)> = Vec::new();
    for found in findings.iter().filter(|found| found.one_click) {
        let (Some(span), Some(rewrite)) = (found.span, found.rewrite.as_deref()) else { continue };
        if fixes.iter().all(|(start, end, _)| span.end <= *start || *end <= span.start) {
            fixes.push((span.start, span.end, rewrite));
        }
    }
    fixes.sort_by_key(|(start, ..)| *start);
    let mut chars: Vec<char> = text.chars().collect();
    for (start, end, rewrite) in fixes.into_iter().rev() {
        chars.splice(start..end, rewrite.chars());
    }
    chars.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs, path::PathBuf};

    use proptest::prelude::*;

    use super::*;
    use crate::tone::{Checker, UnderCheck, parse};

    fn checker(brand: &str) -> Checker {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("knowledge").join(brand).join("guide.yaml");
        let load = |base: &str| fs::read_to_string(path.parent().unwrap().join(base)).ok();
        let source = fs::read_to_string(&path).unwrap();
        Checker::new(parse("guide.yaml", &source, &load).unwrap_or_else(|errors| panic!("{errors}")))
    }

    fn check(checker: &Checker, inquiry: &str, reply: &str) -> Vec<NewFinding> {
        checker.check(&UnderCheck { inquiry, reply, channel: None, situation: None })
    }

    /// Numbers, addresses and the guide's own names, each as often as it stands there.
    fn facts(checker: &Checker, text: &str) -> BTreeMap<String, usize> {
        let pattern = regex::Regex::new(r"https?://[!-~]+|[0-9０-９][0-9０-９,./:-]*").unwrap();
        let mut facts: BTreeMap<String, usize> = BTreeMap::new();
        for found in pattern.find_iter(text) {
            *facts.entry(found.as_str().to_owned()).or_default() += 1;
        }
        for term in &checker.guide().terms {
            // A fix may write the brand's own name where a wrong one stood, and takes none away.
            *facts.entry(term.clone()).or_default() += text.matches(term.as_str()).count();
        }
        facts
    }

    fn holds(before: &BTreeMap<String, usize>, after: &BTreeMap<String, usize>, terms: &[String]) -> bool {
        let same = |(fact, times): (&String, &usize)| {
            let now = after.get(fact).copied().unwrap_or_default();
            if terms.contains(fact) { now >= *times } else { now == *times }
        };
        before.iter().all(same) && after.keys().all(|fact| before.contains_key(fact))
    }

    #[test]
    fn after_all_fixes_nothing_is_found_that_was_not_found_before_and_facts_are_untouched() {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("eval/tone/open.jsonl");
        let checkers = [checker("officelink"), checker("hanauta")];
        let mut fixed = 0;
        for line in fs::read_to_string(path).unwrap().lines() {
            let item: serde_json::Value = serde_json::from_str(line).unwrap();
            let checker = &checkers[usize::from(item["brand"] == "hanauta")];
            let (inquiry, reply) = (item["inquiry"].as_str().unwrap(), item["reply"].as_str().unwrap());
            let before = check(checker, inquiry, reply);
            let mended = apply(reply, &before);
            let after = check(checker, inquiry, &mended);
            let count = |all: &[NewFinding], category: Category| all.iter().filter(|f| f.category == category).count();
            for found in &after {
                let (now, then) = (count(&after, found.category), count(&before, found.category));
                assert!(now <= then, "{}: {} in {mended}", item["id"], found.rule);
            }
            let (own, now) = (facts(checker, reply), facts(checker, &mended));
            assert!(holds(&own, &now, &checker.guide().terms), "{}: {own:?} {now:?}", item["id"]);
            fixed += before.iter().filter(|found| found.one_click).count();
        }
        assert!(fixed > 100, "{fixed} fixes are too few to say anything");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever stands around a departure, a fix touches no number, no address and no name.
        #[test]
        fn a_fix_touches_no_fact(parts in proptest::collection::vec(prop_oneof![
            Just("画面から見れます。"), Just("了解しました！"), Just("2026年12月1日(火)までに、"), Just("¥1,234と３点を"),
            Just("https://shop.example/a?b=1!! "), Just("リンクポイントと"), Just("当社の"), Just("お客さまが"), Just("送らさせていただきます。"),
            Just("ご覧になられましたか。"), Just("クレーム"), Just("\n"), Just("🌸"), Just("03-0000-1234"), Just("No.1"),
        ], 0..12)) {
            let (checker, reply) = (checker("officelink"), parts.concat());
            let found = check(&checker, "", &reply);
            let mended = apply(&reply, &found);
            prop_assert!(holds(&facts(&checker, &reply), &facts(&checker, &mended), &checker.guide().terms), "{reply:?} {mended:?}");
        }
    }
}
