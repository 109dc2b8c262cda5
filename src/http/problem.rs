//! Every failure of the HTTP face: one table of codes, and the RFC 9457 problem that a client gets.
//!
//! A verb says what went wrong by a code (`AppError::code`), the door by a [`Code`]; this table alone knows which
//! status and title belong to it, and the OpenAPI document and the README are made from it.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::AppError;

macro_rules! codes {
    ($($variant:ident, $code:literal, $status:ident, $title:literal;)*) => {
        /// What can go wrong, as a stable word.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $(#[doc = $title] $variant,)* }

        impl Code {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word that clients compare.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The status it is answered with.
            pub fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)* }
            }

            /// What people read.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }
    };
}

codes! {
    JsonMalformed,           "json-malformed",            BAD_REQUEST,            "The body is not JSON";
    QueryInvalid,            "query-invalid",             BAD_REQUEST,            "The query does not fit";
    IdMalformed,             "id-malformed",              BAD_REQUEST,            "Not an id of this kind";
    HeaderInvalid,           "header-invalid",            BAD_REQUEST,            "A header does not fit";
    KeyMissing,              "key-missing",               UNAUTHORIZED,           "A key is needed";
    KeyInvalid,              "key-invalid",               UNAUTHORIZED,           "The key opens nothing";
    RoleNotAllowed,          "role-not-allowed",          FORBIDDEN,              "The role may not do this";
    DecisionNotYours,        "decision-not-yours",        FORBIDDEN,              "Somebody else decided";
    OriginNotAllowed,        "origin-not-allowed",        FORBIDDEN,              "Requests from other sites are refused";
    RouteNotFound,           "route-not-found",           NOT_FOUND,              "There is nothing at this path";
    WorkspaceNotFound,       "workspace-not-found",       NOT_FOUND,              "No such workspace";
    InquiryNotFound,         "inquiry-not-found",         NOT_FOUND,              "No such inquiry";
    SuggestionNotFound,      "suggestion-not-found",      NOT_FOUND,              "No such suggestion";
    DraftNotFound,           "draft-not-found",           NOT_FOUND,              "No such draft";
    ReplyNotFound,           "reply-not-found",           NOT_FOUND,              "No such reply";
    FindingNotFound,         "finding-not-found",         NOT_FOUND,              "No such finding";
    KeyNotFound,             "key-not-found",             NOT_FOUND,              "No such key";
    DocumentNotFound,        "document-not-found",        NOT_FOUND,              "No such document on these days";
    ProposalNotFound,        "proposal-not-found",        NOT_FOUND,              "No such proposal";
    DecisionNotFound,        "decision-not-found",        NOT_FOUND,              "There is no decision on the draft";
    NotFound,                "not-found",                 NOT_FOUND,              "No such thing";
    MethodNotAllowed,        "method-not-allowed",        METHOD_NOT_ALLOWED,     "The method does not fit the path";
    RequestTimeout,          "request-timeout",           REQUEST_TIMEOUT,        "The body did not arrive in time";
    DraftAlreadyDecided,     "draft-already-decided",     CONFLICT,               "The draft was decided";
    UndoTooLate,             "undo-too-late",             CONFLICT,               "The time to take it back is over";
    DecisionRuledOn,         "decision-ruled-on",         CONFLICT,               "QA ruled on the reply";
    DecisionFollowedUp,      "decision-followed-up",      CONFLICT,               "What came after the reply was reported";
    DecisionSampled,         "decision-sampled",          CONFLICT,               "QA looked through the reply";
    DecisionOvertaken,       "decision-overtaken",        CONFLICT,               "The conversation went on";
    DecisionUndone,          "decision-undone",           CONFLICT,               "The decision was taken back";
    DocumentExists,          "document-exists",           CONFLICT,               "The key is taken";
    DocumentUnchanged,       "document-unchanged",        CONFLICT,               "The document says just this";
    DocumentShared,          "document-shared",           CONFLICT,               "Another document has the same text";
    ProposalDecided,         "proposal-decided",          CONFLICT,               "The proposal was decided";
    DraftSuperseded,         "draft-superseded",          CONFLICT,               "A newer draft took its place";
    LoginTaken,              "login-taken",               CONFLICT,               "Somebody else signs in with this name";
    InquiryHeld,             "inquiry-held",              CONFLICT,               "Somebody else works on the inquiry";
    DraftNotReplayable,      "draft-not-replayable",      CONFLICT,               "The draft cannot be made again";
    RequestInProgress,       "request-in-progress",       CONFLICT,               "The same request is being answered";
    Erased,                  "erased",                    GONE,                   "The words were erased";
    BodyTooLarge,            "body-too-large",            PAYLOAD_TOO_LARGE,      "The body is too large";
    ContentTypeUnsupported,  "content-type-unsupported",  UNSUPPORTED_MEDIA_TYPE, "The body is not sent as JSON";
    HostNotAllowed,          "host-not-allowed",          MISDIRECTED_REQUEST,    "This server does not answer to that name";
    BodyInvalid,             "body-invalid",              UNPROCESSABLE_ENTITY,   "The body does not fit";
    InquiryEmpty,            "inquiry-empty",             UNPROCESSABLE_ENTITY,   "The inquiry is empty";
    InquiryTooLong,          "inquiry-too-long",          UNPROCESSABLE_ENTITY,   "The inquiry is too long";
    InquiryControlCharacter, "inquiry-control-character", UNPROCESSABLE_ENTITY,   "The inquiry is not plain text";
    DecisionInvalid,         "decision-invalid",          UNPROCESSABLE_ENTITY,   "The decision does not fit the draft";
    ProposalNeedsReason,     "proposal-needs-reason",     UNPROCESSABLE_ENTITY,   "The decision needs a reason";
    RulingInvalid,           "ruling-invalid",            UNPROCESSABLE_ENTITY,   "The ruling does not fit the finding";
    IdempotencyKeyReused,    "idempotency-key-reused",    UNPROCESSABLE_ENTITY,   "The Idempotency-Key belongs to another request";
    TooManyRequests,         "too-many-requests",         TOO_MANY_REQUESTS,      "Too much at once";
    Internal,                "internal",                  INTERNAL_SERVER_ERROR,  "Something went wrong here";
    StoreUnavailable,        "store-unavailable",         SERVICE_UNAVAILABLE,    "The store does not answer";
    TracesRemain,            "traces-remain",             SERVICE_UNAVAILABLE,    "The words are erased, their traces on the disk are not gone yet";
    IndexUnavailable,        "index-unavailable",         SERVICE_UNAVAILABLE,    "The search index cannot be read";
    AuditLogForked,          "audit-log-forked",          CONFLICT,               "The audit log does not extend the checkpoint that was kept";
    DiskFull,                "disk-full",                 INSUFFICIENT_STORAGE,   "The disk is full";
}

