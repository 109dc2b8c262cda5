//! A line for people, in the form that editors and terminals jump to: `file:line:column: severity rule message`.

use std::fmt::Write as _;

use super::report::Report;

pub(super) fn of(reports: &[Report]) -> String {
    let mut out = String::new();
    for report in reports {
        for found in report.found.iter().filter(|found| found.waived.is_none()) {
            let region = report.region(found);
            let (path, seen) = (&report.path, &found.seen);
            let (line, column) = (region.start_line, region.start_column);
            let (severity, rule, message) = (seen.severity.as_str(), &seen.rule, report.message(found));
            let _ = writeln!(out, "{path}:{line}:{column}: {severity} {rule} {message}");
        }
    }
    let open = reports.iter().flat_map(Report::open).count();
    let _ = writeln!(out, "{} texts, {open} findings", reports.len());
    out
}

#[cfg(test)]
mod tests {
    use super::{super::report::tests::report, *};

    #[test]
    fn findings_are_lines_and_waived_ones_are_not() {
        let out = of(&[report(None)]);
        assert!(out.contains("返信/a b.txt:3:6: error ra_nuki 「見れます」"), "{out}");
        assert!(out.ends_with("1 texts, 2 findings\n"));
        assert!(of(&[report(Some("決まった"))]).ends_with("1 texts, 1 findings\n"));
    }
}
