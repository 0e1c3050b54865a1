//! What was measured, beside what is demanded.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ruleproof::probe::{Part, RunEnd, Times};
use ruleproof::tracking::StoreCounts;

use crate::Load;
use crate::bus::{Bus, Fate};

pub struct Measured {
    pub load: Load,
    pub wall: Duration,
    pub cpu_seconds: f64,
    pub resident_mb: f64,
    /// The most at a time.
    pub in_flight: u64,
    pub store: StoreCounts,
    pub commits: Option<u64>,
    pub part: Part,
    pub bus: Arc<Bus>,
}

/// The share of the rate that must be reached.
const RATE_SHARE: f64 = 0.99;

/// Prints everything; whether all demands are met.
pub fn print(measured: &Measured) -> bool {
    let Measured { load, wall, part, bus, store, .. } = measured;
    let rate = rate(measured);
    println!("{} events at {}/s asked", load.events, load.rate);
    println!("end: {}", part.end);
    println!("achieved rate: {rate:.0}/s");
    println!("wall: {:.1} s, of processor: {:.1} s", wall.as_secs_f64(), measured.cpu_seconds);
    println!("peak resident: {:.0} MB", measured.resident_mb);
    println!("most in flight: {}", measured.in_flight);
    let of = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
    println!("PutEvents calls: {}, TestEventPattern calls: {}", of(&bus.put_calls), of(&bus.asked));
    println!("store: {store:?}, commits: {:?}", measured.commits);
    println!("events for each read: {:.0}", load.events as f64 / store.reads.max(1) as f64);
    let tally = &part.tally;
    println!("late {}, duplicates {}, unattributed {}", tally.late, tally.duplicates, tally.unattributed);
    for (name, times) in [
        ("scheduled to sent", &tally.latencies.scheduled_to_sent),
        ("sent to delivered", &tally.latencies.sent_to_delivered),
        ("deadline wait", &tally.latencies.deadline_wait),
    ] {
        print_times(name, times);
    }
    let mut met = true;
    for (demand, is_met) in demands(measured, rate) {
        println!("{} {demand}", if is_met { "met:   " } else { "MISSED:" });
        met &= is_met;
    }
    met
}

fn print_times(name: &str, times: &Times) {
    let [p50, p90, p99, p999] =
        [50.0, 90.0, 99.0, 99.9].map(|percent| times.percentile_us(percent) as f64 / 1e3);
    let (count, max) = (times.count(), times.max_us() as f64 / 1e3);
    println!(
        "{name}, ms: n {count}, p50 {p50:.1}, p90 {p90:.1}, p99 {p99:.1}, p99.9 {p999:.1}, max {max:.1}"
    );
}

/// Events a second, from the first call to the last.
fn rate(measured: &Measured) -> f64 {
    let Some((first, last)) = *measured.bus.times.lock().unwrap() else { return 0.0 };
    measured.load.events as f64 / (last - first).as_secs_f64()
}

fn demands(measured: &Measured, rate: f64) -> Vec<(String, bool)> {
    let Measured { load, wall, part, bus, store, .. } = measured;
    let count = |wanted: &[Fate]| {
        (0..load.events).filter(|number| wanted.contains(&Fate::of(*number))).count() as u64
    };
    let code = |code: &str| part.tally.codes.get(code).map_or(0, |tally| tally.events);
    let tally = &part.tally;
    let mut demands = Vec::new();
    let mut equal = |what: &str, found: u64, expected: u64| {
        demands.push((format!("{what}: {found} of {expected}"), found == expected));
    };
    equal("on the bus", bus.put.load(Ordering::Relaxed), load.events);
    equal("delivered", tally.delivered, count(&[Fate::Delivered, Fate::Doubled]));
    equal("unmatched", tally.unmatched, count(&[Fate::Unmatched]));
    equal("errored", tally.errored, count(&[Fate::Dead, Fate::Lost]));
    equal("NO_PERMISSIONS", code("NO_PERMISSIONS"), count(&[Fate::Dead]));
    equal("TIMED_OUT_MATCHED", code("TIMED_OUT_MATCHED"), count(&[Fate::Lost]));
    equal("duplicates", tally.duplicates, count(&[Fate::Doubled]));
    equal("messages left in queues", bus.queues.values().map(|queue| queue.left() as u64).sum(), 0);
    demands.push(("the run is complete".to_owned(), part.end == RunEnd::Complete));
    demands.push((
        format!("{:.0} % of the rate", RATE_SHARE * 100.0),
        rate >= RATE_SHARE * f64::from(load.rate),
    ));
    demands.push(("20,000 in flight".to_owned(), measured.in_flight >= 20_000));
    demands.push(("under 300 MB".to_owned(), measured.resident_mb < 300.0));
    demands.push(("one core".to_owned(), measured.cpu_seconds <= wall.as_secs_f64()));
    // One poll of each event would be more by itself.
    demands.push(("at most one read for 20 events".to_owned(), store.reads * 20 <= load.events));
    demands
}
