//! How the draft of an inquiry was made: the steps in words, the prompt as it was sent, and what the search found.

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
    routing::get,
};
use serde::Deserialize;

use super::{
    audit::{steps, words::grouped},
    card,
    frame::{Frame, Place, page},
    inquiry,
    lang::Lang,
    letter,
    refusal::Refused,
    viewer::Viewer,
};
use crate::{
    app::{App, LookedFor, Opened, When},
    domain::{
        Asked as AskedModel, AskedTerm, Drafter, Explanation, Id, Outcome, Standing, Suggestion, TermField, Verdict,
        WorkspaceId, name,
    },
    http::Face,
    identity::Act,
};

/// So many candidates are explained.
const CANDIDATES: usize = 12;

/// The page.
pub fn routes() -> Router<Face> {
    Router::new().route("/w/{workspace}/inquiries/{id}/trail", get(read))
}

/// What stands behind the `?`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// `prompt` or `search`; else the steps.
    part: String,
}

#[derive(Template)]
#[template(path = "trail.html")]
struct Page {
    frame: Frame,
    title: String,
    made: String,
    tabs: Vec<Tab>,
    body: Body,
    here: String,
    record: Option<String>,
}

struct Tab {
    href: String,
    label: &'static str,
    here: bool,
}

/// What a tab shows.
enum Body {
    /// Nothing was made yet.
    Nothing,
    /// Step by step.
    Steps(Vec<Step>),
    /// What models were asked.
    Prompt(Vec<Questions>),
    /// What was looked for and found.
    Search(Box<Found>),
}

