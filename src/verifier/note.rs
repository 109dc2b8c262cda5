//! Signed checkpoints, read: C2SP `signed-note` around a `tlog-checkpoint`, signed with Ed25519.

use std::fmt;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::signature::{ED25519, UnparsedPublicKey};
use sha2::{Digest, Sha256};

use super::tree::Hash;

/// A verifier key, `name+id+key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    written: String,
    name: String,
    id: [u8; 4],
    public: Vec<u8>,
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl VerifierKey {
    /// A key that nothing verifies with.
    pub(super) fn none() -> Self {
        Self { written: String::new(), name: String::new(), id: [0; 4], public: Vec::new() }
    }

    /// Reads one; its id has to be the one that its name and key give.
    pub fn parse(written: &str) -> Option<Self> {
        let (name, rest) = written.split_once('+')?;
        let (id, key) = rest.split_once('+')?;
        let typed = BASE64_STANDARD.decode(key).ok()?;
        let [1, public @ ..] = &typed[..] else { return None };
        let named = [name.as_bytes(), b"\n", &typed].concat();
        let hash: Hash = Sha256::digest(named).into();
        let fits = hex::encode(&hash[..4]) == id && public.len() == 32 && !name.is_empty() && !name.contains(' ');
        let id = [hash[0], hash[1], hash[2], hash[3]];
        fits.then(|| Self { written: written.to_owned(), name: name.to_owned(), id, public: public.to_vec() })
    }
}

/// A checkpoint whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub origin: String,
    pub size: u64,
    pub root: Hash,
}

impl Note {
    /// Opens a note; lines of other signers (witnesses) are not looked at.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, &'static str> {
        let (text, signatures) = note.rsplit_once("\n\n").ok_or("it has no signature")?;
        let text = format!("{text}\n");
        let lead = format!("\u{2014} {} ", key.name);
        if !signatures.ends_with('\n') {
            return Err("its last line has no end");
        }
        let mut of_key = signatures.lines().filter_map(|line| {
            let bytes = BASE64_STANDARD.decode(line.strip_prefix(&lead)?).ok()?;
            Some(bytes.strip_prefix(&key.id)?.to_vec())
        });
        let signature = of_key.next().ok_or("the key did not sign it")?;
        let public = UnparsedPublicKey::new(&ED25519, &key.public);
        public.verify(text.as_bytes(), &signature).map_err(|_| "its signature does not fit its text")?;
        Self::read(&text).ok_or("its text is no checkpoint")
    }

    fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let root = BASE64_STANDARD.decode(root).ok()?.try_into().ok()?;
        let counted: u64 = size.parse().ok()?;
        (counted.to_string() == size).then(|| Self { origin: origin.to_owned(), size: counted, root })
    }
}
