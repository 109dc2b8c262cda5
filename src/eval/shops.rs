//! `eval`: every labelled inquiry goes the whole way through the sample shops, and what came is compared with
//! its label.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    process::ExitCode,
    time::Instant,
};

use clap::Args;
use unicode_normalization::UnicodeNormalization as _;

use super::{
    bar::Bar,
    bench::Bench,
    labels::{Labelled, Set},
    metrics::{Ranking, percentile, rounded},
    retrieval::documents,
    table,
};
use crate::domain::{EvidenceItem, Outcome, Principal, Severity, Suggestion, Timestamp, Verdict};

/// The day on which the labels are true.
const NOW: &str = "2026-11-23T10:00:00+09:00";

/// What to score, and where its floors stand.
#[derive(Args)]
pub struct Shops {
    /// Folder with inquiries/ and bar.toml
    #[arg(long, default_value = "eval", value_name = "DIR")]
    sets: PathBuf,
    /// Score the part that is set aside: once for a release of a room, never while tuning
    #[arg(long)]
    aside: bool,
    /// Say of every inquiry that missed its label what came instead
    #[arg(long)]
    misses: bool,
}

/// Figures of one shop or of all.
#[derive(Debug, Default)]
pub(super) struct Score {
    inquiries: usize,
    situations: usize,
    outcomes: usize,
    ranking: Ranking,
    questions: usize,
    cited: usize,
    intents: usize,
    said: usize,
    unsupported: usize,
    contradicted: usize,
    errors: usize,
    findings: usize,
    letters: usize,
    chars: usize,
    times: Vec<f64>,
}

impl Shops {
    /// Prints a table whose last line is JSON; fails where a floor is not held.
    pub async fn run(&self, knowledge: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        let folder = self.sets.join(if self.aside { "inquiries/aside" } else { "inquiries" });
        let (sets, bar) = (Set::read_all(&folder)?, Bar::read(&self.sets.join("bar.toml"))?);
        let bench = Bench::samples(Timestamp::parse(NOW)?, knowledge).await?;
        let (mut scores, mut all) = (Vec::new(), Score::default());
        for set in &sets {
            let mut score = Score::default();
            for labelled in &set.inquiries {
                let started = Instant::now();
                let suggestion =
                    bench.app.suggest(&Principal::local(), labelled.asked(&set.workspace)?, None, None).await?;
                let time = started.elapsed().as_secs_f64() * 1e3;
                score.add(labelled, &suggestion, time);
                all.add(labelled, &suggestion, time);
                if self.misses {
                    let about = format!("{} ({} {})", labelled.id, labelled.form, labelled.traits.join(" "));
                    misses(labelled, &suggestion).iter().for_each(|miss| println!("{about}: {miss}"));
                }
            }
            scores.push((set.workspace.to_string(), score.figures()));
        }
        let figures = all.figures();
        scores.push(("all".to_owned(), figures.clone()));
        let below = bar.missed(&figures);
        print!("{}", table::of(&scores, &bar));
        println!("{}", serde_json::to_string(&figures.iter().copied().collect::<BTreeMap<_, _>>())?);
        below.iter().for_each(|miss| eprintln!("aizuchi: {miss}"));
        Ok(if below.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

impl Score {
    fn add(&mut self, labelled: &Labelled, suggestion: &Suggestion, time: f64) {
        self.inquiries += 1;
        self.times.push(time);
        self.situations += usize::from(suggestion.inquiry.situations.primary.as_str() == labelled.situation);
        self.outcomes += usize::from(is_led_right(labelled, suggestion));
        if !labelled.relevant.is_empty() {
            self.ranking.add(&ranked(suggestion), &labelled.relevant);
        }
        self.questions += labelled.must_cite.len();
        self.cited += labelled.must_cite.len() - uncited(labelled, suggestion).len();
        self.intents += labelled.must_cite.iter().filter(|group| is_intent(suggestion, group)).count();
        self.said += said(labelled, suggestion).len();
        let Some(draft) = &suggestion.draft else { return };
        self.letters += 1;
        self.chars += draft.text.chars().count();
        let checks = &suggestion.checks;
        self.unsupported += checks.grounding.count(Verdict::Unsupported);
        self.contradicted += checks.grounding.count(Verdict::Contradicted);
        self.findings += checks.findings.len();
        self.errors += checks.findings.iter().filter(|finding| finding.seen.severity == Severity::Error).count();
    }

    /// Each figure with its name, in the order of the table.
    fn figures(mut self) -> Vec<(&'static str, f64)> {
        self.times.sort_unstable_by(f64::total_cmp);
        let share = |part: usize, whole: usize| rounded(part as f64 / whole.max(1) as f64);
        vec![
            ("inquiries", self.inquiries as f64),
            ("situation_accuracy", share(self.situations, self.inquiries)),
            ("outcome_accuracy", share(self.outcomes, self.inquiries)),
            ("ndcg@10", rounded(self.ranking.ndcg())),
            ("recall@5", rounded(self.ranking.recall_at_5())),
            ("mrr@10", rounded(self.ranking.mrr())),
            ("must_cite", share(self.cited, self.questions)),
            ("intent_recall@3", share(self.intents, self.questions)),
            ("must_not_say", self.said as f64),
            ("unsupported", self.unsupported as f64),
            ("contradicted", self.contradicted as f64),
            ("error_findings", self.errors as f64),
            ("findings", self.findings as f64),
            ("draft_chars_mean", rounded(self.chars as f64 / self.letters.max(1) as f64)),
            ("suggestion_ms_p50", rounded(percentile(&self.times, 0.5))),
            ("suggestion_ms_p99", rounded(percentile(&self.times, 0.99))),
        ]
    }
}

/// Whether it led where the label says, for the reason that the label says.
fn is_led_right(labelled: &Labelled, suggestion: &Suggestion) -> bool {
    suggestion.outcome.as_str() == labelled.outcome && reason(suggestion) == labelled.reason.as_deref()
}

fn reason(suggestion: &Suggestion) -> Option<&'static str> {
    match &suggestion.outcome {
        Outcome::Handoff { reason, .. } => Some(reason.as_str()),
        _ => None,
    }
}

/// Documents as the operator sees them, best first; a record is no document.
fn ranked(suggestion: &Suggestion) -> Vec<String> {
    let documents = documents(&suggestion.evidence).into_iter().map(|(key, _)| key);
    let records: BTreeSet<&str> = suggestion.inquiry.records.iter().map(|record| record.name.as_str()).collect();
    documents.filter(|key| !records.contains(key.as_str())).collect()
}

/// The questions of which no document is cited.
fn uncited<'a>(labelled: &'a Labelled, suggestion: &Suggestion) -> Vec<&'a Vec<String>> {
    let item = |at: usize| suggestion.evidence.items.get(at).map(|item: &EvidenceItem| item.key.as_str());
    let cited: BTreeSet<&str> =
        suggestion.checks.citations().iter().filter_map(|citation| item(citation.evidence)).collect();
    labelled.must_cite.iter().filter(|group| !group.iter().any(|key| cited.contains(key.as_str()))).collect()
}

