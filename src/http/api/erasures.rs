//! `/v1/erasures`: words that go for good.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Created, texts};
use crate::{
    domain::{Erasure, Whose},
    http::{Face, caller::Caller, parsed::Parsed, problem::Problem},
};

/// Keys of documents have at most so many characters.
const MAX_KEY_CHARS: usize = 300;

/// Whose words, or which document's: one of the four.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewErasure, example = json!({"workspace": "officelink", "customer": "C-20931"}))]
pub struct NewErasureBody {
    /// Which desk keeps them.
    workspace: String,
    /// Your own reference of the customer: all that the customer wrote and was told, with every draft.
    #[schema(max_length = 200)]
    customer: Option<String>,
    /// `cnv_...`: all of one conversation, for customers without a reference.
    conversation: Option<String>,
    /// `rpl_...`: a reply that was reported without its inquiry.
    reply: Option<String>,
    /// The key of a document that holds somebody's words: it is retired, and all its revisions are emptied.
    #[schema(max_length = 300)]
    document: Option<String>,
}

/// What was erased.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Erasure)]
pub struct ErasureBody {
    /// Its id, which the audit log names.
    #[schema(example = "ers_0192f0c1-7d31-7cc2-9a51-3f0e5f2f6a10")]
    id: String,
    /// How many texts.
    texts: u64,
    /// When.
    #[schema(example = "2026-11-23T00:31:00.000Z")]
    at: String,
}

impl NewErasureBody {
    fn whose(self) -> Result<Whose, Problem> {
        let customer = texts::reference("/customer", self.customer.as_deref())?.map(Whose::Customer);
        let conversation = texts::id("/conversation", self.conversation.as_deref())?.map(Whose::Conversation);
        let reply = texts::id("/reply", self.reply.as_deref())?.map(Whose::Reply);
        let document = self.document.map(|key| texts::plain("/document", key, MAX_KEY_CHARS)).transpose()?;
        let mut named = [customer, conversation, reply, document.map(Whose::Document)].into_iter().flatten();
        match (named.next(), named.next()) {
            (Some(whose), None) => Ok(whose),
            _ => Err(Problem::at("", "expected one of `customer`, `conversation`, `reply` and `document`")),
        }
    }
}

impl From<Erasure> for ErasureBody {
    fn from(erasure: Erasure) -> Self {
        Self { id: erasure.id.to_string(), texts: erasure.texts, at: erasure.at.to_string() }
    }
}

/// Erase a customer's words, a conversation's, or a document's, for good.
///
/// Their keys are destroyed, their texts emptied, and logs, free pages and indexes written anew; on return nothing of them is
/// left in this installation. Whoever reads them afterwards gets `erased`. The audit log stays valid: it never held them. What
/// was erased before is answered again. `traces-remain` says that the words are erased and unreadable, but that somebody still
/// reads in the database where they stood: ask again. What backups hold is not reached.
#[utoipa::path(
    post, path = "/v1/erasures", tag = "erasures", operation_id = "create_erasure", request_body = NewErasureBody,
    responses((status = 201, description = "What was erased", body = ErasureBody))
)]
pub async fn create(
    Caller(who): Caller,
    State(face): State<Face>,
    Parsed { body, once }: Parsed<NewErasureBody>,
) -> Result<Created<ErasureBody>, Problem> {
    let workspace = texts::workspace(&body.workspace)?;
    let whose = body.whose()?;
    let erased = face.app().erase(&who, &workspace, &whose, once.as_ref()).await;
    // However far it came.
    face.hub().forget(&workspace);
    Ok(Created::only(erased?.into()))
}
