//! All series of a process.

use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::buckets::BUCKETS;
use super::definition::{Definition, Kind, Metric};
use super::handle::{Counter, Handle};
use super::series::{Key, Shelves};
use super::snapshot::{Sample, Snapshot, Value};
use super::table::{SERIES_OVERFLOW, TABLE};

/// How many series a registry may have, as a number of lines of the Prometheus format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeriesMax(u32);

impl SeriesMax {
    /// What `--metrics-series-max` is when it is not given.
    pub const DEFAULT: SeriesMax = SeriesMax(1_000);

    /// The least that makes sense: the series of each metric without labels, and of each one with labels the series
    /// that all label sets share when there is no room, and the counter that says so.
    #[must_use]
    pub fn least() -> u32 {
        let labelled = TABLE.iter().filter(|definition| !definition.labels.is_empty()).count();
        TABLE.iter().map(|definition| lines_of(definition)).sum::<u32>() + labelled as u32
    }

    /// A number, unless it is below [`SeriesMax::least`].
    #[must_use]
    pub fn new(lines: NonZeroU32) -> Option<SeriesMax> {
        (lines.get() >= SeriesMax::least()).then_some(SeriesMax(lines.get()))
    }

    /// How many lines.
    #[must_use]
    pub fn lines(self) -> u32 {
        self.0
    }
}

impl FromStr for SeriesMax {
    type Err = String;

    fn from_str(text: &str) -> Result<SeriesMax, String> {
        let lines = text.parse().ok().and_then(SeriesMax::new);
        lines.ok_or_else(|| format!("is no number of series, at least {}", SeriesMax::least()))
    }
}

impl Default for SeriesMax {
    fn default() -> SeriesMax {
        SeriesMax::DEFAULT
    }
}

/// The lines of a series of the metric: the buckets of a histogram, its sum and its count are lines too.
fn lines_of(definition: &Definition) -> u32 {
    match definition.kind {
        Kind::Counter | Kind::Gauge => 1,
        Kind::Histogram => BUCKETS as u32 + 2,
    }
}

/// All series of a process, never more than it was made for.
///
/// A series is looked up once and its handle kept: looking up takes a lock, counting does not. When there is no room
/// left, a new label set of a metric gets the handle of that metric's series [`OVERFLOW`](super::OVERFLOW), so that
/// sums over all series of a metric stay right; `ruleproof_series_overflow_total` counts how often. Which label sets
/// those were is forgotten, as remembering them is the very memory that is to be bounded. Series are never removed.
#[derive(Debug)]
pub struct Registry {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    shelves: Shelves,
    /// How many more label sets of metrics with labels there may be.
    room: u32,
}

impl Registry {
    /// An empty registry.
    #[must_use]
    pub fn new(series_max: SeriesMax) -> Registry {
        let room = series_max.lines().saturating_sub(SeriesMax::least());
        Registry { state: Mutex::new(State { shelves: Shelves::default(), room }) }
    }

    /// The series of `metric` with these values of its labels, made with the value 0 if it is new.
    pub fn series<H: Handle, const LABELS: usize>(
        &self,
        metric: &'static Metric<H, LABELS>,
        values: [&str; LABELS],
    ) -> H {
        let definition = &metric.definition;
        let key = Key::new(definition, &values);
        let mut state = self.lock();
        if let Some(known) = H::shelf(&mut state.shelves).get(&key) {
            return known.clone();
        }
        if LABELS > 0 && key != Key::overflow(definition) {
            if state.room == 0 {
                return state.overflow(definition);
            }
            state.room -= 1;
        }
        H::shelf(&mut state.shelves).entry(key).or_default().clone()
    }

