//! QA's queue: what waits for a ruling, one finding with all that a ruling needs, and the filters that somebody keeps.

use std::collections::BTreeMap;

use super::{App, AppError, RulePrecision};
use crate::{
    domain::{
        CheckedText, FiledDispute, FiledFinding, FindingFilter, FindingPlace, GroupBy, Id, Inquiry, Principal,
        QueueCounts, RuledBy, SavedFilter, Situation, Span, Timestamp, What, WorkspaceId, name,
    },
    identity::Act,
    language::sentence::sentences,
    pipeline::desk::Desk,
    ports::StoreError,
    quality::precision::Share,
};

/// One part of the queue.
#[derive(Debug, Clone)]
pub struct Queue {
    /// What is listed, the latest first.
    pub lines: Vec<QueueLine>,
    /// Whether more comes after the last line.
    pub more: bool,
    /// How much waits.
    pub counts: QueueCounts,
    /// The vendors that are out of limits.
    pub drifting: Vec<String>,
    /// The rules that found something, by name.
    pub rules: Vec<String>,
    /// What the reader keeps.
    pub filters: Vec<SavedFilter>,
    /// When it was read.
    pub now: Timestamp,
}

/// One finding as a line.
#[derive(Debug, Clone)]
pub struct QueueLine {
    /// The finding.
    pub filed: FiledFinding,
    /// The sentence that it stands in; `None` where it is about the whole reply.
    pub sentence: Option<Span>,
    /// What the inquiry is about, as people say it.
    pub topic: String,
    /// How often its rule was right; `None` before the first ruling.
    pub precision: Option<Share>,
}

/// One finding with what a ruling needs.
#[derive(Debug, Clone)]
pub struct OpenFinding {
    /// The finding.
    pub filed: FiledFinding,
    /// What the inquiry is about, as people say it.
    pub topic: String,
    /// What was asked, as far as it is kept.
    pub inquiry: Option<Inquiry>,
    /// The draft that the reply was written over, where there was one and it says something else.
    pub drafted: Option<String>,
    /// Which revision of the guide its clause is of, from 1, and since when that was known.
    pub guide: Option<(usize, Timestamp)>,
    /// How good its rule is.
    pub rule: Option<RulePrecision>,
    /// What was ruled on that rule before, the latest first.
    pub past: Vec<RuledBy>,
    /// Where it stands among those that fit the reader's filter.
    pub place: FindingPlace,
    /// What the author's side says.
    pub dispute: Option<FiledDispute>,
    /// When it was read.
    pub now: Timestamp,
}

/// How much waits for QA, kind by kind.
#[derive(Debug, Clone, Copy)]
pub struct WaitingForQa {
    /// Findings that nobody ruled on.
    pub findings: u64,
    /// Replies without findings to look through.
    pub samples: usize,
    /// Disputes without an answer.
    pub disputes: usize,
    /// Findings that the reader is to rule on again.
    pub again: usize,
}

/// So many rulings on a rule are looked back on.
const PAST_RULINGS: usize = 10;

impl App {
    /// So many findings are listed at once.
    pub const QUEUE_LINES: usize = 50;

    /// The findings that fit, behind the one named.
    pub async fn queue(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        filter: &FindingFilter,
        behind: Option<&Id<name::Finding>>,
    ) -> Result<Queue, AppError> {
        self.permit(who, workspace, Act::Review)?;
        let (desk, now) = (self.desk(workspace).await?, self.world.clock.now());
        let mut found = self.world.review.findings(workspace, filter, behind, Self::QUEUE_LINES + 1).await?;
        let more = found.len() > Self::QUEUE_LINES;
        found.truncate(Self::QUEUE_LINES);
        let rules = self.precision(who, workspace, &FindingFilter::default()).await?;
        let rules: BTreeMap<&str, Option<Share>> =
            rules.iter().map(|rule| (rule.tally.rule.as_str(), rule.precision)).collect();
        let line = |filed: FiledFinding| QueueLine {
            sentence: Self::sentence_of(&filed),
            topic: topic(&desk, &filed),
            precision: rules.get(filed.finding.seen.rule.as_str()).copied().flatten(),
            filed,
        };
        Ok(Queue {
            rules: rules.keys().map(|rule| (*rule).to_owned()).collect(),
            lines: found.into_iter().map(line).collect(),
            more,
            counts: self.world.quality.queue_counts(workspace, now.day().start()).await?,
            drifting: self.drifting(who, workspace).await?,
            filters: self.world.quality.filters(workspace, &who.id).await?,
            now,
        })
    }

    /// How much waits for QA, kind by kind.
    pub async fn waiting_for_qa(&self, who: &Principal, workspace: &WorkspaceId) -> Result<WaitingForQa, AppError> {
        self.permit(who, workspace, Act::Review)?;
        let disputes = self.world.quality.disputes(workspace).await?;
        Ok(WaitingForQa {
            findings: self.world.quality.queue_counts(workspace, self.start_of_today()).await?.open,
            samples: self.to_look_through(who, workspace).await?.len(),
            disputes: disputes.iter().filter(|dispute| dispute.answer.is_none()).count(),
            again: self.to_rule_again(who, workspace).await?.len(),
        })
    }

    /// The sentence that a finding stands in; `None` where it is about the whole reply.
    pub fn sentence_of(filed: &FiledFinding) -> Option<Span> {
        Some(sentence_at(&filed.text, filed.finding.seen.span?))
    }

    /// When today began.
    pub fn start_of_today(&self) -> Timestamp {
        self.world.clock.now().day().start()
    }

