//! Writing a document, and looking at what the change would do before it is made.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{
    difference::Laid,
    document::{FieldChange, fields, note},
    document_at,
    effects::Effects,
    numbered,
};
use crate::{
    app::{App, AppError, Known, Preview, document},
    domain::{AppliesBy, Audience, Kind, NewRevision, Wish, WishError},
    http::console::{
        form::Sent,
        frame::{Frame, Place, page},
        lang::Lang,
        refusal::Refused,
        viewer::Viewer,
    },
    identity::Act,
};

/// What stands behind the `?`: nothing for a new document.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    key: String,
    rev: String,
}

/// A document as a form sends it, and as it is shown again.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Written {
    /// `create`, `replace` or `retire`.
    pub wish: String,
    /// The document's key.
    pub key: String,
    /// `faq` or `policy`.
    pub kind: String,
    /// The question or the page's title.
    pub title: String,
    /// Words that a customer may read.
    pub answer: String,
    /// Internal, never quoted.
    pub note: String,
    /// Where customers can read it.
    pub url: String,
    /// Who may read the answer.
    pub audience: String,
    /// First day.
    pub valid_from: String,
    /// Last day.
    pub valid_until: String,
    /// Which day decides.
    pub applies_by: String,
    /// Of a change that was looked at: the words that would end.
    pub seen: String,
}

#[derive(Template)]
#[template(path = "knowledge_edit.html")]
struct Form {
    frame: Frame,
    heading: &'static str,
    written: Written,
    fresh: bool,
    wrong: Option<String>,
    wrong_field: String,
    back: String,
    may_keep: bool,
}

#[derive(Template)]
#[template(path = "knowledge_preview.html")]
struct Page {
    frame: Frame,
    title: String,
    written: Written,
    word: String,
    body: Laid,
    note: Vec<Laid>,
    fields: Vec<FieldChange>,
    effects: Effects,
    fresh: bool,
    back: String,
    may_keep: bool,
}

/// The form, empty or with what a document says.
pub async fn edit(viewer: Viewer, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    viewer.must(Act::Propose)?;
    if asked.key.is_empty() {
        let written = Written { wish: "create".to_owned(), kind: Kind::Faq.as_str().to_owned(), ..Written::default() };
        return form(&viewer, &app, written, None).await;
    }
    let known = known(&viewer, &app, &asked.key).await?;
    let named = known.history.iter().find(|revision| revision.id.as_str() == asked.rev);
    let Some(content) = named.or_else(|| known.current()).map(|revision| &revision.content) else {
        return Err(Refused::nothing_here(viewer.lang));
    };
    form(&viewer, &app, Written::of(content), None).await
}

/// What the change would do.
pub async fn preview(
    viewer: Viewer,
    State(app): State<App>,
    Sent(written): Sent<Written>,
) -> Result<Response, Refused> {
    viewer.must(Act::Propose)?;
    let wish = match written.wish() {
        Ok(wish) => wish,
        Err((field, reason)) => return form(&viewer, &app, written, Some((field, reason))).await,
    };
    match app.preview(&viewer.who, &viewer.workspace.id, &wish).await {
        Ok(preview) => shown(&viewer, &app, written, preview).await,
        Err(AppError::Wish(error)) => {
            let field = if error == WishError::Unchanged { "answer" } else { "key" };
            let reason = unfulfilled(viewer.lang, error);
            form(&viewer, &app, written, Some((field.to_owned(), reason.to_owned()))).await
        }
        Err(error) => Err(viewer.refused(error)),
    }
}

/// The form, with what is wrong with it.
pub async fn form(
    viewer: &Viewer,
    app: &App,
    written: Written,
    wrong: Option<(String, String)>,
) -> Result<Response, Refused> {
    let (lang, fresh) = (viewer.lang, written.wish == "create");
    let heading = if fresh { lang.say("新しい文書", "New document") } else { lang.say("文書の編集", "Edit") };
    let back = if fresh { viewer.at("knowledge") } else { document_at(viewer, &written.key, None) };
    let (wrong_field, wrong) = wrong.map(|(field, reason)| (field.clone(), said(lang, &field, &reason))).unzip();
    Ok(page(&Form {
        frame: Frame::of(app, viewer, Place::Knowledge, heading, "knowledge").await?,
        heading,
        written,
        fresh,
        wrong,
        wrong_field: wrong_field.unwrap_or_default(),
        back,
        may_keep: viewer.may(Act::KeepKnowledge),
    }))
}

async fn shown(viewer: &Viewer, app: &App, written: Written, preview: Preview) -> Result<Response, Refused> {
    let lang = viewer.lang;
    let title = preview.new.as_ref().map(|new| new.title.clone());
    let title = title.or_else(|| preview.old.last().map(|old| old.content.title.clone())).unwrap_or_default();
    let number = match known(viewer, app, &written.key).await {
        Ok(known) => known.history.len() + 1,
        Err(_) => 1,
    };
    let change = Change::of(lang, &preview);
    Ok(page(&Page {
        frame: Frame::of(app, viewer, Place::Knowledge, &title, "knowledge").await?,
        word: match written.wish.as_str() {
            "retire" => lang.say("取り下げ（案）", "Retiring").to_owned(),
            _ => format!("{}{}", numbered(lang, number), lang.say("（案）", ", proposed")),
        },
        effects: Effects::of(viewer, &written.key, &preview),
        fresh: written.wish == "create",
        back: if written.wish == "create" { viewer.at("knowledge") } else { document_at(viewer, &written.key, None) },
        may_keep: viewer.may(Act::KeepKnowledge),
        body: change.body,
        note: change.note,
        fields: change.fields,
        written: Written { seen: preview.seen(), ..written },
        title,
    }))
}

