//! What a run counts while it goes on, and who is told.
//!
//! A [`Registry`] holds a bounded number of series of the metrics in the [`table`]; drivers keep handles
//! ([`Counter`], [`Gauge`], [`Histogram`]) and add to them once per batch. Exporters look at a [`Snapshot`] now and
//! then. Between two looks numbers are only added up, so that neither the rate of events nor a dead back end costs
//! more than the registry itself, and totals are exact whenever they are looked at.

pub mod alarm;
mod buckets;
mod definition;
pub mod export;
mod handle;
pub mod http;
mod prometheus;
mod registry;
mod series;
mod snapshot;
pub mod table;

pub use buckets::BucketCounts;
pub use definition::{Definition, Kind, Metric, Unit};
pub use handle::{Counter, Gauge, Handle, Histogram};
pub use prometheus::{PROMETHEUS_CONTENT_TYPE, prometheus_text};
pub use registry::{Registry, SeriesMax};
pub use series::OVERFLOW;
pub use snapshot::{Sample, Snapshot, Value};
