//! A draft as it comes to be, for those who watch: the steps of the journey as server-sent events.
//!
//! The journey runs in a task of its own, so a client that leaves stops nothing. Its events are kept a bounded
//! while, so that a client that lost its connection goes on where it was; the record in the store outlives them.

use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::response::{
    IntoResponse as _, Response,
    sse::{Event, KeepAlive, Sse},
};
use serde::Serialize;
use tokio::{
    sync::{mpsc, watch},
    task::JoinError,
    time::Instant,
};
use tokio_stream::wrappers::ReceiverStream;
use tracing::Instrument as _;

use super::{
    api::{events, suggestions::SuggestionBody},
    problem::{Code, Problem},
    request::Place,
};
use crate::{
    app::{App, AppError, Once, Step, Watch},
    domain::{Drafter, Evidence, Hint, Id, Inquiry, NewInquiry, Principal, Role, Suggestion, WorkspaceId, name},
};

/// A comment goes out when nothing else did for so long, so that proxies keep the line open.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// So many logs are kept,
const MAX_LOGS: usize = 256;
/// each for so long.
const KEPT: Duration = Duration::from_secs(300);
/// A reader that does not read holds up nobody but itself.
const READER_BUFFER: usize = 16;

/// One event as it was sent; its id is its place in the stream, from 1.
#[derive(Debug)]
struct Sent {
    id: usize,
    event: &'static str,
    data: String,
}

impl Sent {
    fn new<T: Serialize>(id: usize, event: &'static str, data: &T) -> Self {
        Self { id, event, data: serde_json::to_string(data).unwrap_or_default() }
    }

    fn event(&self) -> Event {
        Event::default().id(self.id.to_string()).event(self.event).data(&self.data)
    }
}

/// The events of one draft so far.
#[derive(Debug, Default)]
pub struct Log {
    events: Vec<Arc<Sent>>,
    draft: Option<Id<name::Draft>>,
    inquiry: Option<Id<name::Inquiry>>,
    over: bool,
}

impl Log {
    /// Whether a reader that saw `after` events has seen all there will ever be.
    pub fn is_spent(&self, after: usize) -> bool {
        self.over && after >= self.events.len()
    }

    /// Whether its draft is done.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// The draft to come, once it is recorded as begun.
    pub fn draft(&self) -> Option<&Id<name::Draft>> {
        self.draft.as_ref()
    }

    /// What it answers.
    pub fn inquiry(&self) -> Option<&Id<name::Inquiry>> {
        self.inquiry.as_ref()
    }

    fn has_ended(&self) -> bool {
        self.events.last().is_some_and(|last| matches!(last.event, "draft.completed" | "draft.failed"))
    }
}

/// What a draft is wanted for.
pub enum Wish {
    /// A customer's message.
    Inquiry(Box<NewInquiry>),
    /// Another draft for one that was received.
    Another {
        /// Which.
        inquiry: Box<Inquiry>,
        /// What the operator wants of it.
        hint: Option<Hint>,
    },
}

impl Wish {
    fn workspace(&self) -> &WorkspaceId {
        match self {
            Self::Inquiry(new) => &new.workspace,
            Self::Another { inquiry, .. } => &inquiry.workspace,
        }
    }

    async fn journey(
        self,
        app: &App,
        who: &Principal,
        once: Option<Once>,
        watch: Option<Watch<'_>>,
    ) -> Result<Suggestion, AppError> {
        match self {
            Self::Inquiry(new) => app.suggest(who, *new, once, watch).await,
            Self::Another { inquiry, hint } => app.regenerate(who, &inquiry.id, hint, once, watch).await,
        }
    }
}

/// The journeys under way, and the logs of those that were watched.
#[derive(Clone, Default)]
pub struct Hub {
    logs: Arc<Mutex<Logs>>,
    under_way: Arc<watch::Sender<usize>>,
}

#[derive(Default)]
struct Logs {
    by_draft: HashMap<String, Kept>,
    order: VecDeque<(Instant, String)>,
}

/// A log, and whose eyes it was made for: the journey shows each role what it may read, so the events of one are not
/// for another.
struct Kept {
    workspace: WorkspaceId,
    role: Option<Role>,
    log: watch::Receiver<Log>,
}

impl Hub {
    /// The journey unwatched. It comes to its end even if the caller hangs up.
    pub async fn suggest(
        &self,
        app: App,
        who: Principal,
        wish: Wish,
        once: Option<Once>,
        place: Place,
    ) -> Result<Suggestion, Problem> {
        let counted = self.count(place);
        let journey = async move {
            let _counted = counted;
            wish.journey(&app, &who, once, None).await
        };
        outcome(tokio::spawn(journey.in_current_span()).await)
    }

