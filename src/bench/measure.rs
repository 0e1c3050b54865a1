//! Timing.

use std::num::NonZeroUsize;
use std::thread;
use std::time::{Duration, Instant};

use super::MemoryEvents;
use crate::matcher::{Matcher, Scratch};

/// How to measure.
#[derive(Debug, Clone, Copy)]
pub struct MeasureOptions {
    /// Threads that match, each its share of the events.
    pub threads: NonZeroUsize,
    /// Passes over all events that are timed.
    pub passes: NonZeroUsize,
    /// Passes before those, which are not.
    pub warmup_passes: usize,
}

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// Of each rule, the events that it matches.
    pub counts: Vec<u64>,
    /// Events that cannot be judged.
    pub errored: u64,
    /// The time that each pass took, by the clock.
    pub wall: Vec<Duration>,
    /// The time that each pass took of all cores together; empty where the system does not tell.
    pub cpu: Vec<Duration>,
}

impl Measurement {
    /// How often any rule matched any event.
    pub fn matches(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// Matches all events against all rules, pass after pass.
pub fn measure(matcher: &Matcher, events: &MemoryEvents, options: &MeasureOptions) -> Measurement {
    let mut workers: Vec<Worker<'_>> = (0..options.threads.get()).map(|_| Worker::new(matcher)).collect();
    for _ in 0..options.warmup_passes {
        pass(&mut workers, events);
    }
    let (mut wall, mut cpu) = (Vec::new(), Vec::new());
    for _ in 0..options.passes.get() {
        workers.iter_mut().for_each(Worker::forget);
        let (clock, cpu_before) = (Instant::now(), cpu_time());
        pass(&mut workers, events);
        wall.push(clock.elapsed());
        cpu.extend(cpu_time().zip(cpu_before).map(|(after, before)| after.saturating_sub(before)));
    }
    let mut counts = vec![0; matcher.rules()];
    for worker in &workers {
        counts.iter_mut().zip(&worker.counts).for_each(|(sum, count)| *sum += count);
    }
    let errored = workers.iter().map(|worker| worker.errored).sum();
    Measurement { counts, errored, wall, cpu }
}

/// One thread's part.
struct Worker<'m> {
    matcher: &'m Matcher,
    scratch: Scratch,
    counts: Vec<u64>,
    errored: u64,
}

impl<'m> Worker<'m> {
    fn new(matcher: &'m Matcher) -> Worker<'m> {
        Worker { matcher, scratch: Scratch::default(), counts: vec![0; matcher.rules()], errored: 0 }
    }

    fn forget(&mut self) {
        self.counts.fill(0);
        self.errored = 0;
    }

    fn pass<'e>(&mut self, events: impl Iterator<Item = &'e [u8]>) {
        for event in events {
            match self.matcher.matches(event, &mut self.scratch) {
                Ok(matched) => matched.iter().for_each(|rule| self.counts[rule.0 as usize] += 1),
                Err(_) => self.errored += 1,
            }
        }
    }
}

/// One pass of all workers; a single one works on the calling thread.
fn pass(workers: &mut [Worker<'_>], events: &MemoryEvents) {
    let parts = events.parts(workers.len());
    match workers {
        [only] => parts.for_each(|part| only.pass(part)),
        workers => thread::scope(|scope| {
            for (worker, part) in workers.iter_mut().zip(parts) {
                scope.spawn(move || worker.pass(part));
            }
        }),
    }
}

/// The time that this process has used of all cores.
#[cfg(unix)]
fn cpu_time() -> Option<Duration> {
    use rustix::time::{ClockId, clock_gettime};
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).ok()
}

#[cfg(not(unix))]
fn cpu_time() -> Option<Duration> {
    None
}
