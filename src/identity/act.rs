//! What each role may do: one table.

use crate::domain::Role;

/// What somebody wants to do in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Hand in an inquiry and get a suggestion.
    Ask,
    /// Read suggestions, passages and search results for customers.
    Read,
    /// See internal passages and notes.
    ReadInternal,
    /// Accept, edit or reject a draft.
    Decide,
    /// Report replies and what came of them.
    Report,
    /// Look through findings, what was ruled on them and what they come to.
    Review,
    /// Rule on findings.
    Rule,
    /// Propose a change of documents.
    Propose,
    /// Change documents and guides without waiting for approval.
    KeepKnowledge,
    /// Read the audit log.
    Audit,
    /// Make and revoke keys, erase somebody's words, say for how long words are kept.
    Administer,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Ask,
        Self::Read,
        Self::ReadInternal,
        Self::Decide,
        Self::Report,
        Self::Review,
        Self::Rule,
        Self::Propose,
        Self::KeepKnowledge,
        Self::Audit,
        Self::Administer,
    ];

    /// The words for it in a refusal.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ask => "hand in inquiries",
            Self::Read => "read suggestions",
            Self::ReadInternal => "read internal passages",
            Self::Decide => "decide on drafts",
            Self::Report => "report replies",
            Self::Review => "look through findings",
            Self::Rule => "rule on findings",
            Self::Propose => "propose changes of knowledge",
            Self::KeepKnowledge => "change knowledge",
            Self::Audit => "read the audit log",
            Self::Administer => "manage keys, erase words or say for how long they are kept",
        }
    }
}

/// Whether a role may do it.
pub fn may(role: Role, act: Act) -> bool {
    use Act::*;
    match role {
        Role::Chatbot => matches!(act, Ask | Read | Report | Propose),
        Role::Operator => matches!(act, Ask | Read | ReadInternal | Decide | Report | Propose),
        Role::Qa => matches!(act, Read | ReadInternal | Report | Review | Rule | Propose),
        Role::Knowledge => matches!(act, Ask | Read | ReadInternal | Propose | KeepKnowledge),
        Role::Auditor => matches!(act, Read | ReadInternal | Review | Audit),
        Role::Admin => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_people_who_answer_customers_decide_and_only_qa_rules() {
        let may_do = |act| Role::ALL.into_iter().filter(|role| may(*role, act)).collect::<Vec<_>>();
        assert_eq!(may_do(Act::Decide), [Role::Operator, Role::Admin]);
        assert_eq!(may_do(Act::Rule), [Role::Qa, Role::Admin]);
        assert_eq!(may_do(Act::Review), [Role::Qa, Role::Auditor, Role::Admin]);
        assert_eq!(may_do(Act::Audit), [Role::Auditor, Role::Admin]);
        assert_eq!(may_do(Act::Administer), [Role::Admin]);
        assert!(!may(Role::Chatbot, Act::ReadInternal));
    }
}
