//! Coverage for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::tally::{CoverageReport, CoveredPart, RuleCoverage};

/// The version of the output's shape.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct ReportJson<'r> {
    schema_version: u32,
    covered: usize,
    total: usize,
    percent: f64,
    rules: Vec<RuleJson<'r>>,
}

#[derive(Serialize)]
struct RuleJson<'r> {
    rule: &'r str,
    place: String,
    covered: usize,
    total: usize,
    parts: Vec<PartJson<'r>>,
}

#[derive(Serialize)]
struct PartJson<'r> {
    decision: &'r str,
    pointer: &'r str,
    text: &'r str,
    place: String,
    events: u64,
}

/// Writes one JSON object and a line end.
///
/// # Errors
/// `out` cannot be written.
pub fn write_coverage_json(report: &CoverageReport, out: &mut impl Write) -> io::Result<()> {
    let share = report.share();
    let json = ReportJson {
        schema_version: SCHEMA_VERSION,
        covered: share.covered,
        total: share.total,
        percent: share.percent(),
        rules: report.rules.iter().map(RuleJson::from).collect(),
    };
    serde_json::to_writer(&mut *out, &json)?;
    writeln!(out)
}

impl<'r> From<&'r RuleCoverage> for RuleJson<'r> {
    fn from(rule: &'r RuleCoverage) -> RuleJson<'r> {
        let share = rule.share();
        RuleJson {
            rule: &rule.name,
            place: rule.place.to_string(),
            covered: share.covered,
            total: share.total,
            parts: rule.parts.iter().map(PartJson::from).collect(),
        }
    }
}

impl<'r> From<&'r CoveredPart> for PartJson<'r> {
    fn from(part: &'r CoveredPart) -> PartJson<'r> {
        PartJson {
            decision: part.kind.as_str(),
            pointer: &part.pointer,
            text: &part.text,
            place: part.place.to_string(),
            events: part.events,
        }
    }
}
