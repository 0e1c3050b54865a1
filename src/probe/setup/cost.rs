//! What a probe roughly costs. Nothing of a testbed costs anything by being there.
//!
//! Prices of us-east-1 in November 2026, without free tiers: EventBridge and SQS pricing pages.

use crate::probe::Layout;

/// Dollars per event that is put on a bus, for each 64 KiB of it.
const PUT_DOLLARS: f64 = 1.00e-6;
/// Dollars per request to a standard queue.
const REQUEST_DOLLARS: f64 = 0.40e-6;
/// Requests per message: sent by itself, received and deleted ten at a time.
const REQUESTS_PER_MESSAGE: f64 = 1.2;
/// Long polls of one queue per hour, while nothing comes.
const POLLS_PER_HOUR: f64 = 180.0;

/// Dollars per unit of a table on demand: 1 KiB written, and 4 KiB read with certainty.
const WRITE_DOLLARS: f64 = 0.625e-6;
const READ_DOLLARS: f64 = 0.125e-6;
/// Records of an event that one rule matches: planned, sent (twice), seen, an outcome, the verdict.
const RECORDS_PER_EVENT: f64 = 6.0;

/// Dollars that a run costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunCost {
    /// Per event, with the copy of it that the catch-all makes.
    pub per_event: f64,
    /// Per message on top: one for each mirror that matches, and one for each of its targets.
    pub per_message: f64,
    /// Per hour, for asking all queues.
    pub per_hour: f64,
}

impl RunCost {
    /// Per event of up to 1 KiB, where runs are written down in a table of DynamoDB: each record is written once and
    /// read about once.
    pub const TRACKED_EVENT_DOLLARS: f64 = RECORDS_PER_EVENT * (WRITE_DOLLARS + READ_DOLLARS);

    /// On the testbed of `layout`.
    pub fn of(layout: &Layout) -> RunCost {
        let per_message = REQUEST_DOLLARS * REQUESTS_PER_MESSAGE;
        let queues = layout.destinations().count() as f64;
        RunCost {
            per_event: PUT_DOLLARS + per_message,
            per_message,
            per_hour: queues * POLLS_PER_HOUR * REQUEST_DOLLARS,
        }
    }
}
