//! The events of an archive, by a replay of EventBridge.
//!
//! EventBridge gives archived events to rules of the archive's bus only. So a rule of our own is put there for a while,
//! which wants the events of this one replay, and a queue behind it; the replay is told to reach no other rule, so that
//! production rules do not fire. The queue is drained like any other ([`drain`](fn@crate::sample::queue::drain)) until the replay is
//! complete and the queue is empty; then rule and queue are removed. They are tagged like a testbed: what a crash left
//! behind, `probe sweep` finds.
//!
//! A run with a checkpoint that was interrupted leaves them in place, as it goes on with the same replay.

mod calls;
mod feed;
mod port;
mod replay;

pub(super) use feed::open;
