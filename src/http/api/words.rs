//! Closed lists of words as they stand in JSON. The compiler compares each list with the one in `domain/`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $of:path { $($word:ident),* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $(#[doc = stringify!($word)] $word,)* }

        impl From<$of> for $name {
            fn from(word: $of) -> Self {
                use $of as Of;
                match word { $(Of::$word => Self::$word,)* }
            }
        }

        impl From<$name> for $of {
            fn from(word: $name) -> Self {
                use $of as Of;
                match word { $($name::$word => Of::$word,)* }
            }
        }
    )*};
}

words! {
    /// How a message came.
    Channel = domain::Channel { Email, Chat, Line, PhoneNote, Form }
    /// What comparing a sentence with the evidence found.
    Verdict = domain::Verdict { NotAClaim, Supported, Contradicted, Unsupported }
    /// How much a finding weighs.
    Severity = domain::Severity { Info, Warning, Error }
    /// Who wrote a draft.
    Drafter = domain::Drafter { Extractive, Prompted }
    /// Where a draft stands.
    DraftState = domain::DraftState { Current, Superseded, Decided }
    /// Why a model's answer cannot be used; the extractive draft then stands in.
    Failure = domain::Failure {
        Unreachable, Timeout, Unauthorized, RateLimited, Quota, NoSuchModel, TooLong, Rejected, ServerError, Malformed,
        Truncated, TooLarge, Incomplete, Filtered, Refused, Empty, WrongLanguage, Unclean, Contradicted,
        Ungrounded, Busy, BreakerOpen
    }
    /// What can stand in a draft that no customer should read on a nod.
    FlagKind = domain::FlagKind { DanglingMarker, UnknownPlaceholder, UnknownUrl, Markup, UnsupportedPolicy }
    /// How an answer names the evidence that it stands on.
    Citing = domain::Citing { Marker, Schema }
    /// Who speaks in a prompt.
    Speaker = domain::Speaker { System, User }
    /// What a prompt is made of.
    Material = domain::Material { Inquiry, Record, Passage, Turn, Example }
    /// Why something was left out of a prompt.
    Why = domain::Why { OverBudget, ContextLength }
    /// Why a person takes over.
    HandoffReason = domain::HandoffReason { NoEvidence, Contradicted, Stopped, OutOfAuthority, PersonRequested, Unsafe }
    /// The one item without which an inquiry cannot be answered.
    Missing = domain::Missing { OrderNumber, Product, Detail, Date, Photo }
    /// QA's verdict on a finding.
    RulingVerdict = domain::RulingVerdict { Confirmed, Dismissed, Waived }
    /// Where a finding stands: what was ruled last.
    FindingState = domain::FindingState { Open, Confirmed, Dismissed, Waived }
    /// Who is compared with whom.
    GroupBy = domain::GroupBy { Team, Vendor }
    /// What has to be mended.
    Fault = domain::Fault { Operator, Rule, Guide }
    /// What a key may do.
    Role = domain::Role { Chatbot, Operator, Qa, Knowledge, Auditor, Admin }
    /// What kind of document a text comes from.
    Kind = domain::Kind { Faq, Policy, Guide, PastReply }
    /// Who may read a text.
    Audience = domain::Audience { Public, Internal }
    /// Which day decides whether a rule holds.
    AppliesBy = domain::AppliesBy { Now, OrderDate }
    /// How two documents overlap.
    OverlapKind = domain::OverlapKind { Contradiction, Duplicate }
    /// What two sentences tell differently.
    Measure = domain::Measure { Amount, Percent, Count, Duration, Day, Time, Weekdays, Contact, Polarity }
}

/// The kinds of documents that are written by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A question customers ask, with its answer.
    Faq,
    /// A rule of the shop.
    Policy,
}

impl From<DocumentKind> for domain::Kind {
    fn from(kind: DocumentKind) -> Self {
        match kind {
            DocumentKind::Faq => Self::Faq,
            DocumentKind::Policy => Self::Policy,
        }
    }
}

/// What somebody wants of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WishKind {
    /// To be there.
    Create,
    /// To say something else.
    Replace,
    /// To go.
    Retire,
}

impl WishKind {
    /// The word for a wish.
    pub fn of(wish: &domain::Wish) -> Self {
        match wish {
            domain::Wish::Create(_) => Self::Create,
            domain::Wish::Replace(_) => Self::Replace,
            domain::Wish::Retire(_) => Self::Retire,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_the_same_in_json_and_in_the_domain() {
        for channel in domain::Channel::ALL {
            assert_eq!(serde_json::to_value(Channel::from(channel)).unwrap(), channel.as_str());
        }
        for role in domain::Role::ALL {
            assert_eq!(serde_json::to_value(Role::from(role)).unwrap(), role.as_str());
        }
        for failure in domain::Failure::ALL {
            assert_eq!(serde_json::to_value(Failure::from(failure)).unwrap(), failure.as_str());
        }
        for kind in domain::Kind::ALL {
            assert_eq!(serde_json::to_value(Kind::from(kind)).unwrap(), kind.as_str());
        }
    }
}
