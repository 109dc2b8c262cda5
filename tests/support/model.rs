//! A model's server for tests: OpenAI's wire over bare TCP, so that it can misbehave down to the byte. A `Turn` says what
//! one answer is and becomes a list of writes once the request is known. What a client makes of it is not known here.
#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(missing_docs)]

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    task::{JoinHandle, JoinSet, yield_now},
    time::{Instant, sleep},
};

pub const MODEL: &str = "scripted-model";
/// The whole body of `Turn::huge`.
pub const HUGE_BYTES: usize = 100_000_000;

pub struct ScriptedServer {
    port: u16,
    state: Shared,
    task: JoinHandle<()>,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    /// With the query.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// `Null` when empty, a string when it is not JSON.
    pub body: Value,
    pub at: Instant,
}

type Shared = Arc<Mutex<State>>;
type Make = Arc<dyn Fn(&Value) -> Turn + Send + Sync>;

struct State {
    source: Source,
    asked: Vec<Asked>,
    hung_up: usize,
    written: u64,
}

enum Source {
    Script(Vec<Turn>, usize),
    Made(Make),
}

impl ScriptedServer {
    /// The last turn repeats.
    pub async fn start(script: Vec<Turn>) -> Self {
        assert!(!script.is_empty(), "a script has a turn");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = State { source: Source::Script(script, 0), asked: Vec::new(), hung_up: 0, written: 0 };
        let state = Arc::new(Mutex::new(state));
        let task = tokio::spawn(accept(listener, Arc::clone(&state)));
        Self { port, state, task }
    }

    pub async fn answering(text: &str) -> Self {
        Self::start(vec![Turn::says(text)]).await
    }

    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    /// All requests so far, those for `models` among them.
    pub fn asked(&self) -> Vec<Asked> {
        lock(&self.state).asked.clone()
    }

    pub fn now_does(&self, turn: Turn) {
        lock(&self.state).source = Source::Script(vec![turn], 0);
    }

    pub fn reply_with(&self, f: impl Fn(&Value) -> Turn + Send + Sync + 'static) {
        lock(&self.state).source = Source::Made(Arc::new(f));
    }

    /// Connections that the client closed before the answer was complete.
    pub fn hung_up(&self) -> usize {
        lock(&self.state).hung_up
    }

