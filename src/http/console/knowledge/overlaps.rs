//! Documents that contradict each other or say the same: all of them, which may take seconds.

use askama::Template;
use axum::{extract::State, response::Response};

use super::{audience, document_at, effects::clashing, kind};
use crate::{
    app::App,
    domain::{Measure, Overlap, OverlapKind},
    http::console::{
        frame::{Frame, Place, page},
        lang::Lang,
        refusal::Refused,
        viewer::Viewer,
    },
    identity::Act,
};

#[derive(Template)]
#[template(path = "knowledge_overlaps.html")]
struct Page {
    frame: Frame,
    contradictions: Vec<Pair>,
    duplicates: Vec<Pair>,
}

/// Two documents that speak of one matter.
struct Pair {
    sides: Vec<Said>,
    differ: Vec<&'static str>,
}

struct Said {
    title: String,
    key: String,
    kind: &'static str,
    audience: &'static str,
    href: String,
    quote: Vec<(String, bool)>,
}

/// The pairs, contradictions first.
pub async fn list(viewer: Viewer, State(app): State<App>) -> Result<Response, Refused> {
    viewer.must(Act::ReadInternal)?;
    let found = app.overlaps(&viewer.who, &viewer.workspace.id).await.map_err(|error| viewer.refused(error))?;
    let title = viewer.lang.say("矛盾と重複", "Contradictions and duplicates");
    let of_kind = |wanted| {
        let of = found.iter().filter(move |overlap| overlap.kind() == wanted);
        of.map(|overlap| pair(&viewer, overlap)).collect()
    };
    Ok(page(&Page {
        contradictions: of_kind(OverlapKind::Contradiction),
        duplicates: of_kind(OverlapKind::Duplicate),
        frame: Frame::of(&app, &viewer, Place::Knowledge, title, "knowledge/overlaps").await?,
    }))
}

fn pair(viewer: &Viewer, overlap: &Overlap) -> Pair {
    let lang = viewer.lang;
    let side = |at: usize| {
        let side = &overlap.sides[at];
        Said {
            title: side.title.clone(),
            key: side.key.clone(),
            kind: kind(lang, side.kind),
            audience: audience(lang, side.audience),
            href: document_at(viewer, &side.key, Some(&side.revision)),
            quote: clashing(overlap, at),
        }
    };
    let mut differ: Vec<&'static str> = Vec::new();
    for difference in &overlap.differences {
        let word = measure(lang, difference.measure);
        if !differ.contains(&word) {
            differ.push(word);
        }
    }
    Pair { sides: vec![side(0), side(1)], differ }
}

fn measure(lang: Lang, measure: Measure) -> &'static str {
    match measure {
        Measure::Amount => lang.say("金額", "Amount"),
        Measure::Percent => lang.say("割合", "Percentage"),
        Measure::Count => lang.say("数", "Number"),
        Measure::Duration => lang.say("期間", "Duration"),
        Measure::Day => lang.say("日付", "Date"),
        Measure::Time => lang.say("時刻", "Time"),
        Measure::Weekdays => lang.say("曜日", "Weekdays"),
        Measure::Contact => lang.say("連絡先", "Contact"),
        Measure::Polarity => lang.say("できる・できない", "Yes or no"),
    }
}
