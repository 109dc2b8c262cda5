//! The drafts that the samples give: letters that could be sent, with nothing in them that we ourselves would stop.

use std::collections::BTreeMap;

use aizuchi::{
    config::Settings,
    domain::{
        Channel, EvidenceItem, Id, InquiryText, NewInquiry, Outcome, Principal, Record, Severity, Suggestion,
        Timestamp, Verdict, WorkspaceId,
    },
    wire,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Labelled {
    id: String,
    channel: String,
    text: String,
    outcome: String,
    reason: Option<String>,
    #[serde(default)]
    keys: Vec<String>,
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
    let app = wire::open(Settings::new(data.path().to_owned())).await.unwrap();
    wire::load_samples(&app).await.unwrap();
    let mut all = Vec::new();
    let sets = [
        ("officelink", include_str!("inquiries/officelink.jsonl")),
        ("hanauta", include_str!("inquiries/hanauta.jsonl")),
    ];
    for (workspace, lines) in sets {
        for line in lines.lines().filter(|line| !line.is_empty()) {
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
    let mut wrong = Vec::new();
    for (labelled, suggestion) in &all {
        let text = suggestion.draft.as_ref().map(|draft| draft.text.as_str()).unwrap_or_default();
        wrong.extend(faults(suggestion).into_iter().map(|fault| format!("{}: {fault}\n{text}\n", labelled.id)));
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), all.len(), wrong.join("\n"));
}

#[tokio::test]
async fn most_inquiries_lead_where_a_support_lead_would_lead_them() {
    let all = suggestions().await;
    let (mut outcomes, mut answers, mut cited, mut wrong) = (0, 0, 0, Vec::new());
    for (labelled, suggestion) in &all {
        let reason = match &suggestion.outcome {
            Outcome::Handoff { reason, .. } => Some(reason.as_str()),
            _ => None,
        };
        let right = suggestion.outcome.as_str() == labelled.outcome && reason == labelled.reason.as_deref();
        outcomes += usize::from(right);
        if !right {
            let best = suggestion.evidence.items.iter().map(|item| item.score).fold(0.0, f64::max);
            let got = reason.unwrap_or(suggestion.outcome.as_str());
            wrong.push(format!("{} wanted {} got {got} ({best:.3})", labelled.id, labelled.outcome));
        }
        if labelled.outcome == "answer" {
            answers += 1;
            let keys = suggestion.checks.citations().iter().map(|at| &suggestion.evidence.items[at.evidence].key);
            let hit = keys.into_iter().any(|key| labelled.keys.contains(key));
            cited += usize::from(hit);
            if !hit {
                let got: Vec<_> = suggestion.evidence.items.iter().take(3).map(|item| item.key.as_str()).collect();
                wrong.push(format!("{} wanted {:?} found {got:?}", labelled.id, labelled.keys));
            }
        }
    }
    println!("outcome {outcomes}/{} must-cite {cited}/{answers}\n{}", all.len(), wrong.join("\n"));
    // Floors a little below what is reached; the targets are the next issue's, on a larger set.
    assert!(outcomes * 100 >= all.len() * 80, "{}", wrong.join("\n"));
    assert!(cited * 100 >= answers * 80, "{}", wrong.join("\n"));
}
