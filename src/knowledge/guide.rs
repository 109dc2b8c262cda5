//! The clauses of the tone guide as a document, so that they can be found and cited like any other.

use crate::domain::{Audience, Guide, Kind, NewRevision, Validity};

/// The key of the one document that a guide makes.
pub const GUIDE_KEY: &str = "guide";

/// One line per rule that is in force: `category: clause`, in the guide's order.
pub fn clauses(guide: &Guide, source: &str) -> NewRevision {
    let in_force = guide.rules.iter().filter(|(_, rule)| !rule.off && !rule.clause.trim().is_empty());
    let lines = in_force.map(|(category, rule)| {
        let clause: Vec<_> = rule.clause.split_whitespace().collect();
        format!("{}: {}", category.as_str(), clause.join(" "))
    });
    NewRevision {
        key: GUIDE_KEY.to_owned(),
        kind: Kind::Guide,
        title: format!("{}のトーンガイド", guide.brand.name),
        url: None,
        audience: Audience::Internal,
        validity: Validity::default(),
        body: lines.collect::<Vec<_>>().join("\n"),
        note: None,
        past_reply: None,
        source: Some(source.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::{Brand, Category, Formulas, RuleSettings};

    #[test]
    fn each_rule_in_force_is_a_line_in_the_guides_order() {
        let rule = |clause: &str, off| RuleSettings { clause: clause.to_owned(), off, ..RuleSettings::default() };
        let brand = Brand {
            id: "aozora".to_owned(),
            name: "青空文具".to_owned(),
            business: String::new(),
            channels: Vec::new(),
            voice: String::new(),
            formulas: Formulas::default(),
        };
        let rules = BTreeMap::from([
            (Category::NgWord, rule("「解約」と\n書かない。", false)),
            (Category::PlainForm, rule("敬体で書く。", false)),
            (Category::Exclamation, rule("「！」は2つまで。", true)),
            (Category::RaNuki, rule(" ", false)),
        ]);
        let guide = Guide { brand, formal_ok: Vec::new(), terms: Vec::new(), rules };
        let document = clauses(&guide, "guide.yaml");
        assert_eq!(document.body, "plain_form: 敬体で書く。\nng_word: 「解約」と 書かない。");
        assert_eq!((document.title.as_str(), document.audience), ("青空文具のトーンガイド", Audience::Internal));
        assert_eq!((document.key.as_str(), document.source.as_deref()), (GUIDE_KEY, Some("guide.yaml")));
    }
}
