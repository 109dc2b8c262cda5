//! What the change of a document made of a reply that had been sent: its claims that stood on the old words, compared with
//! the document as it is now.

use std::collections::{BTreeMap, HashMap};

use crate::{
    domain::{
        Affected, AffectedClaim, Audience, Citation, EvidenceItem, Ground, Id, InquiryText, Revision, Span, Timestamp,
        Validity, Verdict, name,
    },
    grounding::{self, Context},
    ports::Relying,
};

/// A document's change: the revision that sent replies stand on, and what took its place.
pub struct Changed {
    /// The revision.
    pub revision: Id<name::Revision>,
    /// The passages of what holds in its place; none where the document was retired.
    now: Vec<EvidenceItem>,
    /// When each conversation was told by what holds now, in order.
    told: HashMap<Id<name::Conversation>, Vec<Timestamp>>,
}

/// The revisions of a document that hold in the place of one: those for the same days, else all that are held.
pub fn successors<'a>(of: &Revision, history: &'a [Revision]) -> Vec<&'a Revision> {
    let held: Vec<&Revision> = history.iter().filter(|revision| revision.recorded_until.is_none()).collect();
    let days = |revision: &Revision| revision.content.validity.from;
    let same: Vec<&Revision> = held.iter().copied().filter(|revision| days(revision) == days(of)).collect();
    if same.is_empty() { held } else { same }
}

impl Changed {
    /// What took the place of `of`, and who was told since.
    pub fn new(of: &Revision, successors: &[&Revision], told: HashMap<Id<name::Conversation>, Vec<Timestamp>>) -> Self {
        let passages = |revision: &&Revision| {
            let items = revision.passages.iter().map(|passage| EvidenceItem::of_passage(revision, passage));
            items.collect::<Vec<_>>()
        };
        Self { revision: of.id.clone(), now: successors.iter().flat_map(passages).collect(), told }
    }

    /// The claims of a reply that stand on the revision, and what is to be said of them now.
    pub fn affects(&self, relying: &Relying) -> Affected {
        let Relying { reply, checks, asked, conversation } = relying;
        let own = reply.stands_on.iter().find(|reliance| reliance.revision == self.revision);
        let own: &[usize] = own.map_or(&[], |reliance| &reliance.citations);
        let mut claims: BTreeMap<Span, Vec<&Citation>> = BTreeMap::new();
        for citation in own.iter().filter_map(|at| checks.citations().get(*at)) {
            claims.entry(citation.draft_span).or_default().push(citation);
        }
        let words = asked.as_ref().map_or("", InquiryText::as_str);
        let context = Context { inquiry: words, now: Some(reply.sent_at), formulas: None };
        // What else a claim stands on is still said.
        let beside = |span: Span| {
            let others = checks
                .citations()
                .iter()
                .enumerate()
                .filter(move |(at, one)| one.draft_span == span && !own.contains(at));
            others.map(|(_, citation)| still_said(&citation.quote))
        };
        let claims = claims.into_iter().map(|(span, then)| {
            let evidence: Vec<EvidenceItem> = self.now.iter().cloned().chain(beside(span)).collect();
            self.judged(&reply.text, span, &then, &evidence, &context)
        });
        let told = conversation.as_ref().and_then(|conversation| self.told.get(conversation));
        Affected {
            reply: reply.id.clone(),
            inquiry: reply.inquiry.clone(),
            channel: reply.channel,
            sent_at: reply.sent_at,
            claims: claims.collect(),
            corrected_at: told.and_then(|told| told.iter().find(|at| **at > reply.sent_at)).copied(),
        }
    }

    fn judged(
        &self,
        text: &str,
        span: Span,
        then: &[&Citation],
        evidence: &[EvidenceItem],
        context: &Context<'_>,
    ) -> AffectedClaim {
        let grounded = grounding::ground(text, &[span], evidence, context);
        let verdict = match grounded.verdicts.first().map(|sentence| sentence.verdict) {
            Some(verdict @ (Verdict::Supported | Verdict::Contradicted)) => verdict,
            // It was a claim once; of which nothing is said any more.
            _ => Verdict::Unsupported,
        };
        let now = grounded.citations.iter().find(|citation| citation.evidence < self.now.len());
        AffectedClaim {
            span,
            text: span.of(text).to_owned(),
            then: then.iter().map(|citation| citation.quote.as_str()).collect::<Vec<_>>().join("\n"),
            verdict,
            now: now.map(|citation| citation.quote.clone()),
        }
    }
}

/// Words of another document or of a record, as evidence.
fn still_said(quote: &str) -> EvidenceItem {
    EvidenceItem {
        ground: Ground::Record { id: Id::from_uuid(uuid::Uuid::nil()) },
        key: String::new(),
        title: String::new(),
        text: quote.to_owned(),
        url: None,
        audience: Audience::Public,
        validity: Validity::default(),
        score: 1.0,
        rank: 1,
        also: Vec::new(),
    }
}
