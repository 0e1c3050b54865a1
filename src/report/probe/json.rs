//! A run as programs read it. Documented in the README; a change that breaks readers raises the version.

use std::io::{self, Write};

use serde::Serialize;

use super::summary::{ProbeEvent, ProbeRunLine, ProbeSummary};

/// The version of all shapes here.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct SummaryJson<'s> {
    schema_version: u32,
    #[serde(flatten)]
    summary: &'s ProbeSummary,
}

#[derive(Serialize)]
struct RunsJson<'r> {
    schema_version: u32,
    runs: &'r [ProbeRunLine],
}

/// A line of several; `type` says of which kind it is.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'l> {
    Event {
        schema_version: u32,
        run: &'l str,
        #[serde(flatten)]
        event: &'l ProbeEvent,
    },
    Summary(SummaryJson<'l>),
}

fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)
}

/// Writes a summary as one line of JSON.
///
/// # Errors
/// The writer's.
pub fn write_probe_json(summary: &ProbeSummary, out: &mut impl Write) -> io::Result<()> {
    line(out, &SummaryJson { schema_version: SCHEMA_VERSION, summary })
}

/// Writes a summary as the last of several lines.
///
/// # Errors
/// The writer's.
pub fn write_probe_ndjson_summary(summary: &ProbeSummary, out: &mut impl Write) -> io::Result<()> {
    line(out, &Line::Summary(SummaryJson { schema_version: SCHEMA_VERSION, summary }))
}

/// Writes what became of one event of `run` as one line of JSON.
///
/// # Errors
/// The writer's.
pub fn write_probe_event_json(run: &str, event: &ProbeEvent, out: &mut impl Write) -> io::Result<()> {
    line(out, &Line::Event { schema_version: SCHEMA_VERSION, run, event })
}

/// Writes a list of runs as one line of JSON.
///
/// # Errors
/// The writer's.
pub fn write_probe_runs_json(runs: &[ProbeRunLine], out: &mut impl Write) -> io::Result<()> {
    line(out, &RunsJson { schema_version: SCHEMA_VERSION, runs })
}
