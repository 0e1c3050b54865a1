//! `sample` beside a stand-in for runs through a testbed: what is sent, what is told, and that nobody waits for it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::io::Cursor;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::Duration;

use ruleproof::diff::EventContents;
use ruleproof::findings::compile;
use ruleproof::pattern::{Limits, Profile};
use ruleproof::probe::{CodeTally, PlannedEvent, Tally};
use ruleproof::replay::Observed;
use ruleproof::report::ProbedReport;
use ruleproof::rules::{Parameters, load};
use ruleproof::sample::{
    Observer, Overload, ProbeRun, Prober, Probing, Published, RuleSwitch, Ruling, SampleOptions,
    ShadowOptions, sample,
};
use ruleproof::sampling::drift::DriftChange;
use ruleproof::sampling::{Ratio, SamplingPlan};
use ruleproof::sources::{FileEvents, SourceLimits};
use ruleproof::telemetry::{Registry, SeriesMax, table};
use ruleproof::tracking::EventNumber;
use tokio_util::sync::CancellationToken;

const RULES: &str = "- Name: a\n  EventPattern: {source: [a]}\n";

fn ruling() -> Ruling {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rules.yaml");
    std::fs::write(&path, RULES).unwrap();
    let loaded = load(&[path.display().to_string()], &Parameters::default());
    Ruling::new(&compile(loaded, &Limits::service()), Profile::Service)
}

fn event(number: usize) -> String {
    let source = ["a", "b"][number % 2];
    format!(r#"{{"id":"{number}","detail-type":"t","source":"{source}","detail":{{"n":{number}}}}}"#) + "\n"
}

/// One event of three matches, one does not, and of one something else arrives.
fn outcome(events: &[PlannedEvent]) -> Tally {
    let mut tally = Tally::default();
    for number in 0..events.len() {
        match number % 3 {
            0 => tally.delivered += 1,
            1 => tally.unmatched += 1,
            _ => tally.errored += 1,
        }
    }
    if tally.errored > 0 {
        let (example, message) = (EventNumber::new(0).unwrap(), "it differs".to_owned());
        let counted = CodeTally { events: tally.errored, example, message };
        tally.codes.insert("PAYLOAD_DIFFERS".to_owned(), counted);
    }
    tally
}

struct Nobody;

impl Observer for Nobody {
    fn read(&mut self, _: Observed) {}
    fn drifted(&mut self, _: &DriftChange) {}
}

/// A sample whose rules are `switch`'s.
fn sample_all(text: String, switch: &RuleSwitch, probing: Probing, registry: &Arc<Registry>) -> u64 {
    let limits = SourceLimits { batch_bytes_target: 10_000, ..SourceLimits::default() };
    let source = FileEvents::from_reader("events", Box::new(Cursor::new(text)), limits.clone());
    let options = SampleOptions {
        plan: SamplingPlan::of_rate(Ratio::ALL),
        threads: NonZeroUsize::MIN,
        limits,
        overload: Overload::Wait,
        drift: None,
        shadow: ShadowOptions { examples_max: 3, contents: EventContents::Hidden },
        tap: None,
        cross_check: None,
        probing: Some(probing),
        stop: Arc::default(),
    };
    let published = Published::new(Arc::clone(registry));
    sample(source, switch, &options, None, published, &mut Nobody).unwrap().summary.read
}

fn registry() -> Arc<Registry> {
    Arc::new(Registry::new(SeriesMax::DEFAULT))
}

fn all(report: &ProbedReport) -> u64 {
    let ProbedReport { delivered, unmatched, errored, refused, stale, dropped, open, .. } = report;
    delivered + unmatched + errored + refused + stale + dropped + open
}

/// Samples `text`, of which that part goes through a testbed that is `send`.
fn probe(
    text: String,
    ratio: f64,
    send: impl FnMut(Vec<PlannedEvent>) -> ProbeRun + Send + 'static,
) -> (ProbedReport, Arc<Registry>) {
    let (registry, switch) = (registry(), RuleSwitch::new(ruling()));
    let (ratio, stop) = (Ratio::new(ratio).unwrap(), CancellationToken::new());
    let (prober, probing) = Prober::start(ratio, switch.current(), stop, send, &registry).unwrap();
    sample_all(text, &switch, probing, &registry);
    (prober.finish(|| false, Duration::ZERO), registry)
}

#[test]
fn a_fraction_goes_through_and_is_counted_by_verdict_and_code() {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&sent);
    let (report, registry) = probe((0..3_000).map(event).collect(), 0.05, move |events| {
        let tally = outcome(&events);
        kept.lock().unwrap().extend(events);
        ProbeRun { tally, failure: None }
    });
    // 150 expected; five standard deviations are 60.
    assert!((90..210).contains(&all(&report)), "{report:?}");
    let judged = report.delivered + report.unmatched + report.errored;
    assert_eq!((judged, judged), (all(&report), sent.lock().unwrap().len() as u64), "{report:?}");
    assert_eq!((report.codes.len(), report.codes[0].events), (1, report.errored), "{report:?}");
    let errors = registry.series(&table::SAMPLE_PROBE_ERRORS, ["PAYLOAD_DIFFERS"]).total();
    let unmatched = registry.series(&table::SAMPLE_PROBES, ["unmatched"]).total();
    assert_eq!((errors, unmatched), (report.errored, report.unmatched));
    assert!(sent.lock().unwrap().iter().all(|event| event.event_id.is_some() && event.entry.is_ok()));
}

