//! Replays events against rules: reads, judges on all cores, and puts the outcomes back in order.
//!
//! One thread reads and decompresses, the others judge, the caller's thread collects. What is in flight is a
//! fixed number of batches that go round, so memory does not depend on the input. Threads instead of an
//! async runtime: the work is reading files and computing, and a runtime would add nothing but its weight.

mod collect;
mod counting;
mod pipeline;
mod threads;
mod worker;

pub(crate) use collect::BatchTally;
pub use counting::ReplayMetrics;
pub use pipeline::{Observed, Outputs, replay};
pub use threads::{BatchWorker, InputNames, ReplayOptions, name_of, run_batches};
pub(crate) use worker::{Entry, Lines, Outcome, Wanted, Worker};
