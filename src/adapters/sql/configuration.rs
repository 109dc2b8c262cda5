//! What drafts are made with beside the documents, as rows.

use std::collections::BTreeMap;

use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{
    apply::Writing,
    conn::Conn,
    db::values_of,
    fault::{Fault, unreadable},
    keep,
};
use crate::{
    audit::canonical,
    domain::{Configuration, Configured, WorkspaceId},
};

/// Keeps a configuration with the words of its files. Two servers may come to it at once: it is the same.
pub fn write(writing: &mut Writing<'_>, configured: &Configured) -> Result<(), Fault> {
    let Configured { hash, configuration, texts } = configured;
    let content = keep::write(configuration)?;
    let values = values_of![writing.workspace(), hash.as_str(), content, writing.change.at.0];
    writing.conn.put_off(
        "INSERT INTO configuration (workspace, hash, content, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (workspace, hash) DO NOTHING",
        values,
    );
    for (name, text) in texts {
        let hash = configuration.files.get(name).ok_or_else(|| Fault::Failed(format!("no hash of {name}")))?;
        // A template may hold any character; JSON escapes what PostgreSQL's TEXT cannot hold.
        let values = values_of![writing.workspace(), hash.as_str(), keep::write(text)?];
        writing.conn.put_off(
            "INSERT INTO configuration_file (workspace, hash, text) VALUES ($1, $2, $3)
             ON CONFLICT (workspace, hash) DO NOTHING",
            values,
        );
    }
    Ok(())
}

/// Reads [`write`].
pub async fn read(conn: &mut Conn, workspace: &WorkspaceId, hash: &str) -> Result<Option<Configured>, Fault> {
    let sql = "SELECT content FROM configuration WHERE workspace = $1 AND hash = $2";
    let Some(row) = conn.row(sql, values_of![workspace.as_str(), hash]).await? else { return Ok(None) };
    let configuration: Configuration = keep::read(&row.text(0)?)?;
    // The log names it by its hash; whoever changed the row changed something else.
    if sha256(&canonical(&json!(configuration))) != hash {
        return Err(unreadable("configuration.content"));
    }
    let mut texts = BTreeMap::new();
    for (name, file) in &configuration.files {
        let sql = "SELECT text FROM configuration_file WHERE workspace = $1 AND hash = $2";
        let row = conn.row(sql, values_of![workspace.as_str(), file.as_str()]).await?;
        let row = row.ok_or_else(|| unreadable("configuration_file.hash"))?;
        let text: String = keep::read(&row.text(0)?)?;
        if sha256(&text) != *file {
            return Err(unreadable("configuration_file.text"));
        }
        texts.insert(name.clone(), text);
    }
    Ok(Some(Configured { hash: hash.to_owned(), configuration, texts }))
}

fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}
