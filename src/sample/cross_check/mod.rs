//! Holds some verdicts against those of `TestEventPattern`, beside the sampling.
//!
//! AWS answers some fifty questions a second, for the whole account, and an answer takes as long as it takes. So questions
//! wait in a queue of fixed length, and what does not fit is dropped and counted; the threads that judge never wait. Of
//! each event one rule is asked about, and answers are compared as by `parity`, by the same code.
//!
//! A thread that judges copies the bytes of an event and no more: whether AWS would take it is looked at where it is asked.
//! Events that are longer than AWS takes are not even copied, so what waits is bounded in bytes as well.

mod asker;
mod check;

pub use check::{Asking, CrossCheck, CrossChecker};
