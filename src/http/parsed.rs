//! The door: bytes become typed requests here, or a problem that says what was expected. No message repeats a
//! value that was sent; it may be a customer's.

use std::{
    any::TypeId,
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{HeaderMap, Method, header, request::Parts},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio_stream::StreamExt as _;
use utoipa::ToSchema;

use super::{
    fits::Shape,
    problem::{Code, FieldError, Problem},
    strict::Strict,
};
use crate::{
    app::Once,
    domain::{Id, Named},
};

/// The largest body that is read. The longest inquiry and its records fit in it, also from a client that escapes
/// every character (`\u3042` is six bytes), as Python's does unless told otherwise.
pub const MAX_BODY_BYTES: usize = 512 * 1024;
/// A larger body is taken from the wire up to here and thrown away: a client that is still sending does not hear an
/// answer, it sees a reset.
const DRAIN_BYTES: usize = 8 * 1024 * 1024;
/// A body has to arrive within this.
const BODY_TIME: Duration = Duration::from_secs(30);
/// An `Idempotency-Key` has at most so many characters.
const MAX_KEY_CHARS: usize = 200;

/// A JSON body of the shape that the document promises, and what makes a repetition of it harmless.
pub struct Parsed<T> {
    /// The request.
    pub body: T,
    /// From `Idempotency-Key`, if it was sent.
    pub once: Option<Once>,
}

impl<S: Send + Sync, T: DeserializeOwned + ToSchema + 'static> FromRequest<S> for Parsed<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        // The body is read before anything is refused for its headers, so that the refusal can be heard.
        let bytes = match tokio::time::timeout(BODY_TIME, read(body)).await {
            Ok(bytes) => bytes?,
            Err(_) => {
                let detail = format!("the body did not arrive within {} seconds", BODY_TIME.as_secs());
                return Err(Problem::new(Code::RequestTimeout, detail));
            }
        };
        is_json(&parts.headers)?;
        let once = once(&parts.method, parts.uri.path(), &parts.headers, &bytes)?;
        Ok(Self { body: decode(json(&bytes)?, Code::BodyInvalid)?, once })
    }
}

/// What stands behind the `?`, checked like a body.
pub struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + ToSchema + 'static> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|_| Problem::new(Code::QueryInvalid, "the query is not of the form a=b&c=d"))?;
        let shape = shape::<T>();
        let mut fields = serde_json::Map::new();
        for (name, text) in pairs.0 {
            let value = match shape.kind_of(&name) {
                Some("integer") => text.parse::<u64>().ok().map(Value::from),
                Some("boolean") => text.parse::<bool>().ok().map(Value::from),
                _ => None,
            };
            let value = value.unwrap_or(Value::String(text));
            let twice = format!("/{name}");
            if fields.insert(name, value).is_some() {
                let errors = vec![FieldError { pointer: twice, detail: "given more than once".to_owned() }];
                return Err(Problem::unfit(Code::QueryInvalid, errors));
            }
        }
        decode(Value::Object(fields), Code::QueryInvalid).map(Asked)
    }
}

/// The id in a path.
pub struct At<T>(pub Id<T>);

impl<S: Send + Sync, T: Named> FromRequestParts<S> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let malformed = || Problem::new(Code::IdMalformed, format!("expected an id like `{}_0192f0c1-...`", T::PREFIX));
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| malformed())?;
        Id::parse(&text).map(At).map_err(|_| malformed())
    }
}

/// A document's key in a path, percent-encoded there.
pub struct Keyed(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Keyed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let malformed = || Problem::new(Code::IdMalformed, "expected a document's key, percent-encoded UTF-8");
        Path::<String>::from_request_parts(parts, state).await.map(|Path(key)| Self(key)).map_err(|_| malformed())
    }
}

async fn read(body: Body) -> Result<Bytes, Problem> {
    let mut chunks = body.into_data_stream();
    let (mut kept, mut seen) = (Vec::new(), 0_usize);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Problem::new(Code::JsonMalformed, "the body broke off before its end"))?;
        seen += chunk.len();
        if seen <= MAX_BODY_BYTES {
            kept.extend_from_slice(&chunk);
        } else if seen > DRAIN_BYTES {
            break;
        }
    }
    if seen > MAX_BODY_BYTES {
        let detail = format!("a body has at most {MAX_BODY_BYTES} bytes: send the words without attachments");
        return Err(Problem::new(Code::BodyTooLarge, detail));
    }
    Ok(kept.into())
}

