//! What a checked text got, as it stands in suggestions, replies and streams.

use serde::Serialize;
use utoipa::ToSchema;

use super::words::{Severity, Verdict};
use crate::domain::{Citation, EvidenceItem, Finding, Intent, SentenceVerdict, Span};

/// A place in a text: half-open, in Unicode code points.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Span, example = json!({"start": 0, "end": 12}))]
pub struct SpanBody {
    /// First code point.
    start: usize,
    /// One past the last.
    end: usize,
}

/// Which words a sentence stands on.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Citation)]
pub struct CitationBody {
    /// The sentence of the checked text.
    draft_span: SpanBody,
    /// The passage or record; null when a reply's evidence was not asked for.
    #[schema(example = "psg_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    passage: Option<String>,
    /// The document's key or the record's name.
    #[schema(example = "faq-returns-001")]
    key: Option<String>,
    /// The revision the passage was cut from; null for a record.
    revision: Option<String>,
    /// The words.
    #[schema(example = "未開封に限り8日以内")]
    quote: String,
    /// Where they stand in the text of the passage or record.
    quote_span: SpanBody,
    /// Where customers can read the document.
    url: Option<String>,
}

/// One sentence and what it stands on.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SentenceVerdict)]
pub struct VerdictBody {
    /// The sentence.
    span: SpanBody,
    /// What was found.
    verdict: Verdict,
    /// Whether it stands on past replies alone.
    weak: bool,
    /// Whether a model read it out of what is cited, where facts were silent.
    by_model: bool,
    /// Indexes into `citations`: what supports it, or what contradicts it.
    citations: Vec<usize>,
}

/// One tone deviation.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Finding)]
pub struct FindingBody {
    /// Its id, on which QA rules.
    #[schema(example = "fnd_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    id: String,
    /// The category's name, or `category:first word` for an entry of the guide's words.
    #[schema(example = "ng_word:解約")]
    rule: String,
    /// Which kind of deviation.
    #[schema(value_type = String, example = "ng_word")]
    category: &'static str,
    /// The words; null when it is about the whole reply.
    span: Option<SpanBody>,
    /// How much it weighs.
    severity: Severity,
    /// The guide's own sentence.
    clause: String,
    /// Quotes what was seen and says the clause.
    message: String,
    /// The revision of the guide whose clause it is; null while there is no guide in the store.
    revision: Option<String>,
    /// What could stand there instead; an empty text means deletion.
    rewrite: Option<String>,
    /// Whether the rewrite says the same, so that one click may make it.
    one_click: bool,
    /// The waiver by which these words pass, `wvr_...`; null where there is none.
    waived_by: Option<String>,
}

/// One passage or record that a draft may use.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Evidence)]
pub struct EvidenceBody {
    /// The passage's or record's id.
    #[schema(example = "psg_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    passage: String,
    /// The document's key or the record's name.
    #[schema(example = "faq-returns-001")]
    key: String,
    /// The revision that the passage was cut from; null for a record.
    #[schema(example = "rev_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    revision: Option<String>,
    /// `faq`, `policy`, `guide`, `past_reply` or `record`.
    #[schema(value_type = String, example = "faq")]
    kind: &'static str,
    /// The words that may be quoted.
    text: String,
    /// How well it fits, 0 to 1.
    score: f64,
    /// Place in the list, from 1.
    rank: usize,
    /// Keys of other documents that say the same in nearly the same words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<String>,
}

/// One of the things that an inquiry asks, with evidence of its own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Intent)]
pub struct IntentBody {
    /// The customer's sentences that ask it, personal data masked.
    #[schema(example = "返品の送料はいくらですか。")]
    text: String,
    /// Indexes into `evidence` of what answers it, best first.
    evidence: Vec<usize>,
    /// How likely it is that they answer it, 0 to 1.
    #[schema(example = 0.94)]
    confidence: f64,
    /// Whether that is enough to answer; one that is not hands the inquiry over.
    has_evidence: bool,
}

impl From<&Intent> for IntentBody {
    fn from(intent: &Intent) -> Self {
        Self {
            text: intent.text.clone(),
            evidence: intent.items.clone(),
            confidence: f64::from(intent.confidence) / 100.0,
            has_evidence: intent.has_evidence(),
        }
    }
}

impl From<Span> for SpanBody {
    fn from(span: Span) -> Self {
        Self { start: span.start, end: span.end }
    }
}

impl CitationBody {
    /// Citations name their evidence by its place in `items`.
    pub fn list(citations: &[Citation], items: &[EvidenceItem]) -> Vec<Self> {
        let body = |citation: &Citation| {
            let item = items.get(citation.evidence);
            Self {
                draft_span: citation.draft_span.into(),
                passage: item.map(|item| item.id().to_owned()),
                key: item.map(|item| item.key.clone()),
                revision: item.and_then(EvidenceItem::revision).map(ToString::to_string),
                quote: citation.quote.clone(),
                quote_span: citation.quote_span.into(),
                url: item.and_then(|item| item.url.clone()),
            }
        };
        citations.iter().map(body).collect()
    }
}

impl From<&SentenceVerdict> for VerdictBody {
    fn from(sentence: &SentenceVerdict) -> Self {
        Self {
            span: sentence.span.into(),
            verdict: sentence.verdict.into(),
            weak: sentence.weak,
            by_model: sentence.by_model,
            citations: sentence.citations.clone(),
        }
    }
}

impl From<&Finding> for FindingBody {
    fn from(finding: &Finding) -> Self {
        let seen = &finding.seen;
        Self {
            id: finding.id.to_string(),
            rule: seen.rule.clone(),
            category: seen.category.as_str(),
            span: seen.span.map(SpanBody::from),
            severity: seen.severity.into(),
            clause: seen.clause.clone(),
            message: seen.message.clone(),
            revision: finding.guide.as_ref().map(ToString::to_string),
            rewrite: seen.rewrite.clone(),
            one_click: seen.one_click,
            waived_by: finding.waived_by.as_ref().map(ToString::to_string),
        }
    }
}

impl From<&EvidenceItem> for EvidenceBody {
    fn from(item: &EvidenceItem) -> Self {
        Self {
            passage: item.id().to_owned(),
            key: item.key.clone(),
            revision: item.revision().map(ToString::to_string),
            kind: item.kind(),
            text: item.text.clone(),
            score: item.score,
            rank: item.rank,
            also: item.also.clone(),
        }
    }
}

/// Each as its body.
pub fn bodies<'a, T: 'a, B: From<&'a T>>(values: &'a [T]) -> Vec<B> {
    values.iter().map(B::from).collect()
}
