//! From pages to events in order.

use std::collections::HashMap;

use super::group::FILTER;
use crate::calls::{CallError, CallPolicy};

/// What a slice may hold; some pages.
const EVENTS_MAX: usize = 20_000;
const BYTES_MAX: usize = 16 << 20;

/// An event of a log group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LogEvent {
    /// Milliseconds since 1970, as the producer says.
    pub(super) at_ms: i64,
    /// Unique within a group.
    pub(super) id: String,
    pub(super) stream: String,
    pub(super) message: String,
}

impl LogEvent {
    fn place(&self) -> (i64, &str) {
        (self.at_ms, &self.id)
    }
}

/// A part of an answer, and what asks for the next.
pub(super) struct LogPage {
    pub(super) events: Vec<LogEvent>,
    pub(super) next: Option<String>,
}

/// What is needed of a log group.
pub(super) trait LogPages {
    /// `FilterLogEvents` for times from `first_ms` to `last_ms`, both inclusive.
    ///
    /// # Errors
    /// The call failed.
    async fn page(
        &self,
        first_ms: i64,
        last_ms: i64,
        token: Option<&str>,
        limit: Option<i32>,
    ) -> Result<LogPage, CallError>;
}

/// Times that are still to be read, both ends inclusive.
#[derive(Debug)]
pub(super) struct Slices {
    first_ms: i64,
    last_ms: i64,
    width_ms: i64,
    events_max: usize,
    bytes_max: usize,
}

/// What of a slice was fetched.
enum Fetched {
    All {
        events: Vec<LogEvent>,
        bytes: usize,
    },
    /// More than fits; the times of some events of it.
    TooMuch(Vec<i64>),
}

impl Slices {
    pub(super) fn new(first_ms: i64, last_ms: i64) -> Slices {
        // So that there is a time behind it.
        let last_ms = last_ms.min(i64::MAX - 1);
        let width_ms = last_ms.saturating_sub(first_ms).saturating_add(1);
        Slices { first_ms, last_ms, width_ms, events_max: EVENTS_MAX, bytes_max: BYTES_MAX }
    }

    /// The events of the next slice in order, if there is one.
    pub(super) async fn next(
        &mut self,
        group: &impl LogPages,
        policy: &CallPolicy,
    ) -> Result<Option<Vec<LogEvent>>, CallError> {
        while self.first_ms <= self.last_ms {
            let end_ms = self.last_ms.min(self.first_ms.saturating_add(self.width_ms - 1));
            match self.fetch(group, policy, end_ms).await? {
                Fetched::All { events, bytes } => {
                    self.first_ms = end_ms.saturating_add(1);
                    // Four times as wide, it still fits by both.
                    if events.len() < self.events_max / 4 && bytes < self.bytes_max / 4 {
                        self.width_ms = self.width_ms.saturating_mul(4);
                    }
                    return Ok(Some(in_order(events)));
                }
                Fetched::TooMuch(times) => self.width_ms = narrower(self.first_ms, end_ms, times),
            }
        }
        Ok(None)
    }

    async fn fetch(
        &self,
        group: &impl LogPages,
        policy: &CallPolicy,
        end_ms: i64,
    ) -> Result<Fetched, CallError> {
        let (mut events, mut bytes, mut token) = (Vec::new(), 0, None::<String>);
        loop {
            let call = || group.page(self.first_ms, end_ms, token.as_deref(), None);
            let page = policy.call(FILTER, call).await?;
            let wanted =
                page.events.into_iter().filter(|event| (self.first_ms..=end_ms).contains(&event.at_ms));
            let before = events.len();
            events.extend(wanted);
            bytes += events[before..].iter().map(|event| event.message.len()).sum::<usize>();
            if page.next.is_none() {
                return Ok(Fetched::All { events, bytes });
            }
            token = page.next;
            let is_too_much = events.len() > self.events_max || bytes > self.bytes_max;
            // A millisecond cannot be divided.
            if is_too_much && self.first_ms < end_ms {
                return Ok(Fetched::TooMuch(events.iter().map(|event| event.at_ms).collect()));
            }
        }
    }
}

/// A width with which the slice that begins at `first_ms` holds about a half of those times, and less than before.
fn narrower(first_ms: i64, end_ms: i64, mut times: Vec<i64>) -> i64 {
    times.sort_unstable();
    let middle = times.get(times.len() / 2).copied().unwrap_or(end_ms);
    let half = (end_ms - first_ms).saturating_add(1) / 2;
    middle.saturating_sub(first_ms).clamp(1, half.max(1))
}