#[test]
fn what_comes_while_a_run_is_under_way_waits_and_what_has_no_room_is_dropped() {
    let largest = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&largest);
    let (report, _) = probe((0..20_000).map(event).collect(), 1.0, move |events| {
        seen.fetch_max(events.len(), Ordering::Relaxed);
        sleep(Duration::from_millis(300));
        ProbeRun { tally: outcome(&events), failure: None }
    });
    assert_eq!((all(&report), report.open), (20_000, 0), "{report:?}");
    assert!(report.dropped > 0 && report.delivered > 300, "{report:?}");
    assert_eq!(largest.load(Ordering::Relaxed), 500);
}

#[test]
fn large_events_wait_in_bounded_memory() {
    // As an entry, the first is too large.
    let large = |number| {
        let bytes = if number == 0 { 1 << 20 } else { 1 << 19 };
        event(number).replace("\"n\":", &format!("\"x\":\"{}\",\"n\":", "x".repeat(bytes)))
    };
    let largest = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&largest);
    let (report, _) = probe((0..40).map(large).collect(), 1.0, move |events| {
        seen.fetch_max(events.len(), Ordering::Relaxed);
        ProbeRun { tally: outcome(&events), failure: None }
    });
    assert_eq!((all(&report), report.refused), (40, 1), "{report:?}");
    // Of 8 MiB.
    assert!(report.dropped > 0 && largest.load(Ordering::Relaxed) < 16, "{report:?}");
}

#[test]
fn events_without_a_verdict_are_open_and_the_reason_is_told() {
    let (report, _) = probe((0..10).map(event).collect(), 1.0, |_| ProbeRun {
        tally: Tally::default(),
        failure: Some("EventBridge PutEvents: AccessDeniedException: no".to_owned()),
    });
    assert_eq!((report.open, all(&report)), (10, 10), "{report:?}");
    assert!(report.failed_altogether() && report.failure.unwrap().contains("AccessDenied"));
}

#[test]
fn events_judged_by_rules_that_no_mirror_has_are_not_sent() {
    let (registry, switch) = (registry(), RuleSwitch::new(ruling()));
    let send = |events: Vec<PlannedEvent>| ProbeRun { tally: outcome(&events), failure: None };
    let stop = CancellationToken::new();
    let (prober, probing) = Prober::start(Ratio::ALL, switch.current(), stop, send, &registry).unwrap();
    switch.exchange(ruling());
    sample_all((0..10).map(event).collect(), &switch, probing, &registry);
    let report = prober.finish(|| false, Duration::ZERO);
    assert_eq!((report.stale, all(&report)), (10, 10), "{report:?}");
}

#[test]
fn who_is_told_to_stop_waits_for_a_run_no_longer_than_its_grace() {
    let (registry, switch) = (registry(), RuleSwitch::new(ruling()));
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    let send = move |events: Vec<PlannedEvent>| {
        while !stopped.is_cancelled() {
            sleep(Duration::from_millis(5));
        }
        // What it had judged by then.
        ProbeRun { tally: outcome(&events[..events.len() / 2]), failure: None }
    };
    let (prober, probing) =
        Prober::start(Ratio::ALL, switch.current(), stop.clone(), send, &registry).unwrap();
    sample_all((0..10).map(event).collect(), &switch, probing, &registry);
    let report = prober.finish(|| true, Duration::from_millis(50));
    assert_eq!((report.open, all(&report)), (5, 10), "{report:?}");
}
