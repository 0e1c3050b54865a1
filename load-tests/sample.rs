//! `ruleproof sample` beside a producer that has a schedule: the real binary reads from a pipe, one core for it and
//! another one for the producer, metrics on.
//!
//! Usage: sample_load RULEPROOF [SECONDS [CORE]], by default 20 seconds for each load, and core 0 for the binary; to be run
//! with `taskset` on another core. Needs the workload `aws` (`load-tests/workloads/generate.sh`, or its folder in
//! `RULEPROOF_WORKLOADS`) and Linux. Prints what was measured and ends with 1 if a demand is missed.

#![allow(clippy::unwrap_used, missing_docs, reason = "a load test that cannot go on should panic")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the figures are the point")]
#![allow(unreachable_pub, reason = "it is a binary")]

#[path = "sample/metrics.rs"]
mod metrics;
#[path = "sample/process.rs"]
mod process;
#[path = "sample/producer.rs"]
mod producer;
#[path = "sample/report.rs"]
mod report;
#[path = "sample/sampled.rs"]
mod sampled;
#[path = "sample/workload.rs"]
mod workload;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use crate::producer::Schedule;
use crate::report::{Demands, report};
use crate::sampled::{Results, Setting, run};
use crate::workload::Workload;

/// Rules that events are judged against.
const RULES: usize = 300;

/// Events that are put together for a write: less than a pipe takes.
const EVENTS_A_WRITE: u64 = 32;

/// Events that are judged a second where results cannot be written faster: a tenth of 50,000.
const SLOW_RESULTS_PER_S: u32 = 5_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(binary) = arguments.first().map(PathBuf::from) else {
        panic!("usage: sample_load RULEPROOF [SECONDS [CORE]]");
    };
    let number = |at: usize, default: u32| arguments.get(at).map_or(default, |text| text.parse().unwrap());
    let length = Duration::from_secs(number(1, 20).into());
    let folder = std::env::var_os("RULEPROOF_WORKLOADS").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/workloads"));
    let workload = Workload::read(&folder, RULES);
    println!("{} rules, events of {:.0} bytes on average", RULES, workload.bytes_mean());

    let schedule = |rate, events_a_write| Schedule { rate, events_a_write, length };
    let paced = |rate| schedule(Some(rate), EVENTS_A_WRITE);
    let flat_out = schedule(None, EVENTS_A_WRITE);
    let keeps_up = Demands { keeps_pace: true, overload: Some(0.0..=0.001) };
    let falls_behind = Demands { keeps_pace: true, overload: Some(0.4..=0.6) };
    let no_schedule = Demands { keeps_pace: false, overload: None };
    let slow = Results::Slow { lines_per_s: SLOW_RESULTS_PER_S };
    let loads = [
        ("50,000/s", paced(50_000), 0.1, Results::None, &keeps_up),
        ("50,000/s, a write for each", schedule(Some(50_000), 1), 0.1, Results::None, &keeps_up),
        ("100,000/s", paced(100_000), 0.1, Results::None, &keeps_up),
        ("100,000/s, results slow", paced(100_000), 0.1, slow, &falls_behind),
        ("flat out", flat_out, 0.1, Results::None, &no_schedule),
        ("flat out, all judged", flat_out, 1.0, Results::None, &no_schedule),
    ];
    let core = number(2, 0);
    let mut is_met = true;
    for (name, schedule, share, results, demands) in loads {
        let setting = Setting { name, schedule, share, results };
        let outcome = run(&binary, core, &workload, &setting);
        is_met &= report(&setting, &outcome, demands);
    }
    if is_met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
