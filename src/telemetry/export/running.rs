//! The thread of an exporter.

use std::io;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

use super::super::handle::Counter;
use super::super::registry::Registry;
use super::super::table::{EMISSIONS, EMISSIONS_DROPPED};
use super::exporter::{EmitProblem, Exporter, Moment};

/// How much time lies between two emissions, at least a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval(Duration);

impl Interval {
    /// What `--metrics-interval` is when it is not given.
    pub const DEFAULT: Interval = Interval(Duration::from_secs(10));
    /// The shortest one.
    pub const LEAST: Duration = Duration::from_secs(1);

    /// An interval, unless it is below [`Interval::LEAST`].
    #[must_use]
    pub fn new(duration: Duration) -> Option<Interval> {
        (duration >= Interval::LEAST).then_some(Interval(duration))
    }

    /// Its length.
    #[must_use]
    pub fn duration(self) -> Duration {
        self.0
    }
}

impl FromStr for Interval {
    type Err = String;

    fn from_str(text: &str) -> Result<Interval, String> {
        let duration = humantime::parse_duration(text).ok().and_then(Interval::new);
        duration.ok_or_else(|| "is no duration of at least 1s, such as 10s".to_owned())
    }
}

/// Asks for an emission before its time, for example because an alarm began to fire.
#[derive(Debug, Clone)]
pub struct Prompt(Sender<Order>);

impl Prompt {
    /// An emission now, if the exporter's limit allows it.
    pub fn emit_soon(&self) {
        // A thread that ended panicked, which was printed.
        let _ = self.0.send(Order::Emit);
    }
}

/// How the last emission went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flushed {
    /// All numbers arrived, as far as the back end says.
    Complete,
    /// They did not; why.
    Failed(String),
    /// The back end did not answer in time; its thread was left behind.
    Hanging,
}

/// An exporter at work.
#[derive(Debug)]
pub struct ExporterThread {
    name: &'static str,
    orders: Sender<Order>,
    last: Receiver<Result<(), EmitProblem>>,
}

#[derive(Debug)]
enum Order {
    /// An emission now, if the limit allows it.
    Emit,
    /// The last emission, whatever the limit says.
    Finish,
}

impl ExporterThread {
    /// Starts a thread that emits once per interval.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(
        exporter: impl Exporter,
        registry: Arc<Registry>,
        interval: Interval,
    ) -> io::Result<ExporterThread> {
        let (orders, ordered) = channel();
        let (told, last) = channel();
        let name = exporter.name();
        let quota = Quota::with_period(interval.duration()).unwrap_or(Quota::per_second(NonZeroU32::MIN));
        let mut emitting = Emitting {
            limiter: RateLimiter::direct(quota),
            emitted: registry.series(&EMISSIONS, [name]),
            dropped: registry.series(&EMISSIONS_DROPPED, [name]),
            exporter,
            registry,
        };
        thread::Builder::new().name(format!("metrics-{name}")).spawn(move || {
            let last = emitting.until_finished(&ordered, interval);
            // Nobody may be waiting any more.
            let _ = told.send(last);
        })?;
        Ok(ExporterThread { name, orders, last })
    }

    /// The exporter's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What others prompt this exporter with.
    #[must_use]
    pub fn prompt(&self) -> Prompt {
        Prompt(self.orders.clone())
    }

    /// Begins the last emission.
    pub fn finish(&self) {
        let _ = self.orders.send(Order::Finish);
    }

    /// Waits for the last emission, but no longer than `wait`.
    #[must_use]
    pub fn wait(self, wait: Duration) -> Flushed {
        match self.last.recv_timeout(wait) {
            Ok(Ok(())) => Flushed::Complete,
            Ok(Err(problem)) => Flushed::Failed(problem.to_string()),
            Err(_) => Flushed::Hanging,
        }
    }
}

struct Emitting<E> {
    exporter: E,
    registry: Arc<Registry>,
    limiter: DefaultDirectRateLimiter,
    emitted: Counter,
    dropped: Counter,
}

