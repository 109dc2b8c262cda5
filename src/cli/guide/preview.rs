//! What a changed guide would say of replies that went out.

use std::{collections::BTreeMap, fs, path::Path, process::ExitCode};

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

use super::Form;
use crate::{
    app::{Guides, Pair},
    domain::{Channel, NewFinding, Situation},
    wire,
};

#[derive(Deserialize)]
struct Reply {
    #[serde(default)]
    id: String,
    channel: Option<String>,
    situation: Option<String>,
    #[serde(default)]
    inquiry: String,
    reply: String,
}

/// A finding that one of the guides has and the other has not.
#[derive(Debug, Serialize)]
struct Change {
    reply: String,
    rule: String,
    severity: &'static str,
    words: String,
    clause: String,
}

#[derive(Debug, Default, Serialize)]
struct Preview {
    replies: usize,
    unchanged: usize,
    appears: Vec<Change>,
    disappears: Vec<Change>,
}

pub(super) fn run(old: &Path, new: &Path, replies: &Path, form: Form) -> anyhow::Result<ExitCode> {
    let (old, new) = (one(old)?, one(new)?);
    let text = fs::read_to_string(replies).with_context(|| format!("{} cannot be read", replies.display()))?;
    let mut preview = Preview::default();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let place = || format!("{} line {}", replies.display(), at + 1);
        let mut reply: Reply = serde_json::from_str(line).with_context(place)?;
        if reply.id.is_empty() {
            reply.id = (at + 1).to_string();
        }
        preview.take(&reply, &findings(&old, &reply), &findings(&new, &reply));
    }
    match form {
        Form::Text => print!("{}", preview.text()),
        Form::Json => println!("{}", serde_json::to_string_pretty(&preview)?),
    }
    Ok(ExitCode::SUCCESS)
}

fn one(file: &Path) -> anyhow::Result<Guides> {
    let guides = wire::read_guides(&[file.to_owned()])?;
    // A guide that breaks its own examples would not be published.
    if let Some(failure) = guides.example_failures().first() {
        bail!("{}: {failure}", file.display());
    }
    Ok(guides)
}

fn findings(guides: &Guides, reply: &Reply) -> Vec<NewFinding> {
    let situation = reply.situation.as_deref().map(Situation::new);
    let pair = Pair {
        brand: guides.brands().next().unwrap_or_default(),
        channel: reply.channel.as_deref().and_then(Channel::parse),
        situation: situation.as_ref(),
        inquiry: &reply.inquiry,
        reply: &reply.reply,
    };
    guides.check(&pair).unwrap_or_default()
}

impl Preview {
    fn take(&mut self, reply: &Reply, old: &[NewFinding], new: &[NewFinding]) {
        // A rule renames itself after the first word of its entry: the category and the place say whether it is the same.
        let same =
            |a: &NewFinding, b: &NewFinding| (a.category, a.span, a.severity) == (b.category, b.span, b.severity);
        let change = |found: &NewFinding| Change {
            reply: reply.id.clone(),
            rule: found.rule.clone(),
            severity: found.severity.as_str(),
            words: found.span.map(|span| span.of(&reply.reply).to_owned()).unwrap_or_default(),
            clause: found.clause.clone(),
        };
        self.replies += 1;
        self.unchanged += old.iter().filter(|found| new.iter().any(|other| same(found, other))).count();
        self.appears.extend(new.iter().filter(|found| !old.iter().any(|other| same(found, other))).map(change));
        self.disappears.extend(old.iter().filter(|found| !new.iter().any(|other| same(found, other))).map(change));
    }

    fn text(&self) -> String {
        let mut out = String::new();
        let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (sign, changes) in [('+', &self.appears), ('-', &self.disappears)] {
            for change in changes {
                let words = change.words.replace(['\r', '\n'], " ");
                out += &format!(
                    "{sign} {} {} {} 「{words}」 {}\n",
                    change.reply, change.severity, change.rule, change.clause
                );
                let count = counts.entry(&change.rule).or_default();
                if sign == '+' { count.0 += 1 } else { count.1 += 1 }
            }
        }
        for (rule, (appears, disappears)) in counts {
            out += &format!("{rule}: +{appears} -{disappears}\n");
        }
        let (appears, disappears) = (self.appears.len(), self.disappears.len());
        out + &format!(
            "{} replies: {appears} findings appear, {disappears} disappear, {} stay\n",
            self.replies, self.unchanged
        )
    }
}
