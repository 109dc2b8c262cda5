//! Labelled drafts against the checker: which sentence got the verdict that is right, and which passages it names.
//!
//! Counted as the scorer of the field's sets counts: each labelled sentence is met by the one of ours that shares most
//! characters with it; one that none meets counts as `not_a_claim`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::Path,
    process::ExitCode,
    time::Instant,
};

use anyhow::Context as _;
use serde::Deserialize;

use super::{bar::Bar, table};
use crate::{
    app::{features_loose, ground_loose, is_policy},
    domain::{Grounding, Timestamp, Verdict},
};

/// Contradictions of these kinds are compared as numbers or letter by letter.
const TYPED: [&str; 5] = ["amount", "date", "duration", "phone", "url"];

/// One line of a set.
#[derive(Debug, Deserialize)]
struct Labelled {
    id: String,
    passages: Vec<Passage>,
    #[serde(default)]
    inquiry: String,
    draft: String,
    now: Option<String>,
    sentences: Vec<Label>,
}

impl Labelled {
    fn now(&self) -> anyhow::Result<Option<Timestamp>> {
        let now = self.now.as_deref().map(Timestamp::parse).transpose();
        now.with_context(|| format!("{}: `now` is no time", self.id))
    }
}

#[derive(Debug, Deserialize)]
struct Passage {
    id: String,
    text: String,
}

#[derive(Debug, Deserialize)]
struct Label {
    start: usize,
    end: usize,
    text: String,
    label: Verdict,
    cites: BTreeSet<String>,
    /// What a contradiction is about.
    kind: Option<String>,
}

impl Label {
    /// How many characters it has in common with a stretch of the draft.
    fn shares(&self, start: usize, end: usize) -> usize {
        end.min(self.end).saturating_sub(start.max(self.start))
    }
}

/// What the checker said of a labelled sentence.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    verdict: Verdict,
    cites: BTreeSet<String>,
}

/// Sentences by what they are and what was said of them, and what was cited.
#[derive(Debug, Default)]
struct Tally {
    drafts: usize,
    pairs: BTreeMap<(&'static str, &'static str), usize>,
    kinds: BTreeMap<String, (usize, usize)>,
    held_back: usize,
    let_out: usize,
    binding: usize,
    cited_right: usize,
    cited: usize,
    to_cite: usize,
}

impl Tally {
    fn take(&mut self, label: &Label, said: &Said) {
        *self.pairs.entry((label.label.as_str(), said.verdict.as_str())).or_default() += 1;
        if label.label == Verdict::Contradicted {
            let (found, all) = self.kinds.entry(label.kind.clone().unwrap_or_default()).or_default();
            *found += usize::from(said.verdict == Verdict::Contradicted);
            *all += 1;
        }
        self.take_gate(label, said.verdict);
        if matches!(label.label, Verdict::Supported | Verdict::Contradicted) {
            self.cited_right += label.cites.intersection(&said.cites).count();
            self.cited += said.cites.len();
            self.to_cite += label.cites.len();
        }
    }

    /// What a nod would send and what it would not.
    fn take_gate(&mut self, label: &Label, said: Verdict) {
        let binds = is_policy(&label.text);
        match label.label {
            Verdict::Supported => {
                self.held_back += usize::from(said == Verdict::Contradicted || said == Verdict::Unsupported && binds);
            }
            Verdict::Contradicted | Verdict::Unsupported if binds => {
                self.let_out += usize::from(matches!(said, Verdict::Supported | Verdict::NotAClaim));
                self.binding += 1;
            }
            _ => {}
        }
    }

    /// How many of the sentences that are one of `are` were said to be one of `said`.
    fn count(&self, are: &[Verdict], said: &[Verdict]) -> usize {
        let named = |of: &[Verdict], word: &str| of.iter().any(|verdict| verdict.as_str() == word);
        self.pairs.iter().filter(|((a, s), _)| named(are, a) && named(said, s)).map(|(_, n)| n).sum()
    }

    fn f1(&self, verdict: Verdict) -> f64 {
        let right = self.count(&[verdict], &[verdict]);
        share(2 * right, self.count(&[verdict], &ALL) + self.count(&ALL, &[verdict]))
    }

