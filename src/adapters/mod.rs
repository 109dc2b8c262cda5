//! One technology each, behind the ports. Only `wire.rs` picks among them.

pub mod anchors;
pub mod oidc;
pub mod openai;
pub mod otlp;
pub mod playback;
pub mod prometheus;
pub mod sql;
pub mod system;
pub mod tantivy;
pub mod tiktoken;
pub mod vectors;

/// A client for HTTP, to be given its limits.
fn http() -> reqwest::ClientBuilder {
    // An error means that a provider of cryptography was installed before, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
}
