//! What QA works through, read back: how much waits, what comes next, what others ruled, what was sent.

use async_trait::async_trait;

use super::{
    SqlStore,
    db::{Row, values_of},
    failed,
    fault::{Fault, unreadable},
    keep::{self, Because, CheckedReply, Keep},
    review::{self, fits_sql, from_filed_sql},
};
use crate::{
    domain::{
        CleanReply, Dispute, DisputeAnswer, FiledDispute, FindingFilter, FindingPlace, Id, Kind, Named, QueueCounts,
        RuledBy, SavedFilter, SentText, Severity, Timestamp, TwiceRuled, WorkspaceId, name,
    },
    ports::{Quality, StoreError},
};

/// The findings that fit, as a list shows them; a finding is named by `$16`.
macro_rules! fitting_sql {
    ($what:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $what,
            from_filed_sql!(),
            " WHERE ",
            fits_sql!(),
            " AND t.body IS NOT NULL AND $16 = $16",
            $rest
        )
    };
}

const DISPUTED: &str = "SELECT d.finding, d.principal, q.body, d.at, d.granted, a.body, d.answered_by, d.answered_at
    FROM dispute d
    LEFT JOIN person_body q ON q.workspace = d.workspace AND q.id = d.reason
    LEFT JOIN person_body a ON a.workspace = d.workspace AND a.id = d.answer
    WHERE d.workspace = $1 AND ($2 IS NULL OR d.finding = $2)
    ORDER BY CASE WHEN d.answered_at IS NULL THEN 0 ELSE 1 END, d.at, d.finding";