/// `application/json`, in UTF-8 if it says so, and not packed.
fn is_json(headers: &HeaderMap) -> Result<(), Problem> {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (kind, parameters) = sent.split_once(';').unwrap_or((sent, ""));
    let charset = parameters
        .split(';')
        .find_map(|one| one.trim().to_ascii_lowercase().strip_prefix("charset=").map(str::to_owned));
    let utf8 = charset.is_none_or(|name| matches!(name.trim_matches('"'), "utf-8" | "utf8"));
    if !kind.trim().eq_ignore_ascii_case("application/json") || !utf8 {
        let detail = "send the body with `Content-Type: application/json`, in UTF-8";
        return Err(Problem::new(Code::ContentTypeUnsupported, detail));
    }
    if headers.get(header::CONTENT_ENCODING).is_some_and(|packing| packing != "identity") {
        return Err(Problem::new(Code::ContentTypeUnsupported, "send the body without Content-Encoding"));
    }
    Ok(())
}

fn json(bytes: &[u8]) -> Result<Value, Problem> {
    let malformed = |detail: String| Problem::new(Code::JsonMalformed, detail);
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(malformed("the body begins with a byte order mark: send it without".to_owned()));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| malformed(format!("the body is not UTF-8 from byte {} on", error.valid_up_to())))?;
    // serde_json names the mistake and its place, never the text around it.
    let Strict(value) = serde_json::from_str(text).map_err(|error| malformed(format!("not JSON: {error}")))?;
    Ok(value)
}

fn decode<T: DeserializeOwned + ToSchema + 'static>(value: Value, code: Code) -> Result<T, Problem> {
    let errors = shape::<T>().misfits(&value);
    if !errors.is_empty() {
        return Err(Problem::unfit(code, errors));
    }
    // What fits the schema decodes; were it otherwise, the message would repeat values.
    serde_json::from_value(value).map_err(|_| Problem::new(code, "see the shape of this request at /docs"))
}

/// Shapes are made once a type.
fn shape<T: ToSchema + 'static>() -> Arc<Shape> {
    static SHAPES: RwLock<Option<HashMap<TypeId, Arc<Shape>>>> = RwLock::new(None);
    let id = TypeId::of::<T>();
    if let Some(shape) = SHAPES.read().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(|all| all.get(&id)) {
        return Arc::clone(shape);
    }
    let shape = Arc::new(Shape::of::<T>());
    let mut all = SHAPES.write().unwrap_or_else(PoisonError::into_inner);
    all.get_or_insert_default().insert(id, Arc::clone(&shape));
    shape
}

/// The same key with another method, path or body is another request.
fn once(method: &Method, path: &str, headers: &HeaderMap, body: &[u8]) -> Result<Option<Once>, Problem> {
    let mut sent = headers.get_all("idempotency-key").iter();
    let Some(value) = sent.next() else { return Ok(None) };
    let visible = value.as_bytes().iter().all(u8::is_ascii_graphic) && (1..=MAX_KEY_CHARS).contains(&value.len());
    if !visible || sent.next().is_some() {
        let detail = format!("expected one Idempotency-Key of 1 to {MAX_KEY_CHARS} visible ASCII characters");
        return Err(Problem::new(Code::HeaderInvalid, detail));
    }
    let mut hash = Sha256::new();
    for part in [method.as_str().as_bytes(), path.as_bytes()] {
        hash.update(part);
        hash.update(b"\n");
    }
    hash.update(body);
    let key = String::from_utf8_lossy(value.as_bytes()).into_owned();
    Ok(Some(Once { key, request_hash: hex::encode(hash.finalize()) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_is_not_json_is_told_where_and_never_what() {
        for (bytes, part) in [
            (&b"{\"text\": \"\xe5\xb1\"}"[..], "byte 10"),
            (br#"{"text": "\ud800"}"#, "not JSON"),
            (r#"{"text": "山田" "#.as_bytes(), "line 1"),
            (b"\xef\xbb\xbf{}", "byte order mark"),
            (b"", "not JSON"),
            ("[".repeat(100_000).as_bytes(), "recursion"),
        ] {
            let problem = json(bytes).unwrap_err();
            let detail = problem.detail();
            assert!(detail.contains(part) && !detail.contains("山田"), "{detail}");
        }
    }

    #[test]
    fn one_byte_of_difference_is_another_request() {
        let headers =
            HeaderMap::from_iter([(header::HeaderName::from_static("idempotency-key"), "k".parse().unwrap())]);
        let hash = |method, path, body: &[u8]| once(&method, path, &headers, body).unwrap().unwrap().request_hash;
        let first = hash(Method::POST, "/v1/replies", b"{}");
        assert_eq!(first, hash(Method::POST, "/v1/replies", b"{}"));
        assert_ne!(first, hash(Method::POST, "/v1/replies", b"{} "));
        assert_ne!(first, hash(Method::POST, "/v1/inquiries", b"{}"));
    }
}
