//! What kind of resource a target is, which decides some of the rules for its input.

/// The kind of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TargetKind {
    /// A standard queue, or a queue that is not known to be FIFO.
    Queue,
    /// A FIFO queue.
    FifoQueue,
    /// An SNS topic.
    Topic,
    /// A Lambda function.
    Function,
    /// A Step Functions state machine.
    StateMachine,
    /// A Kinesis stream.
    Stream,
    /// A Firehose delivery stream.
    DeliveryStream,
    /// A CloudWatch Logs group.
    LogGroup,
    /// An API destination.
    ApiDestination,
    /// An API Gateway method.
    ApiMethod,
    /// An event bus.
    EventBus,
    /// ECS tasks.
    EcsTask,
    /// Systems Manager Run Command.
    RunCommand,
    /// A Batch job.
    BatchJob,
    /// A kind without rules of its own here.
    Other,
    /// Not known before deployment.
    Unknown,
}

impl TargetKind {
    /// The kind of the resource that `arn` names. Parts that are not known may stand in it as `${...}`.
    pub fn of_arn(arn: &str) -> TargetKind {
        let parts = arn_parts(arn);
        let [scheme, _, service, _, _, resource @ ..] = parts.as_slice() else { return TargetKind::Unknown };
        let resource = resource.first().copied().unwrap_or_default();
        match *service {
            _ if *scheme != "arn" || service.contains("${") => TargetKind::Unknown,
            "sqs" if resource.ends_with(".fifo") => TargetKind::FifoQueue,
            "sqs" => TargetKind::Queue,
            "sns" => TargetKind::Topic,
            "lambda" => TargetKind::Function,
            "states" => TargetKind::StateMachine,
            "kinesis" => TargetKind::Stream,
            "firehose" => TargetKind::DeliveryStream,
            "logs" => TargetKind::LogGroup,
            "execute-api" => TargetKind::ApiMethod,
            "events" if resource.starts_with("api-destination/") => TargetKind::ApiDestination,
            "events" if resource.starts_with("event-bus/") => TargetKind::EventBus,
            "ecs" => TargetKind::EcsTask,
            "ssm" if resource.starts_with("document/") => TargetKind::RunCommand,
            "batch" => TargetKind::BatchJob,
            _ => TargetKind::Other,
        }
    }

    /// The kind of a resource of the CloudFormation type `name`.
    pub fn of_resource_type(name: &str) -> TargetKind {
        match name {
            "AWS::SQS::Queue" => TargetKind::Queue,
            "AWS::SNS::Topic" => TargetKind::Topic,
            "AWS::Lambda::Function"
            | "AWS::Serverless::Function"
            | "AWS::Lambda::Alias"
            | "AWS::Lambda::Version" => TargetKind::Function,
            "AWS::StepFunctions::StateMachine" | "AWS::Serverless::StateMachine" => TargetKind::StateMachine,
            "AWS::Kinesis::Stream" => TargetKind::Stream,
            "AWS::KinesisFirehose::DeliveryStream" => TargetKind::DeliveryStream,
            "AWS::Logs::LogGroup" => TargetKind::LogGroup,
            "AWS::Events::ApiDestination" => TargetKind::ApiDestination,
            "AWS::Events::EventBus" => TargetKind::EventBus,
            "AWS::ECS::Cluster" => TargetKind::EcsTask,
            "AWS::SSM::Document" => TargetKind::RunCommand,
            "AWS::Batch::JobQueue" => TargetKind::BatchJob,
            _ => TargetKind::Other,
        }
    }

    /// Whether such a target gets nothing of an event unless it says how to shape it. Source: EventBridge API
    /// Reference, `PutTargets`.
    pub(super) fn gets_nothing_unshaped(self) -> bool {
        matches!(self, TargetKind::EcsTask | TargetKind::RunCommand)
    }
}

/// The parts of an ARN between its colons; those inside `${...}` do not count.
fn arn_parts(arn: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (at, byte) in arn.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b':' if depth == 0 && parts.len() < 5 => {
                parts.push(&arn[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&arn[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arn_tells_the_kind() {
        for (arn, kind) in [
            ("arn:aws:sqs:eu-west-1:1:orders", TargetKind::Queue),
            ("arn:aws:sqs:eu-west-1:1:orders.fifo", TargetKind::FifoQueue),
            ("arn:aws:sns:eu-west-1:1:t", TargetKind::Topic),
            ("arn:aws:lambda:eu-west-1:1:function:f", TargetKind::Function),
            ("arn:aws:states:eu-west-1:1:stateMachine:m", TargetKind::StateMachine),
            ("arn:aws:kinesis:eu-west-1:1:stream/s", TargetKind::Stream),
            ("arn:aws:firehose:eu-west-1:1:deliverystream/s", TargetKind::DeliveryStream),
            ("arn:aws:logs:eu-west-1:1:log-group:/aws/events/x:*", TargetKind::LogGroup),
            ("arn:aws:execute-api:eu-west-1:1:a/prod/POST/x", TargetKind::ApiMethod),
            ("arn:aws:events:eu-west-1:1:api-destination/d/1", TargetKind::ApiDestination),
            ("arn:aws:events:eu-west-1:1:event-bus/b", TargetKind::EventBus),
            ("arn:aws:events:eu-west-1:1:target/create-snapshot", TargetKind::Other),
            ("arn:aws:ecs:eu-west-1:1:cluster/c", TargetKind::EcsTask),
            ("arn:aws:ssm:eu-west-1:1:document/d", TargetKind::RunCommand),
            ("arn:aws:ssm:eu-west-1:1:automation-definition/a", TargetKind::Other),
            ("arn:aws:batch:eu-west-1:1:job-queue/q", TargetKind::BatchJob),
            ("arn:aws:codebuild:eu-west-1:1:project/p", TargetKind::Other),
            (
                "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/x",
                TargetKind::LogGroup,
            ),
            ("arn:${AWS::Partition}:${Service}:${AWS::Region}:1:x", TargetKind::Unknown),
            ("${Queue.Arn}", TargetKind::Unknown),
            ("", TargetKind::Unknown),
        ] {
            assert_eq!(TargetKind::of_arn(arn), kind, "{arn}");
        }
    }
}
