//! The feed.

use std::io::Cursor;
use std::num::NonZeroU32;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::{Sender, channel};

use super::group::{FILTER, LogGroup};
use super::slices::{LogEvent, LogPages, Slices};
use crate::aws::connect::Aws;
use crate::aws::feeds::open::FeedTimes;
use crate::aws::feeds::running::{Opened, handed, unusable};
use crate::calls::{CallError, CallGroup, CallPolicy, CallSettings};
use crate::sources::{Again, FedInput, FeedFailure};

const SERVICE: &str = "CloudWatch Logs";
/// Calls of an account per second: 5 to 25, by region (CloudWatch Logs quotas); it says so when there are too many.
const CALLS_PER_S: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
/// A call may look through much and find nothing.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Events that wait to be read, of at most 1 MiB each (CloudWatch Logs quotas); they are in memory anyway.
const EVENTS_WAITING: usize = 500;

/// The place of an event in a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    at_ms: i64,
    stream: String,
    id: String,
    /// The last time that is read: where nobody said one, when the first run began.
    last_ms: i64,
}

impl Place {
    fn of(event: &LogEvent, last_ms: i64) -> Place {
        Place { at_ms: event.at_ms, stream: event.stream.clone(), id: event.id.clone(), last_ms }
    }

    fn is_behind(&self, event: &LogEvent) -> bool {
        (event.at_ms, &event.id, &event.stream) < (self.at_ms, &self.id, &self.stream)
    }
}

/// Opens the log group of this name or ARN.
pub(in crate::aws::feeds) async fn open(
    aws: &Aws,
    name: &str,
    times: FeedTimes,
    from: Option<&str>,
) -> Result<Opened, CallError> {
    if name.is_empty() {
        let message =
            "`logs://` names no log group; it is written logs://NAME, such as logs:///aws/events/all";
        return Err(unusable(SERVICE, "BadName", message.to_owned()));
    }
    let changed = |message: String| unusable(SERVICE, "Changed", message);
    let from: Option<Place> = from
        .map(serde_json::from_str)
        .transpose()
        .map_err(|error| changed(format!("the checkpoint names no event of a log group: {error}")))?;
    let calls = CallGroup { timeout: TIMEOUT, ..CallGroup::limited(&[FILTER], CALLS_PER_S) };
    let settings = CallSettings { groups: vec![calls], ..CallSettings::of_service(SERVICE) };
    let policy = CallPolicy::new(&settings, fastrand::u64(..));
    let (client, reach) = aws.logs();
    let group = LogGroup { client, reach, name: name.to_owned() };
    let (first_ms, last_ms) = bounds(times, from.as_ref());
    match &from {
        None => {
            drop(policy.call(FILTER, || group.page(first_ms, last_ms.max(first_ms), None, Some(1))).await?)
        }
        Some(place) => {
            let events = Slices::new(place.at_ms, place.at_ms).next(&group, &policy).await?;
            if !events.unwrap_or_default().iter().any(|event| Place::of(event, place.last_ms) == *place) {
                let gone = format!("event {} was being read at the checkpoint and is gone", place.id);
                return Err(changed(gone));
            }
        }
    }
    let (inputs, received) = channel(EVENTS_WAITING);
    let failure = FeedFailure::default();
    let feed = handed(received, failure.clone());
    let reading = Reading { group, policy, name: format!("logs://{name}"), from, last_ms };
    Ok(Opened { feed, run: Box::pin(reading.run(Slices::new(first_ms, last_ms), inputs, failure)) })
}

/// The first and the last millisecond that is wanted.
fn bounds(times: FeedTimes, from: Option<&Place>) -> (i64, i64) {
    let since_1970 = |time: SystemTime| time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let first_not_before = |time: SystemTime| {
        let ms = since_1970(time).as_nanos().div_ceil(1_000_000);
        i64::try_from(ms).unwrap_or(i64::MAX)
    };
    let until = times.until.unwrap_or_else(SystemTime::now);
    match from {
        Some(place) => (place.at_ms, place.last_ms),
        None => (times.since.map_or(0, first_not_before), first_not_before(until).saturating_sub(1)),
    }
}

struct Reading {
    group: LogGroup,
    policy: CallPolicy,
    name: String,
    from: Option<Place>,
    last_ms: i64,
}

impl Reading {
    /// Hands on the events of all slices, until nobody listens.
    async fn run(self, mut slices: Slices, inputs: Sender<FedInput>, failure: FeedFailure) {
        loop {
            let events = tokio::select! {
                events = slices.next(&self.group, &self.policy) => events,
                () = inputs.closed() => return,
            };
            let events = match events {
                Ok(Some(events)) => events,
                Ok(None) => return,
                Err(error) => return failure.note(error.told()),
            };
            let was_passed = |event: &LogEvent| self.from.as_ref().is_some_and(|from| from.is_behind(event));
            for event in events.iter().filter(|event| !was_passed(event)) {
                if inputs.send(self.input(event)).await.is_err() {
                    return;
                }
            }
        }
    }

    fn input(&self, event: &LogEvent) -> FedInput {
        // In the shape of the API, so that it is read like a file of events that was fetched.
        let content = serde_json::json!({"events": [{"message": event.message}]}).to_string();
        FedInput {
            name: format!("{}/{}/{}", self.name, event.stream, event.id).into(),
            place: serde_json::to_string(&Place::of(event, self.last_ms)).unwrap_or_default(),
            again: Again::Always,
            first_line: 1,
            content: Ok(Box::new(Cursor::new(content.into_bytes()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_half_open_in_milliseconds_and_those_of_the_first_run_stay() {
        let at = |ns: u64| UNIX_EPOCH + Duration::from_nanos(ns);
        let times = FeedTimes { since: Some(at(5_000_001)), until: Some(at(9_000_000)) };
        assert_eq!(bounds(times, None), (6, 8));
        assert_eq!(bounds(FeedTimes { until: Some(at(9_000_001)), ..times }, None), (6, 9));
        let place = Place { at_ms: 7, stream: "s".to_owned(), id: "b".to_owned(), last_ms: 8 };
        assert_eq!(bounds(FeedTimes::default(), Some(&place)), (7, 8));
        let event = |at_ms, id: &str| LogEvent {
            at_ms,
            id: id.to_owned(),
            stream: "s".to_owned(),
            message: String::new(),
        };
        assert!(place.is_behind(&event(6, "z")) && place.is_behind(&event(7, "a")));
        assert!(!place.is_behind(&event(7, "b")) && !place.is_behind(&event(8, "a")));
    }
}
