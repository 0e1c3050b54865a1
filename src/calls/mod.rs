//! One policy around every call to a back end: rate, timeout, retries, slow-down, circuit breaker.
//!
//! Clients of back ends make plain calls and say in a [`CallError`] what went wrong; whether to wait, to try
//! again or to give up is decided here, in one place, for real services and simulated ones alike. So retries
//! inside SDKs are off, and a simulation in virtual time tests the very policy that runs against AWS: all
//! time is tokio's, all chance comes from a seed.
//!
//! A [`CallPolicy`] stands for one service. Operations that share a quota share a [`CallGroup`]; the breaker
//! is the whole service's, since an outage is.
//!
//! What is given to a policy is repeated at will, also when nobody knows whether the first try took effect
//! ([`Effect::Unknown`]). Callers have to make repetition harmless, by idempotent requests or by recognising
//! duplicates.

mod breaker;
mod clock;
mod counts;
mod error;
mod jitter;
mod limiter;
mod policy;
#[cfg(test)]
mod policy_test;
mod settings;
mod slowdown;

pub use counts::CallCounts;
pub use error::{CallError, CallErrorKind, Effect};
pub use policy::CallPolicy;
pub use settings::{BreakerSettings, CallGroup, CallSettings, RetrySettings};
