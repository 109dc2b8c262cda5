//! A table that Excel opens in Japanese: UTF-8 with a byte order mark, and no cell that it would run as a formula.

use super::report::{Found, Report};

/// Excel takes a text without it for Shift_JIS.
const MARK: &str = "\u{feff}";

pub(super) fn of(reports: &[Report]) -> anyhow::Result<String> {
    let mut table = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    table.write_record([
        "ファイル",
        "行",
        "列",
        "重さ",
        "分類",
        "規則",
        "見つけた言葉",
        "決まり",
        "言い換え",
        "指紋",
        "見送った理由",
    ])?;
    for report in reports {
        for found in &report.found {
            table.write_record(row(report, found))?;
        }
    }
    Ok(format!("{MARK}{}", String::from_utf8(table.into_inner()?)?))
}

fn row(report: &Report, found: &Found) -> [String; 11] {
    let (region, seen) = (report.region(found), &found.seen);
    let words = seen.span.map(|span| span.of(&report.text).to_owned()).unwrap_or_default();
    [
        harmless(report.path.clone()),
        region.start_line.to_string(),
        region.start_column.to_string(),
        seen.severity.as_str().to_owned(),
        seen.category.as_str().to_owned(),
        harmless(seen.rule.clone()),
        harmless(words),
        harmless(seen.clause.clone()),
        harmless(seen.rewrite.clone().unwrap_or_default()),
        found.fingerprint.clone(),
        harmless(found.waived.clone().unwrap_or_default()),
    ]
}

/// A cell that begins like a formula is shown as text.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::{super::report::tests::report, *};

    #[test]
    fn excel_reads_japanese_and_runs_nothing() {
        let out = of(&[report(Some("決まった"))]).unwrap();
        assert!(out.starts_with("\u{feff}ファイル,行,"));
        let mut rows = ::csv::Reader::from_reader(out.trim_start_matches(MARK).as_bytes());
        let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
        assert_eq!((&rows[1][6], &rows[1][8], &rows[1][10]), ("見れます", "見られます", "決まった"));
        assert_eq!(harmless("=1+1".to_owned()), "'=1+1");
    }
}