    /// The journey watched: its log, as soon as there is a first event. What fails before that is a plain problem.
    pub async fn watch(
        &self,
        app: App,
        who: Principal,
        wish: Wish,
        once: Option<Once>,
        place: Place,
    ) -> Result<watch::Receiver<Log>, Problem> {
        let recorder = Arc::new(Recorder {
            hub: self.clone(),
            workspace: wish.workspace().clone(),
            role: who.role_in(wish.workspace()),
            evidence: Mutex::default(),
            writer: watch::Sender::new(Log::default()),
        });
        let counted = self.count(place);
        let watching = Arc::clone(&recorder);
        let journey = async move {
            let _counted = counted;
            let watch = |step| watching.see(step);
            wish.journey(&app, &who, once, Some(&watch)).await
        };
        Self::begin(recorder, journey).await
    }

    /// Starts a journey that writes its log through `recorder`; the log ends when the journey does, however it ends.
    async fn begin(
        recorder: Arc<Recorder>,
        journey: impl Future<Output = Result<Suggestion, AppError>> + Send + 'static,
    ) -> Result<watch::Receiver<Log>, Problem> {
        let mut log = recorder.writer.subscribe();
        let journey = tokio::spawn(journey.in_current_span());
        let whole = async move {
            let failed = outcome(journey.await).err();
            recorder.end(failed.as_ref());
            failed
        };
        let whole = tokio::spawn(whole.in_current_span());
        let begun =
            log.wait_for(|log| log.over || !log.events.is_empty()).await.is_ok_and(|log| !log.events.is_empty());
        if begun {
            return Ok(log);
        }
        Err(whole.await.ok().flatten().unwrap_or_else(Problem::internal))
    }

    /// The log of a draft, if it is still kept and was made for the eyes of this role.
    pub fn find(&self, draft: &Id<name::Draft>, who: &Principal) -> Option<watch::Receiver<Log>> {
        let logs = lock(&self.logs);
        let kept = logs.by_draft.get(draft.as_str())?;
        let role = who.role_in(&kept.workspace);
        (role.is_some() && role == kept.role).then(|| kept.log.clone())
    }

    /// Lets the logs of a workspace go whose drafts are done: they hold customers' words, and the store has them.
    pub fn forget(&self, workspace: &WorkspaceId) {
        let mut logs = lock(&self.logs);
        logs.by_draft.retain(|_, kept| kept.workspace != *workspace || !kept.log.borrow().is_over());
    }

    /// Resolves when no journey is under way.
    pub async fn idle(&self) {
        let _ = self.under_way.subscribe().wait_for(|count| *count == 0).await;
    }

    fn keep(&self, draft: String, kept: Kept) {
        let mut logs = lock(&self.logs);
        let now = Instant::now();
        while logs.order.len() >= MAX_LOGS || logs.order.front().is_some_and(|(at, _)| now - *at > KEPT) {
            let Some((_, oldest)) = logs.order.pop_front() else { break };
            logs.by_draft.remove(&oldest);
        }
        logs.order.push_back((now, draft.clone()));
        logs.by_draft.insert(draft, kept);
    }

    fn count(&self, place: Place) -> Counted {
        self.under_way.send_modify(|count| *count += 1);
        Counted { under_way: Arc::clone(&self.under_way), _place: place }
    }
}

/// A journey that panicked failed like any other; what it said may hold a customer's words and is not logged.
fn outcome(journey: Result<Result<Suggestion, AppError>, JoinError>) -> Result<Suggestion, Problem> {
    match journey {
        Ok(made) => made.map_err(Problem::from),
        Err(_) => {
            tracing::error!("a journey panicked");
            Err(Problem::internal())
        }
    }
}

/// A journey counts as under way, and keeps its place in the room, while this lives.
struct Counted {
    under_way: Arc<watch::Sender<usize>>,
    _place: Place,
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.under_way.send_modify(|count| *count -= 1);
    }
}

/// Writes the log of one journey.
struct Recorder {
    hub: Hub,
    workspace: WorkspaceId,
    role: Option<Role>,
    evidence: Mutex<Evidence>,
    writer: watch::Sender<Log>,
}

impl Recorder {
    fn see(&self, step: Step) {
        match step {
            Step::Created { draft, inquiry } => {
                let log = self.writer.subscribe();
                let kept = Kept { workspace: self.workspace.clone(), role: self.role, log };
                self.hub.keep(draft.to_string(), kept);
                self.writer.send_modify(|log| {
                    log.draft = Some(draft.clone());
                    log.inquiry = Some(inquiry.id.clone());
                });
                self.push("draft.created", &events::CreatedEvent::of(Some(&draft), &inquiry));
            }
            Step::Retrieved(evidence) => {
                self.push("retrieval.completed", &events::RetrievedEvent::of(&evidence));
                *lock(&self.evidence) = evidence;
            }
            Step::Delta(text) => self.push("draft.delta", &events::DeltaEvent { text }),
            Step::Restarted(why) => self.push("draft.restarted", &events::RestartedEvent::of(why)),
            Step::Checked(checks) => {
                let evidence = lock(&self.evidence);
                self.push("check.completed", &events::CheckedEvent::of(&checks, &evidence.items));
            }
            // A repeated request sees none of the steps before.
            Step::Completed(suggestion) if self.writer.borrow().events.is_empty() => {
                self.writer.send_modify(|log| log.events.extend(of_record(&suggestion)));
            }
            Step::Completed(suggestion) => self.push("draft.completed", &SuggestionBody::from(&*suggestion)),
            Step::Failed { code } => {
                let code = Code::parse(code).unwrap_or(Code::Internal);
                self.push("draft.failed", &events::FailedEvent::of(code));
            }
        }
    }