impl Code {
    /// Reads [`Code::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }

    /// A URI that names the kind of problem; it leads nowhere on purpose, the document is at `/docs`.
    fn kind(self) -> String {
        format!("urn:aizuchi:problem:{}", self.as_str())
    }

    /// In how many seconds it is worth trying again.
    fn retry_after(self) -> Option<u32> {
        match self {
            Self::TooManyRequests | Self::RequestInProgress => Some(1),
            Self::StoreUnavailable | Self::IndexUnavailable => Some(5),
            Self::DiskFull | Self::TracesRemain => Some(60),
            _ => None,
        }
    }
}

/// Every code with its status and title, for the README's table and whoever else wants to be held to it.
pub fn problem_table() -> Vec<(&'static str, u16, &'static str)> {
    Code::ALL.iter().map(|code| (code.as_str(), code.status().as_u16(), code.title())).collect()
}

/// A failure on its way to the client. [`super::request`] writes its body, because it alone knows the request's id.
#[derive(Debug, Clone)]
pub struct Problem {
    code: Code,
    detail: String,
    errors: Vec<FieldError>,
}

/// One thing that does not fit in a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Where, as a JSON Pointer.
    #[schema(example = "/records/0/name")]
    pub pointer: String,
    /// What was expected; the value that was found is never repeated.
    #[schema(example = "expected a string, found a number")]
    pub detail: String,
}

