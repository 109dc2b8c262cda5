//! The way of a draft, step by step, in words.

use std::time::Duration;

use super::super::{
    audit::{steps, words::grouped},
    lang::Lang,
    middle, timings,
    viewer::Viewer,
};
use crate::{
    app::Opened,
    domain::{Asked, Drafter, Outcome, Suggestion, Verdict},
    identity::Act,
};

/// One step of the way.
pub struct Step {
    pub said: String,
    pub lines: Vec<String>,
    pub took: String,
    pub href: Option<(String, &'static str)>,
}

pub fn all(viewer: &Viewer, opened: &Opened, suggestion: &Suggestion, number: Option<u64>) -> Vec<Step> {
    let lang = viewer.lang;
    let step = |said: &str, lines: Vec<String>, took: String| Step { said: said.to_owned(), lines, took, href: None };
    let took = |asked: &Asked| match asked.attempts.iter().map(|attempt| attempt.duration_ms).sum::<u64>() {
        0 => String::new(),
        millis => format!("{}{}", lang.say("モデル ", "Model "), timings::took(lang, Duration::from_millis(millis))),
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
        steps.push(step(said, vec![middle::handoff(lang, *reason).to_owned() + lang.say("。", ".")], String::new()));
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
    let left = suggestion.unused();
    let (mut ended, mut lines) = (0, Vec::new());
    for item in left.iter().filter_map(|(at, _)| suggestion.evidence.items.get(*at)) {
        let source = opened.sources.iter().find(|source| Some(&source.revision.id) == item.revision());
        ended += usize::from(source.is_some_and(|source| source.revision.recorded_until.is_some()));
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
