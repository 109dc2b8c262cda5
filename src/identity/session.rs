//! What a browser carries while somebody is signed in, and what proves that a form is one of ours.
//!
//! Nothing is kept on the server: a ticket says who, since when, and by which stamp of the person; a person's new stamp
//! (another password, signing out everywhere) ends every older ticket. All of it stands under a key of the installation.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::domain::Timestamp;

/// The key of an installation's tickets.
#[derive(Clone)]
pub struct SessionKey([u8; 32]);

/// The key never prints itself.
impl std::fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionKey(..)")
    }
}

impl SessionKey {
    /// Made of the installation's secret, and of nothing else.
    pub fn of(secret: &[u8; 32]) -> Self {
        Self(mac(secret, "console", &[]).finalize().into_bytes().into())
    }

    /// A ticket that says these words and since when, for one purpose. The words are ids and stamps: no dots in them.
    pub fn seal(&self, purpose: &str, words: &[&str], at: Timestamp) -> String {
        let at = at.0.to_string();
        let all: Vec<&str> = words.iter().copied().chain([at.as_str()]).collect();
        let seal = hex::encode(mac(&self.0, purpose, &all).finalize().into_bytes());
        format!("{}.{seal}", all.join("."))
    }

    /// The words of a ticket of this purpose that is no older than `age`.
    pub fn open<'a>(&self, purpose: &str, ticket: &'a str, now: Timestamp, age: Duration) -> Option<Vec<&'a str>> {
        let (said, seal) = ticket.rsplit_once('.')?;
        let mut words: Vec<&str> = said.split('.').collect();
        mac(&self.0, purpose, &words).verify_slice(&hex::decode(seal).ok()?).ok()?;
        let at: i64 = words.pop()?.parse().ok()?;
        let since = now.0.checked_sub(at)?;
        (0..=i64::try_from(age.as_millis()).ok()?).contains(&since).then_some(words)
    }

    /// What the forms of a page carry that was made for this principal.
    pub fn form_token(&self, principal: &str) -> String {
        hex::encode(mac(&self.0, "form", &[principal]).finalize().into_bytes())
    }

    /// Whether a form carries it. Takes as long for every wrong one.
    pub fn is_form_token(&self, principal: &str, token: &str) -> bool {
        let Ok(sent) = hex::decode(token) else { return false };
        mac(&self.0, "form", &[principal]).verify_slice(&sent).is_ok()
    }
}

/// The purpose keeps equal texts in different places apart; lengths keep parts apart.
fn mac(key: &[u8; 32], purpose: &str, parts: &[&str]) -> Hmac<Sha256> {
    // A key shorter than SHA-256's block is padded with zeros: that is how HMAC is defined.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in [purpose].iter().chain(parts) {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_of_one_purpose_and_ends() {
        let (key, minute) = (SessionKey::of(&[1; 32]), Duration::from_secs(60));
        let ticket = key.seal("session", &["per_1", "s1"], Timestamp(1_000));
        assert_eq!(key.open("session", &ticket, Timestamp(61_000), minute), Some(vec!["per_1", "s1"]));
        assert_eq!(key.open("session", &ticket, Timestamp(61_001), minute), None, "it is over");
        assert_eq!(key.open("session", &ticket, Timestamp(999), minute), None, "it is of the future");
        assert_eq!(key.open("link", &ticket, Timestamp(2_000), minute), None);
        let other = ticket.replacen("per_1", "per_2", 1);
        for wrong in [other.as_str(), "", ".", "a.b", &ticket[1..]] {
            assert_eq!(key.open("session", wrong, Timestamp(2_000), minute), None, "{wrong}");
        }
    }

    #[test]
    fn a_form_is_of_one_principal_and_one_installation() {
        let key = SessionKey::of(&[1; 32]);
        let token = key.form_token("local");
        assert!(key.is_form_token("local", &token));
        assert!(!key.is_form_token("prn_1", &token));
        assert!(!SessionKey::of(&[2; 32]).is_form_token("local", &token));
        for wrong in ["", "zz", &token[..10]] {
            assert!(!key.is_form_token("local", wrong), "{wrong}");
        }
    }
}
