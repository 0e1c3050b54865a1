//! Metrics as others see them: through the listener and the exporters, read by the other side's own parsers.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[path = "telemetry/http.rs"]
mod http;
#[path = "telemetry/otlp.rs"]
mod otlp;
#[path = "support/python.rs"]
mod python;
#[path = "telemetry/readers.rs"]
mod readers;