    /// All numbers at this moment, sorted by name and by values of labels.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let state = self.lock();
        let shelves = &state.shelves;
        let counters = shelves.counters.iter().map(|(key, it)| sample(key, Value::Counter(it.total())));
        let gauges = shelves.gauges.iter().map(|(key, it)| sample(key, Value::Gauge(it.value())));
        let histograms =
            shelves.histograms.iter().map(|(key, it)| sample(key, Value::Histogram(Box::new(it.counts()))));
        Snapshot::new(counters.chain(gauges).chain(histograms).collect())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Numbers are whole after any panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Registry {
    fn default() -> Registry {
        Registry::new(SeriesMax::DEFAULT)
    }
}

impl State {
    fn overflow<H: Handle>(&mut self, definition: &'static Definition) -> H {
        let counts = Key::new(&SERIES_OVERFLOW.definition, &[definition.name]);
        let counter: &mut Counter = self.shelves.counters.entry(counts).or_default();
        counter.add(1);
        H::shelf(&mut self.shelves).entry(Key::overflow(definition)).or_default().clone()
    }
}

fn sample(key: &Key, value: Value) -> Sample {
    Sample { definition: key.definition, values: key.values.clone(), value }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::series::OVERFLOW;
    use super::super::table::{EVENTS, JUDGE_SECONDS, LAG, RULE_MATCHES, TARGET_FAILURES};
    use super::*;

    fn max(lines: u32) -> SeriesMax {
        SeriesMax::new(NonZeroU32::new(lines).unwrap()).unwrap()
    }

    #[test]
    fn a_series_is_made_once_and_found_again() {
        let registry = Registry::default();
        registry.series(&EVENTS, ["delivered"]).add(2);
        registry.series(&EVENTS, ["delivered"]).add(3);
        registry.series(&EVENTS, ["unmatched"]).add(1);
        assert_eq!(registry.snapshot().counter("ruleproof_events_total", &["delivered"]), Some(5));
        assert_eq!(registry.snapshot().counter_sum("ruleproof_events_total"), 6);
    }

    #[test]
    fn a_million_rule_names_make_no_more_series_than_allowed_and_lose_no_count() {
        for lines in [SeriesMax::least(), SeriesMax::least() + 1, 1_000] {
            let registry = Registry::new(max(lines));
            for rule in 0..1_000_000u32 {
                registry.series(&RULE_MATCHES, [&format!("rule-{rule}")]).add(1);
            }
            // Everything else finds its place all the same.
            registry.series(&LAG, []).set(1.0);
            registry.series(&JUDGE_SECONDS, []).record(Duration::from_millis(1));
            registry.series(&TARGET_FAILURES, ["a", "B"]).add(1);
            let snapshot = registry.snapshot();
            let written: u32 = snapshot.samples().iter().map(|sample| lines_of(sample.definition)).sum();
            assert!(written <= lines, "{written} of {lines}");
            assert_eq!(snapshot.counter_sum("ruleproof_rule_matches_total"), 1_000_000);
            let own = u64::from(lines - SeriesMax::least());
            let overflow = snapshot.counter("ruleproof_rule_matches_total", &[OVERFLOW]);
            assert_eq!(overflow, Some(1_000_000 - own));
            let counted =
                snapshot.counter("ruleproof_series_overflow_total", &["ruleproof_rule_matches_total"]);
            assert_eq!(counted, overflow);
        }
    }

    #[test]
    fn a_snapshot_is_sorted() {
        let registry = Registry::default();
        registry.series(&RULE_MATCHES, ["b"]).add(1);
        registry.series(&LAG, []).set(0.5);
        registry.series(&RULE_MATCHES, ["a"]).add(1);
        registry.series(&JUDGE_SECONDS, []).record(Duration::ZERO);
        let names: Vec<String> = registry
            .snapshot()
            .samples()
            .iter()
            .map(|s| format!("{}{:?}", s.definition.name, s.values))
            .collect();
        assert!(names.is_sorted(), "{names:?}");
        assert_eq!(names.len(), 4);
    }

    #[test]
    fn totals_are_exact_when_threads_count_while_others_look() {
        let registry = Registry::default();
        std::thread::scope(|threads| {
            for thread in 0..4 {
                let registry = &registry;
                threads.spawn(move || {
                    let own = registry.series(&RULE_MATCHES, [&format!("rule-{thread}")]);
                    let shared = registry.series(&EVENTS, ["delivered"]);
                    (0..10_000).for_each(|_| {
                        own.add(1);
                        shared.add(2);
                    });
                });
            }
            let mut before = 0;
            for _ in 0..100 {
                let now = registry.snapshot().counter_sum("ruleproof_events_total");
                assert!(now >= before);
                before = now;
            }
        });
        assert_eq!(registry.snapshot().counter_sum("ruleproof_events_total"), 80_000);
        assert_eq!(registry.snapshot().counter_sum("ruleproof_rule_matches_total"), 40_000);
    }
}
