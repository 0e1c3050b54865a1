//! Why an event matches a pattern or does not, with hints for the classic traps.
//!
//! What holds and what does not comes from [`explain`](crate::matcher::explain); the verdict is the matcher's. This
//! module looks at each condition that fails, and at some that hold only by accident, and says which mistake it
//! looks like: most misses are one of a few, and the values alone do not show it.

mod elsewhere;
mod report;
mod trap;
mod values;

pub use report::{ConditionReport, Report, why};
pub use trap::Trap;
