//! What became of tests.

use std::path::PathBuf;
use std::time::Duration;

use super::RunEnd;
use crate::findings::{Finding, FindingCode, Location, Severity, Subject};
use crate::json::unseen::visible;
use crate::rules::SourcePlace;

/// What became of the tests of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct TestRun {
    /// In the order of files and lines.
    pub tests: Vec<TestReport>,
    /// Test files, and files with their rules, that cannot be used.
    pub problems: Vec<Finding>,
    /// How many test files cannot be used.
    pub unusable: usize,
    /// Tests that were not looked at, because one had failed before or somebody ended the run.
    pub not_run: usize,
    /// Bodies that were recorded.
    pub recorded: Vec<PathBuf>,
    /// Time from the first file to the last verdict.
    pub elapsed: Duration,
    /// How the run ended.
    pub end: RunEnd,
}

/// What became of one test.
#[derive(Debug, Clone, PartialEq)]
pub struct TestReport {
    /// Its name; behind a colon that of its row.
    pub name: String,
    /// Where it is written.
    pub place: SourcePlace,
    /// Time that it took.
    pub elapsed: Duration,
    /// What became of it.
    pub result: TestResult,
}

/// What became of one test.
#[derive(Debug, Clone, PartialEq)]
pub enum TestResult {
    /// All is as expected.
    Passed,
    /// Something is not; at least one.
    Failed(Vec<TestFailure>),
    /// It did not run, for this reason.
    Skipped(String),
}

/// One thing that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFailure {
    /// What kind of thing it is; a name that never changes, such as `rule-not-matched`.
    pub code: &'static str,
    /// What it is, in one line.
    pub message: String,
    /// What explains it: conditions, or what differs, line by line.
    pub details: Vec<String>,
    /// The rule or target that it is about.
    pub subject: Subject,
    /// The place in the rule's file that it comes down to.
    pub related: Option<SourcePlace>,
}

/// How many tests there are of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TestCounts {
    /// As expected.
    pub passed: usize,
    /// Not as expected.
    pub failed: usize,
    /// Not run, because they say so.
    pub skipped: usize,
}

impl TestRun {
    /// How many tests there are of each kind.
    pub fn counts(&self) -> TestCounts {
        self.tests.iter().fold(TestCounts::default(), |mut counts, test| {
            match test.result {
                TestResult::Passed => counts.passed += 1,
                TestResult::Failed(_) => counts.failed += 1,
                TestResult::Skipped(_) => counts.skipped += 1,
            }
            counts
        })
    }

    /// The counts in words, with what else there is to say about the run as a whole.
    pub fn summary(&self) -> String {
        let TestCounts { passed, failed, skipped } = self.counts();
        let mut parts = vec![format!("{passed} passed")];
        let others = [
            (failed, "failed"),
            (skipped, "skipped"),
            (self.not_run, "not run"),
            (self.recorded.len(), "recorded"),
        ];
        parts.extend(
            others.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")),
        );
        if self.unusable > 0 {
            let files = if self.unusable == 1 { "test file" } else { "test files" };
            parts.push(format!("{} {files} unusable", self.unusable));
        }
        parts.join(", ")
    }

    /// Everything that is wrong: problems of files first, then each thing that is not as expected, at its test.
    pub fn findings(&self) -> Vec<Finding> {
        let of_test = |test: &TestReport| match &test.result {
            TestResult::Failed(failures) => failures.iter().map(|failure| finding(test, failure)).collect(),
            TestResult::Passed | TestResult::Skipped(_) => Vec::new(),
        };
        self.problems.iter().cloned().chain(self.tests.iter().flat_map(of_test)).collect()
    }
}

fn finding(test: &TestReport, failure: &TestFailure) -> Finding {
    let lines: Vec<String> = failure.details.iter().map(|line| format!("\n  {line}")).collect();
    let message = format!("{}: {}{}", visible(&test.name), failure.message, lines.concat());
    Finding::new(FindingCode::TestFailed, Severity::Error, message)
        .at(Location::at(&test.place))
        .related_to(failure.related.as_ref().map(Location::at))
        .about(failure.subject.clone())
}
