//! What is still known of a draft whose record cannot be read as a whole: its words were erased, it never came to be, or it
//! is still being made. The log has it all the same.

use super::{App, AppError, Entry, ReadRecord, Vouched, inbox::title};
use crate::{
    domain::{EventFilter, FailedDraft, Id, Principal, Timestamp, WorkspaceId, name},
    identity::Act,
    ports::StoreError,
};

/// What an auditor reads of a draft.
#[derive(Debug)]
pub enum Recorded {
    /// All of it.
    Whole(Box<ReadRecord>),
    /// What is left, or was ever there.
    Remains(Box<Remains>),
}

/// What is known of a draft without its record.
#[derive(Debug)]
pub struct Remains {
    /// Where it belongs.
    pub workspace: WorkspaceId,
    /// Why there is no more.
    pub why: Gone,
    /// What it was to answer.
    pub inquiry: Option<Id<name::Inquiry>>,
    /// The first sentence of the inquiry that says something; `None` where its words are erased too.
    pub title: Option<String>,
    /// The events that name it, its inquiry or its reply, and those that erased its words.
    pub entries: Vec<Entry>,
    /// Whether the log vouches for them.
    pub vouched: Vouched,
    /// When it was read.
    pub now: Timestamp,
}

/// Why a draft has no record that can be read.
#[derive(Debug)]
pub enum Gone {
    /// Words of it were erased.
    Erased,
    /// It did not come to be.
    Failed(FailedDraft),
    /// It was begun, and nobody recorded yet what became of it.
    Unfinished,
}

/// More erasures of one customer than this are not looked through.
const ERASURES: usize = 20;

impl App {
    /// The record of a draft, for people, or what is known without it.
    pub async fn read_record(&self, who: &Principal, draft: &Id<name::Draft>) -> Result<Recorded, AppError> {
        let workspace = self.permit_on(who, "draft", draft, Act::Audit).await?;
        let why = match self.whole_record(who, draft).await {
            Ok(whole) => return Ok(Recorded::Whole(Box::new(whole))),
            Err(AppError::Store(StoreError::Erased)) => Gone::Erased,
            Err(AppError::NoSuch { what: "draft", .. }) => {
                match self.world.cases.failed_draft(&workspace, draft).await {
                    Ok(Some(failed)) => Gone::Failed(failed),
                    Ok(None) => Gone::Unfinished,
                    Err(StoreError::Erased) => Gone::Erased,
                    Err(error) => return Err(error.into()),
                }
            }
            Err(error) => return Err(error),
        };
        Ok(Recorded::Remains(Box::new(self.remains(who, workspace, draft, why).await?)))
    }

    async fn remains(
        &self,
        who: &Principal,
        workspace: WorkspaceId,
        draft: &Id<name::Draft>,
        why: Gone,
    ) -> Result<Remains, AppError> {
        let own = self.entries_naming(&workspace, vec![draft.to_string()]).await?;
        let named = own.iter().find_map(|entry| entry.word("inquiry"));
        let inquiry = named.and_then(|inquiry| Id::<name::Inquiry>::parse(inquiry).ok());
        // One that was taken back, and the one that went out.
        let replies = own.iter().filter_map(|entry| entry.refs.pointer("/reply/reply")?.as_str()).map(str::to_owned);
        let ids = [Some(draft.to_string()), inquiry.as_ref().map(ToString::to_string)].into_iter().flatten();
        let mut entries = self.entries_naming(&workspace, ids.chain(replies).collect()).await?;
        if let (Gone::Erased, Some(inquiry)) = (&why, &inquiry) {
            let begun = own.first().map_or(0, |entry| entry.sequence);
            entries.extend(self.erasures(&workspace, inquiry, begun).await?);
        }
        entries.sort_by_key(|entry| entry.sequence);
        let title = match &inquiry {
            Some(inquiry) => match self.world.cases.inquiry(&workspace, inquiry).await {
                Err(StoreError::Erased) => None,
                found => found?.map(|inquiry| title(inquiry.text.as_str()).0),
            },
            None => None,
        };
        let vouched = self.vouched(who, &workspace, draft).await?;
        Ok(Remains { workspace, why, inquiry, title, entries, vouched, now: self.world.clock.now() })
    }

    async fn entries_naming(&self, workspace: &WorkspaceId, ids: Vec<String>) -> Result<Vec<Entry>, AppError> {
        Ok(self.events_naming(workspace, ids).await?.into_iter().map(Entry::read).collect())
    }

    /// The erasures since a moment of the log of whom an inquiry is about.
    async fn erasures(
        &self,
        workspace: &WorkspaceId,
        inquiry: &Id<name::Inquiry>,
        since: u64,
    ) -> Result<Vec<Entry>, AppError> {
        let Some(naming) = self.world.erasing.subject_of(workspace, inquiry).await? else { return Ok(Vec::new()) };
        let filter =
            EventFilter { of: Some("subject.erased".to_owned()), naming: Some(naming), ..EventFilter::default() };
        let events = self.world.trail.events(workspace, &filter, since, ERASURES).await?;
        Ok(events.into_iter().map(Entry::read).collect())
    }
}
