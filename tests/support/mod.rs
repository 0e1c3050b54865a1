//! What several test binaries and load tests share: a second opinion on every verdict, and cases to ask for.
//!
//! Nothing here may use the pattern compiler or the matcher; the only part of the library underneath is
//! `ruleproof::json`. Otherwise a defect could hide by being on both sides.

#![allow(dead_code, reason = "each binary that includes this uses its own part")]
#![allow(unreachable_pub, reason = "it is included in binaries only")]
#![allow(clippy::unwrap_used, reason = "it is test code")]

pub mod generate;
pub mod oracle;
pub mod rng;
pub mod targets;