async fn known(viewer: &Viewer, app: &App, key: &str) -> Result<Known, Refused> {
    app.known(&viewer.who, &viewer.workspace.id, key).await.map_err(|error| viewer.refused(error))
}

/// A change, the new words over the old ones.
pub struct Change {
    /// The words.
    pub body: Laid,
    /// The note.
    pub note: Vec<Laid>,
    /// What differs beside them.
    pub fields: Vec<FieldChange>,
}

impl Change {
    /// What a preview lays over what would end; of several revisions, over the last.
    pub fn of(lang: Lang, preview: &Preview) -> Self {
        match (preview.old.last().map(|old| &old.content), &preview.new) {
            (Some(old), Some(new)) => Self {
                body: Laid::over(&old.body, &new.body),
                note: note(Some(old), new),
                fields: fields(lang, old, new),
            },
            (None, Some(new)) => Self { body: Laid::over("", &new.body), note: note(None, new), fields: Vec::new() },
            (Some(old), None) => Self { body: Laid::over(&old.body, ""), note: Vec::new(), fields: Vec::new() },
            (None, None) => Self { body: Laid::default(), note: Vec::new(), fields: Vec::new() },
        }
    }
}

impl Written {
    fn of(content: &NewRevision) -> Self {
        let day = |day: Option<crate::domain::Day>| day.map(|day| day.to_string()).unwrap_or_default();
        Self {
            wish: "replace".to_owned(),
            key: content.key.clone(),
            kind: content.kind.as_str().to_owned(),
            title: content.title.clone(),
            answer: content.body.clone(),
            note: content.note.clone().unwrap_or_default(),
            url: content.url.clone().unwrap_or_default(),
            audience: content.audience.as_str().to_owned(),
            valid_from: day(content.validity.from),
            valid_until: day(content.validity.until),
            applies_by: content.validity.by.as_str().to_owned(),
            seen: String::new(),
        }
    }

    /// What is wanted; or the field that cannot be read, and why.
    pub fn wish(&self) -> Result<Wish, (String, String)> {
        if self.wish == "retire" {
            return Ok(Wish::Retire(self.key.clone()));
        }
        let kind = Kind::parse(&self.kind).filter(|kind| matches!(kind, Kind::Faq | Kind::Policy));
        let Some(kind) = kind else { return Err(("kind".to_owned(), "kind: expected faq or policy".to_owned())) };
        let (answer, note) = (unwired(&self.answer), unwired(&self.note));
        let fields = [
            ("key", self.key.trim()),
            ("title", self.title.trim()),
            ("answer", answer.as_str()),
            ("note", note.as_str()),
            ("url", self.url.trim()),
            ("audience", self.audience.as_str()),
            ("valid_from", self.valid_from.as_str()),
            ("valid_until", self.valid_until.as_str()),
            ("applies_by", self.applies_by.as_str()),
        ];
        let required = |name: &str| matches!(name, "key" | "title" | "answer");
        let given: Vec<_> = fields.into_iter().filter(|(name, text)| required(name) || !text.is_empty()).collect();
        let content = document(kind, &given)?;
        Ok(if self.wish == "create" { Wish::Create(content) } else { Wish::Replace(content) })
    }

    /// Whether only the desk may read it.
    pub fn is_internal(&self) -> bool {
        self.audience == Audience::Internal.as_str()
    }

    /// Whether the order's day decides.
    pub fn is_by_order(&self) -> bool {
        self.applies_by == AppliesBy::OrderDate.as_str()
    }
}

/// A field's line ends are those of the wire.
fn unwired(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

/// Why the documents do not allow it.
pub fn unfulfilled(lang: Lang, error: WishError) -> &'static str {
    match error {
        WishError::Exists => lang.say(
            "同じ管理番号の文書が、同じ期間にあります。編集するか、別の番号か重ならない期間にしてください。",
            "A document with this key holds on the same days: edit it, choose another key, or other days.",
        ),
        WishError::Missing => lang.say(
            "この期間に有効な、この管理番号の文書はありません。期間を確かめてください。",
            "No document with this key holds on these days: look at the days.",
        ),
        WishError::OtherKind => lang.say(
            "同じ管理番号で、種別の違う文書があります。別の番号にしてください。",
            "A document with this key is of another kind: choose another key.",
        ),
        WishError::Unchanged => {
            lang.say("いまの内容と同じです。変えたいところを直してください。", "It says just this already.")
        }
    }
}

/// What is wrong with a field, for whoever filled it in.
fn said(lang: Lang, field: &str, reason: &str) -> String {
    let ja = match field {
        "title" => "題名を、1〜300字で書いてください。",
        "answer" if reason.starts_with("answer") => "本文を、1〜20,000字で書いてください。",
        "url" => "URLは、https:// で始まるアドレスにしてください。",
        "valid_from" | "valid_until" => "有効期間を確かめてください。終わりの日は、始まりの日より後にします。",
        "kind" => "種別を、FAQか規定から選んでください。",
        "note" => "社内メモを確かめてください。",
        "key" if reason.starts_with("key") => "管理番号を、1〜300字で書いてください。",
        _ => reason,
    };
    match lang {
        Lang::Ja => ja.to_owned(),
        Lang::En => reason.to_owned(),
    }
}
