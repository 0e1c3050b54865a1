//! Calls that are not given up as long as trying can help.

use crate::calls::{CallError, CallErrorKind, CallPolicy};

/// How often a call is made anew that its policy has given up. Outages end by the breaker, not by this; it is for
/// throttling, which leaves the breaker closed.
const ROUNDS_MAX: u32 = 6;

/// Makes a call through `policy`, and anew if what made it fail may pass.
///
/// # Errors
/// What cannot be helped by trying, or could not be.
pub(super) async fn persistently<T, F>(
    policy: &CallPolicy,
    operation: &'static str,
    mut make: impl FnMut() -> F,
) -> Result<T, CallError>
where
    F: Future<Output = Result<T, CallError>>,
{
    let mut round = 1;
    loop {
        match policy.call(operation, &mut make).await {
            Err(error) if passes(error.kind) && round < ROUNDS_MAX => round += 1,
            outcome => return outcome,
        }
    }
}

fn passes(kind: CallErrorKind) -> bool {
    kind.is_retryable()
}
