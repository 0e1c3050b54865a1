//! Thousands of seeded runs, each with its own faults.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use crate::crashes::{Played, Trouble, play_seed};

/// Runs without a crash.
const UNDISTURBED: Range<u64> = 0..4_000;

/// Runs that are killed, stopped or cut off, and redriven. Each is played without that first.
const DISTURBED: Range<u64> = 1_000_000..1_006_500;

/// Plays seeds on all cores, only `RULEPROOF_SEED` if it is set; those that fail are named.
fn all_pass(seeds: impl Iterator<Item = u64>, check: impl Fn(u64) + Sync) {
    let only = std::env::var("RULEPROOF_SEED").ok().map(|seed| seed.parse::<u64>().expect("a number"));
    let seeds: Vec<u64> = seeds.filter(|seed| only.is_none_or(|only| only == *seed)).collect();
    let next = AtomicU64::new(0);
    let failed: Vec<u64> = thread::scope(|scope| {
        let workers = thread::available_parallelism().map_or(2, usize::from);
        let work = || {
            let mut failed = Vec::new();
            loop {
                let Some(seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed) as usize) else {
                    return failed;
                };
                if failed.len() > 4 {
                    return failed;
                }
                if catch_unwind(AssertUnwindSafe(|| check(*seed))).is_err() {
                    failed.push(*seed);
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
    all_pass(UNDISTURBED, |seed| drop(play_seed(seed, Trouble::None)));
}

#[test]
fn a_run_that_is_killed_or_stopped_anywhere_and_redriven_comes_to_the_same_verdicts() {
    // Kills by the tenth of the run that they fall in.
    let tenths = Mutex::new([0_u64; 10]);
    all_pass(DISTURBED, |seed| {
        let Played { kills, reach, .. } = play_seed(seed, Trouble::Some);
        if let Some(first) = kills.first() {
            tenths.lock().unwrap()[((first - 1) * 10 / reach.operations).min(9) as usize] += 1;
        }
    });
    let tenths = tenths.into_inner().unwrap();
    let all: u64 = tenths.iter().sum();
    assert!(all < 1_000 || tenths.iter().all(|kills| kills * 20 > all), "kills fall unevenly: {tenths:?}");
}

#[test]
fn a_seed_replays_exactly() {
    let some = UNDISTURBED.step_by(100).map(|seed| (seed, Trouble::None));
    let some = some.chain(DISTURBED.step_by(100).map(|seed| (seed, Trouble::Some)));
    for (seed, trouble) in some {
        let [first, again] = [(); 2].map(|()| thread::spawn(move || play_seed(seed, trouble)));
        let (first, again) = (first.join().unwrap(), again.join().unwrap());
        assert_eq!(first.trace, again.trace, "seed {seed} is played otherwise each time");
        assert_eq!(first.outcome, again.outcome);
    }
}
