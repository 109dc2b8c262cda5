//! `eval retrieval`: the ranking that a new workspace gives, with its cost.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
    time::Instant,
};

use serde_json::json;

use super::{
    bench::Bench,
    collection::Collection,
    metrics::{DEPTH, Ranking, percentile, rounded},
};
use crate::{
    app::LookedFor,
    domain::{Evidence, Principal},
};

/// More than [`DEPTH`] passages are asked for, since a long document is several passages.
const PASSAGES: usize = 40;

pub(super) async fn run(folder: &Path, out: &Path) -> anyhow::Result<()> {
    let collection = Collection::read(folder)?;
    let started = Instant::now();
    let (bench, workspace) = Bench::collection(&collection).await?;
    let index_seconds = started.elapsed().as_secs_f64();
    let mut written = BufWriter::new(File::create(out)?);
    let (mut ranking, mut times) = (Ranking::default(), Vec::new());
    for (id, text) in &collection.queries {
        let started = Instant::now();
        let evidence =
            bench.app.search(&Principal::system(), &LookedFor { workspace: &workspace, text, limit: PASSAGES }).await?;
        times.push(started.elapsed().as_secs_f64() * 1e6);
        let ranked = documents(&evidence);
        for (place, (key, score)) in ranked.iter().take(DEPTH).enumerate() {
            writeln!(written, "{id} Q0 {key} {} {score:.6} aizuchi", place + 1)?;
        }
        if let Some(relevant) = collection.relevant.get(id) {
            let keys: Vec<String> = ranked.into_iter().map(|(key, _)| key).collect();
            ranking.add(&keys, relevant);
        }
    }
    written.flush()?;
    times.sort_unstable_by(f64::total_cmp);
    let figures = json!({
        "ndcg@10": rounded(ranking.ndcg()), "mrr@10": rounded(ranking.mrr()),
        "recall@10": rounded(ranking.recall()), "hit@1": rounded(ranking.hit()),
        "queries": ranking.queries, "index_seconds": rounded(index_seconds),
        "query_us_p50": percentile(&times, 0.5).round(), "query_us_p99": percentile(&times, 0.99).round(),
    });
    println!("{figures}");
    Ok(())
}

/// Documents by their best passage.
pub(super) fn documents(evidence: &Evidence) -> Vec<(String, f64)> {
    let mut ranked: Vec<(String, f64)> = Vec::new();
    for item in &evidence.items {
        if ranked.iter().all(|(key, _)| *key != item.key) {
            ranked.push((item.key.clone(), item.score));
        }
    }
    ranked
}
