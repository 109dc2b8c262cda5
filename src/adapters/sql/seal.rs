//! Words sealed for their data subject. Each subject has a key of its own, which is kept sealed under one that is made of the
//! installation's secret; whoever destroys the subject's key has erased every text under it, wherever a copy may lie.
//!
//! A seal says where it belongs: one that was moved to another text, subject or workspace does not open.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::{
    conn::Conn,
    db::{Row, Value, values_of},
    fault::Fault,
    keep::Keep,
    scrub,
};

/// What the sealed bytes begin with.
const VERSION: u8 = 1;
/// Plain texts of a database from before that are sealed in one transaction.
const BATCH: usize = 200;

/// A key that seals, of one subject or of the installation.
#[derive(Clone)]
pub struct SealKey(Arc<LessSafeKey>);

impl SealKey {
    /// From 256 bits.
    pub fn new(bits: &[u8; 32]) -> Self {
        let key = UnboundKey::new(&CHACHA20_POLY1305, bits).expect("the key has the length of the algorithm");
        Self(Arc::new(LessSafeKey::new(key)))
    }

    /// Version, nonce and sealed bytes in base64. A nonce is random: a subject has few texts, and 96 bits are many.
    fn seal(&self, nonce: [u8; 32], place: &[&str], plain: &[u8]) -> Result<String, Fault> {
        let nonce: [u8; NONCE_LEN] = std::array::from_fn(|at| nonce[at]);
        let mut sealed = plain.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(bound(place)), &mut sealed)
            .map_err(|_| Fault::Failed("a text could not be sealed".to_owned()))?;
        Ok(BASE64.encode([&[VERSION][..], &nonce, &sealed].concat()))
    }

    fn open(&self, place: &[&str], sealed: &str) -> Result<Vec<u8>, Fault> {
        let unreadable =
            || Fault::Failed("a sealed text does not open: is this the `secret.key` of this store?".to_owned());
        let mut bytes = BASE64.decode(sealed).map_err(|_| unreadable())?;
        let [VERSION, rest @ ..] = &mut bytes[..] else { return Err(unreadable()) };
        let Some((nonce, sealed)) = rest.split_first_chunk_mut::<NONCE_LEN>() else { return Err(unreadable()) };
        let opened = self.0.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(bound(place)), sealed);
        opened.map(|plain| plain.to_vec()).map_err(|_| unreadable())
    }
}

/// Lengths keep the parts apart.
fn bound(place: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in place {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part.as_bytes());
    }
    bytes
}

impl Keep {
    /// A text under its subject's key.
    pub fn seal(&self, key: &SealKey, place: [&str; 3], plain: &str) -> Result<String, Fault> {
        let [workspace, subject, text] = place;
        key.seal(self.random()?, &["text", workspace, subject, text], plain.as_bytes())
    }

    /// Reads a column of the view `person_body`.
    pub fn open(&self, row: &Row, column: usize) -> Result<String, Fault> {
        self.open_if_there(row, column)?.ok_or(Fault::Erased)
    }

    /// The same; `None` where nothing stands, or what stood there was erased.
    pub fn open_if_there(&self, row: &Row, column: usize) -> Result<Option<String>, Fault> {
        let Some(whole) = row.maybe_text(column)? else { return Ok(None) };
        let parts: Vec<&str> = whole.split(' ').collect();
        let [workspace, subject, text, wrapped, sealed] = parts[..] else { return Err(plain()) };
        if whole.starts_with('{') {
            return Err(plain());
        }
        let key = self.unwrap(workspace, subject, wrapped)?;
        let plain = key.open(&["text", workspace, subject, text], sealed)?;
        String::from_utf8(plain).map(Some).map_err(|_| Fault::Failed("a sealed text is not UTF-8".to_owned()))
    }

    fn unwrap(&self, workspace: &str, subject: &str, wrapped: &str) -> Result<SealKey, Fault> {
        let bits = self.wrapping().open(&["key", workspace, subject], wrapped)?;
        let bits: [u8; 32] =
            bits.try_into().map_err(|_| Fault::Failed("a subject's key has no 256 bits".to_owned()))?;
        Ok(SealKey::new(&bits))
    }

