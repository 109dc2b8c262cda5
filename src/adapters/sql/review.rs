//! Findings read back for those who rule on them, and what they come to in sum.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{
    SqlStore,
    conn::Conn,
    db::{Row, Value, values_of},
    failed,
    fault::{Fault, unreadable},
    keep::{self, Because, CheckedReply, Keep, Waived},
};
use crate::{
    domain::{
        CheckedText, Day, FiledFinding, Finding, FindingFilter, FindingState, GroupBy, Id, Named, RuleTally, Ruling,
        SentReply, Severity, Timestamp, Waiver, WorkspaceId, name,
    },
    ports::{Review, StoreError},
};

/// `finding f` with the text that its words stand in.
macro_rules! from_filed_sql {
    () => {
        " FROM finding f
    LEFT JOIN reply r ON f.checked_kind = 'reply' AND r.workspace = f.workspace AND r.id = f.checked
    LEFT JOIN draft d ON f.checked_kind = 'draft' AND d.workspace = f.workspace AND d.id = f.checked
    LEFT JOIN suggestion s ON s.workspace = d.workspace AND s.id = d.suggestion
    JOIN person_body t ON t.workspace = f.workspace AND t.id = COALESCE(r.text, s.text)"
    };
}
pub(super) use from_filed_sql;

/// A finding of a row of it.
macro_rules! filed_sql {
    () => {
        concat!(
            "SELECT f.id, f.checked_kind, f.checked, f.state, f.inquiry, f.reply, f.situation, f.person, f.team,
        f.vendor, f.at, t.body",
            from_filed_sql!()
        )
    };
}

/// What a filter lets through; its values are `$1` to `$15`.
macro_rules! fits_sql {
    () => {
        "f.workspace = $1
    AND ($2 IS NULL OR f.category = $2) AND ($3 IS NULL OR f.rule = $3) AND ($4 IS NULL OR f.situation = $4)
    AND ($5 IS NULL OR f.person = $5) AND ($6 IS NULL OR f.team = $6) AND ($7 IS NULL OR f.vendor = $7)
    AND ($8 IS NULL OR f.guide = $8) AND ($9 IS NULL OR f.state = $9)
    AND ($10 IS NULL OR (CASE WHEN f.reply IS NULL THEN 0 ELSE 1 END) = $10)
    AND ($11 IS NULL OR f.at >= $11) AND ($12 IS NULL OR f.at < $12) AND ($13 IS NULL OR f.severity = $13)
    AND ($14 IS NULL OR EXISTS (
        SELECT 1 FROM ruling z WHERE z.workspace = f.workspace AND z.finding = f.id AND z.at >= $14))
    AND ($15 IS NULL OR (CASE WHEN f.vendor IS NULL THEN 1 ELSE 0 END) = $15)"
    };
}
pub(super) use fits_sql;

/// The values of a filter.
pub fn values(workspace: &WorkspaceId, filter: &FindingFilter) -> Vec<Value> {
    let FindingFilter { category, rule, situation, person, team, vendor, guide, state, sent, from, until, .. } = filter;
    let FindingFilter { severity, ruled_since, own, .. } = filter;
    values_of![
        workspace.as_str(),
        category.map(|category| category.as_str()),
        rule.as_deref(),
        situation.as_deref(),
        person.as_deref(),
        team.as_deref(),
        vendor.as_deref(),
        guide.as_ref().map(Id::as_str),
        state.map(FindingState::as_str),
        *sent,
        from.map(|at| at.0),
        until.map(|at| at.0),
        severity.map(Severity::as_str),
        ruled_since.map(|at| at.0),
        own.then_some(true)
    ]
}

/// Sent replies with what is still held against them.
macro_rules! sent_sql {
    ($group:literal) => {
        concat!(
            "SELECT ",
            $group,
            ", r.sent_at, (SELECT COUNT(*) FROM finding f WHERE f.workspace = r.workspace
                 AND f.reply = r.id AND f.state NOT IN ('dismissed', 'waived'))
             FROM reply r WHERE r.workspace = $1 AND r.sent_at >= $2 AND r.sent_at < $3 AND ",
            $group,
            " IS NOT NULL
             ORDER BY r.sent_at, r.id"
        )
    };
}

