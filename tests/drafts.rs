//! The drafts that the samples give: letters that could be sent, with nothing in them that we ourselves would stop.
//! Whether they lead where they should is held by `tests/floors.rs`.

use std::collections::BTreeMap;

use aizuchi::{
    config::Settings,
    domain::{
        Channel, EvidenceItem, Id, InquiryText, NewInquiry, Principal, Record, Severity, Suggestion, Timestamp,
        Verdict, WorkspaceId,
    },
    wire,
};
use serde::Deserialize;

/// Every so manieth inquiry goes the way here; `aizuchi eval` asks all.
const EVERY: usize = 4;

#[derive(Deserialize)]
struct Labelled {
    id: String,
    channel: String,
    text: String,
    #[serde(default)]
    records: Vec<LabelledRecord>,
}

#[derive(Deserialize)]
struct LabelledRecord {
    name: String,
    value: String,
    source: Option<String>,
    as_of: Option<Timestamp>,
}

async fn suggestions() -> Vec<(Labelled, Suggestion)> {
    let data = tempfile::tempdir().unwrap();
    let now = Timestamp::parse("2026-11-23T10:00:00+09:00").unwrap();
    let app = wire::open_at(Settings::new(data.path().to_owned()), now).await.unwrap();
    wire::load_samples(&app).await.unwrap();
    let mut all = Vec::new();
    let sets = [
        ("officelink", include_str!("../eval/inquiries/officelink.jsonl")),
        ("hanauta", include_str!("../eval/inquiries/hanauta.jsonl")),
    ];
    for (workspace, lines) in sets {
        for line in lines.lines().step_by(EVERY) {
            let labelled: Labelled = serde_json::from_str(line).unwrap();
            let records = labelled.records.iter().enumerate().map(|(at, record)| Record {
                id: Id::from_uuid(uuid::Uuid::from_u128(at as u128)),
                name: record.name.clone(),
                value: record.value.clone(),
                source: record.source.clone(),
                as_of: record.as_of,
            });
            let new = NewInquiry {
                workspace: WorkspaceId::parse(workspace).unwrap(),
                channel: Channel::parse(&labelled.channel).unwrap(),
                text: InquiryText::parse(&labelled.text).unwrap(),
                conversation: None,
                customer: None,
                order: None,
                records: records.collect(),
            };
            let suggestion = app.suggest(&Principal::local(), new, None, None).await.unwrap();
            all.push((labelled, suggestion));
        }
    }
    all
}

/// What is wrong with a draft, if anything.
fn faults(suggestion: &Suggestion) -> Vec<String> {
    let Some(draft) = &suggestion.draft else { return Vec::new() };
    let mut faults = Vec::new();
    for finding in suggestion.checks.findings.iter().filter(|finding| finding.seen.severity == Severity::Error) {
        let words = finding.seen.span.map(|span| span.of(&draft.text)).unwrap_or("(whole)");
        faults.push(format!("{} {words}", finding.seen.rule));
    }
    for sentence in &suggestion.checks.grounding.verdicts {
        if matches!(sentence.verdict, Verdict::Unsupported | Verdict::Contradicted) {
            faults.push(format!("{} {}", sentence.verdict.as_str(), sentence.span.of(&draft.text)));
        }
    }
    let mut quoted: BTreeMap<usize, usize> = BTreeMap::new();
    for citation in suggestion.checks.citations() {
        let item: &EvidenceItem = &suggestion.evidence.items[citation.evidence];
        assert_eq!(citation.quote_span.of(&item.text), citation.quote, "a quote is what stands there");
        *quoted.entry(citation.evidence).or_default() += citation.draft_span.len();
    }
    faults.extend(
        quoted.into_iter().filter(|(_, chars)| *chars > 220).map(|(at, chars)| format!("{chars} of item {at}")),
    );
    faults
}

#[tokio::test]
async fn our_own_drafts_hold_nothing_that_we_would_stop() {
    let all = suggestions().await;
    assert!(all.iter().filter(|(_, suggestion)| suggestion.draft.is_some()).count() > 40);
    let mut wrong = Vec::new();
    for (labelled, suggestion) in &all {
        let text = suggestion.draft.as_ref().map(|draft| draft.text.as_str()).unwrap_or_default();
        wrong.extend(faults(suggestion).into_iter().map(|fault| format!("{}: {fault}\n{text}\n", labelled.id)));
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), all.len(), wrong.join("\n"));
}
