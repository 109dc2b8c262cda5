//! An entry of `faq/` or `policy/`: its fields checked once, and the revision they make.

use super::{
    format::{Entry, Fault},
    passages,
};
use crate::domain::{AppliesBy, Audience, Day, Kind, NewRevision, Validity};

/// What an entry may say.
pub const FIELDS: &[&str] =
    &["key", "title", "answer", "note", "url", "audience", "valid_from", "valid_until", "applies_by"];

/// What an entry must say.
pub const REQUIRED: &[&str] = &["key", "title", "answer"];

/// In code points: longer than any policy we have seen, short enough for a page.
pub const MAX_BODY_CHARS: usize = 20_000;

/// Reads one entry.
pub fn revision(entry: &Entry, kind: Kind, source: &str) -> Result<NewRevision, Fault> {
    let key = key(entry)?;
    entry.required("title")?;
    let title = entry.short("title")?.unwrap_or_default().to_owned();
    entry.required("answer")?;
    let body = entry.long("answer", MAX_BODY_CHARS)?.unwrap_or_default().to_owned();
    let revision = NewRevision {
        key,
        kind,
        title,
        url: entry.short("url")?.map(|url| check_url(entry, url)).transpose()?,
        audience: entry.parsed("audience", audience)?.unwrap_or_default(),
        validity: validity(entry)?,
        body,
        note: entry.long("note", MAX_BODY_CHARS)?.map(str::to_owned),
        past_reply: None,
        source: Some(source.to_owned()),
    };
    if passages::cut(&revision).is_empty() {
        return Err(entry.fault("answer", "there are headings and no text: write what customers may read below them"));
    }
    Ok(revision)
}

/// The source's own id.
pub fn key(entry: &Entry) -> Result<String, Fault> {
    entry.required("key")?;
    Ok(entry.short("key")?.unwrap_or_default().to_owned())
}

fn check_url(entry: &Entry, url: &str) -> Result<String, Fault> {
    let web = url.starts_with("https://") || url.starts_with("http://");
    if web && !url.contains(char::is_whitespace) {
        return Ok(url.to_owned());
    }
    Err(entry.fault("url", format!("url: expected an address that begins with https://, found {url:?}")))
}

fn audience(text: &str) -> Result<Audience, String> {
    Audience::parse(text).ok_or_else(|| format!("expected public or internal, found {text:?}"))
}

fn validity(entry: &Entry) -> Result<Validity, Fault> {
    let by = entry.parsed("applies_by", |text| {
        AppliesBy::parse(text).ok_or_else(|| format!("expected now or order_date, found {text:?}"))
    })?;
    let from = entry.parsed("valid_from", Day::parse)?;
    let until = entry.parsed("valid_until", Day::parse)?;
    if let (Some(from), Some(until)) = (from, until)
        && from > until
    {
        let reason = format!("valid_until {until} is before valid_from {from}: the entry would never hold");
        return Err(entry.fault("valid_until", reason));
    }
    Ok(Validity { from, until, by: by.unwrap_or_default() })
}
