//! What is to be set up, and what sets it up.

use super::marks::Marks;
use super::quotas::Quotas;
use crate::calls::{CallError, CallPolicy};
use crate::probe::{BusAdmin, BusArn, Layout, Page, QueueAdmin, QueueSettings};
use crate::rules::BusName;

/// How long messages wait for a run to collect them: long enough for a run that is resumed the next day, short enough
/// not to keep events of which nobody thinks any more. AWS's default is four days.
const MESSAGE_RETENTION_S: u32 = 2 * 86_400;

/// All calls of one command that are in flight at once; each control plane takes some 50 per second.
pub(super) const CALLS_AT_ONCE: usize = 8;

/// What names of mirrors begin with, and of the catch-all.
pub(super) const RULE_PREFIX: &str = "rp-";

/// What names of testbeds begin with.
pub(super) const QUEUE_PREFIX: &str = "ruleproof-";

/// What is to be on which bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Testbed {
    /// What everything is tagged with.
    pub marks: Marks,
    /// What there has to be.
    pub layout: Layout,
}

impl Testbed {
    /// The bus.
    pub fn bus(&self) -> &BusName {
        &self.marks.bus
    }

    /// How one of its queues has to be: EventBridge may send to it, for the mirrors of this bus. They are named by
    /// what their names begin with, since a policy has room for some fifty names, and a bus for 300 rules.
    pub(super) fn queue_settings(&self, bus: &BusArn, queue: &str) -> QueueSettings {
        let mirrors = bus.rule(&format!("{RULE_PREFIX}*"));
        let policy = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Sid": "RuleproofProbe",
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": bus.queue(queue),
                "Condition": {"ArnLike": {"aws:SourceArn": mirrors}},
            }],
        });
        QueueSettings {
            policy: policy.to_string(),
            retention_s: MESSAGE_RETENTION_S,
            visibility_s: Layout::VISIBILITY_TIMEOUT.as_secs(),
        }
    }
}

/// Sets up testbeds and takes them down, call by call.
#[derive(Debug)]
pub struct Setup<B, Q> {
    pub(super) buses: B,
    pub(super) queues: Q,
    pub(super) bus_calls: CallPolicy,
    pub(super) queue_calls: CallPolicy,
}

impl<B: BusAdmin, Q: QueueAdmin> Setup<B, Q> {
    /// With the usual patience of commands. `seed` decides how long retries wait.
    pub fn new(buses: B, queues: Q, seed: u64) -> Setup<B, Q> {
        Setup {
            buses,
            queues,
            bus_calls: CallPolicy::new(&Quotas::setup_calls(), seed),
            queue_calls: CallPolicy::new(&Quotas::queue_setup_calls(), seed),
        }
    }
}

/// All items of a list that comes in pages.
pub(super) async fn all_pages<T, F>(
    calls: &CallPolicy,
    operation: &'static str,
    list: impl Fn(Option<String>) -> F,
) -> Result<Vec<T>, CallError>
where
    F: Future<Output = Result<Page<T>, CallError>>,
{
    let (mut items, mut next) = (Vec::new(), None);
    loop {
        let page: Page<T> = calls.call(operation, || list(next.clone())).await?;
        items.extend(page.items);
        next = page.next;
        if next.is_none() {
            return Ok(items);
        }
    }
}
