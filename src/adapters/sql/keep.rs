//! How words are kept: the keyed hash that stands for a text without telling it, and the JSON in which an inquiry,
//! a suggestion or a reply is recorded.

use std::{borrow::Cow, fmt, sync::Arc};

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::Sha256;

use super::{fault::Fault, seal::SealKey};
use crate::{
    domain::{Asked, Checks, Id, Inquiry, NewRevision, Reference, Reply, Suggestion, name},
    ports::Ids,
};

/// The secret of the keyed hash, and where ids come from.
#[derive(Clone)]
pub struct Keep {
    secret: [u8; 32],
    ids: Arc<dyn Ids>,
    wrapping: SealKey,
}

/// The secret never prints itself.
impl fmt::Debug for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keep(..)")
    }
}

impl Keep {
    /// `secret` must stay the same as long as the database lives.
    pub fn new(secret: &[u8; 32], ids: Arc<dyn Ids>) -> Self {
        let wrapping = SealKey::new(&mac(secret, "subject key", &[]));
        Self { secret: *secret, ids, wrapping }
    }

    /// The key that the keys of data subjects are sealed under.
    pub fn wrapping(&self) -> &SealKey {
        &self.wrapping
    }

    /// 256 random bits.
    pub fn random(&self) -> Result<[u8; 32], Fault> {
        self.ids.secret().map_err(Fault::Failed)
    }

    /// The id of a text to come.
    pub fn text_id(&self) -> Id<name::Text> {
        Id::from_uuid(self.ids.uuid())
    }

    /// The id of an event to come.
    pub fn event_id(&self) -> Id<name::Event> {
        Id::from_uuid(self.ids.uuid())
    }

    /// What an event says of a text.
    pub fn commitment(&self, workspace: &str, text: &str) -> String {
        self.hash("commitment", &[workspace, text])
    }

    /// The name under which a revision's text is stored once.
    pub fn text_hash(&self, workspace: &str, content: &NewRevision) -> String {
        match &content.note {
            Some(note) => self.hash("revision", &[workspace, &content.body, note]),
            None => self.hash("revision", &[workspace, &content.body]),
        }
    }

    /// Whom the words of an inquiry are about: the caller's customer, else nobody but this conversation.
    pub fn subject(&self, inquiry: &Inquiry) -> String {
        match &inquiry.customer {
            Some(customer) => self.customer(inquiry.workspace.as_str(), customer),
            None => inquiry.conversation.to_string(),
        }
    }

    /// What stands for a document that was erased.
    pub fn document(&self, workspace: &str, key: &str) -> String {
        self.hash("document", &[workspace, key])
    }

    /// What stands for a request that may come again. Its own hash could be guessed back to a customer's words.
    pub fn request(&self, workspace: &str, request_hash: &str) -> String {
        self.hash("request", &[workspace, request_hash])
    }

    /// The subject that a caller's customer reference stands for.
    pub fn customer(&self, workspace: &str, reference: &Reference) -> String {
        self.hash("subject", &[workspace, reference.as_str()])
    }

    /// What the key that signs the audit log is made of.
    pub fn signing_seed(&self) -> [u8; 32] {
        mac(&self.secret, "checkpoint", &[])
    }

    fn hash(&self, purpose: &str, parts: &[&str]) -> String {
        hex::encode(mac(&self.secret, purpose, parts))
    }
}

/// HMAC-SHA256. The purpose keeps equal texts in different places apart; lengths keep parts apart.
fn mac(secret: &[u8; 32], purpose: &str, parts: &[&str]) -> [u8; 32] {
    // A key shorter than SHA-256's block is padded with zeros: that is how HMAC is defined.
    let mut key = [0; 64];
    key[..32].copy_from_slice(secret);
    let mut mac = Hmac::<Sha256>::new(&key.into());
    for part in [purpose].iter().chain(parts) {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().into()
}

/// A suggestion with the bits of its scores. A float read back from decimal text may differ in its last bit,
/// depending on how serde_json was built, and NaN has no decimal text at all.
#[derive(Serialize, Deserialize)]
struct Scored<S> {
    suggestion: S,
    score_bits: Vec<u64>,
}

/// The body of a suggestion.
pub fn write_suggestion(suggestion: &Suggestion) -> Result<String, Fault> {
    let score_bits = suggestion.evidence.items.iter().map(|item| item.score.to_bits()).collect();
    let mut plain = suggestion.clone();
    for item in plain.evidence.items.iter_mut().filter(|item| !item.score.is_finite()) {
        item.score = 0.0;
    }
    write(&Scored { suggestion: plain, score_bits })
}

/// Reads [`write_suggestion`]: the very value.
pub fn read_suggestion(body: &str) -> Result<Suggestion, Fault> {
    let Scored { mut suggestion, score_bits } = read::<Scored<Suggestion>>(body)?;
    for (item, bits) in suggestion.evidence.items.iter_mut().zip(score_bits) {
        item.score = f64::from_bits(bits);
    }
    Ok(suggestion)
}

/// The body of a reply: with its checks, which quote it.
#[derive(Serialize, Deserialize)]
pub struct CheckedReply {
    /// What was sent.
    pub reply: Reply,
    /// What it got.
    pub checks: Checks,
}

/// The body of a draft that failed.
#[derive(Serialize, Deserialize)]
pub struct Streamed<'a> {
    /// What had been shown.
    pub streamed: Cow<'a, str>,
    /// What a model had been asked.
    pub asked: Cow<'a, Asked>,
}

/// The body of a ruling.
#[derive(Serialize, Deserialize)]
pub struct Because {
    /// Why.
    pub reason: String,
}

/// The body of a waiver.
#[derive(Serialize, Deserialize)]
pub struct Waived {
    /// The words.
    pub phrase: String,
}

/// Any other body. JSON escapes what PostgreSQL's TEXT cannot hold.
pub fn write(value: &impl Serialize) -> Result<String, Fault> {
    Ok(serde_json::to_string(value)?)
}

/// Reads a column that holds one of the words of an enum.
pub fn read_word<T: DeserializeOwned>(word: &str) -> Result<T, Fault> {
    Ok(serde_json::from_value(word.into())?)
}

/// Reads [`write`].
pub fn read<T: DeserializeOwned>(body: &str) -> Result<T, Fault> {
    Ok(serde_json::from_str(body)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct NoIds;

    impl Ids for NoIds {
        fn uuid(&self) -> uuid::Uuid {
            uuid::Uuid::nil()
        }
        fn secret(&self) -> Result<[u8; 32], String> {
            Ok([0; 32])
        }
    }

    #[test]
    fn a_keyed_hash_differs_by_key_by_purpose_by_workspace_and_by_where_a_text_is_cut() {
        let keep = Keep::new(&[1; 32], Arc::new(NoIds));
        let hashes = [
            keep.commitment("shop", "words"),
            keep.commitment("other", "words"),
            keep.hash("revision", &["shop", "words"]),
            keep.hash("commitment", &["shopw", "ords"]),
            Keep::new(&[2; 32], Arc::new(NoIds)).commitment("shop", "words"),
        ];
        let different: std::collections::BTreeSet<_> = hashes.iter().collect();
        assert_eq!(different.len(), hashes.len());
        assert_eq!(hashes[0], keep.commitment("shop", "words"));
        assert!(!format!("{keep:?}").contains('1'));
    }
}
