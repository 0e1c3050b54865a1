//! The outcome of a mutation run for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::tally::{MutationReport, RuleMutation, Survivor};
use crate::analysis::mutants::MatchedBy;

/// The version of the output's shape.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct ReportJson<'r> {
    schema_version: u32,
    killed: usize,
    survived: usize,
    percent: f64,
    rules: Vec<RuleJson<'r>>,
}

#[derive(Serialize)]
struct RuleJson<'r> {
    rule: &'r str,
    place: String,
    killed: usize,
    presumed_equal: usize,
    left_out: usize,
    survivors: Vec<SurvivorJson<'r>>,
}

#[derive(Serialize)]
struct SurvivorJson<'r> {
    kind: &'r str,
    description: &'r str,
    pointer: &'r str,
    place: String,
    /// Whether the event that would notice has to match.
    must_match: bool,
    event: &'r str,
}

/// Writes one JSON object and a line end.
///
/// # Errors
/// `out` cannot be written.
pub fn write_mutation_json(report: &MutationReport, out: &mut impl Write) -> io::Result<()> {
    let score = report.score();
    let json = ReportJson {
        schema_version: SCHEMA_VERSION,
        killed: score.killed,
        survived: score.survived,
        percent: score.percent(),
        rules: report.rules.iter().map(RuleJson::from).collect(),
    };
    serde_json::to_writer(&mut *out, &json)?;
    writeln!(out)
}

impl<'r> From<&'r RuleMutation> for RuleJson<'r> {
    fn from(rule: &'r RuleMutation) -> RuleJson<'r> {
        RuleJson {
            rule: &rule.name,
            place: rule.place.to_string(),
            killed: rule.killed,
            presumed_equal: rule.presumed_equal,
            left_out: rule.left_out,
            survivors: rule.survivors.iter().map(SurvivorJson::from).collect(),
        }
    }
}

impl<'r> From<&'r Survivor> for SurvivorJson<'r> {
    fn from(survivor: &'r Survivor) -> SurvivorJson<'r> {
        SurvivorJson {
            kind: survivor.kind.as_str(),
            description: &survivor.description,
            pointer: &survivor.pointer,
            place: survivor.place.to_string(),
            must_match: survivor.event.matched_by == MatchedBy::Original,
            event: &survivor.event.event,
        }
    }
}
