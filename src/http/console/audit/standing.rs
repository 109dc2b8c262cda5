//! What the signed log says of the events of a draft.

use super::{super::lang::Lang, words};
use crate::{app::Vouched, domain::Timestamp};

/// Whether they are what was written, in words.
pub struct Standing {
    pub tone: &'static str,
    pub mark: &'static str,
    pub head: &'static str,
    pub detail: String,
}

impl Standing {
    /// Of a draft's events, as they were read `now`.
    pub fn of(lang: Lang, vouched: Vouched, now: Timestamp) -> Self {
        let broken = Self { tone: "blocked", mark: "contradicted", head: "", detail: String::new() };
        match vouched {
            Vouched::Yes { events, of } => Self {
                tone: "fine",
                mark: "supported",
                head: lang.say("記録に改ざんはありません", "The record was not tampered with"),
                detail: match lang {
                    Lang::Ja => format!(
                        "この下書きの{events}件のできごとは、{}件ある監査ログに、書かれたときのまま署名つきで残っています。今日{}に確かめました。",
                        words::grouped(of),
                        lang.time(now)
                    ),
                    Lang::En => format!(
                        "The {events} events of this draft stand in the signed log of {} events as they were written. Checked today at {}.",
                        words::grouped(of),
                        lang.time(now)
                    ),
                },
            },
            Vouched::No(number) => Self {
                head: lang.say("記録が、書かれたときのままではありません", "The record is not what was written"),
                detail: match lang {
                    Lang::Ja => format!(
                        "監査番号{}の内容が、署名と一致しません。管理者に連絡してください。",
                        words::grouped(number)
                    ),
                    Lang::En => {
                        format!("Event {} does not agree with its signature. Tell an admin.", words::grouped(number))
                    }
                },
                ..broken
            },
            Vouched::Forked => Self {
                head: lang
                    .say("監査ログが、保管された署名とつながりません", "The log does not extend the kept signature"),
                detail: lang
                    .say(
                        "古いバックアップに戻したか、記録が失われた可能性があります。管理者に連絡してください。",
                        "An old backup was restored, or events were lost. Tell an admin.",
                    )
                    .to_owned(),
                ..broken
            },
        }
    }
}
