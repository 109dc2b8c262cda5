//! What closes the circle: the operator's decision, replies of other systems, what happened after.

use super::{App, AppError, Once};
use crate::{
    domain::{
        Blocker, Channel, Checks, ContactOutcome, Decision, Draft, DraftState, Evidence, Id, Principal, Reliance,
        Reply, Screen, Shown, Suggestion, Timestamp, Verb, What, WorkspaceId, name,
    },
    identity::Act,
    pipeline::check::{self, Checked},
    ports::{Conflict, StoreError},
    telemetry,
};

/// Who wrote a reply, as the caller knows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Byline {
    /// The person.
    pub author: Option<String>,
    /// The desk.
    pub team: Option<String>,
    /// The company that employs the author.
    pub vendor: Option<String>,
}

/// What an operator does with a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDecision {
    /// What is done.
    pub verb: Verb,
    /// Why.
    pub reason: Option<String>,
    /// Who answers.
    pub byline: Byline,
    /// What was to be seen, where the face tells it.
    pub shown: Option<Shown>,
}

impl NewDecision {
    /// With nothing said but what is done.
    pub fn new(verb: Verb) -> Self {
        Self { verb, reason: None, byline: Byline::default(), shown: None }
    }
}

/// A decision with the reply it led to.
#[derive(Debug, Clone)]
pub struct Decided {
    /// The decision.
    pub decision: Decision,
    /// What was sent and what it got; `None` after a rejection.
    pub reply: Option<CheckedReply>,
}

/// A reply with what it got, and the evidence that its citations point into.
#[derive(Debug, Clone)]
pub struct CheckedReply {
    /// What was sent.
    pub reply: Reply,
    /// What it got.
    pub checks: Checks,
    /// What it was compared with; empty where no suggestion is known.
    pub evidence: Evidence,
}

/// A reply that another system sent.
#[derive(Debug, Clone)]
pub struct Reported {
    /// Which desk sent it.
    pub workspace: WorkspaceId,
    /// What it answers, where that is known.
    pub inquiry: Option<Id<name::Inquiry>>,
    /// How it went.
    pub channel: Channel,
    /// What was sent.
    pub text: String,
    /// Who wrote it.
    pub byline: Byline,
    /// When; now if not said.
    pub sent_at: Option<Timestamp>,
}

/// What happened after a reply.
#[derive(Debug, Clone, Default)]
pub struct NewContactOutcome {
    /// The customer reopened the case.
    pub reopened: Option<bool>,
    /// The customer wrote again within 7 days.
    pub contacted_again: Option<bool>,
    /// The customer's rating, 1 to 5.
    pub rating: Option<u8>,
}

impl App {
    /// Accept, edit or reject a draft. What is sent is checked again, since a person may have changed it.
    pub async fn decide(
        &self,
        who: &Principal,
        draft: &Id<name::Draft>,
        new: NewDecision,
        once: Option<Once>,
    ) -> Result<Decided, AppError> {
        let workspace = self.permit_on(who, "draft", draft, Act::Decide).await?;
        let found = self.world.cases.suggestion_of(&workspace, draft).await?;
        let (suggestion, state) = found.ok_or_else(|| AppError::NoSuch { what: "draft", id: draft.to_string() })?;
        if let Some(made) = self.made_before(who, &workspace, once.as_ref()).await? {
            return self.decided_before(&workspace, &made).await;
        }
        match state {
            DraftState::Current => {}
            DraftState::Superseded => return Err(StoreError::Conflict(Conflict::Superseded).into()),
            DraftState::Decided => return Err(StoreError::Conflict(Conflict::AlreadyDecided).into()),
        }
        let NewDecision { verb, reason, byline, shown } = new;
        let text = sent(&suggestion, &verb, reason.is_some())?;
        let screen = self.screen(who, &suggestion, shown)?;
        let now = self.world.clock.now();
        let decision = Decision { id: self.world.id(), draft: draft.clone(), verb, reason, screen, at: now };
        let reply = match text {
            None => None,
            Some(text) => {
                let mut reply = Reply {
                    id: self.world.id(),
                    inquiry: Some(suggestion.inquiry.id.clone()),
                    decision: Some(decision.id.clone()),
                    suggestion: Some(suggestion.id.clone()),
                    channel: suggestion.inquiry.channel,
                    text,
                    author: byline.author.or_else(|| Some(who.id.clone())),
                    team: byline.team,
                    vendor: byline.vendor,
                    sent_at: now,
                    stands_on: Vec::new(),
                };
                let checks = match decision.verb {
                    // The very words that were checked: the findings stay one thing, and are ruled on once.
                    Verb::Accept => suggestion.checks.clone(),
                    _ => self.check_reply(&workspace, &reply, Some(&suggestion)).await?,
                };
                reply.stands_on = Reliance::of(&checks, &suggestion.evidence);
                Some((reply, checks))
            }
        };
        let what = What::Decided { decision: Box::new(decision.clone()), reply: reply.clone() };
        self.record_once(who, &workspace, what, once.as_ref(), decision.id.as_str()).await?;
        telemetry::decided(&suggestion, &decision.verb);
        let evidence = suggestion.evidence;
        Ok(Decided { decision, reply: reply.map(|(reply, checks)| CheckedReply { reply, checks, evidence }) })
    }