    /// The vendors that are out of limits now.
    async fn drifting(&self, who: &Principal, workspace: &WorkspaceId) -> Result<Vec<String>, AppError> {
        let now = self.world.clock.now().day();
        let charts = self.drift(who, workspace, GroupBy::Vendor, None, None).await?;
        let out = charts.into_iter().filter(|chart| super::trending::is_out(chart, now));
        Ok(out.map(|chart| chart.group).collect())
    }

    /// The first finding that fits.
    pub async fn first_finding(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        filter: &FindingFilter,
    ) -> Result<Option<Id<name::Finding>>, AppError> {
        self.permit(who, workspace, Act::Review)?;
        let first = self.world.review.findings(workspace, filter, None, 1).await?;
        Ok(first.into_iter().next().map(|filed| filed.finding.id))
    }

    /// Where a finding stands among those that fit.
    pub async fn finding_place(
        &self,
        who: &Principal,
        id: &Id<name::Finding>,
        filter: &FindingFilter,
    ) -> Result<FindingPlace, AppError> {
        let workspace = self.permit_on(who, "finding", id, Act::Review).await?;
        Ok(self.world.quality.finding_place(&workspace, filter, id).await?)
    }

    /// One finding with all that a ruling needs.
    pub async fn open_finding(
        &self,
        who: &Principal,
        id: &Id<name::Finding>,
        filter: &FindingFilter,
    ) -> Result<OpenFinding, AppError> {
        let workspace = self.permit_on(who, "finding", id, Act::Review).await?;
        let (desk, filed) = (self.desk(&workspace).await?, self.filed(&workspace, id).await?);
        let seen = &filed.finding.seen;
        let of_rule = FindingFilter { rule: Some(seen.rule.clone()), ..FindingFilter::default() };
        let guides = self.world.quality.guides(&workspace).await?;
        let of = filed.finding.guide.as_ref();
        let guide = guides.iter().enumerate().find(|(_, (guide, _))| Some(guide) == of);
        Ok(OpenFinding {
            topic: topic(&desk, &filed),
            inquiry: self.asked_in(&workspace, &filed).await?,
            drafted: self.drafted(&workspace, &filed).await?,
            guide: guide.map(|(at, (_, since))| (at + 1, *since)),
            rule: self.precision(who, &workspace, &of_rule).await?.into_iter().next(),
            past: self.world.quality.ruled_by_rule(&workspace, &seen.rule, PAST_RULINGS).await?,
            place: self.world.quality.finding_place(&workspace, filter, id).await?,
            dispute: self.world.quality.dispute(&workspace, id).await?,
            now: self.world.clock.now(),
            filed,
        })
    }

    /// Keeps conditions under a name.
    pub async fn save_filter(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        name: &str,
        query: &str,
    ) -> Result<SavedFilter, AppError> {
        self.permit(who, workspace, Act::Rule)?;
        let (name, query) = (name.trim(), query.trim());
        let fits = |text: &str, most: usize| !text.is_empty() && text.chars().count() <= most;
        if !fits(name, SavedFilter::MAX_NAME_CHARS) || query.chars().count() > SavedFilter::MAX_QUERY_CHARS {
            return Err(AppError::Unrulable("a filter needs a name of at most 40 characters"));
        }
        let filter = SavedFilter { id: self.world.id(), name: name.to_owned(), query: query.to_owned() };
        self.record(who, workspace, What::FilterSaved(filter.clone())).await?;
        Ok(filter)
    }

    /// Keeps them no more.
    pub async fn remove_filter(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        filter: &Id<name::Filter>,
    ) -> Result<(), AppError> {
        self.permit(who, workspace, Act::Rule)?;
        self.record(who, workspace, What::FilterRemoved(filter.clone())).await
    }

    /// What was asked, as far as it is kept.
    pub(super) async fn asked_in(
        &self,
        workspace: &WorkspaceId,
        filed: &FiledFinding,
    ) -> Result<Option<Inquiry>, AppError> {
        let Some(inquiry) = &filed.inquiry else { return Ok(None) };
        match self.world.cases.inquiry(workspace, inquiry).await {
            Err(StoreError::Erased) => Ok(None),
            found => Ok(found?),
        }
    }

    async fn drafted(&self, workspace: &WorkspaceId, filed: &FiledFinding) -> Result<Option<String>, AppError> {
        let CheckedText::Reply(reply) = &filed.checked else { return Ok(None) };
        let Some((reply, _)) = self.world.cases.reply(workspace, reply).await? else { return Ok(None) };
        let Some(suggestion) = reply.suggestion else { return Ok(None) };
        match self.world.cases.suggestion(workspace, &suggestion).await {
            Err(StoreError::Erased) => Ok(None),
            found => {
                let draft = found?.and_then(|suggestion| suggestion.draft).map(|draft| draft.text);
                Ok(draft.filter(|draft| *draft != filed.text))
            }
        }
    }
}

/// The sentences that a span touches.
pub(super) fn sentence_at(text: &str, span: Span) -> Span {
    let touched: Vec<Span> = sentences(text).into_iter().filter(|sentence| sentence.overlaps(span)).collect();
    match (touched.first(), touched.last()) {
        (Some(first), Some(last)) => Span::new(first.start.min(span.start), last.end.max(span.end)),
        _ => span,
    }
}

fn topic(desk: &Desk, filed: &FiledFinding) -> String {
    let Some(situation) = &filed.situation else { return String::new() };
    let entry = desk.vocabulary.entry(&Situation::new(situation));
    entry.map_or_else(|| situation.clone(), |entry| entry.ja.clone())
}
