//! Tone deviations and their categories.

use serde::{Deserialize, Serialize};

use super::{Id, Span, name};

macro_rules! categories {
    ($($variant:ident = $id:literal, $scope:ident, $severity:ident;)*) => {
        /// The 33 kinds of tone deviation. A rule's id is its category's name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Category { $(#[doc = concat!("`", $id, "`")] $variant,)* }

        impl Category {
            /// All of them, in the order of the taxonomy.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in guides, JSON and tables.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// Whether it is about a span or about the whole reply.
            pub fn scope(self) -> Scope {
                match self { $(Self::$variant => Scope::$scope,)* }
            }

            /// How much it weighs unless the guide says otherwise.
            pub fn default_severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }
        }
    };
}

categories! {
    DoubleKeigo = "double_keigo", Span, Warning;
    KeigoMixup = "keigo_mixup", Span, Warning;
    SaIre = "sa_ire", Span, Warning;
    RaNuki = "ra_nuki", Span, Warning;
    ReTasu = "re_tasu", Span, Warning;
    SaseteOveruse = "sasete_overuse", Reply, Info;
    BaitoKeigo = "baito_keigo", Span, Warning;
    PlainForm = "plain_form", Span, Error;
    TooCasual = "too_casual", Span, Error;
    MissingApology = "missing_apology", Reply, Error;
    MissingThanks = "missing_thanks", Reply, Warning;
    MissingEmpathy = "missing_empathy", Reply, Warning;
    MissingOpening = "missing_opening", Reply, Warning;
    MissingClosing = "missing_closing", Reply, Warning;
    MissingCushion = "missing_cushion", Span, Warning;
    PushAway = "push_away", Span, Error;
    Blaming = "blaming", Span, Error;
    BlameShift = "blame_shift", Span, Error;
    ColdStiff = "cold_stiff", Span, Warning;
    Overpromise = "overpromise", Span, Error;
    VagueFollowup = "vague_followup", Span, Error;
    ReaskKnownInfo = "reask_known_info", Span, Error;
    BadTimingCrossSell = "bad_timing_cross_sell", Span, Error;
    InternalJargon = "internal_jargon", Span, Error;
    RepeatedEndings = "repeated_endings", Reply, Info;
    LegalClaim = "legal_claim", Span, Error;
    Exclamation = "exclamation", Span, Error;
    EmojiKaomoji = "emoji_kaomoji", Span, Error;
    NgWord = "ng_word", Span, Error;
    BrandTerm = "brand_term", Span, Error;
    SelfNaming = "self_naming", Span, Error;
    CustomerNaming = "customer_naming", Span, Error;
    SentenceTooLong = "sentence_too_long", Span, Info;
}

impl Category {
    /// Reads [`Category::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|category| category.as_str() == text)
    }
}

/// What a category is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Certain words.
    Span,
    /// The whole reply; its findings have no span.
    Reply,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Better mended.
    Warning,
    /// Stops the draft from being accepted as it is.
    Error,
}

impl Severity {
    /// The word in JSON, guides and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// Reads [`Severity::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Info, Self::Warning, Self::Error].into_iter().find(|severity| severity.as_str() == text)
    }
}

/// A deviation as the rule saw it, before it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewFinding {
    /// The category's name, or `category:first word` for an entry of the guide's `words`.
    pub rule: String,
    /// Which kind of deviation.
    pub category: Category,
    /// The words; `None` for the whole reply.
    pub span: Option<Span>,
    /// How much it weighs.
    pub severity: Severity,
    /// The guide's own sentence.
    pub clause: String,
    /// Quotes what was seen and says the clause.
    #[serde(default)]
    pub message: String,
    /// What could stand there instead; an empty text means deletion.
    pub rewrite: Option<String>,
    /// Whether the rewrite says the same, so that one click may make it.
    #[serde(default)]
    pub one_click: bool,
}

/// A recorded deviation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Its id, on which QA rules.
    pub id: Id<name::Finding>,
    /// What the rule saw.
    #[serde(flatten)]
    pub seen: NewFinding,
    /// The guide's revision whose clause it is.
    #[serde(default)]
    pub guide: Option<Id<name::Revision>>,
    /// The waiver that lets it pass, where QA waived these words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived_by: Option<Id<name::Waiver>>,
}

/// What QA made of the findings of one rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleTally {
    /// The rule's id.
    pub rule: String,
    /// Nobody ruled on them yet.
    pub open: u64,
    /// They were right.
    pub confirmed: u64,
    /// They were wrong.
    pub dismissed: u64,
    /// They were right, and let pass by a ruling of their own.
    pub waived: u64,
    /// By the last rulings the operator was wrong.
    pub fault_operator: u64,
    /// The rule was.
    pub fault_rule: u64,
    /// The guide was.
    pub fault_guide: u64,
}
