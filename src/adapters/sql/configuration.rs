//! What drafts are made with beside the documents, as rows.

use std::collections::BTreeMap;

use super::{
    apply::Writing,
    conn::Conn,
    db::values_of,
    fault::{Fault, unreadable},
    keep,
};
use crate::domain::{Configuration, Configured, WorkspaceId};

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
    let mut texts = BTreeMap::new();
    for (name, file) in &configuration.files {
        let sql = "SELECT text FROM configuration_file WHERE workspace = $1 AND hash = $2";
        let row = conn.row(sql, values_of![workspace.as_str(), file.as_str()]).await?;
        let row = row.ok_or_else(|| unreadable("configuration_file.hash"))?;
        texts.insert(name.clone(), keep::read(&row.text(0)?)?);
    }
    Ok(Some(Configured { hash: hash.to_owned(), configuration, texts }))
}
