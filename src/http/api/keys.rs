//! `/v1/keys`: who may come in.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Created, texts, words::Role};
use crate::{
    app::App,
    domain::{Key, name},
    http::{
        Face,
        caller::Caller,
        parsed::{Asked, At, Parsed},
        problem::{Code, Problem},
    },
};

/// Which workspace.
#[derive(Debug, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct KeysQuery {
    /// Whose keys.
    #[param(example = "officelink")]
    workspace: String,
}

/// A key to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewKey, example = json!({"workspace": "officelink", "role": "chatbot", "label": "shop front-end"}))]
pub struct NewKeyBody {
    /// The workspace it opens.
    workspace: String,
    /// What it may do there.
    role: Role,
    /// What you call it.
    #[schema(min_length = 1, max_length = 200)]
    label: String,
}

/// A key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Key)]
pub struct KeyBody {
    /// Its id, which logs and events name.
    #[schema(example = "key_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    id: String,
    /// The workspace it opens.
    workspace: String,
    /// What it may do there.
    role: Role,
    /// What its maker called it.
    label: String,
}

/// A key that was just made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MadeKey)]
pub struct MadeKeyBody {
    /// The key.
    #[serde(flatten)]
    key: KeyBody,
    /// What its holder sends as `Authorization: Bearer`; shown this once.
    #[schema(example = "azk_...")]
    secret: String,
}

/// The keys of a workspace.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Keys)]
pub struct KeysBody {
    /// Those that are not revoked.
    items: Vec<KeyBody>,
}

impl From<Key> for KeyBody {
    fn from(key: Key) -> Self {
        Self { id: key.id.to_string(), workspace: key.workspace.to_string(), role: key.role.into(), label: key.label }
    }
}

/// The keys that open a workspace.
#[utoipa::path(
    get, path = "/v1/keys", tag = "keys", operation_id = "list_keys", params(KeysQuery),
    responses((status = 200, body = KeysBody))
)]
pub async fn list(
    Caller(who): Caller,
    State(app): State<App>,
    Asked(query): Asked<KeysQuery>,
) -> Result<Json<KeysBody>, Problem> {
    let keys = app.keys(&who, &texts::workspace(&query.workspace)?).await?;
    Ok(Json(KeysBody { items: keys.into_iter().map(KeyBody::from).collect() }))
}

/// Make a key. From the first key on, every request needs one.
///
/// The secret is shown once, so this request cannot be repeated under an `Idempotency-Key` and refuses one.
#[utoipa::path(
    post, path = "/v1/keys", tag = "keys", operation_id = "create_key", request_body = NewKeyBody,
    responses((status = 201, description = "The key with its secret", body = MadeKeyBody))
)]
pub async fn create(
    Caller(who): Caller,
    State(face): State<Face>,
    Parsed { body, once }: Parsed<NewKeyBody>,
) -> Result<Created<MadeKeyBody>, Problem> {
    if once.is_some() {
        let detail = "a key's secret is shown once and cannot be repeated: send this request without Idempotency-Key";
        return Err(Problem::new(Code::HeaderInvalid, detail));
    }
    let workspace = texts::workspace(&body.workspace)?;
    let label = texts::plain("/label", body.label, 200)?;
    let made = face.app().create_key(&who, &workspace, body.role.into(), &label).await?;
    face.gate().close();
    Ok(Created::only(MadeKeyBody { secret: made.secret.reveal().to_owned(), key: made.key.into() }))
}

/// End a key at once.
#[utoipa::path(
    delete, path = "/v1/keys/{id}", tag = "keys", operation_id = "revoke_key",
    params(("id" = String, Path, description = "`key_...`"), KeysQuery),
    responses((status = 204, description = "It opens nothing any more"))
)]
pub async fn revoke(
    Caller(who): Caller,
    State(face): State<Face>,
    At(id): At<name::Key>,
    Asked(query): Asked<KeysQuery>,
) -> Result<StatusCode, Problem> {
    face.app().revoke_key(&who, &texts::workspace(&query.workspace)?, &id).await?;
    face.gate().close();
    Ok(StatusCode::NO_CONTENT)
}
