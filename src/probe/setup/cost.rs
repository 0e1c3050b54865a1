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

/// Dollars that one event costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EventCost {
    /// If no rule matches it.
    pub least: f64,
    /// If all rules match it.
    pub most: f64,
}

/// Dollars that a run costs besides its events.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunCost {
    /// Per hour, for asking all queues.
    pub per_hour: f64,
}

impl EventCost {
    /// On the testbed of `layout`.
    pub fn of(layout: &Layout) -> EventCost {
        let message = REQUEST_DOLLARS * REQUESTS_PER_MESSAGE;
        let targets: usize = layout.mirrors().iter().map(|mirror| mirror.targets.len()).sum();
        let least = PUT_DOLLARS + message;
        EventCost { least, most: least + message * targets as f64 }
    }
}

impl RunCost {
    /// On the testbed of `layout`.
    pub fn of(layout: &Layout) -> RunCost {
        RunCost { per_hour: layout.destinations().count() as f64 * POLLS_PER_HOUR * REQUEST_DOLLARS }
    }
}
