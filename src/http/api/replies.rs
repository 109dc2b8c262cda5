//! `/v1/replies`: what a person sent the customer, and what came of it.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Created,
    checks::{CitationBody, FindingBody, VerdictBody, bodies},
    texts,
    words::Channel,
};
use crate::{
    app::{App, Byline, CheckedReply, NewContactOutcome, Reported},
    domain::{ContactOutcome, name},
    http::{
        caller::Caller,
        parsed::{At, Parsed},
        problem::Problem,
    },
};

/// A reply that another system sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewReply, example = json!({
    "workspace": "hanauta", "channel": "chat", "text": "お問い合わせありがとうございます。", "author": "tanaka", "vendor": "外部委託A"
}))]
pub struct NewReplyBody {
    /// Which desk sent it.
    workspace: String,
    /// How it went.
    channel: Channel,
    /// What was sent: 1 to 50,000 code points.
    #[schema(min_length = 1, max_length = 50_000)]
    text: String,
    /// What it answers, `inq_...`: then it is compared with that inquiry's evidence.
    inquiry: Option<String>,
    /// The person who wrote it.
    #[schema(max_length = 200)]
    author: Option<String>,
    /// The desk.
    #[schema(max_length = 200)]
    team: Option<String>,
    /// The company that employs the author.
    #[schema(max_length = 200)]
    vendor: Option<String>,
    /// When it was sent: RFC 3339, or a date; now if not said.
    sent_at: Option<String>,
}

/// The words of a reply and what they got.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CheckedReply)]
pub struct CheckedReplyBody {
    /// Its id.
    #[schema(example = "rpl_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    id: String,
    /// What was sent.
    text: String,
    /// What departs from the tone guide.
    findings: Vec<FindingBody>,
    /// One per sentence.
    verdicts: Vec<VerdictBody>,
    /// What the verdicts point at.
    citations: Vec<CitationBody>,
}

/// A reply as it was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reply)]
pub struct ReplyBody {
    /// Its words and what they got.
    #[serde(flatten)]
    checked: CheckedReplyBody,
    /// What it answers, where that is known.
    inquiry: Option<String>,
    /// The decision it came from; null when another system reported it.
    decision: Option<String>,
    /// How it went.
    channel: Channel,
    /// The person who wrote it.
    author: Option<String>,
    /// The desk.
    team: Option<String>,
    /// The company that employs the author.
    vendor: Option<String>,
    /// When it was sent.
    sent_at: String,
}

/// What happened after a reply; at least one of the three.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewContactOutcome, example = json!({"reopened": false, "contacted_again": false, "rating": 5}))]
pub struct NewContactOutcomeBody {
    /// The customer reopened the case.
    reopened: Option<bool>,
    /// The customer wrote again within 7 days.
    contacted_again: Option<bool>,
    /// The customer's rating.
    #[schema(minimum = 1, maximum = 5)]
    rating: Option<u8>,
}

/// What happened after a reply, as it was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContactOutcome)]
pub struct ContactOutcomeBody {
    /// Its id.
    id: String,
    /// After which reply.
    reply: String,
    /// The customer reopened the case.
    reopened: Option<bool>,
    /// The customer wrote again within 7 days.
    contacted_again: Option<bool>,
    /// The customer's rating, 1 to 5.
    rating: Option<u8>,
    /// When it was reported.
    at: String,
}

impl NewReplyBody {
    fn parse(self) -> Result<Reported, Problem> {
        Ok(Reported {
            workspace: texts::workspace(&self.workspace)?,
            inquiry: texts::id("/inquiry", self.inquiry.as_deref())?,
            channel: self.channel.into(),
            text: texts::reply("/text", self.text)?,
            byline: Byline {
                author: texts::person("/author", self.author.as_deref())?,
                team: texts::person("/team", self.team.as_deref())?,
                vendor: texts::person("/vendor", self.vendor.as_deref())?,
            },
            sent_at: texts::moment("/sent_at", self.sent_at.as_deref())?,
        })
    }
}

