//! Whether the log is what was written: the answer in words.

use askama::Template;
use axum::{extract::State, response::Response};

use super::{
    super::{
        frame::{Frame, Place, page},
        lang::Lang,
        refusal::Refused,
        viewer::Viewer,
    },
    words::grouped,
};
use crate::{
    app::{App, Broken, LogCheck, Reason},
    identity::Act,
};

#[derive(Template)]
#[template(path = "audit_verify.html")]
struct Page {
    frame: Frame,
    found: Found,
    key: String,
}

/// The answer.
struct Found {
    tone: &'static str,
    mark: &'static str,
    head: String,
    /// What was compared, and what came of it.
    lines: Vec<String>,
    /// What to do now.
    next: Option<&'static str>,
    /// The words of the verifier, for those who look into it.
    detail: Option<String>,
}

/// Reads the whole log and says what it found.
pub async fn check(viewer: Viewer, State(app): State<App>) -> Result<Response, Refused> {
    viewer.must(Act::Audit)?;
    let checked = app.verify(&viewer.who, &viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
    let title = viewer.lang.say("監査ログの検証", "Verifying the audit log");
    let frame = Frame::of(&app, &viewer, Place::Audit, title, "audit/verify").await?;
    Ok(page(&Page { frame, found: found(viewer.lang, checked), key: app.audit_key() }))
}

fn found(lang: Lang, checked: LogCheck) -> Found {
    match checked {
        LogCheck::Whole { events, checkpoints, kept } => whole(lang, events, checkpoints, kept),
        LogCheck::Broken(broken) => at_fault(lang, &broken),
        LogCheck::Forked => Found {
            head: lang.say("ログが、保管された署名とつながりません", "The log does not extend the kept signature").to_owned(),
            lines: vec![
                lang.say(
                    "データベースの外に保管された署名は、いまのログより先の記録を見ています。古いバックアップに戻したか、記録が失われた可能性があります。",
                    "A signature kept outside the database saw events that this log does not have: an old backup was restored, or events were lost.",
                )
                .to_owned(),
            ],
            ..broken(lang)
        },
    }
}

fn whole(lang: Lang, events: u64, checkpoints: u64, kept: bool) -> Found {
    let (events, checkpoints) = (grouped(events), grouped(checkpoints));
    let chain = match lang {
        Lang::Ja => format!("1番から{events}番まで、抜けも書き換えもありません。"),
        Lang::En => format!("From no. 1 to no. {events} nothing is missing and nothing was rewritten."),
    };
    let signed = match lang {
        Lang::Ja => format!("署名つきの区切り{checkpoints}か所すべてが、ログの中身と一致しました。"),
        Lang::En => format!("All {checkpoints} signed checkpoints agree with what the log holds."),
    };
    let outside = match kept {
        true => lang.say(
            "データベースの外に保管した署名とも一致しました。",
            "It agrees with the signature that is kept outside the database too.",
        ),
        false => lang.say(
            "データベースの外に保管した署名は、まだありません。",
            "There is no signature outside the database yet.",
        ),
    };
    Found {
        tone: "fine",
        mark: "supported",
        head: lang.say("記録に改ざんはありません", "The record was not tampered with").to_owned(),
        lines: vec![chain, signed, outside.to_owned()],
        next: None,
        detail: None,
    }
}

fn broken(lang: Lang) -> Found {
    Found {
        tone: "blocked",
        mark: "contradicted",
        head: String::new(),
        lines: Vec::new(),
        next: Some(lang.say(
            "このログを書き出して保管し、管理者に連絡してください。ここより前の記録は、これまでどおり読めます。",
            "Export the log, keep it, and tell an admin. What stands before this place can be read as before.",
        )),
        detail: None,
    }
}

fn at_fault(lang: Lang, fault: &Broken) -> Found {
    let number = grouped(fault.sequence);
    let head = match lang {
        Lang::Ja => format!("{number}番から先の記録は、書かれたときのままではありません"),
        Lang::En => format!("From no. {number} on the log is not what was written"),
    };
    Found {
        head,
        lines: vec![reason(lang, &fault.reason).to_owned()],
        detail: Some(fault.reason.to_string()),
        ..broken(lang)
    }
}

fn reason(lang: Lang, reason: &Reason) -> &'static str {
    let (ja, en) = match reason {
        Reason::Gap | Reason::Truncated | Reason::Count => ("記録が抜けています。", "Events are missing."),
        Reason::Hash | Reason::Content | Reason::Line(_) => {
            ("この番号の内容が、あとから書き換えられています。", "What this event says was changed later.")
        }
        Reason::Previous => (
            "前の記録とつながっていません。あいだの記録が入れ替えられた可能性があります。",
            "It does not follow from the event before it.",
        ),
        Reason::Foreign => ("ほかのショップの記録が混ざっています。", "It belongs to another shop."),
        Reason::Rewritten(_) => (
            "署名したときの内容と違います。この先のどこかが書き換えられています。",
            "These are not the events that were signed.",
        ),
        Reason::Checkpoint(_) | Reason::Head(_) => {
            ("署名が、このログのものではありません。", "A signature is not one of this log.")
        }
    };
    lang.say(ja, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_was_changed_is_never_called_whole() {
        let broken = Broken { sequence: 1_204, reason: Reason::Hash };
        let said = found(Lang::Ja, LogCheck::Broken(broken));
        assert_eq!((said.tone, said.head.contains("1,204番")), ("blocked", true));
        assert!(said.lines[0].contains("書き換え") && said.next.is_some(), "{:?}", said.lines);
        assert_eq!(found(Lang::En, LogCheck::Forked).tone, "blocked");
        let fine = found(Lang::Ja, LogCheck::Whole { events: 48_236, checkpoints: 3, kept: true });
        assert!(fine.tone == "fine" && fine.lines[0].contains("48,236番まで"), "{:?}", fine.lines);
    }
}