    /// Bytes that went out on all connections, heads included.
    pub fn written(&self) -> u64 {
        lock(&self.state).written
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A panic of one test's closure leaves the state as it was.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Clone, Default)]
enum Content {
    #[default]
    Text,
    Fixed(Vec<u8>),
    /// A body, and what a stream carries instead.
    Malformed(Vec<u8>, Vec<Vec<u8>>),
    /// Head and all.
    Raw(Vec<u8>),
    Trickle,
    Endless,
    EndlessLine,
    Huge,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Ending {
    #[default]
    Whole,
    Cut,
    Stall,
    HeadOnly,
}

#[derive(Clone, Copy, PartialEq)]
enum Framing {
    Chunked,
    Length,
    UntilClose,
}

/// One answer. A stream when one is asked for, with `usage` when that is, unless the turn says otherwise.
#[derive(Clone, Default)]
pub struct Turn {
    status: u16,
    headers: Vec<(String, String)>,
    content: Content,
    text: String,
    refusal: Option<String>,
    reasoning: String,
    finish: Option<String>,
    model: String,
    /// Prompt, completion, and the prompt's cached part.
    usage: Option<[u64; 3]>,
    stream: Option<bool>,
    unless: Option<(String, Box<Turn>)>,
    error: Option<Value>,
    done: bool,
    twice: bool,
    llama: bool,
    comments: bool,
    extra: bool,
    crlf: bool,
    framing: Option<Framing>,
    ending: Ending,
    piece_chars: usize,
    pause: Option<Duration>,
    after: Duration,
    split: bool,
}

/// Constructors, a line each.
macro_rules! turns {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $kind:ty),*) = $turn:expr;)*) => {
        impl Turn { $($(#[$doc])* pub fn $name($($arg: $kind),*) -> Self { $turn })* }
    };
}

/// Builder methods, each for one field.
macro_rules! adjustments {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $kind:ty),*) $field:ident = $value:expr;)*) => {
        impl Turn { $($(#[$doc])* pub fn $name(self $(, $arg: $kind)*) -> Self { Self { $field: $value, ..self } })* }
    };
}

turns! {
    says(text: &str) = Self { text: text.into(), ..Self::of(Content::Text) };
    /// The bytes of head and body as they are; then the connection closes.
    raw(bytes: impl Into<Vec<u8>>) = Self::of(Content::Raw(bytes.into()));
    refuses(text: &str) = Self::says("").refusing(text);

    // Ways to go wrong; without a stream they do to the body what they can.
    ignores_stream(text: &str) = Self { stream: Some(false), ..Self::says(text) };
    streams_unasked(text: &str) = Self { stream: Some(true), ..Self::says(text) };
    ends_without_finish(text: &str) = Self { finish: None, done: false, ..Self::says(text) };
    ends_without_done(text: &str) = Self { done: false, ..Self::says(text) };
    empty_stream() = Self { done: false, ..Self::of(Content::Malformed(Vec::new(), Vec::new())) };
    /// Closes in the middle of an event; with `until_close` only the text tells.
    cuts_off(text: &str) = Self::says(text).cut();
    stalls(text: &str) = Self::says(text).stalling();
    /// Half the text, an error event, `[DONE]`; 500 when no stream is asked for.
    fails_midway(text: &str, error: Value) = Self { error: Some(error), ..Self::says(text) };
    repeats_chunks(text: &str) = Self { twice: true, ..Self::says(text) };
    head_only() = Self { ending: Ending::HeadOnly, ..Self::says("") };
    never_answers() = Self::raw("").stalling();
    closes_at_once() = Self::raw("");
    /// A byte a second for ever, or as `pausing` says.
    trickles() = Self::of(Content::Trickle);
    /// Events for ever; one body without an end when no stream is asked for.
    endless() = Self::of(Content::Endless);
    /// One event, or one body, without an end.
    endless_line() = Self::of(Content::EndlessLine);
    /// One event, or one body, of `HUGE_BYTES` as its content-length says.
    huge() = Self::of(Content::Huge).content_length();

    // Statuses, in the shapes that servers and gateways give them.
    status(status: u16) = Self { status, ..Self::of(Content::Fixed(Vec::new())) };
    error(status: u16, kind: &str, code: impl Into<Value>, message: &str) = Self::status(status)
        .body(json!({"error": {"message": message, "type": kind, "param": null, "code": code.into()}}));
    /// The code is the status.
    llama_error(status: u16, kind: &str, message: &str) = Self::status(status)
        .body(json!({"error": {"code": status, "message": message, "type": kind}}));
    llama_too_long(n_prompt: u64, n_ctx: u64) = Self::status(400).body(json!({"error": {"code": 400,
        "message": "the request exceeds the available context size, try increasing it",
        "type": "exceed_context_size_error", "n_prompt_tokens": n_prompt, "n_ctx": n_ctx}}));
    problem(status: u16, detail: &str) = Self::status(status).sends("application/problem+json",
        json!({"type": "about:blank", "title": "Problem", "status": status, "detail": detail}).to_string());
    detail(status: u16, detail: &str) = Self::status(status).body(json!({"detail": detail}));
    plain(status: u16, text: &str) = Self::status(status).sends("text/plain; charset=utf-8", text);
    bad_gateway() = Self::status(502).sends("text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>");
    unavailable() = Self::status(503);
    unauthorized() = Self::error(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided.");
    forbidden() = Self::error(403, "invalid_request_error", "unsupported_country_region_territory", "Not here.");
    no_such_model() = Self::error(404, "invalid_request_error", "model_not_found", "The model does not exist.");
    too_long() = Self::error(400, "invalid_request_error", "context_length_exceeded", "Maximum is 8192 tokens.");
    rate_limited(retry_after: &str) = Self::error(429, "requests", "rate_limit_exceeded", "Rate limit reached.")
        .header("retry-after", retry_after);
    out_of_quota() = Self::error(429, "insufficient_quota", "insufficient_quota", "You exceeded your quota.");
    /// Says the text to whoever asks without it.
    rejects_response_format(status: u16, text: &str) = Self::says(text).unless("response_format",
        Self::error(status, "invalid_request_error", Value::Null, "'response_format' is not supported"));
    redirects_to(url: &str) = Self::status(307).header("location", url);

    // 200 and nonsense, as a body and as the only event before `[DONE]`.
    truncated_json() = Self::spoiled(|good| good[..good.len() / 2].into());
    not_json() = Self::spoiled(|_| "<!doctype html><p>Welcome".into());
    /// A byte that UTF-8 has no use for, between good characters.
    bad_utf8() = Self::spoiled(|good| good.iter().map(|byte| if *byte == b'?' { 0xff } else { *byte }).collect());
    content_is_a_number() = Self::odd_content(json!(42));
    null_content() = Self::odd_content(Value::Null);
    choices_is_an_object() = Self::odd_choices(json!({"message": {"content": "yes"}, "delta": {"content": "yes"}}));
    empty_choices() = Self::odd_choices(json!([]));
    no_message() = Self::odd_choices(json!([{"index": 0, "finish_reason": "stop"}]));
}

adjustments! {
    finish(reason: &str) finish = Some(reason.into());
    refusing(text: &str) refusal = Some(text.into());
    /// Before the text.
    reasoning(text: &str) reasoning = text.into();
    model(name: &str) model = name.into();
    usage(prompt: u64, completion: u64, cached: u64) usage = Some([prompt, completion, cached]);
    /// Even when it is asked for.
    without_usage() usage = None;
    /// First `content: null`, `timings`, no `refusal`; OpenAI's first is `""`.
    like_llama() llama = true;
    with_extra_fields() extra = true;
    with_comments() comments = true;
    crlf() crlf = true;
    in_pieces_of(chars: usize) piece_chars = chars.max(1);
    /// Between pieces.
    pausing(time: Duration) pause = Some(time);
    /// Before the head.
    after(time: Duration) after = time;
    /// Writes that end inside characters, lines, and line ends.
    split_bytes() split = true;
    /// The habit of streams.
    chunked() framing = Some(Framing::Chunked);
    /// The habit of bodies.
    content_length() framing = Some(Framing::Length);
    until_close() framing = Some(Framing::UntilClose);
    /// Closes in the middle.
    cut() ending = Ending::Cut;
    /// Stops in the middle, and stays.
    stalling() ending = Ending::Stall;
    /// Another turn for a request that has this field.
    unless(field: &str, turn: Turn) unless = Some((field.into(), Box::new(turn)));
}

impl Turn {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        assert!(!format!("{name}{value}").contains(['\r', '\n']), "a header is one line; see `raw`");
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn body(self, body: Value) -> Self {
        self.sends("application/json", body.to_string())
    }

    pub fn sends(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { content: Content::Fixed(body.into()), ..self }.header("content-type", content_type)
    }

    fn of(content: Content) -> Self {
        let (model, finish, usage) = (MODEL.into(), Some("stop".into()), Some([120, 42, 64]));
        Self { status: 200, content, model, finish, usage, done: true, piece_chars: 3, ..Self::default() }
    }

    fn odd_choices(choices: Value) -> Self {
        let make = |object, other| {
            let mut choices = choices.clone();
            choices.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut).for_each(|choice| {
                choice.remove(other);
            });
            Self::says("").envelope(object, choices).to_string().into_bytes()
        };
        Self::of(Content::Malformed(make("chat.completion", "delta"), vec![make("chat.completion.chunk", "message")]))
    }

    fn odd_content(content: Value) -> Self {
        let said = json!({"role": "assistant", "content": content});
        Self::odd_choices(json!([{"index": 0, "message": said, "delta": said, "finish_reason": "stop"}]))
    }

    fn spoiled(spoil: impl Fn(&[u8]) -> Vec<u8>) -> Self {
        let mut turn = Self::odd_content(json!("返?品"));
        if let Content::Malformed(body, events) = &mut turn.content {
            [body].into_iter().chain(events).for_each(|good| *good = spoil(good));
        }
        turn
    }
}

/// The JSON of an answer.
impl Turn {
    fn envelope(&self, object: &str, choices: Value) -> Value {
        let mut all = json!({"id": "chatcmpl-scripted", "object": object, "created": 1_760_000_000,
            "model": self.model, "system_fingerprint": "fp_scripted", "choices": choices});
        if self.extra {
            all["timings"] = json!({"prompt_ms": 1.5, "choices": [{"message": {"content": "unknown"}}]});
            all["usage"] = Value::Null;
        }
        all
    }

    fn with_usage(&self, mut all: Value) -> Value {
        if let Some([prompt, completion, cached]) = self.usage {
            all["usage"] = json!({"prompt_tokens": prompt, "completion_tokens": completion,
                "total_tokens": prompt + completion, "prompt_tokens_details": {"cached_tokens": cached}});
        }
        self.with_timings(all)
    }

    fn with_timings(&self, mut all: Value) -> Value {
        if self.llama {
            all["timings"] = json!({"predicted_ms": 12.5});
        }
        all
    }

    fn whole(&self, text: &str) -> Value {
        let content = if self.refusal.is_some() { Value::Null } else { text.into() };
        let mut message = json!({"role": "assistant", "content": content});
        if !self.llama {
            (message["refusal"], message["annotations"]) = (json!(self.refusal), json!([]));
        }
        if self.extra || !self.reasoning.is_empty() {
            message["reasoning_content"] = json!(self.reasoning);
        }
        let choice = json!({"index": 0, "message": message, "logprobs": null, "finish_reason": self.finish});
        self.with_usage(self.envelope("chat.completion", json!([choice])))
    }

    fn chunk(&self, mut delta: Value, finish: Option<&str>) -> Value {
        if self.extra {
            delta["annotations"] = json!([]);
        }
        let choice = json!({"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish});
        self.envelope("chat.completion.chunk", json!([choice]))
    }

    fn events(&self, asked: &Value) -> Vec<Value> {
        let mut deltas =
            vec![json!({"role": "assistant", "content": if self.llama { Value::Null } else { "".into() }})];
        if self.extra {
            deltas[0]["reasoning_content"] = Value::Null;
        }
        let said = match &self.refusal {
            Some(refusal) => ("refusal", refusal),
            None => ("content", &self.text),
        };
        for (key, text) in [("reasoning_content", &self.reasoning), said] {
            let chars: Vec<char> = text.chars().collect();
            deltas.extend(chars.chunks(self.piece_chars).map(|piece| json!({ key: String::from_iter(piece) })));
        }
        if self.error.is_some() {
            deltas.truncate(deltas.len().div_ceil(2));
        }
        let mut events: Vec<Value> = deltas.into_iter().map(|delta| self.chunk(delta, None)).collect();
        if let Some(error) = &self.error {
            events.push(json!({ "error": error }));
            return events;
        }
        let asks_usage = asked["stream_options"]["include_usage"] == true && self.usage.is_some();
        if let Some(finish) = &self.finish {
            let last = self.chunk(json!({}), Some(finish));
            events.push(if asks_usage { last } else { self.with_timings(last) });
        }
        if asks_usage && self.finish.is_some() {
            events.push(self.with_usage(self.envelope("chat.completion.chunk", json!([]))));
        }
        events
    }
}

/// A wait, then bytes; so many times.
type Write = (Duration, Vec<u8>, u64);

#[derive(Clone, Copy)]
enum Then {
    NextRequest,
    Close,
    Hang,
}

/// The bytes of an answer.
impl Turn {
    fn plan(&self, asked: &Value) -> (Vec<Write>, Then) {
        if let Some((_, turn)) = self.unless.as_ref().filter(|(field, _)| !asked[field].is_null()) {
            return turn.plan(asked);
        }
        let fixed = matches!(self.content, Content::Fixed(_) | Content::Raw(_));
        let streams = !fixed && self.stream.unwrap_or(asked["stream"] == true);
        let goes_on =
            matches!(self.content, Content::Trickle | Content::Endless | Content::EndlessLine | Content::Huge);
        let by_habit = if streams || goes_on { Framing::Chunked } else { Framing::Length };
        let framing = self.framing.unwrap_or(by_habit);
        let raw = matches!(self.content, Content::Raw(_));
        let mut writes = if goes_on { self.goes_on(streams) } else { self.pieces(streams, asked) };
        let length = writes.iter().map(|(_, bytes, times)| bytes.len() * *times as usize).sum();
        if framing == Framing::Chunked && !raw {
            writes.iter_mut().for_each(|(_, bytes, _)| *bytes = chunk_of(bytes));
            // In one write with the last piece, for a client that leaves after `[DONE]` has not hung up.
            match writes.last_mut() {
                Some((_, last, 1)) => last.extend(b"0\r\n\r\n"),
                _ => writes.push((Duration::ZERO, b"0\r\n\r\n".into(), 1)),
            }
        }
        if self.ending == Ending::HeadOnly {
            writes.clear();
        } else if self.ending != Ending::Whole {
            // Before the middle, since a stream ends in events that carry no text.
            let kept = writes.len().saturating_sub(2) / 2;
            writes.truncate(kept + 1);
            writes.iter_mut().skip(kept).for_each(|(_, bytes, _)| bytes.truncate(bytes.len() / 2));
        }
        let head = if raw { Vec::new() } else { self.head(streams, framing, length) };
        writes.insert(0, (self.after, head, 1));
        let then = match self.ending {
            Ending::Stall | Ending::HeadOnly => Then::Hang,
            Ending::Whole if !raw && framing != Framing::UntilClose => Then::NextRequest,
            Ending::Whole | Ending::Cut => Then::Close,
        };
        if self.split {
            let last = writes.len() - 1;
            writes = writes.iter().enumerate().flat_map(|(at, write)| split(write, at == last)).collect();
        }
        (writes, then)
    }

    fn head(&self, streams: bool, framing: Framing, length: usize) -> Vec<u8> {
        let status = if self.error.is_some() && !streams { 500 } else { self.status };
        let kind = if streams { "text/event-stream" } else { "application/json" };
        let mut headers = self.headers.clone();
        let given = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if !given && !matches!(self.content, Content::Fixed(_)) {
            headers.push(("content-type".into(), kind.into()));
        }
        headers.push(match framing {
            Framing::Chunked => ("transfer-encoding".into(), "chunked".into()),
            Framing::Length => ("content-length".into(), length.to_string()),
            Framing::UntilClose => ("connection".into(), "close".into()),
        });
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("HTTP/1.1 {status} Scripted\r\n{lines}\r\n").into()
    }

    fn pieces(&self, streams: bool, asked: &Value) -> Vec<Write> {
        let mut pieces: Vec<Vec<u8>> = match &self.content {
            Content::Fixed(bytes) | Content::Raw(bytes) => vec![bytes.clone()],
            Content::Malformed(_, events) if streams => events.clone(),
            Content::Malformed(body, _) => vec![body.clone()],
            _ if streams => self.events(asked).iter().map(|event| event.to_string().into()).collect(),
            _ if self.error.is_some() => vec![json!({ "error": self.error }).to_string().into()],
            _ => vec![self.whole(&self.text).to_string().into()],
        };
        if streams {
            pieces = pieces.iter().flat_map(|event| vec![event.clone(); 1 + usize::from(self.twice)]).collect();
            pieces.extend(self.done.then(|| b"[DONE]".to_vec()));
            pieces = pieces.iter().enumerate().map(|(at, event)| self.event(at, event)).collect();
        }
        let wait = |at| self.pause.filter(|_| at > 0).unwrap_or_default();
        pieces.into_iter().enumerate().map(|(at, piece)| (wait(at), piece, 1)).collect()
    }

    fn event(&self, at: usize, data: &[u8]) -> Vec<u8> {
        let end: &[u8] = if self.crlf { b"\r\n" } else { b"\n" };
        let comment: &[u8] = if at.is_multiple_of(2) { b": ping" } else { b":" };
        let before = if self.comments { [comment, end, end].concat() } else { Vec::new() };
        [&before, &b"data: "[..], data, end, end].concat()
    }

    fn goes_on(&self, streams: bool) -> Vec<Write> {
        const BLOCK: usize = 1 << 14;
        let for_ever = 1 << 40;
        let said = if streams { self.chunk(json!({"content": "?"}), None) } else { self.whole("?") }.to_string();
        let said = if streams { self.event(0, said.as_bytes()) } else { said.into() };
        let (before, after) = said.split_at(said.iter().position(|byte| *byte == b'?').unwrap());
        let fill = |size| vec![b'x'; size];
        match self.content {
            // Space before a value is JSON, so it is not wrong at any byte.
            Content::Trickle => vec![(self.pause.unwrap_or(Duration::from_secs(1)), b" ".into(), for_ever)],
            Content::Endless if streams => vec![(Duration::ZERO, said.repeat(64), for_ever)],
            Content::Huge => {
                let done = if streams { self.event(1, b"[DONE]") } else { Vec::new() };
                let room = HUGE_BYTES - said.len() - done.len();
                let last = [&fill(room % BLOCK), after, &done].concat();
                let filled = (Duration::ZERO, fill(BLOCK), (room / BLOCK) as u64);
                vec![(Duration::ZERO, before.into(), 1), filled, (Duration::ZERO, last, 1)]
            }
            _ => vec![(Duration::ZERO, before.into(), 1), (Duration::ZERO, fill(BLOCK), for_ever)],
        }
    }
}

fn chunk_of(bytes: &[u8]) -> Vec<u8> {
    if bytes.is_empty() {
        return Vec::new();
    }
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

fn split((wait, bytes, times): &Write, last: bool) -> Vec<Write> {
    if *times > 1 {
        return vec![(*wait, bytes.clone(), *times)];
    }
    // What follows `[DONE]` stays with it, as in `plan`.
    let may_cut = bytes.len().saturating_sub(if last { 12 } else { 0 });
    let cuts = (1..may_cut).filter(|at| matches!(bytes[at - 1], b'\n' | 0xc0..) || at % 64 == 7);
    let ends: Vec<usize> = cuts.chain([bytes.len()]).collect();
    let starts = [0].into_iter().chain(ends.iter().copied());
    let parts = starts.zip(&ends).map(|(start, end)| bytes[start..*end].to_vec());
    // Two threads need a moment for the reader to see each write by itself.
    parts.enumerate().map(|(at, part)| (if at == 0 { *wait } else { Duration::from_millis(1) }, part, 1)).collect()
}

async fn accept(listener: TcpListener, state: Shared) {
    // Dropped with this task, and the conversations with it.
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => { open.spawn(converse(stream, Arc::clone(&state))); }
            Some(_) = open.join_next() => {}
        }
    }
}

async fn converse(stream: TcpStream, state: Shared) {
    let _ = stream.set_nodelay(true);
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    while let Ok((method, asked)) = read(&mut reader).await {
        let (writes, then) = answer(&state, &method, &asked);
        let played = tokio::select! {
            biased;
            played = play(&mut writer, writes, then, &state) => played,
            () = closed(&mut reader) => Err(io::ErrorKind::BrokenPipe.into()),
        };
        if played.is_err() {
            lock(&state).hung_up += 1;
        }
        let leaves = asked.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        if leaves || !matches!((played, then), (Ok(()), Then::NextRequest)) {
            return;
        }
    }
}

fn answer(state: &Mutex<State>, method: &str, asked: &Asked) -> (Vec<Write>, Then) {
    let mut now = lock(state);
    now.asked.push(asked.clone());
    let path = asked.path.split('?').next().unwrap_or_default();
    if method == "GET" && path.ends_with("/models") {
        let first = json!({"id": MODEL, "object": "model", "created": 1_760_000_000, "owned_by": "tests"});
        let second = json!({"id": "without-created", "object": "model", "owned_by": "tests"});
        return Turn::status(200).body(json!({"object": "list", "data": [first, second]})).plan(&Value::Null);
    }
    if method != "POST" || !["/chat/completions", "/embeddings"].iter().any(|known| path.ends_with(known)) {
        return Turn::error(404, "invalid_request_error", Value::Null, "Unknown path").plan(&Value::Null);
    }
    let make = match &mut now.source {
        Source::Script(script, next) => {
            let at = (*next).min(script.len() - 1);
            *next = at + 1;
            return script[at].plan(&asked.body);
        }
        Source::Made(make) => Arc::clone(make),
    };
    drop(now);
    make(&asked.body).plan(&asked.body)
}

async fn play(writer: &mut OwnedWriteHalf, writes: Vec<Write>, then: Then, state: &Mutex<State>) -> io::Result<()> {
    for (wait, bytes, times) in writes {
        for _ in 0..times {
            // Without a wait the reader runs all the same, and sees each write.
            if wait.is_zero() {
                yield_now().await
            } else {
                sleep(wait).await
            }
            let mut rest = &bytes[..];
            while !rest.is_empty() {
                let count = writer.write(rest).await?;
                lock(state).written += count as u64;
                rest = &rest[count..];
            }
        }
    }
    if matches!(then, Then::Hang) { std::future::pending().await } else { Ok(()) }
}

/// Until the client has closed, unless it has sent more.
async fn closed(reader: &mut BufReader<OwnedReadHalf>) {
    if reader.fill_buf().await.is_ok_and(|more| !more.is_empty()) {
        std::future::pending().await
    }
}

async fn line(reader: &mut BufReader<OwnedReadHalf>) -> io::Result<String> {
    let mut line = Vec::new();
    if reader.read_until(b'\n', &mut line).await? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}

async fn read(reader: &mut BufReader<OwnedReadHalf>) -> io::Result<(String, Asked)> {
    let first = line(reader).await?;
    let mut words = first.split(' ').map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut asked = Asked { path, headers: Vec::new(), body: Value::Null, at: Instant::now() };
    while let Some((name, value)) = line(reader).await?.split_once(':') {
        asked.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut body = Vec::new();
    if asked.header("transfer-encoding").is_some() {
        loop {
            let size = line(reader).await?;
            let size =
                usize::from_str_radix(size.split(';').next().unwrap_or_default(), 16).map_err(io::Error::other)?;
            if size == 0 {
                while !line(reader).await?.is_empty() {}
                break;
            }
            let start = body.len();
            body.resize(start + size, 0);
            reader.read_exact(&mut body[start..]).await?;
            line(reader).await?;
        }
    } else if let Some(length) = asked.header("content-length") {
        body.resize(length.parse().map_err(io::Error::other)?, 0);
        reader.read_exact(&mut body).await?;
    }
    if !body.is_empty() {
        asked.body = serde_json::from_slice(&body).unwrap_or_else(|_| String::from_utf8_lossy(&body).into());
    }
    asked.at = Instant::now();
    Ok((method, asked))
}
