//! From what is durable of an event to its verdict.
//!
//! [`judge`] is a function of an event's records and of AWS's answers, nothing else: the run that collected them, a
//! redrive after a crash and `probe show` come to the same verdict. Where the records do not decide, it says what to ask.

mod case;
mod judge;
mod question;
mod verdict;

pub(super) use case::{Answer, Case};
pub(super) use judge::{Decision, judge};
pub(super) use question::{Question, Questions};
pub use verdict::{Bundle, Evidence, Problem, Verdict, VerdictWord};
