//! Messages of a queue.

use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry, Message as SdkMessage,
    MessageSystemAttributeName,
};

use super::reach::Reach;
use crate::calls::CallError;
use crate::probe::{Deleted, Message, MessageId, Queue, QueueUrl, ReceiptHandle};
use crate::sample::queue::{Received, WorkQueue};

const RECEIVE: &str = "ReceiveMessage";
const DELETE: &str = "DeleteMessageBatch";
const EXTEND: &str = "ChangeMessageVisibilityBatch";

/// Messages that one call gets. Source: SQS API Reference, `ReceiveMessage`.
const MESSAGES_MAX: i32 = 10;
/// Longest wait of a long poll. Source: the same.
const WAIT_S_MAX: u64 = 20;

/// A queue of AWS.
#[derive(Debug, Clone)]
pub struct AwsQueue {
    client: Client,
    reach: Reach,
    url: QueueUrl,
}

impl AwsQueue {
    pub(super) fn new(client: Client, reach: Reach, url: QueueUrl) -> AwsQueue {
        AwsQueue { client, reach, url }
    }

    fn message(&self, message: SdkMessage) -> Result<Message, CallError> {
        let lacks = |what| self.reach.lacks(RECEIVE, what);
        let system = message.attributes.unwrap_or_default();
        let text = |name| system.get(&name).cloned();
        let attributes = message.message_attributes.unwrap_or_default();
        Ok(Message {
            id: MessageId(message.message_id.ok_or_else(|| lacks("MessageId"))?),
            receipt: ReceiptHandle(message.receipt_handle.ok_or_else(|| lacks("ReceiptHandle"))?),
            body: message.body.unwrap_or_default(),
            trace_header: text(MessageSystemAttributeName::AwsTraceHeader),
            group: text(MessageSystemAttributeName::MessageGroupId),
            sent_ms: text(MessageSystemAttributeName::SentTimestamp).and_then(|text| text.parse().ok()),
            attributes: attributes
                .into_iter()
                .filter_map(|(name, value)| Some((name, value.string_value?)))
                .collect(),
        })
    }

    fn deletion(
        &self,
        (index, receipt): (usize, &ReceiptHandle),
    ) -> Result<DeleteMessageBatchRequestEntry, CallError> {
        let entry =
            DeleteMessageBatchRequestEntry::builder().id(index.to_string()).receipt_handle(&receipt.0);
        // Both members are given, and nothing else is demanded.
        entry.build().map_err(|_| self.reach.lacks(DELETE, "ReceiptHandle"))
    }

    /// `ReceiveMessage`; without a visibility the queue's own holds.
    async fn handed_out(
        &self,
        wait: Duration,
        visibility: Option<Duration>,
    ) -> Result<Vec<SdkMessage>, CallError> {
        let seconds = wait.as_secs().min(WAIT_S_MAX);
        let sent = self
            .client
            .receive_message()
            .queue_url(&self.url.0)
            .max_number_of_messages(MESSAGES_MAX)
            .wait_time_seconds(i32::try_from(seconds).unwrap_or_default())
            .set_visibility_timeout(visibility.map(whole_seconds))
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .message_attribute_names("All")
            .send()
            .await;
        let answer = sent.map_err(|error| self.reach.failed(RECEIVE, error))?;
        Ok(answer.messages.unwrap_or_default())
    }
}

fn whole_seconds(duration: Duration) -> i32 {
    i32::try_from(duration.as_secs()).unwrap_or(i32::MAX)
}

/// How often a message was received, this time included.
fn receives(message: &SdkMessage) -> Option<u32> {
    let count = message.attributes.as_ref()?.get(&MessageSystemAttributeName::ApproximateReceiveCount)?;
    count.parse().ok()
}

impl WorkQueue for AwsQueue {
    async fn receive(&self, wait: Duration, visibility: Duration) -> Result<Vec<Received>, CallError> {
        let messages = self.handed_out(wait, Some(visibility)).await?;
        let received = messages.into_iter().map(|message| {
            let receives = receives(&message).unwrap_or(1);
            Ok(Received { message: self.message(message)?, receives })
        });
        received.collect()
    }

    async fn delete(&self, receipts: &[ReceiptHandle]) -> Result<Vec<Deleted>, CallError> {
        Queue::delete(self, receipts).await
    }

    async fn extend(&self, receipts: &[ReceiptHandle], visibility: Duration) -> Result<(), CallError> {
        let entry = |(index, receipt): (usize, &ReceiptHandle)| {
            ChangeMessageVisibilityBatchRequestEntry::builder()
                .id(index.to_string())
                .receipt_handle(&receipt.0)
                .visibility_timeout(whole_seconds(visibility))
                .build()
                // Both members are given, and nothing else is demanded.
                .map_err(|_| self.reach.lacks(EXTEND, "ReceiptHandle"))
        };
        let entries: Vec<_> = receipts.iter().enumerate().map(entry).collect::<Result<_, _>>()?;
        let call =
            self.client.change_message_visibility_batch().queue_url(&self.url.0).set_entries(Some(entries));
        call.send().await.map(|_| ()).map_err(|error| self.reach.failed(EXTEND, error))
    }
}

impl Queue for AwsQueue {
    async fn receive(&self, wait: Duration) -> Result<Vec<Message>, CallError> {
        let messages = self.handed_out(wait, None).await?;
        messages.into_iter().map(|message| self.message(message)).collect()
    }

    async fn delete(&self, receipts: &[ReceiptHandle]) -> Result<Vec<Deleted>, CallError> {
        let entries: Vec<_> =
            receipts.iter().enumerate().map(|receipt| self.deletion(receipt)).collect::<Result<_, _>>()?;
        let call = self.client.delete_message_batch().queue_url(&self.url.0).set_entries(Some(entries));
        let answer = call.send().await.map_err(|error| self.reach.failed(DELETE, error))?;
        let mut deleted = vec![Deleted::Done; receipts.len()];
        for failed in answer.failed {
            let place = failed.id.parse::<usize>().ok().and_then(|index| deleted.get_mut(index));
            if let Some(place) = place {
                *place = Deleted::Failed { code: failed.code };
            }
        }
        Ok(deleted)
    }
}
