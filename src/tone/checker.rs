//! A guide made ready to check with: every word list and every setting compiled once.

use super::{
    reading::Reading,
    rules::{self, Setting, ToneRule},
};
use crate::domain::{Category, Channel, Guide, NewFinding, Situation};

/// What is checked: a reply and the inquiry that it answers.
#[derive(Debug, Clone, Copy)]
pub struct UnderCheck<'a> {
    /// The customer's words.
    pub inquiry: &'a str,
    /// Our words.
    pub reply: &'a str,
    /// Where the reply goes, if known.
    pub channel: Option<Channel>,
    /// What the inquiry is about, if the caller knows; else it is read from the inquiry.
    pub situation: Option<&'a Situation>,
}

/// A compiled guide. The same input gives the same findings, byte by byte.
pub struct Checker {
    guide: Guide,
    rules: Vec<(&'static dyn ToneRule, Setting)>,
}

impl Checker {
    /// Compiles a guide. Categories that the guide does not name, or stops, are not checked.
    pub fn new(guide: Guide) -> Self {
        let set = |rule: &'static dyn ToneRule| {
            let settings = guide.rules.get(&rule.category()).filter(|settings| !settings.off)?;
            Some((rule, Setting::new(rule, settings, &guide)))
        };
        let rules = rules::all().filter_map(set).collect();
        Self { guide, rules }
    }

    /// The guide that it checks with.
    pub fn guide(&self) -> &Guide {
        &self.guide
    }

    /// Whether a category is checked.
    pub fn checks(&self, category: Category) -> bool {
        self.rules.iter().any(|(rule, _)| rule.category() == category)
    }

    /// What the guide says of a category that it checks.
    pub fn setting(&self, category: Category) -> Option<&Setting> {
        self.rules.iter().find(|(rule, _)| rule.category() == category).map(|(_, setting)| setting)
    }

    /// What departs from the guide, by place, then by category; what is about the whole reply comes first.
    pub fn check(&self, under: &UnderCheck<'_>) -> Vec<NewFinding> {
        let reading = Reading::of(under.inquiry, under.reply, under.channel, under.situation);
        let mut found = Vec::new();
        for (rule, setting) in &self.rules {
            rule.check(&reading, setting, &mut found);
        }
        found.sort_by(|a, b| (a.span, a.category, &a.rule).cmp(&(b.span, b.category, &b.rule)));
        found.dedup_by(|a, b| a.span.is_some() && a.span == b.span && a.category == b.category);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::Severity, tone::parse};

    const GUIDE: &str = "version: 2
brand: {id: k, name: ことり書房}
rules:
  ng_word: {clause: 使わない。, words: [{any: [解約], use: [停止]}, {any: [了解しました], use: [承りました]}, {any: [了解], use: []}]}
  ra_nuki: {clause: ら。, severity: error}
  missing_closing: 結ぶ。
  exclamation: {clause: 感嘆符。, limit: {count: 1}, forbid_in: [damaged]}
  sa_ire: {clause: さ。, off: true}
";

    fn check(reply: &str, situation: Option<&str>) -> Vec<NewFinding> {
        let checker = Checker::new(parse("k.yaml", GUIDE, &|_| None).unwrap());
        let situation = situation.map(Situation::new);
        checker.check(&UnderCheck { inquiry: "", reply, channel: None, situation: situation.as_ref() })
    }

    #[test]
    fn findings_come_by_place_and_point_at_what_was_really_written() {
        let reply = "🌸𠮷田様\r\n了解しました。ｶｲﾔｸではなく解約の画面は、マイページから見れます。送らさせてください。";
        let found = check(reply, None);
        let seen: Vec<_> =
            found.iter().map(|f| (f.rule.as_str(), f.span.map(|s| s.of(reply)), f.rewrite.as_deref())).collect();
        let wanted = [
            ("missing_closing", None, None),
            ("ng_word:了解しました", Some("了解しました"), Some("承りました")),
            ("ng_word:解約", Some("解約"), Some("停止")),
            ("ra_nuki", Some("見れます"), Some("見られます")),
        ];
        assert_eq!(seen, wanted);
        assert_eq!(found[3].severity, Severity::Error);
    }

    #[test]
    fn the_situation_that_the_caller_knows_decides_what_is_forbidden() {
        let marks = |situation| check("交換します！", situation).iter().filter(|f| f.rule == "exclamation").count();
        assert_eq!((marks(Some("damaged")), marks(Some("praise"))), (1, 0));
    }

    #[test]
    fn the_same_reply_gives_the_same_bytes() {
        let once = || serde_json::to_string(&check("了解しました！！解約は見れます。", None)).unwrap();
        assert_eq!(once(), once());
    }

    #[test]
    fn an_empty_reply_and_a_reply_of_quotations_break_nothing() {
        assert_eq!(check("", None).len(), 1);
        assert!(check("> 解約は見れます！！", None).iter().all(|found| found.rule == "missing_closing"));
    }
}
