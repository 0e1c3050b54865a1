//! The matcher on the workloads of `load-tests/workloads`, beside the crate `quamina` where that has the operators:
//! one thread, the events in memory. Every count is asserted before anything is timed.
//!
//! The workloads are generated, not shipped: run `load-tests/workloads/generate.sh` first, or name their folder in
//! `RULEPROOF_WORKLOADS`.

#![allow(clippy::unwrap_used, missing_docs, reason = "a bench that cannot go on should panic")]

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{
    BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime,
};
use quamina::Quamina;
use ruleproof::matcher::{Matcher, Scratch};
use ruleproof::pattern::{Limits, Pattern, Profile};

/// Events of `aws`, `lots` and `lots2` that are used; `expected_matches.tsv` counts these.
const EVENTS: usize = 20_000;

/// From so many rules on quamina takes minutes or overflows.
const QUAMINA_RULES_MAX: usize = 1_000;

fn folder() -> PathBuf {
    let named = std::env::var_os("RULEPROOF_WORKLOADS").map(PathBuf::from);
    named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/workloads"))
}

fn read(path: &str) -> String {
    let path = folder().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("{}: {error}; run load-tests/workloads/generate.sh first", path.display())
    })
}

/// Names and patterns of a bank.
fn bank(text: &str) -> Vec<(&str, &str)> {
    text.lines().map(|line| line.split_once('\t').unwrap()).collect()
}

fn matcher(bank: &[(&str, &str)]) -> Matcher {
    let patterns: Vec<Pattern> = bank
        .iter()
        .map(|(_, pattern)| Pattern::parse(pattern.as_bytes(), &Limits::engine()).unwrap())
        .collect();
    Matcher::new(&patterns, Profile::Engine)
}

fn matches(matcher: &Matcher, events: &[&[u8]], scratch: &mut Scratch) -> usize {
    events.iter().map(|event| matcher.matches(black_box(event), scratch).unwrap().len()).sum()
}

/// The counts that `expected_matches.tsv` has for a bank: ours, and quamina's if it can say any of it.
fn expected(file: &str) -> (usize, Option<usize>) {
    let line = include_str!("expected_matches.tsv").lines().find_map(|line| line.strip_prefix(file)).unwrap();
    let mut counts = line.trim_start().split('\t').map(|count| count.parse().ok());
    (counts.next().flatten().unwrap(), counts.next().flatten())
}

fn time_bank(group: &mut BenchmarkGroup<'_, WallTime>, events: &[&[u8]], file: &str) {
    let bytes = events.iter().map(|event| event.len() as u64).sum();
    group.throughput(Throughput::ElementsAndBytes { elements: events.len() as u64, bytes });
    let (expected, expected_of_quamina) = expected(file);
    let name = Path::new(file).file_stem().unwrap().to_str().unwrap();
    let text = read(file);
    let rules = bank(&text);
    let (ours, mut scratch) = (matcher(&rules), Scratch::default());
    assert_eq!(matches(&ours, events, &mut scratch), expected, "{file}");
    group.bench_function(format!("{name}/ruleproof"), |bencher| {
        bencher.iter(|| matches(&ours, events, &mut scratch));
    });
    if let Some(expected) = expected_of_quamina.filter(|_| rules.len() <= QUAMINA_RULES_MAX) {
        time_quamina(group, events, file, name, expected);
    }
}

fn time_quamina(
    group: &mut BenchmarkGroup<'_, WallTime>,
    events: &[&[u8]],
    file: &str,
    name: &str,
    expected: usize,
) {
    let text = read(&file.replace(".tsv", ".quaminars.tsv"));
    let mut quamina = Quamina::new();
    for (name, pattern) in bank(&text) {
        quamina.add_pattern(name.to_owned(), pattern).unwrap();
    }
    let matches = |quamina: &mut Quamina<String>| -> usize {
        events.iter().map(|event| quamina.matches_for_event(black_box(event)).unwrap().len()).sum()
    };
    assert_eq!(matches(&mut quamina), expected, "{file} by quamina");
    group.bench_function(format!("{name}/quamina"), |bencher| bencher.iter(|| matches(&mut quamina)));
}

fn time_banks(c: &mut Criterion, group: &str, events: &str, files: &[String]) {
    let text = read(events);
    let events: Vec<&[u8]> = text.lines().take(EVENTS).map(str::as_bytes).collect();
    assert_eq!(events.len(), EVENTS, "{group}");
    let mut group = c.benchmark_group(group);
    files.iter().for_each(|file| time_bank(&mut group, &events, file));
    group.finish();
}

fn aws(c: &mut Criterion) {
    let files = [1, 10, 100, 1_000, 10_000, 100_000].map(|rules| format!("rules/n{rules}.tsv"));
    time_banks(c, "aws", "aws.ndjson", &files);
}

fn lots(c: &mut Criterion) {
    let names = [
        "EXACT",
        "WILDCARD",
        "PREFIX",
        "PREFIX_EQUALS_IGNORE_CASE",
        "SUFFIX",
        "SUFFIX_EQUALS_IGNORE_CASE",
        "EQUALS_IGNORE_CASE",
        "ANYTHING_BUT",
        "ANYTHING_BUT_IGNORE_CASE",
        "ANYTHING_BUT_PREFIX",
        "ANYTHING_BUT_SUFFIX",
        "ANYTHING_BUT_WILDCARD",
        "QUAMINA4",
    ];
    time_banks(c, "lots", "lots.ndjson", &names.map(|name| format!("lots_rules/{name}.tsv")));
}

fn lots2(c: &mut Criterion) {
    let names = ["NUMERIC", "COMPLEX_ARRAYS", "COMBO"];
    time_banks(c, "lots2", "lots2.ndjson", &names.map(|name| format!("lots_rules/{name}.tsv")));
}

/// Each line of the index: the scenario's name, a note that says how many matches it has (1 unless it says
/// otherwise), its bytes.
fn scenarios(c: &mut Criterion) {
    let mut group = c.benchmark_group("scenarios");
    for line in read("scenarios/index.txt").lines() {
        let [name, note, _bytes] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let expected = note.split_once("expected=").map_or(1, |(_, count)| count.parse().unwrap());
        let (event, rules) =
            (read(&format!("scenarios/{name}.json")), read(&format!("scenarios/{name}.tsv")));
        let (matcher, mut scratch) = (matcher(&bank(&rules)), Scratch::default());
        let events = [event.trim_end().as_bytes()];
        assert_eq!(matches(&matcher, &events, &mut scratch), expected, "{name}");
        group.throughput(Throughput::Bytes(event.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| matches(&matcher, &events, &mut scratch)));
    }
    group.finish();
}

/// From the texts of patterns to rules that are ready to match.
fn build(c: &mut Criterion) {
    let mut group = c.benchmark_group("build");
    for rules in [1_000, 100_000] {
        let text = read(&format!("rules/n{rules}.tsv"));
        let bank = bank(&text);
        group.throughput(Throughput::Elements(rules));
        group.bench_function(format!("n{rules}"), |bencher| bencher.iter(|| matcher(&bank).rules()));
    }
    group.finish();
}

/// Many groups, each short: the figures are compared by ratios of neighbours.
fn short() -> Criterion {
    let (warm_up, measurement) = (Duration::from_millis(500), Duration::from_secs(2));
    Criterion::default().sample_size(10).warm_up_time(warm_up).measurement_time(measurement)
}

criterion_group!(name = workloads; config = short(); targets = aws, lots, lots2, scenarios, build);
criterion_main!(workloads);
