//! Finds what a draft may use: the records of the case first, then passages that hold.

use std::collections::HashMap;

use super::{World, companions, intents, level, understand::Understood};
use crate::{
    domain::{
        Day, Evidence, EvidenceItem, Explanation, Hint, Inquiry, Search, Situation, Situations, Standing, Timestamp,
        WorkspaceId,
    },
    language::{
        alike::{Glance, Likeness, Shape},
        kana, mask,
        ordered::{latest, ordered_on},
        quantity::{self, Value},
        situation::Vocabulary,
    },
    ports::{IndexError, Near, Query},
};

/// How many passages an operator is shown.
pub const PASSAGES: usize = 8;
/// How many more are looked at before the matter has its say.
const CANDIDATES: usize = 16;
/// So many passages of one document are shown at most: the next document tells more than a third piece of it.
const OF_ONE_DOCUMENT: usize = 2;
/// So many past replies are shown beside a full list of rules.
const BESIDE: usize = 2;
/// So many passages are named for each of several questions.
const OF_ONE_QUESTION: usize = 3;
/// A message of at most so many characters leans on what was said before it.
const LEANS: usize = 30;

/// What to look for, and for whom.
pub struct Wanted<'a> {
    /// Where.
    pub workspace: &'a WorkspaceId,
    /// The customer's words, masked.
    pub core: &'a str,
    /// What they said before, where this alone says little.
    pub before: Option<&'a str>,
    /// What is near them by meaning.
    pub near: &'a [Near],
    /// What they are about.
    pub situations: &'a Situations,
    /// The state of the documents, where it is not the current one.
    pub state: Option<u64>,
    /// When they were written.
    pub now: Timestamp,
    /// When the order was placed, where that is known.
    pub order_date: Option<Day>,
    /// How many passages at most.
    pub limit: usize,
    /// So many past replies even beside a full list of rules.
    pub beside: usize,
    /// Whether what the best rule's own words bring up has a say: for a draft, which looks for all that bears on the matter;
    /// who searches by hand looks for these words.
    pub companions: bool,
    /// Whether internal passages may come back.
    pub internal: bool,
}

/// What is looked for on the way to a draft.
struct Sought {
    core: String,
    /// What a short message leans on.
    before: Option<String>,
    questions: Vec<String>,
}

impl Sought {
    fn of(understood: &Understood<'_>, hint: Option<&Hint>) -> Self {
        let core = understood.asked(hint).into_owned();
        let before = if core.chars().count() <= LEANS { understood.before() } else { None };
        Self { questions: intents::split(&core), before, core }
    }

    /// What is embedded: the whole, then each of several questions, in one request. A short message is meant as what was
    /// said before.
    fn texts(&self) -> Vec<String> {
        let before = |before: &String| format!("{before}\n{}", self.core);
        let mut texts = vec![self.before.as_ref().map_or_else(|| self.core.clone(), before)];
        if self.questions.len() > 1 {
            texts.extend(self.questions.iter().cloned());
        }
        texts
    }
}

/// What of the world retrieval stands on: gathered for a draft to come, or taken from the record of one that was made.
#[derive(Default)]
pub struct Gathered {
    /// What an embedder says is near: the whole first, then each of several questions.
    pub near: Vec<Vec<Near>>,
    /// The state of the documents, where it is not the current one.
    pub state: Option<u64>,
    /// Whether a later change was acknowledged but is not searchable.
    pub stale: bool,
}

/// Brings the index level and asks the embedder. A search that cannot be brought level still answers from what is indexed,
/// and says so.
pub async fn gather(world: &World, understood: &Understood<'_>, hint: Option<&Hint>) -> Gathered {
    let workspace = &understood.inquiry.workspace;
    let leveled = level::within(world, workspace).await;
    if let Err(error) = &leveled {
        tracing::error!(%workspace, %error, "the index is behind the store");
    }
    let near = world.near.of(world.ids.as_ref(), workspace, &Sought::of(understood, hint).texts()).await;
    Gathered { near, state: None, stale: !leveled.unwrap_or(false) }
}

