//! A checkpoint says how long a log is and what it hashes to; signed and kept elsewhere, it shows later whether the log
//! was cut or written anew. The text is the C2SP `tlog-checkpoint`, the signature that of a C2SP `signed-note`: any
//! tool for transparency logs reads both.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use sha2::{Digest, Sha256};

use super::tree::Hash;

/// Ed25519, in a `signed-note`.
const ED25519: u8 = 1;
/// What the signing key is called.
const NAME: &str = "aizuchi";

/// How long a log is, and what it hashes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: see [`origin`].
    pub origin: String,
    /// How many events it has.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

/// The name of a log: the workspace, the hash of its first event, and how often it was taken up again after a loss.
/// Two installations that use one name for a workspace have two logs.
pub fn origin(workspace: &str, first_hash: &str, epoch: u64) -> String {
    format!("{NAME}/{workspace}/{}/{epoch}", &first_hash[..first_hash.len().min(32)])
}

impl Checkpoint {
    /// The text that is signed.
    fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64_STANDARD.encode(self.root))
    }

    /// Reads a signed checkpoint of our own. Who has it from elsewhere asks the verifier, which checks the signature.
    pub fn of_note(note: &str) -> Option<Self> {
        let mut lines = note.lines();
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let root = BASE64_STANDARD.decode(root).ok()?.try_into().ok()?;
        Some(Self { origin: origin.to_owned(), size: size.parse().ok()?, root })
    }
}

/// Signs checkpoints.
pub struct Signer {
    pair: Ed25519KeyPair,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({})", self.key())
    }
}

impl Signer {
    /// From 32 secret bytes.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self { pair: Ed25519KeyPair::from_seed_unchecked(seed).expect("a seed has 32 bytes") }
    }

    /// The public key as a `signed-note` verifier key, `name+id+key`: who has it from us pins it.
    pub fn key(&self) -> String {
        format!("{NAME}+{}+{}", hex::encode(self.id()), BASE64_STANDARD.encode(self.typed()))
    }

    /// The signed checkpoint.
    pub fn sign(&self, checkpoint: &Checkpoint) -> String {
        let text = checkpoint.text();
        let mut signature = self.id().to_vec();
        signature.extend(self.pair.sign(text.as_bytes()).as_ref());
        format!("{text}\n\u{2014} {NAME} {}\n", BASE64_STANDARD.encode(signature))
    }

    fn typed(&self) -> Vec<u8> {
        [&[ED25519][..], self.pair.public_key().as_ref()].concat()
    }

    fn id(&self) -> [u8; 4] {
        let mut sha = Sha256::new();
        sha.update(NAME);
        sha.update(b"\n");
        sha.update(self.typed());
        let hash: Hash = sha.finalize().into();
        [hash[0], hash[1], hash[2], hash[3]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_a_signed_note_that_reads_back() {
        let signer = Signer::from_seed(&[7; 32]);
        let checkpoint = Checkpoint { origin: origin("shop", &"ab".repeat(32), 1), size: 300, root: [9; 32] };
        let note = signer.sign(&checkpoint);
        assert_eq!(Checkpoint::of_note(&note), Some(checkpoint.clone()));
        let (text, signature) = note.split_once("\n\n").unwrap();
        assert_eq!(text.lines().nth(1), Some("300"));
        assert_eq!(text.lines().next(), Some(format!("aizuchi/shop/{}/1", "ab".repeat(16)).as_str()));
        assert!(signature.starts_with("\u{2014} aizuchi ") && signature.ends_with('\n'));
        assert_eq!(note, signer.sign(&checkpoint), "Ed25519 signs the same text with the same bytes");
        assert!(signer.key().starts_with("aizuchi+") && !format!("{signer:?}").contains("0707"));
        assert_eq!(Checkpoint::of_note("shop\nmany\nAAAA\n"), None);
    }
}
