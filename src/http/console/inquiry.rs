//! One inquiry: the conversation, the draft to be read or edited, and what it stands on.

use super::{
    asking,
    card::{self, Card, PassedOver},
    frame::{Frame, Place, page},
    lang::Lang,
    line::{self, Held},
    middle::{self, Asked, Body, body},
    refusal::Refused,
    viewer::Viewer,
};
use crate::{
    app::{App, Opened},
    domain::{Id, Party, Timestamp, Turn, View, name},
    http::Face,
    identity::Act,
};
use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
    routing::{get, post},
};

/// One inquiry, and another draft for it.
pub fn routes() -> Router<Face> {
    Router::new()
        .route("/w/{workspace}/inquiries/{id}", get(read))
        .route("/w/{workspace}/inquiries/{id}/drafts", post(asking::another))
        .route("/w/{workspace}/inquiries", post(asking::first))
}

#[derive(Template)]
#[template(path = "inquiry.html")]
struct Page {
    frame: Frame,
    id: String,
    title: String,
    subtitle: Vec<String>,
    due: Option<Due>,
    held: Option<Held>,
    may_decide: bool,
    /// Somebody else has it, or a chatbot.
    kept_out: bool,
    place: Option<Neighbours>,
    /// A chatbot may still pass an answer on.
    with_chatbot: bool,
    turns: Vec<Said>,
    elsewhere: Vec<Said>,
    message: Said,
    given: Vec<(String, String)>,
    records: Vec<KnownRecord>,
    notes: Vec<NoteLine>,
    colleagues: Vec<(String, String)>,
    body: Body,
    /// What is told in passing.
    said: &'static str,
    used: Vec<Card>,
    unused: Vec<Card>,
    passed_over: Vec<PassedOver>,
    /// Where the search is told in full, for those who may see it.
    search: Option<String>,
    here: String,
    /// The draft that is shown, and who has the inquiry: what happens since is told.
    current: String,
    holder: String,
}

/// The inquiries before and after in the list of those that wait.
struct Neighbours {
    /// Its place and how many there are; not of one that a chatbot has.
    rank: Option<(u64, u64)>,
    before: Option<String>,
    after: Option<String>,
}

/// How long there is to answer.
struct Due {
    /// 残り 49分, 18分超過.
    label: String,
    /// （11:31 まで）.
    until: String,
    /// `calm`, `soon` or `late`.
    urgency: &'static str,
}

/// Something that was said.
struct Said {
    by: Party,
    from: String,
    text: String,
    opening: String,
    at: String,
}

/// What a colleague said.
struct NoteLine {
    by: String,
    to: String,
    text: String,
    at: String,
}

/// A fact of the case.
struct KnownRecord {
    name: String,
    value: String,
    source: String,
}

