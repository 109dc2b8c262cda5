//! The OpenAPI document and the page to try it on, from the binary.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use utoipa::openapi::{
    self, OpenApi, RefOr, Required,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn},
    response::{Response as Described, ResponseBuilder},
    security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
};

use super::{
    Face,
    api::events,
    problem::{Code, FieldError, Problem, ProblemBody},
};

/// The page brings styles of its own; everything else comes from here.
const PAGE_POLICY: &str =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/// The document before the routes are added.
pub fn blank() -> OpenApi {
    let about = "Agent assist for the customer support of Japanese online shops: each inquiry gets a draft that shows \
                 its ground, what departs from the tone guide, or a typed reason to hand over.\n\nEvery span is half-open \
                 and counts Unicode code points. Failures are problems (RFC 9457) with a stable `code`. Every POST that \
                 creates takes an `Idempotency-Key`.";
    let info = openapi::InfoBuilder::new().title("Aizuchi").version(env!("CARGO_PKG_VERSION")).description(Some(about));
    let key = Http::builder().scheme(HttpAuthScheme::Bearer).bearer_format("azk_...");
    let key = key.description(Some("A key of one workspace. Without any key, requests from this machine need none."));
    let components = openapi::ComponentsBuilder::new()
        .schema_from::<ProblemBody>()
        .schema_from::<FieldError>()
        .schema_from::<events::CreatedEvent>()
        .schema_from::<events::RetrievedEvent>()
        .schema_from::<events::DeltaEvent>()
        .schema_from::<events::RestartedEvent>()
        .schema_from::<events::CheckedEvent>()
        .schema_from::<events::FailedEvent>()
        .security_scheme("key", SecurityScheme::Http(key.build()))
        .build();
    openapi::OpenApiBuilder::new()
        .info(info.build())
        .components(Some(components))
        // A loopback server without keys asks for none: the empty alternative says so.
        .security(Some([SecurityRequirement::new("key", Vec::<String>::new()), SecurityRequirement::default()]))
        .build()
}

/// Gives every operation the problems it can answer with, and the header that makes a repetition harmless.
pub fn complete(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let (get, delete) = ((&mut item.get, false, false), (&mut item.delete, false, false));
        for (operation, sends, makes) in [get, delete, (&mut item.post, true, true), (&mut item.put, true, false)] {
            let Some(operation) = operation.as_mut() else { continue };
            describe(operation);
            if !path.starts_with("/v1") {
                continue;
            }
            let asks = operation.parameters.iter().flatten().any(is_query);
            if makes && path != "/v1/keys" && !path.ends_with("/recheck") {
                once(operation);
            }
            let mut by_status: BTreeMap<u16, Vec<String>> = BTreeMap::new();
            for code in Code::ALL.iter().filter(|code| is_possible(**code, path, sends, asks)) {
                by_status.entry(code.status().as_u16()).or_default().push(format!("`{}`", code.as_str()));
            }
            for (status, codes) in by_status {
                let all = &mut operation.responses.responses;
                all.entry(status.to_string()).or_insert_with(|| RefOr::T(problem(&codes)));
            }
        }
    }
}

/// What an answer is, where its handler does not say: what the operation does.
fn describe(operation: &mut Operation) {
    let summary = operation.summary.clone().unwrap_or_default();
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            response.description.clone_from(&summary);
        }
    }
}

fn is_query(parameter: &RefOr<Parameter>) -> bool {
    matches!(parameter, RefOr::T(parameter) if matches!(parameter.parameter_in, ParameterIn::Query))
}

