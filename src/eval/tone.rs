//! Labelled replies against the checker: which findings are right, which are missing, which are false alarms.
//!
//! Counted as the scorer of the field's sets counts: findings and labels of one category are paired one to one, the longest
//! overlap first; `accept` and `optional` make a finding no false alarm; what is about the whole reply pairs by its category.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use anyhow::Context as _;
use cpu_time::ProcessTime;
use serde::Deserialize;

use super::{bar::Bar, table};
use crate::{
    app::{Guides, Pair, read_situation},
    domain::{Category, Channel, NewFinding, Scope},
    wire::read_guides,
};

/// One line of a set.
#[derive(Debug, Deserialize)]
struct Labelled {
    id: String,
    brand: String,
    channel: Option<String>,
    /// What it is about, as a person reads it.
    situation: String,
    inquiry: String,
    reply: String,
    flags: Vec<Label>,
    #[serde(default)]
    optional: Vec<Label>,
    /// Why a clean reply is a hard negative.
    note: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Label {
    start: usize,
    end: usize,
    category: Category,
    #[serde(default)]
    accept: Vec<Category>,
}

impl Label {
    /// How many characters a finding shares with it; all of them where either is about the whole reply.
    fn shares(&self, found: &NewFinding) -> usize {
        match found.span {
            Some(span) if self.category.scope() == Scope::Span => {
                span.end.min(self.end).saturating_sub(span.start.max(self.start))
            }
            _ => usize::from(found.category == self.category || self.category.scope() == Scope::Reply) * usize::MAX,
        }
    }
}

/// Right findings, false ones, and labels without one.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Tally {
    right: usize,
    false_alarms: usize,
    missed: usize,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.false_alarms += other.false_alarms;
        self.missed += other.missed;
    }

    fn precision(self) -> f64 {
        share(self.right, self.right + self.false_alarms)
    }

    fn recall(self) -> f64 {
        share(self.right, self.right + self.missed)
    }

    fn f1(self) -> f64 {
        share(2 * self.right, 2 * self.right + self.false_alarms + self.missed)
    }
}

fn share(part: usize, all: usize) -> f64 {
    if all == 0 { 1.0 } else { part as f64 / all as f64 }
}

/// Checks every reply of `set`, the situation not told, and prints the figures. 1 where a floor of `bar.toml` beside the
/// set is not held.
pub(super) fn run(set: &Path, guides: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let guides = read_guides(guides)?;
    let text = fs::read_to_string(set).with_context(|| format!("{} cannot be read", set.display()))?;
    let mut by_category: BTreeMap<Category, Tally> = BTreeMap::new();
    let mut replies = Replies::default();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let place = || format!("{} line {}", set.display(), at + 1);
        let labelled: Labelled = serde_json::from_str(line).with_context(place)?;
        let found = findings(&guides, &labelled).with_context(place)?;
        let counted = count(&labelled, &found);
        replies.take(&labelled, &counted);
        for (category, tally) in counted {
            by_category.entry(category).or_default().add(tally);
        }
    }
    report(&by_category, &replies, &Bar::read(&set.with_file_name("bar.toml"))?)
}

/// Checks every reply of `set` so many times in one thread and prints what it cost: CPU of the process, time of the calls.
pub(super) fn bench(set: &Path, guides: &[PathBuf], times: usize) -> anyhow::Result<ExitCode> {
    let begun = Instant::now();
    let guides = read_guides(guides)?;
    let text = fs::read_to_string(set).with_context(|| format!("{} cannot be read", set.display()))?;
    let all: Vec<Labelled> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let first = all.first().with_context(|| format!("{} is empty", set.display()))?;
    findings(&guides, first)?;
    let first_ms = begun.elapsed().as_secs_f64() * 1e3;
    // Expressions are compiled when they are first needed: a server is warm.
    for labelled in &all {
        findings(&guides, labelled)?;
    }
    let (cpu, mut each) = (ProcessTime::try_now()?, Vec::new());
    for labelled in (0..times).flat_map(|_| &all) {
        let at = Instant::now();
        findings(&guides, labelled)?;
        each.push(at.elapsed().as_secs_f64() * 1e3);
    }
    let seconds = cpu.try_elapsed()?.as_secs_f64();
    each.sort_by(f64::total_cmp);
    let at = |share: f64| each[(share * (each.len() - 1) as f64) as usize];
    let figures = serde_json::json!({
        "tool": "aizuchi", "replies": each.len(), "replies_per_cpu_second": (each.len() as f64 / seconds).round(),
        "ms_p50": at(0.5), "ms_p99": at(0.99), "first_ms": first_ms.round(),
    });
    println!("{figures}");
    Ok(ExitCode::SUCCESS)
}

fn findings(guides: &Guides, labelled: &Labelled) -> anyhow::Result<Vec<NewFinding>> {
    let pair = Pair {
        brand: &labelled.brand,
        channel: labelled.channel.as_deref().and_then(Channel::parse),
        situation: None,
        inquiry: &labelled.inquiry,
        reply: &labelled.reply,
    };
    guides.check(&pair).with_context(|| format!("{}: no guide of the brand {:?}", labelled.id, labelled.brand))
}

