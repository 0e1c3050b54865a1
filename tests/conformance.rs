//! Every recorded case, as `ruleproof conform` answers them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::path::Path;

use ruleproof::conform::{Tallied, Tally};

fn assert_agreement(file: &str, cases: u64) {
    assert_agreement_where_known(file, cases, &[]);
}

/// `not_applicable` names the cases whose outcome cannot be known locally.
fn assert_agreement_where_known(file: &str, cases: u64, not_applicable: &[&str]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/data").join(file);
    let text = zstd::stream::decode_all(std::fs::File::open(path).unwrap()).unwrap();
    let (mut tally, mut unknown) = (Tally::default(), Vec::new());
    for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        match tally.case(line).unwrap() {
            Tallied::Agreed => {}
            Tallied::Disagreed(case, outcome) => panic!("{}: {outcome:?}", case.id),
            Tallied::NotApplicable { case, .. } => unknown.push(case.id),
        }
    }
    assert_eq!(unknown, not_applicable);
    assert_eq!((tally.cases, tally.agree + unknown.len() as u64), (cases, cases));
}

#[test]
fn verdicts_recorded_from_aws() {
    assert_agreement("patterns_aws.jsonl.zst", 555);
}

#[test]
fn verdicts_of_event_rulers_own_tests() {
    assert_agreement("patterns_suite.jsonl.zst", 4_722);
}

#[test]
fn verdicts_of_event_ruler_on_generated_cases() {
    assert_agreement("patterns_generated.jsonl.zst", 19_999);
}

#[test]
fn wildcard_complexities_of_event_ruler() {
    assert_agreement("complexity.jsonl.zst", 2_015);
}

#[test]
fn target_inputs_recorded_from_aws() {
    let not_applicable = [
        "st-input-empty",
        "st-denied-static-input",
        "st-denied-transformer",
        "st-missing-static-input",
        "st-root-bare-typed-missing",
    ];
    assert_agreement_where_known("transform_aws.jsonl.zst", 135, &not_applicable);
}

#[test]
fn target_inputs_that_follow_from_recorded_ones() {
    let not_applicable = ["text-shape-bare-missing-nothing-observed"];
    assert_agreement_where_known("transform_derived.jsonl.zst", 288, &not_applicable);
}
