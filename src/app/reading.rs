//! What can be looked at.

use super::{App, AppError, closing::CheckedReply, visible};
use crate::{
    domain::{
        Audience, Day, DraftState, Evidence, Explanation, Id, Inquiry, Kind, Overlap, Principal, Revision, Suggestion,
        Timestamp, Workspace, WorkspaceId, name,
    },
    grounding,
    identity::{Act, may},
    language::{mask::Masked, situation::Vocabulary, zones},
    pipeline::{
        World, level,
        retrieve::{Wanted, explain, find},
    },
    ports::IndexError,
};

/// A search by hand.
#[derive(Debug, Clone, Copy)]
pub struct LookedFor<'a> {
    /// Whose passages.
    pub workspace: &'a WorkspaceId,
    /// A customer's words, or a few terms.
    pub text: &'a str,
    /// At most so many.
    pub limit: usize,
    /// As of when.
    pub when: When,
}

/// The two times of a search: what was so, and what was known of it. Nothing said is now.
#[derive(Debug, Clone, Copy, Default)]
pub struct When {
    /// When the question is asked: rules that hold then.
    pub as_of: Option<Timestamp>,
    /// When the order was placed: rules that hold by order date.
    pub order_date: Option<Day>,
    /// What we knew then: documents as they were recorded.
    pub known_at: Option<Timestamp>,
}

/// Whether this process can do its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// How many workspaces can be searched.
    pub workspaces: usize,
    /// What is wrong; empty when all is well.
    pub problems: Vec<String>,
}

impl App {
    /// The workspaces in which the principal has a place.
    pub async fn workspaces(&self, who: &Principal) -> Result<Vec<Workspace>, AppError> {
        let all = self.world.doors.workspaces().await?;
        Ok(all.into_iter().filter(|workspace| who.role_in(&workspace.id).is_some()).collect())
    }

    /// One suggestion as it was recorded.
    pub async fn suggestion(&self, who: &Principal, id: &Id<name::Suggestion>) -> Result<Suggestion, AppError> {
        let workspace = self.permit_on(who, "suggestion", id, Act::Read).await?;
        let found = self.world.cases.suggestion(&workspace, id).await?;
        let found = found.ok_or_else(|| AppError::NoSuch { what: "suggestion", id: id.to_string() })?;
        Ok(self.visible(who, found))
    }

    /// One suggestion with what a model was asked for it; prompts hold past replies, so not for everyone.
    pub async fn attempts(&self, who: &Principal, id: &Id<name::Suggestion>) -> Result<Suggestion, AppError> {
        let workspace = self.permit_on(who, "suggestion", id, Act::ReadInternal).await?;
        let found = self.world.cases.suggestion(&workspace, id).await?;
        found.ok_or_else(|| AppError::NoSuch { what: "suggestion", id: id.to_string() })
    }

    /// The suggestion of a draft, and where the draft stands.
    pub async fn suggestion_of(
        &self,
        who: &Principal,
        draft: &Id<name::Draft>,
    ) -> Result<(Suggestion, DraftState), AppError> {
        let workspace = self.permit_on(who, "draft", draft, Act::Read).await?;
        let found = self.world.cases.suggestion_of(&workspace, draft).await?;
        let (found, state) = found.ok_or_else(|| AppError::NoSuch { what: "draft", id: draft.to_string() })?;
        Ok((self.visible(who, found), state))
    }

    /// One inquiry as it was recorded.
    pub async fn inquiry(&self, who: &Principal, id: &Id<name::Inquiry>) -> Result<Inquiry, AppError> {
        let workspace = self.permit_on(who, "inquiry", id, Act::Read).await?;
        let found = self.world.cases.inquiry(&workspace, id).await?;
        found.ok_or_else(|| AppError::NoSuch { what: "inquiry", id: id.to_string() })
    }

    /// One reply as it was recorded, with what it got.
    pub async fn reply(&self, who: &Principal, id: &Id<name::Reply>) -> Result<CheckedReply, AppError> {
        let workspace = self.permit_on(who, "reply", id, Act::Read).await?;
        let found = self.world.cases.reply(&workspace, id).await?;
        let (reply, checks) = found.ok_or_else(|| AppError::NoSuch { what: "reply", id: id.to_string() })?;
        self.with_evidence(&workspace, reply, checks).await
    }

    /// The title and the words that customers may read of the FAQ entry with this key.
    pub async fn answer_by_key(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        key: &str,
    ) -> Result<Option<(String, String)>, AppError> {
        self.permit(who, workspace, Act::Read)?;
        let today = self.world.clock.now().day();
        let revisions = self.world.shelf.document(workspace, key).await?;
        let answers = |revision: &Revision| {
            let content = &revision.content;
            content.kind == Kind::Faq && content.audience == Audience::Public && content.validity.holds(today, None)
        };
        Ok(revisions.into_iter().find(answers).map(|found| (found.content.title, found.content.body)))
    }