/// Records and passages for an inquiry, ranked, and what was looked for; with `internal` also what only those who work here
/// may read.
pub fn retrieve(
    world: &World,
    vocabulary: &Vocabulary,
    (understood, hint): (&Understood<'_>, Option<&Hint>),
    gathered: &Gathered,
    internal: bool,
) -> Result<(Evidence, Vec<Search>), IndexError> {
    let inquiry = understood.inquiry;
    let Sought { core, before, questions } = Sought::of(understood, hint);
    let (near, of_questions) = gathered.near.split_first().map_or((&[][..], &[][..]), |(near, rest)| (near, rest));
    let wanted = Wanted {
        workspace: &inquiry.workspace,
        core: &core,
        before: before.as_deref(),
        near,
        situations: &inquiry.situations,
        state: gathered.state,
        now: inquiry.received_at,
        order_date: understood.ordered,
        limit: PASSAGES,
        beside: BESIDE,
        companions: true,
        internal,
    };
    let mut evidence = find(world, vocabulary, &wanted)?;
    let mut searches = vec![searched(vocabulary, &wanted)];
    let questions = answered(world, vocabulary, &wanted, questions, of_questions, (&mut evidence, &mut searches))?;
    let records = inquiry.records.iter().enumerate().map(|(at, record)| EvidenceItem::of_record(record, at + 1));
    let mut items: Vec<EvidenceItem> = records.collect();
    items.append(&mut evidence.items);
    number(&mut items);
    let place = |id: &String| items.iter().position(|item| item.id() == id);
    let intents = questions
        .into_iter()
        .map(|(question, ids)| intents::intent(question, ids.iter().filter_map(place).collect(), &items));
    let intents = intents.collect();
    Ok((Evidence { items, intents, stale: gathered.stale, ..evidence }, searches))
}

/// A search as the record keeps it.
fn searched(vocabulary: &Vocabulary, wanted: &Wanted<'_>) -> Search {
    let near = wanted.near.iter().map(Near::recorded).collect();
    Search { text: wanted.core.to_owned(), matter: matter(vocabulary, wanted), near }
}

/// Each question with the ids of the rules that answer it best. Where there are several, each is searched for by itself
/// too, and what the whole did not bring up is put below the rules that it brought.
fn answered(
    world: &World,
    vocabulary: &Vocabulary,
    whole: &Wanted<'_>,
    questions: Vec<String>,
    near: &[Vec<Near>],
    (evidence, searches): (&mut Evidence, &mut Vec<Search>),
) -> Result<Vec<(String, Vec<String>)>, IndexError> {
    let id = |item: &EvidenceItem| item.id().to_owned();
    if let [question] = &questions[..] {
        let best = evidence.items.iter().filter(|item| is_rule(item)).take(OF_ONE_QUESTION).map(id).collect();
        return Ok(vec![(question.clone(), best)]);
    }
    let mut answered = Vec::new();
    for (place, question) in questions.into_iter().enumerate() {
        let near = near.get(place).map_or(&[][..], Vec::as_slice);
        let situations = vocabulary.classify(&question);
        let (limit, beside) = (OF_ONE_QUESTION, 0);
        // 「送料はいくらですか。」 after 「返品できますか。」 asks for the fee of the return.
        let before = if question.chars().count() <= LEANS { Some(whole.core) } else { whole.before };
        let wanted = Wanted { core: &question, before, near, situations: &situations, limit, beside, ..*whole };
        searches.push(searched(vocabulary, &wanted));
        let own = find(world, vocabulary, &wanted)?.items;
        answered.push((question, own.iter().map(id).collect()));
        for item in own {
            let rules = evidence.items.iter().filter(|item| is_rule(item)).count();
            if !evidence.items.iter().any(|known| known.id() == item.id() || known.also.contains(&item.key)) {
                let last = rules.checked_sub(1).map_or(item.score, |last| evidence.items[last].score);
                evidence.items.insert(rules, EvidenceItem { score: item.score.min(last), ..item });
            }
        }
    }
    Ok(answered)
}

/// Whether an item may carry a claim by itself.
fn is_rule(item: &EvidenceItem) -> bool {
    item.can_ground() && !item.is_weak()
}

/// The passages that fit best: rules of the shop, then past replies.
pub fn find(world: &World, vocabulary: &Vocabulary, wanted: &Wanted<'_>) -> Result<Evidence, IndexError> {
    let searching = Searching::of(vocabulary, wanted);
    let mut evidence =
        searching.look(wanted.limit + CANDIDATES, |query| world.index.search(wanted.workspace, query))?;
    if let Some(best) = evidence.items.iter().find(|item| is_rule(item) && wanted.companions).cloned() {
        let text = format!("{}\n{}", best.title, best.text);
        let wanted = Wanted { core: &text, before: None, near: &[], companions: false, ..*wanted };
        let searching = Searching::of(vocabulary, &wanted);
        let again = searching.look(wanted.limit + CANDIDATES, |query| world.index.search(wanted.workspace, query))?;
        companions::raise(&mut evidence.items, &best, again.items);
    }
    let (mut rules, others): (Vec<_>, Vec<_>) = evidence.items.into_iter().partition(is_rule);
    let mut seen: HashMap<String, usize> = HashMap::new();
    rules.retain(|item| {
        let times = seen.entry(item.key.clone()).or_default();
        *times += 1;
        *times <= OF_ONE_DOCUMENT
    });
    let mut rules = collapsed(rules, wanted.limit);
    let beside = wanted.beside.max(wanted.limit - rules.len());
    rules.append(&mut collapsed(others, beside));
    number(&mut rules);
    evidence.items = rules;
    Ok(evidence)
}

/// The first `limit` passages; of those of several documents that say the same in nearly the same words the first alone, which
/// names the others.
fn collapsed(items: Vec<EvidenceItem>, limit: usize) -> Vec<EvidenceItem> {
    let mut kept: Vec<(EvidenceItem, Glance)> = Vec::new();
    for item in items {
        let glance = Glance::of(&item.text);
        let same = |(other, own): &(EvidenceItem, Glance)| {
            let near = other.key != item.key && other.audience == item.audience && !own.is_far_from(&glance);
            near && Shape::of(&other.text).likeness(&Shape::of(&item.text)) == Likeness::Same
        };
        match kept.iter().position(same) {
            Some(first) if kept[first].0.also.contains(&item.key) => {}
            Some(first) => kept[first].0.also.push(item.key),
            None if kept.len() == limit => break,
            None => kept.push((item, glance)),
        }
    }
    kept.into_iter().map(|(item, _)| item).collect()
}

/// As [`find`], with the reasons: of what was found, and of as much that was not.
pub fn explain(
    world: &World,
    vocabulary: &Vocabulary,
    wanted: &Wanted<'_>,
) -> Result<(Evidence, Explanation), IndexError> {
    let evidence = find(world, vocabulary, wanted)?;
    let searching = Searching::of(vocabulary, wanted);
    let most = 2 * wanted.limit + CANDIDATES;
    let mut explanation = searching.look(most, |query| world.index.explain(wanted.workspace, query))?;
    for weighed in &mut explanation.passages {
        let item = &mut weighed.item;
        let same = evidence.items.iter().filter(|found| found.key == item.key);
        if let Some(found) = evidence.items.iter().find(|found| found.id() == item.id()) {
            item.rank = found.rank;
            weighed.standing = Standing::Found(found.rank);
        } else if weighed.standing == Standing::BeyondLimit && same.count() >= OF_ONE_DOCUMENT {
            weighed.standing = Standing::SameDocument;
        }
    }
    Ok((evidence, explanation))
}

/// What is searched with, worked out once.
struct Searching<'a> {
    vocabulary: &'a Vocabulary,
    wanted: &'a Wanted<'a>,
    text: String,
    matter: String,
}

