use std::{collections::HashSet, fs};

use super::*;
use crate::domain::{
    AppliesBy, Audience, Day, Id, Kind, NewRevision, Passage, Revision, Span, Standing, TermField, Timestamp, Validity,
    name,
};
use crate::language::{analysis, normal::Normalised, synonyms::Synonyms};

fn id<T: crate::domain::Named>(n: u128) -> Id<T> {
    Id::from_uuid(uuid::Uuid::from_u128(n))
}

fn revision(n: u128, kind: Kind, title: &str, body: &str) -> Revision {
    Revision {
        id: id(n),
        content: NewRevision {
            key: format!("d{n}"),
            kind,
            title: title.to_owned(),
            url: None,
            audience: Audience::Public,
            validity: Validity::default(),
            body: body.to_owned(),
            note: None,
            past_reply: None,
            source: None,
        },
        recorded_from: Timestamp(0),
        recorded_until: None,
        passages: vec![Passage { id: id(1000 + n), span: Span::new(0, body.chars().count()), heading: None }],
    }
}

fn shelf() -> Vec<Revision> {
    vec![
        revision(
            1,
            Kind::Faq,
            "開封した商品は返品できますか。",
            "開封後の商品は、到着から8日以内であれば返品を承ります。",
        ),
        revision(2, Kind::Faq, "領収書は発行できますか。", "領収書は、会員ページから発行していただけます。"),
        revision(3, Kind::PastReply, "返品について", "開封後の商品の返品は、到着から8日以内に承っております。"),
    ]
}

struct Bench {
    index: TantivyIndex,
    workspace: WorkspaceId,
    folder: tempfile::TempDir,
}

impl Bench {
    fn new(added: Vec<Revision>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let index = TantivyIndex::new(folder.path().to_owned());
        let bench = Self { index, workspace: WorkspaceId::parse("shop").unwrap(), folder };
        bench.index.rebuild(&bench.workspace, &Delta { added, retired: Vec::new(), sequence: 7 }).unwrap();
        bench
    }

    fn search(&self, text: &str, order: Option<&str>, internal: bool) -> Evidence {
        let now = Timestamp::parse("2026-11-23").unwrap();
        let order_date = order.map(|day| Day::parse(day).unwrap());
        let query =
            Query { text, matter: "", about: None, near: &[], state: None, now, order_date, limit: 5, internal };
        self.index.search(&self.workspace, &query).unwrap()
    }

    fn explain(&self, text: &str, order: Option<&str>) -> Explanation {
        let now = Timestamp::parse("2026-11-23").unwrap();
        let order_date = order.map(|day| Day::parse(day).unwrap());
        let query =
            Query { text, matter: "", about: None, near: &[], state: None, now, order_date, limit: 50, internal: true };
        self.index.explain(&self.workspace, &query).unwrap()
    }

    fn keys(&self, text: &str) -> Vec<String> {
        self.search(text, None, true).items.into_iter().map(|item| item.key).collect()
    }
}

#[test]
fn what_answers_comes_first_and_a_rule_before_what_somebody_wrote() {
    let bench = Bench::new(shelf());
    assert_eq!(bench.keys("開けてしまった商品を返品したい")[..2], ["d1", "d3"]);
    assert_eq!(bench.keys("領収書がほしい")[0], "d2");
    let found = bench.search("開封した商品の返品", None, true);
    assert!(found.items.iter().all(|item| (0.0..=1.0).contains(&item.score)));
    assert_eq!(found.items.iter().map(|item| item.rank).collect::<Vec<_>>(), [1, 2]);
    assert!(bench.keys("🌸").is_empty() && bench.keys("").is_empty());
}

#[test]
fn what_does_not_hold_is_never_found() {
    let rule = |n, from: Option<&str>, until: Option<&str>| {
        let mut revision = revision(n, Kind::Policy, "返品の期限", "返品の期限は到着から数えます。");
        let day = |text: &str| Day::parse(text).unwrap();
        revision.content.validity = Validity { from: from.map(day), until: until.map(day), by: AppliesBy::OrderDate };
        revision
    };
    let bench = Bench::new(vec![rule(1, None, Some("2026-09-30")), rule(2, Some("2026-10-01"), None)]);
    let keys =
        |order| bench.search("返品の期限", order, true).items.into_iter().map(|item| item.key).collect::<Vec<_>>();
    assert_eq!(keys(None), ["d2"]);
    assert_eq!(keys(Some("2026-09-01")), ["d1"]);
}

