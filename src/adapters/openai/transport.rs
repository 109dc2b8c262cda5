//! One request over the wire, with its own limits: to the head, between two pieces, on the whole, and in size. What
//! came is kept as it came. The crate's own transport would repeat a request, wait as long as a server likes, and
//! lose the status of an error that it cannot read.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use async_openai::{error::OpenAIError, middleware::HttpRequestFactory};
use futures_util::stream;
use reqwest::{Body, Response, header::CONTENT_TYPE};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::refusal;
use crate::{
    config::Limits,
    domain::Failure,
    ports::{Question, Unheard},
};

/// No letter is longer: what comes beyond is not read.
const MAX_BYTES: usize = 1024 * 1024;
/// So much of a refusal is read for its code.
const MAX_REFUSAL_BYTES: usize = 64 * 1024;

/// What one request has seen.
#[derive(Debug, Default)]
pub struct Seen {
    pub status: Option<u16>,
    pub first_byte: Option<Duration>,
    /// The body, as far as it was read.
    pub raw: Vec<u8>,
    /// Why it ended early.
    pub unheard: Option<Unheard>,
    is_stream: bool,
}

impl Seen {
    /// Whether a stream said that it is at its end.
    pub fn is_done(&self) -> bool {
        let tail = &self.raw[self.raw.len().saturating_sub(64)..];
        tail.windows(6).any(|six| six == b"[DONE]")
    }

    /// The body as JSON, where it is no stream.
    pub fn json(&self) -> Option<Value> {
        if self.is_stream { None } else { serde_json::from_slice(&self.raw).ok() }
    }
}

/// Carries one request.
#[derive(Clone)]
pub struct Transport {
    http: reqwest::Client,
    first_byte: Duration,
    idle: Duration,
    deadline: Instant,
    schema: bool,
    most: usize,
    seen: Arc<Mutex<Seen>>,
}

impl Transport {
    pub fn new(http: reqwest::Client, limits: &Limits, question: Question<'_>) -> Self {
        Self {
            http,
            // In one piece the head comes with the text: only the deadline is then too long.
            first_byte: if question.stream { limits.first_byte } else { limits.deadline },
            idle: limits.idle,
            deadline: question.deadline,
            schema: question.schema.is_some(),
            most: MAX_BYTES,
            seen: Arc::default(),
        }
    }

    /// The same for an answer that may be of so many bytes.
    pub fn reading(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// What was seen; the request is over.
    pub fn into_seen(self) -> Seen {
        std::mem::take(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the request: the reason is kept, because the crate would only pass on that something broke.
    fn end(&self, unheard: Unheard) -> OpenAIError {
        let told = OpenAIError::InvalidArgument(unheard.detail.clone());
        self.lock().unheard.get_or_insert(unheard);
        told
    }

    async fn carry(self, request: HttpRequestFactory) -> Result<Response, OpenAIError> {
        let request = request.build().await?;
        let started = Instant::now();
        let head = timeout_at(self.deadline.min(started + self.first_byte), self.http.execute(request)).await;
        let response = match head {
            Err(_) => {
                let detail = format!("nothing came within {:.1} s", started.elapsed().as_secs_f64());
                return Err(self.end(Unheard::new(Failure::Timeout, detail)));
            }
            Ok(Err(error)) if error.is_timeout() => {
                return Err(self.end(Unheard::new(Failure::Timeout, "connecting took too long")));
            }
            Ok(Err(_)) => {
                return Err(self.end(Unheard::new(Failure::Unreachable, "the connection failed before an answer came")));
            }
            Ok(Ok(response)) => response,
        };
        let status = response.status();
        let kind = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let is_stream = kind.starts_with("text/event-stream");
        {
            let mut seen = self.lock();
            (seen.status, seen.first_byte, seen.is_stream) =
                (Some(status.as_u16()), Some(started.elapsed()), is_stream);
        }
        if !status.is_success() {
            return Err(self.refused(response).await);
        }
        let head = http::Response::builder().status(status).header(CONTENT_TYPE, kind);
        let pieces = stream::try_unfold((self, response), |(this, mut response)| async move {
            Ok::<_, std::io::Error>(this.piece(&mut response, this.most).await?.map(|piece| (piece, (this, response))))
        });
        let whole = head.body(Body::wrap_stream(pieces));
        Ok(Response::from(whole.map_err(|error| OpenAIError::InvalidArgument(error.to_string()))?))
    }

    /// The next piece of the body.
    async fn piece(&self, response: &mut Response, most: usize) -> std::io::Result<Option<bytes::Bytes>> {
        let next = timeout_at(self.deadline.min(Instant::now() + self.idle), response.chunk()).await;
        let unheard = match next {
            Ok(Ok(None)) => return Ok(None),
            Ok(Ok(Some(piece))) => {
                let mut seen = self.lock();
                let room = most - seen.raw.len().min(most);
                seen.raw.extend_from_slice(&piece[..piece.len().min(room)]);
                if piece.len() <= room {
                    return Ok(Some(piece));
                }
                Unheard::new(Failure::TooLarge, format!("the answer is longer than {most} bytes"))
            }
            Ok(Err(_)) => Unheard::new(Failure::Truncated, "the connection broke in the middle of the answer"),
            Err(_) if Instant::now() >= self.deadline => {
                Unheard::new(Failure::Timeout, "the answer was not complete by the deadline")
            }
            Err(_) => {
                let detail = format!("silence for {:.1} s in the middle of the answer", self.idle.as_secs_f64());
                Unheard::new(Failure::Timeout, detail)
            }
        };
        Err(std::io::Error::other(self.end(unheard)))
    }

    /// The reason of an answer that is none. What is too long or breaks off is still a refusal.
    async fn refused(&self, mut response: Response) -> OpenAIError {
        while let Ok(Some(_)) = self.piece(&mut response, MAX_REFUSAL_BYTES).await {}
        let refusal = {
            let seen = self.lock();
            refusal::of_status(response.status(), response.headers(), &seen.raw, self.schema)
        };
        self.lock().unheard = None;
        self.end(refusal)
    }
}

impl tower::Service<HttpRequestFactory> for Transport {
    type Response = Response;
    type Error = OpenAIError;
    type Future = Pin<Box<dyn Future<Output = Result<Response, OpenAIError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), OpenAIError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequestFactory) -> Self::Future {
        Box::pin(self.clone().carry(request))
    }
}
