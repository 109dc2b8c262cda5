//! The parts of the inbox as SQL: which inquiries belong to which, as lines, as numbers, and in their order.
//!
//! All of it but what was answered is read from one index that holds nothing but what waits, with all that a part asks of an
//! inquiry: this is what every page of the console counts.

use crate::domain::View;

/// What nobody answered. The states are named, because only what is named is found by an index: answered inquiries are many.
macro_rules! waits {
    () => {
        "i.workspace = $1 AND i.state IN ('new', 'assigned', 'waiting')"
    };
}

/// What a chatbot has an answer for and may still pass on.
macro_rules! chatbots {
    ($since:literal) => {
        concat!("(i.chatbot = 1 AND i.received_at >= ", $since, ")")
    };
}

/// Which inquiries belong to which part; `$2` to `$6` are who reads, now, when overdue and today begin, and since when a
/// chatbot may have something.
macro_rules! parts {
    (open) => {
        concat!(waits!(), " AND NOT ", chatbots!("$6"))
    };
    (mine) => {
        concat!(
            waits!(),
            " AND i.id IN (SELECT h.inquiry FROM lease h WHERE h.workspace = $1 AND h.principal = $2 AND h.until > $3)"
        )
    };
    (overdue) => {
        concat!(parts!(open), " AND i.received_at < $4")
    };
    (handoff) => {
        concat!(waits!(), " AND i.outcome = 'handoff'")
    };
    (chatbot) => {
        concat!(waits!(), " AND ", chatbots!("$6"))
    };
    (answered) => {
        "i.workspace = $1 AND i.state = 'answered' AND i.id = a.id"
    };
}

/// Where the lines of a part are looked for. Without being told, SQLite goes through all that was ever received for the few
/// that were answered today.
macro_rules! sources {
    (answered) => {
        "(SELECT DISTINCT r.inquiry AS id FROM reply r WHERE r.workspace = $1 AND r.sent_at >= $5) a CROSS JOIN inquiry i"
    };
    ($waiting:ident) => {
        "inquiry i"
    };
}