#[test]
fn internal_passages_are_for_those_who_work_here() {
    let mut secret = revision(1, Kind::Faq, "返品の裏側", "返品の判断はSVが行います。");
    secret.content.audience = Audience::Internal;
    let bench = Bench::new(vec![secret]);
    assert_eq!(bench.search("返品", None, true).items.len(), 1);
    assert!(bench.search("返品", None, false).items.is_empty());
}

#[test]
fn an_explanation_adds_up_to_the_score() {
    let mut old = revision(4, Kind::Policy, "返品の期限", "開封した商品の返品は受け付けません。");
    old.content.validity.until = Some(Day::parse("2026-09-30").unwrap());
    let bench =
        Bench::new(shelf().into_iter().chain([old, revision(5, Kind::Faq, "送料", "送料は、3,000円です。")]).collect());
    let text = "開けてしまった商品を送り返したいです。送料は３千円ですか";
    let (found, explained) = (bench.search(text, None, true), bench.explain(text, None));
    let shares: f64 = explained.terms.iter().map(|term| term.share).sum();
    assert!((shares - 1.0).abs() < 1e-4, "{shares}");
    assert!(
        explained.terms.iter().any(|term| term.text == "3000" && term.field == TermField::Words),
        "{:?}",
        explained.terms
    );
    let standing = |key: &str| explained.passages.iter().find(|one| one.item.key == key).unwrap();
    assert_eq!(standing("d4").standing, Standing::NotValid);
    for weighed in &explained.passages {
        let sum: f64 = weighed.matches.iter().map(|matched| matched.score).sum();
        assert!((sum - weighed.lexical).abs() < 1e-4, "{} {}", sum, weighed.lexical);
        let product = weighed.lexical * weighed.kind_weight * weighed.audience_weight;
        assert!((product - weighed.item.score).abs() < 1e-4);
        if let Some(item) = found.items.iter().find(|item| item.id() == weighed.item.id()) {
            assert_eq!(item.score, weighed.item.score, "the explanation is of the search that was made");
        }
    }
    let concept = standing("d1")
        .matches
        .iter()
        .find(|matched| matched.text == "開封" && matched.field == TermField::Concepts)
        .unwrap();
    assert_eq!(concept.spans.iter().map(|span| span.of(&standing("d1").item.text)).next(), Some("開封"));
    assert!(bench.explain("", None).passages.is_empty() && bench.explain("🌸", None).terms.is_empty());
}

/// What is hard on offsets and on spellings.
const HARD: &str = "([ぁ-ん]{1,4}|[一-龥]{1,3}|[ァ-ヴー]{1,5}|[ｱ-ﾝ]ﾞ?|三千円|3,000円|OL-2604|a@b\\.example|㍿|ｶﾞ|👨‍👩‍👧|𠮷|か\u{3099}|[、。 \n]){1,15}";

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    #[test]
    fn index_and_query_read_a_text_alike_and_every_match_points_at_what_was_written(text in HARD) {
        let bench = Bench::new(vec![revision(1, Kind::Faq, "", &text)]);
        let shard = bench.index.shard(&bench.workspace).unwrap().unwrap();
        let asked = analysis::analyse(&text);
        let fields = [(TermField::Words, shard.fields.words), (TermField::Bigrams, shard.fields.bigrams), (TermField::Shingles, shard.fields.shingles),
            (TermField::Kanji, shard.fields.kanji), (TermField::Concepts, shard.fields.concepts)];
        for (field, indexed) in fields {
            for term in asked.of(field) {
                proptest::prop_assert!(shard.impacts.listings(&[(indexed, &term.text)])[0].is_some(), "{field:?} {}", term.text);
            }
        }
        let chars = text.chars().count();
        for weighed in bench.explain(&text, None).passages {
            for matched in &weighed.matches {
                proptest::prop_assert!(!matched.spans.is_empty(), "{} stands nowhere", matched.text);
                for span in &matched.spans {
                    proptest::prop_assert!(!span.is_empty() && span.end <= chars);
                    // Read by itself, what is pointed at has the letters of the term; a number has its value.
                    let again = Normalised::of(span.of(&text)).as_str().to_owned();
                    let letters = matched.field == TermField::Kanji || matched.field == TermField::Bigrams && !matched.text.starts_with(|c: char| c.is_ascii_digit());
                    proptest::prop_assert!(!letters || again.contains(&matched.text), "{} at {again}", matched.text);
                }
            }
        }
    }
}

