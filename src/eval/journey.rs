//! `eval journey`: every query of a collection goes the whole way, and its draft is read for citations.

use std::{collections::BTreeMap, path::Path, time::Instant};

use serde_json::json;

use super::{
    bench::Bench,
    collection::Collection,
    metrics::{Ranking, percentile, rounded},
    retrieval::documents,
};
use crate::domain::{Channel, InquiryText, NewInquiry, Principal, Severity, Suggestion, Verdict};

#[derive(Default)]
struct Tally {
    asked: usize,
    first: usize,
    within_two: usize,
    outcomes: BTreeMap<&'static str, usize>,
    unsupported: usize,
    contradicted: usize,
    errors: usize,
    chars: usize,
}

pub(super) async fn run(folder: &Path, limit: Option<usize>) -> anyhow::Result<()> {
    let collection = Collection::read(folder)?;
    let (bench, workspace) = Bench::collection(&collection).await?;
    let (mut tally, mut ranking, mut times) = (Tally::default(), Ranking::default(), Vec::new());
    let started = Instant::now();
    for (id, text) in collection.queries.iter().take(limit.unwrap_or(usize::MAX)) {
        let Some(relevant) = collection.relevant.get(id) else { continue };
        let new = NewInquiry {
            workspace: workspace.clone(),
            channel: Channel::Email,
            text: InquiryText::parse(text)?,
            conversation: None,
            customer: None,
            order: None,
            records: Vec::new(),
        };
        let one = Instant::now();
        let suggestion = bench.app.suggest(&Principal::system(), new, None, None).await?;
        times.push(one.elapsed().as_secs_f64() * 1e3);
        let ranked: Vec<String> = documents(&suggestion.evidence).into_iter().map(|(key, _)| key).collect();
        ranking.add(&ranked, relevant);
        tally.add(&suggestion, relevant);
    }
    times.sort_unstable_by(f64::total_cmp);
    let share = |count: usize| rounded(count as f64 / tally.asked.max(1) as f64);
    let figures = json!({
        "inquiries": tally.asked, "ndcg@10": rounded(ranking.ndcg()),
        "first_citation_right": share(tally.first), "right_within_two_citations": share(tally.within_two),
        "outcomes": tally.outcomes, "unsupported": tally.unsupported, "contradicted": tally.contradicted,
        "error_findings": tally.errors, "draft_chars_mean": rounded(tally.chars as f64 / tally.asked.max(1) as f64),
        "seconds": rounded(started.elapsed().as_secs_f64()),
        "suggestion_ms_p50": rounded(percentile(&times, 0.5)), "suggestion_ms_p99": rounded(percentile(&times, 0.99)),
    });
    println!("{figures}");
    Ok(())
}

impl Tally {
    fn add(&mut self, suggestion: &Suggestion, relevant: &BTreeMap<String, u32>) {
        self.asked += 1;
        *self.outcomes.entry(suggestion.outcome.as_str()).or_default() += 1;
        let checks = &suggestion.checks;
        self.unsupported += checks.grounding.count(Verdict::Unsupported);
        self.contradicted += checks.grounding.count(Verdict::Contradicted);
        self.errors += checks.findings.iter().filter(|finding| finding.seen.severity == Severity::Error).count();
        self.chars += suggestion.draft.as_ref().map_or(0, |draft| draft.text.chars().count());
        let cited = cited(suggestion);
        let right = |key: &&String| relevant.contains_key(*key);
        self.first += usize::from(cited.first().is_some_and(|key| right(&key)));
        self.within_two += usize::from(cited.iter().take(2).any(|key| right(&key)));
    }
}

/// Keys of the cited documents in the order of the letter, each once.
fn cited(suggestion: &Suggestion) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for citation in suggestion.checks.citations() {
        let Some(item) = suggestion.evidence.items.get(citation.evidence) else { continue };
        if !keys.contains(&item.key) {
            keys.push(item.key.clone());
        }
    }
    keys
}
