//! Texts in bodies: each is read by the type in `domain/` that keeps its promise, and what is refused is named by
//! its place, never repeated.

use crate::{
    domain::{Day, Id, InquiryText, InquiryTextError, Named, Reference, Timestamp, WorkspaceId},
    http::problem::{Code, Problem},
};

/// Reasons and labels have at most so many characters.
const MAX_NOTE_CHARS: usize = 2_000;

/// A workspace; a name that none can have is one that does not exist.
pub fn workspace(text: &str) -> Result<WorkspaceId, Problem> {
    let detail =
        "a workspace is named by 1 to 40 of a-z, 0-9 and inner hyphens: `GET /v1/workspaces` lists those you can reach";
    WorkspaceId::parse(text).map_err(|_| Problem::new(Code::WorkspaceNotFound, detail))
}

/// An id of the right kind, where one is given.
pub fn id<T: Named>(pointer: &str, text: Option<&str>) -> Result<Option<Id<T>>, Problem> {
    let read = |text| {
        Id::parse(text).map_err(|_| Problem::at(pointer, format!("expected an id like {}_0192f0c1-...", T::PREFIX)))
    };
    text.map(read).transpose()
}

/// A caller's own reference or a name, where one is given.
pub fn reference(pointer: &str, text: Option<&str>) -> Result<Option<Reference>, Problem> {
    text.map(|text| Reference::parse(text).map_err(|error| Problem::at(pointer, error.to_string()))).transpose()
}

/// As [`reference`], for what the domain keeps as plain text.
pub fn person(pointer: &str, text: Option<&str>) -> Result<Option<String>, Problem> {
    Ok(reference(pointer, text)?.map(|reference| reference.as_str().to_owned()))
}

/// A few plain words, where some are given.
pub fn note(pointer: &str, text: Option<String>) -> Result<Option<String>, Problem> {
    text.map(|text| plain(pointer, text, MAX_NOTE_CHARS)).transpose()
}

/// Plain text: not empty, at most `max` characters, no control characters but line ends and tabs.
pub fn plain(pointer: &str, text: String, max: usize) -> Result<String, Problem> {
    let refuse = |detail: String| Err(Problem::at(pointer, detail));
    if text.trim().is_empty() {
        return refuse("expected some words, found none".to_owned());
    }
    let chars = text.chars().count();
    if chars > max {
        return refuse(format!("expected at most {max} characters, found {chars}"));
    }
    match text.chars().position(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        Some(at) => refuse(format!("expected plain text, found a control character at {at}")),
        None => Ok(text),
    }
}

/// A reply as it was sent: as long as an inquiry may be, and kept as it is.
pub fn reply(pointer: &str, text: String) -> Result<String, Problem> {
    plain(pointer, text, InquiryText::MAX_CHARS)
}

/// A moment, where one is given.
pub fn moment(pointer: &str, text: Option<&str>) -> Result<Option<Timestamp>, Problem> {
    let detail = "expected a moment like 2026-11-23T09:31:00+09:00 or a date like 2026-11-23";
    text.map(|text| Timestamp::parse(text).map_err(|_| Problem::at(pointer, detail))).transpose()
}

/// A day, where one is given.
pub fn day(pointer: &str, text: Option<&str>) -> Result<Option<Day>, Problem> {
    let detail = "expected a date like 2026-11-23";
    text.map(|text| Day::parse(text).map_err(|_| Problem::at(pointer, detail))).transpose()
}

/// The customer's words.
pub fn inquiry(text: &str) -> Result<InquiryText, Problem> {
    InquiryText::parse(text).map_err(|error| {
        let code = match error {
            InquiryTextError::Empty => Code::InquiryEmpty,
            InquiryTextError::TooLong { .. } => Code::InquiryTooLong,
            InquiryTextError::Control { .. } => Code::InquiryControlCharacter,
        };
        Problem::new(code, error.to_string())
    })
}
