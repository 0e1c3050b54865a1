//! The end of a run while a feed is still being opened.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::sleep;

use super::running::unusable;
use crate::calls::CallError;

/// How often it is looked whether the run was ended.
const CHECK_INTERVAL: Duration = Duration::from_millis(50);
/// A call that makes something is waited for, as its answer says what there is to be removed; but not for ever.
const GRACE: Duration = Duration::from_secs(10);

/// Whether the run is to end. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop(Arc<AtomicBool>);

impl Stop {
    pub(super) fn of(flag: Arc<AtomicBool>) -> Stop {
        Stop(flag)
    }

    /// # Errors
    /// The run is to end.
    pub(super) fn check(&self) -> Result<(), CallError> {
        if self.0.load(Ordering::Relaxed) { Err(interrupted("")) } else { Ok(()) }
    }

    /// Does work that leaves nothing behind and so can be left at any time.
    pub(super) async fn or<T>(
        &self,
        work: impl Future<Output = Result<T, CallError>>,
    ) -> Result<T, CallError> {
        tokio::select! {
            done = work => done,
            () = self.stopped() => Err(interrupted("")),
        }
    }

    /// Does work that makes something: not begun once the run is to end, and brought to its end if it was begun.
    pub(super) async fn before<T>(
        &self,
        work: impl Future<Output = Result<T, CallError>>,
    ) -> Result<T, CallError> {
        self.check()?;
        let too_long = async {
            self.stopped().await;
            sleep(GRACE).await;
        };
        tokio::select! {
            done = work => done,
            () = too_long => {
                Err(interrupted(", and a call that was under way did not answer; `probe sweep` removes what is left"))
            }
        }
    }

    async fn stopped(&self) {
        while !self.0.load(Ordering::Relaxed) {
            sleep(CHECK_INTERVAL).await;
        }
    }
}

fn interrupted(more: &str) -> CallError {
    unusable("AWS", "Interrupted", format!("interrupted before it was open{more}"))
}
