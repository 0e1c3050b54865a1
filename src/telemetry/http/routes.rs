//! The paths that every listener has.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

use super::super::prometheus::{PROMETHEUS_CONTENT_TYPE, prometheus_text};
use super::super::registry::Registry;
use super::super::table::{EMISSIONS, EMISSIONS_DROPPED};
use super::readiness::Readiness;

/// Scrapes per second that are answered with fresh numbers.
const FRESH_SCRAPES_PER_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);
const EXPORTER: &str = "prometheus";

/// `/metrics`, `/healthz` (200 while the process lives) and `/readyz` (200 or 503 with the reason).
pub fn routes(registry: Arc<Registry>, readiness: Readiness) -> Router {
    let scrapes = Arc::new(Scrapes {
        limiter: RateLimiter::direct(Quota::per_second(FRESH_SCRAPES_PER_SECOND)),
        last: Mutex::default(),
        registry,
    });
    Router::new()
        .route(
            "/metrics",
            get(move || async move { ([(CONTENT_TYPE, PROMETHEUS_CONTENT_TYPE)], scrapes.text()) }),
        )
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(move || async move { ready(&readiness) }))
}

fn ready(readiness: &Readiness) -> impl IntoResponse + use<> {
    match readiness.reason() {
        None => (StatusCode::OK, "ready\n".to_owned()),
        Some(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("{reason}\n")),
    }
}

struct Scrapes {
    limiter: DefaultDirectRateLimiter,
    last: Mutex<String>,
    registry: Arc<Registry>,
}

impl Scrapes {
    fn text(&self) -> String {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if self.limiter.check().is_ok() {
            self.registry.series(&EMISSIONS, [EXPORTER]).add(1);
            *last = prometheus_text(&self.registry.snapshot());
        } else {
            self.registry.series(&EMISSIONS_DROPPED, [EXPORTER]).add(1);
        }
        last.clone()
    }
}