/// By time and id, each once.
fn in_order(mut events: Vec<LogEvent>) -> Vec<LogEvent> {
    let mut nameless: HashMap<(i64, String), usize> = HashMap::new();
    for event in events.iter_mut().filter(|event| event.id.is_empty()) {
        // The API promises no ids. Within a stream events keep their order.
        let count = nameless.entry((event.at_ms, event.stream.clone())).or_default();
        event.id = format!("{}-{count:06}", event.at_ms);
        *count += 1;
    }
    events.sort_by(|a, b| (a.place(), &a.stream).cmp(&(b.place(), &b.stream)));
    events.dedup_by(|a, b| a.place() == b.place() && a.stream == b.stream);
    events
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::calls::CallSettings;

    /// A group whose pages hold `page` events in no order, and come with empty ones in between.
    struct Group {
        events: Vec<LogEvent>,
        page: usize,
        calls: Cell<usize>,
        largest: Cell<usize>,
    }

    impl LogPages for Group {
        async fn page(
            &self,
            first_ms: i64,
            last_ms: i64,
            token: Option<&str>,
            _: Option<i32>,
        ) -> Result<LogPage, CallError> {
            self.calls.set(self.calls.get() + 1);
            let begin: usize = token.map_or(0, |token| token.parse().unwrap());
            let inside: Vec<&LogEvent> =
                self.events.iter().filter(|event| (first_ms..=last_ms).contains(&event.at_ms)).collect();
            let (begin, is_empty) = (begin / 2, begin % 2 == 1);
            let end = if is_empty { begin } else { inside.len().min(begin + self.page) };
            self.largest.set(self.largest.get().max(inside.len()));
            let next =
                (end < inside.len() || !is_empty).then(|| (end * 2 + usize::from(!is_empty)).to_string());
            Ok(LogPage { events: inside[begin..end].iter().map(|event| (*event).clone()).collect(), next })
        }
    }

    fn group(count: usize, page: usize) -> Group {
        let mut random = fastrand::Rng::with_seed(7);
        let mut events: Vec<LogEvent> = (0..count)
            .map(|number| LogEvent {
                // Some at one time, and a dense minute in a long year.
                at_ms: if number % 3 == 0 {
                    random.i64(0..31_536_000_000)
                } else {
                    9_000_000 + random.i64(0..600)
                },
                id: format!("{number:08}"),
                stream: "s".to_owned(),
                message: "{}".to_owned(),
            })
            .collect();
        random.shuffle(&mut events);
        Group { events, page, calls: Cell::default(), largest: Cell::default() }
    }

    async fn all(group: &Group, first_ms: i64, last_ms: i64, events_max: usize) -> Vec<LogEvent> {
        let policy = CallPolicy::new(&CallSettings::of_service("CloudWatch Logs"), 1);
        let mut slices = Slices { events_max, ..Slices::new(first_ms, last_ms) };
        let (mut events, mut most) = (Vec::new(), 0);
        while let Some(slice) = slices.next(group, &policy).await.unwrap() {
            most = most.max(slice.len());
            events.extend(slice);
        }
        assert!(most <= events_max + group.page, "{most}");
        events
    }

    #[tokio::test(start_paused = true)]
    async fn slices_of_any_size_give_all_events_in_order() {
        let group = group(3_000, 50);
        let mut expected = group.events.clone();
        expected.sort_by(|a, b| a.place().cmp(&b.place()));
        for events_max in [100, 700, 20_000] {
            group.calls.set(0);
            assert!(all(&group, 0, i64::MAX, events_max).await == expected, "{events_max}");
            assert!(group.calls.get() < 3_000, "{events_max}: {} calls", group.calls.get());
        }
        let some = all(&group, 9_000_100, 9_000_199, 100).await;
        expected.retain(|event| (9_000_100..=9_000_199).contains(&event.at_ms));
        assert!(some == expected && !some.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_millisecond_with_more_than_fits_is_read_as_a_whole() {
        let mut group = group(300, 50);
        group.events.iter_mut().for_each(|event| event.at_ms = 5);
        let policy = CallPolicy::new(&CallSettings::of_service("CloudWatch Logs"), 1);
        let mut slices = Slices { events_max: 60, ..Slices::new(0, 1_000_000) };
        let mut found = 0;
        while let Some(events) = slices.next(&group, &policy).await.unwrap() {
            found += events.len();
        }
        assert_eq!(found, 300);
    }

    #[tokio::test(start_paused = true)]
    async fn slices_of_large_events_are_as_wide_as_their_bytes_allow() {
        let (count, bytes) = (400, 1_000);
        let mut group = group(count, 4);
        for (at_ms, event) in (0..).zip(&mut group.events) {
            (event.at_ms, event.message) = (at_ms, "x".repeat(bytes));
        }
        let policy = CallPolicy::new(&CallSettings::of_service("CloudWatch Logs"), 1);
        let last_ms = count as i64 - 1;
        let mut slices = Slices { bytes_max: 20 * bytes, ..Slices::new(0, last_ms) };
        let mut found = 0;
        while let Some(events) = slices.next(&group, &policy).await.unwrap() {
            assert!(events.len() <= 20 + group.page);
            found += events.len();
        }
        assert_eq!(found, count);
        // Two calls for each page, and nearly none for what is fetched in vain.
        assert!(group.calls.get() < 2 * count / group.page + 100, "{} calls", group.calls.get());
    }

    #[test]
    fn events_without_ids_are_told_apart_and_equal_ones_are_one() {
        let event = |at_ms, id: &str, stream: &str| LogEvent {
            at_ms,
            id: id.to_owned(),
            stream: stream.to_owned(),
            message: String::new(),
        };
        let found =
            in_order(vec![event(2, "b", "s"), event(1, "", "s"), event(1, "", "s"), event(2, "b", "s")]);
        let ids: Vec<&str> = found.iter().map(|event| event.id.as_str()).collect();
        assert_eq!(ids, ["1-000000", "1-000001", "b"]);
    }
}
