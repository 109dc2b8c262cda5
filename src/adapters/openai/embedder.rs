//! A model that turns texts into vectors behind an OpenAI-compatible server: the transport, the limits and the meaning of
//! a status are those of the chat model; what is here is the body, and the ways in which an answer can be none.

use async_openai::Client;
use async_trait::async_trait;
use serde_json::{Map, Value};
use tokio::time::Instant;

use super::{ModelOpenError, client, endpoint::Endpoint, refusal, transport::Transport};
use crate::{
    config::{EmbeddingSettings, ModelSettings},
    domain::Failure,
    ports::{Embedder, Question, Unheard},
};

/// A batch of long vectors, written out as decimals, has no more bytes.
const MAX_BYTES: usize = 32 * 1024 * 1024;
/// No model has longer vectors.
const MAX_LENGTH: usize = 16_384;

/// One embedding model at one server.
pub struct OpenAiEmbedder {
    http: reqwest::Client,
    endpoint: Endpoint,
    settings: EmbeddingSettings,
}

impl OpenAiEmbedder {
    /// Opens nothing yet: the first text connects.
    pub fn new(settings: &EmbeddingSettings) -> Result<Self, ModelOpenError> {
        let (api, key, limits) = (settings.api.clone(), settings.key.clone(), settings.limits.clone());
        let server = ModelSettings { api, key, limits, ..ModelSettings::new(&settings.base_url, &settings.model) };
        let (http, endpoint) = client(&server)?;
        Ok(Self { http, endpoint, settings: settings.clone() })
    }

    /// Host and port.
    pub fn host(&self) -> &str {
        self.endpoint.host()
    }

    fn body(&self, texts: &[String]) -> Value {
        let mut body = Map::new();
        body.insert("model".to_owned(), self.settings.model.as_str().into());
        body.insert("input".to_owned(), texts.into());
        // The crate demands it, and base64 is not spoken everywhere.
        body.insert("encoding_format".to_owned(), "float".into());
        if let Some(dimensions) = self.settings.dimensions {
            body.insert("dimensions".to_owned(), dimensions.into());
        }
        Value::Object(body)
    }
}

#[async_trait]
impl Embedder for OpenAiEmbedder {
    async fn embed(&self, texts: &[String], deadline: Instant) -> Result<Vec<Vec<f32>>, Unheard> {
        let question = Question { messages: &[], schema: None, stream: false, deadline };
        let transport = Transport::new(self.http.clone(), &self.settings.limits, question).reading(MAX_BYTES);
        let client = Client::build(self.http.clone(), self.endpoint.clone()).with_http_service(transport.clone());
        let answer = client.embeddings().create_byot::<_, Value>(self.body(texts)).await;
        match (transport.into_seen().unheard, answer) {
            // What the transport saw comes first: the crate only knows that something broke.
            (Some(unheard), _) => Err(unheard),
            (None, Ok(answer)) => vectors(&answer, texts.len()),
            (None, Err(_)) => Err(malformed("the answer is not JSON")),
        }
    }
}

/// The vectors of an answer, in the order of the texts.
fn vectors(answer: &Value, count: usize) -> Result<Vec<Vec<f32>>, Unheard> {
    if let Some(error) = answer.get("error").filter(|error| !error.is_null()) {
        return Err(refusal::in_stream(error));
    }
    let data =
        answer.get("data").and_then(Value::as_array).ok_or_else(|| malformed("the answer has no list of data"))?;
    if data.len() != count {
        return Err(malformed(format!("expected {count} vectors, found {}", data.len())));
    }
    let mut vectors: Vec<Vec<f32>> = vec![Vec::new(); count];
    for item in data {
        let place = item.get("index").and_then(Value::as_u64).and_then(|index| usize::try_from(index).ok());
        let place = place.and_then(|place| vectors.get_mut(place)).filter(|place| place.is_empty());
        let place = place.ok_or_else(|| malformed("the indexes are not those of the texts, each once"))?;
        *place = vector(item.get("embedding").unwrap_or(&Value::Null))?;
    }
    match vectors.iter().all(|vector| vector.len() == vectors[0].len()) {
        true => Ok(vectors),
        false => Err(malformed("the vectors are of different lengths")),
    }
}

fn vector(embedding: &Value) -> Result<Vec<f32>, Unheard> {
    let numbers = embedding.as_array().ok_or_else(|| malformed("an embedding is not a list of numbers"))?;
    if numbers.is_empty() || numbers.len() > MAX_LENGTH {
        return Err(malformed(format!("expected 1 to {MAX_LENGTH} numbers, found {}", numbers.len())));
    }
    let finite = numbers.iter().map(|number| number.as_f64().map(|number| number as f32).filter(|n| n.is_finite()));
    let vector: Option<Vec<f32>> = finite.collect();
    let vector = vector.ok_or_else(|| malformed("an embedding has something that is no finite number"))?;
    match vector.iter().any(|number| *number != 0.0) {
        true => Ok(vector),
        false => Err(malformed("an embedding is zero and has no direction")),
    }
}

fn malformed(detail: impl Into<String>) -> Unheard {
    Unheard::new(Failure::Malformed, detail)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(data: Value) -> Result<Vec<Vec<f32>>, Unheard> {
        vectors(&json!({ "object": "list", "data": data, "model": "m" }), 2)
    }

    fn item(index: u64, embedding: Value) -> Value {
        json!({ "object": "embedding", "index": index, "embedding": embedding })
    }

    #[test]
    fn vectors_come_in_the_order_of_the_texts_whatever_the_order_of_the_answer() {
        let read = read(json!([item(1, json!([0, 1])), item(0, json!([1.5, 0.0]))])).unwrap();
        assert_eq!(read, [[1.5, 0.0], [0.0, 1.0]]);
    }

    #[test]
    fn every_way_to_lie_is_told_by_name() {
        let good = || item(0, json!([1, 0]));
        let table = [
            (json!([good()]), "expected 2 vectors, found 1"),
            (json!([good(), good()]), "each once"),
            (json!([good(), item(2, json!([1, 0]))]), "each once"),
            (json!([good(), { "embedding": [1, 0] }]), "each once"),
            (json!([good(), item(1, json!([1, 0, 0]))]), "different lengths"),
            (json!([good(), item(1, json!([]))]), "found 0"),
            (json!([good(), item(1, json!([0, 0]))]), "no direction"),
            (json!([good(), item(1, json!([1, null]))]), "no finite number"),
            (json!([good(), item(1, json!([1, 1e300]))]), "no finite number"),
            (json!([good(), item(1, json!("AACAPw=="))]), "not a list"),
            (json!({}), "no list"),
        ];
        for (data, told) in table {
            let unheard = read(data).unwrap_err();
            assert_eq!(unheard.failure, Failure::Malformed);
            assert!(unheard.detail.contains(told), "{told}: {}", unheard.detail);
        }
        let error = vectors(&json!({ "error": { "message": "rate_limit", "code": 429 } }), 2).unwrap_err();
        assert_eq!(error.failure, Failure::RateLimited);
    }
}
