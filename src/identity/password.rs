//! Passwords: argon2id under a salt of their own. Only the hash is kept, and it takes a tenth of a second to make.

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};

/// A password as somebody typed it.
pub struct Password(String);

/// Why a text is not a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a password has {} to {} characters", Password::MIN_CHARS, Password::MAX_CHARS)]
pub struct PasswordError;

/// A password never prints itself.
impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(..)")
    }
}

impl Password {
    /// Length is what counts: no rule asks for digits or signs.
    pub const MIN_CHARS: usize = 10;
    /// In code points.
    pub const MAX_CHARS: usize = 200;

    /// A password to be chosen.
    pub fn parse(text: &str) -> Result<Self, PasswordError> {
        match text.chars().count() {
            Self::MIN_CHARS..=Self::MAX_CHARS => Ok(Self(text.to_owned())),
            _ => Err(PasswordError),
        }
    }

    /// What is kept. Takes its time: not for a thread that others wait for.
    pub fn hash(&self, salt: &[u8; 32]) -> Result<String, String> {
        // 128 bits of salt are what the format recommends.
        let hash = Argon2::default().hash_password_with_salt(self.0.as_bytes(), &salt[..16]);
        hash.map(|hash| hash.to_string()).map_err(|error| error.to_string())
    }
}

/// Whether somebody typed the password that was kept as `hash`. Takes as long where nobody has that name, so that names cannot
/// be told from the time of an answer.
pub fn is_password(typed: &str, hash: Option<&str>) -> bool {
    /// Of no password that anybody has.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let Ok(kept) = PasswordHash::new(hash.unwrap_or(NOBODY)) else { return false };
    Argon2::default().verify_password(typed.as_bytes(), &kept).is_ok() && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_alone() {
        let password = Password::parse("correct horse").unwrap();
        let hash = password.hash(&[3; 32]).unwrap();
        assert!(hash.starts_with("$argon2id$") && !hash.contains("horse"));
        assert!(is_password("correct horse", Some(&hash)));
        assert!(!is_password("correct hors", Some(&hash)) && !is_password("correct horse", None));
        assert_ne!(hash, password.hash(&[4; 32]).unwrap());
        assert!(!format!("{password:?}").contains("horse"));
        assert!(Password::parse("short").is_err() && Password::parse(&"あ".repeat(10)).is_ok());
    }
}
