//! Alarm rules on the metrics of this process: `errored > 1% for 5m`.
//!
//! Evaluated here, so that a run without any monitoring around it can end with exit code 1, and a sidecar can show one
//! gauge per alarm instead of asking everybody to write the same query. A rule is
//!
//! ```text
//! VALUE > THRESHOLD [over WINDOW] [for TIME]          also >=, <, <=
//!
//! VALUE      delivered | unmatched | errored          events with that verdict
//!            METRIC                                   with or without ruleproof_, _total and _seconds
//!            METRIC{label="value", ..}                only series with these labels
//!            COUNTER / COUNTER                        a part of something else than all judged events
//!            p99(HISTOGRAM)                           any quantile: p50, p99.9
//! THRESHOLD  10                                       so many in the window; for gauges their value
//!            1%                                       of all judged events; for a quotient and gauges a hundredth
//!            5/s                                      counted per second of the window
//!            250ms                                    for durations; units as in 1h 30m
//! ```
//!
//! Counters and histograms are looked at over a sliding window, a minute unless the rule says another; several series
//! are added up, of gauges the largest counts. An alarm is pending from when its condition holds, and fires when it has
//! held all the time for `for`. Where nothing was counted that a part could be taken of, no condition holds.

mod evaluate;
mod parse;
mod reading;
mod rule;
mod watch;
mod words;

pub use evaluate::{Alarm, AlarmState, Change};
pub use rule::{AlarmProblem, AlarmRule};
pub use watch::{AlarmWatch, Ending};
