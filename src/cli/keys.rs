//! `key create`, `key list`, `key revoke`.

use anyhow::Context as _;
use clap::Subcommand;

use super::Place;
use crate::{
    domain::{Id, Principal, Role, WorkspaceId, name},
    wire,
};

/// `aizuchi key ...`
#[derive(Subcommand)]
pub(super) enum KeyCommand {
    /// Make a key; its secret is printed once
    Create {
        /// Which workspace it opens
        #[arg(long, value_parser = WorkspaceId::parse)]
        workspace: WorkspaceId,
        /// chatbot, operator, qa, knowledge, auditor or admin
        #[arg(long, value_parser = role)]
        role: Role,
        /// What to call it
        #[arg(long, default_value = "")]
        label: String,
    },
    /// List the keys of a workspace, without their secrets
    List {
        /// Which workspace
        #[arg(long, value_parser = WorkspaceId::parse)]
        workspace: WorkspaceId,
    },
    /// End a key at once
    Revoke {
        /// Which workspace it opens
        #[arg(long, value_parser = WorkspaceId::parse)]
        workspace: WorkspaceId,
        /// The key's id
        id: Id<name::Key>,
    },
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "expected chatbot, operator, qa, knowledge, auditor or admin".to_owned())
}

impl KeyCommand {
    /// Makes, lists or revokes.
    pub(super) async fn run(self, place: &Place) -> anyhow::Result<()> {
        let data = place.data.clone().context("say where the installation is: --data DIR")?;
        let app = wire::open(place.settings(data)?).await?;
        let who = Principal::system();
        match self {
            Self::Create { workspace, role, label } => {
                let new = app.create_key(&who, &workspace, role, &label).await?;
                println!("{}\n{}", new.key.id, new.secret.reveal());
            }
            Self::List { workspace } => {
                for key in app.keys(&who, &workspace).await? {
                    println!("{}  {:<9}  {}", key.id, key.role.as_str(), key.label);
                }
            }
            Self::Revoke { workspace, id } => app.revoke_key(&who, &workspace, &id).await?,
        }
        Ok(())
    }
}