/// The tally of one reply, category by category.
fn count(labelled: &Labelled, found: &[NewFinding]) -> BTreeMap<Category, Tally> {
    let mut tallies: BTreeMap<Category, Tally> = BTreeMap::new();
    let pairs = paired(labelled, found);
    for (at, label) in labelled.flags.iter().enumerate() {
        let tally = tallies.entry(label.category).or_default();
        if pairs.iter().any(|(paired, _)| *paired == at) { tally.right += 1 } else { tally.missed += 1 }
    }
    for (at, finding) in found.iter().enumerate() {
        let told = |label: &Label| label.category == finding.category && label.shares(finding) > 0;
        let accepted = |label: &Label| label.accept.contains(&finding.category) && label.shares(finding) > 0;
        let known = labelled.flags.iter().any(|label| told(label) || accepted(label));
        if !pairs.iter().any(|(_, paired)| *paired == at) && !known && !labelled.optional.iter().any(told) {
            tallies.entry(finding.category).or_default().false_alarms += 1;
        }
    }
    tallies
}

/// Labels with the finding that is theirs, one to one, the longest overlap first.
fn paired(labelled: &Labelled, found: &[NewFinding]) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize, usize)> = Vec::new();
    for (label, flag) in labelled.flags.iter().enumerate() {
        for (finding, seen) in found.iter().enumerate().filter(|(_, seen)| seen.category == flag.category) {
            all.push((flag.shares(seen), label, finding));
        }
    }
    all.sort_by_key(|(shares, label, finding)| (std::cmp::Reverse(*shares), *label, *finding));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (shares, label, finding) in all {
        if shares > 0 && !pairs.iter().any(|(l, f)| *l == label || *f == finding) {
            pairs.push((label, finding));
        }
    }
    pairs
}

/// Replies that should have no finding, and how many have one.
#[derive(Debug, Default)]
struct Replies {
    all: usize,
    situated: usize,
    clean: usize,
    alarmed: usize,
    hard: usize,
    hard_alarmed: usize,
}

impl Replies {
    fn take(&mut self, labelled: &Labelled, counted: &BTreeMap<Category, Tally>) {
        self.all += 1;
        self.situated += usize::from(read_situation(&labelled.inquiry).as_str() == labelled.situation);
        if !labelled.flags.is_empty() {
            return;
        }
        let alarmed = counted.values().any(|tally| tally.false_alarms > 0);
        self.clean += 1;
        self.alarmed += usize::from(alarmed);
        if labelled.note.is_some() {
            self.hard += 1;
            self.hard_alarmed += usize::from(alarmed);
        }
    }
}

fn report(by_category: &BTreeMap<Category, Tally>, replies: &Replies, bar: &Bar) -> anyhow::Result<ExitCode> {
    println!("{:<24}{:>6}{:>7}{:>7}{:>10}{:>8}{:>8}", "", "right", "false", "missed", "precision", "recall", "F1");
    let mut all = Tally::default();
    for (category, tally) in by_category {
        all.add(*tally);
        let Tally { right, false_alarms, missed } = tally;
        let (precision, recall, f1) = (tally.precision(), tally.recall(), tally.f1());
        println!(
            "{:<24}{right:>6}{false_alarms:>7}{missed:>7}{precision:>10.3}{recall:>8.3}{f1:>8.3}",
            category.as_str()
        );
    }
    let figures = vec![
        ("replies", replies.all as f64),
        ("situation_accuracy", share(replies.situated, replies.all)),
        ("precision", all.precision()),
        ("recall", all.recall()),
        ("micro_f1", all.f1()),
        ("clean_alarmed", share(replies.alarmed, replies.clean.max(1))),
        ("hard_alarmed", share(replies.hard_alarmed, replies.hard.max(1))),
    ];
    print!("{}", table::of(&[("all".to_owned(), figures.clone())], bar));
    println!("{}", serde_json::to_string(&figures.iter().copied().collect::<BTreeMap<_, _>>())?);
    let missed = bar.missed(&figures);
    missed.iter().for_each(|sentence| eprintln!("aizuchi: {sentence}"));
    Ok(if missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Severity, Span};

    fn found(category: Category, span: Option<(usize, usize)>) -> NewFinding {
        NewFinding {
            rule: category.as_str().to_owned(),
            category,
            span: span.map(|(start, end)| Span::new(start, end)),
            severity: Severity::Warning,
            clause: String::new(),
            message: String::new(),
            rewrite: None,
            one_click: false,
        }
    }

    fn labelled(flags: &str, optional: &str) -> Labelled {
        let line = format!(
            r#"{{"id":"a","brand":"b","situation":"other","inquiry":"","reply":"","flags":[{flags}],"optional":[{optional}]}}"#
        );
        serde_json::from_str(&line).unwrap()
    }

    #[test]
    fn a_finding_is_right_once_and_what_is_accepted_or_optional_is_no_false_alarm() {
        let set = labelled(
            r#"{"start":0,"end":4,"category":"ra_nuki","accept":["re_tasu"]},{"start":0,"end":9,"category":"missing_closing"}"#,
            r#"{"start":6,"end":8,"category":"ng_word"}"#,
        );
        let all = [
            found(Category::RaNuki, Some((2, 5))),
            found(Category::RaNuki, Some((3, 4))),
            found(Category::ReTasu, Some((0, 1))),
            found(Category::NgWord, Some((7, 9))),
            found(Category::NgWord, Some((0, 2))),
            found(Category::MissingClosing, None),
        ];
        let counted = count(&set, &all);
        assert_eq!(counted[&Category::RaNuki], Tally { right: 1, false_alarms: 0, missed: 0 });
        assert_eq!(counted[&Category::NgWord], Tally { right: 0, false_alarms: 1, missed: 0 });
        assert_eq!(counted[&Category::MissingClosing].right, 1);
        assert!(!counted.contains_key(&Category::ReTasu));
        assert_eq!(count(&set, &[])[&Category::RaNuki].missed, 1);
    }
}
