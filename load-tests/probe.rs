//! A probe under load: the driver of `probe run` as it is, against a simulated bus in real time and in this process.
//!
//! Usage: probe_load memory|FILE [EVENTS [RATE]], by default 100,000 events at 10,000 a second; FILE is made, and holds
//! the tracking store. Prints what was measured and ends with 1 if a demand is missed. Time, memory and processor are
//! those of the whole process, simulation included.

#![allow(clippy::unwrap_used, missing_docs, reason = "a load test that cannot go on should panic")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the figures are the point")]
#![allow(unreachable_pub, reason = "it is a binary")]

#[path = "probe/backend.rs"]
mod backend;
#[path = "probe/bus.rs"]
mod bus;
#[path = "probe/process.rs"]
mod process;
#[path = "probe/queue.rs"]
mod queue;
#[path = "probe/report.rs"]
mod report;
#[path = "probe/watched.rs"]
mod watched;

use std::num::NonZeroU32;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use ruleproof::findings::{CompiledRule, compile};
use ruleproof::pattern::Limits;
use ruleproof::probe::{
    BusArn, Driver, Given, Layout, MirroredBus, Part, PlannedEvent, RunClock, RunOptions, TestbedName,
    Unobserved, run,
};
use ruleproof::rules::{Parameters, load};
use ruleproof::tracking::{Counted, EmbeddedStore, MemoryStore, RunId, TrackingStore};
use tokio_util::sync::CancellationToken;

use crate::backend::LoadBackend;
use crate::bus::{Bus, RULES, event};
use crate::report::Measured;
use crate::watched::Watched;

/// How long a call to the simulated AWS takes at least.
pub const CALL: Duration = Duration::from_millis(4);

/// How long events may take: a quarter of them, which no rule matches, waits so long.
const TIMEOUT: Duration = Duration::from_millis(7_500);

/// The most events in flight that the run allows.
const IN_FLIGHT_MAX: usize = 25_000;

#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub events: u64,
    pub rate: u32,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: u32| arguments.get(at).map_or(default, |text| text.parse().unwrap());
    let load = Load { events: number(1, 100_000).into(), rate: number(2, 10_000) };
    match arguments.first().map(String::as_str) {
        Some("memory") => measure(load, MemoryStore::new(), |_| None),
        Some(file) => {
            measure(load, EmbeddedStore::open(Path::new(file)).unwrap(), |store| Some(store.commits()))
        }
        None => panic!("usage: probe_load memory|FILE [EVENTS [RATE]]"),
    }
}

fn measure<S: TrackingStore + 'static>(
    load: Load,
    store: S,
    commits: impl Fn(&S) -> Option<u64>,
) -> ExitCode {
    let rules = rules();
    let name = TestbedName::parse("load").unwrap();
    let arn = BusArn::parse("arn:aws:events:eu-west-1:123456789012:event-bus/load").unwrap();
    let layout = Layout::of(name, &rules).unwrap();
    let bus = Arc::new(Bus::new(layout.clone(), arn.clone()));
    let verdicts = Arc::new(AtomicU64::new(0));
    let store = Arc::new(Counted::new(Watched { inner: store, verdicts: Arc::clone(&verdicts) }));
    // As the command has it.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (begin, cpu_before) = (Instant::now(), process::cpu_seconds());
    let (part, peak) = runtime.block_on(async {
        let peak = Arc::new(AtomicU64::new(0));
        let watching = tokio::spawn(watch(Arc::clone(&bus), verdicts, Arc::clone(&peak)));
        let driver = Driver {
            backend: LoadBackend::new(&bus, Arc::clone(&store)),
            mirrored: MirroredBus::new(layout, &rules, arn),
            options: options(load),
            clock: RunClock::starting_at(SystemTime::now()),
            stop: CancellationToken::new(),
            observer: Arc::new(Unobserved),
        };
        let events = (0..load.events)
            .map(|number| PlannedEvent::of(event(number).as_bytes(), format!("load:{number}")));
        let part: Part = run(driver, RunId::new(1_795_365_900, 1), Given::default(), events).await;
        watching.abort();
        (part, peak.load(Ordering::Relaxed))
    });
    let measured = Measured {
        load,
        wall: begin.elapsed(),
        cpu_seconds: process::cpu_seconds() - cpu_before,
        resident_mb: process::peak_resident_mb(),
        in_flight: peak,
        store: store.counts(),
        commits: commits(&store.inner().inner),
        part,
        bus,
    };
    if report::print(&measured) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn options(load: Load) -> RunOptions {
    RunOptions {
        rate: NonZeroU32::new(load.rate),
        in_flight_max: IN_FLIGHT_MAX,
        timeout: TIMEOUT,
        // A queue of SQS has no limit of its own on these.
        receivers_max: 32,
        put_calls_max: 64,
        askers: 64,
        ..RunOptions::default()
    }
}

/// Notes the most events in flight, and says on the way how it goes.
async fn watch(bus: Arc<Bus>, verdicts: Arc<AtomicU64>, peak: Arc<AtomicU64>) {
    for tick in 1_u64.. {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let (put, judged) = (bus.put.load(Ordering::Relaxed), verdicts.load(Ordering::Relaxed));
        peak.fetch_max(put.saturating_sub(judged), Ordering::Relaxed);
        if tick.is_multiple_of(50) {
            let queued: usize = bus.queues.values().map(|queue| queue.left()).sum();
            eprintln!(
                "{put} put, {judged} judged, {queued} messages in queues, {:.1} s of processor",
                process::cpu_seconds()
            );
        }
    }
}

/// A rule for each kind of event; every other one has a transformer.
fn rules() -> Vec<CompiledRule> {
    let folder = tempfile::tempdir().unwrap();
    for rule in 0..RULES {
        let input = match rule % 2 {
            0 => "",
            _ => {
                r#","InputTransformer":{"InputPathsMap":{"o":"$.detail.order","t":"$.detail.total"},"InputTemplate":"{\"order\": \"<o>\", \"total\": <t>}"}"#
            }
        };
        let text = format!(
            r#"{{"Name":"rule-{rule:02}","EventPattern":{{"source":["load.shop"],"detail":{{"kind":["{rule}"]}}}},"Targets":[{{"Id":"t","Arn":"arn:aws:sqs:eu-west-1:1:q"{input}}}]}}"#
        );
        std::fs::write(folder.path().join(format!("{rule:02}.json")), text).unwrap();
    }
    let loaded = load(&[folder.path().display().to_string()], &Parameters::default());
    let compiled = compile(loaded, &Limits::service());
    assert!(!compiled.has_errors(), "{:?}", compiled.findings);
    compiled.rules
}