#[async_trait]
impl Quality for SqlStore {
    async fn queue_counts(&self, workspace: &WorkspaceId, since: Timestamp) -> Result<QueueCounts, StoreError> {
        let mut conn = self.reader().await?;
        let sql = concat!(
            "SELECT f.vendor, COUNT(*), COUNT(CASE WHEN f.severity = $2 THEN 1 END)",
            from_filed_sql!(),
            " WHERE f.workspace = $1 AND f.state = 'open' AND f.reply IS NOT NULL AND t.body IS NOT NULL
             GROUP BY f.vendor ORDER BY COALESCE(f.vendor, '')"
        );
        let rows = conn.rows(sql, values_of![workspace.as_str(), Severity::Error.as_str()]).await.map_err(failed)?;
        let mut counts = QueueCounts::default();
        for row in &rows {
            let count = counted(row, 1).map_err(failed)?;
            counts.open += count;
            counts.severe += counted(row, 2).map_err(failed)?;
            counts.vendors.push((row.maybe_text(0).map_err(failed)?, count));
        }
        let sql = concat!(
            "SELECT COUNT(*)",
            from_filed_sql!(),
            " WHERE f.workspace = $1 AND f.reply IS NOT NULL AND t.body IS NOT NULL AND EXISTS (
                 SELECT 1 FROM ruling z WHERE z.workspace = f.workspace AND z.finding = f.id AND z.at >= $2)"
        );
        let row = conn.row(sql, values_of![workspace.as_str(), since.0]).await.map_err(failed)?;
        counts.ruled = row.map_or(Ok(0), |row| counted(&row, 0)).map_err(failed)?;
        Ok(counts)
    }

    async fn finding_place(
        &self,
        workspace: &WorkspaceId,
        filter: &FindingFilter,
        finding: &Id<name::Finding>,
    ) -> Result<FindingPlace, StoreError> {
        const OF: &str = fitting_sql!("COUNT(*)", "");
        const RANK: &str = fitting_sql!(
            "COUNT(*)",
            " AND (f.at, f.id) > (SELECT c.at, c.id FROM finding c WHERE c.workspace = $1 AND c.id = $16)"
        );
        const BEFORE: &str = fitting_sql!(
            "f.id",
            " AND (f.at, f.id) > (SELECT c.at, c.id FROM finding c WHERE c.workspace = $1 AND c.id = $16)
             ORDER BY f.at, f.id LIMIT 1"
        );
        const AFTER: &str = fitting_sql!(
            "f.id",
            " AND (f.at, f.id) < (SELECT c.at, c.id FROM finding c WHERE c.workspace = $1 AND c.id = $16)
             ORDER BY f.at DESC, f.id DESC LIMIT 1"
        );
        let mut values = review::values(workspace, filter);
        values.extend(values_of![finding.as_str()]);
        let mut conn = self.reader().await?;
        let mut found = Vec::new();
        for sql in [OF, RANK, BEFORE, AFTER] {
            found.push(conn.row(sql, values.clone()).await.map_err(failed)?);
        }
        let number = |at: usize| found[at].as_ref().map_or(Ok(0), |row| counted(row, 0)).map_err(failed);
        let id = |at: usize| found[at].as_ref().map(|row| id(row, 0)).transpose().map_err(failed);
        Ok(FindingPlace { of: number(0)?, rank: number(1)? + 1, before: id(2)?, after: id(3)? })
    }

    async fn ruled_by_rule(
        &self,
        workspace: &WorkspaceId,
        rule: &str,
        limit: usize,
    ) -> Result<Vec<RuledBy>, StoreError> {
        let sql = "SELECT r.finding, r.verdict, r.fault, t.body, r.principal, r.at FROM ruling r
                   JOIN finding f ON f.workspace = r.workspace AND f.id = r.finding
                   LEFT JOIN person_body t ON t.workspace = r.workspace AND t.id = r.text
                   WHERE r.workspace = $1 AND f.rule = $2 ORDER BY r.at DESC, r.id DESC LIMIT $3";
        let rows = self.reader().await?.rows(sql, values_of![workspace.as_str(), rule, limit]).await.map_err(failed)?;
        rows.iter().map(|row| ruled_by(&self.keep, row).map_err(failed)).collect()
    }

    async fn filters(&self, workspace: &WorkspaceId, principal: &str) -> Result<Vec<SavedFilter>, StoreError> {
        let sql = "SELECT id, name, query FROM saved_filter WHERE workspace = $1 AND principal = $2 ORDER BY at, id";
        let rows = self.reader().await?.rows(sql, values_of![workspace.as_str(), principal]).await.map_err(failed)?;
        let filter = |row: &Row| -> Result<SavedFilter, Fault> {
            Ok(SavedFilter { id: id(row, 0)?, name: row.text(1)?, query: row.text(2)? })
        };
        rows.iter().map(|row| filter(row).map_err(failed)).collect()
    }

    async fn clean_replies(
        &self,
        workspace: &WorkspaceId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<CleanReply>, StoreError> {
        let sql = "SELECT r.id, r.sent_at, r.vendor, r.author, p.reply, p.category FROM reply r
                   JOIN person_text t ON t.workspace = r.workspace AND t.id = r.text AND t.body <> ''
                   LEFT JOIN sample p ON p.workspace = r.workspace AND p.reply = r.id
                   WHERE r.workspace = $1 AND r.sent_at >= $2 AND r.sent_at < $3 AND NOT EXISTS (
                       SELECT 1 FROM finding f WHERE f.workspace = r.workspace AND f.reply = r.id)
                   ORDER BY r.sent_at, r.id";
        let values = values_of![workspace.as_str(), from.0, until.0];
        let rows = self.reader().await?.rows(sql, values).await.map_err(failed)?;
        rows.iter().map(|row| clean(row).map_err(failed)).collect()
    }

    async fn ruled_by_others(
        &self,
        workspace: &WorkspaceId,
        principal: &str,
        since: Timestamp,
    ) -> Result<Vec<Id<name::Finding>>, StoreError> {
        let sql = concat!(
            "SELECT f.id",
            from_filed_sql!(),
            " JOIN ruling l ON l.workspace = f.workspace AND l.id = (
                 SELECT x.id FROM ruling x WHERE x.workspace = f.workspace AND x.finding = f.id
                 ORDER BY x.at DESC, x.id DESC LIMIT 1)
             WHERE f.workspace = $1 AND t.body IS NOT NULL AND l.at >= $3
             AND NOT EXISTS (SELECT 1 FROM ruling o WHERE o.workspace = f.workspace AND o.finding = f.id AND o.principal = $2)
             AND NOT EXISTS (SELECT 1 FROM second_ruling s WHERE s.workspace = f.workspace AND s.finding = f.id)
             ORDER BY l.at DESC, f.id"
        );
        let values = values_of![workspace.as_str(), principal, since.0];
        let rows = self.reader().await?.rows(sql, values).await.map_err(failed)?;
        rows.iter().map(|row| id(row, 0).map_err(failed)).collect()
    }

    async fn ruled_twice(&self, workspace: &WorkspaceId) -> Result<Vec<TwiceRuled>, StoreError> {
        let sql = "SELECT finding, first, verdict, at FROM second_ruling WHERE workspace = $1 ORDER BY at, finding";
        let rows = self.reader().await?.rows(sql, values_of![workspace.as_str()]).await.map_err(failed)?;
        let twice = |row: &Row| -> Result<TwiceRuled, Fault> {
            Ok(TwiceRuled {
                finding: id(row, 0)?,
                first: keep::read_word(&row.text(1)?)?,
                second: keep::read_word(&row.text(2)?)?,
                at: Timestamp(row.int(3)?),
            })
        };
        rows.iter().map(|row| twice(row).map_err(failed)).collect()
    }

    async fn dispute(
        &self,
        workspace: &WorkspaceId,
        finding: &Id<name::Finding>,
    ) -> Result<Option<FiledDispute>, StoreError> {
        let values = values_of![workspace.as_str(), Some(finding.as_str())];
        let row = self.reader().await?.row(DISPUTED, values).await.map_err(failed)?;
        row.map(|row| disputed(&self.keep, &row).map_err(failed)).transpose()
    }

    async fn disputes(&self, workspace: &WorkspaceId) -> Result<Vec<FiledDispute>, StoreError> {
        let values = values_of![workspace.as_str(), None::<&str>];
        let rows = self.reader().await?.rows(DISPUTED, values).await.map_err(failed)?;
        rows.iter().map(|row| disputed(&self.keep, row).map_err(failed)).collect()
    }

    async fn guides(&self, workspace: &WorkspaceId) -> Result<Vec<(Id<name::Revision>, Timestamp)>, StoreError> {
        let sql =
            "SELECT id, recorded_from FROM revision WHERE workspace = $1 AND kind = $2 ORDER BY recorded_from, id";
        let values = values_of![workspace.as_str(), Kind::Guide.as_str()];
        let rows = self.reader().await?.rows(sql, values).await.map_err(failed)?;
        let known = |row: &Row| -> Result<_, Fault> { Ok((id(row, 0)?, Timestamp(row.int(1)?))) };
        rows.iter().map(|row| known(row).map_err(failed)).collect()
    }

    async fn sent_lately(&self, workspace: &WorkspaceId, limit: usize) -> Result<Vec<SentText>, StoreError> {
        let sql = "SELECT t.body FROM reply r JOIN person_body t ON t.workspace = r.workspace AND t.id = r.text
                   WHERE r.workspace = $1 AND t.body IS NOT NULL ORDER BY r.sent_at DESC, r.id DESC LIMIT $2";
        let rows = self.reader().await?.rows(sql, values_of![workspace.as_str(), limit]).await.map_err(failed)?;
        let sent = |row: &Row| -> Result<SentText, Fault> {
            let CheckedReply { reply, checks } = keep::read(&self.keep.open(row, 0)?)?;
            Ok(SentText { reply, findings: checks.findings })
        };
        rows.iter().map(|row| sent(row).map_err(failed)).collect()
    }
}

