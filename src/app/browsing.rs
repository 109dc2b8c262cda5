//! What those work from who keep the knowledge: the list of documents, one document with its history, what stands on it,
//! and the guide with its checks.

use super::{App, AppError};
use crate::{
    domain::{
        Category, Guide, Kind, Listed, Listing, Principal, Proposal, Relied, Revision, Timestamp, WishError,
        WorkspaceId,
    },
    identity::Act,
    knowledge::GUIDE_KEY,
    tone::{self, ExampleFailure},
};

/// One part of the documents.
#[derive(Debug, Clone)]
pub struct Documents {
    /// What is listed.
    pub lines: Vec<Listed>,
    /// How many there are of each kind, in the order of [`Kind::ALL`].
    pub kinds: [u64; Kind::ALL.len()],
    /// What waits for approval, the oldest first, with the title that it is about.
    pub waiting: Vec<(Proposal, String)>,
    /// Whether more comes after the last line.
    pub more: bool,
    /// When it was read.
    pub now: Timestamp,
}

/// One document.
#[derive(Debug, Clone)]
pub struct Known {
    /// All its revisions, the oldest first: the first is revision 1.
    pub history: Vec<Revision>,
    /// What waits for approval of it, the oldest first.
    pub waiting: Vec<Proposal>,
    /// When it was read.
    pub now: Timestamp,
}

/// The guide with what it says of itself.
#[derive(Debug, Clone)]
pub struct CheckedGuide {
    /// The guide.
    pub guide: Guide,
    /// Categories that some rule looks for.
    pub checked: Vec<Category>,
    /// Examples that their rule does not keep.
    pub failures: Vec<ExampleFailure>,
    /// All its revisions, the oldest first.
    pub history: Vec<Revision>,
    /// When it was read.
    pub now: Timestamp,
}

impl Known {
    /// The revision that holds today; where none does, the one that was recorded last.
    pub fn current(&self) -> Option<&Revision> {
        let today = self.now.day();
        let held = |revision: &&Revision| revision.recorded_until.is_none();
        let holds = |revision: &&Revision| revision.content.validity.holds(today, None);
        let held_now = self.history.iter().rev().filter(held);
        held_now.clone().find(holds).or_else(|| held_now.clone().next()).or(self.history.last())
    }
}

impl App {
    /// So many documents are listed at once.
    pub const LISTED: usize = 50;
    /// So many drafts and replies are listed that stand on a document.
    pub const RELIED: usize = 100;

    /// One part of the documents that are held true.
    pub async fn listing(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        listing: &Listing,
    ) -> Result<Documents, AppError> {
        self.permit(who, workspace, Act::ReadInternal)?;
        self.desk(workspace).await?;
        let shelf = &self.world.shelf;
        let asked = Listing { limit: Self::LISTED + 1, ..listing.clone() };
        let mut lines = shelf.listed(workspace, &asked).await?;
        let more = lines.len() > Self::LISTED;
        lines.truncate(Self::LISTED);
        let mut waiting = Vec::new();
        for proposal in shelf.proposals(workspace).await? {
            let title = match proposal.wish.content() {
                Some(content) => Some(content.title.clone()),
                None => shelf.document(workspace, proposal.wish.key()).await?.pop().map(|held| held.content.title),
            };
            let title = title.unwrap_or_else(|| proposal.wish.key().to_owned());
            waiting.push((proposal, title));
        }
        Ok(Documents { lines, kinds: shelf.kinds(workspace).await?, waiting, more, now: self.world.clock.now() })
    }

    /// One document with all its revisions and what waits of it.
    pub async fn known(&self, who: &Principal, workspace: &WorkspaceId, key: &str) -> Result<Known, AppError> {
        let mut history = self.history(who, workspace, key).await?;
        history.reverse();
        let mut waiting = self.world.shelf.proposals(workspace).await?;
        waiting.retain(|proposal| proposal.wish.key() == key);
        if history.is_empty() && waiting.is_empty() {
            return Err(WishError::Missing.into());
        }
        Ok(Known { history, waiting, now: self.world.clock.now() })
    }

    /// Drafts and replies that stand on a document, the last first, and whether there are more.
    pub async fn relied(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        key: &str,
    ) -> Result<(Vec<Relied>, bool), AppError> {
        self.permit(who, workspace, Act::ReadInternal)?;
        self.desk(workspace).await?;
        let mut relied = self.world.reliances.relied(workspace, key, Self::RELIED + 1).await?;
        let more = relied.len() > Self::RELIED;
        relied.truncate(Self::RELIED);
        Ok((relied, more))
    }

    /// The guide with its checks run; `None` while there is none.
    pub async fn checked_guide(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
    ) -> Result<Option<CheckedGuide>, AppError> {
        self.permit(who, workspace, Act::ReadInternal)?;
        let desk = self.desk(workspace).await?;
        if desk.guide.is_none() {
            return Ok(None);
        }
        let mut history = self.world.reliances.history(workspace, GUIDE_KEY).await?;
        history.reverse();
        let now = self.world.clock.now();
        // Hundreds of sentences are read: other requests go on meanwhile.
        let checking = tokio::task::spawn_blocking(move || {
            let guide = desk.tone.guide().clone();
            let checked = guide.rules.keys().copied().filter(|category| desk.tone.checks(*category)).collect();
            CheckedGuide { failures: tone::check_examples(&guide), checked, guide, history, now }
        });
        checking.await.map(Some).map_err(|_| AppError::Panicked)
    }
}
