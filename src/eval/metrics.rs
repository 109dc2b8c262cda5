//! Measures of a ranking, as TREC defines them, with exponential gain as in Burges et al. 2005.

use std::collections::BTreeMap;

/// Depth of every measure.
pub const DEPTH: usize = 10;
/// What a reader looks at.
const SHOWN: usize = 5;

/// Sums over queries; divide by `queries`.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Ranking {
    /// Queries with at least one relevant document.
    pub queries: usize,
    ndcg: f64,
    mrr: f64,
    recall: f64,
    recall_at_5: f64,
    hit: f64,
}

impl Ranking {
    /// Adds one query's ranking, best first, without doubles.
    pub fn add(&mut self, ranked: &[String], relevant: &BTreeMap<String, u32>) {
        let top = &ranked[..ranked.len().min(DEPTH)];
        let gain = |relevance: u32| f64::from(2u32.saturating_pow(relevance) - 1);
        let discount = |place: usize| (place as f64 + 2.0).log2();
        let gained = |(place, id): (usize, &String)| gain(relevant.get(id).copied().unwrap_or(0)) / discount(place);
        let dcg: f64 = top.iter().enumerate().map(gained).sum();
        let mut best: Vec<u32> = relevant.values().copied().collect();
        best.sort_unstable_by(|a, b| b.cmp(a));
        let ideal: f64 = best.iter().take(DEPTH).enumerate().map(|(place, r)| gain(*r) / discount(place)).sum();
        self.queries += 1;
        self.ndcg += if ideal > 0.0 { dcg / ideal } else { 0.0 };
        let first = top.iter().position(|id| relevant.contains_key(id));
        self.mrr += first.map_or(0.0, |place| 1.0 / (place as f64 + 1.0));
        let found = top.iter().filter(|id| relevant.contains_key(*id)).count();
        self.recall += found as f64 / relevant.len().clamp(1, DEPTH) as f64;
        let early = top.iter().take(SHOWN).filter(|id| relevant.contains_key(*id)).count();
        self.recall_at_5 += early as f64 / relevant.len().clamp(1, SHOWN) as f64;
        self.hit += f64::from(u8::from(first == Some(0)));
    }

    /// Mean normalised discounted cumulative gain.
    pub fn ndcg(&self) -> f64 {
        self.mean(self.ndcg)
    }
    /// Mean reciprocal rank.
    pub fn mrr(&self) -> f64 {
        self.mean(self.mrr)
    }
    /// Mean recall.
    pub fn recall(&self) -> f64 {
        self.mean(self.recall)
    }
    /// Mean recall among the first five, which is what a reader looks at.
    pub fn recall_at_5(&self) -> f64 {
        self.mean(self.recall_at_5)
    }
    /// Share of queries whose first document is relevant.
    pub fn hit(&self) -> f64 {
        self.mean(self.hit)
    }

    fn mean(&self, sum: f64) -> f64 {
        if self.queries == 0 { 0.0 } else { sum / self.queries as f64 }
    }
}

/// Rounded to four places, as figures are quoted.
pub fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

/// The value below which this share of sorted values lies; 0 for none.
pub fn percentile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * share).round() as usize).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_in_second_place_is_worth_less_than_in_first() {
        let relevant = BTreeMap::from([("a".to_owned(), 1)]);
        let mut ranking = Ranking::default();
        ranking.add(&["b".to_owned(), "a".to_owned()], &relevant);
        assert!((ranking.ndcg() - 1.0 / 3f64.log2()).abs() < 1e-12);
        assert_eq!((ranking.mrr(), ranking.recall(), ranking.hit()), (0.5, 1.0, 0.0));
        ranking.add(&["a".to_owned()], &relevant);
        assert_eq!((ranking.hit(), ranking.queries), (0.5, 2));
    }
}
