//! Who else says who somebody is, from flags and variables.

use std::path::PathBuf;

use clap::Args;

use super::models::key;
use crate::config::{LoginClaim, PublicUrl, SingleSignOn, SingleSignOnError, issuer};

/// The variable that holds the secret. There is no flag for it: everyone on a machine can read flags.
const SECRET: &str = "AIZUCHI_OIDC_CLIENT_SECRET";

/// A provider of OpenID Connect.
#[derive(Args, Clone)]
pub(super) struct SingleSignOnArgs {
    /// OpenID Connect provider by whose accounts people sign in, e.g. https://id.example.jp
    #[arg(long, env = "AIZUCHI_OIDC_ISSUER", global = true)]
    oidc_issuer: Option<String>,
    /// What the provider calls this server
    #[arg(long, env = "AIZUCHI_OIDC_CLIENT_ID", global = true)]
    oidc_client_id: Option<String>,
    /// File that holds the client secret, in place of the variable AIZUCHI_OIDC_CLIENT_SECRET
    #[arg(long, env = "AIZUCHI_OIDC_CLIENT_SECRET_FILE", global = true)]
    oidc_client_secret_file: Option<PathBuf>,
    /// What the button on the sign-in page says
    #[arg(long, env = "AIZUCHI_OIDC_NAME", global = true)]
    oidc_name: Option<String>,
    /// Claim that is compared with the names to sign in with: email (verified) or preferred_username
    #[arg(long, env = "AIZUCHI_OIDC_CLAIM", global = true, default_value = "email", value_parser = LoginClaim::parse)]
    oidc_claim: LoginClaim,
    /// Refuse passwords: everybody signs in by the provider
    #[arg(long, env = "AIZUCHI_OIDC_ONLY", global = true)]
    oidc_only: bool,
}

impl SingleSignOnArgs {
    /// The provider, where one is named; or what is missing.
    pub(super) fn read(&self, public_url: Option<&PublicUrl>) -> anyhow::Result<Option<SingleSignOn>> {
        let said = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let Some(named) = said(&self.oidc_issuer) else {
            let alone = [
                (said(&self.oidc_client_id).is_some(), "AIZUCHI_OIDC_CLIENT_ID"),
                (self.oidc_only, "AIZUCHI_OIDC_ONLY"),
            ];
            return match alone.into_iter().find(|(is_said, _)| *is_said) {
                Some((_, setting)) => Err(SingleSignOnError::NoIssuer { setting }.into()),
                None => Ok(None),
            };
        };
        Ok(Some(SingleSignOn {
            issuer: issuer(&named)?,
            client_id: said(&self.oidc_client_id).ok_or(SingleSignOnError::NoClient)?,
            client_secret: key(self.oidc_client_secret_file.as_deref(), SECRET)?,
            name: said(&self.oidc_name),
            claim: self.oidc_claim,
            only: self.oidc_only,
            public_url: public_url.cloned().ok_or(SingleSignOnError::NoPublicUrl)?,
        }))
    }
}
