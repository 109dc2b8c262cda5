//! From a ruling to the rule: how it should be, what that would do to recent replies, and the proposal.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::{Redirect, Response},
};

use super::{
    super::{
        form::Sent,
        frame::{Frame, Place, page},
        letter::Piece,
        refusal::Refused,
        rules,
        viewer::Viewer,
    },
    ruling::rule_query,
    words,
};
use crate::{
    app::{App, Fulfilled, GuidePreview, Previewed, RuleChange},
    domain::{Category, FindingState, RuleSettings, Severity, Span},
    identity::Act,
};

/// The fields of a form, in their order; one name may come several times.
type Fields = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "qa_change.html")]
struct Page {
    frame: Frame,
    here: String,
    back: String,
    rule: String,
    now: String,
    change: RuleChange,
    except: String,
    entries: Vec<Entry>,
    severities: Vec<(&'static str, &'static str, bool)>,
    preview: Option<Seen>,
    changes: bool,
    waiting: bool,
    done: bool,
    may_propose: bool,
}

/// Words that the rule looks for.
struct Entry {
    first: String,
    all: String,
    instead: String,
    dropped: bool,
    meant: bool,
}

/// What the change would do.
struct Seen {
    replies: usize,
    stay: usize,
    appear: Vec<Line>,
    disappear: Vec<Line>,
    lost: usize,
    broken: Vec<String>,
}

struct Line {
    rule: String,
    pieces: Vec<Piece>,
    ruled: Option<&'static str>,
}

/// The page; with a preview once something was changed.
pub async fn read(viewer: Viewer, State(app): State<App>, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    viewer.must(Act::Review)?;
    let fields: Fields = serde_urlencoded::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let (rule, category) = rule_of(&viewer, &fields)?;
    let workspace = &viewer.workspace.id;
    let settings = app.rule_settings(&viewer.who, workspace, category).await;
    let settings = settings.map_err(|error| viewer.refused(error))?;
    let said = |name: &str| fields.iter().any(|(field, _)| field == name);
    let change = if said("preview") { change_of(category, &fields) } else { as_it_is(category, &settings) };
    let preview = match said("preview") {
        true => {
            let preview = app.preview_rule(&viewer.who, workspace, &change).await;
            Some(seen(&viewer, preview.map_err(|error| viewer.refused(error))?))
        }
        false => None,
    };
    let name = rules::rule(viewer.lang, &rule);
    let title = format!("{}{name}", viewer.lang.say("規則の変更案：", "Change the rule: "));
    let frame = Frame::of(&app, &viewer, Place::Qa, &title, &format!("qa/rules?{}", rule_query(&rule))).await?;
    Ok(page(&Page {
        here: viewer.at("qa/rules"),
        back: viewer.at("qa"),
        now: settings.clause.clone(),
        except: change.except.join("\n"),
        entries: entries(&rule, &settings, &change),
        severities: severities(&viewer, category, change.severity),
        preview,
        changes: viewer.may(Act::KeepKnowledge),
        waiting: said("waiting"),
        done: said("done"),
        may_propose: viewer.may(Act::Propose),
        rule,
        change,
        frame,
    }))
}

/// Sends the proposal; who keeps the knowledge changes the guide with it.
pub async fn propose(viewer: Viewer, State(app): State<App>, Sent(fields): Sent<Fields>) -> Result<Redirect, Refused> {
    let (rule, category) = rule_of(&viewer, &fields)?;
    let change = change_of(category, &fields);
    let made = app.propose_rule(&viewer.who, &viewer.workspace.id, &change).await;
    let outcome = match made.map_err(|error| viewer.refused(error))? {
        Fulfilled::Done(_) => "done",
        Fulfilled::Waiting(_) => "waiting",
    };
    Ok(Redirect::to(&viewer.at(&format!("qa/rules?{}&{outcome}=1", rule_query(&rule)))))
}

/// The rule that is meant, and its category.
fn rule_of(viewer: &Viewer, fields: &Fields) -> Result<(String, Category), Refused> {
    let rule = field(fields, "rule");
    let category = rule.split(':').next().and_then(Category::parse);
    category.map(|category| (rule.to_owned(), category)).ok_or_else(|| Refused::nothing_here(viewer.lang))
}

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
}

fn change_of(category: Category, fields: &Fields) -> RuleChange {
    let lines = field(fields, "except").lines().map(str::trim).filter(|line| !line.is_empty());
    RuleChange {
        category,
        clause: field(fields, "clause").trim().to_owned(),
        severity: Severity::parse(field(fields, "severity")),
        off: field(fields, "severity") == "off",
        except: lines.map(str::to_owned).collect(),
        dropped: fields.iter().filter(|(field, _)| field == "drop").map(|(_, first)| first.clone()).collect(),
    }
}

fn as_it_is(category: Category, settings: &RuleSettings) -> RuleChange {
    RuleChange {
        category,
        clause: settings.clause.clone(),
        severity: settings.severity,
        off: settings.off,
        except: settings.except.clone(),
        dropped: Vec::new(),
    }
}

fn entries(rule: &str, settings: &RuleSettings, change: &RuleChange) -> Vec<Entry> {
    let meant = rule.split_once(':').map(|(_, word)| word);
    let entry = |entry: &crate::domain::WordEntry| {
        let first = entry.any.first()?.clone();
        Some(Entry {
            all: entry.any.join("、"),
            instead: entry.replacements.join("、"),
            dropped: change.dropped.contains(&first),
            meant: meant == Some(first.as_str()),
            first,
        })
    };
    let mut entries: Vec<Entry> = settings.words.iter().filter_map(entry).collect();
    entries.sort_by_key(|entry| !entry.meant);
    entries
}

fn severities(
    viewer: &Viewer,
    category: Category,
    chosen: Option<Severity>,
) -> Vec<(&'static str, &'static str, bool)> {
    let chosen = chosen.unwrap_or(category.default_severity());
    [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .map(|severity| (severity.as_str(), words::weight(viewer.lang, severity).0, severity == chosen))
        .collect()
}

fn seen(viewer: &Viewer, preview: GuidePreview) -> Seen {
    let line = |one: &Previewed| {
        let whole = Span::new(0, one.sentence.chars().count());
        let marks: Vec<_> = one.words.map(|span| (span, "meant", one.seen.clause.clone())).into_iter().collect();
        Line {
            rule: rules::rule(viewer.lang, &one.seen.rule),
            pieces: words::cut(&one.sentence, whole, &marks),
            ruled: one.ruled.filter(|state| *state != FindingState::Open).map(|state| words::state(viewer.lang, state)),
        }
    };
    Seen {
        replies: preview.replies,
        stay: preview.stay,
        lost: preview.disappear.iter().filter(|one| one.ruled == Some(FindingState::Confirmed)).count(),
        appear: preview.appear.iter().map(line).collect(),
        disappear: preview.disappear.iter().map(line).collect(),
        broken: preview.broken,
    }
}