/// A failure (RFC 9457), as `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Names the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "urn:aizuchi:problem:workspace-not-found")]
    kind: String,
    /// What people read.
    #[schema(example = "No such workspace")]
    title: &'static str,
    /// The HTTP status again.
    #[schema(example = 404)]
    status: u16,
    /// The stable word to compare.
    #[schema(example = "workspace-not-found")]
    code: &'static str,
    /// What was expected, what was found, what to try.
    detail: String,
    /// What to tell the administrator.
    #[schema(example = "req_5f0c11aa_42")]
    request_id: String,
    /// What does not fit, one by one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldError>,
}

impl Problem {
    /// A problem with its own words.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), errors: Vec::new() }
    }

    /// What is wrong with a body or a query, place by place; the first stands in the detail too.
    pub fn unfit(code: Code, errors: Vec<FieldError>) -> Self {
        let detail = match errors.first() {
            Some(first) if first.pointer.is_empty() => first.detail.clone(),
            Some(first) => format!("{}: {}", first.pointer, first.detail),
            None => code.title().to_owned(),
        };
        Self { code, detail, errors }
    }

    /// One place in a body that does not fit.
    pub fn at(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::unfit(Code::BodyInvalid, vec![FieldError { pointer: pointer.into(), detail: detail.into() }])
    }

    /// The same under another code, e.g. for a query rather than a body.
    pub fn with_code(self, code: Code) -> Self {
        Self { code, ..self }
    }

    /// A failure whose cause is ours; the cause belongs into the log, not here.
    pub fn internal() -> Self {
        Self::new(Code::Internal, "the request could not be finished: tell the administrator its request_id")
    }

    /// What went wrong.
    pub fn code(&self) -> Code {
        self.code
    }

    /// What was expected, what was found, what to try.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// What the client reads.
    pub fn body(&self, request_id: &str) -> ProblemBody {
        ProblemBody {
            kind: self.code.kind(),
            title: self.code.title(),
            status: self.code.status().as_u16(),
            code: self.code.as_str(),
            detail: self.detail.clone(),
            request_id: request_id.to_owned(),
            errors: self.errors.clone(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.code.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code.status() == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"aizuchi\""));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let code = Code::parse(error.code()).unwrap_or(Code::Internal);
        match code {
            Code::StoreUnavailable | Code::IndexUnavailable => {
                tracing::error!(code = code.as_str(), %error, "a request met a broken store or index");
                Self::new(code, "nothing was changed: try again in a moment, and look at /readyz if it goes on")
            }
            Code::Internal => {
                tracing::error!(%error, "a request could not be finished");
                Self::internal()
            }
            _ => Self::new(code, error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_that_a_verb_can_give_is_in_the_table() {
        let source = include_str!("../app/errors.rs");
        let body = source.split("fn code(&self)").nth(1).and_then(|rest| rest.split("\nimpl ").next()).unwrap();
        let strings = body.split('"').skip(1).step_by(2);
        let codes: Vec<&str> =
            strings.filter(|text| text.contains('-') || ["internal", "erased"].contains(text)).collect();
        assert!(codes.len() > 10, "the reading of errors.rs finds nothing: {codes:?}");
        for code in codes {
            assert!(Code::parse(code).is_some(), "{code} is missing in the table of problems");
        }
    }

    #[test]
    fn a_code_stands_in_the_table_once_and_only_with_an_error_status() {
        let table = problem_table();
        for (at, (code, status, title)) in table.iter().enumerate() {
            assert!((400..600).contains(status), "{code}");
            assert!(!title.is_empty() && !title.ends_with('.'), "{code}");
            assert!(table[..at].iter().all(|(other, ..)| other != code), "{code} stands twice");
        }
    }

    #[test]
    fn a_cause_inside_stays_inside() {
        let problem = Problem::from(AppError::NoRandomness("device of 山田太郎".to_owned()));
        assert_eq!(problem.code(), Code::Internal);
        assert!(!problem.detail().contains("山田"));
    }

    #[test]
    fn a_full_disk_says_when_to_come_back() {
        let response = Problem::new(Code::DiskFull, "").into_response();
        assert_eq!(response.status(), StatusCode::INSUFFICIENT_STORAGE);
        assert!(response.headers().contains_key(header::RETRY_AFTER));
    }
}
