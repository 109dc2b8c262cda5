//! What operators work from: the inbox, one inquiry with everything beside it, and who works on it.

use std::time::Duration;

use super::{App, AppError, TURNS, sources::Source};
use crate::{
    domain::{
        Counts, Decision, DraftState, Id, InboxQuery, Inquiry, Lease, Note, Place, Principal, Reply, Sought,
        Suggestion, Timestamp, Turn, Waiting, What, WorkspaceId, name,
    },
    identity::Act,
    language::{given::Given, zones},
    pipeline::desk::Desk,
};

/// One part of the inbox, from its head or from where the reader left it.
#[derive(Debug, Clone)]
pub struct Inbox {
    /// What is listed.
    pub lines: Vec<InboxLine>,
    /// Whether more comes after the last line.
    pub more: bool,
    /// When it was read.
    pub now: Timestamp,
}

/// One inquiry as a line.
#[derive(Debug, Clone)]
pub struct InboxLine {
    /// The inquiry and how it stands.
    pub waiting: Waiting,
    /// The first sentence that says something.
    pub title: String,
    /// What follows it.
    pub rest: String,
    /// What it is about, as people say it.
    pub topic: String,
    /// When an answer is due.
    pub due: Timestamp,
}

/// One inquiry with what an operator needs to answer it.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The inquiry.
    pub inquiry: Inquiry,
    /// The first sentence that says something.
    pub title: String,
    /// What it is about, as people say it.
    pub topic: String,
    /// What was said before in the conversation, oldest first.
    pub turns: Vec<Turn>,
    /// What the customer wrote and was told in other conversations, oldest first.
    pub elsewhere: Vec<Turn>,
    /// The last suggestion and where its draft stands.
    pub suggestion: Option<(Suggestion, Option<DraftState>)>,
    /// What its evidence was cut from, as far as it is kept.
    pub sources: Vec<Source>,
    /// What the customer said already, as name and value.
    pub given: Vec<(String, String)>,
    /// What colleagues said of it, oldest first.
    pub notes: Vec<Note>,
    /// Those who may answer it: their ids and names.
    pub colleagues: Vec<(String, String)>,
    /// What was decided on that draft, and what went out.
    pub decided: Option<(Decision, Option<Reply>)>,
    /// Until when whoever reads may take that back; `None` where they may not.
    pub undo_until: Option<Timestamp>,
    /// Who works on it.
    pub lease: Option<Lease>,
    /// When an answer is due.
    pub due: Timestamp,
    /// When it was read.
    pub now: Timestamp,
    /// Its place among those that are open; `None` once it is answered.
    pub place: Option<Place>,
}

impl App {
    /// So many lines are listed at once.
    pub const INBOX_LINES: usize = 50;

    /// One part of the inbox of a workspace.
    pub async fn inbox(&self, who: &Principal, workspace: &WorkspaceId, sought: &Sought) -> Result<Inbox, AppError> {
        self.permit(who, workspace, Act::Read)?;
        let desk = self.desk(workspace).await?;
        let now = self.world.clock.now();
        let query = self.inbox_query(who, sought, now, Self::INBOX_LINES + 1);
        let mut waiting = self.world.inboxes.waiting(workspace, &query).await?;
        let more = waiting.len() > Self::INBOX_LINES;
        waiting.truncate(Self::INBOX_LINES);
        let lines = waiting.into_iter().map(|waiting| self.line(&desk, waiting)).collect();
        Ok(Inbox { lines, more, now })
    }

    /// How many inquiries each part of the inbox holds.
    pub async fn inbox_counts(&self, who: &Principal, workspace: &WorkspaceId) -> Result<Counts, AppError> {
        self.permit(who, workspace, Act::Read)?;
        let sought = Sought::default();
        let query = self.inbox_query(who, &sought, self.world.clock.now(), 0);
        Ok(self.world.inboxes.counts(workspace, &query).await?)
    }

    /// The inquiry that waits the longest time and that nobody else works on.
    pub async fn next_waiting(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
    ) -> Result<Option<Id<name::Inquiry>>, AppError> {
        self.permit(who, workspace, Act::Read)?;
        let sought = Sought::default();
        let query = self.inbox_query(who, &sought, self.world.clock.now(), 1);
        Ok(self.world.inboxes.next(workspace, &query).await?)
    }

    /// How many inquiries came since a moment and are open still.
    pub async fn arrived(&self, who: &Principal, workspace: &WorkspaceId, since: Timestamp) -> Result<u64, AppError> {
        self.permit(who, workspace, Act::Read)?;
        let chatbots_since = self.chatbots_since(self.world.clock.now());
        Ok(self.world.inboxes.arrived(workspace, since, chatbots_since).await?)
    }

