//! One change and its audit event, as rows. Runs inside the writer's savepoint: an error takes all of it back.

use std::borrow::Cow;

use super::{
    aftermath, configuration,
    conn::Conn,
    db::{Value, values_of},
    erase,
    fault::{Fault, unreadable},
    findings, journey,
    keep::{Keep, Streamed},
    knowledge, lease, notary, people, quality,
    seal::{self, SealKey},
    undo,
};
use crate::{
    audit::{self, Edge, GENESIS},
    domain::{Change, Id, Idempotency, Key, What, Workspace, WorkspaceId, name},
    ports::{Applied, Conflict},
};

/// A change on its way into rows.
pub struct Writing<'a> {
    /// The writer's connection, in a transaction.
    pub conn: &'a mut Conn,
    /// Hashes and ids.
    pub keep: &'a Keep,
    /// What is written.
    pub change: &'a Change,
    /// Its place in the log.
    pub sequence: u64,
    /// The last subject whose key was asked for: most changes are about one.
    key: Option<(String, SealKey)>,
}

/// Writes `change` and its event.
pub async fn apply(conn: &mut Conn, keep: &Keep, change: &Change) -> Result<Applied, Fault> {
    if named_workspace(&change.what).is_some_and(|named| *named != change.workspace) {
        return Err(Fault::Conflict(Conflict::NoWorkspace));
    }
    if let What::WorkspaceOpened(workspace) = &change.what {
        open_workspace(conn, change, workspace);
    }
    // First of all the head: in PostgreSQL this makes every other writer of the workspace wait.
    let taken = conn
        .row(
            "UPDATE log_head SET sequence = sequence + 1 WHERE workspace = $1 RETURNING sequence, hash, edge, first",
            values_of![change.workspace.as_str()],
        )
        .await?
        .ok_or(Fault::Conflict(Conflict::NoWorkspace))?;
    let sequence = u64::try_from(taken.int(0)?).map_err(|_| Fault::Failed("the log head is negative".to_owned()))?;
    let previous = taken.text(1)?;
    let edge = Edge::parse(&taken.text(2)?).ok_or_else(|| unreadable("log_head.edge"))?;
    let (edge, first) = match edge.size() + 1 == sequence {
        true => (edge, taken.text(3)?),
        // A log from before there was a tree.
        false => notary::level(conn, change.workspace.as_str(), edge, sequence - 1).await?,
    };

    let mut writing = Writing { conn, keep, change, sequence, key: None };
    if let Some(idempotency) = &change.idempotency {
        writing.remember(idempotency);
    }
    writing.rows().await?;
    writing.log(&previous, edge, first);
    writing.conn.flush().await?;
    Ok(Applied { sequence })
}

/// The workspace that a change speaks of itself: it must not be another than the one it is written to.
fn named_workspace(what: &What) -> Option<&WorkspaceId> {
    match what {
        What::WorkspaceOpened(workspace) => Some(&workspace.id),
        What::InquiryReceived { inquiry, .. } => Some(&inquiry.workspace),
        What::Suggested(suggestion) => Some(&suggestion.inquiry.workspace),
        What::KeyCreated(key) => Some(&key.workspace),
        _ => None,
    }
}

fn open_workspace(conn: &mut Conn, change: &Change, workspace: &Workspace) {
    let id = workspace.id.as_str();
    conn.put_off(
        "INSERT INTO workspace (id, name, opened_at) VALUES ($1, $2, $3)",
        values_of![id, workspace.name.as_str(), change.at.0],
    );
    conn.put_off(
        "INSERT INTO log_head (workspace, sequence, hash, knowledge_sequence) VALUES ($1, 0, $2, 0)",
        values_of![id, GENESIS],
    );
}