    /// What was handed out to this principal, and what of it the face says that it showed.
    fn screen(&self, who: &Principal, suggestion: &Suggestion, shown: Option<Shown>) -> Result<Screen, AppError> {
        let handed_out = self.visible(who, suggestion.clone());
        let screen = Screen {
            internal: self.reads_internal(who, &suggestion.inquiry.workspace),
            evidence: handed_out.evidence.items.iter().map(|item| item.id().to_owned()).collect(),
            findings: handed_out.checks.findings.into_iter().map(|finding| finding.id).collect(),
            shown: None,
        };
        match shown {
            Some(shown) if !screen.holds(&shown) => Err(AppError::Undecidable(
                "`shown` names what the draft does not have: passages, records and findings as `GET /v1/drafts/{id}` \
                 lists them",
            )),
            shown => Ok(Screen { shown, ..screen }),
        }
    }

    async fn decided_before(&self, workspace: &WorkspaceId, made: &str) -> Result<Decided, AppError> {
        let unknown = || AppError::NoSuch { what: "decision", id: made.to_owned() };
        let id = Id::<name::Decision>::parse(made).map_err(|_| unknown())?;
        // A decision that was recorded and is not there any more was taken back.
        let (decision, reply) = self.world.cases.decision(workspace, &id).await?.ok_or(AppError::Undone)?;
        let reply = match reply {
            Some((reply, checks)) => Some(self.with_evidence(workspace, reply, checks).await?),
            None => None,
        };
        Ok(Decided { decision, reply })
    }

    /// A reply that was sent elsewhere: it is checked like a draft and joins the record.
    pub async fn report_reply(
        &self,
        who: &Principal,
        reported: Reported,
        once: Option<Once>,
    ) -> Result<CheckedReply, AppError> {
        let workspace = reported.workspace;
        self.permit(who, &workspace, Act::Report)?;
        let unknown = |id: &str| AppError::NoSuch { what: "reply", id: id.to_owned() };
        if let Some(made) = self.made_before(who, &workspace, once.as_ref()).await? {
            let id = Id::<name::Reply>::parse(&made).map_err(|_| unknown(&made))?;
            let (reply, checks) = self.world.cases.reply(&workspace, &id).await?.ok_or_else(|| unknown(&made))?;
            return self.with_evidence(&workspace, reply, checks).await;
        }
        let suggestion = match &reported.inquiry {
            None => None,
            Some(inquiry) => {
                if self.world.cases.inquiry(&workspace, inquiry).await?.is_none() {
                    return Err(AppError::NoSuch { what: "inquiry", id: inquiry.to_string() });
                }
                self.world.cases.suggestion_for(&workspace, inquiry).await?
            }
        };
        let mut reply = Reply {
            id: self.world.id(),
            inquiry: reported.inquiry,
            decision: None,
            suggestion: suggestion.as_ref().map(|found| found.id.clone()),
            channel: reported.channel,
            text: reported.text,
            author: reported.byline.author,
            team: reported.byline.team,
            vendor: reported.byline.vendor,
            sent_at: reported.sent_at.unwrap_or_else(|| self.world.clock.now()),
            stands_on: Vec::new(),
        };
        let checks = self.check_reply(&workspace, &reply, suggestion.as_ref()).await?;
        if let Some(suggestion) = &suggestion {
            reply.stands_on = Reliance::of(&checks, &suggestion.evidence);
        }
        let what = What::Replied { reply: reply.clone(), checks: checks.clone() };
        self.record_once(who, &workspace, what, once.as_ref(), reply.id.as_str()).await?;
        Ok(CheckedReply { reply, checks, evidence: suggestion.map(|found| found.evidence).unwrap_or_default() })
    }

