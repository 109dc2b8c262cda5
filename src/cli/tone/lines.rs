//! A line of JSON for a line of JSON. The field names are the scorer's and exist here alone.

use std::{
    io::{stdin, stdout},
    process::ExitCode,
};

use serde::{Deserialize, Serialize};

use crate::{
    app::{Guides, Pair},
    cli::lines::answer_each,
    domain::{Channel, Severity, Situation},
};

#[derive(Deserialize)]
struct ToneLine {
    id: String,
    brand: String,
    channel: Option<String>,
    situation: Option<String>,
    #[serde(default)]
    inquiry: String,
    reply: String,
}

#[derive(Serialize)]
struct ToneAnswer {
    id: String,
    flags: Vec<Flag>,
}

#[derive(Serialize)]
struct Flag {
    start: usize,
    end: usize,
    category: &'static str,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<String>,
}

/// Answers every line of standard input.
pub(super) fn answer(guides: &Guides, fail_on: Option<Severity>) -> anyhow::Result<ExitCode> {
    answer_each(stdin().lock(), stdout().lock(), |line: ToneLine| {
        let situation = line.situation.as_deref().map(Situation::new);
        let pair = Pair {
            brand: &line.brand,
            channel: line.channel.as_deref().and_then(Channel::parse),
            situation: situation.as_ref(),
            inquiry: &line.inquiry,
            reply: &line.reply,
        };
        let Some(findings) = guides.check(&pair) else {
            let known: Vec<&str> = guides.brands().collect();
            return Err(format!("no guide of the brand {:?}; there are {}", line.brand, known.join(", ")));
        };
        let fails = fail_on.is_some_and(|at| findings.iter().any(|finding| finding.severity >= at));
        let flags = findings.into_iter().map(|finding| {
            let (start, end) = finding.span.map_or((0, 0), |span| (span.start, span.end));
            Flag {
                start,
                end,
                category: finding.category.as_str(),
                severity: finding.severity.as_str(),
                suggestion: finding.rewrite,
            }
        });
        Ok((ToneAnswer { id: line.id, flags: flags.collect() }, fails))
    })
}