/// One step of the way.
struct Step {
    said: String,
    lines: Vec<String>,
    took: String,
    href: Option<(String, &'static str)>,
}

/// What a model was asked for one purpose.
struct Questions {
    purpose: &'static str,
    prompts: Vec<(String, Vec<(&'static str, String)>)>,
    attempts: Vec<String>,
}

/// What was looked for, and what came of it.
struct Found {
    searches: Vec<(String, String)>,
    rows: Vec<Candidate>,
    /// What the same words find today and was left out, with the reason.
    left_out: Vec<(String, &'static str)>,
    terms: Vec<String>,
}

struct Candidate {
    rank: usize,
    title: String,
    kind: &'static str,
    score: String,
    used: bool,
    why: &'static str,
}

async fn read(
    viewer: Viewer,
    State(app): State<App>,
    Path((_, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let (lang, internal) = (viewer.lang, viewer.may(Act::ReadInternal));
    let id = Id::<name::Inquiry>::parse(&id).map_err(|_| Refused::nothing_here(lang))?;
    let opened = app.open_case(&viewer.who, &id).await.map_err(|error| viewer.refused(error))?;
    if opened.inquiry.workspace != viewer.workspace.id {
        return Err(Refused::nothing_here(lang));
    }
    let here = format!("inquiries/{id}/trail");
    let tab = |part: &str, label| Tab {
        href: viewer.at(&if part.is_empty() { here.clone() } else { format!("{here}?part={part}") }),
        label,
        here: asked.part == part,
    };
    let mut tabs = vec![tab("", lang.say("あらまし", "Overview"))];
    if internal {
        tabs.push(tab("prompt", lang.say("モデルへの指示文", "Prompt")));
        tabs.push(tab("search", lang.say("検索の詳細", "Search")));
    }
    let body = match (&opened.suggestion, asked.part.as_str()) {
        (None, _) => Body::Nothing,
        (Some((suggestion, _)), "prompt") if internal => {
            let whole = app.attempts(&viewer.who, &suggestion.id).await.map_err(|error| viewer.refused(error))?;
            Body::Prompt(questions(lang, &whole))
        }
        (Some((suggestion, _)), "search") if internal => {
            let why = explained(&app, &viewer, suggestion).await?;
            Body::Search(Box::new(found(lang, suggestion, &why)))
        }
        (Some((suggestion, _)), _) => {
            let number = app.recorded_as(&viewer.who, &suggestion.id).await.map_err(|error| viewer.refused(error))?;
            Body::Steps(all(&viewer, &opened, suggestion, number))
        }
    };
    let title = lang.say("下書きの作られ方", "How this was made");
    let frame = Frame::of(&app, &viewer, Place::Inbox, title, &here).await?;
    let draft = opened.suggestion.as_ref().and_then(|(suggestion, _)| suggestion.draft.as_ref());
    Ok(page(&Page {
        made: made(lang, &opened),
        record: draft.filter(|_| viewer.may(Act::Audit)).map(|draft| viewer.at(&format!("audit/drafts/{}", draft.id))),
        here: viewer.at(&format!("inquiries/{id}")),
        title: opened.title,
        tabs,
        body,
        frame,
    }))
}

fn made(lang: Lang, opened: &Opened) -> String {
    let Some((suggestion, _)) = &opened.suggestion else { return String::new() };
    let at = lang.moment(suggestion.created_at, opened.now);
    match lang {
        Lang::Ja => format!("{at} 作成"),
        Lang::En => format!("made {at}"),
    }
}

/// 2.31秒.
fn seconds(lang: Lang, millis: u64) -> String {
    format!("{}.{:02}{}", millis / 1_000, millis % 1_000 / 10, lang.say("秒", " s"))
}

fn all(viewer: &Viewer, opened: &Opened, suggestion: &Suggestion, number: Option<u64>) -> Vec<Step> {
    let lang = viewer.lang;
    let step = |said: &str, lines: Vec<String>, took: String| Step { said: said.to_owned(), lines, took, href: None };
    let took = |asked: &AskedModel| match asked.attempts.iter().map(|attempt| attempt.duration_ms).sum::<u64>() {
        0 => String::new(),
        millis => seconds(lang, millis),
    };
    let mut steps = vec![
        step(
            lang.say("お問い合わせを受け取りました", "The inquiry was received"),
            vec![received(lang, suggestion)],
            lang.moment(suggestion.inquiry.received_at, opened.now),
        ),
        step(lang.say("根拠を探しました", "Sources were looked for"), searched(lang, suggestion), String::new()),
        left(viewer, opened, suggestion),
        step(lang.say("下書きを作りました", "The draft was made"), drafted(lang, suggestion), took(&suggestion.asked)),
        step(
            lang.say("根拠と照らし合わせました", "It was compared with the sources"),
            vec![grounded(lang, suggestion)],
            took(&suggestion.entailed),
        ),
        step(lang.say("表現を確かめました", "Its tone was checked"), toned(lang, suggestion), took(&suggestion.judged)),
    ];
    if let Outcome::Handoff { reason, .. } = &suggestion.outcome {
        steps.truncate(3);
        let said = lang.say("人に引き継ぎました", "A person takes over");
        steps.push(step(said, vec![inquiry::handoff(lang, *reason).to_owned() + lang.say("。", ".")], String::new()));
    }
    let recorded = match (number, lang) {
        (Some(number), Lang::Ja) => format!("監査番号 {}。あとから同じ手順で再現できます。", grouped(number)),
        (Some(number), Lang::En) => format!("Audit number {}. It can be made again the same way.", grouped(number)),
        (None, _) => lang.say("監査番号は見つかりません。", "There is no audit number.").to_owned(),
    };
    let at = lang.moment(suggestion.created_at, opened.now);
    steps.push(step(lang.say("記録しました", "It was recorded"), vec![recorded], at));
    steps
}

fn received(lang: Lang, suggestion: &Suggestion) -> String {
    match (steps::masked(suggestion), lang) {
        (0, _) => lang
            .say(
                "挨拶と署名を検索の対象から外しました。伏せる個人情報はありませんでした。",
                "Greeting and signature were left out of the search. There was no personal data to mask.",
            )
            .to_owned(),
        (count, Lang::Ja) => format!("挨拶と署名を検索の対象から外し、個人情報{count}か所を伏せ字にしました。"),
        (count, Lang::En) => {
            format!("Greeting and signature were left out of the search; {count} pieces of personal data were masked.")
        }
    }
}

/// The words, and how much they brought up.
fn searched(lang: Lang, suggestion: &Suggestion) -> Vec<String> {
    let quoted = |text: &str| {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let cut: String = line.chars().take(60).collect();
        let dots = if line.chars().count() > 60 { "…" } else { "" };
        format!("{}{cut}{dots}{}", lang.say("「", "“"), lang.say("」", "”"))
    };
    let words: Vec<String> = suggestion.making.searches.iter().map(|search| quoted(&search.text)).collect();
    let mut lines = Vec::new();
    if !words.is_empty() {
        lines.push(format!("{}{}", lang.say("検索した言葉：", "Words: "), words.join("")));
    }
    lines.push(steps::chosen(lang, suggestion));
    if suggestion.evidence.stale {
        let (ja, en) = (
            "直前のナレッジの変更は、まだ検索に入っていませんでした。",
            "The last change of the knowledge was not searchable yet.",
        );
        lines.push(lang.say(ja, en).to_owned());
    }
    lines
}

/// What was found and not used.
fn left(viewer: &Viewer, opened: &Opened, suggestion: &Suggestion) -> Step {
    let lang = viewer.lang;
    let used = letter::cited(&suggestion.checks);
    let left: Vec<_> = (0..suggestion.evidence.items.len()).filter(|at| !used.contains(at)).collect();
    let (mut ended, mut lines) = (0, Vec::new());
    for item in left.iter().filter_map(|at| suggestion.evidence.items.get(*at)) {
        let source = opened.sources.iter().find(|source| Some(&source.id) == item.revision());
        ended += usize::from(source.is_some_and(|source| source.recorded_until.is_some()));
    }
    lines.push(match (left.len(), lang) {
        (0, _) => lang.say("候補はすべて使いました。", "Every source was used.").to_owned(),
        (count, Lang::Ja) => format!("{count}件は、下書きのどの文の裏づけにもならなかったため、使っていません。"),
        (count, Lang::En) => format!("{count} carry no sentence of the draft and were not used."),
    });
    if ended > 0 {
        lines.push(match lang {
            Lang::Ja => format!("うち{ended}件は、そのあと改定されています。"),
            Lang::En => format!("{ended} of them were revised since."),
        });
    }
    let details = viewer.may(Act::ReadInternal) && !left.is_empty();
    let href = viewer.at(&format!("inquiries/{}/trail?part=search", opened.inquiry.id));
    Step {
        said: match lang {
            Lang::Ja => format!("使わなかった根拠 {}件", left.len()),
            Lang::En => format!("Sources that were not used: {}", left.len()),
        },
        lines,
        took: String::new(),
        href: details.then(|| (href, lang.say("内訳を見る", "See which"))),
    }
}

fn drafted(lang: Lang, suggestion: &Suggestion) -> Vec<String> {
    let Some(draft) = &suggestion.draft else { return Vec::new() };
    let asked = &suggestion.asked;
    let mut lines = Vec::new();
    match (draft.drafter, asked.attempts.last()) {
        (Drafter::Prompted, Some(attempt)) => {
            lines.push(format!("{} {}{}", lang.say("モデル", "Model"), attempt.model, lang.say("。", ".")));
        }
        (_, Some(attempt)) => lines.push(match lang {
            Lang::Ja => {
                format!("モデル {} は使えなかったため、根拠の文を組み合わせました（抜き書き）。", attempt.model)
            }
            Lang::En => format!("Model {} could not be used: composed of sentences of the sources.", attempt.model),
        }),
        (_, None) => lines.push(
            lang.say(
                "根拠の文と文体ガイドの定型を組み合わせました（抜き書き）。モデルは使っていません。",
                "Composed of sentences of the sources and set phrases of the guide, without a model.",
            )
            .to_owned(),
        ),
    }
    if let Some(prompt) = asked.prompts.last() {
        let (tokens, budget) = (grouped(prompt.tokens as u64), grouped(prompt.budget_tokens as u64));
        let cut = match prompt.cut.len() {
            0 => lang.say("省いたものはありません。", "Nothing was left out.").to_owned(),
            count => format!(
                "{}{}{}",
                lang.say("長さのため", ""),
                lang.count(count),
                lang.say("を省きました。", " left out for length.")
            ),
        };
        lines.push(match lang {
            Lang::Ja => format!("上限 {budget} のうち {tokens} トークン、{cut}"),
            Lang::En => format!("{tokens} of {budget} tokens. {cut}"),
        });
    }
    if suggestion.hint.is_some() {
        lines.push(lang.say("担当者の指示に沿って作り直しました。", "Made anew by an operator's hint.").to_owned());
    }
    lines
}

fn grounded(lang: Lang, suggestion: &Suggestion) -> String {
    let verdicts = &suggestion.checks.grounding.verdicts;
    let count = |verdict| suggestion.checks.grounding.count(verdict);
    let weak = verdicts.iter().filter(|sentence| sentence.verdict == Verdict::Supported && sentence.weak).count();
    let (supported, contradicted) = (count(Verdict::Supported) - weak, count(Verdict::Contradicted));
    let unsupported = count(Verdict::Unsupported);
    let claims = supported + weak + contradicted + unsupported;
    let by_model = match suggestion.entailed.is_empty() {
        true => lang.say("モデルを使わない照合です。", "No model took part."),
        false => lang.say("数や日付で決まらない文は、モデルにも読ませました。", "A model read what facts left open."),
    };
    match lang {
        Lang::Ja => format!(
            "事実を述べた{claims}文のうち、根拠あり{supported}、弱い{weak}、矛盾{contradicted}、根拠なし{unsupported}。{by_model}"
        ),
        Lang::En => format!(
            "Of {claims} claims, {supported} supported, {weak} weak, {contradicted} contradicted, {unsupported} without a source. {by_model}"
        ),
    }
}

fn toned(lang: Lang, suggestion: &Suggestion) -> Vec<String> {
    let text = suggestion.draft.as_ref().map(|draft| draft.text.as_str()).unwrap_or_default();
    let findings = &suggestion.checks.findings;
    if findings.is_empty() {
        return vec![lang.say("文体ガイドからの外れはありません。", "Nothing departs from the guide.").to_owned()];
    }
    let words: Vec<String> =
        findings.iter().filter_map(|finding| Some(format!("「{}」", finding.seen.span?.of(text).trim()))).collect();
    let head = match lang {
        Lang::Ja => format!("{}件を指摘しました。", findings.len()),
        Lang::En => format!("{} findings.", findings.len()),
    };
    vec![format!("{head}{}", words.join(""))]
}

fn questions(lang: Lang, suggestion: &Suggestion) -> Vec<Questions> {
    let purposes = [
        (lang.say("下書きのため", "For the letter"), &suggestion.asked),
        (lang.say("表現の判定のため", "For its tone"), &suggestion.judged),
        (lang.say("照合のため", "For its ground"), &suggestion.entailed),
    ];
    let asked = purposes.into_iter().filter(|(_, asked)| !asked.is_empty());
    asked
        .map(|(purpose, asked)| Questions {
            purpose,
            prompts: asked
                .prompts
                .iter()
                .map(|prompt| {
                    let (tokens, budget) = (grouped(prompt.tokens as u64), grouped(prompt.budget_tokens as u64));
                    let messages =
                        prompt.messages.iter().map(|message| (message.role.as_str(), message.content.clone()));
                    (format!("{tokens} / {budget} {}", lang.say("トークン", "tokens")), messages.collect())
                })
                .collect(),
            attempts: asked
                .attempts
                .iter()
                .map(|attempt| {
                    let came = match attempt.failure {
                        Some(failure) => failure.as_str().to_owned(),
                        None => lang.say("答えあり", "answered").to_owned(),
                    };
                    let usage = attempt
                        .usage
                        .map(|usage| format!("・{} + {} tokens", usage.prompt_tokens, usage.completion_tokens));
                    format!(
                        "{}・{}・{}・{came}{}",
                        attempt.model,
                        attempt.host,
                        seconds(lang, attempt.duration_ms),
                        usage.unwrap_or_default()
                    )
                })
                .collect(),
        })
        .collect()
}

/// What the same words find in today's knowledge, with the reasons.
async fn explained(app: &App, viewer: &Viewer, suggestion: &Suggestion) -> Result<Explanation, Refused> {
    let workspace: &WorkspaceId = &viewer.workspace.id;
    let when = When { as_of: Some(suggestion.created_at), order_date: suggestion.making.order_date, known_at: None };
    let looked_for = LookedFor { workspace, text: suggestion.inquiry.text.as_str(), limit: CANDIDATES, when };
    let (_, why) = app.explain(&viewer.who, &looked_for).await.map_err(|error| viewer.refused(error))?;
    Ok(why)
}

fn found(lang: Lang, suggestion: &Suggestion, why: &Explanation) -> Found {
    let used = letter::cited(&suggestion.checks);
    let items = &suggestion.evidence.items;
    let rows = items.iter().enumerate().map(|(at, item)| Candidate {
        rank: item.rank.max(1),
        title: item.title.clone(),
        kind: card::kind(lang, item).0,
        score: format!("{:.2}", item.score),
        used: used.contains(&at),
        why: if used.contains(&at) {
            lang.say("下書きの文の裏づけです", "Carries a sentence")
        } else if item.is_weak() {
            lang.say("言い回しの手本にとどめました", "An example of voice")
        } else {
            lang.say("どの文の裏づけにもなりません", "Carries no sentence")
        },
    });
    let left_out = why.passages.iter().filter_map(|weighed| {
        let why = match weighed.standing {
            Standing::Found(_) => return None,
            Standing::NotValid => lang.say("この日には有効でない", "Not valid on that day"),
            Standing::SameDocument => {
                lang.say("同じ文書の別の箇所を選んだ", "Another part of the same document was chosen")
            }
            Standing::BeyondLimit => lang.say("関連が低い", "Too far from the question"),
        };
        let known = items.iter().any(|item| item.key == weighed.item.key);
        (!known || weighed.standing != Standing::BeyondLimit).then(|| (weighed.item.title.clone(), why))
    });
    let is_word = |term: &&AskedTerm| matches!(term.field, TermField::Words | TermField::Concepts) && term.share > 0.0;
    let mut terms: Vec<_> = why.terms.iter().filter(is_word).collect();
    terms.sort_by(|one, other| other.share.total_cmp(&one.share));
    let mut words: Vec<String> = Vec::new();
    for term in terms {
        if !words.contains(&term.text) && words.len() < CANDIDATES {
            words.push(term.text.clone());
        }
    }
    Found {
        searches: suggestion
            .making
            .searches
            .iter()
            .map(|search| (search.text.clone(), search.matter.clone()))
            .collect(),
        rows: rows.collect(),
        left_out: left_out.take(CANDIDATES).collect(),
        terms: words,
    }
}
