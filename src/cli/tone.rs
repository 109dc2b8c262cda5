//! `aizuchi tone check`: replies in JSON Lines, or texts in files, against a guide.

use std::{
    fs,
    io::{Read as _, Write as _, stdin, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};

use self::report::{Report, Waivers};
use crate::{
    app::{Guides, Pair},
    domain::{Channel, Severity, Situation},
    wire,
};

mod checkstyle;
mod csv;
mod lines;
mod report;
mod sarif;
mod text;

/// `aizuchi tone ...`
#[derive(Subcommand)]
pub(super) enum Tone {
    /// Check files or a folder of texts, or JSON Lines {"id","brand","channel"?,"situation"?,"inquiry"?,"reply"} from standard input
    Check(ToneCheck),
}

/// `aizuchi tone check`
#[derive(Args)]
pub(super) struct ToneCheck {
    /// Texts to check, each as one reply; a folder stands for its .txt and .md files, `-` for standard input
    files: Vec<PathBuf>,
    /// A guide; may come several times, `brand` picks one by its brand.id
    #[arg(long = "guide", required = true)]
    guides: Vec<PathBuf>,
    /// Whose guide, where there are several and the texts are files
    #[arg(long, requires = "files")]
    brand: Option<String>,
    /// How findings in files are written
    #[arg(long, value_enum, default_value_t = Format::Text, requires = "files")]
    format: Format,
    /// A file with the inquiry that the texts answer
    #[arg(long, requires = "files")]
    inquiry: Option<PathBuf>,
    /// What the texts are about, by its id in situations.yaml
    #[arg(long, requires = "files")]
    situation: Option<String>,
    /// email, chat, line, form or phone
    #[arg(long, requires = "files", value_parser = channel)]
    channel: Option<Channel>,
    /// JSON Lines {"fingerprint","reason"}: findings that were waived; shown as suppressed where the format can, and never failed on
    #[arg(long, requires = "files")]
    waivers: Option<PathBuf>,
    /// Exit 1 when a finding is at or above this: info, warning or error
    #[arg(long, value_parser = severity)]
    fail_on: Option<Severity>,
}

/// What reads the findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line for people: file, line, column, severity, rule, message
    Text,
    /// One JSON document
    Json,
    /// SARIF 2.1.0 with fixes and suppressions
    Sarif,
    /// Checkstyle's XML
    Checkstyle,
    /// Comma-separated values that Excel opens in Japanese
    Csv,
}

fn severity(text: &str) -> Result<Severity, String> {
    Severity::parse(text).ok_or_else(|| "expected info, warning or error".to_owned())
}

fn channel(text: &str) -> Result<Channel, String> {
    let known = Channel::ALL.map(Channel::as_str).join(", ");
    Channel::parse(text).ok_or_else(|| format!("expected one of {known}"))
}

impl Tone {
    /// 0, 1 where `--fail-on` says so, 2 where something could not be read.
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Check(check) = self;
        let guides = wire::read_guides(&check.guides)?;
        if check.files.is_empty() {
            return lines::answer(&guides, check.fail_on);
        }
        check.report(&guides)
    }
}

impl ToneCheck {
    fn report(self, guides: &Guides) -> anyhow::Result<ExitCode> {
        let brand = self.brand(guides)?;
        let inquiry = self.inquiry.as_deref().map(read).transpose()?.unwrap_or_default();
        let waivers = self.waivers.as_deref().map(Waivers::read).transpose()?.unwrap_or_default();
        let situation = self.situation.as_deref().map(Situation::new);
        let mut reports = Vec::new();
        for (path, reply) in self.texts()? {
            let pair = Pair {
                brand: &brand,
                channel: self.channel,
                situation: situation.as_ref(),
                inquiry: &inquiry,
                reply: &reply,
            };
            let found = guides.check(&pair).unwrap_or_default();
            reports.push(Report::new(path, reply, found, &waivers));
        }
        let written = match self.format {
            Format::Text => text::of(&reports),
            Format::Json => report::json(&reports, &brand)?,
            Format::Sarif => sarif::of(&reports)?,
            Format::Checkstyle => checkstyle::of(&reports),
            Format::Csv => csv::of(&reports)?,
        };
        stdout().lock().write_all(written.as_bytes())?;
        let mut open = reports.iter().flat_map(Report::open);
        let fails = self.fail_on.is_some_and(|at| open.any(|found| found.severity >= at));
        Ok(ExitCode::from(u8::from(fails)))
    }

    /// The one brand of the guides, or the one that was asked for.
    fn brand(&self, guides: &Guides) -> anyhow::Result<String> {
        let known: Vec<&str> = guides.brands().collect();
        match (&self.brand, &known[..]) {
            (Some(brand), _) if known.contains(&brand.as_str()) => Ok(brand.clone()),
            (Some(brand), _) => bail!("no guide of the brand {brand:?}; there are {}", known.join(", ")),
            (None, [only]) => Ok((*only).to_owned()),
            (None, _) => bail!("there are guides of {}: say which by --brand", known.join(", ")),
        }
    }

    /// Each text with the name that findings give it.
    fn texts(&self) -> anyhow::Result<Vec<(String, String)>> {
        let mut texts = Vec::new();
        for file in &self.files {
            if file.as_os_str() == "-" {
                let mut reply = String::new();
                stdin().lock().read_to_string(&mut reply).context("standard input is no UTF-8 text")?;
                texts.push(("-".to_owned(), reply));
                continue;
            }
            for file in if file.is_dir() { within(file)? } else { vec![file.clone()] } {
                texts.push((file.display().to_string(), read(&file)?));
            }
        }
        Ok(texts)
    }
}

fn read(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("{} cannot be read as UTF-8 text", file.display()))
}

/// The texts of a folder and of those in it, in the order of their names.
fn within(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        match path.extension().and_then(|end| end.to_str()) {
            _ if hidden => {}
            _ if path.is_dir() => found.extend(within(&path)?),
            Some("txt" | "md") => found.push(path),
            _ => {}
        }
    }
    found.sort();
    Ok(found)
}
