//! Thousands of seeded runs, each with its own faults.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use crate::crashes::Trouble;
use crate::crashes::play_seed;

/// Runs without a crash.
const UNDISTURBED: u64 = 4_000;

/// Runs that are killed, stopped or cut off, and redriven.
const DISTURBED: u64 = 6_500;

/// Seeds of a simulation, `RULEPROOF_SEED` instead if it is set; those that fail are named.
fn all_pass(seeds: std::ops::Range<u64>, trouble: Trouble) {
    let only = std::env::var("RULEPROOF_SEED").ok().map(|seed| seed.parse::<u64>().expect("a number"));
    if let Some(seed) = only.filter(|seed| seeds.contains(seed)) {
        return play_seed(seed, trouble);
    }
    if only.is_some() {
        return;
    }
    let next = AtomicU64::new(seeds.start);
    let failed: Vec<u64> = thread::scope(|scope| {
        let workers = thread::available_parallelism().map_or(2, usize::from);
        let work = || {
            let mut failed = Vec::new();
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= seeds.end || failed.len() > 4 {
                    return failed;
                }
                if catch_unwind(AssertUnwindSafe(|| play_seed(seed, trouble))).is_err() {
                    failed.push(seed);
                }
            }
        };
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("panics are caught")).collect()
    });
    assert!(failed.is_empty(), "seeds {failed:?} fail; replay one with RULEPROOF_SEED={}", failed[0]);
}

#[test]
fn verdicts_are_the_truth_whatever_goes_wrong_on_the_way() {
    all_pass(0..UNDISTURBED, Trouble::None);
}

#[test]
fn a_run_that_is_killed_or_stopped_anywhere_and_redriven_comes_to_the_same_verdicts() {
    all_pass(1_000_000..1_000_000 + DISTURBED, Trouble::Some);
}
