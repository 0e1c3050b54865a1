//! What a metric is.

use std::fmt;
use std::marker::PhantomData;

use super::handle::{Counter, Gauge, Handle, Histogram};

/// How the values of a metric behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows while the process lives.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts in buckets of duration.
    Histogram,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        })
    }
}

/// What the values of a metric count or measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Things that are counted.
    Count,
    /// Bytes.
    Bytes,
    /// Seconds.
    Seconds,
    /// A part of a whole, from 0 to 1.
    Ratio,
    /// 1 for yes, 0 for no.
    Flag,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unit::Count => "count",
            Unit::Bytes => "bytes",
            Unit::Seconds => "seconds",
            Unit::Ratio => "ratio",
            Unit::Flag => "flag",
        })
    }
}

/// A row of the [table of metrics](super::table).
#[derive(Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its name, by the conventions of Prometheus.
    pub name: &'static str,
    /// How its values behave.
    pub kind: Kind,
    /// What they mean.
    pub unit: Unit,
    /// The names of its labels, in the order in which their values are given.
    pub labels: &'static [&'static str],
    /// A sentence for people.
    pub help: &'static str,
}

/// A metric with its type of handle and its number of labels, so that a wrong use does not compile.
#[derive(Debug)]
pub struct Metric<H, const LABELS: usize> {
    /// Its row.
    pub definition: Definition,
    handle: PhantomData<fn() -> H>,
}

impl<H: Handle, const LABELS: usize> Metric<H, LABELS> {
    const fn new(
        kind: Kind,
        name: &'static str,
        unit: Unit,
        labels: &'static [&'static str; LABELS],
        help: &'static str,
    ) -> Metric<H, LABELS> {
        Metric { definition: Definition { name, kind, unit, labels, help }, handle: PhantomData }
    }
}

impl<const LABELS: usize> Metric<Counter, LABELS> {
    pub(super) const fn counter(
        name: &'static str,
        unit: Unit,
        labels: &'static [&'static str; LABELS],
        help: &'static str,
    ) -> Self {
        Metric::new(Kind::Counter, name, unit, labels, help)
    }
}

impl<const LABELS: usize> Metric<Gauge, LABELS> {
    pub(super) const fn gauge(
        name: &'static str,
        unit: Unit,
        labels: &'static [&'static str; LABELS],
        help: &'static str,
    ) -> Self {
        Metric::new(Kind::Gauge, name, unit, labels, help)
    }
}

/// Histograms have no labels: each would be as many lines as it has buckets.
impl Metric<Histogram, 0> {
    pub(super) const fn histogram(name: &'static str, help: &'static str) -> Self {
        Metric::new(Kind::Histogram, name, Unit::Seconds, &[], help)
    }
}
