//! What can go wrong with a call, in the terms that decide what to do next.

use std::fmt;

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct CallError {
    /// The service, such as `EventBridge`.
    pub service: &'static str,
    /// The operation by its API name, such as `PutEvents`.
    pub operation: &'static str,
    /// The service's own code, or ours in the same style where no answer came.
    pub code: String,
    /// What the service said, or what we know.
    pub message: String,
    /// What kind of failure it is.
    pub kind: CallErrorKind,
    /// Whether the call may have taken effect all the same.
    pub effect: Effect,
}

/// Kinds of failure, by what can be done about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallErrorKind {
    /// Too many calls; the service is there and wants fewer.
    Throttled,
    /// No usable answer: a server error, no connection, a timeout.
    Unavailable,
    /// Another change of the same thing is under way.
    Conflict,
    /// The caller is known and may not do this.
    Denied,
    /// No credentials, or credentials that are not valid (any more).
    NoCredentials,
    /// The two clocks differ too much for a signature to be valid.
    ClockSkew,
    /// The thing that is named does not exist.
    Missing,
    /// A thing of that name exists already.
    Exists,
    /// A quota of the account is used up.
    QuotaExceeded,
    /// The request is not acceptable, and never will be.
    Invalid,
    /// The circuit breaker was open for longer than its limit; nothing was called.
    StayedOpen,
}

impl CallErrorKind {
    /// Whether the same call can succeed a little later without anybody doing anything.
    pub fn is_retryable(self) -> bool {
        matches!(self, CallErrorKind::Throttled | CallErrorKind::Unavailable | CallErrorKind::Conflict)
    }

    /// The way out, where there is one that holds for all calls.
    pub fn hint(self) -> Option<&'static str> {
        match self {
            CallErrorKind::Throttled => Some("lower the rate, or wait for whatever else uses the quota"),
            CallErrorKind::Unavailable => Some("check --region, --endpoint-url and the network"),
            CallErrorKind::Denied => Some("allow the operation in the IAM policy of these credentials"),
            CallErrorKind::NoCredentials => {
                Some("give --profile or AWS_PROFILE, set AWS_ACCESS_KEY_ID, or log in again")
            }
            CallErrorKind::ClockSkew => Some("set this machine's clock"),
            CallErrorKind::QuotaExceeded => {
                Some("raise the quota in Service Quotas, or remove what is left over")
            }
            CallErrorKind::StayedOpen => Some("go on once the service answers"),
            CallErrorKind::Conflict
            | CallErrorKind::Missing
            | CallErrorKind::Exists
            | CallErrorKind::Invalid => None,
        }
    }
}

/// Whether a call that failed may have done what it was asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It has not.
    None,
    /// Nobody knows: no answer came, or the service broke while it worked.
    Unknown,
}

impl CallError {
    /// What went wrong and, on a line of its own, the way out where there is one.
    pub fn told(&self) -> String {
        let hint = self.kind.hint().map(|hint| format!("\n  hint: {hint}"));
        format!("{self}{}", hint.unwrap_or_default())
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.service, self.operation, self.code)?;
        if self.message.is_empty() { Ok(()) } else { write!(f, ": {}", self.message) }
    }
}