#[test]
fn a_retired_revision_is_gone_and_the_sequence_survives_a_restart() {
    let bench = Bench::new(shelf());
    let delta = Delta { added: Vec::new(), retired: vec![id::<name::Revision>(1)], sequence: 9 };
    bench.index.update(&bench.workspace, &delta).unwrap();
    assert!(!bench.keys("開封した商品の返品").contains(&"d1".to_owned()));
    // The same delta again, as after a crash between store and index, changes nothing.
    bench.index.update(&bench.workspace, &delta).unwrap();
    let again = TantivyIndex::new(bench.folder.path().to_owned());
    assert_eq!(again.sequence(&bench.workspace).unwrap(), Some(9));
}

#[test]
fn a_damaged_folder_is_reported_and_can_be_rebuilt() {
    let bench = Bench::new(shelf());
    fs::write(bench.folder.path().join("shop/meta.json"), "nonsense").unwrap();
    let again = TantivyIndex::new(bench.folder.path().to_owned());
    assert!(matches!(again.sequence(&bench.workspace), Err(IndexError::Unreadable { .. })));
    again.rebuild(&bench.workspace, &Delta { added: shelf(), retired: Vec::new(), sequence: 7 }).unwrap();
    assert_eq!(again.sequence(&bench.workspace).unwrap(), Some(7));
}

/// Some thousands of short texts of few words, so that words are shared and scores lie close.
fn crowd(count: u128) -> Vec<Revision> {
    const WORDS: [&str; 12] =
        ["返品", "送料", "領収書", "到着", "発送", "注文", "会員", "クーポン", "住所", "変更", "交換", "キャンセル"];
    let word = |n: u128, step: u128| WORDS[(n * 7919 / step % 12) as usize];
    let text = |n: u128| format!("{}と{}の{}は{}日以内です。", word(n, 1), word(n, 5), word(n, 31), n % 97);
    (1..=count).map(|n| revision(n, if n % 5 == 0 { Kind::Policy } else { Kind::Faq }, word(n, 3), &text(n))).collect()
}

/// A question of nothing but words.
fn words(text: &str) -> Query<'_> {
    let (now, order_date) = (Timestamp(0), None);
    Query { text, matter: "", about: None, state: None, near: &[], now, order_date, limit: 0, internal: true }
}

fn all_scores(shard: &Shard, text: &str) -> Vec<scan::Hit> {
    let asked = search::terms(&words(text), shard.impacts.trade);
    let clauses = search::clauses(&shard.impacts, &shard.fields, &asked);
    let mut hits = Vec::new();
    for (segment, reader) in shard.impacts.searcher.segment_readers().iter().enumerate() {
        for document in reader.doc_ids_alive() {
            let terms = search::weighted(&clauses);
            let score = terms.iter().map(|term| term.of(segment, document)).sum();
            hits.push(scan::Hit { score, segment, document });
        }
    }
    hits
}

