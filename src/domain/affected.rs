//! What the change of a document made of replies that had been sent.

use super::{Channel, Id, Span, Timestamp, Verdict, name};

/// A sent reply with claims that stand on a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affected {
    /// The reply.
    pub reply: Id<name::Reply>,
    /// What it answered, where that is known.
    pub inquiry: Option<Id<name::Inquiry>>,
    /// How it went.
    pub channel: Channel,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// The claims that stand on the revision, and what is to be said of them now.
    pub claims: Vec<AffectedClaim>,
    /// When the same customer was told by what holds now: the first later reply of the conversation that stands on what is
    /// held of the document now.
    pub corrected_at: Option<Timestamp>,
}

/// A claim of a sent reply, compared with the document as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffectedClaim {
    /// Where it stands in the reply.
    pub span: Span,
    /// Its words.
    pub text: String,
    /// The words that it stood on.
    pub then: String,
    /// Whether the document says so still, says otherwise, or says nothing of it any more.
    pub verdict: Verdict,
    /// What the document says now, where it speaks of it.
    pub now: Option<String>,
}

impl Affected {
    /// Whether some claim has this verdict now.
    pub fn has(&self, verdict: Verdict) -> bool {
        self.claims.iter().any(|claim| claim.verdict == verdict)
    }
}

/// What a change of a document came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Correction {
    /// When the revision was no longer held true; `None` while it is.
    pub changed_at: Option<Timestamp>,
    /// How many sent replies stand on it.
    pub relied: usize,
    /// How many of them have a claim that the document contradicts now.
    pub contradicted: usize,
    /// How many more have a claim of which it says nothing any more.
    pub unsupported: usize,
    /// Of those that are contradicted: from the change to the correction, in milliseconds, the shortest first.
    pub lead_times: Vec<u64>,
}

impl Correction {
    /// Takes a reply in.
    pub fn add(&mut self, affected: &Affected) {
        self.relied += 1;
        if affected.has(Verdict::Contradicted) {
            self.contradicted += 1;
            let corrected = self.changed_at.zip(affected.corrected_at);
            let lead = corrected.and_then(|(changed, corrected)| u64::try_from(corrected.0 - changed.0).ok());
            if let Some(lead) = lead {
                self.lead_times.insert(self.lead_times.partition_point(|known| *known <= lead), lead);
            }
        } else if affected.has(Verdict::Unsupported) {
            self.unsupported += 1;
        }
    }

    /// How many customers were told something that is contradicted now, and nothing since.
    pub fn open(&self) -> usize {
        self.contradicted - self.lead_times.len()
    }

    /// The lead time (訂正リードタイム) within which a share of the corrections was made, in milliseconds: nearest rank.
    pub fn lead_time(&self, percent: usize) -> Option<u64> {
        let rank = (self.lead_times.len() * percent).div_ceil(100).max(1);
        self.lead_times.get(rank - 1).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn affected(verdicts: &[Verdict], corrected_at: Option<i64>) -> Affected {
        let claim = |verdict: &Verdict| AffectedClaim {
            span: Span::new(0, 1),
            text: "七".to_owned(),
            then: "七".to_owned(),
            verdict: *verdict,
            now: None,
        };
        Affected {
            reply: Id::from_uuid(uuid::Uuid::nil()),
            inquiry: None,
            channel: Channel::Email,
            sent_at: Timestamp(0),
            claims: verdicts.iter().map(claim).collect(),
            corrected_at: corrected_at.map(Timestamp),
        }
    }

    #[test]
    fn lead_times_are_of_what_was_wrong_and_was_set_right() {
        let mut sum = Correction { changed_at: Some(Timestamp(100)), ..Correction::default() };
        sum.add(&affected(&[Verdict::Supported], Some(300)));
        sum.add(&affected(&[Verdict::Unsupported, Verdict::Supported], None));
        sum.add(&affected(&[Verdict::Contradicted, Verdict::Unsupported], None));
        for corrected in [500, 130, 200] {
            sum.add(&affected(&[Verdict::Contradicted], Some(corrected)));
        }
        assert_eq!((sum.relied, sum.contradicted, sum.unsupported, sum.open()), (6, 4, 1, 1));
        assert_eq!(sum.lead_times, [30, 100, 400]);
        assert_eq!((sum.lead_time(50), sum.lead_time(100)), (Some(100), Some(400)));
        assert_eq!(Correction::default().lead_time(50), None);
    }
}
