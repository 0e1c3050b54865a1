//! Which service is called where, for messages.

use crate::calls::{CallError, CallErrorKind, Effect};

/// A service as it is reached.
#[derive(Debug, Clone)]
pub(super) struct Reach {
    pub(super) service: &'static str,
    pub(super) region: String,
    pub(super) endpoint_url: Option<String>,
    /// The profile that was asked for.
    pub(super) profile: Option<String>,
}

impl Reach {
    /// An error of our own making.
    pub(super) fn error(
        &self,
        operation: &'static str,
        code: &str,
        message: String,
        kind: CallErrorKind,
        effect: Effect,
    ) -> CallError {
        CallError { service: self.service, operation, code: code.to_owned(), message, kind, effect }
    }

    /// The service answered without something that its API promises. A stand-in for AWS may do so.
    pub(super) fn lacks(&self, operation: &'static str, what: &str) -> CallError {
        let message = format!("the answer of {self} has no {what}");
        self.error(operation, "IncompleteAnswer", message, CallErrorKind::Unavailable, Effect::Unknown)
    }
}

impl std::fmt::Display for Reach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} in {}", self.service, self.region)?;
        self.endpoint_url.iter().try_for_each(|url| write!(f, " at {url}"))
    }
}
