//! `/v1/inquiries`: a customer's message comes in, a suggestion goes out.

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Created, suggestions::SuggestionBody, texts, words::Channel};
use crate::{
    app::{App, Once},
    domain::{Inquiry, NewInquiry, Principal, Record, name},
    http::{
        Face,
        caller::Caller,
        parsed::{At, Parsed},
        problem::Problem,
        request::Place,
        stream::{self, Wish},
    },
};

/// A customer's message with what is known of the case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewInquiry, example = json!({
    "workspace": "officelink", "channel": "email", "text": "注文した商品がまだ届きません。いつ届きますか。",
    "order": "48120",
    "records": [{"name": "お届け予定日", "value": "11月25日（水）", "source": "order-system", "as_of": "2026-11-23T09:00:00+09:00"}]
}))]
pub struct NewInquiryBody {
    /// Which desk it is for.
    workspace: String,
    /// How it came.
    channel: Channel,
    /// The customer's words, as they came: 1 to 50,000 code points.
    #[schema(min_length = 1, max_length = 50_000)]
    text: String,
    /// The thread it continues, `cnv_...` from an earlier answer. Messages within a minute join the open inquiry.
    conversation: Option<String>,
    /// Your own reference of the customer; never interpreted.
    #[schema(max_length = 200)]
    customer: Option<String>,
    /// Your own reference of the order; never interpreted.
    #[schema(max_length = 200)]
    order: Option<String>,
    /// Facts about this case; they outrank every document on what they state.
    #[schema(max_items = 50)]
    records: Option<Vec<NewRecordBody>>,
    /// Answer as server-sent events; the same as `Accept: text/event-stream`.
    stream: Option<bool>,
}

/// A fact about this customer's case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRecord)]
pub struct NewRecordBody {
    /// What it is about.
    #[schema(min_length = 1, max_length = 2_000, example = "お届け予定日")]
    name: String,
    /// What holds.
    #[schema(min_length = 1, max_length = 2_000, example = "11月25日（水）")]
    value: String,
    /// Where you read it.
    #[schema(max_length = 2_000, example = "order-system")]
    source: Option<String>,
    /// When it was true: RFC 3339, or a date.
    #[schema(example = "2026-11-23T09:00:00+09:00")]
    as_of: Option<String>,
}

/// A customer's message as it was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Inquiry)]
pub struct InquiryBody {
    /// Its id.
    id: String,
    /// Which desk it is for.
    workspace: String,
    /// The thread it belongs to.
    conversation: String,
    /// How it came.
    channel: Channel,
    /// The customer's words, all messages joined.
    text: String,
    /// The caller's reference of the customer.
    customer: Option<String>,
    /// The caller's reference of the order.
    order: Option<String>,
    /// Facts about the case.
    records: Vec<RecordBody>,
    /// What it is mainly about.
    situation: String,
    /// What else it touches, most likely first.
    secondary_situations: Vec<String>,
    /// When its last message came.
    received_at: String,
}

/// A fact about this customer's case as it was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Record)]
pub struct RecordBody {
    /// Its id, which citations name.
    id: String,
    /// What it is about.
    name: String,
    /// What holds.
    value: String,
    /// Where the caller read it.
    source: Option<String>,
    /// When it was true.
    as_of: Option<String>,
}

impl NewInquiryBody {
    fn parse(self, app: &App) -> Result<NewInquiry, Problem> {
        let records = self.records.unwrap_or_default();
        if records.len() > Record::MAX_COUNT {
            let detail = format!("expected at most {} records, found {}", Record::MAX_COUNT, records.len());
            return Err(Problem::at("/records", detail));
        }
        let records = records.into_iter().enumerate().map(|(at, record)| record.parse(at, app));
        Ok(NewInquiry {
            workspace: texts::workspace(&self.workspace)?,
            channel: self.channel.into(),
            text: texts::inquiry(&self.text)?,
            conversation: texts::id("/conversation", self.conversation.as_deref())?,
            customer: texts::reference("/customer", self.customer.as_deref())?,
            order: texts::reference("/order", self.order.as_deref())?,
            records: records.collect::<Result<_, _>>()?,
        })
    }
}