fn ruled_by(keep: &Keep, row: &Row) -> Result<RuledBy, Fault> {
    Ok(RuledBy {
        finding: id(row, 0)?,
        verdict: keep::read_word(&row.text(1)?)?,
        fault: row.maybe_text(2)?.map(|word| keep::read_word(&word)).transpose()?,
        reason: reason(keep, row, 3)?,
        principal: row.text(4)?,
        at: Timestamp(row.int(5)?),
    })
}

fn clean(row: &Row) -> Result<CleanReply, Fault> {
    let judged = row.maybe_text(4)?.is_some();
    Ok(CleanReply {
        reply: id(row, 0)?,
        sent_at: Timestamp(row.int(1)?),
        vendor: row.maybe_text(2)?,
        author: row.maybe_text(3)?,
        judged: if judged { Some(row.maybe_text(5)?.is_some()) } else { None },
    })
}

fn disputed(keep: &Keep, row: &Row) -> Result<FiledDispute, Fault> {
    let finding: Id<name::Finding> = id(row, 0)?;
    let answer = match (row.maybe_int(4)?, row.maybe_text(6)?, row.maybe_int(7)?) {
        (Some(granted), Some(by), Some(at)) => Some((
            DisputeAnswer {
                finding: finding.clone(),
                granted: granted != 0,
                reason: reason(keep, row, 5)?.unwrap_or_default(),
                at: Timestamp(at),
            },
            by,
        )),
        _ => None,
    };
    let reason = reason(keep, row, 2)?.unwrap_or_default();
    Ok(FiledDispute { dispute: Dispute { finding, reason, at: Timestamp(row.int(3)?) }, by: row.text(1)?, answer })
}

/// Why; `None` where nobody said, or what was said is erased.
fn reason(keep: &Keep, row: &Row, column: usize) -> Result<Option<String>, Fault> {
    let body = keep.open_if_there(row, column)?;
    body.map(|body| keep::read::<Because>(&body).map(|because| because.reason)).transpose()
}

fn id<T: Named>(row: &Row, column: usize) -> Result<Id<T>, Fault> {
    Id::parse(&row.text(column)?).map_err(|_| unreadable("id"))
}

fn counted(row: &Row, column: usize) -> Result<u64, Fault> {
    u64::try_from(row.int(column)?).map_err(|_| unreadable("count"))
}
