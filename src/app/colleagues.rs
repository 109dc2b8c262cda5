//! Working with colleagues on a case: notes that no customer sees, and handing it over.

use std::time::Duration;

use super::{App, AppError};
use crate::{
    domain::{Id, Lease, Note, Principal, Timestamp, What, WorkspaceId, name},
    identity::{Act, may},
};

/// What is handed over waits so long for who is to answer it.
const HANDED: Duration = Duration::from_secs(12 * 60 * 60);

impl App {
    /// Says something to a colleague, or to whoever opens the case.
    pub async fn note(
        &self,
        who: &Principal,
        inquiry: &Id<name::Inquiry>,
        to: Option<String>,
        text: &str,
    ) -> Result<Note, AppError> {
        let workspace = self.permit_on(who, "inquiry", inquiry, Act::ReadInternal).await?;
        let text = text.replace("\r\n", "\n").trim().to_owned();
        let fits = (1..=Note::MAX_CHARS).contains(&text.chars().count());
        if !fits || text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(AppError::Undecidable("a note has 1 to 2,000 characters and no control characters"));
        }
        let (id, at) = (self.world.id(), self.world.clock.now());
        let note = Note { id, inquiry: inquiry.clone(), by: who.id.clone(), to, text, at };
        self.record(who, &workspace, What::Noted(note.clone())).await?;
        Ok(note)
    }

    /// Gives a case to somebody else, who may answer it, with a word for them.
    pub async fn hand_over(
        &self,
        who: &Principal,
        inquiry: &Id<name::Inquiry>,
        to: &str,
        text: &str,
    ) -> Result<(), AppError> {
        let workspace = self.permit_on(who, "inquiry", inquiry, Act::Decide).await?;
        let colleague = self.colleagues(&workspace).await?.into_iter().find(|(id, _)| id == to);
        let Some((to, _)) = colleague else {
            return Err(AppError::NoSuch { what: "person", id: to.to_owned() });
        };
        if !text.trim().is_empty() {
            self.note(who, inquiry, Some(to.clone()), text).await?;
        }
        let now = self.world.clock.now();
        let until = Timestamp(now.0.saturating_add(i64::try_from(HANDED.as_millis()).unwrap_or(i64::MAX)));
        let lease = Lease { inquiry: inquiry.clone(), principal: to, since: now, until };
        self.record(who, &workspace, What::Held { lease, over: false }).await
    }

    /// Those who may answer customers in a workspace: their ids and names.
    pub(super) async fn colleagues(&self, workspace: &WorkspaceId) -> Result<Vec<(String, String)>, AppError> {
        let people = self.world.people.people(workspace).await?;
        let answers = |person: &crate::domain::Person| {
            person.principal().role_in(workspace).is_some_and(|role| may(role, Act::Decide))
        };
        Ok(people.into_iter().filter(answers).map(|person| (person.id.to_string(), person.name)).collect())
    }
}