async fn read(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let id = viewer.id::<name::Inquiry>(&id)?;
    let opened = app.open_case(&viewer.who, &id).await.map_err(|error| viewer.refused(error))?;
    if opened.inquiry.workspace != viewer.workspace.id {
        return Err(Refused::nothing_here(viewer.lang));
    }
    let names = app.names(&viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
    let frame = Frame::of(&app, &viewer, Place::Inbox, &opened.title, &format!("inquiries/{id}")).await?;
    let (lang, now) = (viewer.lang, opened.now);
    let held = opened.lease.as_ref().map(|lease| line::held(&names, &viewer, lease, now));
    let with_chatbot = opened.place.as_ref().is_some_and(|place| place.with_chatbot);
    let kept_out = with_chatbot || opened.lease.as_ref().is_some_and(|lease| lease.keeps_out(&viewer.who.id, now));
    let drafted = opened.suggestion.as_ref().and_then(|(suggestion, _)| suggestion.draft.as_ref());
    let (used, unused) = evidence(lang, &opened);
    let to = |id: &Id<name::Inquiry>| viewer.at(&format!("inquiries/{id}"));
    Ok(page(&Page {
        id: id.to_string(),
        title: opened.title.clone(),
        subtitle: subtitle(lang, &opened),
        due: opened.place.is_some().then(|| due(lang, opened.due, now)),
        may_decide: viewer.may(Act::Decide),
        kept_out,
        held,
        place: opened.place.as_ref().map(|place| Neighbours {
            rank: (!place.with_chatbot).then(|| (place.rank, View::Open.count(&frame.counts).max(place.rank))),
            before: place.before.as_ref().map(to),
            after: place.after.as_ref().map(to),
        }),
        with_chatbot,
        turns: opened.turns.iter().map(|turn| said(lang, turn, now)).collect(),
        elsewhere: opened.elsewhere.iter().map(|turn| said(lang, turn, now)).collect(),
        message: Said {
            by: Party::Customer,
            from: match &opened.inquiry.customer {
                Some(customer) => customer.as_str().to_owned(),
                None => lang.say("お客様", "Customer").to_owned(),
            },
            text: opened.inquiry.text.as_str().to_owned(),
            opening: String::new(),
            at: lang.moment(opened.inquiry.received_at, now),
        },
        given: opened.given.iter().map(|(name, value)| given(lang, name, value)).collect(),
        records: opened
            .inquiry
            .records
            .iter()
            .map(|record| KnownRecord {
                name: record.name.clone(),
                value: record.value.clone(),
                source: record.source.clone().unwrap_or_default(),
            })
            .collect(),
        notes: opened
            .notes
            .iter()
            .map(|note| NoteLine {
                by: if note.by == viewer.who.id {
                    lang.say("あなた", "You").to_owned()
                } else {
                    names.of(&note.by).to_owned()
                },
                to: note.to.as_deref().map(|to| names.of(to).to_owned()).unwrap_or_default(),
                text: note.text.clone(),
                at: lang.moment(note.at, now),
            })
            .collect(),
        colleagues: opened.colleagues.iter().filter(|(id, _)| *id != viewer.who.id).cloned().collect(),
        body: body(&viewer, &opened, &asked),
        said: middle::said(lang, &opened, &asked),
        used,
        unused,
        passed_over: opened
            .suggestion
            .as_ref()
            .map_or_else(Vec::new, |(suggestion, _)| card::passed_over(lang, suggestion, &opened.sources)),
        search: viewer.may(Act::ReadInternal).then(|| viewer.at(&format!("inquiries/{id}/trail?part=search"))),
        here: viewer.at(&format!("inquiries/{id}")),
        current: drafted.map(|draft| draft.id.to_string()).unwrap_or_default(),
        holder: opened.lease.as_ref().map(|lease| lease.principal.clone()).unwrap_or_default(),
        frame,
    }))
}

fn subtitle(lang: Lang, opened: &Opened) -> Vec<String> {
    let inquiry = &opened.inquiry;
    let mut parts = Vec::new();
    parts.extend(inquiry.customer.as_ref().map(|customer| customer.as_str().to_owned()));
    parts.push(lang.topic(&opened.topic, inquiry.situations.primary.as_str()));
    parts.push(lang.channel(inquiry.channel).to_owned());
    parts.push(format!("{}{}", lang.say("受信 ", "Received "), lang.moment(inquiry.received_at, opened.now)));
    parts
}

fn due(lang: Lang, due: Timestamp, now: Timestamp) -> Due {
    let (span, urgency) = line::due(lang, due, now);
    let until = lang.moment(due, now);
    let (label, until) = match lang {
        Lang::Ja => (format!("残り {span}"), format!("（{until} まで）")),
        Lang::En => (format!("Due in {span}"), format!("(by {until})")),
    };
    Due { label: if urgency == "late" { span } else { label }, until, urgency }
}

/// What the customer already told; its names and its fixed words come in Japanese.
fn given(lang: Lang, name: &str, value: &str) -> (String, String) {
    let known = |word: &str| {
        let english = match word {
            "注文番号" => "Order no.",
            "日付" => "Date",
            "対象" => "Product",
            "数量" => "Quantity",
            "色・サイズ" => "Colour, size",
            "開封" => "Opened",
            "写真" => "Photo",
            "住所" => "Address",
            "開封済み・使用済み" => "Opened or used",
            "未開封・未使用" => "Not opened or used",
            "あり" | "記載あり" => "Given",
            _ => return word.to_owned(),
        };
        lang.say(word, english).to_owned()
    };
    (known(name), known(value))
}

fn said(lang: Lang, turn: &Turn, now: Timestamp) -> Said {
    let line = turn.text.split_whitespace().collect::<Vec<_>>().join(" ");
    Said {
        by: turn.by,
        from: String::new(),
        opening: line.chars().take(40).collect(),
        text: turn.text.clone(),
        at: lang.moment(turn.at, now),
    }
}

fn evidence(lang: Lang, opened: &Opened) -> (Vec<Card>, Vec<Card>) {
    let Some((suggestion, _)) = &opened.suggestion else { return (Vec::new(), Vec::new()) };
    card::cards(lang, suggestion, &opened.sources, opened.now)
}
