//! What became of tests, as lines of JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::RunEnd;
use super::findings::{FindingJson, finding_json};
use super::test_run::{TestCounts, TestFailure, TestReport, TestResult, TestRun};

/// The version of the shape.
const SCHEMA_VERSION: u32 = 1;

/// A line; `type` says of which kind it is.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'r> {
    Problem {
        schema_version: u32,
        #[serde(flatten)]
        finding: FindingJson<'r>,
    },
    Test(TestJson<'r>),
    Summary {
        schema_version: u32,
        passed: usize,
        failed: usize,
        skipped: usize,
        not_run: usize,
        recorded: usize,
        unusable: usize,
        elapsed_s: f64,
        interrupted: bool,
    },
}

#[derive(Serialize)]
struct TestJson<'r> {
    schema_version: u32,
    file: String,
    line: u32,
    column: u32,
    name: &'r str,
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'r str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    failures: Vec<FailureJson<'r>>,
    elapsed_s: f64,
}

#[derive(Serialize)]
struct FailureJson<'r> {
    code: &'static str,
    message: &'r str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    details: &'r [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_column: Option<u32>,
}

/// Writes a line for each problem of a file, for each test, and for the counts.
///
/// # Errors
/// The writer's.
pub fn write_tests_ndjson(run: &TestRun, out: &mut impl Write) -> io::Result<()> {
    let schema_version = SCHEMA_VERSION;
    for finding in &run.problems {
        write_line(&Line::Problem { schema_version, finding: finding_json(finding) }, out)?;
    }
    for test in &run.tests {
        write_line(&Line::Test(test_json(test)), out)?;
    }
    let TestCounts { passed, failed, skipped } = run.counts();
    let summary = Line::Summary {
        schema_version,
        passed,
        failed,
        skipped,
        not_run: run.not_run,
        recorded: run.recorded.len(),
        unusable: run.unusable,
        elapsed_s: run.elapsed.as_secs_f64(),
        interrupted: run.end == RunEnd::Interrupted,
    };
    write_line(&summary, out)
}

fn write_line(line: &Line<'_>, out: &mut impl Write) -> io::Result<()> {
    // As an error of IO, so that a closed pipe is seen as one.
    serde_json::to_writer(&mut *out, line).map_err(io::Error::from)?;
    writeln!(out)
}

fn test_json(test: &TestReport) -> TestJson<'_> {
    let (result, reason, failures) = match &test.result {
        TestResult::Passed => ("passed", None, Vec::new()),
        TestResult::Skipped(reason) => ("skipped", Some(&**reason), Vec::new()),
        TestResult::Failed(failures) => ("failed", None, failures.iter().map(failure_json).collect()),
    };
    TestJson {
        schema_version: SCHEMA_VERSION,
        file: test.place.file.display().to_string(),
        line: test.place.place.line,
        column: test.place.place.column,
        name: &test.name,
        result,
        reason,
        failures,
        elapsed_s: test.elapsed.as_secs_f64(),
    }
}

fn failure_json(failure: &TestFailure) -> FailureJson<'_> {
    let related = failure.related.as_ref();
    FailureJson {
        code: failure.code,
        message: &failure.message,
        details: &failure.details,
        rule: failure.subject.rule.as_deref(),
        target: failure.subject.target.as_deref(),
        rule_file: related.map(|place| place.file.display().to_string()),
        rule_line: related.map(|place| place.place.line),
        rule_column: related.map(|place| place.place.column),
    }
}
