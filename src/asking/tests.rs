//! A model in every kind of trouble, by a clock that the test moves.

use std::{sync::Mutex, time::Duration};

use async_trait::async_trait;

use super::*;
use crate::{
    config::Limits,
    domain::{Message, Speaker, Timestamp},
    ports::{Hear, Heard},
};

struct Still;
impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp(0)
    }
}
impl Ids for Still {
    fn uuid(&self) -> uuid::Uuid {
        uuid::Uuid::nil()
    }
    fn secret(&self) -> Result<[u8; 32], String> {
        Ok([0; 32])
    }
}
impl Tokenizer for Still {
    fn count(&self, text: &str) -> Option<usize> {
        Some(text.chars().count())
    }
}

/// Answers by a list, whose last entry repeats.
struct Listed {
    answers: Vec<Result<&'static str, Unheard>>,
    takes: Duration,
    asked: Mutex<Vec<(usize, bool)>>,
}

#[async_trait]
impl ChatModel for Listed {
    async fn ask(&self, question: Question<'_>, hear: Hear<'_>) -> Heard {
        let at = {
            let mut asked = self.asked.lock().unwrap();
            asked.push((question.messages[0].content.chars().count(), question.schema.is_some()));
            asked.len() - 1
        };
        tokio::time::sleep(self.takes).await;
        let said = self.answers[at.min(self.answers.len() - 1)].clone().map(str::to_owned);
        if let Ok(text) = &said {
            hear(text);
        }
        Heard {
            said,
            parameters: String::new(),
            status: None,
            first_byte: None,
            raw: String::new(),
            answered_by: None,
            response_id: None,
            fingerprint: None,
            finish: None,
            usage: None,
        }
    }
}

#[derive(Default)]
struct Ear(usize);
impl Listener for Ear {
    fn hear(&mut self, _: Citing, _: &str) {
        self.0 += 1;
    }
    fn watches(&self) -> bool {
        false
    }
    fn has_shown(&self) -> bool {
        self.0 > 0
    }
}

struct Case {
    seat: Seat,
    model: Arc<Listed>,
}

impl Case {
    fn new(answers: Vec<Result<&'static str, Unheard>>) -> Self {
        Self::with(answers, Duration::ZERO, |_| {})
    }

    fn with(answers: Vec<Result<&'static str, Unheard>>, takes: Duration, change: fn(&mut ModelSettings)) -> Self {
        let model = Arc::new(Listed { answers, takes, asked: Mutex::default() });
        let mut settings = ModelSettings::new("http://llm.example/v1", "large");
        change(&mut settings);
        let guard = Arc::new(Guard::new(settings.limits.concurrency));
        Self { seat: Seat::new(settings, "llm.example", model.clone(), Arc::new(Still), guard), model }
    }

    async fn ask(&self) -> (Result<String, Failure>, Asked) {
        self.ask_as(&mut Ear::default()).await
    }

    async fn ask_as(&self, ear: &mut Ear) -> (Result<String, Failure>, Asked) {
        let compose = |citing, shorter: Option<usize>| {
            let content = "材".repeat(shorter.unwrap_or(800).min(800));
            Some(Prompt {
                template: String::new(),
                tokens: content.chars().count(),
                messages: vec![Message { role: Speaker::User, content }],
                citing,
                marks: Vec::new(),
                guessed: false,
                budget_tokens: shorter.unwrap_or(6_000),
                cut: Vec::new(),
            })
        };
        let mut asked = Asked::default();
        let source = Source { clock: &Still, ids: &Still };
        let said = self.seat.ask(source, &compose, &|_| serde_json::json!({}), &mut asked, ear).await;
        (said.map(|said| said.text), asked)
    }

    fn asked(&self) -> usize {
        self.model.asked.lock().unwrap().len()
    }
}

fn bad(failure: Failure) -> Result<&'static str, Unheard> {
    Err(Unheard::new(failure, ""))
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_tried_again_and_every_attempt_is_noted() {
    let case = Case::new(vec![bad(Failure::ServerError), bad(Failure::Unreachable), Ok("はい")]);
    let (said, asked) = case.ask().await;
    assert_eq!(said.unwrap(), "はい");
    let failures: Vec<_> = asked.attempts.iter().map(|attempt| attempt.failure).collect();
    assert_eq!(failures, [Some(Failure::ServerError), Some(Failure::Unreachable), None]);
    assert_eq!(asked.prompts.len(), 1, "the same prompt");
}

