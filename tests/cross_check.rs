//! `sample` with a stand-in for `TestEventPattern`: what is asked, what is told, and that nobody waits for it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::collections::BTreeSet;
use std::io::Write;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ruleproof::calls::{CallError, CallErrorKind, CallPolicy, CallSettings, Effect};
use ruleproof::diff::EventContents;
use ruleproof::findings::compile;
use ruleproof::matcher::{Matcher, Scratch};
use ruleproof::parity::{SampledEvent, pair_for};
use ruleproof::pattern::{Limits, Pattern, Profile};
use ruleproof::probe::PatternTester;
use ruleproof::replay::Observed;
use ruleproof::report::{CrossCheckReport, SampleSummary};
use ruleproof::rules::{Parameters, load};
use ruleproof::sample::{
    Asking, CrossChecker, Observer, Overload, Published, RuleSwitch, Ruling, SampleOptions, ShadowOptions,
    sample,
};
use ruleproof::sampling::drift::DriftChange;
use ruleproof::sampling::{Ratio, SamplingPlan};
use ruleproof::sources::{FileEvents, SourceLimits};
use ruleproof::telemetry::{Registry, SeriesMax, table};

const RULES: &str = "\
- Name: a
  EventPattern: {source: [a], detail: {n: [{numeric: [\"<\", 10]}]}}
- Name: b
  EventPattern: {source: [b]}
";

fn event(number: usize) -> String {
    let source = ["a", "b", "c"][number % 3];
    format!(
        r#"{{"id":"{number}","detail-type":"t","source":"{source}","account":"1","time":"2026-01-02T03:04:05Z","region":"r","detail":{{"n":{},"who":"nobody's business"}}}}"#,
        number % 20
    ) + "\n"
}

/// Answers like our matcher, but for rules that want this source, after a while.
struct Stub {
    wrong_about: &'static str,
    answers_after: Duration,
    fails: Option<CallErrorKind>,
    /// Only for events that hold this.
    fails_about: &'static str,
    asked: Arc<AtomicU64>,
}

impl Stub {
    fn right() -> Stub {
        Stub {
            wrong_about: "nothing",
            answers_after: Duration::ZERO,
            fails: None,
            fails_about: "",
            asked: Arc::default(),
        }
    }
}

impl PatternTester for Stub {
    async fn test(&self, pattern: &str, event: &str) -> Result<bool, CallError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(self.answers_after).await;
        if let Some(kind) = self.fails.filter(|_| event.contains(self.fails_about)) {
            return Err(CallError {
                service: "EventBridge",
                operation: "TestEventPattern",
                code: "AccessDeniedException".to_owned(),
                message: "no".to_owned(),
                kind,
                effect: Effect::None,
            });
        }
        let parsed = Pattern::parse(pattern.as_bytes(), &Limits::service()).unwrap();
        let matcher = Matcher::new([&parsed], Profile::Service);
        let matches = !matcher.matches(event.as_bytes(), &mut Scratch::default()).unwrap().is_empty();
        Ok(matches ^ pattern.contains(self.wrong_about))
    }
}

struct Nobody;

impl Observer for Nobody {
    fn read(&mut self, _: Observed) {}
    fn drifted(&mut self, _: &DriftChange) {}
}

/// What is written to a file that somebody else looks into.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn run(
    stub: Stub,
    events: usize,
    ratio: f64,
    bundle: Shared,
) -> (SampleSummary, CrossCheckReport, Arc<Registry>) {
    run_text(stub, (0..events).map(event).collect(), ratio, bundle)
}

fn run_text(
    stub: Stub,
    text: String,
    ratio: f64,
    bundle: Shared,
) -> (SampleSummary, CrossCheckReport, Arc<Registry>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rules.yaml");
    std::fs::write(&path, RULES).unwrap();
    let loaded = load(&[path.display().to_string()], &Parameters::default());
    let ruling = Ruling::new(&compile(loaded, &Limits::service()), Profile::Service);
    let registry = Arc::new(Registry::new(SeriesMax::DEFAULT));
    let asking = Asking {
        tester: stub,
        calls: CallPolicy::new(&CallSettings::of_service("EventBridge"), 1),
        source: "TestEventPattern in r".to_owned(),
    };
    let ratio = Ratio::new(ratio).unwrap();
    let (checker, check) = CrossChecker::start(ratio, asking, Some(Box::new(bundle)), &registry).unwrap();
    let limits = SourceLimits { batch_bytes_target: 10_000, ..SourceLimits::default() };
    let source = FileEvents::from_reader("events", Box::new(std::io::Cursor::new(text)), limits.clone());
    let options = SampleOptions {
        plan: SamplingPlan::of_rate(Ratio::ALL),
        threads: NonZeroUsize::MIN,
        limits,
        overload: Overload::Wait,
        drift: None,
        shadow: ShadowOptions { examples_max: 3, contents: EventContents::Hidden },
        tap: None,
        cross_check: Some(check),
        probing: None,
        stop: Arc::default(),
    };
    let switch = RuleSwitch::new(ruling);
    let published = Published::new(Arc::clone(&registry));
    let sampled = sample(source, &switch, &options, None, published, &mut Nobody).unwrap();
    (sampled.summary, checker.finish(Duration::from_secs(20)), registry)
}

/// Events of which AWS was to be asked.
fn chosen(report: &CrossCheckReport) -> u64 {
    report.agreed + report.disagreed + report.failed + report.dropped + report.refused
}

#[test]
fn a_fraction_of_the_verdicts_is_compared() {
    let stub = Stub::right();
    let asked = Arc::clone(&stub.asked);
    let (summary, report, registry) = run(stub, 3_000, 0.01, Shared::default());
    assert_eq!((summary.read, summary.kept), (3_000, 3_000));
    // 30 expected; five standard deviations are 27.
    assert!((4..58).contains(&chosen(&report)) && report.agreed > 0, "{report:?}");
    assert_eq!((report.disagreed, report.failed, report.refused), (0, 0, 0), "{report:?}");
    assert!(asked.load(Ordering::Relaxed) <= report.agreed);
    assert_eq!(registry.series(&table::CROSS_CHECKS, ["agreed"]).total(), report.agreed);
}

#[test]
fn disagreements_are_named_and_kept_as_cases() {
    let bundle = Shared::default();
    let stub = Stub { wrong_about: "\"b\"", ..Stub::right() };
    let (_, report, _) = run(stub, 60, 1.0, bundle.clone());
    assert!(report.disagreed > 0 && report.agreed > 0, "{report:?}");
    assert_eq!(chosen(&report), 60);
    let first = &report.disagreements[0];
    assert!(first.rule == "b" && first.at.contains("rules.yaml:3") && first.aws != first.ours, "{first:?}");
    assert!(report.disagreements.iter().all(|one| one.rule == "b"));
    let cases = String::from_utf8(bundle.0.lock().unwrap().clone()).unwrap();
    assert_eq!(cases.lines().count() as u64, report.disagreed);
    let case: serde_json::Value = serde_json::from_str(cases.lines().next().unwrap()).unwrap();
    assert_eq!((&case["id"], &case["expect"]), (&first.id.clone().into(), &first.aws.into()));
    // Contents of events are in the bundle only.
    assert!(cases.contains("nobody's business") && !format!("{report:?}").contains("nobody's business"));
}

#[test]
fn both_rules_that_match_and_rules_that_are_missed_are_asked_about() {
    let patterns: Vec<Pattern> = [r#"{"source":["a"]}"#, r#"{"source":["b"]}"#]
        .map(|text| Pattern::parse(text.as_bytes(), &Limits::service()).unwrap())
        .to_vec();
    let (mut random, mut seen) = (fastrand::Rng::with_seed(1), BTreeSet::new());
    for number in 0..30 {
        let matching = (number % 3 < 2).then_some(number % 3).into_iter().collect();
        let event = SampledEvent::new(event(number).as_bytes(), matching, 0).unwrap();
        let pair = pair_for(event, &patterns, Profile::Service, &mut random).unwrap();
        seen.insert((pair.rule, pair.matches()));
    }
    assert_eq!(seen.len(), 4, "{seen:?}");
    // AWS takes no event without the fields that all have.
    assert_eq!(SampledEvent::new(b"{}", BTreeSet::new(), 0), None);
}

#[test]
fn sampling_does_not_wait_for_answers() {
    let stub = Stub { answers_after: Duration::from_millis(100), ..Stub::right() };
    let started = Instant::now();
    let (summary, report, _) = run(stub, 6_000, 1.0, Shared::default());
    // Eight at once: 6,000 questions would take 75 s.
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    assert_eq!((summary.kept, chosen(&report)), (6_000, 6_000), "{report:?}");
    assert!(report.dropped > 4_000 && report.agreed >= 8, "{report:?}");
}

#[test]
fn questions_without_an_answer_are_counted_and_nothing_else_happens() {
    let stub = Stub { fails: Some(CallErrorKind::Denied), ..Stub::right() };
    let (summary, report, _) = run(stub, 60, 1.0, Shared::default());
    assert_eq!((summary.kept, report.failed, report.agreed), (60, 60, 0), "{report:?}");
    assert!(report.failed_altogether() && report.failure.unwrap().contains("AccessDeniedException"));
}

#[test]
fn one_question_without_an_answer_takes_no_other_with_it() {
    let stub = Stub {
        fails: Some(CallErrorKind::Denied),
        // Every tenth, of several that are asked at once.
        fails_about: r#"7","detail-type""#,
        answers_after: Duration::from_millis(50),
        ..Stub::right()
    };
    let (_, report, _) = run(stub, 40, 1.0, Shared::default());
    assert_eq!((report.failed, report.agreed), (4, 36), "{report:?}");
}

#[test]
fn a_disagreement_that_comes_again_is_counted_and_written_once() {
    let bundle = Shared::default();
    let stub = Stub { wrong_about: "source", ..Stub::right() };
    let (_, report, _) = run_text(stub, event(0).repeat(50), 1.0, bundle.clone());
    assert_eq!(report.disagreed, 50, "{report:?}");
    let cases = String::from_utf8(bundle.0.lock().unwrap().clone()).unwrap();
    // Of the two rules.
    assert!((1..=2).contains(&cases.lines().count()), "{cases}");
    assert_eq!(report.disagreements.len(), cases.lines().count());
}

#[test]
fn an_event_that_aws_would_not_take_is_refused_and_not_asked_about() {
    let stub = Stub::right();
    let asked = Arc::clone(&stub.asked);
    let long = event(0).replace("nobody's", &"x".repeat(300 << 10));
    let text = [event(0).replace("\"account\"", "\"accounts\""), long, event(1)].concat();
    let (_, report, registry) = run_text(stub, text, 1.0, Shared::default());
    assert_eq!((report.refused, report.agreed, report.dropped), (2, 1, 0), "{report:?}");
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    assert_eq!(registry.series(&table::CROSS_CHECKS, ["refused"]).total(), 2);
}
