//! What is still known of a draft without its record, for people: who did what and when, the hashes, and whether the log
//! vouches for them.

use askama::Template;
use axum::response::Response;

use super::{
    super::{
        frame::{Frame, Place, page},
        lang::Lang,
        refusal::Refused,
        trail::details::attempted,
        viewer::Viewer,
    },
    standing::Standing,
    steps::{self, Step},
    words,
};
use crate::{
    app::{App, Gone, Names, Remains},
    domain::{Id, name},
};

#[derive(Template)]
#[template(path = "audit_remains.html")]
struct Page {
    frame: Frame,
    title: String,
    kind: &'static str,
    head: String,
    summary: Vec<String>,
    steps: Vec<Step>,
    vouched: Standing,
    streamed: String,
    attempts: Vec<String>,
    hashes: Vec<(String, String)>,
    here: String,
    inquiry: Option<String>,
    draft: String,
}

/// The page of a draft without a record.
pub async fn page_of(viewer: &Viewer, app: &App, draft: &Id<name::Draft>, left: Remains) -> Result<Response, Refused> {
    let lang = viewer.lang;
    if left.workspace != viewer.workspace.id {
        return Err(Refused::nothing_here(lang));
    }
    let names = app.names(&viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
    let (kind, head) = what(lang, &left.why);
    let title = left.title.clone().unwrap_or_else(|| lang.say("消去された問い合わせ", "An erased inquiry").to_owned());
    let here = format!("audit/drafts/{draft}");
    let frame = Frame::of(app, viewer, Place::Audit, &title, &here).await?;
    let inquiry = left.inquiry.as_ref().filter(|_| left.title.is_some());
    Ok(page(&Page {
        summary: summary(lang, &names, &left),
        steps: steps::plain(viewer, &names, &left.entries, draft.as_str()),
        vouched: Standing::of(lang, left.vouched, left.now),
        hashes: steps::hashes(&left.entries),
        inquiry: inquiry.map(|inquiry| viewer.at(&format!("inquiries/{inquiry}"))),
        attempts: match &left.why {
            Gone::Failed(failed) => failed.asked.attempts.iter().map(|attempt| attempted(lang, attempt)).collect(),
            _ => Vec::new(),
        },
        streamed: match left.why {
            Gone::Failed(failed) => failed.streamed.trim().to_owned(),
            _ => String::new(),
        },
        here: viewer.at(&here),
        draft: draft.to_string(),
        frame,
        title,
        kind,
        head,
    }))
}

/// What kind of record it is, and what became of the draft.
fn what(lang: Lang, why: &Gone) -> (&'static str, String) {
    match why {
        Gone::Erased => (
            lang.say("文面が消去された下書き", "A draft whose words were erased"),
            lang.say("この下書きの文面は、もう読めません。", "The words of this draft cannot be read any more. ")
                .to_owned(),
        ),
        Gone::Failed(failed) => {
            let why = words::failure(lang, &failed.code);
            let head = match lang {
                Lang::Ja => format!("この下書きは、できあがりませんでした（{why}）。"),
                Lang::En => format!("This draft did not come to be ({why}). "),
            };
            (lang.say("できあがらなかった下書き", "A draft that failed"), head)
        }
        Gone::Unfinished => (
            lang.say("作りかけの下書き", "An unfinished draft"),
            lang.say("この下書きは、まだできあがっていません。", "This draft is not finished. ").to_owned(),
        ),
    }
}

/// Why there is no more, and what there is nevertheless.
fn summary(lang: Lang, names: &Names, left: &Remains) -> Vec<String> {
    match &left.why {
        Gone::Erased => {
            let erased = left.entries.iter().rfind(|entry| entry.kind == "subject.erased");
            let kept = "だれが、いつ、何をしたかと、そのときのハッシュは残っています。";
            let kept = lang.say(kept, "Who did what and when, and the hashes of then, are kept.");
            let why = match (erased, lang) {
                (Some(entry), Lang::Ja) => {
                    let who = words::person(lang, names, &entry.principal);
                    format!(
                        "{}{}に{who}が、お客様の文面を消去しました。",
                        lang.day(entry.at.day()),
                        lang.time(entry.at)
                    )
                }
                (Some(entry), Lang::En) => {
                    let who = words::person(lang, names, &entry.principal);
                    format!(
                        "{who} erased the customer's words on {} at {}. ",
                        lang.day(entry.at.day()),
                        lang.time(entry.at)
                    )
                }
                (None, _) => lang
                    .say(
                        "保存期間が過ぎたか、求めに応じて消去されました。",
                        "Their time was over, or they were erased on demand. ",
                    )
                    .to_owned(),
            };
            vec![why, kept.to_owned()]
        }
        Gone::Failed(failed) => {
            let (ja, en) = match failed.streamed.trim().is_empty() {
                true => ("画面には何も表示されていません。", "Nothing of it had been shown. "),
                false => {
                    ("途中までの文面は、担当者の画面に表示されていました。", "What there was of it had been shown. ")
                }
            };
            let sent = lang.say("お客様には送られていません。", "No customer got it.");
            vec![lang.say(ja, en).to_owned(), sent.to_owned()]
        }
        Gone::Unfinished => {
            let (ja, en) = (
                "作成中か、途中でサーバーが止まりました。お客様には送られていません。",
                "It is being made, or the server stopped on the way. No customer got it.",
            );
            vec![lang.say(ja, en).to_owned()]
        }
    }
}
