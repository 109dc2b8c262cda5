//! Every rule against its lines in `tests/tone/`.

use std::{fs, path::PathBuf};

use super::all;
use crate::{
    domain::{Category, Guide, Situation},
    tone::{Checker, UnderCheck, parse},
};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tone")
}

fn guide(name: &str) -> Guide {
    let source = fs::read_to_string(folder().join(name)).unwrap();
    parse(name, &source, &|path| fs::read_to_string(folder().join(path)).ok())
        .unwrap_or_else(|errors| panic!("{errors}"))
}

/// One fixture file; its format is said at its top.
#[derive(Default)]
struct Fixture {
    guide: String,
    inquiry: String,
    situation: Option<Situation>,
    flags: Vec<String>,
    leaves_alone: Vec<String>,
}

impl Fixture {
    fn read(category: &str) -> Self {
        let path = folder().join(format!("{category}.md"));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let (mut fixture, mut section) = (Self::default(), "");
        for line in text.lines() {
            match (section, line.split_once(": ")) {
                (_, _) if line.starts_with("## ") => section = &line[3..],
                ("", Some(("guide", value))) => fixture.guide = value.to_owned(),
                ("", Some(("inquiry", value))) => fixture.inquiry = value.to_owned(),
                ("", Some(("situation", value))) => fixture.situation = Some(Situation::new(value)),
                ("flags", _) => fixture.flags.extend(line.strip_prefix("- ").map(str::to_owned)),
                ("leaves alone", _) => fixture.leaves_alone.extend(line.strip_prefix("- ").map(str::to_owned)),
                _ => {}
            }
        }
        fixture
    }
}

#[test]
fn every_rule_explains_itself_and_keeps_its_fixture() {
    let mut wrong = Vec::new();
    for rule in all() {
        let category = rule.category();
        assert!(rule.explain().len() > 20, "{} does not explain itself", category.as_str());
        let fixture = Fixture::read(category.as_str());
        let (flags, leaves) = (fixture.flags.len(), fixture.leaves_alone.len());
        assert!(flags >= 6 && leaves >= 6, "{}: {flags} + {leaves} lines", category.as_str());
        let checker = Checker::new(guide(&fixture.guide));
        let lines = fixture.flags.iter().map(|line| (line, true));
        for (line, wanted) in lines.chain(fixture.leaves_alone.iter().map(|line| (line, false))) {
            let (inquiry, reply) = line.split_once(" => ").unwrap_or((&fixture.inquiry, line));
            let reply = reply.replace('⏎', "\n");
            let under = UnderCheck { inquiry, reply: &reply, channel: None, situation: fixture.situation.as_ref() };
            let found = checker.check(&under);
            if found.iter().any(|finding| finding.category == category) != wanted {
                wrong.push(format!("{}: {} {reply:?}", category.as_str(), if wanted { "misses" } else { "flags" }));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_category_has_one_rule_at_most() {
    let categories: Vec<_> = all().map(|rule| rule.category()).collect();
    let mut unique = categories.clone();
    unique.dedup();
    assert_eq!(categories, unique);
    assert!(categories.len() == Category::ALL.len());
}
