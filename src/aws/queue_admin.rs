//! SQS's control plane.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;

use super::reach::Reach;
use crate::calls::CallError;
use crate::probe::{Page, QueueAdmin, QueueSettings, QueueUrl, Tags};

/// Queues that one call lists. Without a number a list ends after 1,000 and does not say so (SQS API Reference,
/// `ListQueues`).
const QUEUES_PER_PAGE: i32 = 1_000;

/// The control plane of one region.
#[derive(Debug, Clone)]
pub struct AwsQueueAdmin {
    client: Client,
    reach: Reach,
}

impl AwsQueueAdmin {
    pub(super) fn new(client: Client, reach: Reach) -> AwsQueueAdmin {
        AwsQueueAdmin { client, reach }
    }
}

fn attributes(settings: &QueueSettings) -> [(QueueAttributeName, String); 3] {
    [
        (QueueAttributeName::Policy, settings.policy.clone()),
        (QueueAttributeName::MessageRetentionPeriod, settings.retention_s.to_string()),
        (QueueAttributeName::VisibilityTimeout, settings.visibility_s.to_string()),
    ]
}

impl QueueAdmin for AwsQueueAdmin {
    async fn queues(&self, prefix: &str, page: Option<&str>) -> Result<Page<QueueUrl>, CallError> {
        let call = self.client.list_queues().queue_name_prefix(prefix).max_results(QUEUES_PER_PAGE);
        let sent = call.set_next_token(page.map(str::to_owned)).send().await;
        let answer = sent.map_err(|error| self.reach.failed("ListQueues", error))?;
        let queues = answer.queue_urls.unwrap_or_default().into_iter().map(QueueUrl).collect();
        Ok(Page { items: queues, next: answer.next_token })
    }

    async fn queue(&self, name: &str) -> Result<QueueUrl, CallError> {
        const GET: &str = "GetQueueUrl";
        let sent = self.client.get_queue_url().queue_name(name).send().await;
        let answer = sent.map_err(|error| self.reach.failed(GET, error))?;
        answer.queue_url.map(QueueUrl).ok_or_else(|| self.reach.lacks(GET, "QueueUrl"))
    }

    async fn create_queue(
        &self,
        name: &str,
        settings: &QueueSettings,
        tags: &Tags,
    ) -> Result<QueueUrl, CallError> {
        const CREATE: &str = "CreateQueue";
        let call = self
            .client
            .create_queue()
            .queue_name(name)
            .set_attributes(Some(attributes(settings).into()))
            .set_tags(Some(tags.clone().into_iter().collect()));
        let answer = call.send().await.map_err(|error| self.reach.failed(CREATE, error))?;
        answer.queue_url.map(QueueUrl).ok_or_else(|| self.reach.lacks(CREATE, "QueueUrl"))
    }

    async fn set_queue(&self, queue: &QueueUrl, settings: &QueueSettings) -> Result<(), CallError> {
        let call = self.client.set_queue_attributes().queue_url(&queue.0);
        let sent = call.set_attributes(Some(attributes(settings).into())).send().await;
        sent.map(|_| ()).map_err(|error| self.reach.failed("SetQueueAttributes", error))
    }

    async fn queue_tags(&self, queue: &QueueUrl) -> Result<Tags, CallError> {
        let sent = self.client.list_queue_tags().queue_url(&queue.0).send().await;
        let answer = sent.map_err(|error| self.reach.failed("ListQueueTags", error))?;
        Ok(answer.tags.unwrap_or_default().into_iter().collect())
    }

    async fn delete_queue(&self, queue: &QueueUrl) -> Result<(), CallError> {
        let sent = self.client.delete_queue().queue_url(&queue.0).send().await;
        sent.map(|_| ()).map_err(|error| self.reach.failed("DeleteQueue", error))
    }
}