    fn push<T: Serialize>(&self, event: &'static str, data: &T) {
        self.writer.send_modify(|log| {
            let id = log.events.len() + 1;
            log.events.push(Arc::new(Sent::new(id, event, data)));
        });
    }

    /// A stream that began says how it ended, even when the journey did not live to say so.
    fn end(&self, failed: Option<&Problem>) {
        let (begun, ended) = {
            let log = self.writer.borrow();
            (!log.events.is_empty(), log.has_ended())
        };
        if let (true, false, Some(problem)) = (begun, ended, failed) {
            self.push("draft.failed", &events::FailedEvent::of(problem.code()));
        }
        self.writer.send_modify(|log| log.over = true);
    }
}

/// The events after the first `after`, as they come.
pub fn follow(mut log: watch::Receiver<Log>, after: usize) -> Response {
    let (to, from) = mpsc::channel::<Result<Event, Infallible>>(READER_BUFFER);
    tokio::spawn(async move {
        let mut next = after;
        loop {
            let (fresh, over) = {
                let log = log.borrow_and_update();
                (log.events.get(next..).unwrap_or_default().to_vec(), log.over)
            };
            next += fresh.len();
            for sent in fresh {
                if to.send(Ok(sent.event())).await.is_err() {
                    return;
                }
            }
            if over || log.changed().await.is_err() {
                return;
            }
        }
    });
    answer(from)
}

/// What is left of a stream that nobody keeps any more, after the event `after`; `None` when that was the last.
pub fn recorded(suggestion: &Suggestion, after: usize) -> Option<Response> {
    let (to, from) = mpsc::channel(READER_BUFFER);
    let left: Vec<_> = of_record(suggestion).into_iter().filter(|sent| sent.id > after).collect();
    for sent in &left {
        // The channel is new and has room for both.
        let _ = to.try_send(Ok(sent.event()));
    }
    (!left.is_empty()).then(|| answer(from))
}

/// The first and the last event of a suggestion's stream, with the ids that they had when it was made.
fn of_record(suggestion: &Suggestion) -> [Arc<Sent>; 2] {
    let draft = suggestion.draft.as_ref();
    // Between them: what was retrieved, what a model said as it came, a delta for each sentence where no model wrote
    // it or nothing of it was shown, what was checked.
    let streamed = suggestion.asked.deltas;
    let by_model = draft.is_some_and(|draft| draft.drafter == Drafter::Prompted);
    let sentences = draft.filter(|_| !(by_model && streamed > 0)).map_or(0, |draft| draft.sentences.len());
    let restarted = usize::from(streamed > 0 && !by_model);
    let last = 4 + streamed + restarted + sentences;
    let created = events::CreatedEvent::of(draft.map(|draft| &draft.id), &suggestion.inquiry);
    [
        Arc::new(Sent::new(1, "draft.created", &created)),
        Arc::new(Sent::new(last, "draft.completed", &SuggestionBody::from(suggestion))),
    ]
}

fn answer(events: mpsc::Receiver<Result<Event, Infallible>>) -> Response {
    let heartbeat = KeepAlive::new().interval(HEARTBEAT).text("still here");
    let stream = Sse::new(ReceiverStream::new(events)).keep_alive(heartbeat);
    // Buffering proxies are asked to pass each event on.
    ([("x-accel-buffering", "no")], stream).into_response()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use tokio::sync::Semaphore;

    use super::*;

    #[tokio::test]
    async fn a_journey_that_panics_ends_its_stream_and_is_no_longer_under_way() {
        let (hub, room) = (Hub::default(), Arc::new(Semaphore::new(1)));
        let recorder = Arc::new(Recorder {
            hub: hub.clone(),
            workspace: WorkspaceId::parse("shop").unwrap(),
            role: Some(Role::Operator),
            evidence: Mutex::default(),
            writer: watch::Sender::new(Log::default()),
        });
        let counted = hub.count(Place::take(&room).unwrap());
        let watching = Arc::clone(&recorder);
        let begun = Hub::begin(recorder, async move {
            let _counted = counted;
            watching.see(Step::Delta("返品は".to_owned()));
            panic!("at 山田太郎")
        });
        let mut log = begun.await.unwrap();
        let log = log.wait_for(|log| log.over).await.unwrap();
        let names: Vec<&str> = log.events.iter().map(|sent| sent.event).collect();
        assert_eq!(names, ["draft.delta", "draft.failed"]);
        assert!(log.events[1].data.contains("\"internal\"") && !log.events[1].data.contains("山田"));
        hub.idle().await;
        assert_eq!(room.available_permits(), 1);
    }
}
