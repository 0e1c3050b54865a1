//! The feed.

use std::cell::Cell;
use std::convert::Infallible;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::calls::AwsReplays;
use super::port::{FoundArchive, Replays};
use super::replay::{Names, Parts, now_s};
use crate::aws::connect::Aws;
use crate::aws::feeds::open::AwsFeeds;
use crate::aws::feeds::queue::{SETTINGS, place};
use crate::aws::feeds::running::{Opened, unusable};
use crate::aws::feeds::stop::Stop;
use crate::calls::{CallError, CallPolicy, CallSettings};
use crate::probe::{BusAdmin, QueueAdmin, QueueUrl};
use crate::sample::queue::{
    Deleting, DrainEnd, DrainPlace, DrainSettings, WorkQueue, drain, joined_feed, sqs_calls,
};
use crate::tracking::RunId;

/// Two calls that find nothing show that a queue is empty; EventBridge may take longer from one event to the next.
const EMPTY_CALLS: u32 = 5;
/// How much older than its archive an event may be by its own time.
const OLDER: Duration = Duration::from_secs(86_400);

/// Opens the archive of this name.
pub(in crate::aws::feeds) async fn open(
    aws: &Aws,
    feeds: &AwsFeeds,
    name: &str,
    from: Option<&str>,
    stop: Stop,
) -> Result<Opened, CallError> {
    if name.is_empty() || name.contains([':', '/']) {
        let message = format!("`archive://{name}` names no archive; it is written archive://NAME");
        return Err(unusable("EventBridge", "BadName", message));
    }
    let (client, reach) = aws.archives();
    let parts = Parts {
        replays: AwsReplays { client, reach },
        buses: aws.bus_admin(),
        queues: aws.queue_admin(),
        policy: CallPolicy::new(&CallSettings::of_service("EventBridge"), fastrand::u64(..)),
        stop,
    };
    let (names, before) = begin(&parts, feeds, name, from).await?;
    let queue = aws.queue(&QueueUrl(names.queue.clone()));
    let archive = format!("archive://{name}");
    Ok(opened(parts, queue, names, before, &archive, feeds))
}

/// Where a replay begins.
struct Before {
    place: DrainPlace,
    /// Whether no checkpoint names it yet.
    is_new: bool,
}

/// Goes on with the replay that the checkpoint names, or begins one.
async fn begin<R: Replays, B: BusAdmin, Q: QueueAdmin>(
    parts: &Parts<R, B, Q>,
    feeds: &AwsFeeds,
    name: &str,
    from: Option<&str>,
) -> Result<(Names, Before), CallError> {
    let before = place(from)?;
    if let Some(of) = &before.of {
        let names: Names = serde_json::from_str(of).map_err(|error| {
            unusable("EventBridge", "Changed", format!("the checkpoint names no replay: {error}"))
        })?;
        parts.stop.or(parts.look(&names, now_s())).await?;
        return Ok((names, Before { place: before, is_new: false }));
    }
    let describe = parts.policy.call("DescribeArchive", || parts.replays.archive(name));
    let archive = parts.stop.or(describe).await?;
    let now = SystemTime::now();
    let run = RunId::new(since_1970(now).as_secs(), fastrand::u32(..));
    let names = parts.set_up(&archive, seconds(feeds, &archive, now), run, feeds.visibility).await?;
    let of = serde_json::to_string(&names).ok();
    Ok((names, Before { place: DrainPlace { of, ..before }, is_new: true }))
}

fn since_1970(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// The first and the last second that is wanted. Events' times have whole seconds.
fn seconds(feeds: &AwsFeeds, archive: &FoundArchive, now: SystemTime) -> (i64, i64) {
    let ceil = |time: SystemTime| {
        let age = since_1970(time);
        i64::try_from(age.as_secs()).unwrap_or(i64::MAX).saturating_add(i64::from(age.subsec_nanos() > 0))
    };
    let made_at =
        archive.made_at.map_or(0, |time| ceil(time).saturating_sub(ceil(UNIX_EPOCH + OLDER)).max(0));
    let first = feeds.times.since.map_or(made_at, ceil);
    let last = feeds.times.until.map_or_else(|| ceil(now), |until| ceil(until).saturating_sub(1));
    (first, last.max(first))
}

fn opened<R, B, Q, W>(
    parts: Parts<R, B, Q>,
    queue: W,
    names: Names,
    before: Before,
    archive: &str,
    feeds: &AwsFeeds,
) -> Opened
where
    R: Replays + 'static,
    B: BusAdmin + 'static,
    Q: QueueAdmin + 'static,
    W: WorkQueue + 'static,
{
    let deleting = if feeds.is_kept { Deleting::WhenRecorded } else { Deleting::WhenTaken };
    let (feed, ends) = joined_feed(archive, before.place, feeds.visibility, deleting);
    let is_new = before.is_new;
    let (is_kept, visibility) = (feeds.is_kept, feeds.visibility);
    let run = async move {
        let settings = DrainSettings { visibility, empty_calls: EMPTY_CALLS, ..SETTINGS };
        let policy = CallPolicy::new(&sqs_calls(), fastrand::u64(..));
        let (may_end, failure, stop, _until_here) =
            (Cell::new(false), ends.failure(), ends.stop(), ends.guard());
        let watch = async {
            match parts.complete(&names).await {
                Ok(()) => may_end.set(true),
                Err(why) => {
                    failure.note(why);
                    stop.cancel();
                }
            }
            std::future::pending::<Infallible>().await
        };
        let mark = parts.mark(&names);
        let marking = async {
            match &mark {
                Some(mark) => {
                    // The one that the rule was made with may be old by now.
                    let _ = mark.set().await;
                    mark.renew().await
                }
                None => std::future::pending().await,
            }
        };
        let end = tokio::select! {
            end = drain(&queue, &policy, &settings, ends, &may_end) => end,
            never = watch => match never {},
            never = marking => match never {},
        };
        let is_named = is_kept && !(end == DrainEnd::NotBegun && is_new);
        if is_named && end != DrainEnd::Complete {
            // A run that goes on needs them, and until then nobody uses them.
            if let Some(mark) = &mark {
                mark.let_go().await;
            }
        } else if let Err(error) = parts.take_down(&names).await {
            failure.note(format!("{}\n  hint: `probe sweep` removes what is left", error.told()));
        }
    };
    Opened { feed, run: Box::pin(run) }
}