    /// A recorded reply with the evidence that it was compared with then.
    pub(super) async fn with_evidence(
        &self,
        workspace: &WorkspaceId,
        reply: Reply,
        checks: Checks,
    ) -> Result<CheckedReply, AppError> {
        let evidence = match &reply.suggestion {
            Some(id) => match self.world.cases.suggestion(workspace, id).await {
                // A reply may be kept for longer than what it was drafted from.
                Err(StoreError::Erased) => None,
                found => found?.map(|found| found.evidence),
            },
            None => None,
        };
        Ok(CheckedReply { reply, checks, evidence: evidence.unwrap_or_default() })
    }

    /// What the caller reports of the time after a reply.
    pub async fn report_contact(
        &self,
        who: &Principal,
        reply: &Id<name::Reply>,
        new: NewContactOutcome,
        once: Option<Once>,
    ) -> Result<ContactOutcome, AppError> {
        let workspace = self.permit_on(who, "reply", reply, Act::Report).await?;
        if let Some(made) = self.made_before(who, &workspace, once.as_ref()).await? {
            let unknown = || AppError::NoSuch { what: "contact outcome", id: made.clone() };
            let id = Id::parse(&made).map_err(|_| unknown())?;
            return self.world.cases.contact_outcome(&workspace, &id).await?.ok_or_else(unknown);
        }
        let outcome = ContactOutcome {
            id: self.world.id(),
            reply: reply.clone(),
            reopened: new.reopened,
            contacted_again: new.contacted_again,
            rating: new.rating,
            at: self.world.clock.now(),
        };
        let what = What::ContactReported(outcome.clone());
        self.record_once(who, &workspace, what, once.as_ref(), outcome.id.as_str()).await?;
        Ok(outcome)
    }

    async fn check_reply(
        &self,
        workspace: &WorkspaceId,
        reply: &Reply,
        suggestion: Option<&Suggestion>,
    ) -> Result<Checks, AppError> {
        let desk = self.desk(workspace).await?;
        let waivers = self.world.review.waivers(workspace, self.world.clock.now().day()).await?;
        let nothing = Evidence::default();
        let checked = Checked {
            inquiry: suggestion.map(|found| found.inquiry.text.as_str()).unwrap_or_default(),
            channel: reply.channel,
            situation: suggestion.map(|found| &found.inquiry.situations.primary),
            text: &reply.text,
            evidence: &suggestion.map_or(&nothing, |found| &found.evidence).items,
            pointed: &[],
            waivers: &waivers,
            now: reply.sent_at,
        };
        Ok(check::check(&self.world, &desk, &checked))
    }
}

/// The text that goes out, if any.
fn sent(suggestion: &Suggestion, verb: &Verb, excused: bool) -> Result<Option<String>, AppError> {
    let blockers = |draft: &Draft| Blocker::of(&draft.flags, &suggestion.checks);
    match verb {
        Verb::Reject => Ok(None),
        Verb::Edit { text } if text.trim().is_empty() => {
            Err(AppError::Undecidable("an edited reply needs its text: send it in `text`, or reject the draft"))
        }
        Verb::Edit { text } => Ok(Some(text.clone())),
        Verb::Accept => match &suggestion.draft {
            Some(draft) if blockers(draft).iter().any(|blocker| !blocker.is_excusable()) => Err(AppError::Undecidable(
                "the draft has places that cannot go to a customer as they stand: mend what `draft.flags` names and what the \
                 evidence contradicts, and send the text with `edit`",
            )),
            Some(draft) if !excused && !blockers(draft).is_empty() => Err(AppError::Undecidable(
                "the draft has sentences without ground or findings that block it: mend them and send the text with `edit`, \
                 or say in `reason` why they may stay",
            )),
            Some(draft) => Ok(Some(draft.text.clone())),
            None => Err(AppError::Undecidable("there is no draft to accept: this inquiry was handed to a person")),
        },
    }
}
