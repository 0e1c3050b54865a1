//! Says of a testbed that a run uses it, so that a sweep leaves it alone.
//!
//! A run cannot take its mark away when it is killed, so a mark holds for a while only and is renewed by a run that
//! goes on. It lies on AWS, since whoever sweeps may be on another machine.

use super::marks::in_use_tags;
use super::testbed::Setup;
use crate::calls::CallError;
use crate::probe::{BusAdmin, BusArn, QueueAdmin};

impl<B: BusAdmin, Q: QueueAdmin> Setup<B, Q> {
    /// Marks the testbed on `bus` whose catch-all has this name as in use until `until_s`, in seconds since 1970.
    ///
    /// # Errors
    /// The call failed for good.
    pub async fn mark_in_use(&self, bus: &BusArn, catch_all: &str, until_s: u64) -> Result<(), CallError> {
        let (arn, tags) = (bus.rule(catch_all), in_use_tags(until_s));
        self.bus_calls.call("TagResource", || self.buses.tag(&arn, &tags)).await
    }
}
