//! Settings as plain values. The command line reads them from flags and `AIZUCHI_*` variables.

mod embeddings;
mod models;
mod public_url;
mod single_sign_on;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

pub use self::embeddings::{EmbeddingSettings, Embeddings};
pub use self::models::{Api, Encoding, FindKey, KeyPlace, Limits, ModelError, ModelSettings, Models, Price, Secret};
pub use self::public_url::{PublicUrl, PublicUrlError};
pub use self::single_sign_on::{LoginClaim, SingleSignOn, SingleSignOnError, issuer};

/// How this process runs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Folder of the SQLite file, the index and the secret of keyed hashes.
    pub data: PathBuf,
    /// Where signed checkpoints of the audit log are kept beside the store; in the data folder if not said.
    pub checkpoints: Option<PathBuf>,
    /// A PostgreSQL URL in place of the SQLite file.
    pub database_url: Option<String>,
    /// Where HTTP listens.
    pub listen: SocketAddr,
    /// Host names that requests may carry beside the loopback ones.
    pub hosts: Vec<String>,
    /// Where browsers reach this server, where that is not where it listens.
    pub public_url: Option<PublicUrl>,
    /// Who else says who somebody is.
    pub single_sign_on: Option<SingleSignOn>,
    /// Messages of one conversation that come within this time of each other are one inquiry.
    pub join: Duration,
    /// Within this time an inquiry is to be answered.
    pub reply_within: Duration,
    /// How long a stopping server waits for what is under way.
    pub drain: Duration,
    /// A folder with `<workspace>/faq` and so on that replaces the samples of the binary.
    pub knowledge: Option<PathBuf>,
    /// A folder that replaces the prompts of the binary.
    pub prompts: Option<PathBuf>,
    /// Which models draft; without any, the extractive drafter does.
    pub models: Models,
    /// Where Prometheus reads the numbers, beside the API.
    pub metrics_listen: Option<SocketAddr>,
}

impl Settings {
    /// What holds unless something else is said.
    pub fn new(data: PathBuf) -> Self {
        Self {
            data,
            checkpoints: None,
            database_url: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            hosts: Vec::new(),
            public_url: None,
            single_sign_on: None,
            join: Duration::from_secs(60),
            reply_within: Duration::from_secs(2 * 60 * 60),
            drain: Duration::from_secs(25),
            knowledge: None,
            prompts: None,
            models: Models::default(),
            metrics_listen: None,
        }
    }

    /// The address of a page, as somebody opens it in a browser.
    pub fn page(&self, path: &str) -> String {
        match &self.public_url {
            Some(url) => url.at(path),
            None => format!("http://{}{path}", self.listen),
        }
    }

    /// Where the store is.
    pub fn store_url(&self) -> String {
        match &self.database_url {
            Some(url) => url.clone(),
            None => format!("sqlite:{}", self.data.join("aizuchi.db").display()),
        }
    }
}