#[tokio::test(start_paused = true)]
async fn repetitions_are_capped_and_never_pass_the_deadline() {
    let case = Case::new(vec![bad(Failure::ServerError)]);
    assert_eq!(case.ask().await.0, Err(Failure::ServerError));
    assert_eq!(case.asked(), 3);
    let late = Unheard { retry_after: Some(Duration::from_secs(86_400)), ..Unheard::new(Failure::RateLimited, "") };
    let case = Case::new(vec![Err(late)]);
    let before = Instant::now();
    assert_eq!(case.ask().await.0, Err(Failure::RateLimited));
    assert_eq!((case.asked(), before.elapsed()), (1, Duration::ZERO), "nobody waits for tomorrow");
}

#[tokio::test(start_paused = true)]
async fn what_a_watcher_has_read_is_not_said_again() {
    let case = Case::new(vec![bad(Failure::Truncated), Ok("はい")]);
    assert_eq!(case.ask_as(&mut Ear(1)).await.0, Err(Failure::Truncated));
    assert_eq!(case.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_budget_of_repetitions_is_shared_by_all_questions() {
    let case = Case::with(vec![bad(Failure::Malformed)], Duration::ZERO, |settings| settings.limits.retries = 1);
    // Malformed answers open the breaker too: it is let close between the questions.
    let mut asked = 0;
    for _ in 0..40 {
        let before = case.asked();
        case.ask().await.0.unwrap_err();
        asked += case.asked() - before;
        tokio::time::advance(Duration::from_secs(120)).await;
    }
    assert!((40..=55).contains(&asked), "{asked} requests for 40 questions");
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_costs_no_request_and_no_time_and_a_probe_finds_out() {
    let case = Case::with(vec![bad(Failure::Timeout); 5], Duration::from_secs(1), |_| {});
    for _ in 0..5 {
        case.ask().await.0.unwrap_err();
    }
    let before = Instant::now();
    let (said, asked) = case.ask().await;
    assert_eq!((said, case.asked(), before.elapsed()), (Err(Failure::BreakerOpen), 5, Duration::ZERO));
    assert_eq!(asked.attempts[0].failure, Some(Failure::BreakerOpen), "noted too");
    tokio::time::advance(Duration::from_secs(3)).await;
    case.ask().await.0.unwrap_err();
    assert_eq!(case.asked(), 6, "the probe");
}

#[tokio::test(start_paused = true)]
async fn a_full_bulkhead_sends_the_rest_on_after_a_moment() {
    let slow = Duration::from_secs(20);
    let case = Case::with(vec![Ok("はい")], slow, |settings| {
        settings.limits = Limits { concurrency: 2, ..Limits::default() };
    });
    let started = Instant::now();
    let (a, b, c) = tokio::join!(case.ask(), case.ask(), async {
        let asked = case.ask().await;
        (asked, started.elapsed())
    });
    assert!(a.0.is_ok() && b.0.is_ok());
    let ((said, _), after) = c;
    assert_eq!(said, Err(Failure::Busy));
    assert!(after <= Duration::from_secs(1), "{after:?}");
}

#[tokio::test(start_paused = true)]
async fn a_prompt_that_is_too_long_is_made_shorter_once() {
    let told = Unheard { context_tokens: Some(1_524), ..Unheard::new(Failure::TooLong, "") };
    let case = Case::new(vec![Err(told), Ok("はい")]);
    let (said, asked) = case.ask().await;
    assert_eq!((said.unwrap().as_str(), asked.prompts.len()), ("はい", 2));
    assert_eq!(asked.prompts[1].budget_tokens, 450, "nine tenths of what is left beside the answer");
    let case = Case::new(vec![bad(Failure::TooLong)]);
    let (said, asked) = case.ask().await;
    assert_eq!((said, asked.attempts.len()), (Err(Failure::TooLong), 2));
    assert_eq!(asked.prompts[1].budget_tokens, 400, "half, where the server does not say");
}

#[tokio::test(start_paused = true)]
async fn a_server_without_schemas_is_asked_for_markers_from_then_on() {
    let refuses = Unheard { no_schema: true, ..Unheard::new(Failure::Rejected, "") };
    let answers = vec![Err(refuses), Ok("はい"), Ok("はい")];
    let case = Case::with(answers, Duration::ZERO, |settings| settings.citing = Citing::Schema);
    let (said, asked) = case.ask().await;
    assert_eq!((said.unwrap().as_str(), asked.prompts[1].citing), ("はい", Citing::Marker));
    case.ask().await.0.unwrap();
    let schemas: Vec<bool> = case.model.asked.lock().unwrap().iter().map(|(_, schema)| *schema).collect();
    assert_eq!(schemas, [true, false, false]);
}
