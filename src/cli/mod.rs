//! The command line. Without arguments it is the demo; every command decodes, calls one verb and prints.

mod affected;
mod audit;
mod demo;
mod desk;
mod embeddings;
mod erase;
mod explained;
mod grounding;
mod guide;
mod keys;
mod lines;
mod models;
mod observe;
mod overlaps;
mod serve;
mod single_sign_on;
mod tone;
mod users;

use std::{net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use clap::{Args, Parser, Subcommand};

use self::{embeddings::EmbeddingArgs, models::ModelArgs, observe::Observed, single_sign_on::SingleSignOnArgs};
use crate::{
    config::{PublicUrl, Settings},
    eval, wire,
};

/// Agent assist for Japanese online shops: drafts that show their ground.
#[derive(Parser)]
#[command(name = "aizuchi", version, about, long_about = None)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Where and how this process runs. Each flag can also be set by the variable beside it.
#[derive(Args, Clone)]
struct Place {
    /// Folder of store, index and secret [default: ./data-demo for the demo, a throw-away folder for search and draft]
    #[arg(long, env = "AIZUCHI_DATA", global = true)]
    data: Option<PathBuf>,
    /// Folder where signed checkpoints of the audit log are kept: best on another disk and of another account [default: in --data]
    #[arg(long, env = "AIZUCHI_CHECKPOINTS", global = true)]
    checkpoints: Option<PathBuf>,
    /// PostgreSQL URL in place of the SQLite file
    #[arg(long, env = "AIZUCHI_DATABASE_URL", global = true, hide_env_values = true)]
    database_url: Option<String>,
    /// Where HTTP listens
    #[arg(long, env = "AIZUCHI_LISTEN", global = true, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Host names that requests may carry beside the loopback ones, separated by commas
    #[arg(long, env = "AIZUCHI_HOSTS", global = true, value_delimiter = ',')]
    hosts: Vec<String>,
    /// Where browsers reach this server, e.g. https://desk.example.jp [default: where it listens]
    #[arg(long, env = "AIZUCHI_PUBLIC_URL", global = true, value_parser = PublicUrl::parse)]
    public_url: Option<PublicUrl>,
    #[command(flatten)]
    single_sign_on: SingleSignOnArgs,
    /// Messages of one conversation within so many seconds are one inquiry
    #[arg(long, env = "AIZUCHI_JOIN_SECONDS", global = true, default_value_t = 60)]
    join_seconds: u64,
    /// Within so many minutes an inquiry is to be answered; the inbox shows what is overdue
    #[arg(long, env = "AIZUCHI_REPLY_MINUTES", global = true, default_value_t = 120)]
    reply_minutes: u64,
    /// How many seconds a stopping server waits for what is under way
    #[arg(long, env = "AIZUCHI_DRAIN_SECONDS", global = true, default_value_t = 25)]
    drain_seconds: u64,
    /// Folder of workspaces, watched while serving; for the demo it replaces the samples in the binary
    #[arg(long, env = "AIZUCHI_KNOWLEDGE", global = true)]
    knowledge: Option<PathBuf>,
    /// File of synonyms that replaces those in the binary
    #[arg(long, env = "AIZUCHI_SYNONYMS", global = true)]
    synonyms: Option<PathBuf>,
    /// Folder of prompts that replaces those in the binary
    #[arg(long, env = "AIZUCHI_PROMPTS", global = true)]
    prompts: Option<PathBuf>,
    #[command(flatten)]
    models: ModelArgs,
    #[command(flatten)]
    embeddings: EmbeddingArgs,
    /// Where Prometheus reads /metrics, beside the API and without a key; keep it to yourself
    #[arg(long, env = "AIZUCHI_METRICS_LISTEN", global = true)]
    metrics_listen: Option<SocketAddr>,
    #[command(flatten)]
    observed: Observed,
}

impl Place {
    fn settings(&self, data: PathBuf) -> anyhow::Result<Settings> {
        let public_hosts = self.public_url.iter().flat_map(PublicUrl::hosts);
        Ok(Settings {
            checkpoints: self.checkpoints.clone(),
            database_url: self.database_url.clone(),
            listen: self.listen,
            hosts: self.hosts.iter().cloned().chain(public_hosts).collect(),
            public_url: self.public_url.clone(),
            single_sign_on: self.single_sign_on.read(self.public_url.as_ref())?,
            join: Duration::from_secs(self.join_seconds),
            reply_within: Duration::from_secs(self.reply_minutes.saturating_mul(60)),
            drain: Duration::from_secs(self.drain_seconds),
            knowledge: self.knowledge.clone(),
            prompts: self.prompts.clone(),
            models: self.embeddings.over(self.models.read()?)?,
            metrics_listen: self.metrics_listen,
            ..Settings::new(data)
        })
    }
}

#[derive(Subcommand)]
enum Command {
    /// Serve an installation of your own; it starts empty
    Serve,
    /// Take in a folder of knowledge: faq/ policy/ replies/ guide.yaml
    Ingest(desk::Ingest),
    /// Find passages
    Search(desk::Search),
    /// Draft a reply to an inquiry from the arguments or standard input
    Draft(desk::Ask),
    /// Find documents that contradict each other or say the same
    Overlaps(overlaps::Overlaps),
    /// List the sent replies that stand on words which have changed since
    Affected(affected::Affected),
    /// Check replies against a tone guide
    #[command(subcommand)]
    Tone(tone::Tone),
    /// Compare drafts with passages
    #[command(subcommand)]
    Grounding(grounding::Grounding),
    /// Check a guide, preview a change of it, import word lists
    #[command(subcommand)]
    Guide(guide::Guide),
    /// Measure: the labelled inquiries to the sample shops, or a collection of others
    Eval(eval::Eval),
    /// Export and verify the audit log
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Make, list and revoke API keys
    #[command(subcommand)]
    Key(keys::KeyCommand),
    /// Say who works here and in which role
    #[command(subcommand)]
    User(users::UserCommand),
    /// Erase a customer's words, a conversation's or a document's, for good
    Erase(erase::Erase),
    /// Show or set for how many days words are kept
    Retention(erase::Retain),
    /// Print the OpenAPI document
    Openapi,
}

/// Runs a command; 0 when done, 1 for findings asked to fail on, 2 for anything else.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    runtime.block_on(async {
        let traces = match cli.place.observed.begin() {
            Ok(traces) => traces,
            Err(error) => return fail(&error),
        };
        let code = run(cli).await.unwrap_or_else(|error| fail(&error));
        if let Some(traces) = traces {
            traces.close().await;
        }
        code
    })
}

fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("aizuchi: {error:#}");
    ExitCode::from(2)
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let place = cli.place;
    if let Some(file) = &place.synonyms {
        wire::use_synonyms(file)?;
    }
    match cli.command {
        None => demo::run(&place).await?,
        Some(Command::Serve) => serve::run(&place).await?,
        Some(Command::Ingest(ingest)) => return ingest.run(&place).await,
        Some(Command::Search(search)) => search.run(&place).await?,
        Some(Command::Draft(ask)) => ask.run(&place).await?,
        Some(Command::Overlaps(overlaps)) => return overlaps.run(&place).await,
        Some(Command::Affected(affected)) => return affected.run(&place).await,
        Some(Command::Tone(tone)) => return tone.run(),
        Some(Command::Grounding(grounding)) => return grounding.run(),
        Some(Command::Guide(guide)) => return guide.run(),
        Some(Command::Eval(eval)) => return eval.run(place.knowledge.clone()).await,
        Some(Command::Audit(audit)) => return audit.run(&place).await,
        Some(Command::Key(key)) => key.run(&place).await?,
        Some(Command::User(user)) => user.run(&place).await?,
        Some(Command::Erase(erase)) => erase.run(&place).await?,
        Some(Command::Retention(retain)) => retain.run(&place).await?,
        Some(Command::Openapi) => println!("{}", crate::http::openapi_json()?),
    }
    Ok(ExitCode::SUCCESS)
}
