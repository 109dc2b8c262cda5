//! The findings in one text, with what every format says of them: place, message, fingerprint, waiver.

use std::{collections::HashMap, fs, path::Path};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::domain::{NewFinding, Span};

/// One text and what was found in it.
pub(super) struct Report {
    /// The file as it was named.
    pub path: String,
    /// Its text.
    pub text: String,
    /// In the order of their places.
    pub found: Vec<Found>,
}

/// A finding with what formats add to it.
pub(super) struct Found {
    /// What the rule saw.
    pub seen: NewFinding,
    /// Names it across runs, as long as the rule, the file and the words stay.
    pub fingerprint: String,
    /// Why it was waived, if it was.
    pub waived: Option<String>,
}

/// Lines and columns from 1, columns in code points; a finding of the whole text stands at its first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Region {
    pub start_line: usize,
    pub start_column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

impl Report {
    pub(super) fn new(path: String, text: String, found: Vec<NewFinding>, waivers: &Waivers) -> Self {
        let mut met: HashMap<String, usize> = HashMap::new();
        let found = found.into_iter().map(|seen| {
            let words = seen.span.map_or("", |span| span.of(&text));
            // The same words twice in one file are two findings.
            let times = met.entry(format!("{}\n{words}", seen.rule)).or_default();
            *times += 1;
            let name = format!("{}\n{path}\n{words}\n{times}", seen.rule);
            let fingerprint = hex::encode(Sha256::digest(name))[..16].to_owned();
            let waived = waivers.0.get(&fingerprint).cloned();
            Found { seen, fingerprint, waived }
        });
        let found = found.collect();
        Self { path, text, found }
    }

    /// What nobody waived.
    pub(super) fn open(&self) -> impl Iterator<Item = &NewFinding> {
        self.found.iter().filter(|found| found.waived.is_none()).map(|found| &found.seen)
    }

    /// Where a finding stands.
    pub(super) fn region(&self, found: &Found) -> Region {
        let span = found.seen.span.unwrap_or(Span::new(0, 0));
        let (start_line, start_column) = self.place(span.start);
        let (end_line, end_column) = self.place(span.end);
        Region { start_line, start_column, end_line, end_column }
    }

    fn place(&self, at: usize) -> (usize, usize) {
        let before = self.text.chars().take(at);
        before.fold((1, 1), |(line, column), c| if c == '\n' { (line + 1, 1) } else { (line, column + 1) })
    }

    /// What the finding says, and what could stand there.
    pub(super) fn message(&self, found: &Found) -> String {
        let message = &found.seen.message;
        match found.seen.rewrite.as_deref() {
            None => message.clone(),
            Some("") => format!("{message} 取り除く案があります。"),
            Some(rewrite) => format!("{message} 「{rewrite}」に替える案があります。"),
        }
    }
}

/// Findings that were waived, by fingerprint, with the reason.
#[derive(Debug, Default)]
pub(super) struct Waivers(HashMap<String, String>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Waiver {
    fingerprint: String,
    reason: String,
}

impl Waivers {
    pub(super) fn read(file: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        let mut waivers = HashMap::new();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let waiver: Waiver =
                serde_json::from_str(line).with_context(|| format!("{} line {}", file.display(), at + 1))?;
            waivers.insert(waiver.fingerprint, waiver.reason);
        }
        Ok(Self(waivers))
    }
}

#[derive(Serialize)]
struct Document<'a> {
    brand: &'a str,
    files: Vec<File<'a>>,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    category: &'static str,
    severity: &'static str,
    message: String,
    clause: &'a str,
    /// In code points; absent where it is about the whole text.
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<Span>,
    region: Region,
    #[serde(skip_serializing_if = "Option::is_none")]
    rewrite: Option<&'a str>,
    one_click: bool,
    fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    waived: Option<&'a str>,
}

/// All reports as one JSON document.
pub(super) fn json(reports: &[Report], brand: &str) -> anyhow::Result<String> {
    let files = reports.iter().map(|report| File {
        path: &report.path,
        findings: report.found.iter().map(|found| Finding::of(report, found)).collect(),
    });
    Ok(serde_json::to_string_pretty(&Document { brand, files: files.collect() })? + "\n")
}

impl<'a> Finding<'a> {
    fn of(report: &'a Report, found: &'a Found) -> Self {
        let seen = &found.seen;
        Self {
            rule: &seen.rule,
            category: seen.category.as_str(),
            severity: seen.severity.as_str(),
            message: report.message(found),
            clause: &seen.clause,
            span: seen.span,
            region: report.region(found),
            rewrite: seen.rewrite.as_deref(),
            one_click: seen.one_click,
            fingerprint: &found.fingerprint,
            waived: found.waived.as_deref(),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::{Category, Severity};

    pub(in crate::cli::tone) fn report(waived: Option<&str>) -> Report {
        let text = "松本様\n\n🌸画面から見れます。<\"&\n".to_owned();
        let seen = |category: Category, span: Option<Span>, rewrite: Option<&str>| NewFinding {
            rule: category.as_str().to_owned(),
            category,
            span,
            severity: Severity::Error,
            clause: "「ら」を抜かない。".to_owned(),
            message: span.map_or("「ら」を抜かない。", |_| "「見れます」: 「ら」を抜かない。").to_owned(),
            rewrite: rewrite.map(str::to_owned),
            one_click: rewrite.is_some(),
        };
        let found = vec![
            seen(Category::MissingClosing, None, None),
            seen(Category::RaNuki, Some(Span::new(10, 14)), Some("見られます")),
        ];
        let mut report = Report::new("返信/a b.txt".to_owned(), text, found, &Waivers::default());
        report.found[1].waived = waived.map(str::to_owned);
        report
    }

    #[test]
    fn a_finding_is_placed_by_line_and_code_point_and_quotes_what_was_seen() {
        let report = report(None);
        let region = report.region(&report.found[1]);
        assert_eq!(region, Region { start_line: 3, start_column: 6, end_line: 3, end_column: 10 });
        assert_eq!(
            report.message(&report.found[1]),
            "「見れます」: 「ら」を抜かない。 「見られます」に替える案があります。"
        );
        assert_eq!(report.region(&report.found[0]).start_line, 1);
    }

    #[test]
    fn the_same_words_twice_have_two_fingerprints_and_a_waived_one_is_not_open() {
        let one = report(None).found.pop().unwrap().seen;
        let twice = vec![one.clone(), one];
        let report = Report::new("a".to_owned(), report(None).text, twice, &Waivers::default());
        assert_ne!(report.found[0].fingerprint, report.found[1].fingerprint);
        let waivers = Waivers(HashMap::from([(report.found[0].fingerprint.clone(), "決まった".to_owned())]));
        let again =
            Report::new("a".to_owned(), report.text, report.found.into_iter().map(|f| f.seen).collect(), &waivers);
        assert_eq!(again.open().count(), 1);
    }
}
