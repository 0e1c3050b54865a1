//! `PutEvents`.

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::primitives::DateTime;
use aws_sdk_eventbridge::types::{PutEventsRequestEntry, PutEventsResultEntry};

use super::reach::Reach;
use crate::calls::CallError;
use crate::probe::{Entry, EntryAnswer, EntryError, EventBus};
use crate::rules::BusName;

const PUT_EVENTS: &str = "PutEvents";

/// An event bus of AWS.
#[derive(Debug, Clone)]
pub struct AwsEventBus {
    client: Client,
    reach: Reach,
    bus: BusName,
}

impl AwsEventBus {
    pub(super) fn new(client: Client, reach: Reach, bus: BusName) -> AwsEventBus {
        AwsEventBus { client, reach, bus }
    }

    fn entry(&self, entry: &Entry) -> PutEventsRequestEntry {
        PutEventsRequestEntry::builder()
            .event_bus_name(self.bus.as_str())
            .set_source(entry.source.clone())
            .set_detail_type(entry.detail_type.clone())
            .set_detail(entry.detail.clone())
            .set_resources((!entry.resources.is_empty()).then(|| entry.resources.clone()))
            .set_time(entry.time_s.map(DateTime::from_secs))
            .set_trace_header((!entry.trace_header.is_empty()).then(|| entry.trace_header.clone()))
            .build()
    }
}

impl EventBus for AwsEventBus {
    async fn put_events(&self, entries: &[Entry]) -> Result<Vec<EntryAnswer>, CallError> {
        let entries = entries.iter().map(|entry| self.entry(entry)).collect();
        let sent = self.client.put_events().set_entries(Some(entries)).send().await;
        let answer = sent.map_err(|error| self.reach.failed(PUT_EVENTS, error))?;
        answer.entries.unwrap_or_default().into_iter().map(|entry| self.answer(entry)).collect()
    }
}

impl AwsEventBus {
    fn answer(&self, entry: PutEventsResultEntry) -> Result<EntryAnswer, CallError> {
        match (entry.event_id, entry.error_code) {
            (_, Some(code)) => Ok(Err(EntryError { code, message: entry.error_message.unwrap_or_default() })),
            (Some(id), None) => Ok(Ok(id)),
            (None, None) => Err(self.reach.lacks(PUT_EVENTS, "EventId")),
        }
    }
}
