//! What became of tests, as Markdown for the summary page of a CI job.

use std::io::{self, Write};

use super::test_run::{TestReport, TestResult, TestRun};

/// The most failures that are shown; the page takes one megabyte, and nobody reads more.
const FAILURES_MAX: usize = 50;

/// Writes the counts, what fails with its explanation, and what is skipped.
///
/// # Errors
/// The writer's.
pub fn write_tests_markdown(run: &TestRun, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "### Ruleproof: {}\n", run.summary())?;
    for problem in &run.problems {
        writeln!(out, "{}", fenced(&problem.to_string()))?;
    }
    let failed = || run.tests.iter().filter(|test| matches!(test.result, TestResult::Failed(_)));
    for test in failed().take(FAILURES_MAX) {
        write_failure(test, out)?;
    }
    let more = failed().count().saturating_sub(FAILURES_MAX);
    if more > 0 {
        writeln!(out, "And {more} more that failed.\n")?;
    }
    for test in &run.tests {
        if let TestResult::Skipped(reason) = &test.result {
            writeln!(out, "- skipped: {}: {}", escaped(&test.name), escaped(reason))?;
        }
    }
    Ok(())
}

fn write_failure(test: &TestReport, out: &mut impl Write) -> io::Result<()> {
    let TestResult::Failed(failures) = &test.result else { return Ok(()) };
    let place = format!("{}:{}", test.place.file.display(), test.place.place.line);
    writeln!(out, "<details><summary>{} ({})</summary>\n", html(&test.name), html(&place))?;
    let lines: Vec<String> = failures
        .iter()
        .flat_map(|failure| {
            let details = failure.details.iter().map(|line| format!("  {line}"));
            std::iter::once(failure.message.clone()).chain(details)
        })
        .collect();
    writeln!(out, "{}\n</details>\n", fenced(&lines.join("\n")))
}

/// The text in a fence that is longer than any in it.
fn fenced(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(3.max(longest + 1));
    format!("{fence}text\n{text}\n{fence}\n")
}

fn escaped(text: &str) -> String {
    let special = |c: char| "\\`*_{}[]()<>#|!~".contains(c);
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => escaped.push(' '),
            c if special(c) => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

fn html(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace(['\n', '\r'], " ")
}
