//! Every recorded case, as `ruleproof conform` answers them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::path::Path;

use ruleproof::conform::Tally;

fn assert_agreement(file: &str, cases: u64) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/data").join(file);
    let text = zstd::stream::decode_all(std::fs::File::open(path).unwrap()).unwrap();
    let mut tally = Tally::default();
    for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        if let Some((case, outcome)) = tally.case(line).unwrap() {
            panic!("{}: {outcome:?}", case.id);
        }
    }
    assert_eq!((tally.cases, tally.agree), (cases, cases));
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
