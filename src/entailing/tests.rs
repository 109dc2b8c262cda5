//! Every way in which a reader can lie, and what is left of it.

use super::*;
use crate::domain::{Audience, Ground, Id, Kind, Validity};

struct Letters;

impl Tokenizer for Letters {
    fn count(&self, text: &str) -> Option<usize> {
        Some(text.chars().count())
    }
}

const DRAFT: &str = "お直しも承っております。\n送料は無料です。\n担当の090-1234-5678へどうぞ。";
const FIRST: &str = "裾上げを店頭でお受けします。縫い目が残ります。";
const SECOND: &str = "お電話は090-1234-5678で承ります。";

fn item(text: &str) -> EvidenceItem {
    EvidenceItem {
        ground: Ground::Passage {
            id: Id::from_uuid(uuid::Uuid::from_u128(1)),
            revision: Id::from_uuid(uuid::Uuid::from_u128(2)),
            kind: Kind::Faq,
            span: Span::new(0, text.chars().count()),
        },
        key: "k".into(),
        title: "お直し".into(),
        text: text.into(),
        url: None,
        audience: Audience::Public,
        validity: Validity::default(),
        score: 1.0,
        rank: 1,
        also: Vec::new(),
    }
}

fn with<T>(use_it: impl FnOnce(&Case<'_>) -> T) -> T {
    let evidence = [item("関わりのない話です。"), item(FIRST), item(SECOND)];
    let spans = sentences(DRAFT);
    let doubts = [Doubt { sentence: spans[0], open: vec![1] }, Doubt { sentence: spans[2], open: vec![1, 2] }];
    use_it(&Case {
        brand: "ことり書房", draft: DRAFT, doubts: &doubts, evidence: &evidence, kept: &[], nonce: "n0"
    })
}

fn claims(claims: &[(usize, &str, &str)]) -> String {
    let one = |(sentence, source, quote): &(usize, &str, &str)| json!({ "sentence": sentence, "source": source, "quote": quote });
    json!({ "supported": claims.iter().map(one).collect::<Vec<_>>() }).to_string()
}

#[test]
fn what_it_quotes_exactly_becomes_a_citation_of_the_sentence_that_was_asked_about() {
    let said = claims(&[(2, "k2", "お電話は[[PHONE_1]]で承ります"), (1, "k1", "裾上げを店頭でお受けします")]);
    let Reading { citations, dropped } = with(|case| case.read(&said)).unwrap();
    let seen: Vec<_> = citations.iter().map(|it| (it.draft_span.of(DRAFT), it.evidence, it.quote.as_str())).collect();
    assert_eq!(
        seen,
        [
            ("お直しも承っております。", 1, "裾上げを店頭でお受けします。"),
            ("担当の090-1234-5678へどうぞ。", 2, "お電話は090-1234-5678で承ります。"),
        ]
    );
    assert_eq!((citations[0].quote_span.of(FIRST), dropped), ("裾上げを店頭でお受けします。", 0));
    assert_eq!(with(|case| case.read(r#"{"supported": []}"#)), Ok(Reading::default()));
}

#[test]
fn every_lie_is_dropped_and_counted() {
    for (why, sentence, source, quote) in [
        ("words that are not there", 1, "k1", "裾上げを無料でお受けします"),
        ("words of another passage", 1, "k1", "お電話は[[PHONE_1]]で承ります"),
        ("a passage that is not open to it", 1, "k2", "お電話は[[PHONE_1]]で承ります"),
        ("a passage that nobody named", 1, "k3", "関わりのない話です"),
        ("a sentence that nobody asked about", 3, "k1", "裾上げを店頭でお受けします"),
        ("no sentence", 0, "k1", "裾上げを店頭でお受けします"),
        ("nothing", 1, "k1", ""),
        ("too little", 1, "k1", "店頭"),
        ("more than a sentence", 1, "k1", "お受けします。縫い目が"),
        ("a placeholder that nobody gave out", 2, "k2", "お電話は[[PHONE_9]]で"),
    ] {
        let reading = with(|case| case.read(&claims(&[(sentence, source, quote)]))).unwrap();
        assert_eq!((reading.citations, reading.dropped), (Vec::new(), 1), "{why}");
    }
    let twice = claims(&[(1, "k1", "裾上げを店頭でお受けします"), (1, "k1", "縫い目が残ります")]);
    let reading = with(|case| case.read(&twice)).unwrap();
    assert_eq!((reading.citations.len(), reading.dropped), (1, 1), "a sentence stands or not");
}

#[test]
fn an_answer_of_another_shape_is_a_failure() {
    for said in ["はい。", "[]", "{}", r#"{"supported": true}"#, r#"{"supported": [{"sentence": "1"}]}"#] {
        assert_eq!(with(|case| case.read(said)), Err(Failure::Malformed), "{said}");
    }
    for said in ["", " \n", "<think>まだ考え中"] {
        assert_eq!(with(|case| case.read(said)), Err(Failure::Empty), "{said}");
    }
}

#[test]
fn only_what_is_open_is_asked_and_personal_data_is_masked() {
    let files = EntailFiles::builtin();
    let prompt = with(|case| case.compose(&files, &Letters, Citing::Schema, 6_000)).unwrap();
    let all: String = prompt.messages.iter().map(|message| message.content.as_str()).collect();
    assert!(!all.contains("090-1234-5678") && all.matches("[[PHONE_1]]").count() >= 2, "{all}");
    assert!(!all.contains("送料は無料") && !all.contains("関わりのない"), "{all}");
    assert!(all.contains("> 裾上げを店頭でお受けします。"), "{all}");
    assert_eq!(prompt.marks.iter().map(|mark| mark.evidence).collect::<Vec<_>>(), [1, 2]);
    let sources =
        with(|case| case.schema()["properties"]["supported"]["items"]["properties"]["source"]["enum"].clone());
    assert_eq!(sources, json!(["k1", "k2"]));
    assert!(with(|case| case.compose(&files, &Letters, Citing::Schema, 100)).is_none(), "asked whole or not at all");
    let none = Case { brand: "", draft: DRAFT, doubts: &[], evidence: &[], kept: &[], nonce: "n0" };
    assert!(none.compose(&files, &Letters, Citing::Schema, 6_000).is_none());
}

#[test]
fn what_was_put_back_into_the_letter_is_masked_wherever_it_stands() {
    let kept = [Kept { placeholder: "[[PHONE_1]]".into(), original: "090-1234-5678".into() }];
    let (draft, evidence) = ("TEL090-1234-5678へ折り返します。", [item(FIRST)]);
    let doubts = [Doubt { sentence: sentences(draft)[0], open: vec![0] }];
    let case = Case { brand: "", draft, doubts: &doubts, evidence: &evidence, kept: &kept, nonce: "n0" };
    let prompt = case.compose(&EntailFiles::builtin(), &Letters, Citing::Schema, 6_000).unwrap();
    assert!(prompt.messages[1].content.contains("> TEL[[PHONE_1]]へ"), "{prompt:?}");
}
