//! Messages of a queue.

use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{DeleteMessageBatchRequestEntry, Message as SdkMessage, MessageSystemAttributeName};

use super::reach::Reach;
use crate::calls::CallError;
use crate::probe::{Deleted, Message, MessageId, Queue, QueueUrl, ReceiptHandle};

const RECEIVE: &str = "ReceiveMessage";
const DELETE: &str = "DeleteMessageBatch";

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
}

impl Queue for AwsQueue {
    async fn receive(&self, wait: Duration) -> Result<Vec<Message>, CallError> {
        let seconds = wait.as_secs().min(WAIT_S_MAX);
        let sent = self
            .client
            .receive_message()
            .queue_url(&self.url.0)
            .max_number_of_messages(MESSAGES_MAX)
            .wait_time_seconds(i32::try_from(seconds).unwrap_or_default())
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .message_attribute_names("All")
            .send()
            .await;
        let answer = sent.map_err(|error| self.reach.failed(RECEIVE, error))?;
        answer.messages.unwrap_or_default().into_iter().map(|message| self.message(message)).collect()
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
