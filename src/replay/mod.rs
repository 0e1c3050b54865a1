//! Replays events against rules: reads, judges on all cores, and puts the outcomes back in order.
//!
//! One thread reads and decompresses, the others judge, the caller's thread collects. What is in flight is a
//! fixed number of batches that go round, so memory does not depend on the input. Threads instead of an
//! async runtime: the work is reading files and computing, and a runtime would add nothing but its weight.
//!
//! Batches are collected in order, and a source says behind each batch where reading goes on. So how far a replay is
//! comes down to that position, the lengths of the outputs and the numbers so far ([`ReplayState`]): kept now and then,
//! a later run goes on there with outputs cut to those lengths, and nothing is repeated or left out.

mod collect;
mod counting;
mod kept;
mod pipeline;
mod saved_tally;
mod state;
mod threads;
mod worker;

pub(crate) use collect::BatchTally;
pub(crate) use counting::JudgedSeries;
pub use counting::ReplayMetrics;
pub use pipeline::{Observed, Outputs, replay, replay_kept};
pub use state::{Keeper, ReplayState, WrittenBytes};
pub use threads::{BatchWorker, InputNames, ReplayOptions, name_of, run_batches};
pub(crate) use worker::{Entry, Lines, Outcome, Wanted, Worker};
