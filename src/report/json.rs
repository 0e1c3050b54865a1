//! The summary as programs read it. Documented in the README; a change that breaks readers raises the version.

use std::io::{self, Write};

use serde::Serialize;

use super::json_parts::{ErrorJson, SkipJson, TargetFailureJson};
use super::summary::{RunEnd, Summary};

/// The version of the summary's shape.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct SummaryJson<'s> {
    schema_version: u32,
    read: u64,
    delivered: u64,
    unmatched: u64,
    errored: u64,
    skipped: u64,
    rules: Vec<RuleJson<'s>>,
    errors: Vec<ErrorJson<'s>>,
    target_failures: Vec<TargetFailureJson<'s>>,
    skips: Vec<SkipJson<'s>>,
    bytes: u64,
    elapsed_s: f64,
    events_per_s: f64,
    bytes_per_s: f64,
    interrupted: bool,
}

#[derive(Serialize)]
struct RuleJson<'s> {
    name: &'s str,
    matched: u64,
}

/// Writes a summary as one line of JSON.
///
/// # Errors
/// The writer's.
pub fn write_json(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    let json = SummaryJson {
        schema_version: SCHEMA_VERSION,
        read: summary.read,
        delivered: summary.delivered,
        unmatched: summary.unmatched,
        errored: summary.errored,
        skipped: summary.skipped_total(),
        rules: summary.rules.iter().map(|r| RuleJson { name: &r.name, matched: r.matched }).collect(),
        errors: summary.errors.iter().map(ErrorJson::from).collect(),
        target_failures: summary.target_failures.iter().map(TargetFailureJson::from).collect(),
        skips: summary.skipped.iter().map(SkipJson::from).collect(),
        bytes: summary.bytes,
        elapsed_s: summary.elapsed.as_secs_f64(),
        events_per_s: summary.events_per_s(),
        bytes_per_s: summary.bytes_per_s(),
        interrupted: summary.end == RunEnd::Interrupted,
    };
    serde_json::to_writer(&mut *out, &json)?;
    writeln!(out)
}
