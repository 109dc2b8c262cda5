//! Models behind an OpenAI-compatible server, by async-openai.
//!
//! One call is one request. The crate gives the client and the events of a stream; its own repetitions, its typed
//! answers and its reading of errors are passed by, because real servers differ in all three: the body goes out and
//! comes back as plain JSON (`reading`), the transport is ours (`transport`), and so is what a status means
//! (`refusal`). What a server sends may repeat the prompt, so none of it is logged.

mod embedder;
mod endpoint;
mod reading;
mod recorded;
mod refusal;
mod transport;

use std::time::Duration;

use async_openai::{Client, error::OpenAIError};
use async_trait::async_trait;
use futures_util::StreamExt as _;
use serde_json::{Map, Value, json};

pub use self::{embedder::OpenAiEmbedder, recorded::said};
use self::{
    endpoint::Endpoint,
    reading::Reading,
    transport::{Seen, Transport},
};
use crate::{
    config::ModelSettings,
    domain::{Failure, Message},
    ports::{ChatModel, Hear, Heard, Question, Unheard},
};

/// Idle connections are kept so long: shorter than servers keep theirs.
const KEPT_IDLE: Duration = Duration::from_secs(20);

/// One model at one server.
pub struct OpenAiModel {
    http: reqwest::Client,
    endpoint: Endpoint,
    settings: ModelSettings,
}

/// Why a model cannot be reached by its settings.
#[derive(Debug, thiserror::Error)]
pub enum ModelOpenError {
    /// The address is none.
    #[error("the model's base URL cannot be used: {0}")]
    Url(String),
    /// The key has characters that no header can carry.
    #[error("the model's key has characters that cannot be sent: it should be one line of ASCII")]
    Key,
    /// The client could not be made, e.g. because no root certificates are found.
    #[error("the HTTP client cannot be made: {0}")]
    Client(String),
}

impl OpenAiModel {
    /// Opens nothing yet: the first question connects.
    pub fn new(settings: &ModelSettings) -> Result<Self, ModelOpenError> {
        let (http, endpoint) = client(settings)?;
        Ok(Self { http, endpoint, settings: settings.clone() })
    }

    /// Host and port, for the record.
    pub fn host(&self) -> &str {
        self.endpoint.host()
    }

    /// Everything of the request but the messages.
    fn parameters(&self, question: Question<'_>) -> Map<String, Value> {
        let settings = &self.settings;
        let mut body = Map::new();
        let mut put = |key: &str, value: Option<Value>| value.map(|value| body.insert(key.to_owned(), value));
        put("model", Some(settings.model.as_str().into()));
        put("temperature", settings.temperature.map(Value::from));
        put("top_p", settings.top_p.map(Value::from));
        put("seed", settings.seed.map(Value::from));
        // Newer models of OpenAI know the limit by another name and refuse this one.
        let limit = settings.max_tokens;
        put("max_tokens", (!settings.extra.contains_key("max_completion_tokens")).then(|| limit.into()));
        if let Some(schema) = question.schema {
            let format = json!({ "name": "reply", "strict": true, "schema": schema });
            put("response_format", Some(json!({ "type": "json_schema", "json_schema": format })));
        }
        // The crate leaves this to the caller when bodies are plain JSON; without it no stream comes.
        put("stream", Some(question.stream.into()));
        put("stream_options", question.stream.then(|| json!({ "include_usage": true })));
        for (key, value) in &settings.extra {
            put(key, Some(value.clone()));
        }
        body
    }

    async fn stream(
        &self,
        client: &Client<Endpoint>,
        body: &Value,
        reading: &mut Reading,
        hear: Hear<'_>,
    ) -> Result<(), Fault> {
        let mut chunks = client.chat().create_stream_byot::<_, Value>(body).await?;
        while let Some(chunk) = chunks.next().await {
            reading.chunk(&chunk?, hear)?;
        }
        Ok(())
    }

    async fn whole(&self, client: &Client<Endpoint>, body: &Value, reading: &mut Reading) -> Result<(), Fault> {
        let answer: Value = client.chat().create_byot(body).await?;
        Ok(reading.whole(&answer)?)
    }
}

/// The client for one server.
fn client(settings: &ModelSettings) -> Result<(reqwest::Client, Endpoint), ModelOpenError> {
    let endpoint = Endpoint::new(settings)?;
    let mut http = super::http()
        .connect_timeout(settings.limits.connect)
        .pool_idle_timeout(KEPT_IDLE)
        .tcp_nodelay(true)
        // A redirect would carry key and prompt to a host that nobody named.
        .redirect(reqwest::redirect::Policy::none());
    if endpoint.is_loopback() {
        http = http.no_proxy();
    }
    let http = http.build().map_err(|error| ModelOpenError::Client(error.to_string()))?;
    Ok((http, endpoint))
}

/// What ends a request early. `None`: the crate gave up, and only the transport knows why.
struct Fault(Option<Unheard>);

impl From<OpenAIError> for Fault {
    fn from(_: OpenAIError) -> Self {
        Self(None)
    }
}

impl From<Unheard> for Fault {
    fn from(unheard: Unheard) -> Self {
        Self(Some(unheard))
    }
}

#[async_trait]
impl ChatModel for OpenAiModel {
    async fn ask(&self, question: Question<'_>, hear: Hear<'_>) -> Heard {
        let parameters = self.parameters(question);
        let said = Value::Object(parameters.clone()).to_string();
        let mut body = parameters;
        body.insert("messages".to_owned(), question.messages.iter().map(message).collect());
        let body = Value::Object(body);
        let transport = Transport::new(self.http.clone(), &self.settings.limits, question);
        let client = Client::build(self.http.clone(), self.endpoint.clone()).with_http_service(transport.clone());
        let mut reading = Reading::default();
        let mut done = match question.stream {
            true => self.stream(&client, &body, &mut reading, hear).await,
            false => self.whole(&client, &body, &mut reading).await,
        };
        let seen = transport.into_seen();
        // Asked for a stream, some servers answer in one piece all the same.
        if let (Ok(()), true, Some(whole)) = (&done, question.stream, seen.json()) {
            done = reading.whole(&whole).map_err(Fault::from);
        }
        heard(done, seen, reading, said)
    }
}

fn message(message: &Message) -> Value {
    json!({ "role": message.role.as_str(), "content": message.content })
}

fn heard(done: Result<(), Fault>, seen: Seen, reading: Reading, parameters: String) -> Heard {
    let said = match (done, &seen.unheard) {
        // What the transport saw comes first: the crate only knows that something broke.
        (_, Some(unheard)) => Err(unheard.clone()),
        (Err(Fault(Some(unheard))), None) => Err(unheard),
        (Err(Fault(None)), None) => {
            Err(Unheard::new(Failure::Malformed, "the answer is not the JSON of a chat completion"))
        }
        (Ok(()), None) => reading.text(seen.is_done()),
    };
    let Reading { answered_by, response_id, fingerprint, finish, usage, .. } = reading;
    Heard {
        said,
        parameters,
        status: seen.status,
        first_byte: seen.first_byte,
        raw: String::from_utf8_lossy(&seen.raw).into_owned(),
        answered_by,
        response_id,
        fingerprint,
        finish,
        usage,
    }
}
