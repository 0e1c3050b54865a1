//! JUnit output, held to what the schema `junit-10.xsd` of Jenkins's xUnit plugin allows. The tables say, in our own
//! words, what that schema says about the elements that we write.

use std::path::Path;
use std::time::Duration;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use ruleproof::document::SourcePlace;
use ruleproof::findings::{Finding, FindingCode, Location, Severity, Subject};
use ruleproof::json::Place;
use ruleproof::report::{RunEnd, TestFailure, TestReport, TestResult, TestRun, write_tests_junit};

/// An element: its name, the attributes it must have, those it may have, its children, and whether it holds text.
struct Element(&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str], bool);

const ELEMENTS: [Element; 6] = [
    Element("testsuites", &[], &["name", "time", "tests", "failures", "errors"], &["testsuite"], false),
    Element(
        "testsuite",
        &["name", "tests", "failures", "errors"],
        &["group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"],
        &["testsuite", "properties", "testcase", "system-out", "system-err"],
        false,
    ),
    Element(
        "testcase",
        &["name"],
        &["time", "classname", "group"],
        &[
            "skipped",
            "error",
            "failure",
            "rerunFailure",
            "rerunError",
            "flakyFailure",
            "flakyError",
            "system-out",
            "system-err",
        ],
        false,
    ),
    Element("failure", &[], &["type", "message"], &[], true),
    Element("error", &[], &["type", "message"], &[], true),
    Element("skipped", &[], &["type", "message"], &[], true),
];

/// Times there: digits, in groups of three or not, and a fraction or none.
fn is_time(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    whole.split(',').all(digits) && digits(fraction)
}

/// What the schema would say against the document; also whatever is not XML.
fn offences(xml: &str) -> Vec<String> {
    let mut offences = Vec::new();
    let mut open: Vec<&Element> = Vec::new();
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Err(error) => {
                offences.push(format!("not XML: {error}"));
                return offences;
            }
            Ok(Event::Eof) => return offences,
            Ok(Event::Start(start)) => {
                let Some(element) = check(&start, open.last().copied(), &mut offences) else {
                    return offences;
                };
                open.push(element);
            }
            Ok(Event::Empty(start)) => drop(check(&start, open.last().copied(), &mut offences)),
            Ok(Event::End(_)) => drop(open.pop()),
            Ok(Event::Text(text)) => {
                let is_blank = text.trim().is_empty();
                if !is_blank && open.last().is_none_or(|element| !element.4) {
                    offences.push(format!("text where none may stand: {text:?}"));
                }
            }
            Ok(_) => {}
        }
    }
}

fn check(
    start: &BytesStart<'_>,
    parent: Option<&Element>,
    offences: &mut Vec<String>,
) -> Option<&'static Element> {
    let name = start.name().as_ref().to_owned();
    match parent {
        None if name != "testsuites" => offences.push(format!("the root is {name}")),
        Some(parent) if !parent.3.contains(&name.as_str()) => {
            offences.push(format!("{name} in {}", parent.0))
        }
        _ => {}
    }
    let Some(element) = ELEMENTS.iter().find(|element| element.0 == name) else {
        offences.push(format!("unknown element {name}"));
        return None;
    };
    let mut given = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.unwrap();
        let key = attribute.key.as_ref().to_owned();
        if !element.1.contains(&key.as_str()) && !element.2.contains(&key.as_str()) {
            offences.push(format!("{name} has {key}"));
        }
        if key == "time" && !is_time(&attribute.value) {
            offences.push(format!("{key} is {:?}", attribute.value));
        }
        given.push(key);
    }
    let missing = element.1.iter().filter(|key| !given.iter().any(|given| given == *key));
    offences.extend(missing.map(|key| format!("{name} has no {key}")));
    Some(element)
}

fn report(name: &str, result: TestResult) -> TestReport {
    let place =
        SourcePlace { file: Path::new("a <b>&\"c\".test.yaml").into(), place: Place { line: 3, column: 5 } };
    TestReport { name: name.to_owned(), place, elapsed: Duration::from_millis(1_234_567), result }
}

fn failure(message: &str) -> TestFailure {
    TestFailure {
        code: "rule-matched",
        message: message.to_owned(),
        details: vec!["]]> <x> & \"quotes\" 'too'".to_owned(), "control \u{0}\u{1b}\u{fffe} é 🦀".to_owned()],
        subject: Subject::rule("r"),
        related: None,
    }
}

fn written(run: &TestRun) -> String {
    let mut out = Vec::new();
    write_tests_junit(run, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn everything() -> TestRun {
    let place = Location { file: Path::new("broken.test.yaml").into(), span: None };
    let problem = Finding::new(FindingCode::TestInvalid, Severity::Error, "`tests` is <empty>").at(place);
    let nowhere = Finding::new(FindingCode::FileUnreadable, Severity::Error, "gone");
    TestRun {
        tests: vec![
            report("fine & \"good\" <x>\n\u{7}", TestResult::Passed),
            report("skipped", TestResult::Skipped("until <later>\u{0}".to_owned())),
            report("bad", TestResult::Failed(vec![failure("a < b"), failure("and\nmore")])),
        ],
        problems: vec![problem.clone(), problem, nowhere],
        unusable: 2,
        not_run: 1,
        recorded: Vec::new(),
        elapsed: Duration::from_secs(1_000_000),
        end: RunEnd::Complete,
    }
}

#[test]
fn whatever_stands_in_names_and_messages_the_output_fits() {
    let xml = written(&everything());
    assert_eq!(offences(&xml), [""; 0], "{xml}");
    for part in [
        "<testsuites name=\"ruleproof\" tests=\"5\" failures=\"1\" errors=\"2\" time=\"1000000.000\">",
        "errors=\"0\" skipped=\"1\" time=\"3703.701\" file=\"a &lt;b&gt;&amp;&quot;c&quot;.test.yaml\">",
        "<testcase name=\"(the file)\" classname=\"broken.test.yaml\" time=\"0.000\">",
        "message=\"a &lt; b (and 1 more)\"",
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
    assert!(xml.chars().all(|c| c >= ' ' || c == '\n'), "{xml:?}");
}

#[test]
fn a_run_without_tests_fits() {
    let empty = TestRun { tests: Vec::new(), problems: Vec::new(), unusable: 0, ..everything() };
    assert_eq!(offences(&written(&empty)), [""; 0]);
}

#[test]
fn the_recorded_output_fits() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/test_junit.xml");
    assert_eq!(offences(&std::fs::read_to_string(path).unwrap()), [""; 0]);
}

#[test]
fn offences_are_seen() {
    let suite = |inside: &str| {
        format!(
            "<testsuites><testsuite name='' tests='' failures='' errors=''>{inside}</testsuite></testsuites>"
        )
    };
    for (xml, offence) in [
        ("<testsuite/>".to_owned(), "the root is testsuite"),
        (suite("<testcase name='' line='3'/>"), "testcase has line"),
        (suite("<testcase/>"), "testcase has no name"),
        (suite("<failure/>"), "failure in testsuite"),
        (suite("text"), "text where none may stand"),
        ("<testsuites time='1 s'/>".to_owned(), "time is"),
        (suite("<testcase name='a' name='b'/>"), ""),
    ] {
        let found = std::panic::catch_unwind(|| offences(&xml));
        assert!(found.is_err() || found.unwrap().iter().any(|found| found.starts_with(offence)), "{xml}");
    }
}
