//! How fast events are matched, without reading them from files: one thread, the events in memory.

#![allow(clippy::unwrap_used, missing_docs, reason = "a bench that cannot go on should panic")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ruleproof::matcher::{Matcher, Scratch};
use ruleproof::pattern::{Limits, Pattern, Profile};
use ruleproof::rules::{Parameters, RuleState, load};

/// A field that no event has, so that all that is left is the scan.
const NO_SUCH_FIELD: &str = r#"{"no-such-field": ["x"]}"#;

fn shipped(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(path).to_string_lossy().into_owned()
}

/// The lines of the shipped sample.
fn sample_events() -> Vec<Vec<u8>> {
    let text = zstd::decode_all(std::fs::File::open(shipped("events/sample.ndjson.zst")).unwrap()).unwrap();
    text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
}

/// Names and patterns of the shipped rules that listen.
fn shipped_rules() -> Vec<(String, Pattern)> {
    let loaded = load(&[shipped("")], &Parameters::default());
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let listening = loaded.rules.iter().filter(|rule| rule.state != RuleState::Disabled);
    listening
        .filter_map(|rule| {
            let pattern = Pattern::parse(rule.trigger.pattern()?.json().as_bytes(), &Limits::service());
            Some((rule.display_name.to_string(), pattern.unwrap()))
        })
        .collect()
}

/// How many events each rule must match, by an independent model.
fn expected_counts() -> BTreeMap<String, u64> {
    let text = std::fs::read_to_string(shipped("expected_counts.tsv")).unwrap();
    let line = |line: &str| {
        let (name, count) = line.split_once('\t').unwrap();
        (name.to_owned(), count.parse().unwrap())
    };
    text.lines().map(line).collect()
}

/// Adds to `counts` how often each rule matches.
fn count(matcher: &Matcher, events: &[Vec<u8>], scratch: &mut Scratch, counts: &mut [u64]) {
    for event in events {
        for rule in matcher.matches(black_box(event), scratch).unwrap() {
            counts[rule.0 as usize] += 1;
        }
    }
}

/// Asserts the counts of `rules`, fast and wrong must fail, and then times them.
fn time(c: &mut Criterion, workload: &str, rules: &[(String, Pattern)], expected: &BTreeMap<String, u64>) {
    let events = sample_events();
    let matcher = Matcher::new(rules.iter().map(|(_, pattern)| pattern), Profile::Service);
    let mut scratch = Scratch::default();
    let mut counts = vec![0; rules.len()];
    count(&matcher, &events, &mut scratch, &mut counts);
    let found: BTreeMap<String, u64> =
        rules.iter().map(|(name, _)| name.clone()).zip(counts.clone()).collect();
    assert_eq!(&found, expected, "{workload}");

    let bytes = events.iter().map(|event| event.len() as u64).sum();
    let mut group = c.benchmark_group("match");
    group.throughput(Throughput::ElementsAndBytes { elements: events.len() as u64, bytes });
    group.bench_function(workload, |bencher| {
        bencher.iter(|| count(&matcher, &events, &mut scratch, black_box(&mut counts)));
    });
    group.finish();
}

fn all_rules(c: &mut Criterion) {
    time(c, "shipped-rules/sample-events", &shipped_rules(), &expected_counts());
}

fn one_rule(c: &mut Criterion) {
    let name = "order-risk-review";
    let rules: Vec<_> = shipped_rules().into_iter().filter(|(other, _)| other == name).collect();
    let expected = expected_counts().into_iter().filter(|(other, _)| other == name).collect();
    time(c, "one-rule/sample-events", &rules, &expected);
}

fn scan_only(c: &mut Criterion) {
    let pattern = Pattern::parse(NO_SUCH_FIELD.as_bytes(), &Limits::service()).unwrap();
    let rules = [("none".to_owned(), pattern)];
    time(c, "scan-only/sample-events", &rules, &BTreeMap::from([("none".to_owned(), 0)]));
}

criterion_group!(matcher, all_rules, one_rule, scan_only);
criterion_main!(matcher);