    /// A new key, and how it is kept.
    fn new_key(&self, workspace: &str, subject: &str) -> Result<(SealKey, String), Fault> {
        let bits = self.random()?;
        Ok((SealKey::new(&bits), self.wrapping().seal(self.random()?, &["key", workspace, subject], &bits)?))
    }
}

fn plain() -> Fault {
    Fault::Failed("a text is not sealed: start the server anew, so that it is".to_owned())
}

/// The key of a subject; made with its first text. The head of the log is locked: nobody else makes one meanwhile.
pub async fn key_of(conn: &mut Conn, keep: &Keep, workspace: &str, subject: &str, at: i64) -> Result<SealKey, Fault> {
    let sql = "SELECT wrapped FROM subject_key WHERE workspace = $1 AND subject = $2";
    if let Some(row) = conn.row(sql, values_of![workspace, subject]).await? {
        return keep.unwrap(workspace, subject, &row.text(0)?);
    }
    let (key, wrapped) = keep.new_key(workspace, subject)?;
    conn.put_off(
        "INSERT INTO subject_key (workspace, subject, wrapped, created_at) VALUES ($1, $2, $3, $4)",
        values_of![workspace, subject, wrapped, at],
    );
    Ok(key)
}

/// Seals what an earlier version wrote in the clear, before anything else is written. Whether there was anything.
pub async fn seal_plain(conn: &mut Conn, keep: &Keep, at: i64) -> Result<bool, Fault> {
    let mut any = false;
    loop {
        conn.begin();
        match batch(conn, keep, at).await {
            Ok(sealed) => {
                conn.frame("COMMIT");
                conn.flush().await?;
                any |= sealed > 0;
                if sealed == 0 {
                    return Ok(any);
                }
            }
            Err(fault) => {
                conn.roll_back().await;
                return Err(fault);
            }
        }
    }
}

async fn batch(conn: &mut Conn, keep: &Keep, at: i64) -> Result<usize, Fault> {
    let first = "SELECT workspace FROM person_text WHERE substr(body, 1, 1) = '{' LIMIT 1";
    let Some(row) = conn.row(first, values_of![]).await? else { return Ok(0) };
    let workspace = row.text(0)?;
    // As every writer of the workspace does.
    conn.put_off("UPDATE log_head SET sequence = sequence WHERE workspace = $1", values_of![workspace.as_str()]);
    let sql = "SELECT id, subject, body FROM person_text
               WHERE workspace = $1 AND substr(body, 1, 1) = '{' ORDER BY id LIMIT $2";
    let rows = conn.rows(sql, values_of![workspace.as_str(), BATCH]).await?;
    scrub::mark(conn, keep.text_id().as_str(), true);
    for row in &rows {
        let (id, subject) = (row.text(0)?, row.text(1)?);
        let key = key_of(conn, keep, &workspace, &subject, at).await?;
        let sealed = keep.seal(&key, [&workspace, &subject, &id], &row.text(2)?)?;
        let values: Vec<Value> = values_of![workspace.as_str(), id, sealed];
        conn.put_off("UPDATE person_text SET body = $3 WHERE workspace = $1 AND id = $2", values);
    }
    conn.flush().await?;
    // Another server may have sealed them while this one waited: then it looks once more.
    Ok(rows.len().max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_opens_with_its_key_in_its_place_and_nowhere_else() {
        let (key, other) = (SealKey::new(&[1; 32]), SealKey::new(&[2; 32]));
        let sealed = key.seal([7; 32], &["text", "shop", "cnv", "txt"], "山田です".as_bytes()).unwrap();
        assert_eq!(key.open(&["text", "shop", "cnv", "txt"], &sealed).unwrap(), "山田です".as_bytes());
        assert!(other.open(&["text", "shop", "cnv", "txt"], &sealed).is_err());
        for place in [["text", "shop", "cnv", "txt2"], ["text", "shop2", "cnv", "txt"], ["text", "shopc", "nv", "txt"]]
        {
            assert!(key.open(&place, &sealed).is_err(), "{place:?}");
        }
        for broken in ["", "AA", "AQ", &sealed[..sealed.len() - 2], &sealed.replacen("AQ", "Ag", 1)] {
            assert!(key.open(&["text", "shop", "cnv", "txt"], broken).is_err(), "{broken}");
        }
        assert_ne!(key.seal([8; 32], &["text"], b"a").unwrap(), key.seal([7; 32], &["text"], b"a").unwrap());
    }
}
