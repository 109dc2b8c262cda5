//! The tone guide: its clauses by category, whether its own examples hold, its history.

use askama::Template;
use axum::{extract::State, response::Response};

use super::{asking, numbered};
use crate::{
    app::{App, CheckedGuide},
    domain::{Category, RuleSettings, Severity},
    http::console::{
        card::slashed,
        frame::{Frame, Place, page},
        lang::Lang,
        refusal::Refused,
        rules,
        viewer::Viewer,
    },
    identity::Act,
};

#[derive(Template)]
#[template(path = "knowledge_guide.html")]
struct Page {
    frame: Frame,
    brand: String,
    voice: String,
    families: Vec<Family>,
    failing: Vec<(String, String)>,
    examples: usize,
    rules: usize,
    terms: Vec<String>,
    versions: Vec<Version>,
}

/// Categories of one kind.
struct Family {
    label: &'static str,
    rules: Vec<Rule>,
}

/// What the guide says of a category.
struct Rule {
    id: &'static str,
    label: &'static str,
    clause: String,
    severity: &'static str,
    tone: &'static str,
    off: bool,
    unchecked: bool,
    words: Vec<(String, String)>,
    bad: Vec<Example>,
    good: Vec<Example>,
    failing: usize,
}

/// A sentence of the guide's own tests.
struct Example {
    text: String,
    holds: bool,
}

struct Version {
    number: String,
    recorded: String,
    current: bool,
    href: String,
    difference: Option<String>,
}

/// The guide.
pub async fn read(viewer: Viewer, State(app): State<App>) -> Result<Response, Refused> {
    viewer.must(Act::ReadInternal)?;
    let lang = viewer.lang;
    let found = app.checked_guide(&viewer.who, &viewer.workspace.id).await;
    let found = found.map_err(|error| viewer.refused(error))?;
    let title = lang.say("文体ガイド", "Guide");
    let frame = Frame::of(&app, &viewer, Place::Knowledge, title, "knowledge/guide").await?;
    let Some(checked) = found else {
        return Ok(page(&Page {
            brand: viewer.workspace.name.clone(),
            voice: String::new(),
            families: Vec::new(),
            failing: Vec::new(),
            examples: 0,
            rules: 0,
            terms: Vec::new(),
            versions: Vec::new(),
            frame,
        }));
    };
    let families = families(lang, &checked);
    let all = || families.iter().flat_map(|family| &family.rules);
    Ok(page(&Page {
        brand: checked.guide.brand.name.clone(),
        voice: checked.guide.brand.voice.clone(),
        failing: all()
            .filter(|rule| rule.failing > 0)
            .map(|rule| (rule.id.to_owned(), format!("{} {}", rule.label, lang.count(rule.failing))))
            .collect(),
        examples: all().map(|rule| rule.bad.len() + rule.good.len()).sum(),
        rules: all().filter(|rule| !rule.off).count(),
        terms: checked.guide.terms.clone(),
        versions: versions(&viewer, &checked),
        families,
        frame,
    }))
}

fn families(lang: Lang, checked: &CheckedGuide) -> Vec<Family> {
    let of = |label: &'static str, categories: &[Category]| {
        let told = categories.iter().filter_map(|category| Some((*category, checked.guide.rules.get(category)?)));
        Family { label, rules: told.map(|(category, settings)| rule(lang, checked, category, settings)).collect() }
    };
    // In the order of the taxonomy: language up to くだけすぎ, manner up to 文末の繰り返し, then law and brand.
    let at = |category| Category::ALL.iter().position(|one| *one == category).unwrap_or_default();
    let (manner, law) = (at(Category::MissingApology), at(Category::LegalClaim));
    let families = [
        of(lang.say("敬語と言葉づかい", "Language"), &Category::ALL[..manner]),
        of(lang.say("応対の姿勢", "Manner"), &Category::ALL[manner..law]),
        of(lang.say("法令とブランドの決まり", "Law and brand"), &Category::ALL[law..]),
    ];
    families.into_iter().filter(|family| !family.rules.is_empty()).collect()
}

fn rule(lang: Lang, checked: &CheckedGuide, category: Category, settings: &RuleSettings) -> Rule {
    let (severity, tone) = match settings.severity.unwrap_or(category.default_severity()) {
        Severity::Error => (lang.say("採用の前に直す", "Must be fixed"), "blocked"),
        Severity::Warning => (lang.say("直すとよい", "Better fixed"), "caution"),
        Severity::Info => (lang.say("参考", "Good to know"), "quiet"),
    };
    let example = |text: &String, flagged: bool| Example {
        text: text.clone(),
        holds: !checked
            .failures
            .iter()
            .any(|failure| failure.category == category && failure.example == *text && failure.flagged == flagged),
    };
    let bad: Vec<_> = settings.bad.iter().map(|text| example(text, false)).collect();
    let good: Vec<_> = settings.good.iter().map(|text| example(text, true)).collect();
    let words = settings.words.iter().map(|entry| {
        let instead = entry.replacements.iter().map(|words| match words.is_empty() {
            true => lang.say("（削る）", "(leave out)").to_owned(),
            false => words.clone(),
        });
        (entry.any.join("・"), instead.collect::<Vec<_>>().join("・"))
    });
    Rule {
        id: category.as_str(),
        label: rules::category(lang, category),
        clause: settings.clause.clone(),
        severity,
        tone,
        off: settings.off,
        unchecked: !checked.checked.contains(&category),
        words: words.collect(),
        failing: bad.iter().chain(&good).filter(|example| !example.holds).count(),
        bad,
        good,
    }
}

fn versions(viewer: &Viewer, checked: &CheckedGuide) -> Vec<Version> {
    let history = &checked.history;
    let one = |(at, revision): (usize, &crate::domain::Revision)| {
        let (key, id) = (revision.content.key.as_str(), revision.id.as_str());
        let before = at.checked_sub(1).and_then(|before| history.get(before));
        Version {
            number: numbered(viewer.lang, at + 1),
            recorded: slashed(revision.recorded_from.day()),
            current: revision.recorded_until.is_none(),
            href: asking(viewer, "knowledge/document", &[("key", key), ("rev", id)]),
            difference: before.map(|before| {
                asking(viewer, "knowledge/document", &[("key", key), ("rev", id), ("with", before.id.as_str())])
            }),
        }
    };
    history.iter().enumerate().rev().map(one).collect()
}
