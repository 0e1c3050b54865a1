//! Patterns that are made to hurt. That each test ends is half of what it shows: what is exponential never does.

use super::replayed::GOOD;
use super::session::{Ran, Session};

/// `match` with the pattern from a file; `limits` as for `--limits`.
fn match_with(pattern: &str, limits: &str) -> Ran {
    let session = Session::new();
    session.file("pattern.json", pattern).file("e.json", GOOD);
    session.run(&["match", "--pattern", "pattern.json", "--limits", limits, "e.json"])
}

fn refused(pattern: &str, limits: &str, message: &str) {
    let ran = match_with(pattern, limits);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{limits}: {}", &ran.err[..ran.err.len().min(300)]);
    assert!(ran.err.contains(message), "{limits}: {}", &ran.err[..ran.err.len().min(300)]);
    assert!(ran.err.contains("--> pattern.json:1:"), "{}", &ran.err[..ran.err.len().min(300)]);
}

#[test]
fn deep_nesting() {
    let deep = |levels: usize| format!("{}[1]{}", "{\"a\":".repeat(levels), "}".repeat(levels));
    for levels in [10_000, 1_000_000] {
        refused(&deep(levels), "engine", "nested");
        refused(&"[".repeat(levels), "engine", "not JSON");
    }
    // What the parser still takes runs without harm.
    assert_eq!(match_with(&deep(900), "engine").code, 1);
}

#[test]
fn a_million_combinations_of_or() {
    let or = |fields: &str| {
        format!(
            "\"$or\":[{}]",
            (0..10).map(|n| format!("{{\"{fields}{n}\":[1]}}")).collect::<Vec<_>>().join(",")
        )
    };
    // 10 branches at each of 6 levels.
    let levels: String = (0..6).map(|level| format!("\"l{level}\":{{{}}},", or("f"))).collect();
    let pattern = format!("{{{}\"source\":[\"a\"]}}", levels);
    for limits in ["service", "engine"] {
        refused(&pattern, limits, "combinations of `$or` branches");
    }
    let many: String = (0..400).map(|level| format!("\"l{level}\":{{{}}},", or("f"))).collect();
    refused(&format!("{{{many}\"source\":[\"a\"]}}"), "engine", "combinations of `$or` branches");
}

#[test]
fn huge_lists() {
    let values: Vec<String> = (0..300_000).map(|n| format!("\"{n}\"")).collect();
    let pattern = format!("{{\"source\":[{},\"a\"]}}", values.join(","));
    refused(&pattern, "service", "at most 4096 are accepted");
    assert_eq!(match_with(&pattern, "engine").out, format!("{GOOD}\n"));
    let tests: Vec<String> = (0..20_000).map(|n| format!("{{\"prefix\":\"p{n}\"}}")).collect();
    assert_eq!(match_with(&format!("{{\"source\":[{}]}}", tests.join(",")), "engine").code, 1);
}

#[test]
fn wildcards_that_explode() {
    let pattern = format!("{{\"source\":[{{\"wildcard\":\"{}\"}}]}}", "*a".repeat(1_000));
    refused(&pattern, "service", "wildcard complexity");
    let ran = match_with(&pattern, "engine");
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
}

#[test]
fn many_fields() {
    let fields: Vec<String> = (0..5_000).map(|n| format!("\"f{n}\":[1]")).collect();
    refused(&format!("{{{}}}", fields.join(",")), "engine", "5000 fields in one combination");
    let fields = &fields[..300];
    refused(&format!("{{{}}}", fields.join(",")), "service", "300 fields in one combination");
}

#[test]
fn many_refused_rules_are_all_named() {
    let session = Session::new();
    let rules: String = (0..3_000).map(|n| format!("r{n}\t{{\"source\":\"a\"}}\n")).collect();
    session.file("rules.tsv", rules).file("e.json", GOOD);
    let ran = session.run(&["replay", "--rules", "rules.tsv", "--events", "e.json"]);
    assert_eq!(ran.code, 2);
    assert_eq!(ran.err.matches("error: ").count(), 3_000);
    assert!(ran.err.contains("--> rules.tsv:3000:"));
}

#[test]
fn nested_substitutions_that_multiply_are_refused_at_once() {
    let nested = (0..12).fold("\"x\"".to_owned(), |inner, _| {
        format!("{{\"Fn::Sub\":[\"{}\",{{\"A\":{inner}}}]}}", "${A}".repeat(10))
    });
    let session = Session::new();
    session.file(
        "template.json",
        format!(
            "{{\"Resources\":{{\"R\":{{\"Type\":\"AWS::Events::Rule\",\"Properties\":{{\"EventPattern\":{{\"source\":[{nested}]}}}}}}}}}}"
        ),
    );
    session.file("events.ndjson", "{}\n");
    let ran = session.run(&["replay", "--rules", "template.json", "--events", "events.ndjson"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("template.json:1:") && ran.err.contains("Fn::Sub"), "{}", ran.err);
}
