//! One policy around every call to a back end.
//!
//! Clients of back ends make plain calls and say in a [`CallError`] what went wrong; whether to wait, to try
//! again or to give up is decided here, in one place, for real services and simulated ones alike.

mod error;

pub use error::{CallError, CallErrorKind, Effect};
