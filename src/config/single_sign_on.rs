//! Single sign-on by OpenID Connect: which provider says who somebody is, and as which client it is asked.

use http::Uri;

use super::{PublicUrl, Secret};

/// How people sign in elsewhere and come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleSignOn {
    /// The provider, as it names itself in its discovery document.
    pub issuer: String,
    /// What it calls this server.
    pub client_id: String,
    /// What this server proves itself with; a public client has none.
    pub client_secret: Option<Secret>,
    /// What the button says, e.g. 社内アカウント.
    pub name: Option<String>,
    /// What of an account is compared with the names that people sign in with here, the first time.
    pub claim: LoginClaim,
    /// Whether passwords are refused.
    pub only: bool,
    /// Where browsers come back to.
    pub public_url: PublicUrl,
}

/// The claim of an account that is somebody's name to sign in with here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LoginClaim {
    /// The mail address, where the provider says that it verified it.
    #[default]
    Email,
    /// The name the account has at the provider: for those where nobody chooses it for themselves.
    PreferredUsername,
}

impl LoginClaim {
    /// As a flag says it.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "email" => Ok(Self::Email),
            "preferred_username" => Ok(Self::PreferredUsername),
            _ => Err("expected email or preferred_username".to_owned()),
        }
    }
}

/// What cannot be asked like that.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SingleSignOnError {
    /// Whoever is on the way could sign in as anybody.
    #[error("AIZUCHI_OIDC_ISSUER should be an https:// address, or http:// on this machine; found {found:?}")]
    Issuer {
        /// What was said.
        found: String,
    },
    /// The provider does not know whom it answers.
    #[error("AIZUCHI_OIDC_ISSUER is set: set AIZUCHI_OIDC_CLIENT_ID to what the provider calls this server")]
    NoClient,
    /// The provider sends nobody back to an address that it does not know.
    #[error(
        "AIZUCHI_OIDC_ISSUER is set: set AIZUCHI_PUBLIC_URL to this server's address in a browser, and register \
         {}/sign-in/oidc/back with the provider",
        "https://THAT-ADDRESS"
    )]
    NoPublicUrl,
    /// A setting that does nothing would be taken for one that does.
    #[error("{setting} is set without AIZUCHI_OIDC_ISSUER: set both, or neither")]
    NoIssuer {
        /// Which one.
        setting: &'static str,
    },
}

/// The provider's address, if what goes there and comes back cannot be changed on the way.
pub fn issuer(text: &str) -> Result<String, SingleSignOnError> {
    let text = text.trim();
    let wrong = || SingleSignOnError::Issuer { found: text.to_owned() };
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let host = uri.host().ok_or_else(wrong)?;
    let here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    match uri.scheme_str() {
        Some("https") => Ok(text.to_owned()),
        Some("http") if here => Ok(text.to_owned()),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_asked_by_tls_alone_unless_it_is_on_this_machine() {
        for right in
            ["https://id.example.jp", "https://id.example.jp/realms/shop", "http://127.0.0.1:4444", "http://localhost"]
        {
            assert_eq!(issuer(right).unwrap(), right);
        }
        for wrong in ["http://id.example.jp", "id.example.jp", "", "http://127.0.0.1.example.jp", "ftp://localhost"] {
            assert!(issuer(wrong).is_err(), "{wrong}");
        }
    }
}
