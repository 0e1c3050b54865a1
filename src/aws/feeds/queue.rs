//! The messages of a queue, for a run with a checkpoint.

use std::cell::Cell;
use std::time::Duration;

use super::running::{Opened, unusable};
use crate::aws::connect::Aws;
use crate::aws::queue::AwsQueue;
use crate::calls::{CallError, CallPolicy};
use crate::probe::QueueUrl;
use crate::sample::queue::{Deleting, DrainPlace, DrainSettings, drain, joined_feed, sqs_calls};

/// How long one call waits for messages; two that find nothing show that the queue is empty.
pub(super) const SETTINGS: DrainSettings =
    DrainSettings { wait: Duration::from_secs(2), visibility: Duration::from_secs(30), empty_calls: 2 };

/// Opens the queue of this name or URL.
pub(super) async fn open(
    aws: &Aws,
    queue: &str,
    from: Option<&str>,
    visibility: Duration,
) -> Result<Opened, CallError> {
    if queue.is_empty() {
        let message = "`sqs://` names no queue; it is written sqs://NAME, or sqs:// and its URL".to_owned();
        return Err(unusable("SQS", "BadName", message));
    }
    let before = place(from)?;
    let url = aws.queue_url(queue, fastrand::u64(..)).await?;
    let settings = DrainSettings { visibility, ..SETTINGS };
    Ok(drained(aws.queue(&url), &url, before, settings))
}

fn drained(queue: AwsQueue, url: &QueueUrl, before: DrainPlace, settings: DrainSettings) -> Opened {
    let (feed, ends) =
        joined_feed(&format!("sqs://{}", url.name()), before, settings.visibility, Deleting::WhenRecorded);
    let run = async move {
        let policy = CallPolicy::new(&sqs_calls(), fastrand::u64(..));
        drain(&queue, &policy, &settings, ends, &Cell::new(true)).await;
    };
    Opened { feed, run: Box::pin(run) }
}

/// What the checkpoint says of a queue, if there is one.
pub(super) fn place(from: Option<&str>) -> Result<DrainPlace, CallError> {
    let place = from.map(DrainPlace::parse).transpose();
    place.map(Option::unwrap_or_default).map_err(|error| unusable("SQS", "Changed", error.to_string()))
}
