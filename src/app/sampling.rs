//! What rules do not see: replies in which nothing was found, a few every week, looked through by a person.

use super::{App, AppError};
use crate::{
    domain::{
        CleanReply, Day, Id, Inquiry, Missed, Principal, Reply, SampleJudgement, Timestamp, What, WorkspaceId, name,
    },
    identity::Act,
    ports::StoreError,
    quality::{
        precision::{self, Share},
        sample::{self, WEEK_MS},
    },
};

/// The replies to look through, and what came of it so far.
#[derive(Debug, Clone)]
pub struct Samples {
    /// Weeks, the latest first: their Monday, how many replies were without finding, and those that were picked.
    pub weeks: Vec<(Day, usize, Vec<CleanReply>)>,
    /// How often something was missed among those that were looked through.
    pub missed: Option<Share>,
    /// How many were looked through, and in how many something was missed.
    pub looked: (u64, u64),
    /// When it was read.
    pub now: Timestamp,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct Sample {
    /// What was sent.
    pub reply: Reply,
    /// What was asked, as far as it is kept.
    pub inquiry: Option<Inquiry>,
    /// The next one that nobody looked through.
    pub next: Option<Id<name::Reply>>,
    /// Its place among those that nobody looked through, and how many there are.
    pub left: usize,
    /// When it was read.
    pub now: Timestamp,
}

/// So many replies are picked of a week.
const A_WEEK: usize = 12;
/// This week and the ones before it.
const WEEKS: i64 = 4;

impl App {
    /// The replies to look through: of each of the last weeks the same few for everybody.
    pub async fn samples(&self, who: &Principal, workspace: &WorkspaceId) -> Result<Samples, AppError> {
        self.permit(who, workspace, Act::Review)?;
        let now = self.world.clock.now();
        let this = sample::monday(now.day()).start();
        let mut weeks = Vec::new();
        for back in 0..WEEKS {
            let (from, until) = (Timestamp(this.0 - back * WEEK_MS), Timestamp(this.0 - (back - 1) * WEEK_MS));
            let clean = self.world.quality.clean_replies(workspace, from, until).await?;
            let (all, monday) = (clean.len(), from.day());
            let picked = sample::picked(clean, |one| one.reply.as_str(), monday, A_WEEK);
            weeks.push((monday, all, picked));
        }
        let judged: Vec<bool> = weeks.iter().flat_map(|(.., picked)| picked).filter_map(|one| one.judged).collect();
        let (of, missed) = (judged.len() as u64, judged.iter().filter(|missed| **missed).count() as u64);
        Ok(Samples { weeks, missed: precision::wilson(missed, of), looked: (of, missed), now })
    }

    /// One of the replies to look through.
    pub async fn sample(&self, who: &Principal, id: &Id<name::Reply>) -> Result<Sample, AppError> {
        let workspace = self.permit_on(who, "reply", id, Act::Review).await?;
        let unknown = || AppError::NoSuch { what: "reply", id: id.to_string() };
        let (reply, _) = self.world.cases.reply(&workspace, id).await?.ok_or_else(unknown)?;
        let inquiry = match &reply.inquiry {
            None => None,
            Some(inquiry) => match self.world.cases.inquiry(&workspace, inquiry).await {
                Err(StoreError::Erased) => None,
                found => found?,
            },
        };
        let left = self.to_look_through(who, &workspace).await?;
        let next = left.iter().find(|other| *other != id).cloned();
        Ok(Sample { reply, inquiry, next, left: left.len(), now: self.world.clock.now() })
    }

    /// Those that nobody looked through.
    pub async fn to_look_through(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
    ) -> Result<Vec<Id<name::Reply>>, AppError> {
        let samples = self.samples(who, workspace).await?;
        let picked = samples.weeks.into_iter().flat_map(|(.., picked)| picked);
        Ok(picked.filter(|one| one.judged.is_none()).map(|one| one.reply).collect())
    }

    /// Nothing is missing in a reply, or something is.
    pub async fn judge_sample(
        &self,
        who: &Principal,
        id: &Id<name::Reply>,
        missed: Option<Missed>,
    ) -> Result<(), AppError> {
        let workspace = self.permit_on(who, "reply", id, Act::Rule).await?;
        if let Some(missed) = missed.as_ref().filter(|missed| !missed.words.is_empty()) {
            let unknown = || AppError::NoSuch { what: "reply", id: id.to_string() };
            let (reply, _) = self.world.cases.reply(&workspace, id).await?.ok_or_else(unknown)?;
            if !reply.text.contains(&missed.words) {
                return Err(AppError::Unrulable("the words do not stand in the reply: copy them from it"));
            }
        }
        let judged = SampleJudgement { reply: id.clone(), missed, at: self.world.clock.now() };
        self.record(who, &workspace, What::SampleJudged(judged)).await
    }
}
