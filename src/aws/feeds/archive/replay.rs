//! A replay with its rule and its queue: set up, watched, taken down.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use super::port::{FoundArchive, NewReplay, ReplayProgress, Replays};
use crate::aws::feeds::running::unusable;
use crate::aws::feeds::stop::Stop;
use crate::calls::{CallError, CallErrorKind, CallPolicy};
use crate::event::rfc_3339;
use crate::probe::{
    BusAdmin, BusArn, InUseMark, Marks, MirrorInput, NewRule, QueueAdmin, QueueSettings, QueueTarget,
    QueueUrl, TestbedName,
};
use crate::tracking::RunId;

/// How long events wait for a run that goes on the next day.
const RETENTION_S: u32 = 14 * 86_400;
/// How often it is asked how far a replay is; first soon, as small ones take seconds.
const ASK_FIRST: Duration = Duration::from_secs(1);
const ASK_EVERY: Duration = Duration::from_secs(5);
const TARGET: &str = "queue";
/// Of replays, and so of their rules, before the name of the run.
const NAME_PREFIX: &str = "rp-replay-";

/// What a replay consists of, as a checkpoint names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Names {
    /// Of the replay and of its rule.
    pub(super) name: String,
    /// The ARN of the bus.
    pub(super) bus: String,
    pub(super) queue: String,
}

impl Names {
    /// The run that made it.
    fn run(&self) -> Option<RunId> {
        self.name.strip_prefix(NAME_PREFIX)?.parse().ok()
    }
}

/// Everything that is called.
pub(super) struct Parts<R, B, Q> {
    pub(super) replays: R,
    pub(super) buses: B,
    pub(super) queues: Q,
    pub(super) policy: CallPolicy,
    /// Ends what is being set up.
    pub(super) stop: Stop,
}

impl<R: Replays, B: BusAdmin, Q: QueueAdmin> Parts<R, B, Q> {
    /// Begins to replay events of these seconds; what was made is removed again if that fails or the run is to end.
    pub(super) async fn set_up(
        &self,
        archive: &FoundArchive,
        seconds: (i64, i64),
        run: RunId,
        visibility: Duration,
    ) -> Result<Names, CallError> {
        let Some(bus) = BusArn::parse(&archive.bus_arn) else {
            let message = format!("the archive is of {}, which is no event bus", archive.bus_arn);
            return Err(unusable("EventBridge", "NoBus", message));
        };
        let marks = Marks { bus: bus.name().clone(), run };
        // A testbed's name has 60 characters at most, and that of a queue 80.
        let tag = run.to_string().rsplit('-').next().unwrap_or_default().to_owned();
        let queue_name = format!("{}-replay-{tag}", TestbedName::of_bus(bus.name()));
        let name = format!("{NAME_PREFIX}{run}");
        let create = || {
            let settings = settings(&bus, &name, &queue_name, visibility);
            let (queue_name, tags) = (queue_name.clone(), marks.tags());
            async move { self.queues.create_queue(&queue_name, &settings, &tags).await }
        };
        let queue = self.stop.before(self.policy.call("CreateQueue", create)).await?;
        let names = Names { name, bus: bus.to_string(), queue: queue.0.clone() };
        match self.start(archive, &bus, &names, &marks, seconds).await {
            Ok(()) => Ok(names),
            Err(mut error) => {
                if let Err(left) = self.take_down(&names).await {
                    error.message =
                        format!("{}; {left}, and `probe sweep` removes what is left", error.message);
                }
                Err(error)
            }
        }
    }

    async fn start(
        &self,
        archive: &FoundArchive,
        bus: &BusArn,
        names: &Names,
        marks: &Marks,
        (first_s, last_s): (i64, i64),
    ) -> Result<(), CallError> {
        let pattern = serde_json::json!({"replay-name": [names.name]}).to_string();
        // The rule alone is marked: by default, sweeps look at nothing that is younger than what comes in between.
        let tags = marks.tags_in_use(now_s() + InUseMark::<B>::HOLDS_S);
        let rule = NewRule {
            bus: bus.name(),
            name: &names.name,
            pattern: &pattern,
            description: "Events of an archive for `ruleproof replay`; removed when it ends",
            tags: &tags,
        };
        let put = self.policy.call("PutRule", || self.buses.put_rule(rule));
        let rule_arn = self.stop.before(put).await?;
        let target = [QueueTarget {
            id: TARGET.to_owned(),
            arn: bus.queue(QueueUrl(names.queue.clone()).name()),
            input: MirrorInput::WholeEvent,
            group: None,
            dead_letter_arn: None,
            event_age_s_max: None,
        }];
        let put = || self.buses.put_targets(bus.name(), &names.name, &target);
        self.stop.before(self.policy.call("PutTargets", put)).await?;
        let replay = NewReplay {
            name: &names.name,
            archive_arn: &archive.arn,
            bus_arn: &archive.bus_arn,
            rule_arn: &rule_arn,
            first_s,
            last_s,
        };
        let start = self.policy.call("StartReplay", || self.replays.start(&replay));
        match self.stop.before(start).await {
            // A try whose answer was lost.
            Err(error) if error.kind == CallErrorKind::Exists => {}
            started => started?,
        }
        self.stop.check()
    }

