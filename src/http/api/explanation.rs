//! Why passages were found or left out, as JSON.

use serde::Serialize;
use utoipa::ToSchema;

use super::checks::{SpanBody, bodies};
use crate::domain::{AskedTerm, Explanation, Standing, TermMatch, Validity, Weighed};

/// A search with its reasons. A passage's `score` is `lexical` plus 0.3 × `near` × (1 − `lexical`), times its weights.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Explanation)]
pub struct ExplanationBody {
    /// What was searched with: without greeting, signature and personal data.
    #[schema(example = "返品したい")]
    searched: String,
    /// The shop's words for what it seems to be about, which count a little too.
    #[schema(example = "返品")]
    matter: String,
    /// The terms that were searched with, the weightiest first.
    terms: Vec<AskedTermBody>,
    /// The passages that fit best, found or not, best first.
    passages: Vec<WeighedBody>,
}

/// A term that was searched with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AskedTerm)]
pub struct AskedTermBody {
    /// `words`, `bigrams`, `shingles`, `kanji` or `concepts`.
    #[schema(value_type = String, example = "concepts")]
    field: &'static str,
    /// In normal form; a concept by its group's name.
    #[schema(example = "返品")]
    text: String,
    /// In how many passages it stands.
    passages: usize,
    /// What it could give at most, as a share of all that was asked.
    share: f64,
}

/// A passage with the sum behind its score.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WeighedPassage)]
pub struct WeighedBody {
    /// The passage's id.
    passage: String,
    /// The document's key.
    key: String,
    /// Title and heading.
    title: String,
    /// `found`, `not_valid`, `same_document` or `beyond_limit`.
    #[schema(value_type = String, example = "found")]
    standing: &'static str,
    /// Place among what was found.
    rank: Option<usize>,
    /// How well it fits, 0 to 1.
    score: f64,
    /// How much of what was asked its words hold, 0 to 1.
    lexical: f64,
    /// How near its meaning is to the question's, 0 to 1; 0 where it is not among the nearest, or there is no embedder.
    near: f64,
    /// What its kind weighs.
    kind_weight: f64,
    /// What weighs on it that only the desk may read it.
    audience_weight: f64,
    /// What weighs on a rule whose title is about another matter than the inquiry.
    matter_weight: f64,
    /// The first day on which it holds.
    #[schema(example = "2026-10-01")]
    valid_from: Option<String>,
    /// The last day on which it holds.
    valid_until: Option<String>,
    /// The day that decides: `now` or `order_date`.
    #[schema(value_type = String, example = "now")]
    applies_by: &'static str,
    /// Its terms, the strongest first.
    matches: Vec<TermMatchBody>,
}

/// A term that a passage has.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TermMatch)]
pub struct TermMatchBody {
    /// As in `terms`.
    #[schema(value_type = String, example = "words")]
    field: &'static str,
    /// In normal form.
    text: String,
    /// What it gave; these add up to `lexical`.
    score: f64,
    /// Where it stands in the passage's text, in code points; empty where only the title has it.
    spans: Vec<SpanBody>,
}

impl From<&Explanation> for ExplanationBody {
    fn from(of: &Explanation) -> Self {
        let (searched, matter) = (of.searched.clone(), of.matter.clone());
        Self { searched, matter, terms: bodies(&of.terms), passages: bodies(&of.passages) }
    }
}

impl From<&AskedTerm> for AskedTermBody {
    fn from(of: &AskedTerm) -> Self {
        Self { field: of.field.as_str(), text: of.text.clone(), passages: of.passages, share: rounded(of.share) }
    }
}

impl From<&Weighed> for WeighedBody {
    fn from(of: &Weighed) -> Self {
        let Validity { from, until, by } = of.item.validity;
        Self {
            passage: of.item.id().to_owned(),
            key: of.item.key.clone(),
            title: of.item.title.clone(),
            standing: of.standing.as_str(),
            rank: match of.standing {
                Standing::Found(rank) => Some(rank),
                _ => None,
            },
            score: of.item.score,
            lexical: rounded(of.lexical),
            near: of.near,
            kind_weight: of.kind_weight,
            audience_weight: of.audience_weight,
            matter_weight: of.matter_weight,
            valid_from: from.map(|day| day.to_string()),
            valid_until: until.map(|day| day.to_string()),
            applies_by: by.as_str(),
            matches: bodies(&of.matches),
        }
    }
}

impl From<&TermMatch> for TermMatchBody {
    fn from(of: &TermMatch) -> Self {
        let spans = of.spans.iter().map(|span| SpanBody::from(*span)).collect();
        Self { field: of.field.as_str(), text: of.text.clone(), score: rounded(of.score), spans }
    }
}

/// As many places as a reader can use.
fn rounded(share: f64) -> f64 {
    (share * 1e5).round() / 1e5
}
