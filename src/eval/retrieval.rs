//! `eval retrieval`: the ranking that a new workspace gives, with its cost.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
    time::Instant,
};

use cpu_time::ThreadTime;
use serde_json::json;

use super::{
    bench::Bench,
    collection::Collection,
    metrics::{DEPTH, Ranking, percentile, rounded},
};
use crate::{
    app::{LookedFor, When},
    domain::{Evidence, Principal, WorkspaceId},
};

/// Enough for [`DEPTH`] documents: of one document a search shows two passages at most.
const PASSAGES: usize = 2 * DEPTH;

pub(super) async fn run(folder: &Path, out: &Path) -> anyhow::Result<()> {
    let collection = Collection::read(folder)?;
    let started = Instant::now();
    let (bench, workspace) = Bench::collection(&collection).await?;
    let index_seconds = started.elapsed().as_secs_f64();
    let mut written = BufWriter::new(File::create(out)?);
    let mut ranking = Ranking::default();
    for (id, text) in &collection.queries {
        let ranked = documents(&search(&bench, &workspace, text).await?);
        for (place, (key, score)) in ranked.iter().take(DEPTH).enumerate() {
            writeln!(written, "{id} Q0 {key} {} {score:.6} aizuchi", place + 1)?;
        }
        if let Some(relevant) = collection.relevant.get(id) {
            let keys: Vec<String> = ranked.into_iter().map(|(key, _)| key).collect();
            ranking.add(&keys, relevant);
        }
    }
    written.flush()?;
    let (times, cpu) = times(&bench, &workspace, &collection).await?;
    let figures = json!({
        "ndcg@10": rounded(ranking.ndcg()), "mrr@10": rounded(ranking.mrr()),
        "recall@10": rounded(ranking.recall()), "hit@1": rounded(ranking.hit()),
        "queries": ranking.queries, "index_seconds": rounded(index_seconds),
        "query_us_p50": percentile(&times, 0.5).round(), "query_us_p99": percentile(&times, 0.99).round(),
        "query_cpu_us_p50": percentile(&cpu, 0.5).round(), "query_cpu_us_p99": percentile(&cpu, 0.99).round(),
    });
    println!("{figures}");
    Ok(())
}

async fn search(bench: &Bench, workspace: &WorkspaceId, text: &str) -> anyhow::Result<Evidence> {
    let looked_for = LookedFor { workspace, text, limit: PASSAGES, when: When::default() };
    Ok(bench.app.search(&Principal::system(), &looked_for).await?)
}

/// How long each query takes once all of them were asked before, in microseconds of the clock and of this thread, sorted.
async fn times(
    bench: &Bench,
    workspace: &WorkspaceId,
    collection: &Collection,
) -> anyhow::Result<(Vec<f64>, Vec<f64>)> {
    let (mut times, mut cpu) = (Vec::new(), Vec::new());
    for (_, text) in &collection.queries {
        let (started, worked) = (Instant::now(), ThreadTime::now());
        search(bench, workspace, text).await?;
        cpu.push(worked.elapsed().as_secs_f64() * 1e6);
        times.push(started.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_unstable_by(f64::total_cmp);
    cpu.sort_unstable_by(f64::total_cmp);
    Ok((times, cpu))
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
