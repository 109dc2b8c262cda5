//! A provider of single sign-on for tests, written from OpenID Connect Core 1.0 and Discovery 1.0 and not from the crate
//! that reads it. It signs everybody in at once, as whom the test says, and can misbehave.
#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(missing_docs)]

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use aizuchi::config::{LoginClaim, PublicUrl, Secret, Settings, SingleSignOn};
use axum::{
    Form, Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::{net::TcpListener, task::JoinHandle};

const CLIENT: &str = "aizuchi-desk";
const SECRET: &str = "a+secret/of two";
/// As it is registered.
const PUBLIC: &str = "http://desk.example.jp";

type Fields = HashMap<String, String>;

/// How tokens are made from now on.
#[derive(Clone)]
pub struct Manner {
    /// What the ID token says beside what every one has, or says otherwise.
    pub claims: Value,
    /// What the userinfo endpoint says beside the subject.
    pub userinfo: Value,
    /// `EdDSA`, `HS256` with the client's secret, or `none`.
    pub alg: &'static str,
    /// Which key signs; one that is never published is `u8::MAX`.
    pub key: u8,
    /// Which key is published.
    pub published: u8,
    /// What the token endpoint answers in place of tokens.
    pub refusal: Option<(u16, Value)>,
    /// What the page to sign in leads back with, in place of a code.
    pub error: Option<&'static str>,
    /// What it says of itself beside what it has to, or says otherwise.
    pub metadata: Value,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            claims: json!({}),
            userinfo: json!({}),
            alg: "EdDSA",
            key: 1,
            published: 1,
            refusal: None,
            error: None,
            metadata: json!({}),
        }
    }
}

#[derive(Default)]
struct Inner {
    base: String,
    /// Where browsers really go back to.
    back: Option<String>,
    manner: Manner,
    /// What was asked for each code that is not redeemed yet.
    codes: HashMap<String, Fields>,
    codes_made: usize,
    /// Each request's path.
    asked: Vec<String>,
    /// What tokens were asked for with.
    redeemed: Vec<(Fields, String)>,
}

#[derive(Clone)]
pub struct Provider {
    inner: Arc<Mutex<Inner>>,
    served: Arc<JoinHandle<()>>,
}