impl NewContactOutcomeBody {
    fn parse(&self) -> Result<NewContactOutcome, Problem> {
        let Self { reopened, contacted_again, rating } = *self;
        if reopened.is_none() && contacted_again.is_none() && rating.is_none() {
            return Err(Problem::at("", "expected `reopened`, `contacted_again` or `rating`, found none of them"));
        }
        Ok(NewContactOutcome { reopened, contacted_again, rating })
    }
}

impl CheckedReplyBody {
    /// The reply's text with what it got.
    pub fn of(checked: &CheckedReply) -> Self {
        let CheckedReply { reply, checks, evidence } = checked;
        Self {
            id: reply.id.to_string(),
            text: reply.text.clone(),
            findings: bodies(&checks.findings),
            verdicts: bodies(&checks.grounding.verdicts),
            citations: CitationBody::list(checks.citations(), &evidence.items),
        }
    }
}

impl ReplyBody {
    fn of(checked: &CheckedReply) -> Self {
        let reply = &checked.reply;
        Self {
            checked: CheckedReplyBody::of(checked),
            inquiry: reply.inquiry.as_ref().map(ToString::to_string),
            decision: reply.decision.as_ref().map(ToString::to_string),
            channel: reply.channel.into(),
            author: reply.author.clone(),
            team: reply.team.clone(),
            vendor: reply.vendor.clone(),
            sent_at: reply.sent_at.to_string(),
        }
    }
}

impl From<ContactOutcome> for ContactOutcomeBody {
    fn from(outcome: ContactOutcome) -> Self {
        Self {
            id: outcome.id.to_string(),
            reply: outcome.reply.to_string(),
            reopened: outcome.reopened,
            contacted_again: outcome.contacted_again,
            rating: outcome.rating,
            at: outcome.at.to_string(),
        }
    }
}

/// Report a reply that a person sent elsewhere: it is checked like a draft.
#[utoipa::path(
    post, path = "/v1/replies", tag = "replies", operation_id = "report_reply", request_body = NewReplyBody,
    responses((status = 201, description = "The reply with its verdicts and findings", body = ReplyBody))
)]
pub async fn report(
    Caller(who): Caller,
    State(app): State<App>,
    Parsed { body, once }: Parsed<NewReplyBody>,
) -> Result<Created<ReplyBody>, Problem> {
    let checked = app.report_reply(&who, body.parse()?, once).await?;
    Ok(Created::at(format!("/v1/replies/{}", checked.reply.id), ReplyBody::of(&checked)))
}

/// A reply as it was recorded.
#[utoipa::path(
    get, path = "/v1/replies/{id}", tag = "replies", operation_id = "read_reply",
    params(("id" = String, Path, description = "`rpl_...`")),
    responses((status = 200, body = ReplyBody))
)]
pub async fn read(
    Caller(who): Caller,
    State(app): State<App>,
    At(id): At<name::Reply>,
) -> Result<Json<ReplyBody>, Problem> {
    let checked = app.reply(&who, &id).await?;
    Ok(Json(ReplyBody::of(&checked)))
}

/// Report what happened after a reply.
#[utoipa::path(
    post, path = "/v1/replies/{id}/contact-outcome", tag = "replies", operation_id = "report_contact_outcome",
    params(("id" = String, Path, description = "`rpl_...`")), request_body = NewContactOutcomeBody,
    responses((status = 201, description = "What was recorded", body = ContactOutcomeBody))
)]
pub async fn report_contact(
    Caller(who): Caller,
    State(app): State<App>,
    At(id): At<name::Reply>,
    Parsed { body, once }: Parsed<NewContactOutcomeBody>,
) -> Result<Created<ContactOutcomeBody>, Problem> {
    let outcome = app.report_contact(&who, &id, body.parse()?, once).await?;
    Ok(Created::only(outcome.into()))
}
