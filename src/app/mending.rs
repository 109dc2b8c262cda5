//! From a ruling to the rule itself: what the guide would say of recent replies if a rule were changed, and the proposal to
//! change it.

use super::{App, AppError, Fulfilled, queueing::sentence_at};
use crate::{
    domain::{
        Category, FindingState, Guide, Id, NewFinding, NewRevision, Principal, RuleSettings, SentText, Severity,
        Situation, Span, Wish, WorkspaceId, name,
    },
    identity::Act,
    knowledge,
    ports::StoreError,
    tone::{self, Checker, UnderCheck},
};

/// How a rule should be from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleChange {
    /// Which rule.
    pub category: Category,
    /// What people read.
    pub clause: String,
    /// How much it weighs; `None` is the category's own.
    pub severity: Option<Severity>,
    /// Whether it stops.
    pub off: bool,
    /// What it leaves alone.
    pub except: Vec<String>,
    /// Entries of words that go, by their first word.
    pub dropped: Vec<String>,
}

/// What a changed guide says of replies that went out.
#[derive(Debug, Clone, Default)]
pub struct GuidePreview {
    /// So many replies were read.
    pub replies: usize,
    /// Findings that are the same.
    pub stay: usize,
    /// Findings that come.
    pub appear: Vec<Previewed>,
    /// Findings that go.
    pub disappear: Vec<Previewed>,
    /// The guide's own examples that the change breaks: with one of them it cannot be proposed.
    pub broken: Vec<String>,
}

/// A finding that one of the guides has and the other has not.
#[derive(Debug, Clone)]
pub struct Previewed {
    /// In which reply.
    pub reply: Id<name::Reply>,
    /// What was found.
    pub seen: NewFinding,
    /// The sentence, or the beginning of the reply.
    pub sentence: String,
    /// Where the words stand in it.
    pub words: Option<Span>,
    /// The finding as it was recorded when the reply was sent.
    pub recorded: Option<Id<name::Finding>>,
    /// What QA ruled on it, of one that goes.
    pub ruled: Option<FindingState>,
}

/// A change is tried on so many replies.
const REPLIES: usize = 200;

impl App {
    /// A rule as the guide has it, and its entries of words by their first word.
    pub async fn rule_settings(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        category: Category,
    ) -> Result<RuleSettings, AppError> {
        self.permit(who, workspace, Act::Review)?;
        let desk = self.desk(workspace).await?;
        let unknown = || AppError::NoSuch { what: "rule", id: category.as_str().to_owned() };
        desk.tone.guide().rules.get(&category).cloned().ok_or_else(unknown)
    }

    /// What a change would find and leave alone in the replies that were sent last.
    pub async fn preview_rule(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        change: &RuleChange,
    ) -> Result<GuidePreview, AppError> {
        self.permit(who, workspace, Act::Review)?;
        let desk = self.desk(workspace).await?;
        let changed = changed(desk.tone.guide(), change)?;
        let mut preview = GuidePreview::default();
        preview.broken.extend(tone::check_examples(&changed).iter().map(|broken| broken.example.clone()));
        let new = Checker::new(changed);
        for sent in self.world.quality.sent_lately(workspace, REPLIES).await? {
            let asked = match &sent.reply.inquiry {
                None => None,
                Some(inquiry) => match self.world.cases.inquiry(workspace, inquiry).await {
                    Err(StoreError::Erased) => None,
                    found => found?,
                },
            };
            let situation: Option<Situation> = asked.as_ref().map(|asked| asked.situations.primary.clone());
            let under = UnderCheck {
                inquiry: asked.as_ref().map_or("", |asked| asked.text.as_str()),
                reply: &sent.reply.text,
                channel: Some(sent.reply.channel),
                situation: situation.as_ref(),
            };
            preview.take(&sent, &desk.tone.check(&under), &new.check(&under));
        }
        for gone in &mut preview.disappear {
            if let Some(recorded) = &gone.recorded {
                gone.ruled = self.world.review.finding(workspace, recorded).await?.map(|filed| filed.state);
            }
        }
        Ok(preview)
    }

    /// Proposes a change of the guide; where the role may change it, it is changed.
    pub async fn propose_rule(
        &self,
        who: &Principal,
        workspace: &WorkspaceId,
        change: &RuleChange,
    ) -> Result<Fulfilled, AppError> {
        self.permit(who, workspace, Act::Propose)?;
        let desk = self.desk(workspace).await?;
        let guide = changed(desk.tone.guide(), change)?;
        if !tone::check_examples(&guide).is_empty() {
            return Err(AppError::Unrulable("the change breaks examples of the guide: look at the preview"));
        }
        let json = serde_json::to_string(&guide).map_err(|error| StoreError::Failed(error.to_string()))?;
        let content = NewRevision { note: Some(json), source: None, ..knowledge::clauses(&guide, "") };
        self.wish(who, workspace, Wish::Replace(content), None).await
    }
}

/// The guide with a rule changed.
fn changed(guide: &Guide, change: &RuleChange) -> Result<Guide, AppError> {
    let mut guide = guide.clone();
    let unknown = || AppError::NoSuch { what: "rule", id: change.category.as_str().to_owned() };
    let rule = guide.rules.get_mut(&change.category).ok_or_else(unknown)?;
    if change.clause.trim().is_empty() {
        return Err(AppError::Unrulable("a rule needs a clause: the sentence that people read"));
    }
    rule.clause = change.clause.trim().to_owned();
    rule.severity = change.severity;
    rule.off = change.off;
    rule.except.clone_from(&change.except);
    rule.words.retain(|entry| entry.any.first().is_none_or(|first| !change.dropped.contains(first)));
    Ok(guide)
}

impl GuidePreview {
    fn take(&mut self, sent: &SentText, old: &[NewFinding], new: &[NewFinding]) {
        // A rule renames itself after the first word of its entry: the category and the place say whether it is the same.
        let same =
            |a: &NewFinding, b: &NewFinding| (a.category, a.span, a.severity) == (b.category, b.span, b.severity);
        self.replies += 1;
        self.stay += old.iter().filter(|found| new.iter().any(|other| same(found, other))).count();
        let only = |these: &[NewFinding], those: &[NewFinding]| -> Vec<NewFinding> {
            these.iter().filter(|found| !those.iter().any(|other| same(found, other))).cloned().collect()
        };
        self.appear.extend(only(new, old).into_iter().map(|seen| previewed(sent, seen)));
        self.disappear.extend(only(old, new).into_iter().map(|seen| previewed(sent, seen)));
    }
}

fn previewed(sent: &SentText, seen: NewFinding) -> Previewed {
    const BEGINNING: usize = 30;
    let text = &sent.reply.text;
    let beginning = || Span::new(0, text.chars().count().min(BEGINNING));
    let around = seen.span.map_or_else(beginning, |span| sentence_at(text, span));
    let known = |found: &&crate::domain::Finding| (found.seen.category, found.seen.span) == (seen.category, seen.span);
    Previewed {
        recorded: sent.findings.iter().find(known).map(|found| found.id.clone()),
        reply: sent.reply.id.clone(),
        sentence: around.of(text).to_owned(),
        words: seen.span.map(|span| Span::new(span.start - around.start, span.end - around.start)),
        ruled: None,
        seen,
    }
}
