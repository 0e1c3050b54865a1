//! The outcome of a mutation run for people: what survived and what would have noticed, then the scores.

use std::io::{self, Write};

use super::tally::{MutationReport, RuleMutation, Survivor};
use crate::analysis::mutants::MatchedBy;

/// Writes what survived, a line per rule, and the whole.
///
/// # Errors
/// `out` cannot be written.
pub fn write_mutation_human(report: &MutationReport, out: &mut impl Write) -> io::Result<()> {
    for rule in &report.rules {
        rule.survivors.iter().try_for_each(|survivor| write_survivor(rule, survivor, out))?;
    }
    let width = report.rules.iter().map(|rule| rule.name.chars().count()).chain([4]).max().unwrap_or(4);
    writeln!(out, "{:width$}  noticed", "rule")?;
    for rule in &report.rules {
        let score = rule.score();
        let of = format!("{}/{}", score.killed, score.killed + score.survived);
        write!(out, "{:width$}  {of:>7}  {:>7}", rule.name, shown(score.percent()))?;
        match rule.left_out {
            0 => writeln!(out)?,
            left_out => writeln!(out, "  {left_out} more were not tried")?,
        }
    }
    let (score, equal): (_, usize) =
        (report.score(), report.rules.iter().map(|rule| rule.presumed_equal).sum());
    let all = score.killed + score.survived;
    writeln!(
        out,
        "mutation: {} of {all} damaged patterns noticed, {}; {equal} presumed to be no damage",
        score.killed,
        shown(score.percent())
    )
}

fn write_survivor(rule: &RuleMutation, survivor: &Survivor, out: &mut impl Write) -> io::Result<()> {
    let expected = match survivor.event.matched_by {
        MatchedBy::Original => "must match",
        MatchedBy::Mutant => "must not match",
    };
    writeln!(
        out,
        "{}: {}: no test notices: {} ({})\n  this event would, which {expected}: {}",
        survivor.place, rule.name, survivor.description, survivor.pointer, survivor.event.event
    )
}

/// Rounded down, so that 100 % means all.
fn shown(percent: f64) -> String {
    format!("{:.1} %", (percent * 10.0).floor() / 10.0)
}
