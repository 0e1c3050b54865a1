//! Events that are posted to us.
//!
//! A request is answered once its events wait in memory, whose size is fixed: where it is full, whoever posts is told to
//! come again, and nothing blocks. What was accepted is judged also when the run is told to end.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::extract::rejection::BytesRejection;
use axum::http::header::{HeaderMap, ORIGIN, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use crate::sources::{Batch, EventSource, InputId, Progress, events_of_text};
use crate::telemetry::http::Readiness;
use crate::telemetry::{Registry, table};

/// What inputs are called in results.
const NAME: &str = "POST /events";
/// Bytes of one request; an event has at most 1 MB (EventBridge quotas), and several may come at once.
const BODY_BYTES_MAX: usize = 4 << 20;
/// Bytes of all events that wait.
const WAITING_BYTES_MAX: usize = 32 << 20;
/// Requests whose events wait.
const WAITING_REQUESTS_MAX: usize = 4_096;
/// How often a source that waits looks whether the run was ended.
const STOP_CHECK_INTERVAL: Duration = Duration::from_millis(50);
/// Events that are handed on at once, give or take those of a request.
const BATCH_EVENTS: usize = 1_024;

type Events = Vec<Vec<u8>>;

/// What requests and the source share.
#[derive(Debug)]
struct Waiting {
    /// Taken away when no more is accepted.
    entrance: Mutex<Option<SyncSender<Events>>>,
    bytes: AtomicUsize,
    event_bytes_max: usize,
}

/// The accepted events.
#[derive(Debug)]
pub struct HttpEvents {
    waiting: Arc<Waiting>,
    accepted: Receiver<Events>,
    stop: Arc<AtomicBool>,
    readiness: Option<Readiness>,
}

/// The route `POST /events`, and the source of what is posted there. Set `stop` to end it: further requests are
/// refused, and what was accepted is handed on.
pub fn http_events(
    registry: Arc<Registry>,
    event_bytes_max: usize,
    stop: Arc<AtomicBool>,
) -> (Router, HttpEvents) {
    let (entrance, accepted) = sync_channel(WAITING_REQUESTS_MAX);
    let waiting = Arc::new(Waiting {
        entrance: Mutex::new(Some(entrance)),
        bytes: AtomicUsize::new(0),
        event_bytes_max,
    });
    let door = Arc::clone(&waiting);
    let handler = move |headers: HeaderMap, body: Result<Bytes, BytesRejection>| {
        let (door, registry) = (Arc::clone(&door), Arc::clone(&registry));
        async move {
            let answer = answer(&door, &headers, body);
            registry.series(&table::HTTP_REQUESTS, [answer.status().as_str()]).add(1);
            answer
        }
    };
    let limit = DefaultBodyLimit::max(event_bytes_max.min(BODY_BYTES_MAX));
    let router = Router::new().route("/events", post(handler)).layer(limit);
    (router, HttpEvents { waiting, accepted, stop, readiness: None })
}

fn answer(door: &Waiting, headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Response {
    // Only browsers send it, for pages that have no business here.
    if headers.contains_key(ORIGIN) {
        return said(StatusCode::FORBIDDEN, "events are not taken from web pages");
    }
    let body = match body {
        Ok(body) => body,
        Err(refused) if refused.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let bytes_max = door.event_bytes_max.min(BODY_BYTES_MAX);
            let text = format!("a request may have at most {bytes_max} bytes; post fewer events at once");
            return said(StatusCode::PAYLOAD_TOO_LARGE, &text);
        }
        Err(refused) => return said(refused.status(), &refused.body_text()),
    };
    let events = match events_of_text(&body, door.event_bytes_max) {
        Ok(events) => events,
        Err(problem) => return said(StatusCode::BAD_REQUEST, &problem.to_string()),
    };
    let count = events.len();
    match door.offer(events) {
        Ok(()) => said(StatusCode::ACCEPTED, &format!("{{\"queued\":{count}}}")),
        Err(Closed::Full) => {
            let mut answer =
                said(StatusCode::TOO_MANY_REQUESTS, "too many events wait; post them again later");
            answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
            answer
        }
        Err(Closed::Ending) => said(StatusCode::SERVICE_UNAVAILABLE, "ending"),
    }
}

fn said(status: StatusCode, text: &str) -> Response {
    (status, format!("{text}\n")).into_response()
}

/// Why events are not taken.
#[derive(Debug, PartialEq, Eq)]
enum Closed {
    Full,
    Ending,
}

impl Waiting {
    fn offer(&self, events: Events) -> Result<(), Closed> {
        let bytes = bytes_of(&events);
        let entrance = self.entrance.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(entrance) = &*entrance else { return Err(Closed::Ending) };
        // One at a time comes here.
        if self.bytes.load(Ordering::Relaxed) + bytes > WAITING_BYTES_MAX {
            return Err(Closed::Full);
        }
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        entrance.try_send(events).map_err(|refused| {
            self.bytes.fetch_sub(bytes, Ordering::Relaxed);
            match refused {
                TrySendError::Full(_) => Closed::Full,
                TrySendError::Disconnected(_) => Closed::Ending,
            }
        })
    }

    fn close(&self) {
        self.entrance.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

fn bytes_of(events: &Events) -> usize {
    events.iter().map(Vec::len).sum()
}

impl HttpEvents {
    /// `/readyz` says when no more is accepted.
    pub fn tell(&mut self, readiness: Readiness) {
        self.readiness = Some(readiness);
    }

    /// What comes next; `None` once the run was ended and all is handed on.
    fn next(&self) -> Option<Events> {
        loop {
            if self.stop.load(Ordering::Relaxed) {
                self.waiting.close();
                self.readiness.iter().for_each(|readiness| readiness.not_ready("draining"));
            }
            match self.accepted.recv_timeout(STOP_CHECK_INTERVAL) {
                Ok(events) => return Some(events),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }
}

impl EventSource for HttpEvents {
    fn next_batch(&mut self, batch: &mut Batch) -> Progress {
        let Some(mut events) = self.next() else {
            batch.empty();
            return Progress::Done;
        };
        while events.len() < BATCH_EVENTS {
            let Ok(more) = self.accepted.try_recv() else { break };
            events.extend(more);
        }
        self.waiting.bytes.fetch_sub(bytes_of(&events), Ordering::Relaxed);
        batch.put_texts(events.iter().map(|event| (InputId(0), event.as_slice())));
        Progress::More
    }

    fn input_name(&self, _: InputId) -> &str {
        NAME
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(source: &HttpEvents, body: &str) -> StatusCode {
        answer(&source.waiting, &HeaderMap::new(), Ok(Bytes::copy_from_slice(body.as_bytes()))).status()
    }

    fn input() -> (HttpEvents, Arc<AtomicBool>) {
        let stop = Arc::new(AtomicBool::new(false));
        (http_events(Arc::default(), 1 << 20, Arc::clone(&stop)).1, stop)
    }

    #[test]
    fn what_does_not_fit_is_refused_and_what_was_accepted_is_handed_on() {
        let (mut source, stop) = input();
        let mut accepted = 0;
        while post(&source, r#"[{"id":"1"},{"id":"2"}]"#) == StatusCode::ACCEPTED {
            accepted += 2;
        }
        assert_eq!(accepted, 2 * WAITING_REQUESTS_MAX);
        stop.store(true, Ordering::Relaxed);
        let (mut batch, mut seen) = (Batch::default(), 0);
        while source.next_batch(&mut batch) == Progress::More {
            seen += batch.items().len();
        }
        assert_eq!(seen, accepted);
        assert_eq!(source.waiting.bytes.load(Ordering::Relaxed), 0);
        assert_eq!(post(&source, "{}"), StatusCode::SERVICE_UNAVAILABLE);
    }

    #[test]
    fn bytes_that_wait_are_bounded() {
        let (source, _) = input();
        let large = format!("{{\"id\":\"{}\"}}", "x".repeat(1 << 19));
        let accepted = (0..100).filter(|_| post(&source, &large) == StatusCode::ACCEPTED).count();
        assert_eq!(accepted, 63);
    }

    #[test]
    fn web_pages_and_what_is_no_json_are_refused() {
        let (source, _) = input();
        assert_eq!(post(&source, "{\"id\":"), StatusCode::BAD_REQUEST);
        let mut headers = HeaderMap::new();
        headers.insert(ORIGIN, HeaderValue::from_static("https://example.com"));
        let refused = answer(&source.waiting, &headers, Ok(Bytes::from_static(b"{}")));
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    }
}
