//! The whole record of one draft: who was told what, on what ground, and who let it pass.

use std::collections::BTreeMap;

use super::{App, AppError, closing::CheckedReply};
use crate::{
    domain::{
        Configured, Decision, DraftState, EventFilter, Id, Principal, Suggestion, UndoneDecision, WorkspaceId, name,
    },
    identity::Act,
    ports::Event,
};

/// How many events are read at a time.
const PAGE: usize = 200;

/// What was recorded of one draft, as it was recorded: no later change of a document, a prompt or the guide changes it.
#[derive(Debug)]
pub struct DraftRecord {
    /// Inquiry, evidence, prompts, attempts, draft, checks, and what it was made under.
    pub suggestion: Suggestion,
    /// Where the draft stands now.
    pub state: DraftState,
    /// Build, words of files and settings of models; `None` where it was made before they were recorded.
    pub configured: Option<Configured>,
    /// What the operator decided, and on what screen.
    pub decision: Option<Decision>,
    /// What was sent, with what it got.
    pub reply: Option<CheckedReply>,
    /// What was decided before and taken back, in order.
    pub undone: Vec<UndoneDecision>,
    /// The events that name the draft, its inquiry or its reply, in order: who did what, when.
    pub events: Vec<Event>,
}

impl App {
    /// The record of a draft.
    pub async fn draft_record(&self, who: &Principal, draft: &Id<name::Draft>) -> Result<DraftRecord, AppError> {
        let workspace = self.permit_on(who, "draft", draft, Act::Audit).await?;
        let found = self.world.cases.suggestion_of(&workspace, draft).await?;
        let (suggestion, state) = found.ok_or_else(|| AppError::NoSuch { what: "draft", id: draft.to_string() })?;
        let configured = self.world.trail.configured(&workspace, &suggestion.making.configuration).await?;
        let (decision, reply) = self.world.cases.decision_on(&workspace, draft).await?.unzip();
        let reply = match reply.flatten() {
            Some((reply, checks)) => Some(self.with_evidence(&workspace, reply, checks).await?),
            None => None,
        };
        let undone = self.world.cases.undone(&workspace, draft).await?;
        let mut named = vec![draft.to_string(), suggestion.inquiry.id.to_string()];
        named.extend(reply.iter().map(|checked| checked.reply.id.to_string()));
        named.extend(undone.iter().filter_map(|undone| Some(undone.reply.as_ref()?.0.id.to_string())));
        let events = self.events_naming(&workspace, named).await?;
        Ok(DraftRecord { suggestion, state, configured, decision, reply, undone, events })
    }

    pub(super) async fn events_naming(
        &self,
        workspace: &WorkspaceId,
        ids: Vec<String>,
    ) -> Result<Vec<Event>, AppError> {
        let mut events = BTreeMap::new();
        for id in ids {
            let filter = EventFilter { naming: Some(id), ..EventFilter::default() };
            let mut after = 0;
            loop {
                let found = self.world.trail.events(workspace, &filter, after, PAGE).await?;
                let Some(last) = found.last() else { break };
                after = last.sequence;
                events.extend(found.into_iter().map(|event| (event.sequence, event)));
            }
        }
        Ok(events.into_values().collect())
    }
}
