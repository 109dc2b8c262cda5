//! API keys: `azk_` and 256 random bits in hexadecimal, with a checksum so that a mistyped key is told
//! apart from a wrong one without asking the store. Only the SHA-256 of a secret is ever kept.

use sha2::{Digest, Sha256};

/// The secret half of a key, as its holder sends it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// Why a text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key looks like azk_ followed by 72 hexadecimal digits; this is not one, or it was mistyped")]
pub struct SecretError;

const PREFIX: &str = "azk_";
const CHECK_CHARS: usize = 8;

impl Secret {
    /// From 32 random bytes.
    pub fn from_random(bytes: [u8; 32]) -> Self {
        let body = hex::encode(bytes);
        let check = checksum(&body);
        Self(format!("{PREFIX}{body}{check}"))
    }

    /// Reads what a request carries.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let digits = text.trim().strip_prefix(PREFIX).ok_or(SecretError)?;
        if digits.len() != 64 + CHECK_CHARS || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(SecretError);
        }
        let (body, check) = digits.split_at(64);
        if checksum(body) != check {
            return Err(SecretError);
        }
        Ok(Self(text.trim().to_owned()))
    }

    /// What the store keeps and looks for.
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }

    /// To be shown once, to its maker.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// A secret never prints itself.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(azk_...)")
    }
}

fn checksum(body: &str) -> String {
    hex::encode(Sha256::digest(body.as_bytes()))[..CHECK_CHARS].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_key_is_refused_before_the_store_is_asked() {
        let secret = Secret::from_random([7; 32]);
        assert_eq!(Secret::parse(secret.reveal()).unwrap(), secret);
        let wrong = secret.reveal().replacen("07", "08", 1);
        assert_eq!(Secret::parse(&wrong), Err(SecretError));
        for bad in ["", "azk_", "Bearer x", &secret.reveal()[..20]] {
            assert_eq!(Secret::parse(bad), Err(SecretError));
        }
    }

    #[test]
    fn a_key_never_shows_itself_in_a_log() {
        let secret = Secret::from_random([9; 32]);
        assert!(!format!("{secret:?}").contains("0909"));
    }
}
