//! A draft while somebody works on it: fixes are made, and every check runs again. Nothing is recorded; the decision is.

use super::{App, AppError};
use crate::{
    domain::{Checks, DraftState, Evidence, Flag, Id, Principal, name},
    identity::Act,
    pipeline::check::{self, Checked},
    ports::{Conflict, StoreError},
    tone,
};

/// The text as it stands now, and what it gets.
#[derive(Debug, Clone)]
pub struct Rechecked {
    /// With the fixes that were asked for.
    pub text: String,
    /// What it gets. Findings have ids of their own, which nobody can rule on.
    pub checks: Checks,
    /// What cannot go to a customer: promises that no source carries.
    pub flags: Vec<Flag>,
    /// What it was compared with.
    pub evidence: Evidence,
}

impl App {
    /// Checks an edited text of a draft, or the draft as it is; with `fix` after every one-click fix was made.
    pub async fn recheck(
        &self,
        who: &Principal,
        draft: &Id<name::Draft>,
        text: Option<String>,
        fix: bool,
    ) -> Result<Rechecked, AppError> {
        let workspace = self.permit_on(who, "draft", draft, Act::Decide).await?;
        let found = self.world.cases.suggestion_of(&workspace, draft).await?;
        let (suggestion, state) = found.ok_or_else(|| AppError::NoSuch { what: "draft", id: draft.to_string() })?;
        if state == DraftState::Superseded {
            return Err(StoreError::Conflict(Conflict::Superseded).into());
        }
        let desk = self.desk(&workspace).await?;
        let written = suggestion.draft.as_ref().map(|draft| draft.text.clone()).unwrap_or_default();
        let mut text = text.unwrap_or(written);
        let waivers = self.world.review.waivers(&workspace, self.world.clock.now().day()).await?;
        let checked = |text: &str| {
            let of = Checked {
                inquiry: suggestion.inquiry.text.as_str(),
                channel: suggestion.inquiry.channel,
                situation: Some(&suggestion.inquiry.situations.primary),
                text,
                evidence: &suggestion.evidence.items,
                pointed: &[],
                waivers: &waivers,
                now: suggestion.inquiry.received_at,
            };
            check::check(&self.world, &desk, &of)
        };
        let mut checks = checked(&text);
        if fix {
            let seen: Vec<_> = checks.findings.iter().map(|finding| finding.seen.clone()).collect();
            text = tone::apply(&text, &seen);
            checks = checked(&text);
        }
        let flags = check::unsupported_policy(&text, &checks.grounding);
        Ok(Rechecked { text, checks, flags, evidence: suggestion.evidence })
    }
}
