//! Coverage as a table for people: what is missing, then the shares.

use std::io::{self, Write};

use super::tally::{CoverageReport, CoveredPart, PartKind};
use crate::analysis::coverage::Decision;

/// Writes what is not covered, a line per rule, and the whole.
///
/// # Errors
/// `out` cannot be written.
pub fn write_coverage_human(report: &CoverageReport, out: &mut impl Write) -> io::Result<()> {
    for rule in &report.rules {
        for part in rule.missing() {
            writeln!(out, "{}: {}: {}", part.place, rule.name, said(part))?;
        }
    }
    let width = report.rules.iter().map(|rule| rule.name.chars().count()).chain([4]).max().unwrap_or(4);
    writeln!(out, "{:width$}  covered", "rule")?;
    for rule in &report.rules {
        let share = rule.share();
        let of = format!("{}/{}", share.covered, share.total);
        writeln!(out, "{:width$}  {of:>7}  {share:>7}", rule.name)?;
    }
    let share = report.share();
    writeln!(out, "coverage: {} of {} decisions, {share}", share.covered, share.total)
}

/// What no event has done to a part, in words.
fn said(part: &CoveredPart) -> String {
    let CoveredPart { pointer, text, .. } = part;
    match part.kind {
        PartKind::Decides(Decision::Accepted) => {
            format!("no event that matches has the value {text} ({pointer})")
        }
        PartKind::Decides(Decision::Refused) => {
            format!("no event fails because of {text} alone ({pointer})")
        }
        PartKind::Decides(Decision::Taken) => {
            format!("no event matches by way of this branch of `$or`: {text} ({pointer})")
        }
        PartKind::Present => format!("no event that matches has a value at {text} ({pointer})"),
    }
}
