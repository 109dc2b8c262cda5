//! A provider of single sign-on by OpenID Connect: the authorization code flow with PKCE, as OpenID Connect Core 1.0
//! section 3.1 and RFC 7636 have it. The crate checks tokens; here stand the limits of the wire and what is believed.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use openidconnect::{
    AsyncHttpClient, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    DiscoveryError, EndUserEmail, EndUserUsername, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, SignatureVerificationError, TokenResponse,
    core::{
        CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreErrorResponseType, CoreIdToken,
        CoreIdTokenClaims, CoreJwsSigningAlgorithm as Alg, CoreProviderMetadata, CoreTokenResponse, CoreUserInfoClaims,
    },
};
use tokio::{
    sync::{Mutex, Semaphore, SemaphorePermit},
    time::Instant,
};

use crate::{
    config::{LoginClaim, SingleSignOn},
    domain::{Account, Timestamp},
    ports::{Introduced, Round, SignOn, SignOnError},
};

/// A person waits on the other side.
const PATIENCE: Duration = Duration::from_secs(10);
/// So long what a provider says of itself is believed; keys that it turned over since are asked for when they are met.
const FRESH: Duration = Duration::from_secs(60 * 60);
/// So long nobody waits for a provider that did not answer.
const REST: Duration = Duration::from_secs(5);
/// So many wait for it at once.
const ROOM: usize = 16;
/// No answer of a provider is longer.
const MAX_BYTES: usize = 1024 * 1024;
/// Signatures that nobody can make who can only check them.
const SIGNATURES: [Alg; 10] = [
    Alg::RsaSsaPkcs1V15Sha256,
    Alg::RsaSsaPkcs1V15Sha384,
    Alg::RsaSsaPkcs1V15Sha512,
    Alg::RsaSsaPssSha256,
    Alg::RsaSsaPssSha384,
    Alg::RsaSsaPssSha512,
    Alg::EcdsaP256Sha256,
    Alg::EcdsaP384Sha384,
    Alg::EcdsaP521Sha512,
    Alg::EdDsa,
];

/// As this server asks its provider.
type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// The provider of an installation.
pub struct OidcProvider {
    settings: SingleSignOn,
    issuer: IssuerUrl,
    back: RedirectUrl,
    wire: Wire,
    known: Mutex<Known>,
    /// Whoever waits for the provider has a place in the room that all requests share.
    room: Semaphore,
}

/// What the provider said of itself.
#[derive(Default)]
struct Known {
    metadata: Option<(Arc<CoreProviderMetadata>, Instant)>,
    /// When it did not answer.
    silent: Option<Instant>,
}

impl OidcProvider {
    /// With nothing asked yet: a provider that is down stops nobody from starting.
    pub fn new(settings: SingleSignOn) -> Result<Self, SignOnError> {
        let odd = |error: &dyn std::fmt::Display| SignOnError::Unavailable(error.to_string());
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|error| odd(&error))?;
        let back = RedirectUrl::new(settings.public_url.at("/sign-in/oidc/back")).map_err(|error| odd(&error))?;
        // A redirect would carry secret and code to a host that nobody named.
        let http = super::http().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none());
        let http = if issuer.url().scheme() == "https" { http.https_only(true) } else { http.no_proxy() };
        let wire = Wire(http.build().map_err(|error| odd(&error))?);
        Ok(Self { settings, issuer, back, wire, known: Mutex::default(), room: Semaphore::new(ROOM) })
    }

    /// What the provider says of itself, asked again when it is old or `anew`.
    async fn metadata(&self, anew: bool) -> Result<Arc<CoreProviderMetadata>, SignOnError> {
        let mut known = self.known.lock().await;
        if let Some((metadata, since)) = known.metadata.as_ref().filter(|_| !anew)
            && since.elapsed() < FRESH
        {
            return Ok(Arc::clone(metadata));
        }
        if known.silent.is_some_and(|since| since.elapsed() < REST) {
            return Err(SignOnError::Unavailable("it did not answer a moment ago".to_owned()));
        }
        let asked = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.wire).await;
        known.silent = matches!(asked, Err(DiscoveryError::Request(_))).then(Instant::now);
        // The crate's words may repeat an answer; ours say where to look.
        let metadata = Arc::new(asked.map_err(|_| {
            SignOnError::Unavailable(format!(
                "{}/.well-known/openid-configuration or its keys cannot be read, or name another issuer",
                self.settings.issuer.trim_end_matches('/')
            ))
        })?);
        known.metadata = Some((Arc::clone(&metadata), Instant::now()));
        Ok(metadata)
    }

    /// A place among those who wait for the provider.
    fn place(&self) -> Result<SemaphorePermit<'_>, SignOnError> {
        self.room.try_acquire().map_err(|_| SignOnError::Unavailable("too many wait for it already".to_owned()))
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> Client {
        let secret = self.settings.client_secret.as_ref().map(|secret| ClientSecret::new(secret.reveal().to_owned()));
        // What a provider does not say is `client_secret_basic` (Discovery 1.0, section 3).
        let basic = metadata
            .token_endpoint_auth_methods_supported()
            .is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
        CoreClient::from_provider_metadata(metadata.clone(), ClientId::new(self.settings.client_id.clone()), secret)
            .set_redirect_uri(self.back.clone())
            .set_auth_type(if basic { AuthType::BasicAuth } else { AuthType::RequestBody })
    }

    /// The code against tokens: once, because a code is good for once.
    async fn redeem(&self, client: &Client, code: &str, round: &Round) -> Result<CoreTokenResponse, SignOnError> {
        let exchange = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| SignOnError::Unavailable("it names no token endpoint".to_owned()))?
            .set_pkce_verifier(PkceCodeVerifier::new(round.verifier.clone()));
        exchange.request_async(&self.wire).await.map_err(|error| match error {
            RequestTokenError::ServerResponse(said) => {
                // A word of its own could be anybody's.
                let known = !matches!(said.error(), CoreErrorResponseType::Extension(_));
                let word = if known { said.error().to_string() } else { "an error of its own".to_owned() };
                SignOnError::Refused(format!("its token endpoint said {word}"))
            }
            RequestTokenError::Request(_) => SignOnError::Unavailable("its token endpoint was not reached".to_owned()),
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                SignOnError::Unavailable("its token endpoint answers what cannot be read".to_owned())
            }
        })
    }

    /// What may be compared with a name to sign in with: of an unverified address nobody knows whose it is.
    fn login(
        &self,
        email: Option<&EndUserEmail>,
        verified: Option<bool>,
        username: Option<&EndUserUsername>,
    ) -> Option<String> {
        match self.settings.claim {
            LoginClaim::Email => email.filter(|_| verified == Some(true)).map(|email| email.to_string()),
            LoginClaim::PreferredUsername => username.map(|name| name.to_string()),
        }
    }

    /// What the provider may have said only when asked for more.
    async fn more(&self, client: &Client, tokens: &CoreTokenResponse, claims: &CoreIdTokenClaims) -> Option<String> {
        let asked = client.user_info(tokens.access_token().clone(), Some(claims.subject().clone())).ok()?;
        let more: CoreUserInfoClaims = asked.request_async(&self.wire).await.ok()?;
        self.login(more.email(), more.email_verified(), more.preferred_username())
    }
}