impl NewRecordBody {
    fn parse(self, at: usize, app: &App) -> Result<Record, Problem> {
        let place = |field: &str| format!("/records/{at}/{field}");
        let text = |field: &str, text: String| texts::plain(&place(field), text, Record::MAX_CHARS);
        Ok(Record {
            id: app.record_id(),
            name: text("name", self.name)?,
            value: text("value", self.value)?,
            source: self.source.map(|source| text("source", source)).transpose()?,
            as_of: texts::moment(&place("as_of"), self.as_of.as_deref())?,
        })
    }
}

impl From<&Inquiry> for InquiryBody {
    fn from(inquiry: &Inquiry) -> Self {
        let situations = &inquiry.situations;
        Self {
            id: inquiry.id.to_string(),
            workspace: inquiry.workspace.to_string(),
            conversation: inquiry.conversation.to_string(),
            channel: inquiry.channel.into(),
            text: inquiry.text.as_str().to_owned(),
            customer: inquiry.customer.as_ref().map(|customer| customer.as_str().to_owned()),
            order: inquiry.order.as_ref().map(|order| order.as_str().to_owned()),
            records: inquiry.records.iter().map(RecordBody::from).collect(),
            situation: situations.primary.as_str().to_owned(),
            secondary_situations: situations.secondary.iter().map(|one| one.as_str().to_owned()).collect(),
            received_at: inquiry.received_at.to_string(),
        }
    }
}

impl From<&Record> for RecordBody {
    fn from(record: &Record) -> Self {
        Self {
            id: record.id.to_string(),
            name: record.name.clone(),
            value: record.value.clone(),
            source: record.source.clone(),
            as_of: record.as_of.map(|moment| moment.to_string()),
        }
    }
}

/// Hand in a customer's message and get a draft, or a typed reason to hand over.
///
/// With `Accept: text/event-stream` or `"stream": true` the answer is a stream: `draft.created`,
/// `retrieval.completed`, `draft.delta`..., `check.completed`, then `draft.completed` with the same body as below, or
/// `draft.failed`. A `draft.restarted` between them says that the deltas so far are void: a model failed, and the
/// extractive draft stands in. A repeated request gets `draft.created` and `draft.completed` alone. The schemas `DraftCreated`,
/// `RetrievalCompleted`, `DraftDelta`, `CheckCompleted` and `DraftFailed` say what each carries as JSON. Everything
/// before `draft.completed` is provisional. A stream that broke is taken up again at `GET /v1/drafts/{id}/events`
/// with `Last-Event-ID`.
#[utoipa::path(
    post, path = "/v1/inquiries", tag = "inquiries", operation_id = "create_inquiry", request_body = NewInquiryBody,
    responses(
        (status = 201, description = "The suggestion, as it was recorded", body = SuggestionBody),
        (status = 200, description = "The stream", content_type = "text/event-stream", body = String)
    )
)]
pub async fn suggest(
    Caller(who): Caller,
    State(face): State<Face>,
    Extension(place): Extension<Place>,
    headers: HeaderMap,
    Parsed { body, once }: Parsed<NewInquiryBody>,
) -> Result<Response, Problem> {
    let watched = body.stream == Some(true) || wants_stream(&headers);
    let wish = Wish::Inquiry(Box::new(body.parse(face.app())?));
    answered(&face, who, wish, once, place, watched).await
}

/// A suggestion, or the stream of it.
pub(super) async fn answered(
    face: &Face,
    who: Principal,
    wish: Wish,
    once: Option<Once>,
    place: Place,
    watched: bool,
) -> Result<Response, Problem> {
    let app = face.app().clone();
    if watched {
        let log = face.hub().watch(app, who, wish, once, place).await?;
        return Ok(stream::follow(log, 0));
    }
    let body = SuggestionBody::from(&face.hub().suggest(app, who, wish, once, place).await?);
    Ok(Created::at(body.location(), body).into_response())
}

pub(super) fn wants_stream(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted
        .flat_map(|value| value.split(','))
        .any(|kind| kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/event-stream")))
}

/// An inquiry as it was recorded.
#[utoipa::path(
    get, path = "/v1/inquiries/{id}", tag = "inquiries", operation_id = "read_inquiry",
    params(("id" = String, Path, description = "`inq_...`")),
    responses((status = 200, body = InquiryBody))
)]
pub async fn read(
    Caller(who): Caller,
    State(app): State<App>,
    At(id): At<name::Inquiry>,
) -> Result<Json<InquiryBody>, Problem> {
    Ok(Json(InquiryBody::from(&app.inquiry(&who, &id).await?)))
}
