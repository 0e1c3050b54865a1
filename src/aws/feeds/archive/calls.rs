//! The calls.

use std::time::SystemTime;

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::primitives::DateTime;
use aws_sdk_eventbridge::types::{ReplayDestination, ReplayState};

use super::port::{FoundArchive, NewReplay, ReplayProgress, Replays};
use crate::aws::reach::Reach;
use crate::calls::{CallError, CallErrorKind, Effect};

/// Archives and replays of one region.
#[derive(Debug, Clone)]
pub(super) struct AwsReplays {
    pub(super) client: Client,
    pub(super) reach: Reach,
}

impl Replays for AwsReplays {
    async fn archive(&self, name: &str) -> Result<FoundArchive, CallError> {
        const DESCRIBE: &str = "DescribeArchive";
        let sent = self.client.describe_archive().archive_name(name).send().await;
        let answer = sent.map_err(|error| self.reach.failed(DESCRIBE, error))?;
        let (Some(arn), Some(bus_arn)) = (answer.archive_arn, answer.event_source_arn) else {
            return Err(self.reach.lacks(DESCRIBE, "ArchiveArn or EventSourceArn"));
        };
        let made_at = answer.creation_time.and_then(|time| SystemTime::try_from(time).ok());
        Ok(FoundArchive { arn, bus_arn, made_at })
    }

    async fn start(&self, replay: &NewReplay<'_>) -> Result<(), CallError> {
        const START: &str = "StartReplay";
        let destination =
            ReplayDestination::builder().arn(replay.bus_arn).filter_arns(replay.rule_arn).build();
        let destination = destination.map_err(|error| {
            self.reach.error(START, "BadRequest", error.to_string(), CallErrorKind::Invalid, Effect::None)
        })?;
        let call = self
            .client
            .start_replay()
            .replay_name(replay.name)
            .description("Events for `ruleproof replay`, which its own rule gets")
            .event_source_arn(replay.archive_arn)
            .event_start_time(DateTime::from_secs(replay.first_s))
            .event_end_time(DateTime::from_secs(replay.last_s))
            .destination(destination);
        call.send().await.map(|_| ()).map_err(|error| self.reach.failed(START, error))
    }

    async fn progress(&self, name: &str) -> Result<ReplayProgress, CallError> {
        let sent = self.client.describe_replay().replay_name(name).send().await;
        let answer = sent.map_err(|error| self.reach.failed("DescribeReplay", error))?;
        let state = answer.state.unwrap_or(ReplayState::Running);
        Ok(match state {
            ReplayState::Completed => ReplayProgress::Complete,
            ReplayState::Failed | ReplayState::Cancelled | ReplayState::Cancelling => {
                let reason = answer.state_reason.map(|reason| format!(": {reason}"));
                ReplayProgress::Failed(format!("{}{}", state.as_str(), reason.unwrap_or_default()))
            }
            _ => ReplayProgress::Running,
        })
    }

    async fn cancel(&self, name: &str) -> Result<(), CallError> {
        let sent = self.client.cancel_replay().replay_name(name).send().await;
        sent.map(|_| ()).map_err(|error| self.reach.failed("CancelReplay", error))
    }
}