impl Provider {
    /// Signs in this account.
    pub async fn start(subject: &str, claims: Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let inner = Arc::new(Mutex::new(Inner {
            base: format!("http://{}", listener.local_addr().unwrap()),
            ..Inner::default()
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(Arc::clone(&inner));
        let served = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let this = Self { inner, served: Arc::new(served) };
        this.signs_in(subject, claims);
        this
    }

    /// From now on as this account.
    pub fn signs_in(&self, subject: &str, mut claims: Value) {
        claims["sub"] = json!(subject);
        self.lock().manner.claims = claims;
    }

    /// From now on otherwise.
    pub fn change(&self, change: impl FnOnce(&mut Manner)) {
        change(&mut self.lock().manner);
    }

    /// Sends browsers back to a server that listens here.
    pub fn leads_back_to(&self, base: &str) {
        self.lock().back = Some(base.to_owned());
    }

    pub fn used_by(&self, settings: &mut Settings) {
        let public_url = PublicUrl::parse(PUBLIC).unwrap();
        settings.single_sign_on = Some(SingleSignOn {
            issuer: self.lock().base.clone(),
            client_id: CLIENT.to_owned(),
            client_secret: Some(Secret::new(SECRET)),
            name: Some("社内アカウント".to_owned()),
            claim: LoginClaim::Email,
            only: false,
            public_url: public_url.clone(),
        });
        settings.public_url = Some(public_url);
    }

    pub fn asked(&self) -> Vec<String> {
        self.lock().asked.clone()
    }

    /// What each request for tokens carried: its fields, and how the client proved itself.
    pub fn redeemed(&self) -> Vec<(Fields, String)> {
        self.lock().redeemed.clone()
    }

    /// Answers nobody any more.
    pub fn goes_down(&self) {
        self.served.abort();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }
}

async fn metadata(State(inner): State<Arc<Mutex<Inner>>>) -> Json<Value> {
    let mut inner = inner.lock().unwrap();
    inner.asked.push("metadata".to_owned());
    let at = |path: &str| format!("{}{path}", inner.base);
    let mut said = json!({
        "issuer": inner.base, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"), "jwks_uri": at("/keys"), "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        // Also ways that prove nothing: what it offers is not what is taken.
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
    });
    overlay(&mut said, &inner.manner.metadata);
    Json(said)
}

async fn keys(State(inner): State<Arc<Mutex<Inner>>>) -> Json<Value> {
    let mut inner = inner.lock().unwrap();
    inner.asked.push("keys".to_owned());
    let published = inner.manner.published;
    let x = B64.encode(pair(published).public_key());
    let key = json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": kid(published), "x": x });
    Json(json!({ "keys": [key] }))
}

async fn authorize(State(inner): State<Arc<Mutex<Inner>>>, Query(asked): Query<Fields>) -> Redirect {
    let mut inner = inner.lock().unwrap();
    inner.asked.push("authorize".to_owned());
    assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", CLIENT));
    assert_eq!(asked["code_challenge_method"], "S256");
    assert!(asked["scope"].split(' ').any(|scope| scope == "openid"), "{}", asked["scope"]);
    let path = asked["redirect_uri"].strip_prefix(PUBLIC).unwrap();
    let (name, value) = match inner.manner.error {
        Some(error) => ("error", error.to_owned()),
        None => ("code", format!("code-{}", inner.codes_made)),
    };
    inner.codes_made += 1;
    let query = serde_urlencoded::to_string([(name, &value), ("state", &asked["state"])]).unwrap();
    let to = format!("{}{path}?{query}", inner.back.clone().unwrap_or_else(|| PUBLIC.to_owned()));
    inner.codes.insert(value, asked);
    Redirect::to(&to)
}

async fn token(State(inner): State<Arc<Mutex<Inner>>>, headers: HeaderMap, Form(sent): Form<Fields>) -> Response {
    let mut inner = inner.lock().unwrap();
    inner.asked.push("token".to_owned());
    let proof = headers.get(header::AUTHORIZATION).map_or("", |value| value.to_str().unwrap()).to_owned();
    inner.redeemed.push((sent.clone(), proof));
    if let Some((status, body)) = inner.manner.refusal.clone() {
        return (StatusCode::from_u16(status).unwrap(), Json(body)).into_response();
    }
    let Some(asked) = inner.codes.remove(&sent["code"]) else {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response();
    };
    assert_eq!(B64.encode(Sha256::digest(&sent["code_verifier"])), asked["code_challenge"]);
    assert_eq!(sent["redirect_uri"], asked["redirect_uri"]);
    let manner = inner.manner.clone();
    let mut claims = json!({
        "iss": inner.base, "aud": CLIENT, "nonce": asked["nonce"], "iat": 1_700_000_000, "exp": 4_000_000_000_u64,
    });
    overlay(&mut claims, &manner.claims);
    let (access_token, token_type) = ("an-access-token", "Bearer");
    Json(json!({ "access_token": access_token, "token_type": token_type, "id_token": signed(&claims, &manner) }))
        .into_response()
}

async fn userinfo(State(inner): State<Arc<Mutex<Inner>>>, headers: HeaderMap) -> Json<Value> {
    let mut inner = inner.lock().unwrap();
    inner.asked.push("userinfo".to_owned());
    assert_eq!(headers[header::AUTHORIZATION], "Bearer an-access-token");
    let mut said = json!({ "sub": inner.manner.claims["sub"] });
    overlay(&mut said, &inner.manner.userinfo);
    Json(said)
}

/// A JSON Web Signature in its compact form (RFC 7515, 7.1).
fn signed(claims: &Value, manner: &Manner) -> String {
    let head = json!({ "alg": manner.alg, "typ": "JWT", "kid": kid(manner.key) });
    let said = format!("{}.{}", B64.encode(head.to_string()), B64.encode(claims.to_string()));
    let seal = match manner.alg {
        "EdDSA" => pair(manner.key).sign(said.as_bytes()).as_ref().to_vec(),
        "HS256" => {
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
            ring::hmac::sign(&key, said.as_bytes()).as_ref().to_vec()
        }
        _ => Vec::new(),
    };
    format!("{said}.{}", B64.encode(seal))
}

fn pair(key: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[key; 32]).unwrap()
}

/// A key that is never published calls itself the published one.
fn kid(key: u8) -> String {
    format!("key-{}", if key == u8::MAX { 1 } else { key })
}

fn overlay(under: &mut Value, over: &Value) {
    for (name, value) in over.as_object().unwrap() {
        under[name] = value.clone();
    }
}