impl<'a> Searching<'a> {
    fn of(vocabulary: &'a Vocabulary, wanted: &'a Wanted<'a>) -> Self {
        let text = kana::with_kanji(&mask::without_placeholders(wanted.core)).into_owned();
        Self { vocabulary, wanted, text, matter: matter(vocabulary, wanted) }
    }

    /// Hands over the query; what it needs to tell titles by lives as long as the look takes.
    fn look<T>(&self, limit: usize, look: impl FnOnce(&Query<'_>) -> T) -> T {
        let Wanted { near, state, now, order_date, internal, situations, .. } = *self.wanted;
        let primary = &situations.primary;
        let same = |title: &str| self.vocabulary.classify_title(title).primary == *primary;
        let about: Option<&dyn Fn(&str) -> bool> = (primary.as_str() != Situation::OTHER).then_some(&same);
        look(&Query { text: &self.text, matter: &self.matter, about, near, state, now, order_date, limit, internal })
    }
}

/// The shop's words for the matter: who writes 送り返したい asks for 返品, and says it nowhere. What was said before is
/// the matter of a short message too.
fn matter(vocabulary: &Vocabulary, wanted: &Wanted<'_>) -> String {
    let topic = |situation: &Situation| vocabulary.entry(situation).map(|entry| entry.topic.as_str());
    let known = wanted.situations.all().filter(|situation| situation.as_str() != Situation::OTHER);
    known.filter_map(topic).chain(wanted.before).collect::<Vec<_>>().join("\n")
}

fn number(items: &mut [EvidenceItem]) {
    for (at, item) in items.iter_mut().enumerate() {
        item.rank = at + 1;
    }
}

/// The day the order was placed, where a record says so, else where the customer's words without greeting and quotes do.
pub fn ordered(inquiry: &Inquiry, matter: &str) -> Option<Day> {
    const NAMES: [&str; 5] = ["注文日", "ご注文日", "購入日", "order_date", "ordered_at"];
    let today = inquiry.received_at.day();
    let record = inquiry.records.iter().find(|record| NAMES.contains(&record.name.as_str()));
    let Some(record) = record else { return ordered_on(matter, today) };
    if let Ok(moment) = Timestamp::parse(record.value.trim()) {
        return Some(moment.day());
    }
    quantity::facts(&record.value).into_iter().find_map(|fact| match fact.value {
        Value::Date(written) => latest(&written, today),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Channel, Id, InquiryText, Record};

    #[test]
    fn an_order_date_without_a_year_is_the_latest_such_day() {
        let now = Timestamp::parse("2026-11-23").unwrap();
        let inquiry = |text: &str, records: Vec<Record>| Inquiry {
            id: Id::from_uuid(uuid::Uuid::nil()),
            workspace: WorkspaceId::parse("shop").unwrap(),
            conversation: Id::from_uuid(uuid::Uuid::nil()),
            channel: Channel::Email,
            situations: Situations::only(Situation::other()),
            text: InquiryText::parse(text).unwrap(),
            customer: None,
            order: None,
            records,
            received_at: now,
        };
        let ordered = |inquiry: &Inquiry| ordered(inquiry, inquiry.text.as_str());
        let record = |value: &str| Record {
            id: Id::from_uuid(uuid::Uuid::nil()),
            name: "注文日".to_owned(),
            value: value.to_owned(),
            source: None,
            as_of: None,
        };
        let read =
            |value: &str| ordered(&inquiry("9月1日に注文しました", vec![record(value)])).map(|day| day.to_string());
        assert_eq!(read("11月20日").as_deref(), Some("2026-11-20"));
        assert_eq!(read("12月20日").as_deref(), Some("2025-12-20"));
        assert_eq!(read("2026-09-30").as_deref(), Some("2026-09-30"));
        assert_eq!(read("2026年9月30日").as_deref(), Some("2026-09-30"));
        assert_eq!(read("不明"), None);
        let said = ordered(&inquiry("9月1日に注文しました", Vec::new())).map(|day| day.to_string());
        assert_eq!(said.as_deref(), Some("2026-09-01"));
    }
}
