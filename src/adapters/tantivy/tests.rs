use super::*;
use crate::domain::{AppliesBy, Audience, Day, Id, Kind, NewRevision, Passage, Span, Timestamp, Validity, name};

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
        let query = Query { text, matter: "", now, order_date, limit: 5, internal };
        self.index.search(&self.workspace, &query).unwrap()
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

#[test]
fn two_indexes_of_the_same_shelf_rank_alike() {
    let text = "開封した商品の返品と領収書";
    let (one, mut other) = (Bench::new(shelf()).search(text, None, true), shelf());
    other.reverse();
    assert_eq!(one, Bench::new(other).search(text, None, true));
}
