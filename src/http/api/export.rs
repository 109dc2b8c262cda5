//! `/v1/audit/export`: the log as a file, sent as it is read, however long it is.

use std::io;

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use csv::{Terminator, WriterBuilder};
use futures_util::stream;
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{audit::Conditions, texts};
use crate::{
    app::{App, AppError, Export},
    domain::{EventFilter, Principal, WorkspaceId},
    http::{
        caller::Caller,
        parsed::Asked,
        problem::{Code, Problem},
    },
};

/// How many events a table takes from the store at a time.
const PAGE: usize = 500;
/// Spreadsheets read a table without it as another encoding than UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";
const COLUMNS: [&str; 9] = ["sequence", "at", "type", "principal", "role", "id", "content", "previous", "hash"];

/// What file.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    /// JSON Lines with the signed checkpoints: what `aizuchi audit verify` reads.
    #[default]
    Jsonl,
    /// A table for people.
    Csv,
}

/// Which log, as what file, and with `csv` which events of it.
#[derive(Debug, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// Whose log.
    #[param(example = "officelink")]
    workspace: String,
    /// `jsonl` if not said: with the signed checkpoints, for `aizuchi audit verify`.
    #[param(inline)]
    format: Option<Format>,
    /// Of this type, `draft.suggested`, or of all types of a subject, `draft`.
    #[serde(rename = "type")]
    of: Option<String>,
    /// By this principal: a key's id, or `local` or `system`.
    principal: Option<String>,
    /// That name the thing with this id.
    naming: Option<String>,
    /// Not before: RFC 3339, or a date.
    from: Option<String>,
    /// Before: RFC 3339, or a date.
    until: Option<String>,
}

/// Send the audit log as a file: whole and verifiable, or as a table of the events that are asked for.
///
/// A connection that breaks off is an export that is not whole: the first line of `jsonl` says how many events follow.
#[utoipa::path(
    get, path = "/v1/audit/export", tag = "audit", operation_id = "export_log", params(ExportQuery),
    responses((status = 200, description = "The file", content(
        (String = "application/x-ndjson"), (String = "text/csv")
    )))
)]
pub async fn export(
    Caller(who): Caller,
    State(app): State<App>,
    Asked(query): Asked<ExportQuery>,
) -> Result<Response, Problem> {
    let workspace = texts::workspace(&query.workspace)?;
    let conditions = Conditions {
        of: query.of.as_deref(),
        principal: query.principal.as_deref(),
        naming: query.naming.as_deref(),
        from: query.from.as_deref(),
        until: query.until.as_deref(),
    };
    let filter = conditions.filter()?;
    match query.format.unwrap_or_default() {
        Format::Jsonl if filter != EventFilter::default() => {
            let detail = "a log with events left out cannot be verified: ask for csv, or for all of it";
            Err(Problem::at("/format", detail).with_code(Code::QueryInvalid))
        }
        Format::Jsonl => Ok(lines(&app, &who, &workspace).await?),
        Format::Csv => Ok(table(app, who, workspace, filter).await?),
    }
}

/// The whole log, to be verified elsewhere.
pub async fn lines(app: &App, who: &Principal, workspace: &WorkspaceId) -> Result<Response, AppError> {
    let export = Box::new(app.export(who, workspace).await?);
    Ok(file(workspace, "jsonl", "application/x-ndjson", Pages::Lines { head: true, export }))
}

/// The events that fit a filter, for a spreadsheet.
pub async fn table(
    app: App,
    who: Principal,
    workspace: WorkspaceId,
    filter: EventFilter,
) -> Result<Response, AppError> {
    let mut table = Box::new(Table { app, who, workspace: workspace.clone(), filter, after: 0 });
    let first = table.next().await?;
    Ok(file(&workspace, "csv", "text/csv; charset=utf-8", Pages::Table { first: Some(first), table }))
}

/// A file that is on its way, page by page.
enum Pages {
    Lines { head: bool, export: Box<Export> },
    Table { first: Option<Vec<u8>>, table: Box<Table> },
}

/// The events that are asked for, as rows.
struct Table {
    app: App,
    who: Principal,
    workspace: WorkspaceId,
    filter: EventFilter,
    after: u64,
}

impl Pages {
    /// The next bytes; none at the end.
    async fn next(&mut self) -> Result<Vec<u8>, AppError> {
        match self {
            Self::Lines { head, export } if *head => {
                *head = false;
                Ok(format!("{}\n", export.head).into_bytes())
            }
            Self::Lines { export, .. } => {
                Ok(export.next().await?.into_iter().flat_map(|line| (line + "\n").into_bytes()).collect())
            }
            Self::Table { first, table } => match first.take() {
                Some(rows) => Ok([headed(), rows].concat()),
                None => table.next().await,
            },
        }
    }
}

impl Table {
    async fn next(&mut self) -> Result<Vec<u8>, AppError> {
        let events = self.app.events(&self.who, &self.workspace, &self.filter, self.after, PAGE).await?;
        self.after = events.last().map_or(self.after, |event| event.sequence);
        let rows = events.iter().map(|event| {
            let content: Value = serde_json::from_str(&event.content).unwrap_or_default();
            let text = |pointer: &str| content.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
            let named = ["/at", "/type", "/principal/id", "/principal/role", "/id"].map(text);
            let [at, kind, principal, role, id] = named;
            let (content, previous, hash) = (event.content.clone(), event.previous.clone(), event.hash.clone());
            [event.sequence.to_string(), at, kind, principal, role, id, content, previous, hash]
        });
        Ok(written(rows))
    }
}

fn headed() -> Vec<u8> {
    [BYTE_ORDER_MARK.as_bytes(), &written([COLUMNS].into_iter())].concat()
}

fn written<T: AsRef<[u8]>>(rows: impl Iterator<Item = [T; 9]>) -> Vec<u8> {
    let mut table = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        table.write_record(row).expect("rows have nine cells, and memory takes them");
    }
    table.into_inner().expect("memory takes them")
}

/// Answers with the pages as they are asked for. What fails on the way ends the connection: a file that stops is not whole.
fn file(workspace: &WorkspaceId, ending: &str, kind: &'static str, pages: Pages) -> Response {
    let sending = stream::try_unfold(pages, |mut pages| async move {
        let page = pages.next().await.map_err(|error| {
            tracing::error!(code = error.code(), "an export of the audit log broke off");
            io::Error::other(error.code())
        })?;
        Ok::<_, io::Error>((!page.is_empty()).then(|| (Bytes::from(page), pages)))
    });
    let mut response = Body::from_stream(sending).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let name = format!("attachment; filename=\"audit-{workspace}.{ending}\"");
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