    fn figures(&self) -> Vec<(&'static str, f64)> {
        use Verdict::{Contradicted, NotAClaim, Supported, Unsupported};
        let of = |is: Verdict, said: &[Verdict]| share(self.count(&[is], said), self.count(&[is], &ALL));
        let typed = self.kinds.iter().filter(|(kind, _)| TYPED.contains(&kind.as_str()));
        let (found, all) = typed.fold((0, 0), |(found, all), (_, (f, a))| (found + f, all + a));
        let right: usize = ALL.iter().map(|verdict| self.count(&[*verdict], &[*verdict])).sum();
        vec![
            ("drafts", self.drafts as f64),
            ("sentences", self.count(&ALL, &ALL) as f64),
            ("accuracy", share(right, self.count(&ALL, &ALL))),
            (
                "claim_macro_f1",
                [Supported, Contradicted, Unsupported].map(|verdict| self.f1(verdict)).iter().sum::<f64>() / 3.0,
            ),
            ("contradicted_recall", of(Contradicted, &[Contradicted])),
            ("contradicted_passed", of(Contradicted, &[Supported])),
            ("typed_recall", share(found, all)),
            ("supported_alarmed", of(Supported, &[Contradicted, Unsupported])),
            ("supported_held_back", share(self.held_back, self.count(&[Supported], &ALL))),
            ("policy_let_out", share(self.let_out, self.binding)),
            ("supported_unread", of(Supported, &[NotAClaim])),
            ("citation_f1", share(2 * self.cited_right, self.cited + self.to_cite)),
        ]
    }
}

const ALL: [Verdict; 4] = [Verdict::Supported, Verdict::Contradicted, Verdict::Unsupported, Verdict::NotAClaim];

fn share(part: usize, all: usize) -> f64 {
    if all == 0 { 1.0 } else { part as f64 / all as f64 }
}

/// Checks every draft of `set` and prints the figures, with `misses` also each sentence that got another verdict. 1 where
/// a floor of `bar.toml` beside the set is not held.
pub(super) fn run(set: &Path, misses: bool) -> anyhow::Result<ExitCode> {
    let mut tally = Tally::default();
    for labelled in read(set)? {
        let grounding = ground(&labelled)?;
        tally.drafts += 1;
        for label in &labelled.sentences {
            let said = said_of(label, &labelled.passages, &grounding);
            tally.take(label, &said);
            if misses && said.verdict != label.label {
                let kind = label.kind.as_deref().unwrap_or_default();
                let (id, is, said_as, cites) = (&labelled.id, label.label.as_str(), said.verdict.as_str(), &said.cites);
                println!("{id} {is} {kind} said {said_as} {cites:?}: {}", label.text);
            }
        }
    }
    report(&tally, &Bar::read(&set.with_file_name("bar.toml"))?)
}

/// Checks every draft of `set` so many times and prints how long one takes: wall time, one thread, the texts known as a
/// server knows a shop's passages.
pub(super) fn bench(set: &Path, times: usize) -> anyhow::Result<ExitCode> {
    let all = read(set)?;
    all.iter().try_for_each(|labelled| ground(labelled).map(drop))?;
    let mut each = Vec::with_capacity(times * all.len());
    for labelled in (0..times).flat_map(|_| &all) {
        let at = Instant::now();
        ground(labelled)?;
        each.push(at.elapsed().as_secs_f64() * 1e3);
    }
    each.sort_by(f64::total_cmp);
    let at = |share: f64| each.get((share * each.len().saturating_sub(1) as f64) as usize).copied().unwrap_or_default();
    let figures =
        serde_json::json!({ "drafts": each.len(), "ms_p50": at(0.5), "ms_p95": at(0.95), "ms_p99": at(0.99) });
    println!("{figures}");
    Ok(ExitCode::SUCCESS)
}

