//! The same search once more, with what each term gave.

use std::collections::HashMap;

use super::{
    Shard,
    gains::{self, Gain},
    search::{self, Clause},
};
use crate::{
    domain::{AskedTerm, EvidenceItem, Explanation, Span, Standing, TermField, TermMatch, Weighed},
    language::analysis,
    ports::Query,
};

/// The best passages whatever became of them: those that do not hold are marked, the rest stands as the lexical score and
/// its weights have it.
pub(super) fn explain(shard: &Shard, query: &Query<'_>) -> tantivy::Result<Explanation> {
    let trade = shard.gains.trade;
    let asked = search::asked(query, trade);
    let (clauses, bound) = search::clauses(shard, &asked, trade)?;
    let mut explanation =
        Explanation { searched: query.text.to_owned(), matter: query.matter.to_owned(), ..Explanation::default() };
    if bound <= 0.0 {
        return Ok(explanation);
    }
    let documents = shard.gains.documents() as f32;
    explanation.terms = clauses.iter().map(|clause| asked_term(clause, documents, bound)).collect();
    explanation.terms.sort_by(|a, b| b.share.total_cmp(&a.share));
    let mut scores = vec![0.0; shard.gains.documents()];
    search::add(&clauses, &mut scores);
    for (score, document) in gains::best(&scores, query.limit) {
        let Some(item) = shard.gains.item(shard.fields.item, document)? else { continue };
        let lexical = f64::from(score / bound);
        let Some(weights) = search::weights(item, query, trade) else { continue };
        let matches = matches(&clauses, document, bound, &item.text);
        let standing = if search::fits(item, query) { Standing::BeyondLimit } else { Standing::NotValid };
        let item = EvidenceItem { score: search::scored(lexical, weights), ..item.clone() };
        let search::Weights { kind: kind_weight, audience: audience_weight, matter: matter_weight } = weights;
        let weighed = Weighed { item, lexical, kind_weight, audience_weight, matter_weight, matches, standing };
        explanation.passages.push(weighed);
    }
    explanation.passages.sort_by(|a, b| b.item.score.total_cmp(&a.item.score));
    Ok(explanation)
}

fn asked_term(clause: &Clause<'_>, documents: f32, bound: f32) -> AskedTerm {
    let frequency = clause.gain.as_ref().map_or(0.0, |gain| gain.frequency);
    let share = f64::from(clause.times * gains::idf(documents, frequency) / bound);
    AskedTerm { field: clause.field, text: clause.text.to_owned(), passages: frequency as usize, share }
}

/// What each term gave to a document, and where its text has it.
fn matches(clauses: &[Clause<'_>], document: usize, bound: f32, text: &str) -> Vec<TermMatch> {
    let own = analysis::analyse(text);
    let mut places: HashMap<(&'static str, &str), Vec<Span>> = HashMap::new();
    for field in FIELDS {
        own.of(field).iter().for_each(|term| places.entry((field.as_str(), &term.text)).or_default().push(term.span));
    }
    let gave = |clause: &Clause<'_>| clause.gain.as_ref().map_or(0.0, |gain: &std::sync::Arc<Gain>| gain.of(document));
    let matched = clauses.iter().map(|clause| (clause, gave(clause))).filter(|(_, gain)| *gain > 0.0);
    let mut found: Vec<TermMatch> = matched
        .map(|(clause, gain)| TermMatch {
            field: clause.field,
            text: clause.text.to_owned(),
            score: f64::from(clause.times * gain / bound),
            spans: places.get(&(clause.field.as_str(), clause.text)).cloned().unwrap_or_default(),
        })
        .collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    found
}

const FIELDS: [TermField; 5] =
    [TermField::Words, TermField::Bigrams, TermField::Shingles, TermField::Kanji, TermField::Concepts];