/// Chosen inquiries as lines: what stands beside a line is read for these alone.
macro_rules! dressed {
    ($order:literal, $($chosen:tt)*) => {
        concat!(
            "SELECT t.body, i.state, i.outcome, d.state, d.drafter, d.contradicted, d.unsupported, d.weak, d.errors,
             l.principal, l.since, l.until, i.chatbot FROM (
                SELECT i.workspace, i.id, i.text, i.state, i.outcome, i.received_at,
                    CAST(CASE WHEN i.chatbot = 1 AND i.received_at >= $6 AND i.state IN ('new', 'assigned', 'waiting')
                         THEN 1 ELSE 0 END AS BIGINT) AS chatbot FROM ",
            $($chosen)*,
            ") i
             LEFT JOIN lease l ON l.workspace = i.workspace AND l.inquiry = i.id AND l.until > $3
             LEFT JOIN draft d ON d.workspace = i.workspace AND d.inquiry = i.id AND d.suggestion = (
                SELECT x.id FROM suggestion x WHERE x.workspace = i.workspace AND x.inquiry = i.id
                ORDER BY x.created_at DESC, x.id DESC LIMIT 1)
             JOIN person_body t ON t.workspace = i.workspace AND t.id = i.text
             WHERE t.body IS NOT NULL ORDER BY i.received_at ",
            $order,
            ", i.id ",
            $order
        )
    };
}

/// The lines of a part of the inbox.
macro_rules! list_sql {
    ($part:ident, $behind:literal, $order:literal) => {
        dressed!(
            $order,
            sources!($part),
            " WHERE ",
            parts!($part),
            " AND ($7 IS NULL OR i.situation = $7) AND ($8 IS NULL OR i.channel = $8)
             AND ($9 IS NULL OR (i.received_at, i.id) ",
            $behind,
            " (SELECT c.received_at, c.id FROM inquiry c WHERE c.workspace = $1 AND c.id = $9))
             AND $2 = $2 AND $3 = $3 AND $4 = $4 AND $5 = $5 ORDER BY i.received_at ",
            $order,
            ", i.id ",
            $order,
            " LIMIT $10"
        )
    };
}

/// One inquiry as a line: `$7`.
pub const LINE: &str =
    dressed!("ASC", "inquiry i WHERE i.workspace = $1 AND i.id = $7 AND $2 = $2 AND $4 = $4 AND $5 = $5");

/// The lines of a part; `$7` to `$10` are topic, channel, the inquiry after which they begin, and how many.
pub fn list(view: View) -> &'static str {
    match view {
        View::Open => list_sql!(open, ">", "ASC"),
        View::Mine => list_sql!(mine, ">", "ASC"),
        View::Overdue => list_sql!(overdue, ">", "ASC"),
        View::Handoff => list_sql!(handoff, ">", "ASC"),
        View::Answered => list_sql!(answered, "<", "DESC"),
        View::Chatbot => list_sql!(chatbot, ">", "ASC"),
    }
}

/// Read on every page: what waits is counted in one pass over the index that holds nothing else.
pub const COUNTS: &str = concat!(
    "SELECT COUNT(*) - COUNT(CASE WHEN ",
    chatbots!("$6"),
    " THEN 1 END), (SELECT COUNT(*) FROM lease h JOIN inquiry i ON i.id = h.inquiry
        WHERE h.workspace = $1 AND h.principal = $2 AND h.until > $3 AND ",
    waits!(),
    "), COUNT(CASE WHEN i.received_at < $4 AND NOT ",
    chatbots!("$6"),
    " THEN 1 END), COUNT(CASE WHEN i.outcome = 'handoff' THEN 1 END), (SELECT COUNT(*) FROM ",
    sources!(answered),
    " WHERE ",
    parts!(answered),
    "), COUNT(CASE WHEN ",
    chatbots!("$6"),
    " THEN 1 END) FROM inquiry i WHERE ",
    waits!(),
);

/// The one that waits the longest time and that nobody else holds.
pub const NEXT: &str = concat!(
    "SELECT i.id FROM inquiry i WHERE ",
    parts!(open),
    " AND NOT EXISTS (SELECT 1 FROM lease h WHERE h.workspace = $1 AND h.inquiry = i.id AND h.principal <> $2
        AND h.until > $3) AND $4 = $4 AND $5 = $5 ORDER BY i.received_at, i.id LIMIT 1"
);

/// Of an inquiry that waits: how many wait longer, the last of them, the first that does not, and whether a chatbot may still
/// pass an answer on.
pub const PLACE: &str = concat!(
    "SELECT
        (SELECT COUNT(*) FROM inquiry i WHERE ",
    waits!(),
    " AND NOT ",
    chatbots!("$3"),
    " AND (i.received_at, i.id) < (n.received_at, n.id)),
        (SELECT i.id FROM inquiry i WHERE ",
    waits!(),
    " AND NOT ",
    chatbots!("$3"),
    " AND (i.received_at, i.id) < (n.received_at, n.id) ORDER BY i.received_at DESC, i.id DESC LIMIT 1),
        (SELECT i.id FROM inquiry i WHERE ",
    waits!(),
    " AND NOT ",
    chatbots!("$3"),
    " AND (i.received_at, i.id) > (n.received_at, n.id) ORDER BY i.received_at, i.id LIMIT 1),
        CAST(CASE WHEN n.chatbot = 1 AND n.received_at >= $3 THEN 1 ELSE 0 END AS BIGINT)
    FROM inquiry n WHERE n.workspace = $1 AND n.id = $2 AND n.state IN ('new', 'assigned', 'waiting')"
);

/// How many came after `$2` and are open.
pub const ARRIVED: &str =
    concat!("SELECT COUNT(*) FROM inquiry i WHERE ", waits!(), " AND i.received_at > $2 AND NOT ", chatbots!("$3"));
