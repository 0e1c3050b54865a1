//! A queue of AWS as the source of a run.
//!
//! What is recorded survives the process: lines are added to the results file of an earlier run, and the messages that
//! it names are known when they come again. A line that broke off when a process was killed is cut away first; its
//! message is still in the queue, as it is deleted only after the file is synced.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Context;
use serde::Deserialize;

use super::args::SampleArgs;
use super::input::Recorder;
use super::output::Synced;
use super::signals::Signals;
use crate::calls::CallPolicy;
use crate::cli::aws::{connect, failed, run_async};
use crate::cli::exit::Exit;
use crate::cli::output::{complain, remark};
use crate::sample::queue::{
    Acknowledge, QueueCounts, QueueEvents, SeenIds, SetAside, SetAsideSink, Shift, WorkFailure, WorkSettings,
    joined, sqs_calls, work,
};
use crate::telemetry::Registry;

/// Ids of recorded messages that are known: those of some hours at a moderate rate, in a few megabytes.
const SEEN_IDS_MAX: usize = 100_000;
/// How long a call waits: as long as SQS lets it, and shortly where the end is looked for.
const WAIT: Duration = Duration::from_secs(20);
const WAIT_UNTIL_EMPTY: Duration = Duration::from_secs(2);
/// SQS counts in whole seconds, and zero means not at all.
const VISIBILITY_MIN: Duration = Duration::from_secs(1);

/// The work on a queue, in a thread of its own.
pub(super) struct QueueInput {
    acknowledge: Acknowledge,
    thread: JoinHandle<Result<(), WorkFailure>>,
    counts: QueueCounts,
}

impl QueueInput {
    /// Finds the queue and begins to work on it; what is wrong has been printed.
    pub(super) fn open(
        queue: &str,
        args: &SampleArgs,
        signals: &Signals,
        registry: &Arc<Registry>,
        aside: Option<Synced>,
    ) -> anyhow::Result<Result<(QueueEvents, QueueInput), Exit>> {
        let mut recorded = SeenIds::new(SEEN_IDS_MAX);
        for path in args.results.iter().chain(&args.set_aside) {
            note_recorded(path, &mut recorded)?;
        }
        let seed = fastrand::u64(..);
        let found = run_async(async {
            let aws = match connect(&args.aws).await {
                Ok(aws) => aws,
                Err(error) => return Ok(Err(error)),
            };
            Ok(aws.queue_url(queue, seed).await.map(|url| (aws.queue(&url), url)))
        })?;
        let (queue, url) = match found {
            Ok(found) => found,
            Err(error) => return Ok(Err(failed(&error))),
        };
        let settings = WorkSettings {
            wait: if args.until_empty { WAIT_UNTIL_EMPTY } else { WAIT },
            visibility: Duration::from(args.visibility).max(VISIBILITY_MIN),
            receives_max: args.receives_max,
            body_bytes_max: args.reading.event_bytes_max,
            until_empty: args.until_empty,
        };
        let counts = QueueCounts::new(Arc::clone(registry));
        let shift = Shift::new(recorded, counts.clone());
        let (events, acknowledge, ends) = joined(url.name());
        let stop = Arc::clone(&signals.stop);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = thread::Builder::new().name("queue".to_owned()).spawn(move || {
            let (policy, mut aside) = (CallPolicy::new(&sqs_calls(), seed), AsideFile(aside));
            runtime.block_on(work(&queue, &policy, &settings, shift, &mut aside, ends, &stop))
        })?;
        Ok(Ok((events, QueueInput { acknowledge, thread, counts })))
    }
}

impl Recorder for QueueInput {
    fn recorded(&mut self) {
        self.acknowledge.batch();
    }

    fn finish(self: Box<Self>) -> Option<Exit> {
        let QueueInput { acknowledge, thread, counts } = *self;
        drop(acknowledge);
        let ended = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let (set_aside, repeated) = counts.totals();
        if set_aside > 0 {
            remark(&format!("{set_aside} messages could not be judged and were set aside"));
        }
        if repeated > 0 {
            remark(&format!("{repeated} messages came again and were not judged again"));
        }
        match ended {
            Ok(()) => None,
            Err(failure) => {
                let exit = match &failure {
                    WorkFailure::Call(error) => failed(error),
                    WorkFailure::SetAside(error) => {
                        complain(&error.to_string());
                        Exit::Unusable
                    }
                };
                remark("what was not recorded is still in the queue");
                Some(exit)
            }
        }
    }
}

/// Where messages are set aside, if anywhere.
struct AsideFile(Option<Synced>);

impl SetAsideSink for AsideFile {
    fn keep(&mut self, messages: &[SetAside]) -> io::Result<()> {
        let Some(file) = &mut self.0 else { return Ok(()) };
        for message in messages {
            serde_json::to_writer(&mut *file, message)?;
            file.write_all(b"\n")?;
        }
        file.flush()
    }
}

/// A line of ours that names a message.
#[derive(Deserialize)]
struct Line<'l> {
    #[serde(borrow)]
    input: Option<std::borrow::Cow<'l, str>>,
    #[serde(borrow)]
    message_id: Option<std::borrow::Cow<'l, str>>,
}

/// Notes the messages that a file of an earlier run names.
fn note_recorded(path: &Path, recorded: &mut SeenIds) -> anyhow::Result<()> {
    let cannot = || format!("{} cannot be read", path.display());
    let file = File::open(path).with_context(cannot)?;
    if !file.metadata().with_context(cannot)?.is_file() {
        return Ok(());
    }
    for line in BufReader::new(file).split(b'\n') {
        let line = line.with_context(cannot)?;
        if let Ok(line) = serde_json::from_slice::<Line<'_>>(&line) {
            let of_input = line
                .input
                .as_deref()
                .and_then(|input| Some(input.strip_prefix("sqs://")?.rsplit_once('/')?.1));
            line.message_id.as_deref().or(of_input).iter().for_each(|id| recorded.note(id));
        }
    }
    Ok(())
}