#[test]
fn what_is_skipped_would_not_have_changed_the_result() {
    // More documents than a window has, in two segments, with some gone.
    let bench = Bench::new(crowd(9_000));
    let gone = (1..=300).map(|n| id::<name::Revision>(n * 13)).collect();
    let mut more = crowd(9_600);
    let delta = Delta { added: more.split_off(9_000), retired: gone, sequence: 9 };
    bench.index.update(&bench.workspace, &delta).unwrap();
    let shard = bench.index.shard(&bench.workspace).unwrap().unwrap();
    assert!(shard.impacts.documents == 9_300 && shard.impacts.searcher.segment_readers().len() > 1);
    let weigh = |segment, document| {
        let policy = shard.items.kind(segment, document) == Some(Kind::Policy);
        Some((0, if policy { 1.0 } else { 0.9 }))
    };
    for text in ["会員の住所の変更は13日以内ですか", "送料", "到着とキャンセルの領収書とクーポンと返品と交換"]
    {
        let mut all = all_scores(&shard, text);
        let weighed = |hit: &scan::Hit| (f64::from(hit.score) * weigh(hit.segment, hit.document).unwrap().1) as u32;
        all.sort_by_key(|hit| (std::cmp::Reverse(weighed(hit)), hit.segment, hit.document));
        let asked = search::terms(&words(text), shard.impacts.trade);
        let clauses = search::clauses(&shard.impacts, &shard.fields, &asked);
        for count in [1, 10, 70] {
            let segments = shard.impacts.searcher.segment_readers();
            let [best, ..] = scan::best(&search::weighted(&clauses), segments, &weigh, count);
            assert_eq!(best, all[..count], "{count} for {text}");
        }
    }
}

#[test]
fn an_index_that_grew_answers_as_one_that_was_built_at_once() {
    let grown = Bench::new(crowd(120));
    for (at, n) in (0..40u64).zip(1..) {
        let added = crowd(200).split_off(120 + 2 * at as usize).into_iter().take(2).collect();
        let delta = Delta { added, retired: vec![id::<name::Revision>(n)], sequence: 8 + at };
        grown.index.update(&grown.workspace, &delta).unwrap();
    }
    let built = Bench::new(crowd(200).split_off(40));
    for text in ["会員の住所の変更は13日以内ですか", "送料と返品", "クーポンのキャンセル"]
    {
        let (mut one, other) = (grown.search(text, None, true), built.search(text, None, true));
        one.index_sequence = other.index_sequence;
        assert!(!one.items.is_empty());
        assert_eq!(one, other, "{text}");
    }
}

#[test]
fn lists_that_are_missing_are_made_again_and_damaged_ones_are_reported() {
    let bench = Bench::new(shelf());
    let before = bench.search("開封した商品の返品", None, true);
    let list = |folder: &Path| {
        let files = fs::read_dir(folder.join("shop")).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|path| path.extension().is_some_and(|extension| extension == "lists")).collect::<Vec<_>>()
    };
    let files = list(bench.folder.path());
    assert_eq!(files.len(), 1);
    fs::remove_file(&files[0]).unwrap();
    let again = Bench { index: TantivyIndex::new(bench.folder.path().to_owned()), ..bench };
    assert_eq!(again.search("開封した商品の返品", None, true), before);
    let mut bytes = fs::read(&files[0]).unwrap();
    bytes[20] ^= 1;
    fs::write(&files[0], bytes).unwrap();
    let damaged = TantivyIndex::new(again.folder.path().to_owned());
    assert!(matches!(damaged.sequence(&again.workspace), Err(IndexError::Unreadable { .. })));
}

#[test]
fn two_indexes_of_the_same_shelf_rank_alike() {
    let text = "開封した商品の返品と領収書";
    let (one, mut other) = (Bench::new(shelf()).search(text, None, true), shelf());
    other.reverse();
    assert_eq!(one, Bench::new(other).search(text, None, true));
}

#[test]
fn every_group_of_synonyms_leads_from_the_customer_s_words_to_the_shop_s() {
    let groups: Vec<(&str, Vec<&str>)> = Synonyms::in_use().groups().collect();
    let shelf = groups.iter().zip(1..).map(|((name, _), n)| revision(n, Kind::Faq, name, &format!("{name}。")));
    let bench = Bench::new(shelf.collect());
    let letters: HashSet<char> =
        groups.iter().flat_map(|(name, _)| name.to_lowercase().chars().collect::<Vec<_>>()).collect();
    let mut led = 0;
    for ((name, words), n) in groups.iter().zip(1..) {
        assert_eq!(bench.keys(name).first(), Some(&format!("d{n}")), "{name}");
        // A word that shares no letter with any name is found by its group or not at all.
        for word in words.iter().filter(|word| !word.chars().any(|c| letters.contains(&c))) {
            assert_eq!(bench.keys(word), [format!("d{n}")], "{word} of {name}");
            led += 1;
        }
    }
    assert!(led > 200, "{led} words were led");
    assert!(groups.len() > 300);
}