#[async_trait]
impl Review for SqlStore {
    async fn findings(
        &self,
        workspace: &WorkspaceId,
        filter: &FindingFilter,
        behind: Option<&Id<name::Finding>>,
        limit: usize,
    ) -> Result<Vec<FiledFinding>, StoreError> {
        let sql = concat!(
            filed_sql!(),
            " WHERE ",
            fits_sql!(),
            " AND t.body IS NOT NULL AND ($16 IS NULL OR (f.at, f.id) <
                 (SELECT c.at, c.id FROM finding c WHERE c.workspace = $1 AND c.id = $16))
             ORDER BY f.at DESC, f.id DESC LIMIT $17"
        );
        let mut values = values(workspace, filter);
        values.extend(values_of![behind.map(Id::as_str), limit]);
        let mut conn = self.reader().await?;
        let rows = conn.rows(sql, values).await.map_err(failed)?;
        let mut found: Vec<FiledFinding> =
            rows.iter().map(|row| filed(&self.keep, row)).collect::<Result<_, _>>().map_err(failed)?;
        for filed in &mut found {
            filed.rulings = rulings(&mut conn, &self.keep, workspace, &filed.finding.id).await.map_err(failed)?;
        }
        Ok(found)
    }

    async fn finding(
        &self,
        workspace: &WorkspaceId,
        id: &Id<name::Finding>,
    ) -> Result<Option<FiledFinding>, StoreError> {
        let sql = concat!(filed_sql!(), " WHERE f.workspace = $1 AND f.id = $2");
        let mut conn = self.reader().await?;
        let row = conn.row(sql, values_of![workspace.as_str(), id.as_str()]).await.map_err(failed)?;
        let Some(mut filed) = row.map(|row| filed(&self.keep, &row)).transpose().map_err(failed)? else {
            return Ok(None);
        };
        filed.rulings = rulings(&mut conn, &self.keep, workspace, id).await.map_err(failed)?;
        Ok(Some(filed))
    }

    async fn tallies(&self, workspace: &WorkspaceId, filter: &FindingFilter) -> Result<Vec<RuleTally>, StoreError> {
        let sql = concat!(
            "SELECT f.rule, f.state, l.fault, COUNT(*), COUNT(l.id) FROM finding f
             LEFT JOIN ruling l ON l.workspace = f.workspace AND l.id = (
                 SELECT x.id FROM ruling x WHERE x.workspace = f.workspace AND x.finding = f.id
                 ORDER BY x.at DESC, x.id DESC LIMIT 1)
             WHERE ",
            fits_sql!(),
            " GROUP BY f.rule, f.state, l.fault"
        );
        let rows = self.reader().await?.rows(sql, values(workspace, filter)).await.map_err(failed)?;
        let mut tallies: BTreeMap<String, RuleTally> = BTreeMap::new();
        for row in &rows {
            let rule = row.text(0).map_err(failed)?;
            let tally = tallies.entry(rule.clone()).or_insert_with(|| RuleTally { rule, ..RuleTally::default() });
            add(tally, row).map_err(failed)?;
        }
        Ok(tallies.into_values().collect())
    }

    async fn waivers(&self, workspace: &WorkspaceId, on: Day) -> Result<Vec<Waiver>, StoreError> {
        let sql = "SELECT w.id, w.rule, t.body, w.until FROM waiver w
                   JOIN person_body t ON t.workspace = w.workspace AND t.id = w.phrase
                   WHERE w.workspace = $1 AND w.until >= $2 AND t.body IS NOT NULL ORDER BY w.id";
        let values = values_of![workspace.as_str(), on.to_string()];
        let rows = self.reader().await?.rows(sql, values).await.map_err(failed)?;
        rows.iter().map(|row| waiver(&self.keep, row, 0).map_err(failed)).filter_map(Result::transpose).collect()
    }

    async fn sent(
        &self,
        workspace: &WorkspaceId,
        by: GroupBy,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<SentReply>, StoreError> {
        let sql = match by {
            GroupBy::Team => sent_sql!("r.team"),
            GroupBy::Vendor => sent_sql!("r.vendor"),
        };
        let values = values_of![workspace.as_str(), from.0, until.0];
        let rows = self.reader().await?.rows(sql, values).await.map_err(failed)?;
        rows.iter().map(sent).collect::<Result<_, _>>().map_err(failed)
    }
}