    /// Checks that what a checkpoint names is still there with all that came.
    pub(super) async fn look(&self, names: &Names, now_s: u64) -> Result<(), CallError> {
        check_age(names, now_s)?;
        let queue = QueueUrl(names.queue.clone());
        let tags = self.policy.call("ListQueueTags", || self.queues.queue_tags(&queue)).await;
        match tags {
            Err(error) if error.kind == CallErrorKind::Missing => {
                let message = format!("the queue {} with the rest of the replay is gone", names.queue);
                Err(unusable("SQS", "Changed", message))
            }
            tags => tags.map(|_| ()),
        }
    }

    /// What keeps sweeps from it.
    pub(super) fn mark(&self, names: &Names) -> Option<InUseMark<'_, B>> {
        let rule_arn = BusArn::parse(&names.bus)?.rule(&names.name);
        Some(InUseMark { buses: &self.buses, calls: &self.policy, rule_arn, by: names.run()?, now_s })
    }

    /// Waits until the replay has given all events to its rule.
    ///
    /// # Errors
    /// It never will, as text.
    pub(super) async fn complete(&self, names: &Names) -> Result<(), String> {
        let mut wait = ASK_FIRST;
        loop {
            sleep(wait).await;
            wait = ASK_EVERY;
            match self.policy.call("DescribeReplay", || self.replays.progress(&names.name)).await {
                Ok(ReplayProgress::Running) => {}
                Ok(ReplayProgress::Complete) => return Ok(()),
                Ok(ReplayProgress::Failed(how)) => {
                    return Err(format!("replay {} has ended as {how}", names.name));
                }
                Err(error) => return Err(error.told()),
            }
        }
    }

    /// Removes all of it, whatever of it is there. Replays themselves cannot be removed; EventBridge forgets them after 90
    /// days.
    pub(super) async fn take_down(&self, names: &Names) -> Result<(), CallError> {
        // One that is complete cannot be cancelled any more, and one that never began does not exist.
        let _ = self.replays.cancel(&names.name).await;
        let Some(bus) = BusArn::parse(&names.bus) else { return Ok(()) };
        let (bus, ids) = (bus.name(), [TARGET.to_owned()]);
        let targets =
            self.policy.call("RemoveTargets", || self.buses.remove_targets(bus, &names.name, &ids)).await;
        let rule = self.policy.call("DeleteRule", || self.buses.delete_rule(bus, &names.name)).await;
        let queue = QueueUrl(names.queue.clone());
        let queue = self.policy.call("DeleteQueue", || self.queues.delete_queue(&queue)).await;
        [targets, rule, queue].into_iter().find(is_other_than_missing).unwrap_or(Ok(()))
    }
}

/// Seconds since 1970.
pub(super) fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Checks that the first message of a replay is not older than messages get.
fn check_age(names: &Names, now_s: u64) -> Result<(), CallError> {
    let Some(began_s) = names.run().map(RunId::started_s) else { return Ok(()) };
    if now_s <= began_s.saturating_add(RETENTION_S.into()) {
        return Ok(());
    }
    let began = rfc_3339(i64::try_from(began_s).unwrap_or(i64::MAX));
    let days = RETENTION_S / 86_400;
    let message = format!(
        "the replay began at {began}, and SQS keeps messages for {days} days, so events of it may be gone; remove the \
         checkpoint to begin again, and `probe sweep` removes the queue"
    );
    Err(unusable("SQS", "TooOld", message))
}

fn is_other_than_missing(outcome: &Result<(), CallError>) -> bool {
    outcome.as_ref().is_err_and(|error| error.kind != CallErrorKind::Missing)
}

/// EventBridge may send to the queue for this one rule.
fn settings(bus: &BusArn, rule: &str, queue: &str, visibility: Duration) -> QueueSettings {
    let policy = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "RuleproofReplay",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": bus.queue(queue),
            "Condition": {"ArnEquals": {"aws:SourceArn": bus.rule(rule)}},
        }],
    });
    QueueSettings { policy: policy.to_string(), retention_s: RETENTION_S, visibility_s: visibility.as_secs() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replay_is_gone_on_with_for_as_long_as_messages_are_kept() {
        let run = RunId::new(1_795_365_900, 7);
        let names = |name: String| Names { name, bus: String::new(), queue: String::new() };
        let kept = names(format!("{NAME_PREFIX}{run}"));
        assert_eq!(check_age(&kept, 1_795_365_900 + 14 * 86_400), Ok(()));
        let refused = check_age(&kept, 1_795_365_900 + 14 * 86_400 + 1).unwrap_err().to_string();
        assert!(refused.contains("the replay began at 2026-11-22T16:45:00Z"), "{refused}");
        assert!(refused.contains("keeps messages for 14 days"), "{refused}");
        assert_eq!(check_age(&names("another".to_owned()), u64::MAX), Ok(()));
    }
}
