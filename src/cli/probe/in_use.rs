//! Keeps `probe sweep` from a testbed for as long as a run uses it.

use super::drive::Found;
use super::testbed::{Subject, now_s};
use crate::aws::{Aws, AwsSetup};
use crate::cli::output::remark;
use crate::probe::BusArn;

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
        let mark = self.setup.in_use_mark(&self.bus, &self.catch_all, now_s);
        if let Err(error) = mark.set().await {
            remark(&format!(
                "the testbed is not marked as in use, so that `probe sweep` does not know of this run: {error}"
            ));
        }
        let done = tokio::select! {
            done = work => done,
            never = mark.renew() => match never {},
        };
        mark.let_go().await;
        done
    }
}