    /// One revision, so that a citation can be read in its place years later.
    pub async fn revision(&self, who: &Principal, id: &Id<name::Revision>) -> Result<Revision, AppError> {
        let workspace = self.permit_on(who, "revision", id, Act::ReadInternal).await?;
        let found = self.world.shelf.revision(&workspace, id).await?;
        found.ok_or_else(|| AppError::NoSuch { what: "revision", id: id.to_string() })
    }

    /// Documents that contradict each other or say the same, among what is held true now.
    pub async fn overlaps(&self, who: &Principal, workspace: &WorkspaceId) -> Result<Vec<Overlap>, AppError> {
        self.permit(who, workspace, Act::ReadInternal)?;
        self.desk(workspace).await?;
        let revisions = self.world.shelf.revisions(workspace).await?;
        let today = self.world.clock.now().day();
        // Seconds for ten thousand documents: other requests go on meanwhile.
        let found = tokio::task::spawn_blocking(move || grounding::overlaps(&revisions, today)).await;
        found.map_err(|_| AppError::Panicked)
    }

    /// The passages that fit a text best.
    pub async fn search(&self, who: &Principal, looked_for: &LookedFor<'_>) -> Result<Evidence, AppError> {
        self.permit(who, looked_for.workspace, Act::Read)?;
        let (found, stale) = self.looking(who, looked_for, find).await?;
        Ok(Evidence { stale, ..found })
    }

    /// The same with the reasons, for those who work with the knowledge: what else came near, and why it was left out.
    pub async fn explain(
        &self,
        who: &Principal,
        looked_for: &LookedFor<'_>,
    ) -> Result<(Evidence, Explanation), AppError> {
        self.permit(who, looked_for.workspace, Act::ReadInternal)?;
        let ((found, why), stale) = self.looking(who, looked_for, explain).await?;
        Ok((Evidence { stale, ..found }, why))
    }

    /// What was found, and whether a change that was acknowledged is not in it yet.
    async fn looking<T>(
        &self,
        who: &Principal,
        &LookedFor { workspace, text, limit, when }: &LookedFor<'_>,
        look: impl FnOnce(&World, &Vocabulary, &Wanted<'_>) -> Result<T, IndexError>,
    ) -> Result<(T, bool), AppError> {
        let desk = self.desk(workspace).await?;
        let state = match when.known_at {
            Some(at) => Some(level::as_known(&self.world, workspace, at).await?),
            None => None,
        };
        let leveled = level::within(&self.world, workspace).await?;
        let core = Masked::of(&zones::core(text)).text;
        let near = match state {
            None => self.world.near.of(self.world.ids.as_ref(), workspace, std::slice::from_ref(&core)).await,
            // Only what is held true now has vectors.
            Some(_) => vec![Vec::new()],
        };
        let wanted = Wanted {
            workspace,
            core: &core,
            before: None,
            near: &near[0],
            situations: &desk.vocabulary.classify(&core),
            state,
            now: when.as_of.unwrap_or_else(|| self.world.clock.now()),
            order_date: when.order_date,
            limit,
            beside: 0,
            companions: false,
            internal: self.reads_internal(who, workspace),
        };
        let found = look(&self.world, desk.vocabulary, &wanted)?;
        Ok((found, state.is_none() && !leveled))
    }

    /// Whether store and indexes answer.
    pub async fn readiness(&self) -> Readiness {
        let mut problems = Vec::new();
        let workspaces = match self.world.doors.workspaces().await {
            Ok(workspaces) => workspaces,
            Err(error) => {
                problems.push(error.to_string());
                Vec::new()
            }
        };
        for workspace in &workspaces {
            if let Err(error) = level::level(&self.world, &workspace.id).await {
                problems.push(error.to_string());
            }
        }
        Readiness { workspaces: workspaces.len(), problems }
    }

    /// What this process has counted, in Prometheus' text format.
    pub fn metrics(&self) -> String {
        self.world.meters.render()
    }

    /// Folds what was measured, so that it takes no room until somebody asks.
    pub fn tidy_metrics(&self) {
        self.world.meters.tidy();
    }

    /// A fresh id for a record that a caller hands in.
    pub fn record_id(&self) -> Id<name::Record> {
        self.world.id()
    }

    /// What of a suggestion this principal may see.
    pub(super) fn visible(&self, who: &Principal, suggestion: Suggestion) -> Suggestion {
        match self.reads_internal(who, &suggestion.inquiry.workspace) {
            true => suggestion,
            false => visible::public(suggestion),
        }
    }

    /// Whether internal passages and past replies may be shown to this principal.
    pub(super) fn reads_internal(&self, who: &Principal, workspace: &WorkspaceId) -> bool {
        who.role_in(workspace).is_some_and(|role| may(role, Act::ReadInternal))
    }
}
