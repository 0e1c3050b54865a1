//! Keeps `probe sweep` from a testbed for as long as a run uses it.

use std::convert::Infallible;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::drive::Found;
use super::testbed::{Subject, now_s};
use crate::aws::{Aws, AwsSetup};
use crate::calls::CallError;
use crate::cli::output::remark;
use crate::probe::BusArn;

/// How long a mark holds: what a run that was killed leaves is swept no sooner.
const HOLDS: Duration = Duration::from_secs(15 * 60);
/// Often enough that two marks in a row may fail.
const RENEWED_EVERY: Duration = Duration::from_secs(5 * 60);
/// The end of a run does not wait longer for its mark to go.
const LET_GO_WITHIN: Duration = Duration::from_secs(5);

/// What marks a testbed.
pub(super) struct InUse {
    setup: AwsSetup,
    bus: BusArn,
    catch_all: String,
}

impl InUse {
    pub(super) fn of(aws: &Aws, subject: &Subject, found: &Found) -> InUse {
        InUse {
            setup: aws.setup(fastrand::u64(..)),
            bus: found.bus.clone(),
            catch_all: subject.testbed.layout.catch_all_name().to_owned(),
        }
    }

    /// Does `work` while the testbed is marked. Work that cannot be marked is done all the same.
    pub(super) async fn during<T>(self, work: impl Future<Output = T>) -> T {
        if let Err(error) = self.mark(HOLDS).await {
            remark(&format!(
                "the testbed is not marked as in use, so that `probe sweep` does not know of this run: {error}"
            ));
        }
        let done = tokio::select! {
            done = work => done,
            never = self.renew() => match never {},
        };
        // It goes by itself otherwise.
        let _ = timeout(LET_GO_WITHIN, self.mark(Duration::ZERO)).await;
        done
    }

    async fn renew(&self) -> Infallible {
        loop {
            sleep(RENEWED_EVERY).await;
            // The mark before holds on.
            let _ = self.mark(HOLDS).await;
        }
    }

    async fn mark(&self, holds: Duration) -> Result<(), CallError> {
        self.setup.mark_in_use(&self.bus, &self.catch_all, now_s() + holds.as_secs()).await
    }
}