/// Whether an operation can answer with a code.
fn is_possible(code: Code, path: &str, sends: bool, asks: bool) -> bool {
    let decides = path == "/v1/drafts/{id}/decision";
    match code {
        Code::RouteNotFound | Code::MethodNotAllowed => false,
        Code::QueryInvalid => asks,
        Code::IdMalformed => path.contains('{'),
        Code::HeaderInvalid => sends || path == "/v1/drafts/{id}/events",
        Code::WorkspaceNotFound => asks || (sends && !path.contains('{')) || path.starts_with("/v1/workspaces/"),
        Code::InquiryNotFound => path.starts_with("/v1/inquiries/") || path == "/v1/replies",
        Code::SuggestionNotFound => path.starts_with("/v1/suggestions"),
        Code::DraftNotFound => path.starts_with("/v1/drafts") || path.starts_with("/v1/audit/drafts"),
        Code::ReplyNotFound => path.starts_with("/v1/replies/"),
        Code::FindingNotFound => path.starts_with("/v1/findings"),
        Code::KeyNotFound => path == "/v1/keys/{id}",
        Code::DocumentNotFound => path.starts_with("/v1/documents/{key}") || path.starts_with("/v1/proposals/"),
        Code::ProposalNotFound | Code::ProposalDecided | Code::ProposalNeedsReason => {
            path.starts_with("/v1/proposals/")
        }
        Code::DocumentExists | Code::DocumentUnchanged => {
            sends && path.starts_with("/v1/documents") || path.starts_with("/v1/proposals/")
        }
        Code::Erased => [
            "/v1/inquiries/{id}",
            "/v1/suggestions",
            "/v1/drafts",
            "/v1/replies",
            "/v1/findings/{id}",
            "/v1/revisions",
            "/v1/audit/drafts",
        ]
        .iter()
        .any(|begin| path.starts_with(begin)),
        Code::NotFound => matches!(path, "/v1/keys/{id}" | "/v1/erasures") || path.starts_with("/v1/revisions/{id}"),
        Code::DocumentShared => path == "/v1/erasures",
        Code::DraftAlreadyDecided | Code::DraftSuperseded => {
            decides && sends
                || path.ends_with("/drafts")
                || code == Code::DraftSuperseded && path == "/v1/drafts/{id}/recheck"
        }
        Code::AuditLogForked => path == "/v1/audit/export" || path.ends_with("/proof"),
        Code::DraftNotReplayable => path.ends_with("/replay"),
        Code::DecisionInvalid | Code::DecisionUndone => decides && sends,
        Code::DecisionNotFound
        | Code::DecisionNotYours
        | Code::UndoTooLate
        | Code::DecisionRuledOn
        | Code::DecisionFollowedUp
        | Code::DecisionSampled
        | Code::DecisionOvertaken => decides && !sends,
        Code::InquiryHeld if decides => true,
        Code::RulingInvalid => path == "/v1/findings/{id}/ruling",
        Code::InquiryEmpty | Code::InquiryTooLong | Code::InquiryControlCharacter => sends && path == "/v1/inquiries",
        // What is left in these statuses is about bodies.
        _ => match code.status() {
            StatusCode::BAD_REQUEST
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::CONFLICT
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::UNPROCESSABLE_ENTITY => sends,
            StatusCode::INSUFFICIENT_STORAGE => sends || decides || path.starts_with("/v1/keys"),
            _ => true,
        },
    }
}

fn problem(codes: &[String]) -> Described {
    let content = openapi::ContentBuilder::new().schema(Some(openapi::Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new()
        .description(format!("A problem: {}", codes.join(", ")))
        .content("application/problem+json", content)
        .build()
}

fn once(operation: &mut Operation) {
    let about = "1 to 200 visible ASCII characters. The same key with the same request gets the first answer again and \
                 changes nothing; with another request it is refused.";
    let schema = openapi::ObjectBuilder::new()
        .schema_type(openapi::Type::String)
        .min_length(Some(1))
        .max_length(Some(200))
        .build();
    let parameter = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(about))
        .schema(Some(schema))
        .build();
    operation.parameters.get_or_insert_default().push(RefOr::T(parameter));
}

/// `GET /openapi.json`
pub async fn document(State(face): State<Face>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], face.document().to_owned()).into_response()
}

/// `GET /` and `GET /docs`: the page's own files are named relative to `/docs/`.
pub async fn to_docs() -> Redirect {
    Redirect::to("/docs/")
}

/// `GET /docs/`
pub async fn index() -> Response {
    file("index.html")
}

/// `GET /docs/{*path}`
pub async fn page(Path(path): Path<String>) -> Response {
    file(&path)
}

fn file(path: &str) -> Response {
    let config = utoipa_swagger_ui::Config::from("/openapi.json").try_it_out_enabled(true).validator_url("none");
    match utoipa_swagger_ui::serve(path, Arc::new(config)) {
        Ok(Some(file)) => {
            let mut response = Body::from(file.bytes.into_owned()).into_response();
            let headers = response.headers_mut();
            let kind = HeaderValue::from_str(&file.content_type);
            headers.insert(header::CONTENT_TYPE, kind.unwrap_or(HeaderValue::from_static("application/octet-stream")));
            headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
            if file.gzpipped {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
            response
        }
        Ok(None) => Problem::new(Code::RouteNotFound, "the page to try the API is /docs/").into_response(),
        Err(error) => {
            tracing::error!(%error, "a file of the documentation page cannot be served");
            Problem::internal().into_response()
        }
    }
}
