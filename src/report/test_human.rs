//! What became of tests, for people.

use std::io::{self, Write};
use std::time::Duration;

use super::test_run::{TestReport, TestResult, TestRun};
use crate::json::unseen::visible;

/// Whether words are coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colors {
    /// With the escapes of terminals.
    On,
    /// Plain text.
    Off,
}

/// Writes each test that failed with what explains it, and the counts.
///
/// # Errors
/// The writer's.
pub fn write_tests_human(run: &TestRun, colors: Colors, out: &mut impl Write) -> io::Result<()> {
    for test in &run.tests {
        write_test(test, colors, out)?;
    }
    writeln!(out, "{} in {}", run.summary(), seconds(run.elapsed))
}

/// Seconds with two digits behind the point.
fn seconds(elapsed: Duration) -> String {
    format!("{:.2} s", elapsed.as_secs_f64())
}

fn write_test(test: &TestReport, colors: Colors, out: &mut impl Write) -> io::Result<()> {
    let place = format!("{}:{}", test.place.file.display(), test.place.place.line);
    match &test.result {
        TestResult::Passed => Ok(()),
        TestResult::Skipped(reason) => {
            writeln!(
                out,
                "{} {place}  {}: {}",
                word("SKIP", "\x1b[1;33m", colors),
                visible(&test.name),
                visible(reason)
            )
        }
        TestResult::Failed(failures) => {
            writeln!(out, "{} {place}  {}", word("FAIL", "\x1b[1;31m", colors), visible(&test.name))?;
            for failure in failures {
                writeln!(out, "  {}", failure.message)?;
                failure.details.iter().try_for_each(|line| writeln!(out, "    {line}"))?;
            }
            Ok(())
        }
    }
}

fn word(word: &str, color: &str, colors: Colors) -> String {
    match colors {
        Colors::On => format!("{color}{word}\x1b[0m"),
        Colors::Off => word.to_owned(),
    }
}
