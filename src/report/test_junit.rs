//! What became of tests, as JUnit XML.
//!
//! The dialect is that of Jenkins: the schema `junit-10.xsd` of its xUnit plugin, which a test holds the output to. It
//! has a place for the file of a suite but none for lines, so these stand in the text of failures.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::writer::ElementWriter;

use super::test_run::{TestFailure, TestReport, TestResult, TestRun};
use crate::findings::Finding;

/// The name of the run.
const NAME: &str = "ruleproof";

/// Writes one document: a suite for each test file, and for each file that cannot be used one with an error.
///
/// # Errors
/// The writer's.
pub fn write_tests_junit(run: &TestRun, out: &mut impl Write) -> io::Result<()> {
    let suites = suites(run);
    let counts = suites.iter().map(|suite| suite.counts()).fold(Counts::default(), Counts::plus);
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let element = xml.create_element("testsuites").with_attribute(("name", NAME));
    let element = with_counts(element, &counts).with_attribute(("time", &*seconds(run.elapsed)));
    element.write_inner_content(|xml| suites.iter().try_for_each(|suite| suite.write(xml)))?;
    writeln!(out)
}

/// What one file has.
#[derive(Default)]
struct Suite<'r> {
    file: String,
    tests: Vec<&'r TestReport>,
    problems: Vec<&'r Finding>,
}

/// The files in the order of their names, so that the same files come in the same order whatever failed first.
fn suites(run: &TestRun) -> Vec<Suite<'_>> {
    let mut by_file: BTreeMap<String, Suite<'_>> = BTreeMap::new();
    let name = |file: &Path| file.display().to_string();
    for test in &run.tests {
        let file = name(&test.place.file);
        let suite = by_file.entry(file.clone()).or_insert_with(|| Suite { file, ..Suite::default() });
        suite.tests.push(test);
    }
    for problem in &run.problems {
        let file = problem.location.as_ref().map_or_else(|| NAME.to_owned(), |at| name(&at.file));
        let suite = by_file.entry(file.clone()).or_insert_with(|| Suite { file, ..Suite::default() });
        suite.problems.push(problem);
    }
    by_file.into_values().collect()
}

#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn plus(self, other: Counts) -> Counts {
        Counts {
            tests: self.tests + other.tests,
            failures: self.failures + other.failures,
            errors: self.errors + other.errors,
            skipped: self.skipped + other.skipped,
        }
    }
}

fn with_counts<'w, W: Write>(element: ElementWriter<'w, W>, counts: &Counts) -> ElementWriter<'w, W> {
    element
        .with_attribute(("tests", &*counts.tests.to_string()))
        .with_attribute(("failures", &*counts.failures.to_string()))
        .with_attribute(("errors", &*counts.errors.to_string()))
}

impl Suite<'_> {
    fn counts(&self) -> Counts {
        let count = |is: fn(&TestResult) -> bool| self.tests.iter().filter(|test| is(&test.result)).count();
        let errors = usize::from(!self.problems.is_empty());
        Counts {
            tests: self.tests.len() + errors,
            failures: count(|result| matches!(result, TestResult::Failed(_))),
            errors,
            skipped: count(|result| matches!(result, TestResult::Skipped(_))),
        }
    }

    fn write<W: Write>(&self, xml: &mut Writer<W>) -> io::Result<()> {
        let counts = self.counts();
        let elapsed = self.tests.iter().map(|test| test.elapsed).sum();
        let file = allowed(&self.file);
        let element = xml.create_element("testsuite").with_attribute(("name", &*file));
        let element = with_counts(element, &counts)
            .with_attribute(("skipped", &*counts.skipped.to_string()))
            .with_attribute(("time", &*seconds(elapsed)))
            .with_attribute(("file", &*file));
        element.write_inner_content(|xml| {
            if !self.problems.is_empty() {
                self.write_problems(xml)?;
            }
            self.tests.iter().try_for_each(|test| self.write_test(test, xml))
        })?;
        Ok(())
    }

    /// All problems of a file in one case, as a file has one fate.
    fn write_problems<W: Write>(&self, xml: &mut Writer<W>) -> io::Result<()> {
        let texts: Vec<String> = self.problems.iter().map(ToString::to_string).collect();
        let first = self.problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
        let code = self.problems.first().map_or("", |problem| problem.code.as_str());
        let case = xml.create_element("testcase");
        let case = case.with_attribute(("name", "(the file)")).with_attribute(("classname", &*self.file));
        case.with_attribute(("time", "0.000"))
            .write_inner_content(|xml| write_text("error", code, &first, &texts.join("\n"), xml))?;
        Ok(())
    }

    fn write_test<W: Write>(&self, test: &TestReport, xml: &mut Writer<W>) -> io::Result<()> {
        let case = xml
            .create_element("testcase")
            .with_attribute(("name", &*allowed(&test.name)))
            .with_attribute(("classname", &*allowed(&self.file)))
            .with_attribute(("time", &*seconds(test.elapsed)));
        match &test.result {
            TestResult::Passed => drop(case.write_empty()?),
            TestResult::Skipped(reason) => {
                case.write_inner_content(|xml| {
                    let skipped = xml.create_element("skipped");
                    skipped.with_attribute(("message", &*allowed(reason))).write_empty().map(drop)
                })?;
            }
            TestResult::Failed(failures) => {
                let code = failures.first().map_or("", |failure| failure.code);
                case.write_inner_content(|xml| {
                    write_text("failure", code, &message(failures), &text(test, failures), xml)
                })?;
            }
        }
        Ok(())
    }
}

/// The first thing that is wrong, and how many more there are: readers show one message per test.
fn message(failures: &[TestFailure]) -> String {
    let first = failures.first().map(|failure| failure.message.clone()).unwrap_or_default();
    match failures.len().saturating_sub(1) {
        0 => first,
        more => format!("{first} (and {more} more)"),
    }
}

fn text(test: &TestReport, failures: &[TestFailure]) -> String {
    let mut lines = vec![test.place.to_string()];
    for failure in failures {
        lines.push(failure.message.clone());
        lines.extend(failure.details.iter().map(|line| format!("  {line}")));
    }
    lines.join("\n")
}

fn write_text<W: Write>(
    name: &str,
    code: &str,
    message: &str,
    text: &str,
    xml: &mut Writer<W>,
) -> io::Result<()> {
    let element = xml.create_element(name).with_attribute(("type", code));
    element
        .with_attribute(("message", &*allowed(message)))
        .write_text_content(BytesText::new(&allowed(text)))
        .map(drop)
}

/// The text without the control characters that XML 1.0 cannot hold in any spelling (its production `Char`).
fn allowed(text: &str) -> String {
    let is_allowed =
        |c: char| matches!(c, '\t' | '\n' | '\r') || c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|c| if is_allowed(c) { c } else { '\u{fffd}' }).collect()
}

fn seconds(elapsed: Duration) -> String {
    format!("{:.3}", elapsed.as_secs_f64())
}
