//! The same search once more, with what each term gave.

use std::collections::HashMap;

use super::{
    near,
    scan::{self, Hit},
    search::{self, Clause, Weights},
    shard::Shard,
};
use crate::{
    domain::{AskedTerm, EvidenceItem, Explanation, Span, Standing, TermField, TermMatch, Weighed},
    language::analysis,
    ports::Query,
};

/// The best passages whatever became of them: those that do not hold are marked, the rest stands as the lexical score and
/// its weights have it.
pub(super) fn explain(shard: &Shard, query: &Query<'_>) -> tantivy::Result<Explanation> {
    let trade = shard.impacts.trade;
    let terms = search::terms(query, trade);
    let clauses = search::clauses(&shard.impacts, &shard.fields, &terms);
    let mut explanation =
        Explanation { searched: query.text.to_owned(), matter: query.matter.to_owned(), ..Explanation::default() };
    explanation.terms = clauses.iter().map(asked_term).collect();
    explanation.terms.sort_by(|a, b| b.share.total_cmp(&a.share));
    let searcher = &shard.impacts.searcher;
    let level = |_, _| Some((0, 1.0));
    let weighted = search::weighted(&clauses);
    let [mut best, ..] = scan::best(&weighted, searcher.segment_readers(), &level, query.limit);
    let mut near = HashMap::new();
    for hit in near::hits(shard, query.near, &weighted)? {
        let (segment, document) = (hit.segment, hit.document);
        near.insert((segment, document), hit.similarity);
        if !best.iter().any(|other| (other.segment, other.document) == (segment, document)) {
            let score = weighted.iter().map(|term| term.of(segment, document)).sum();
            best.push(Hit { score, segment, document });
        }
    }
    for hit in best {
        let Some(kind) = shard.items.kind(hit.segment, hit.document) else { continue };
        let Some(item) = shard.items.item(searcher, hit.segment, hit.document)? else { continue };
        let lexical = search::lexical(hit.score);
        let near = near.get(&(hit.segment, hit.document)).copied().unwrap_or_default();
        let weights = search::weights(kind, &item, query, trade);
        let matches = matches(&clauses, hit, &item.text);
        let standing = if search::fits(&item, query) { Standing::BeyondLimit } else { Standing::NotValid };
        let item =
            EvidenceItem { score: search::scored(near::fused(lexical, near), weights), ..EvidenceItem::clone(&item) };
        let Weights { kind: kind_weight, audience: audience_weight, matter: matter_weight } = weights;
        let weighed = Weighed { item, lexical, near, kind_weight, audience_weight, matter_weight, matches, standing };
        explanation.passages.push(weighed);
    }
    explanation.passages.sort_by(|a, b| b.item.score.total_cmp(&a.item.score));
    explanation.passages.truncate(query.limit);
    Ok(explanation)
}

fn asked_term(clause: &Clause<'_, '_>) -> AskedTerm {
    let passages = clause.listing.as_ref().map_or(0, |listing| listing.frequency);
    AskedTerm { field: clause.field, text: clause.text.to_owned(), passages, share: f64::from(clause.share) }
}

/// What each term gave to a document, and where its text has it.
fn matches(clauses: &[Clause<'_, '_>], hit: Hit, text: &str) -> Vec<TermMatch> {
    let own = analysis::analyse(text);
    let mut places: HashMap<(&'static str, &str), Vec<Span>> = HashMap::new();
    for field in FIELDS {
        own.of(field).iter().for_each(|term| places.entry((field.as_str(), &term.text)).or_default().push(term.span));
    }
    let gave = |clause: &Clause<'_, '_>| {
        let gain = clause.weighted()?.of(hit.segment, hit.document);
        (gain > 0).then_some(gain)
    };
    let matched = clauses.iter().filter_map(|clause| Some((clause, gave(clause)?)));
    let mut found: Vec<TermMatch> = matched
        .map(|(clause, gain)| TermMatch {
            field: clause.field,
            text: clause.text.to_owned(),
            score: search::lexical(gain),
            spans: places.get(&(clause.field.as_str(), clause.text)).cloned().unwrap_or_default(),
        })
        .collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    found
}

const FIELDS: [TermField; 5] =
    [TermField::Words, TermField::Bigrams, TermField::Shingles, TermField::Kanji, TermField::Concepts];