#[async_trait]
impl SignOn for OidcProvider {
    async fn address(&self, round: &Round) -> Result<String, SignOnError> {
        let _place = self.place()?;
        let client = self.client(&*self.metadata(false).await?);
        let (state, nonce) = (round.state.clone(), round.nonce.clone());
        let verifier = PkceCodeVerifier::new(round.verifier.clone());
        let (url, ..) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scopes(["email", "profile"].map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(url.to_string())
    }

    async fn introduced(&self, code: &str, round: &Round, now: Timestamp) -> Result<Introduced, SignOnError> {
        let _place = self.place()?;
        let metadata = self.metadata(false).await?;
        let client = self.client(&metadata);
        let tokens = self.redeem(&client, code, round).await?;
        let token = tokens.id_token().ok_or_else(|| SignOnError::Refused("it sent no ID token".to_owned()))?;
        let claims = match claims_of(token, &client, round, now) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                let renewed = self.client(&*self.metadata(true).await?);
                claims_of(token, &renewed, round, now)
            }
            read => read,
        }
        .map_err(|error| SignOnError::Refused(why(&error).to_owned()))?;
        let login = match self.login(claims.email(), claims.email_verified(), claims.preferred_username()) {
            Some(login) => Some(login),
            None => self.more(&client, &tokens, &claims).await,
        };
        let (issuer, subject) = (self.settings.issuer.clone(), claims.subject().to_string());
        Ok(Introduced { account: Account { issuer, subject }, login })
    }
}

/// What a token says, if it is the provider's, for this server, of this round, and not over.
fn claims_of(
    token: &CoreIdToken,
    client: &Client,
    round: &Round,
    now: Timestamp,
) -> Result<CoreIdTokenClaims, ClaimsVerificationError> {
    let time = move || DateTime::<Utc>::from_timestamp_millis(now.0).unwrap_or_default();
    let verifier = client.id_token_verifier().set_allowed_algs(SIGNATURES).set_time_fn(time);
    token.claims(&verifier, &Nonce::new(round.nonce.clone())).cloned()
}

fn why(error: &ClaimsVerificationError) -> &'static str {
    match error {
        ClaimsVerificationError::Expired(_) => "its ID token is over: do the clocks agree?",
        ClaimsVerificationError::InvalidAudience(_) => "its ID token is for somebody else",
        ClaimsVerificationError::InvalidIssuer(_) => "its ID token names another issuer",
        ClaimsVerificationError::InvalidNonce(_) => "its ID token is of another round",
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::DisallowedAlg(_)) => {
            "its ID token is signed in a way that proves nothing"
        }
        ClaimsVerificationError::SignatureVerification(_) => "the signature of its ID token is not the provider's",
        _ => "its ID token cannot be read",
    }
}

/// Carries requests to the provider.
struct Wire(reqwest::Client);

/// A request that brought no answer.
#[derive(Debug, thiserror::Error)]
enum WireError {
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error("an answer of more than {MAX_BYTES} bytes")]
    TooLong,
}

impl Wire {
    async fn carry(&self, request: HttpRequest) -> Result<HttpResponse, WireError> {
        let mut answer = self.0.execute(request.try_into()?).await?;
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await? {
            if body.len() + piece.len() > MAX_BYTES {
                return Err(WireError::TooLong);
            }
            body.extend_from_slice(&piece);
        }
        let mut response = HttpResponse::new(body);
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Wire {
    type Error = WireError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, WireError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.carry(request))
    }
}
