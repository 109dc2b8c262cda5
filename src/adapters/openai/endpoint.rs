//! Where requests go and what they carry to be let in. Nothing is read from the environment here: a key for one
//! server must not reach another.

use async_openai::config::Config;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::SecretString;

use super::ModelOpenError;
use crate::config::{Api, ModelSettings};

/// One server in one dialect.
#[derive(Clone)]
pub struct Endpoint {
    base: String,
    host: String,
    api: Api,
    key: SecretString,
    headers: HeaderMap,
}

impl Endpoint {
    pub fn new(settings: &ModelSettings) -> Result<Self, ModelOpenError> {
        let url = reqwest::Url::parse(&settings.base_url).map_err(|error| ModelOpenError::Url(error.to_string()))?;
        let name = url.host_str().ok_or_else(|| ModelOpenError::Url("it names no host".to_owned()))?;
        let host = url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        let base = match &settings.api {
            Api::OpenAi => settings.base_url.clone(),
            Api::Azure { .. } => format!("{}/openai/deployments/{}", settings.base_url, settings.model),
        };
        let key = settings.key.as_ref().map_or("", |key| key.reveal());
        let headers = headers(&settings.api, key)?;
        Ok(Self { base, host, api: settings.api.clone(), key: SecretString::from(key), headers })
    }

    /// Host and port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether it is on this machine, where no proxy stands between.
    pub fn is_loopback(&self) -> bool {
        let name = self.host.rsplit_once(':').map_or(self.host.as_str(), |(name, _)| name);
        name == "localhost" || name == "[::1]" || name.starts_with("127.")
    }
}

fn headers(api: &Api, key: &str) -> Result<HeaderMap, ModelOpenError> {
    let mut headers = HeaderMap::new();
    if key.is_empty() {
        return Ok(headers);
    }
    let (name, words) = match api {
        Api::OpenAi => (AUTHORIZATION, format!("Bearer {key}")),
        Api::Azure { .. } => (reqwest::header::HeaderName::from_static("api-key"), key.to_owned()),
    };
    let mut value = HeaderValue::from_str(&words).map_err(|_| ModelOpenError::Key)?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(headers)
}

impl Config for Endpoint {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        match &self.api {
            Api::OpenAi => Vec::new(),
            Api::Azure { version } => vec![("api-version", version)],
        }
    }

    fn api_base(&self) -> &str {
        &self.base
    }

    fn api_key(&self) -> &SecretString {
        &self.key
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::config::Secret;

    fn endpoint(api: Api, base_url: &str) -> Endpoint {
        let key = Some(Secret::new("sk-1"));
        Endpoint::new(&ModelSettings { api, key, ..ModelSettings::new(base_url, "large") }).unwrap()
    }

    #[test]
    fn each_dialect_has_its_path_and_its_header() {
        let plain = endpoint(Api::OpenAi, "https://llm.example/v1/");
        assert_eq!(plain.url("/chat/completions"), "https://llm.example/v1/chat/completions");
        assert_eq!(plain.headers()[AUTHORIZATION], "Bearer sk-1");
        assert!(plain.query().is_empty() && !plain.is_loopback());
        let azure = endpoint(Api::Azure { version: "2024-10-21".to_owned() }, "https://shop.example");
        assert_eq!(azure.url("/chat/completions"), "https://shop.example/openai/deployments/large/chat/completions");
        assert_eq!((azure.headers()["api-key"].to_str().unwrap(), azure.headers().get(AUTHORIZATION)), ("sk-1", None));
        assert_eq!(azure.query(), [("api-version", "2024-10-21")]);
        assert!(endpoint(Api::OpenAi, "http://127.0.0.1:8000/v1").is_loopback());
        assert_eq!(azure.api_key().expose_secret(), "sk-1");
    }

    #[test]
    fn a_key_that_no_header_can_carry_is_refused_without_being_repeated() {
        let settings = ModelSettings { key: Some(Secret::new("鍵\n1")), ..ModelSettings::new("http://x", "m") };
        let error = Endpoint::new(&settings).map(|_| ()).unwrap_err();
        assert!(matches!(error, ModelOpenError::Key) && !error.to_string().contains('鍵'));
    }
}
