//! QA's side: findings are looked through and ruled on; what they come to tells how good a rule is and who drifts.

use super::{App, AppError, Once};
use crate::{
    domain::{
        Day, Fault, FiledFinding, FindingFilter, GroupBy, Id, Principal, RuleTally, Ruling, RulingVerdict, Timestamp,
        Waiver, What, WorkspaceId, name,
    },
    identity::Act,
    quality::{
        drift::{self, Chart, Counted},
        precision::{self, Share},
    },
};

/// What QA says of a finding.
#[derive(Debug, Clone)]
pub struct NewRuling {
    /// What is ruled.
    pub verdict: RulingVerdict,
    /// What has to be mended.
    pub fault: Option<Fault>,
    /// Why.
    pub reason: Option<String>,
    /// Waived not for this text alone but for words, up to this day.
    pub until: Option<Day>,
    /// The words; what was found if not said.
    pub phrase: Option<String>,
}

/// How good a rule is, by what was ruled.
#[derive(Debug, Clone)]
pub struct RulePrecision {
    /// What was ruled.
    pub tally: RuleTally,
    /// How often it was right; `None` before the first ruling.
    pub precision: Option<Share>,
}

impl App {
    /// A page of the findings that fit, the latest first, behind the one named.
    pub async fn findings(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        filter: &FindingFilter,
        behind: Option<&Id<name::Finding>>,
        limit: usize,
    ) -> Result<Vec<FiledFinding>, AppError> {
        self.permit(who, workspace, Act::Review)?;
        Ok(self.world.review.findings(workspace, filter, behind, limit).await?)
    }

    /// One finding.
    pub async fn finding(&self, who: &Principal, id: &Id<name::Finding>) -> Result<FiledFinding, AppError> {
        let workspace = self.permit_on(who, "finding", id, Act::Review).await?;
        self.filed(&workspace, id).await
    }

    pub(super) async fn filed(
        &self,
        workspace: &WorkspaceId,
        id: &Id<name::Finding>,
    ) -> Result<FiledFinding, AppError> {
        let found = self.world.review.finding(workspace, id).await?;
        found.ok_or_else(|| AppError::NoSuch { what: "finding", id: id.to_string() })
    }

    /// QA's verdict on a finding.
    pub async fn rule(
        &self,
        who: &Principal,
        finding: &Id<name::Finding>,
        new: NewRuling,
        once: Option<Once>,
    ) -> Result<Ruling, AppError> {
        let workspace = self.permit_on(who, "finding", finding, Act::Rule).await?;
        if let Some(made) = self.made_before(who, &workspace, once.as_ref()).await? {
            let unknown = || AppError::NoSuch { what: "ruling", id: made.clone() };
            let id = Id::parse(&made).map_err(|_| unknown())?;
            return self.world.cases.ruling(&workspace, &id).await?.ok_or_else(unknown);
        }
        let at = self.world.clock.now();
        let waiver = match (new.until, new.phrase) {
            (None, None) => None,
            (until, phrase) => {
                let filed = self.filed(&workspace, finding).await?;
                Some(waiver(self.world.id(), &filed, new.verdict, until, phrase, at.day())?)
            }
        };
        let NewRuling { verdict, fault, reason, .. } = new;
        let ruling = Ruling { id: self.world.id(), finding: finding.clone(), verdict, fault, reason, waiver, at };
        self.record_once(who, &workspace, What::Ruled(ruling.clone()), once.as_ref(), ruling.id.as_str()).await?;
        Ok(ruling)
    }

    /// The waivers that hold today.
    pub async fn waivers(&self, who: &Principal, workspace: &WorkspaceId) -> Result<Vec<Waiver>, AppError> {
        self.permit(who, workspace, Act::Review)?;
        Ok(self.world.review.waivers(workspace, self.world.clock.now().day()).await?)
    }

    /// How often each rule was right, among the findings that fit.
    pub async fn precision(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        filter: &FindingFilter,
    ) -> Result<Vec<RulePrecision>, AppError> {
        self.permit(who, workspace, Act::Review)?;
        let tallies = self.world.review.tallies(workspace, filter).await?;
        let judged = |tally| RulePrecision { precision: precision::precision(&tally), tally };
        Ok(tallies.into_iter().map(judged).collect())
    }

    /// The control charts of teams or vendors over the replies they sent from a day up to another, both included.
    pub async fn drift(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        by: GroupBy,
        from: Option<Day>,
        until: Option<Day>,
    ) -> Result<Vec<Chart>, AppError> {
        self.permit(who, workspace, Act::Review)?;
        let until = until.unwrap_or_else(|| self.world.clock.now().day()).next().start();
        let from = from.map_or(Timestamp(until.0 - WATCHED_MS), Day::start);
        let sent = self.world.review.sent(workspace, by, from, until).await?;
        let counted = |sent: crate::domain::SentReply| Counted {
            group: sent.group,
            day: sent.sent_at.day(),
            findings: sent.findings,
        };
        Ok(drift::charts(&sent.into_iter().map(counted).collect::<Vec<_>>()))
    }
}

/// Half a year.
const WATCHED_MS: i64 = 183 * 24 * 3_600 * 1_000;

fn waiver(
    id: Id<name::Waiver>,
    filed: &FiledFinding,
    verdict: RulingVerdict,
    until: Option<Day>,
    phrase: Option<String>,
    today: Day,
) -> Result<Waiver, AppError> {
    let refuse = |why| Err(AppError::Unrulable(why));
    if verdict != RulingVerdict::Waived {
        return refuse(
            "only a finding that is waived can name words and a day: rule `waived`, or leave out `phrase` and `until`",
        );
    }
    let Some(until) = until else {
        return refuse(
            "words are waived up to a day: say which in `until`, or leave out `phrase` to waive this text alone",
        );
    };
    if until < today {
        return refuse("the day in `until` is over: give today or a later day");
    }
    let seen = &filed.finding.seen;
    let Some(span) = seen.span else {
        return refuse("this finding is about the whole reply: it can be waived for this text alone, without `until`");
    };
    let phrase = phrase.unwrap_or_else(|| span.of(&filed.text).to_owned());
    let waiver = Waiver { id, rule: seen.rule.clone(), phrase, until };
    if !waiver.covers(seen, &filed.text) {
        return refuse(
            "the words in `phrase` do not stand where this was found: copy them from the text, around or inside the finding",
        );
    }
    Ok(waiver)
}
