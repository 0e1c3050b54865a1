//! A queue that is read until it is empty, by a run whose checkpoint says what is recorded.
//!
//! A message is deleted once a checkpoint that counts it is on the disk. In between it stands in the checkpoint by its
//! id, so that a run that goes on after a crash knows it when it comes again: it is deleted then and not handed on. What
//! was handed on and is in no checkpoint comes again too, as nobody deletes it; so a run that goes on does not take the
//! queue for empty before what the earlier one had hidden can be seen again.
//!
//! Beside [`super::work`], which records on its own and for ever, sets aside what cannot be judged, and keeps a bounded
//! window of ids: here the run's own checkpoint is the only truth, and unreadable messages are lines of its results.

mod ends;
mod holding;
mod letting_go;
mod task;

pub use ends::{Deleting, DrainEnds, Drained, joined_feed, joined_parts};
pub use holding::{DrainPlace, DrainPlaceError};
pub use task::{DrainEnd, DrainSettings, drain};