/// Whether one of the things that were taken for asked has a document of the group as its evidence.
fn is_intent(suggestion: &Suggestion, group: &[String]) -> bool {
    let items = &suggestion.evidence.items;
    suggestion.evidence.intents.iter().flat_map(|intent| &intent.items).any(|at| group.contains(&items[*at].key))
}

/// Forbidden words that the draft holds, however they are spaced or written wide.
fn said<'a>(labelled: &'a Labelled, suggestion: &Suggestion) -> Vec<&'a str> {
    let plain = |text: &str| -> String { text.nfkc().filter(|c| !c.is_whitespace() && *c != ',').collect() };
    let draft = suggestion.draft.as_ref().map(|draft| plain(&draft.text)).unwrap_or_default();
    let forbidden = labelled.must_not_say.iter().map(String::as_str);
    forbidden.filter(|words| stands_in(&draft, &plain(words))).collect()
}

/// A figure is only said where it stands whole: 「14日」 is not in 「114日」.
fn stands_in(draft: &str, words: &str) -> bool {
    let whole = |at: usize| {
        let before = draft[..at].chars().next_back().is_some_and(|c| c.is_ascii_digit());
        !(before && words.starts_with(|c: char| c.is_ascii_digit()))
    };
    !words.is_empty() && draft.match_indices(words).any(|(at, _)| whole(at))
}

/// What was missed, for people.
fn misses(labelled: &Labelled, suggestion: &Suggestion) -> Vec<String> {
    let mut misses = Vec::new();
    let found = ranked(suggestion);
    let best = suggestion.evidence.items.iter().map(|item| item.score).filter(|score| *score < 1.0).fold(0.0, f64::max);
    if !is_led_right(labelled, suggestion) {
        let wanted = labelled.reason.as_deref().unwrap_or(&labelled.outcome);
        let got = reason(suggestion).unwrap_or(suggestion.outcome.as_str());
        misses.push(format!("outcome {got} ({best:.3}), not {wanted}"));
    }
    for group in uncited(labelled, suggestion) {
        let place = found.iter().position(|key| group.contains(key)).map_or("-".to_owned(), |at| (at + 1).to_string());
        misses.push(format!("does not cite {} (rank {place})", group.join(" or ")));
    }
    misses.extend(said(labelled, suggestion).into_iter().map(|words| format!("says {words}")));
    let situation = suggestion.inquiry.situations.primary.as_str();
    if situation != labelled.situation {
        misses.push(format!("situation {situation}, not {}", labelled.situation));
    }
    let Some(draft) = &suggestion.draft else { return misses };
    for finding in &suggestion.checks.findings {
        misses.push(format!(
            "{} {} {}",
            finding.seen.severity.as_str(),
            finding.seen.rule,
            finding.seen.span.map_or("", |span| span.of(&draft.text))
        ));
    }
    for sentence in &suggestion.checks.grounding.verdicts {
        if matches!(sentence.verdict, Verdict::Unsupported | Verdict::Contradicted) {
            misses.push(format!("{} {}", sentence.verdict.as_str(), sentence.span.of(&draft.text)));
        }
    }
    misses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_said_only_where_it_stands_whole() {
        assert!(stands_in("到着から14日以内", "14日"));
        assert!(!stands_in("114日", "14日"));
        assert!(!stands_in("何もない", ""));
        assert!(stands_in("114日または14日", "14日"));
    }
}
