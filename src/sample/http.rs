//! Events that come by HTTP.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use super::feed::Feed;
use crate::sources::{Batch, EventSource, InputId, Progress, SourceLimits};
use crate::telemetry::{Registry, table};

/// Bytes of bodies that wait to be judged; further ones are refused until there is room.
const WAITING_BYTES_MAX: usize = 8 << 20;
/// How often a source without requests looks whether the run was ended.
const STOP_CHECK_INTERVAL: Duration = Duration::from_millis(50);

/// Takes events: `POST /events` (or `/`) of one event, a list of events, or lines of them.
///
/// 202 once the events wait to be judged, 429 with `Retry-After` while there is no room for them, 413 for a body that is
/// longer than an event may be.
#[derive(Debug)]
pub struct HttpEvents {
    bodies: Receiver<Bytes>,
    waiting: Arc<AtomicUsize>,
    feed: Feed,
    stop: Arc<AtomicBool>,
}

impl HttpEvents {
    /// The source, and the routes that fill it. It ends when `stop` is set and what was taken by then is handed on.
    pub fn new(
        limits: &SourceLimits,
        registry: Arc<Registry>,
        stop: Arc<AtomicBool>,
    ) -> (HttpEvents, Router) {
        let (sender, bodies) = channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let door =
            Door { sender, waiting: Arc::clone(&waiting), registry, body_bytes_max: limits.event_bytes_max };
        let taken = move |body: Body| {
            let door = door.clone();
            async move { door.take(body).await }
        };
        let router = Router::new().route("/events", post(taken.clone())).route("/", post(taken));
        (HttpEvents { bodies, waiting, feed: Feed::new(limits.clone()), stop }, router)
    }

    fn wait(&self) -> Option<Bytes> {
        loop {
            let stopped = self.stop.load(Ordering::Relaxed);
            match self.bodies.recv_timeout(STOP_CHECK_INTERVAL) {
                Ok(body) => return Some(body),
                Err(RecvTimeoutError::Timeout) if !stopped => {}
                Err(_) => return None,
            }
        }
    }
}

impl EventSource for HttpEvents {
    fn next_batch(&mut self, batch: &mut Batch) -> Progress {
        if self.feed.is_empty() {
            let Some(first) = self.wait() else {
                batch.empty();
                return Progress::Done;
            };
            let bodies: Vec<Bytes> = std::iter::once(first).chain(self.bodies.try_iter()).collect();
            let bytes: usize = bodies.iter().map(Bytes::len).sum();
            self.feed.fill(bodies.into_iter().map(|body| ("http".to_owned(), body.to_vec())).collect());
            self.waiting.fetch_sub(bytes, Ordering::Relaxed);
        }
        self.feed.next_batch(batch);
        Progress::More
    }

    fn input_name(&self, input: InputId) -> &str {
        self.feed.input_name(input)
    }
}

/// Where requests come in.
#[derive(Debug, Clone)]
struct Door {
    sender: Sender<Bytes>,
    waiting: Arc<AtomicUsize>,
    registry: Arc<Registry>,
    body_bytes_max: usize,
}

impl Door {
    async fn take(&self, body: Body) -> Response {
        let response = match to_bytes(body, self.body_bytes_max).await {
            Ok(bytes) => self.queue(bytes),
            Err(_) => {
                let why = format!("a body may have {} bytes\n", self.body_bytes_max);
                (StatusCode::PAYLOAD_TOO_LARGE, why).into_response()
            }
        };
        self.registry.series(&table::HTTP_REQUESTS, [response.status().as_str()]).add(1);
        response
    }

    fn queue(&self, bytes: Bytes) -> Response {
        let len = bytes.len();
        let before = self.waiting.fetch_add(len, Ordering::Relaxed);
        // One body fits at any rate, however long it may be.
        if before > 0 && before + len > WAITING_BYTES_MAX {
            self.waiting.fetch_sub(len, Ordering::Relaxed);
            let why = "too many events wait to be judged\n";
            return (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, "1")], why).into_response();
        }
        match self.sender.send(bytes) {
            Ok(()) => StatusCode::ACCEPTED.into_response(),
            Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the run ends\n").into_response(),
        }
    }
}
