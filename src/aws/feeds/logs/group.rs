//! The call to CloudWatch Logs, tried once.

use aws_sdk_cloudwatchlogs::Client;

use super::slices::{LogEvent, LogPage, LogPages};
use crate::aws::reach::Reach;
use crate::calls::CallError;

pub(super) const FILTER: &str = "FilterLogEvents";

/// One log group.
#[derive(Debug, Clone)]
pub(super) struct LogGroup {
    pub(super) client: Client,
    pub(super) reach: Reach,
    /// The name, or the ARN.
    pub(super) name: String,
}

impl LogPages for LogGroup {
    async fn page(
        &self,
        first_ms: i64,
        last_ms: i64,
        token: Option<&str>,
        limit: Option<i32>,
    ) -> Result<LogPage, CallError> {
        let call = self.client.filter_log_events().start_time(first_ms).end_time(last_ms);
        // By its ARN a group of another account is reached, if that account shares it.
        let call = match self.name.strip_prefix("arn:") {
            Some(_) => call.log_group_identifier(self.name.trim_end_matches(":*")),
            None => call.log_group_name(&self.name),
        };
        let sent = call.set_next_token(token.map(str::to_owned)).set_limit(limit).send().await;
        let answer = sent.map_err(|error| self.reach.failed(FILTER, error))?;
        let events = answer.events.unwrap_or_default().into_iter().map(|event| {
            Ok(LogEvent {
                at_ms: event.timestamp.ok_or_else(|| self.reach.lacks(FILTER, "timestamp"))?,
                id: event.event_id.unwrap_or_default(),
                stream: event.log_stream_name.unwrap_or_default(),
                message: event.message.unwrap_or_default(),
            })
        });
        Ok(LogPage { events: events.collect::<Result<_, CallError>>()?, next: answer.next_token })
    }
}