impl Writing<'_> {
    /// The workspace as it stands in rows.
    pub fn workspace(&self) -> &str {
        self.change.workspace.as_str()
    }

    /// The key of a subject.
    pub async fn key_of(&mut self, subject: &str) -> Result<SealKey, Fault> {
        if let Some((of, key)) = &self.key
            && of == subject
        {
            return Ok(key.clone());
        }
        let (workspace, at) = (self.change.workspace.as_str(), self.change.at.0);
        let key = seal::key_of(self.conn, self.keep, workspace, subject, at).await?;
        self.key = Some((subject.to_owned(), key.clone()));
        Ok(key)
    }

    /// Runs a statement that must find what it changes.
    pub async fn must_find(&mut self, sql: &'static str, values: Vec<Value>) -> Result<(), Fault> {
        match self.conn.execute(sql, values).await? {
            0 => Err(Fault::Conflict(Conflict::Missing)),
            _ => Ok(()),
        }
    }

    async fn rows(&mut self) -> Result<(), Fault> {
        match &self.change.what {
            What::WorkspaceOpened(_) => Ok(()),
            What::KnowledgeChanged(knowledge) => knowledge::write(self, knowledge).await,
            What::Proposed(proposal) => knowledge::propose(self, proposal),
            What::ProposalDecided { proposal, change, reason } => {
                knowledge::decide(self, proposal, change.as_ref(), reason.as_deref()).await
            }
            What::InquiryReceived { inquiry, open } => journey::receive(self, inquiry, open.as_ref()).await,
            What::DraftCreated { draft, inquiry } => journey::create_draft(self, draft, inquiry).await,
            What::Suggested(suggestion) => journey::suggest(self, suggestion).await,
            What::DraftFailed { draft, inquiry, streamed, asked, code } => {
                let (streamed, asked) = (Cow::Borrowed(streamed.as_str()), Cow::Borrowed(&**asked));
                journey::fail_draft(self, draft, inquiry, &Streamed { streamed, asked }, code).await
            }
            What::Decided { decision, reply } => aftermath::decide(self, decision, reply.as_ref()).await,
            What::Undone(undo) => undo::undo(self, undo).await,
            What::Held { lease, over } => lease::hold(self, lease, *over).await,
            What::Released(inquiry) => lease::release(self, inquiry).await,
            What::Noted(note) => lease::note(self, note).await,
            What::Replied { reply, checks } => aftermath::reply(self, reply, checks).await,
            What::Ruled(ruling) => findings::rule(self, ruling).await,
            What::RuledAgain(second) => quality::rule_again(self, second).await,
            What::Disputed(dispute) => quality::dispute(self, dispute).await,
            What::DisputeAnswered { answer, ruling } => quality::answer(self, answer, ruling.as_ref()).await,
            What::SampleJudged(judged) => quality::judge(self, judged).await,
            What::FilterSaved(filter) => {
                quality::save_filter(self, filter);
                Ok(())
            }
            What::FilterRemoved(filter) => quality::remove_filter(self, filter).await,
            What::ContactReported(outcome) => aftermath::report_contact(self, outcome).await,
            What::KeyCreated(key) => {
                self.create_key(key);
                Ok(())
            }
            What::KeyRevoked(key) => self.revoke_key(key).await,
            What::PersonPlaced { person, role } => people::place(self, person, *role).await,
            What::AccountLinked { person, account } => people::link(self, person, account.as_ref()).await,
            What::StampChanged { person, stamps: [old, new], password } => {
                people::set_stamp(self, person, [old, new], password.as_deref()).await
            }
            // The event is all of it.
            What::ReplayedLive { .. } => Ok(()),
            What::Configured(configured) => configuration::write(self, configured),
            What::SubjectErased { erasure, whose, traces } => erase::subject(self, erasure, whose, traces).await,
            What::DocumentErased { erasure, whose, traces, change } => {
                erase::document(self, erasure, whose, traces, change).await
            }
            What::RetentionSet(retention) => {
                erase::retain(self, retention);
                Ok(())
            }
            What::TextsExpired { class, until, texts } => erase::expire(self, *class, *until, *texts).await,
            What::LogResumed { .. } => {
                let values = values_of![self.workspace()];
                self.must_find("UPDATE log_head SET epoch = epoch + 1 WHERE workspace = $1", values).await
            }
        }
    }

    /// A twin of the request finds the key taken, and with it nothing of the change is written.
    fn remember(&mut self, idempotency: &Idempotency) {
        let Idempotency { key, request_hash, made } = idempotency;
        let (principal, at) = (self.change.principal.id.as_str(), self.change.at.0);
        let request = self.keep.request(self.workspace(), request_hash);
        let values = values_of![self.workspace(), principal, key.as_str(), request, made.as_str(), at];
        self.conn.put_off(
            "INSERT INTO idempotency (workspace, principal, key, request_hash, made, at)
             VALUES ($1, $2, $3, $4, $5, $6)",
            values,
        );
    }

    fn log(&mut self, previous: &str, mut edge: Edge, mut first: String) {
        let (keep, change) = (self.keep, self.change);
        let id = keep.event_id();
        let content = audit::content(change, &id, &|text| keep.commitment(change.workspace.as_str(), text));
        let leaf = audit::leaf(&content.json);
        let event = audit::seal(&change.workspace, self.sequence, previous, content.json);
        let (kind, principal) = (content.kind, change.principal.id.as_str());
        let values = values_of![
            self.workspace(),
            event.sequence,
            id.as_str(),
            kind,
            change.at.0,
            principal,
            event.content,
            event.previous,
            event.hash.as_str()
        ];
        self.conn.put_off(
            "INSERT INTO event (workspace, sequence, id, type, at, principal, content, previous, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            values,
        );
        if self.sequence == 1 {
            first.clone_from(&event.hash);
        }
        for made in edge.push(leaf) {
            notary::put(self.conn, self.change.workspace.as_str(), made);
        }
        let values = values_of![self.workspace(), event.hash, edge.write(), first];
        self.conn.put_off("UPDATE log_head SET hash = $2, edge = $3, first = $4 WHERE workspace = $1", values);
    }

    fn create_key(&mut self, key: &Key) {
        let at = self.change.at.0;
        let values = values_of![
            self.workspace(),
            key.id.as_str(),
            key.role.as_str(),
            key.label.as_str(),
            key.secret_hash.as_str(),
            at
        ];
        self.conn.put_off(
            "INSERT INTO api_key (workspace, id, role, label, secret_hash, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
            values,
        );
    }

    async fn revoke_key(&mut self, key: &Id<name::Key>) -> Result<(), Fault> {
        let values = values_of![self.workspace(), key.as_str(), self.change.at.0];
        self.must_find(
            "UPDATE api_key SET revoked_at = $3 WHERE workspace = $1 AND id = $2 AND revoked_at IS NULL",
            values,
        )
        .await
    }
}
