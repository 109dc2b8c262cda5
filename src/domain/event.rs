//! What an auditor asks the log for.

use super::Timestamp;

/// What an event can be of.
pub const EVENT_TYPES: &[&str] = &[
    "configuration.used",
    "contact.reported",
    "dispute.answered",
    "document.erased",
    "draft.created",
    "draft.decided",
    "draft.failed",
    "draft.replayed",
    "draft.suggested",
    "draft.undecided",
    "filter.removed",
    "filter.saved",
    "finding.disputed",
    "finding.ruled",
    "finding.ruled_again",
    "inquiry.held",
    "inquiry.joined",
    "inquiry.noted",
    "inquiry.received",
    "inquiry.released",
    "key.created",
    "key.revoked",
    "knowledge.changed",
    "knowledge.proposed",
    "log.resumed",
    "person.linked",
    "person.placed",
    "person.stamped",
    "proposal.decided",
    "reply.reported",
    "reply.sampled",
    "retention.set",
    "subject.erased",
    "texts.expired",
    "workspace.opened",
];

/// Which events; each condition narrows them down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Of this type, `draft.suggested`, or of all types of a subject, `draft`.
    pub of: Option<String>,
    /// By this principal: a key's id, or the word for who needs none.
    pub principal: Option<String>,
    /// That name the thing with this id.
    pub naming: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

impl EventFilter {
    /// Whether there is an event type that is, or whose subject is, `of`.
    pub fn is_known(of: &str) -> bool {
        EVENT_TYPES.iter().any(|kind| *kind == of || kind.split_once('.').is_some_and(|(subject, _)| subject == of))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_or_its_subject_is_known_and_a_part_of_a_word_is_not() {
        assert!(EventFilter::is_known("draft.suggested") && EventFilter::is_known("draft"));
        for of in ["", "dra", "draft.", "draft.sent", "suggested", "%"] {
            assert!(!EventFilter::is_known(of), "{of}");
        }
    }
}
