//! A change that was looked at is made, or proposed by those who may not make it.

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};

use super::{
    asking,
    edit::{Written, form, unfulfilled},
};
use crate::{
    app::{App, AppError, Fulfilled, Saved},
    http::console::{form::Sent, lang::Lang, refusal::Refused, viewer::Viewer},
    identity::Act,
};

/// Makes or proposes it.
pub async fn save(viewer: Viewer, State(app): State<App>, Sent(written): Sent<Written>) -> Result<Response, Refused> {
    viewer.must(Act::Propose)?;
    let wish = match written.wish() {
        Ok(wish) => wish,
        Err(wrong) => return form(&viewer, &app, written, Some(wrong)).await,
    };
    let to = match app.save(&viewer.who, &viewer.workspace.id, wish, &written.seen).await {
        Ok(Saved::Overtaken) => {
            let wrong = ("answer".to_owned(), overtaken(viewer.lang).to_owned());
            return form(&viewer, &app, written, Some(wrong)).await;
        }
        Ok(Saved::Done(Fulfilled::Done(Some(revision)))) => {
            let query = [("key", written.key.trim()), ("rev", revision.id.as_str()), ("done", "saved")];
            asking(&viewer, "knowledge/document", &query)
        }
        Ok(Saved::Done(Fulfilled::Done(None))) => {
            asking(&viewer, "knowledge/document", &[("key", written.key.trim()), ("done", "retired")])
        }
        Ok(Saved::Done(Fulfilled::Waiting(proposal))) => viewer.at(&format!("knowledge/proposals/{}", proposal.id)),
        Err(AppError::Wish(error)) => {
            let wrong = ("key".to_owned(), unfulfilled(viewer.lang, error).to_owned());
            return form(&viewer, &app, written, Some(wrong)).await;
        }
        Err(error) => return Err(viewer.refused(error)),
    };
    Ok(Redirect::to(&to).into_response())
}

fn overtaken(lang: Lang) -> &'static str {
    lang.say(
        "確かめている間に、ほかの人がこの文書を変えました。もう一度、影響を確かめてください。",
        "Somebody changed the document while you looked: see again what your change would do.",
    )
}
