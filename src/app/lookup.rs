//! Finding an inquiry again, answered or not.

use super::{App, AppError, InboxLine};
use crate::{
    domain::{Excerpt, Id, Principal, Sought, Timestamp, WorkspaceId, name},
    identity::Act,
};

/// What is looked up among the inquiries of a workspace.
#[derive(Debug, Clone, Default)]
pub struct Lookup {
    /// Words of the customer or of a reply, a reference, or an id.
    pub words: String,
    /// Only among those that are older than this one.
    pub older: Option<Id<name::Inquiry>>,
    /// Only what comes after this one in what is found.
    pub behind: Option<Id<name::Inquiry>>,
}

/// What was found, from its head or from where the reader left it.
#[derive(Debug, Clone)]
pub struct LookedUp {
    /// The inquiries, the last received first, with the words around what was found.
    pub lines: Vec<(InboxLine, Option<Excerpt>)>,
    /// How many were found.
    pub found: usize,
    /// Whether more was found after the last line.
    pub more: bool,
    /// How many inquiries were looked through.
    pub looked: u64,
    /// The last of them, where older ones were not looked through.
    pub rest: Option<Id<name::Inquiry>>,
    /// When it was.
    pub now: Timestamp,
}

impl App {
    /// So many look something up at once.
    pub(super) const LOOKUPS: usize = 2;

    /// Looks an inquiry up.
    pub async fn look_up(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        lookup: &Lookup,
    ) -> Result<LookedUp, AppError> {
        self.permit(who, workspace, Act::Read)?;
        let (desk, inboxes) = (self.desk(workspace).await?, &self.world.inboxes);
        let _turn = self.lookups.acquire().await.map_err(|_| AppError::Panicked)?;
        let found = inboxes.find(workspace, &lookup.words, lookup.older.as_ref()).await?;
        let shown = match &lookup.behind {
            Some(behind) => found.hits.iter().position(|hit| hit.inquiry == *behind).map_or(0, |at| at + 1),
            None => 0,
        };
        let page: Vec<_> = found.hits.iter().skip(shown).take(Self::INBOX_LINES).collect();
        let (sought, now) = (Sought::default(), self.world.clock.now());
        let query = self.inbox_query(who, &sought, now, Self::INBOX_LINES);
        let ids: Vec<_> = page.iter().map(|hit| &hit.inquiry).collect();
        let waiting = inboxes.lines(workspace, &query, &ids).await?;
        let excerpt = |id: &Id<name::Inquiry>| page.iter().find(|hit| hit.inquiry == *id)?.excerpt.clone();
        let lines = waiting.into_iter().map(|waiting| {
            let excerpt = excerpt(&waiting.inquiry.id);
            (self.line(&desk, waiting), excerpt)
        });
        Ok(LookedUp {
            lines: lines.collect(),
            found: found.hits.len(),
            more: found.hits.len() > shown + page.len(),
            looked: found.looked,
            rest: found.rest,
            now,
        })
    }

    /// What inquiries are about in a workspace: ids, and how people say it.
    pub async fn topics(&self, who: &Principal, workspace: &WorkspaceId) -> Result<Vec<(String, String)>, AppError> {
        self.permit(who, workspace, Act::Read)?;
        let desk = self.desk(workspace).await?;
        let entries = desk.vocabulary.entries().iter();
        Ok(entries.map(|entry| (entry.id.as_str().to_owned(), entry.ja.clone())).collect())
    }
}
