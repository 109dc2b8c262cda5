//! How the day of a workspace goes: what needs somebody now, what came, what waits, what became of the drafts.

use super::{App, AppError, Chart, InboxLine};
use crate::{
    domain::{Arrivals, Counts, Fates, GroupBy, Principal, Proposal, Sought, Timestamp, View, WorkspaceId, median},
    identity::{Act, may},
};

/// How the day goes, as far as its reader may know it.
#[derive(Debug, Clone)]
pub struct Today {
    /// When it was read.
    pub now: Timestamp,
    /// How many inquiries each part of the inbox holds.
    pub counts: Counts,
    /// Of those that are overdue, the one that waits the longest time.
    pub overdue: Option<InboxLine>,
    /// Of those that were handed to a person, the same.
    pub handoff: Option<InboxLine>,
    /// Vendors whose letters departed from the guide more often than they used to; not for everybody.
    pub vendors: Vec<Chart>,
    /// Changes of documents that wait for a yes or no, for those who may say it.
    pub proposals: Vec<Proposal>,
    /// What came.
    pub arrivals: Arrivals,
    /// When those came that are open, the oldest first.
    pub unanswered: Vec<Timestamp>,
    /// How long an inquiry may wait, in milliseconds.
    pub reply_within: i64,
    /// What became of the drafts, day by day.
    pub fates: Vec<Fates>,
    /// How long an inquiry waited for its first reply, of those that got it today: the one in the middle.
    pub first_reply: Option<i64>,
    /// Whether the search answers and is level with the documents.
    pub searchable: bool,
}

/// An alarm that is older than this is not what needs somebody now.
const ALARM_MS: i64 = 14 * 24 * 3_600_000;

impl Today {
    /// Whether nothing ever came.
    pub fn is_blank(&self) -> bool {
        let came = self.arrivals.total() > 0 || self.arrivals.usual.is_some() || !self.unanswered.is_empty();
        !came && self.fates.iter().all(|day| day.total() == 0)
    }

    /// Whether nothing needs anybody.
    pub fn is_calm(&self) -> bool {
        self.overdue.is_none() && self.handoff.is_none() && self.vendors.is_empty() && self.proposals.is_empty()
    }
}

impl App {
    /// How the day of a workspace goes.
    pub async fn today(&self, who: &Principal, workspace: &WorkspaceId) -> Result<Today, AppError> {
        self.permit(who, workspace, Act::Read)?;
        let desk = self.desk(workspace).await?;
        let (figures, now) = (&self.world.figures, self.world.clock.now());
        let first = async |view| {
            let sought = Sought { view, ..Sought::default() };
            let waiting = self.world.inboxes.waiting(workspace, &self.inbox_query(who, &sought, now, 1)).await?;
            Ok::<_, AppError>(waiting.into_iter().next().map(|waiting| self.line(&desk, waiting)))
        };
        let may = |act| who.role_in(workspace).is_some_and(|role| may(role, act));
        let vendors = match may(Act::Review) {
            true => self.drift(who, workspace, GroupBy::Vendor, None, None).await?,
            false => Vec::new(),
        };
        let is_recent = |chart: &Chart| chart.alarms.last().is_some_and(|alarm| alarm.day.start().0 > now.0 - ALARM_MS);
        let proposals = match may(Act::KeepKnowledge) {
            true => self.proposals(who, workspace).await?,
            false => Vec::new(),
        };
        let today = now.day();
        let hours = figures.received(workspace, Arrivals::since(today)).await?;
        let decided = figures.decided(workspace, Fates::since(today)).await?;
        Ok(Today {
            counts: self.inbox_counts(who, workspace).await?,
            overdue: first(View::Overdue).await?,
            handoff: first(View::Handoff).await?,
            vendors: vendors.into_iter().filter(is_recent).collect(),
            proposals,
            arrivals: Arrivals::of(&hours, today),
            unanswered: figures.unanswered(workspace, self.chatbots_since(now)).await?,
            reply_within: i64::try_from(self.settings.reply_within.as_millis()).unwrap_or(i64::MAX),
            fates: Fates::of(&decided, today),
            first_reply: median(figures.first_replies(workspace, today.start()).await?),
            searchable: self.is_level(workspace).await,
            now,
        })
    }

    /// Whether the index of a workspace answers and holds what the store holds.
    async fn is_level(&self, workspace: &WorkspaceId) -> bool {
        let last = self.world.shelf.last_changed(workspace).await;
        matches!((last, self.world.index.sequence(workspace)), (Ok(last), Ok(Some(at))) if at == last)
    }
}