fn filed(keep: &Keep, row: &Row) -> Result<FiledFinding, Fault> {
    let id: Id<name::Finding> = parsed(row.text(0)?, "finding.id")?;
    let (checked, body) = (row.text(2)?, keep.open(row, 11)?);
    let (checked, text, findings) = match row.text(1)?.as_str() {
        "reply" => {
            let CheckedReply { reply, checks } = keep::read(&body)?;
            (CheckedText::Reply(parsed(checked, "finding.checked")?), reply.text, checks.findings)
        }
        _ => {
            let suggestion = keep::read_suggestion(&body)?;
            let text = suggestion.draft.map(|draft| draft.text).unwrap_or_default();
            (CheckedText::Draft(parsed(checked, "finding.checked")?), text, suggestion.checks.findings)
        }
    };
    let (mut found, beside): (Vec<Finding>, Vec<Finding>) = findings.into_iter().partition(|finding| finding.id == id);
    Ok(FiledFinding {
        finding: found.pop().ok_or_else(|| unreadable("finding.id"))?,
        beside,
        state: FindingState::parse(&row.text(3)?).ok_or_else(|| unreadable("finding.state"))?,
        checked,
        text,
        inquiry: row.maybe_text(4)?.map(|id| parsed(id, "finding.inquiry")).transpose()?,
        reply: row.maybe_text(5)?.map(|id| parsed(id, "finding.reply")).transpose()?,
        situation: row.maybe_text(6)?,
        person: row.maybe_text(7)?,
        team: row.maybe_text(8)?,
        vendor: row.maybe_text(9)?,
        at: Timestamp(row.int(10)?),
        rulings: Vec::new(),
    })
}

/// A ruling with what it waives.
macro_rules! ruling_sql {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.finding, r.verdict, r.fault, t.body, r.at, w.id, w.rule, p.body, w.until
    FROM ruling r
    LEFT JOIN person_body t ON t.workspace = r.workspace AND t.id = r.text
    LEFT JOIN waiver w ON w.workspace = r.workspace AND w.ruling = r.id
    LEFT JOIN person_body p ON p.workspace = w.workspace AND p.id = w.phrase",
            $rest
        )
    };
}
pub(super) use ruling_sql;

/// A row of it. A reason or words that were erased are left out: what was ruled stays.
pub fn ruling(keep: &Keep, row: &Row) -> Result<Ruling, Fault> {
    Ok(Ruling {
        id: parsed(row.text(0)?, "ruling.id")?,
        finding: parsed(row.text(1)?, "ruling.finding")?,
        verdict: keep::read_word(&row.text(2)?)?,
        fault: row.maybe_text(3)?.map(|word| keep::read_word(&word)).transpose()?,
        reason: match keep.open_if_there(row, 4)? {
            Some(body) => Some(keep::read::<Because>(&body)?.reason),
            None => None,
        },
        waiver: waiver(keep, row, 6)?,
        at: Timestamp(row.int(5)?),
    })
}

async fn rulings(
    conn: &mut Conn,
    keep: &Keep,
    workspace: &WorkspaceId,
    of: &Id<name::Finding>,
) -> Result<Vec<Ruling>, Fault> {
    let sql = ruling_sql!(" WHERE r.workspace = $1 AND r.finding = $2 ORDER BY r.at, r.id");
    let rows = conn.rows(sql, values_of![workspace.as_str(), of.as_str()]).await?;
    rows.iter().map(|row| ruling(keep, row)).collect()
}

/// Id, rule, phrase and last day, from a column on; `None` where there is none, or its words were erased.
fn waiver(keep: &Keep, row: &Row, from: usize) -> Result<Option<Waiver>, Fault> {
    let Some(body) = keep.open_if_there(row, from + 2)? else { return Ok(None) };
    let Waived { phrase } = keep::read(&body)?;
    Ok(Some(Waiver {
        id: parsed(row.text(from)?, "waiver.id")?,
        rule: row.text(from + 1)?,
        phrase,
        until: Day::parse(&row.text(from + 3)?).map_err(|_| unreadable("waiver.until"))?,
    }))
}

fn add(tally: &mut RuleTally, row: &Row) -> Result<(), Fault> {
    let number = |column| u64::try_from(row.int(column)?).map_err(|_| unreadable("count"));
    let (count, ruled) = (number(3)?, number(4)?);
    let state = FindingState::parse(&row.text(1)?).ok_or_else(|| unreadable("finding.state"))?;
    match state {
        FindingState::Open => tally.open += count,
        FindingState::Confirmed => tally.confirmed += count,
        FindingState::Dismissed => tally.dismissed += count,
        // What passes by a waiver was ruled on by nobody: it says nothing new of the rule.
        FindingState::Waived => tally.waived += ruled,
    }
    match row.maybe_text(2)?.as_deref() {
        Some("operator") => tally.fault_operator += count,
        Some("rule") => tally.fault_rule += count,
        Some("guide") => tally.fault_guide += count,
        _ => {}
    }
    Ok(())
}

fn sent(row: &Row) -> Result<SentReply, Fault> {
    let findings = u32::try_from(row.int(2)?).map_err(|_| unreadable("count"))?;
    Ok(SentReply { group: row.text(0)?, sent_at: Timestamp(row.int(1)?), findings })
}

fn parsed<T: Named>(text: String, column: &'static str) -> Result<Id<T>, Fault> {
    Id::parse(&text).map_err(|_| unreadable(column))
}
