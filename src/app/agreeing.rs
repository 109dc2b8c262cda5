//! Whether those who rule agree: a few findings of every week are ruled on by a second person who does not see the first
//! ruling. And what the author's side says against a ruling, with QA's answer.

use super::{App, AppError};
use crate::{
    domain::{
        Dispute, DisputeAnswer, Fault, FiledDispute, FiledFinding, FindingFilter, FindingState, Id, Principal, Ruling,
        RulingVerdict, SecondRuling, Timestamp, What, WorkspaceId, name,
    },
    identity::Act,
    ports::StoreError,
    quality::sample::{self, WEEK_MS},
};

/// So many findings of a week are ruled on again.
const A_WEEK: usize = 12;
/// Rulings of so many weeks are looked at again.
const WEEKS: i64 = 4;

impl App {
    /// What somebody is to rule on again: findings that others ruled on, picked by hash.
    pub async fn to_rule_again(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
    ) -> Result<Vec<Id<name::Finding>>, AppError> {
        self.permit(who, workspace, Act::Review)?;
        let this = sample::monday(self.world.clock.now().day());
        let since = Timestamp(this.start().0 - (WEEKS - 1) * WEEK_MS);
        let ruled = self.world.quality.ruled_by_others(workspace, &who.id, since).await?;
        Ok(sample::picked(ruled, |id| id.as_str(), this, A_WEEK))
    }

    /// A second ruling, by somebody who did not make the first.
    pub async fn rule_again(
        &self,
        who: &Principal,
        finding: &Id<name::Finding>,
        verdict: RulingVerdict,
        fault: Option<Fault>,
    ) -> Result<(), AppError> {
        let workspace = self.permit_on(who, "finding", finding, Act::Rule).await?;
        let at = self.world.clock.now();
        let second = SecondRuling { finding: finding.clone(), verdict, fault, at };
        self.record(who, &workspace, What::RuledAgain(second)).await
    }

    /// What was held against the replies of whoever asks, with what they said to it; the latest first.
    pub async fn held_against(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
    ) -> Result<Vec<(FiledFinding, Option<FiledDispute>)>, AppError> {
        const SHOWN: usize = 50;
        self.permit(who, workspace, Act::Decide)?;
        let names = self.names(workspace).await?;
        let mut called = vec![who.id.clone(), names.of(&who.id).to_owned()];
        called.dedup();
        let mut held = Vec::new();
        for person in called {
            let filter = FindingFilter { person: Some(person), sent: Some(true), ..FindingFilter::default() };
            held.extend(self.world.review.findings(workspace, &filter, None, SHOWN).await?);
        }
        let mut told = Vec::new();
        for filed in held {
            let dispute = self.world.quality.dispute(workspace, &filed.finding.id).await?;
            if filed.state == FindingState::Confirmed || dispute.is_some() {
                told.push((filed, dispute));
            }
        }
        Ok(told)
    }

    /// The author's side says why a ruling is wrong.
    pub async fn dispute(&self, who: &Principal, finding: &Id<name::Finding>, reason: &str) -> Result<(), AppError> {
        let workspace = self.permit_on(who, "finding", finding, Act::Decide).await?;
        let reason = said(reason)?;
        if self.filed(&workspace, finding).await?.state != FindingState::Confirmed {
            return Err(AppError::Unrulable("only a finding that was confirmed can be disputed"));
        }
        let dispute = Dispute { finding: finding.clone(), reason, at: self.world.clock.now() };
        self.record(who, &workspace, What::Disputed(dispute)).await
    }

    /// All disputes with what they are about: those that wait first.
    pub async fn disputes(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
    ) -> Result<Vec<(FiledDispute, FiledFinding)>, AppError> {
        self.permit(who, workspace, Act::Review)?;
        let mut disputes = Vec::new();
        for dispute in self.world.quality.disputes(workspace).await? {
            match self.world.review.finding(workspace, &dispute.dispute.finding).await {
                Ok(Some(filed)) => disputes.push((dispute, filed)),
                // What it was about is erased.
                Ok(None) | Err(StoreError::Erased) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(disputes)
    }

    /// QA answers. Where the author's side is right, the finding is dismissed with the same record.
    pub async fn answer_dispute(
        &self,
        who: &Principal,
        finding: &Id<name::Finding>,
        granted: bool,
        reason: &str,
    ) -> Result<(), AppError> {
        let workspace = self.permit_on(who, "finding", finding, Act::Rule).await?;
        let (reason, at) = (said(reason)?, self.world.clock.now());
        let ruling = granted.then(|| Ruling {
            id: self.world.id(),
            finding: finding.clone(),
            verdict: RulingVerdict::Dismissed,
            fault: None,
            reason: Some(reason.clone()),
            waiver: None,
            at,
        });
        let answer = DisputeAnswer { finding: finding.clone(), granted, reason, at };
        self.record(who, &workspace, What::DisputeAnswered { answer, ruling }).await
    }
}

/// What somebody says, in words.
fn said(reason: &str) -> Result<String, AppError> {
    const MOST: usize = 2_000;
    let reason = reason.trim();
    match reason.chars().count() {
        1..=MOST => Ok(reason.to_owned()),
        _ => Err(AppError::Unrulable("say why, in at most 2,000 characters")),
    }
}
