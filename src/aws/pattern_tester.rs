//! `TestEventPattern`.

use aws_sdk_eventbridge::Client;

use super::reach::Reach;
use crate::calls::CallError;
use crate::probe::PatternTester;

/// AWS's own matcher.
#[derive(Debug, Clone)]
pub struct AwsPatternTester {
    client: Client,
    reach: Reach,
}

impl AwsPatternTester {
    pub(super) fn new(client: Client, reach: Reach) -> AwsPatternTester {
        AwsPatternTester { client, reach }
    }
}

impl PatternTester for AwsPatternTester {
    async fn test(&self, pattern: &str, event: &str) -> Result<bool, CallError> {
        let sent = self.client.test_event_pattern().event_pattern(pattern).event(event).send().await;
        // The model has the result as a boolean that is false where it is left out.
        sent.map(|answer| answer.result()).map_err(|error| self.reach.failed("TestEventPattern", error))
    }
}
