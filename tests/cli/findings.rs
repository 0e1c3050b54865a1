//! Findings in each form, and what their codes mean.

use std::path::Path;
use std::sync::Arc;

use ruleproof::findings::{Finding, FindingCode, Location, Subject};
use ruleproof::json::Place;
use ruleproof::report::{SourceRoot, write_findings_human, write_findings_json, write_github, write_sarif};

use crate::session::{Session, assert_snapshot, repository};

fn place(line: u32, column: u32) -> Place {
    Place { line, column }
}

fn at(file: &str, span: Option<(Place, Place)>) -> Location {
    Location { file: Arc::from(Path::new(file)), span }
}

fn finding(code: FindingCode, message: &str) -> Finding {
    Finding::new(code, code.severity(), message)
}

/// One of each kind of place, with everything that has to be escaped.
fn examples() -> Vec<Finding> {
    let refused = finding(FindingCode::PatternInvalid, "unknown operator `prefx`")
        .at(at("infra/a b,c:ü%.yaml", Some((place(12, 9), place(12, 14)))))
        .about(Subject::rule("orders"))
        .hinted(Some("did you mean `prefix`?".to_owned()));
    let refused = Finding { pointer: "/source/0/prefx".to_owned(), ..refused };
    let target = finding(FindingCode::TargetInvalid, "two lines\r\nand 100 %")
        .at(at("../elsewhere/template.json", Some((place(3, 1), place(5, 2)))))
        .about(Subject::target("orders", "queue"));
    let target = Finding { aws: Some("ValidationException: refused".to_owned()), ..target };
    vec![
        refused.clone(),
        refused,
        target,
        finding(FindingCode::NoDeadLetterQueue, "events that are not delivered are lost")
            .at(at("template.yaml", Some((place(7, 3), place(7, 3))))),
        finding(FindingCode::CatchAll, "every event matches").at(at("/elsewhere/whole file.yaml", None)),
        finding(FindingCode::ParameterUnused, "nothing asks for `Stage`"),
    ]
}

fn root() -> SourceRoot {
    SourceRoot { root: "/repo".into(), current: "/repo/app".into() }
}

fn written(write: impl Fn(&[Finding], &mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&examples(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Panics with all that the official schema has against a log.
pub(crate) fn assert_valid_sarif(log: &str) {
    let schema = std::fs::read_to_string(repository().join("tests/data/sarif-schema-2.1.0.json")).unwrap();
    // As published it has brackets that only lenient readers of regular expressions take; we write no language.
    let schema = serde_json::from_str(&schema.replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}$")).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let log = serde_json::from_str(log).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn sarif_is_valid_and_as_it_was() {
    let log = written(|findings, out| write_sarif(findings, &root(), out));
    assert_valid_sarif(&log);
    assert_snapshot("findings.sarif", &log.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[test]
fn sarif_without_findings_is_valid() {
    let mut out = Vec::new();
    write_sarif(&[], &root(), &mut out).unwrap();
    assert_valid_sarif(&String::from_utf8(out).unwrap());
}

#[test]
fn fingerprints_survive_a_change_of_lines_and_tell_twins_apart() {
    let fingerprints = |findings: &[Finding]| -> Vec<String> {
        let mut out = Vec::new();
        write_sarif(findings, &root(), &mut out).unwrap();
        let log: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        let print = |result: &serde_json::Value| {
            result["partialFingerprints"]["ruleproof/v1"].as_str().unwrap().to_owned()
        };
        results.iter().map(print).collect()
    };
    let examples = examples();
    let before = fingerprints(&examples);
    let moved: Vec<Finding> = examples
        .into_iter()
        .map(|mut finding| {
            if let Some((start, end)) = finding.location.as_mut().and_then(|location| location.span.as_mut())
            {
                start.line += 10;
                end.line += 10;
            }
            finding
        })
        .collect();
    assert_eq!(fingerprints(&moved), before);
    assert_ne!(before[0], before[1]);
}

#[test]
fn annotations_are_escaped() {
    assert_snapshot("findings.github", &written(|findings, out| write_github(findings, &root(), out)));
}

#[test]
fn findings_are_json_and_text() {
    assert_snapshot("findings.json", &written(write_findings_json));
    assert_snapshot("findings.txt", &written(write_findings_human));
}

#[test]
fn explain_lists_codes_and_tells_what_one_means() {
    let session = Session::new();
    let all = session.run(&["explain"]);
    assert_eq!(all.code, 0);
    assert_snapshot("explain.txt", &all.out);
    let one = session.run(&["explain", "Pattern-Never-Matches"]);
    assert_eq!(one.code, 0);
    assert_snapshot("explain-pattern-never-matches.txt", &one.out);
    let unknown = session.run(&["explain", "pattern-never-match"]);
    assert_eq!((unknown.code, &*unknown.out), (2, ""));
    assert!(unknown.err.contains("did you mean `pattern-never-matches`?"), "{}", unknown.err);
}