    /// One inquiry with everything beside it.
    pub async fn open_case(&self, who: &Principal, id: &Id<name::Inquiry>) -> Result<Opened, AppError> {
        let workspace = self.permit_on(who, "inquiry", id, Act::Read).await?;
        let desk = self.desk(&workspace).await?;
        let (cases, inboxes, now) = (&self.world.cases, &self.world.inboxes, self.world.clock.now());
        let unknown = || AppError::NoSuch { what: "inquiry", id: id.to_string() };
        let inquiry = cases.inquiry(&workspace, id).await?.ok_or_else(unknown)?;
        let suggestion = match cases.suggestion_for(&workspace, id).await? {
            None => None,
            Some(suggestion) => {
                let state = match &suggestion.draft {
                    Some(draft) => cases.suggestion_of(&workspace, &draft.id).await?.map(|(_, state)| state),
                    None => None,
                };
                Some((self.visible(who, suggestion), state))
            }
        };
        let draft = suggestion.as_ref().and_then(|(suggestion, _)| suggestion.draft.as_ref());
        let decided = match draft {
            Some(draft) => cases.decision_on(&workspace, &draft.id).await?,
            None => None,
        };
        let undo_until = match &decided {
            Some((decision, _)) => self.undoable(who, &workspace, decision).await?,
            None => None,
        };
        let internal = self.reads_internal(who, &workspace);
        let sources = match &suggestion {
            Some((suggestion, _)) if internal => self.sources(&workspace, suggestion).await?,
            _ => Vec::new(),
        };
        let place = inboxes.place(&workspace, id, self.chatbots_since(now)).await?;
        Ok(Opened {
            title: title(inquiry.text.as_str()).0,
            topic: topic(&desk, &inquiry),
            turns: self.turns(&inquiry).await?,
            elsewhere: inboxes.elsewhere(&workspace, &inquiry, TURNS).await?,
            decided: decided.map(|(decision, reply)| (decision, reply.map(|(reply, _)| reply))),
            lease: inboxes.lease(&workspace, id, now).await?,
            due: self.due(&inquiry),
            given: Given::of(inquiry.text.as_str()).items(),
            notes: if internal { inboxes.notes(&workspace, id).await? } else { Vec::new() },
            colleagues: if internal { self.colleagues(&workspace).await? } else { Vec::new() },
            sources,
            suggestion,
            undo_until,
            now,
            place,
            inquiry,
        })
    }

    /// Works on an inquiry from now on, or still does; with `over` also where somebody else had it.
    pub async fn hold(&self, who: &Principal, id: &Id<name::Inquiry>, over: bool) -> Result<Lease, AppError> {
        let workspace = self.permit_on(who, "inquiry", id, Act::Decide).await?;
        let now = self.world.clock.now();
        if let Some(own) = self.world.inboxes.lease(&workspace, id, now).await?
            && own.principal == who.id
            && own.until.0.saturating_sub(now.0) > millis(Lease::TIME) / 2
        {
            // Somebody who goes on typing is no event.
            return Ok(own);
        }
        let until = Timestamp(now.0.saturating_add(millis(Lease::TIME)));
        let lease = Lease { inquiry: id.clone(), principal: who.id.clone(), since: now, until };
        self.record(who, &workspace, What::Held { lease: lease.clone(), over }).await?;
        Ok(lease)
    }

    /// Works on it no more.
    pub async fn release(&self, who: &Principal, id: &Id<name::Inquiry>) -> Result<(), AppError> {
        let workspace = self.permit_on(who, "inquiry", id, Act::Decide).await?;
        self.record(who, &workspace, What::Released(id.clone())).await
    }

    pub(super) fn inbox_query<'a>(
        &self,
        who: &'a Principal,
        sought: &'a Sought,
        now: Timestamp,
        limit: usize,
    ) -> InboxQuery<'a> {
        let overdue = Timestamp(now.0.saturating_sub(millis(self.settings.reply_within)));
        let (today, chatbots_since) = (now.day().start(), self.chatbots_since(now));
        InboxQuery { sought, principal: &who.id, now, overdue, today, chatbots_since, limit }
    }

    /// What was received before is no chatbot's any more. A chatbot answers within seconds, and one that reports nothing for
    /// half of the time that customers are promised leaves people the other half, so that nobody is forgotten and nothing is
    /// late when it comes back.
    pub(super) fn chatbots_since(&self, now: Timestamp) -> Timestamp {
        Timestamp(now.0.saturating_sub(millis(self.settings.reply_within) / 2))
    }

    pub(super) fn line(&self, desk: &Desk, waiting: Waiting) -> InboxLine {
        let (title, rest) = title(waiting.inquiry.text.as_str());
        let topic = topic(desk, &waiting.inquiry);
        InboxLine { title, rest, topic, due: self.due(&waiting.inquiry), waiting }
    }

    /// When an answer is due; of one that joined, counted from its last message.
    fn due(&self, inquiry: &Inquiry) -> Timestamp {
        Timestamp(inquiry.received_at.0.saturating_add(millis(self.settings.reply_within)))
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// What it is about, as people say it.
fn topic(desk: &Desk, inquiry: &Inquiry) -> String {
    let situation = &inquiry.situations.primary;
    desk.vocabulary.entry(situation).map_or_else(|| situation.as_str().to_owned(), |entry| entry.ja.clone())
}

/// The first line that says something, and what follows it, without greetings, signature and what is quoted.
pub(super) fn title(text: &str) -> (String, String) {
    const TITLE_CHARS: usize = 40;
    let core = zones::core(text);
    let matter = if core.trim().is_empty() { text } else { core.as_str() };
    let line = matter.split_whitespace().collect::<Vec<_>>().join(" ");
    let end =
        line.char_indices().find(|(_, c)| matches!(c, '。' | '？' | '?' | '！' | '!')).map(|(at, c)| at + c.len_utf8());
    let (first, rest) = line.split_at(end.unwrap_or(line.len()));
    let title = match first.char_indices().nth(TITLE_CHARS) {
        Some((cut, _)) => format!("{}…", &first[..cut]),
        None => first.trim_end_matches('。').to_owned(),
    };
    (title, rest.trim().chars().take(120).collect())
}