impl<E: Exporter> Emitting<E> {
    fn until_finished(&mut self, orders: &Receiver<Order>, interval: Interval) -> Result<(), EmitProblem> {
        loop {
            match orders.recv_timeout(interval.duration()) {
                Ok(Order::Finish) | Err(RecvTimeoutError::Disconnected) => return self.emit(),
                Ok(Order::Emit) | Err(RecvTimeoutError::Timeout) if self.limiter.check().is_ok() => {
                    // It is counted; the numbers are not lost.
                    let _ = self.emit();
                }
                Ok(Order::Emit) | Err(RecvTimeoutError::Timeout) => self.dropped.add(1),
            }
        }
    }

    fn emit(&mut self) -> Result<(), EmitProblem> {
        // Counted before, so that the last emission has itself.
        self.emitted.add(1);
        let emitted = self.exporter.emit(&self.registry.snapshot(), Moment::now());
        if emitted.is_err() {
            self.dropped.add(1);
        }
        emitted
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Instant;

    use super::super::super::snapshot::Snapshot;
    use super::super::super::table::EVENTS;
    use super::*;

    /// A back end that keeps sums, fails at times, and may hang.
    struct Recorder {
        seen: Arc<Mutex<Vec<u64>>>,
        behaviour: Behaviour,
    }

    enum Behaviour {
        Works,
        Fails,
        Hangs,
    }

    impl Exporter for Recorder {
        fn name(&self) -> &'static str {
            "recorder"
        }

        fn emit(&mut self, snapshot: &Snapshot, _: Moment) -> Result<(), EmitProblem> {
            match self.behaviour {
                Behaviour::Hangs => thread::sleep(Duration::from_secs(3_600)),
                Behaviour::Fails => return Err(EmitProblem("refused".to_owned())),
                Behaviour::Works => {
                    self.seen.lock().unwrap().push(snapshot.counter_sum(EVENTS.definition.name))
                }
            }
            Ok(())
        }
    }

    fn started(behaviour: Behaviour) -> (ExporterThread, Arc<Registry>, Arc<Mutex<Vec<u64>>>) {
        let (registry, seen) = (Arc::new(Registry::default()), Arc::default());
        let recorder = Recorder { seen: Arc::clone(&seen), behaviour };
        let interval = Interval::new(Duration::from_secs(1)).unwrap();
        (ExporterThread::start(recorder, Arc::clone(&registry), interval).unwrap(), registry, seen)
    }

    fn dropped(registry: &Registry) -> u64 {
        registry.snapshot().counter_sum("ruleproof_emissions_dropped_total")
    }

    #[test]
    fn emissions_are_limited_whatever_is_asked_for_and_the_last_one_is_exact() {
        let (exporter, registry, seen) = started(Behaviour::Works);
        let begin = Instant::now();
        for _ in 0..10_000 {
            registry.series(&EVENTS, ["delivered"]).add(1);
            exporter.prompt().emit_soon();
        }
        exporter.finish();
        assert_eq!(exporter.wait(Duration::from_secs(30)), Flushed::Complete);
        let seen = seen.lock().unwrap();
        let allowed = 2 + begin.elapsed().as_secs() as usize + 1;
        assert!(seen.len() <= allowed, "{} of {allowed}", seen.len());
        assert_eq!(seen.last(), Some(&10_000));
        assert!(dropped(&registry) >= 9_000, "{}", dropped(&registry));
    }

    #[test]
    fn failures_are_counted_and_told_at_the_end() {
        let (exporter, registry, _) = started(Behaviour::Fails);
        exporter.prompt().emit_soon();
        exporter.finish();
        assert_eq!(exporter.wait(Duration::from_secs(30)), Flushed::Failed("refused".to_owned()));
        assert_eq!(dropped(&registry), 2);
    }

    #[test]
    fn a_back_end_that_hangs_is_left_behind() {
        let (exporter, registry, _) = started(Behaviour::Hangs);
        let begin = Instant::now();
        for _ in 0..100_000 {
            registry.series(&EVENTS, ["delivered"]).add(1);
        }
        exporter.finish();
        assert_eq!(exporter.wait(Duration::from_millis(100)), Flushed::Hanging);
        assert!(begin.elapsed() < Duration::from_secs(10));
    }
}