/// Writes what the trees are asked with, a labelled sentence a line: id, label, and the numbers by their names. Sentences
/// that the rules settle by themselves are left out.
pub(super) fn features(set: &Path, out: &Path) -> anyhow::Result<ExitCode> {
    let mut file = BufWriter::new(File::create(out).with_context(|| format!("{} cannot be written", out.display()))?);
    for (at, labelled) in read(set)?.iter().enumerate() {
        let texts: Vec<&str> = labelled.passages.iter().map(|passage| passage.text.as_str()).collect();
        let (names, rows) = features_loose(&texts, &labelled.inquiry, &labelled.draft, labelled.now()?);
        if at == 0 {
            writeln!(file, "id\tlabel\t{}", names.join("\t"))?;
        }
        for label in &labelled.sentences {
            let met = rows.iter().max_by_key(|(span, _)| label.shares(span.start, span.end));
            let Some((_, numbers)) = met.filter(|(_, numbers)| !numbers.is_empty()) else { continue };
            let numbers: Vec<String> = numbers.iter().map(f64::to_string).collect();
            writeln!(file, "{}\t{}\t{}", labelled.id, label.label.as_str(), numbers.join("\t"))?;
        }
    }
    file.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn read(set: &Path) -> anyhow::Result<Vec<Labelled>> {
    let text = fs::read_to_string(set).with_context(|| format!("{} cannot be read", set.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let place = |at: usize| move || format!("{} line {}", set.display(), at + 1);
    lines.map(|(at, line)| serde_json::from_str(line).with_context(place(at))).collect()
}

fn ground(labelled: &Labelled) -> anyhow::Result<Grounding> {
    let now = labelled.now()?;
    let texts: Vec<&str> = labelled.passages.iter().map(|passage| passage.text.as_str()).collect();
    Ok(ground_loose(&texts, &labelled.inquiry, &labelled.draft, now).1)
}

fn said_of(label: &Label, passages: &[Passage], grounding: &Grounding) -> Said {
    let alarming = |verdict: Verdict| matches!(verdict, Verdict::Contradicted | Verdict::Unsupported);
    let near = grounding.verdicts.iter().filter(|said| label.shares(said.span.start, said.span.end) > 0);
    // Of two that share as much, the one that alarms: nobody may hide a fault by cutting a sentence in halves.
    let met = near.max_by_key(|said| (label.shares(said.span.start, said.span.end), alarming(said.verdict)));
    let Some(met) = met else { return Said { verdict: Verdict::NotAClaim, cites: BTreeSet::new() } };
    let cites = met.citations.iter().map(|at| passages[grounding.citations[*at].evidence].id.clone()).collect();
    Said { verdict: met.verdict, cites }
}

fn report(tally: &Tally, bar: &Bar) -> anyhow::Result<ExitCode> {
    println!("{:<16}{:>13}{:>14}{:>13}{:>13}", "is \\ said", "supported", "contradicted", "unsupported", "not_a_claim");
    for is in ALL {
        let counts = ALL.map(|said| tally.count(&[is], &[said]));
        println!("{:<16}{:>13}{:>14}{:>13}{:>13}", is.as_str(), counts[0], counts[1], counts[2], counts[3]);
    }
    let kinds = tally.kinds.iter().map(|(kind, (found, all))| format!("{kind} {found}/{all}"));
    println!("contradictions found: {}", kinds.collect::<Vec<_>>().join(", "));
    let figures = tally.figures();
    print!("{}", table::of(&[("all".to_owned(), figures.clone())], bar));
    println!("{}", serde_json::to_string(&figures.iter().copied().collect::<BTreeMap<_, _>>())?);
    let missed = bar.missed(&figures);
    missed.iter().for_each(|sentence| eprintln!("aizuchi: {sentence}"));
    Ok(if missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{SentenceVerdict, Span};

    fn label(start: usize, end: usize, label: Verdict) -> Label {
        Label { start, end, text: String::new(), label, cites: ["P1".to_owned()].into(), kind: None }
    }

    fn said(start: usize, end: usize, verdict: Verdict) -> SentenceVerdict {
        SentenceVerdict { span: Span::new(start, end), verdict, weak: false, by_model: false, citations: Vec::new() }
    }

    #[test]
    fn a_sentence_is_met_by_the_one_that_shares_most_and_alarms() {
        let verdicts =
            vec![said(0, 4, Verdict::Supported), said(4, 8, Verdict::Unsupported), said(8, 20, Verdict::Supported)];
        let grounding = Grounding { verdicts, citations: Vec::new() };
        let met = |start, end| said_of(&label(start, end, Verdict::Supported), &[], &grounding).verdict;
        assert_eq!(met(0, 8), Verdict::Unsupported, "of two halves the one that alarms");
        assert_eq!(met(3, 20), Verdict::Supported);
        assert_eq!(met(20, 30), Verdict::NotAClaim, "nothing meets it");
    }

    #[test]
    fn figures_count_what_is_right_missed_and_cited() {
        let mut tally = Tally::default();
        let cited =
            |verdict, cites: &[&str]| Said { verdict, cites: cites.iter().map(|id| (*id).to_owned()).collect() };
        tally.take(&label(0, 1, Verdict::Supported), &cited(Verdict::Supported, &["P1"]));
        tally.take(&label(0, 1, Verdict::Supported), &cited(Verdict::Unsupported, &[]));
        tally.take(&label(0, 1, Verdict::Contradicted), &cited(Verdict::Supported, &["P2"]));
        let figures: BTreeMap<_, _> = tally.figures().into_iter().collect();
        assert_eq!((figures["contradicted_passed"], figures["contradicted_recall"]), (1.0, 0.0));
        assert_eq!(figures["supported_alarmed"], 0.5);
        assert_eq!(figures["citation_f1"], 0.4, "one right of two cited and three to cite");
        assert!((figures["claim_macro_f1"] - 0.5 / 3.0).abs() < 1e-9);
    }
}
