//! What a status and its body mean. Bodies differ from server to server (an `error` object with a code that is text
//! or number, a bare `detail`, a gateway's page), so they are read for what can be told from them and no more.

use std::time::Duration;

use reqwest::{
    StatusCode,
    header::{DATE, HeaderMap, HeaderName, RETRY_AFTER},
};
use serde_json::Value;

use crate::{domain::Failure, ports::Unheard};

/// Words by which servers say that a prompt is too long, in lower case.
const TOO_LONG: [&str; 8] = [
    "context_length_exceeded",
    "exceed_context_size",
    "maximum context length",
    "context length",
    "context size",
    "context window",
    "prompt is too long",
    "too large to process",
];

/// An answer that is none. `schema`: the request asked for a shape.
pub fn of_status(status: StatusCode, headers: &HeaderMap, body: &[u8], schema: bool) -> Unheard {
    let error = Words::of(body);
    let failure = match status.as_u16() {
        401 | 403 => Failure::Unauthorized,
        429 if error.say(&["insufficient_quota", "quota"]) => Failure::Quota,
        429 => Failure::RateLimited,
        413 => Failure::TooLong,
        400 | 422 | 500 if error.say(&TOO_LONG) => Failure::TooLong,
        404 | 410 => Failure::NoSuchModel,
        400 if error.say(&["model_not_found"]) => Failure::NoSuchModel,
        408 | 409 | 425 | 500.. => Failure::ServerError,
        _ => Failure::Rejected,
    };
    let detail = match status.is_redirection() {
        true => format!("HTTP {status}: the base URL leads elsewhere, and redirects are not followed"),
        false => format!("HTTP {status}{}", error.code.as_ref().map(|code| format!(" {code}")).unwrap_or_default()),
    };
    Unheard {
        retry_after: retry_after(headers),
        context_tokens: error.context_tokens,
        no_schema: schema && matches!(status.as_u16(), 400 | 422 | 500 | 501) && failure != Failure::TooLong,
        ..Unheard::new(failure, detail)
    }
}

/// An error in the middle of a stream, or in a body under status 200.
pub fn in_stream(error: &Value) -> Unheard {
    let error = Words::of_error(error);
    let failure = match () {
        () if error.say(&TOO_LONG) => Failure::TooLong,
        () if error.say(&["insufficient_quota"]) => Failure::Quota,
        () if error.say(&["rate_limit", "429"]) => Failure::RateLimited,
        () => Failure::ServerError,
    };
    let code = error.code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
    Unheard { context_tokens: error.context_tokens, ..Unheard::new(failure, format!("the answer is an error{code}")) }
}

/// What an error body lets one tell.
struct Words {
    /// All that it says, in lower case: to look for words in, never to show.
    all: String,
    /// Its code, if it is a plain word.
    code: Option<String>,
    context_tokens: Option<usize>,
}

impl Words {
    fn of(body: &[u8]) -> Self {
        match serde_json::from_slice::<Value>(body) {
            Ok(value) => Self::of_error(value.get("error").unwrap_or(&value)),
            Err(_) => Self { all: String::from_utf8_lossy(body).to_lowercase(), code: None, context_tokens: None },
        }
    }

    fn of_error(error: &Value) -> Self {
        let word = |key: &str| match error.get(key) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        // A code is an identifier; anything else may be the prompt repeated.
        let plain = |text: &String| {
            text.len() <= 60 && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        };
        Self {
            all: error.to_string().to_lowercase(),
            code: word("code").or_else(|| word("type")).filter(plain),
            context_tokens: error.get("n_ctx").and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok()),
        }
    }

    fn say(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.all.contains(word))
    }
}

/// `Retry-After` in seconds or as a date, or OpenAI's `retry-after-ms`; what makes no sense is as if it were not
/// there. A date counts from the server's own `Date`.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(millis) = text(HeaderName::from_static("retry-after-ms")).and_then(|text| text.parse::<f64>().ok()) {
        return Duration::try_from_secs_f64(millis / 1_000.0).ok();
    }
    let after = text(RETRY_AFTER)?;
    if let Ok(seconds) = after.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let moment = |text: &str| jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp());
    let wait = moment(after)?.duration_since(moment(text(DATE)?)?);
    Duration::try_from(wait).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, body: &str) -> Failure {
        of_status(StatusCode::from_u16(status).unwrap(), &HeaderMap::new(), body.as_bytes(), false).failure
    }

    #[test]
    fn every_server_s_way_to_say_no_is_understood() {
        let table = [
            (
                401,
                r#"{"error":{"message":"Invalid API Key","type":"authentication_error","code":401}}"#,
                Failure::Unauthorized,
            ),
            (403, "", Failure::Unauthorized),
            (404, r#"{"error":{"message":"no such model","code":"model_not_found"}}"#, Failure::NoSuchModel),
            (404, r#"{"detail":"Not Found"}"#, Failure::NoSuchModel),
            (429, r#"{"error":{"code":"insufficient_quota"}}"#, Failure::Quota),
            (429, r#"{"error":{"code":"rate_limit_exceeded"}}"#, Failure::RateLimited),
            (400, r#"{"error":{"code":"context_length_exceeded"}}"#, Failure::TooLong),
            (400, r#"{"error":{"code":400,"type":"exceed_context_size_error","n_ctx":8192}}"#, Failure::TooLong),
            (400, r#"{"error":{"message":"bad"}}"#, Failure::Rejected),
            (422, r#"{"title":"problem only","status":422}"#, Failure::Rejected),
            (500, "Internal Server Error", Failure::ServerError),
            (502, "<html><h1>Bad Gateway</h1></html>", Failure::ServerError),
            (503, "", Failure::ServerError),
            (307, "", Failure::Rejected),
        ];
        for (status, body, wanted) in table {
            assert_eq!(failure(status, body), wanted, "{status} {body}");
        }
    }

    #[test]
    fn a_detail_never_repeats_what_the_server_said() {
        let body = r#"{"error":{"message":"山田太郎 cannot be parsed","code":"山田太郎"}}"#;
        let unheard = of_status(StatusCode::BAD_REQUEST, &HeaderMap::new(), body.as_bytes(), true);
        assert!(!unheard.detail.contains("山田") && unheard.no_schema, "{}", unheard.detail);
        let long = r#"{"error":{"type":"exceed_context_size_error","n_ctx":8192}}"#;
        let unheard = of_status(StatusCode::BAD_REQUEST, &HeaderMap::new(), long.as_bytes(), true);
        assert_eq!((unheard.context_tokens, unheard.no_schema), (Some(8192), false));
    }

    #[test]
    fn a_wait_is_read_in_every_form_and_nonsense_is_none() {
        let wait = |pairs: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            retry_after(&headers).map(|wait| wait.as_millis())
        };
        assert_eq!(wait(&[("retry-after", "0")]), Some(0));
        assert_eq!(wait(&[("retry-after", "86400")]), Some(86_400_000));
        assert_eq!(wait(&[("retry-after-ms", "250"), ("retry-after", "9")]), Some(250));
        for nonsense in ["-1", "soon", "", "Fri, 99 Foo"] {
            assert_eq!(wait(&[("retry-after", nonsense)]), None, "{nonsense}");
        }
        let date = "Sun, 29 Nov 2026 00:00:30 GMT";
        assert_eq!(wait(&[("retry-after", date)]), None, "without the server's own time a date says nothing");
        assert_eq!(wait(&[("retry-after", date), ("date", "Sun, 29 Nov 2026 00:00:00 GMT")]), Some(30_000));
    }
}
