//! Reads and runs 10,000 tests over 300 rules, as `ruleproof test` does: from YAML to outcomes, on two threads.
//!
//! Every test names the exact set of rules that match, so that a run that passes has counted them.

use std::fmt::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ruleproof::rules::{NoLiveRules, Parameters};
use ruleproof::suite::{OnFailure, RunOptions, Snapshots, load, run};

const RULES: usize = 300;
const TESTS: usize = 10_000;
const FILES: usize = 20;
const THREADS: NonZeroUsize = NonZeroUsize::new(2).expect("two is not zero");

/// Rules that want one of ten sources, a range of totals and a prefix; each with a target that gets a template.
fn template() -> String {
    let mut text = String::from("Resources:\n");
    for rule in 0..RULES {
        let _ = write!(
            text,
            "  Rule{rule}:\n    Type: AWS::Events::Rule\n    Properties:\n      Name: rule-{rule}\n      EventPattern:\n        \
             source: [shop.s{}]\n        detail-type: [Order Placed, Order Paid]\n        detail:\n          \
             total: [{{ numeric: [\">=\", {}] }}]\n          id: [{{ prefix: o-{}- }}]\n      Targets:\n        \
             - Id: queue\n          Arn: arn:aws:sqs:eu-west-1:123456789012:queue\n          InputTransformer:\n            \
             InputPathsMap: {{ id: $.detail.id }}\n            InputTemplate: '{{\"order\": <id>}}'\n",
            rule % 10,
            rule / 10,
            rule % 10
        );
    }
    text
}

/// Each test changes a fixture and names the rules that match: those of its source with a lower bound.
fn suite(first: usize) -> String {
    let mut text = String::from(
        "version: 1\nrules: [template.yaml]\nfixtures:\n  placed:\n    source: shop.s0\n    detail-type: Order Placed\n    \
         detail: { id: o-0-17, total: 120, customer: { country: NL, tier: 1 }, items: [{ sku: a, price: 1.5 }] }\ntests:\n",
    );
    for test in first..first + TESTS / FILES {
        let (source, total) = (test % 10, test % 4);
        let matching: Vec<String> =
            (0..=total).map(|bound| format!("rule-{}", bound * 10 + source)).collect();
        let _ = write!(
            text,
            "  - name: order {test}\n    event: placed\n    set: {{ /source: shop.s{source}, /detail/id: o-{source}-{test}, \
             /detail/total: {total} }}\n    expect: {{ matches: [{}] }}\n",
            matching.join(", ")
        );
    }
    text
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let write = |name: String, text: String| {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("the file is written");
        path
    };
    write("template.yaml".to_owned(), template());
    (0..FILES).map(|file| write(format!("{file}.test.yaml"), suite(file * TESTS / FILES))).collect()
}

fn tests(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let files = files(folder.path());
    let options = || RunOptions {
        threads: THREADS,
        selected: &|_| true,
        on_failure: OnFailure::Continue,
        snapshots: Snapshots::Compare,
        stop: Arc::new(AtomicBool::new(false)),
        first: Default::default(),
    };
    let passed = || {
        let loaded = load(&files, &Parameters::default(), THREADS, &NoLiveRules).expect("threads");
        run(&loaded.suites, &options()).expect("threads").counts().passed
    };
    assert_eq!(passed(), TESTS, "all tests pass, so every rule was counted");
    let mut group = criterion.benchmark_group("suite");
    group.sample_size(10).throughput(Throughput::Elements(TESTS as u64));
    group.bench_function("10k-tests-300-rules/read-and-run", |bencher| bencher.iter(passed));
    let loaded = load(&files, &Parameters::default(), THREADS, &NoLiveRules).expect("threads");
    group.bench_function("10k-tests-300-rules/run", |bencher| {
        bencher.iter(|| run(&loaded.suites, &options()).expect("threads").counts().passed);
    });
    group.finish();
}

criterion_group!(benches, tests);
criterion_main!(benches);
