//! Says of what was made for runs that a run uses it, so that a sweep leaves it alone and no other run takes its messages.
//!
//! A run cannot take its mark away when it is killed, so a mark holds for a while only and is renewed by a run that
//! goes on. It lies on AWS, since whoever sweeps may be on another machine.

use std::convert::Infallible;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::marks::TestbedUse;
use super::testbed::Setup;
use crate::calls::{CallError, CallPolicy};
use crate::probe::{BusAdmin, BusArn, QueueAdmin};
use crate::tracking::RunId;

/// Often enough that two marks in a row may fail.
const RENEWED_EVERY: Duration = Duration::from_secs(5 * 60);
/// The end of a run does not wait longer for its mark to go.
const LET_GO_WITHIN: Duration = Duration::from_secs(5);

/// The mark on a rule. A sweep looks at all that belongs to the rule's bus, so one rule stands for all.
#[derive(Debug)]
pub struct InUseMark<'m, B> {
    /// What tags rules.
    pub buses: &'m B,
    /// How it is called.
    pub calls: &'m CallPolicy,
    /// The rule.
    pub rule_arn: String,
    /// The run.
    pub by: RunId,
    /// The time, in seconds since 1970.
    pub now_s: fn() -> u64,
}

impl<B: BusAdmin> InUseMark<'_, B> {
    /// How long a mark holds, in seconds: what a run that was killed leaves is swept no sooner.
    pub const HOLDS_S: u64 = 15 * 60;

    /// Marks the rule.
    ///
    /// # Errors
    /// The call failed for good.
    pub async fn set(&self) -> Result<(), CallError> {
        self.until(InUseMark::<B>::HOLDS_S).await
    }

    /// Marks it again and again.
    pub async fn renew(&self) -> Infallible {
        loop {
            sleep(RENEWED_EVERY).await;
            // The mark before holds on.
            let _ = self.set().await;
        }
    }

    /// Nobody uses it any more. Waits, but not for long: the mark goes by itself otherwise.
    pub async fn let_go(&self) {
        let _ = timeout(LET_GO_WITHIN, self.until(0)).await;
    }

    async fn until(&self, in_s: u64) -> Result<(), CallError> {
        let tags = TestbedUse { by: self.by, until_s: (self.now_s)() + in_s }.tags();
        self.calls.call("TagResource", || self.buses.tag(&self.rule_arn, &tags)).await
    }
}

impl<B: BusAdmin, Q: QueueAdmin> Setup<B, Q> {
    /// What marks the testbed on `bus` whose catch-all has this name as used by a run.
    pub fn in_use_mark(
        &self,
        bus: &BusArn,
        catch_all: &str,
        by: RunId,
        now_s: fn() -> u64,
    ) -> InUseMark<'_, B> {
        InUseMark { buses: &self.buses, calls: &self.bus_calls, rule_arn: bus.rule(catch_all), by, now_s }
    }

    /// The run that the testbed on `bus` was marked by last, whether or not it still uses it.
    ///
    /// # Errors
    /// The call failed for good.
    pub async fn testbed_use(&self, bus: &BusArn, catch_all: &str) -> Result<Option<TestbedUse>, CallError> {
        Ok(TestbedUse::read(&self.bus_tags(&bus.rule(catch_all)).await?))
    }
}
