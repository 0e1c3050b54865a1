//! The queue of a sampling rule.

use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry, MessageSystemAttributeName,
};
use tokio::runtime::{Builder, Runtime};

use super::connect::{Aws, AwsOptions};
use super::reach::Reach;
use crate::calls::{CallError, CallErrorKind, Effect};
use crate::sample::queue::{EventQueue, QueueMessage, Receipt};

/// How long a call may take, beyond what it was asked to wait.
const CALL_TIMEOUT: Duration = Duration::from_secs(10);
/// Messages that one call gets. Source: SQS API Reference, `ReceiveMessage`.
const MESSAGES_MAX: i32 = 10;

/// A queue of AWS, for threads that wait.
#[derive(Debug)]
pub struct AwsEventQueue {
    runtime: Runtime,
    client: Client,
    reach: Reach,
    url: String,
}

impl AwsEventQueue {
    /// The queue of this name or URL, with the credentials and the region of the environment.
    ///
    /// # Errors
    /// No credentials or region, or no such queue.
    pub fn open(name_or_url: &str) -> Result<AwsEventQueue, CallError> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| CallError {
            service: "SQS",
            operation: "connect",
            code: "NoRuntime".to_owned(),
            message: error.to_string(),
            kind: CallErrorKind::Unavailable,
            effect: Effect::None,
        })?;
        let aws = runtime.block_on(Aws::connect(&AwsOptions::default()))?;
        let (client, reach) = (aws.sqs(), aws.reach("SQS"));
        let url = if name_or_url.starts_with("http://") || name_or_url.starts_with("https://") {
            name_or_url.to_owned()
        } else {
            let sent = runtime.block_on(client.get_queue_url().queue_name(name_or_url).send());
            let answer = sent.map_err(|error| reach.failed("GetQueueUrl", error))?;
            answer.queue_url.ok_or_else(|| reach.lacks("GetQueueUrl", "QueueUrl"))?
        };
        Ok(AwsEventQueue { runtime, client, reach, url })
    }

    fn call<T>(
        &self,
        operation: &'static str,
        limit: Duration,
        call: impl Future<Output = Result<T, CallError>>,
    ) -> Result<T, CallError> {
        let late = || {
            let message = format!("no answer within {} s", limit.as_secs());
            self.reach.error(operation, "Timeout", message, CallErrorKind::Unavailable, Effect::Unknown)
        };
        self.runtime.block_on(async { tokio::time::timeout(limit, call).await }).map_err(|_| late())?
    }
}

impl EventQueue for AwsEventQueue {
    fn receive(&self, wait: Duration) -> Result<Vec<QueueMessage>, CallError> {
        const RECEIVE: &str = "ReceiveMessage";
        let call = self
            .client
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(MESSAGES_MAX)
            .wait_time_seconds(i32::try_from(wait.as_secs()).unwrap_or_default())
            .message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount);
        let answer = self.call(RECEIVE, wait + CALL_TIMEOUT, async {
            call.send().await.map_err(|error| self.reach.failed(RECEIVE, error))
        })?;
        let message = |message: aws_sdk_sqs::types::Message| {
            let lacks = |what| self.reach.lacks(RECEIVE, what);
            let attributes = message.attributes.unwrap_or_default();
            let received = attributes.get(&MessageSystemAttributeName::ApproximateReceiveCount);
            Ok(QueueMessage {
                id: message.message_id.ok_or_else(|| lacks("MessageId"))?,
                receipt: Receipt(message.receipt_handle.ok_or_else(|| lacks("ReceiptHandle"))?),
                body: message.body.unwrap_or_default(),
                received: received.and_then(|count| count.parse().ok()).unwrap_or(1),
            })
        };
        answer.messages.unwrap_or_default().into_iter().map(message).collect()
    }

    fn delete(&self, receipts: &[Receipt]) -> Result<(), CallError> {
        const DELETE: &str = "DeleteMessageBatch";
        let entry = |(index, receipt): (usize, &Receipt)| {
            let entry =
                DeleteMessageBatchRequestEntry::builder().id(index.to_string()).receipt_handle(&receipt.0);
            entry.build().map_err(|_| self.reach.lacks(DELETE, "ReceiptHandle"))
        };
        let entries: Vec<_> = receipts.iter().enumerate().map(entry).collect::<Result<_, _>>()?;
        let call = self.client.delete_message_batch().queue_url(&self.url).set_entries(Some(entries));
        // What was not deleted comes again, and is known then.
        self.call(DELETE, CALL_TIMEOUT, async {
            call.send().await.map_err(|error| self.reach.failed(DELETE, error))
        })?;
        Ok(())
    }

    fn extend(&self, receipts: &[Receipt], visibility: Duration) -> Result<(), CallError> {
        const EXTEND: &str = "ChangeMessageVisibilityBatch";
        let seconds = i32::try_from(visibility.as_secs()).unwrap_or(i32::MAX);
        let entry = |(index, receipt): (usize, &Receipt)| {
            let entry = ChangeMessageVisibilityBatchRequestEntry::builder()
                .id(index.to_string())
                .receipt_handle(&receipt.0)
                .visibility_timeout(seconds);
            entry.build().map_err(|_| self.reach.lacks(EXTEND, "ReceiptHandle"))
        };
        let entries: Vec<_> = receipts.iter().enumerate().map(entry).collect::<Result<_, _>>()?;
        let call =
            self.client.change_message_visibility_batch().queue_url(&self.url).set_entries(Some(entries));
        self.call(EXTEND, CALL_TIMEOUT, async {
            call.send().await.map_err(|error| self.reach.failed(EXTEND, error))
        })?;
        Ok(())
    }
}
