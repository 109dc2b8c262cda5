//! Commands that work at one workspace's desk: ingest, search, draft.

use std::{io::Read as _, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::Args;

use super::{Place, explained};
use crate::{
    app::{App, LookedFor, When},
    config::Settings,
    domain::{
        Channel, Evidence, InquiryText, NewInquiry, Outcome, Principal, Suggestion, Timestamp, Workspace, WorkspaceId,
    },
    wire,
};

/// `aizuchi ingest`
#[derive(Args)]
pub(super) struct Ingest {
    /// Which workspace; it is opened if it does not exist
    #[arg(long, value_parser = WorkspaceId::parse)]
    workspace: WorkspaceId,
    /// The brand's name, for a workspace that is opened now
    #[arg(long)]
    name: Option<String>,
    /// The folder
    folder: PathBuf,
}

impl Ingest {
    /// Prints what came, changed and went; 1 when something was rejected.
    pub(super) async fn run(self, place: &Place) -> anyhow::Result<ExitCode> {
        let data = place.data.clone().context("say where the installation is: --data DIR")?;
        let app = wire::open(place.settings(data)?).await?;
        let who = Principal::system();
        let name = self.name.unwrap_or_else(|| self.workspace.to_string());
        app.open(&who, Workspace { id: self.workspace.clone(), name }).await?;
        let folder = wire::read_folder(&self.folder)?;
        let report = app.ingest(&who, &self.workspace, &folder.source()).await?;
        println!(
            "added {}, changed {}, unchanged {}, retired {}, rejected {}",
            report.added,
            report.changed,
            report.unchanged,
            report.retired,
            report.rejected.len()
        );
        for rejected in &report.rejected {
            println!("{rejected}");
        }
        Ok(if report.rejected.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

/// `aizuchi search`
#[derive(Args)]
pub(super) struct Search {
    /// Which workspace
    #[arg(long, value_parser = WorkspaceId::parse, default_value = "officelink")]
    workspace: WorkspaceId,
    /// How many passages at most
    #[arg(long, default_value_t = 8)]
    limit: usize,
    /// Say what each score is made of, and what was left out and why
    #[arg(long)]
    explain: bool,
    /// When the question is asked: rules that hold then
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    as_of: Option<Timestamp>,
    /// The day the order was placed, for rules that hold by order date
    #[arg(long, value_name = "DAY", value_parser = moment)]
    order_date: Option<Timestamp>,
    /// What was known then: documents as they were recorded
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    known_at: Option<Timestamp>,
    /// What to look for
    text: String,
}

impl Search {
    /// Prints rank, score, kind, key and the beginning of each passage.
    pub(super) async fn run(self, place: &Place) -> anyhow::Result<()> {
        let desk = Desk::open(place).await?;
        let who = Principal::system();
        let order_date = self.order_date.map(Timestamp::day);
        let when = When { as_of: self.as_of, order_date, known_at: self.known_at };
        let looked_for = LookedFor { workspace: &self.workspace, text: &self.text, limit: self.limit, when };
        if self.explain {
            let (_, explanation) = desk.app.explain(&who, &looked_for).await?;
            explained::print(&explanation);
        } else {
            print_evidence(&desk.app.search(&who, &looked_for).await?);
        }
        Ok(())
    }
}

/// `aizuchi draft`
#[derive(Args)]
pub(super) struct Ask {
    /// Which workspace
    #[arg(long, value_parser = WorkspaceId::parse, default_value = "officelink")]
    workspace: WorkspaceId,
    /// email, chat, line, phone_note or form
    #[arg(long, default_value = "email", value_parser = channel)]
    channel: Channel,
    /// What the customer wrote; standard input if not given
    text: Option<String>,
}

fn moment(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text)
        .map_err(|_| "expected a moment like 2026-11-23T09:31:00+09:00 or a day like 2026-11-23".to_owned())
}

fn channel(text: &str) -> Result<Channel, String> {
    Channel::parse(text).ok_or_else(|| "expected email, chat, line, phone_note or form".to_owned())
}

impl Ask {
    /// Prints the outcome, the letter with the number of each citation, and what it stands on.
    pub(super) async fn run(self, place: &Place) -> anyhow::Result<()> {
        let text = match self.text {
            Some(text) => text,
            None => {
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text).context("standard input is not UTF-8 text")?;
                text
            }
        };
        let desk = Desk::open(place).await?;
        let new = NewInquiry {
            workspace: self.workspace,
            channel: self.channel,
            text: InquiryText::parse(&text)?,
            conversation: None,
            customer: None,
            order: None,
            records: Vec::new(),
        };
        let suggestion = desk.app.suggest(&Principal::system(), new, None, None).await?;
        print_suggestion(&suggestion);
        Ok(())
    }
}

/// An installation, or a throw-away one with the samples.
pub(super) struct Desk {
    pub(super) app: App,
    _throw_away: Option<ThrowAway>,
}

struct ThrowAway(PathBuf);

impl Drop for ThrowAway {
    fn drop(&mut self) {
        // Left behind it wastes a little room and nothing else.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Desk {
    pub(super) async fn open(place: &Place) -> anyhow::Result<Self> {
        if let Some(data) = &place.data {
            return Ok(Self { app: wire::open(place.settings(data.clone())?).await?, _throw_away: None });
        }
        let desk = Self::throw_away(place).await?;
        wire::load_samples(&desk.app).await?;
        Ok(desk)
    }

    /// An empty installation that is gone with this process.
    pub(super) async fn throw_away(place: &Place) -> anyhow::Result<Self> {
        let data = std::env::temp_dir().join(format!("aizuchi-{}", std::process::id()));
        let throw_away = ThrowAway(data.clone());
        // What is tried out never goes into a database that somebody works with.
        let settings = Settings { database_url: None, ..place.settings(data)? };
        Ok(Self { app: wire::open(settings).await?, _throw_away: Some(throw_away) })
    }
}

fn print_evidence(evidence: &Evidence) {
    for item in &evidence.items {
        let start: String = item.text.chars().take(60).map(|c| if c == '\n' { ' ' } else { c }).collect();
        println!("{:>2}  {:.3}  {:<10}  {:<28}  {start}", item.rank, item.score, item.kind(), item.key);
    }
}

fn print_suggestion(suggestion: &Suggestion) {
    println!(
        "outcome: {}   situation: {}",
        suggestion.outcome.as_str(),
        suggestion.inquiry.situations.primary.as_str()
    );
    if let Outcome::Handoff { reason, packet } = &suggestion.outcome {
        println!("reason: {}\nsummary: {}", reason.as_str(), packet.summary);
        for (name, value) in &packet.given {
            println!("given: {name} = {value}");
        }
    }
    let Some(draft) = &suggestion.draft else { return print_evidence(&suggestion.evidence) };
    match draft.fallback {
        Some(failure) => {
            println!("drafter: {}, because the model failed: {}", draft.drafter.as_str(), failure.as_str())
        }
        None => println!("drafter: {}", draft.drafter.as_str()),
    }
    println!("\n{}\n", draft.text);
    for flag in &draft.flags {
        println!("to be mended: {} {}", flag.kind.as_str(), flag.span.of(&draft.text));
    }
    for verdict in &suggestion.checks.grounding.verdicts {
        let cited: Vec<String> = verdict.citations.iter().map(|at| format!("[{}]", at + 1)).collect();
        let by = match (verdict.weak, verdict.by_model) {
            (true, _) => " (weak)",
            (_, true) => " (by a model)",
            _ => "",
        };
        println!("{:<12}{by} {} {}", verdict.verdict.as_str(), verdict.span.of(&draft.text), cited.join(""));
    }
    for (at, citation) in suggestion.checks.citations().iter().enumerate() {
        let Some(item) = suggestion.evidence.items.get(citation.evidence) else { continue };
        println!("[{}] {} {}: {}", at + 1, item.kind(), item.key, citation.quote);
    }
    for finding in &suggestion.checks.findings {
        let words = finding.seen.span.map(|span| span.of(&draft.text)).unwrap_or("(the whole reply)");
        println!("{} {} {words}: {}", finding.seen.severity.as_str(), finding.seen.rule, finding.seen.clause);
    }
}
