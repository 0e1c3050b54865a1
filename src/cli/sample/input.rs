//! Where events come from.

use std::net::SocketAddr;
use std::sync::Arc;

use super::args::SampleArgs;
use super::output::Synced;
use super::signals::Signals;
use crate::cli::exit::Exit;
use crate::cli::metrics::{DriverRoutes, Metrics};
use crate::cli::output::{Complained, complain, remark};
use crate::cli::output_file::FilesInUse;
use crate::cli::replay::open;
use crate::sample::http_events;
use crate::sources::{EventSource, FileEvents, SourceLimits};
use crate::telemetry::Registry;

/// Where events come from, as it was typed.
pub(super) enum InputSpec {
    /// Files or standard input.
    Files(Box<FileEvents>),
    /// By HTTP, at this address.
    Http(SocketAddr),
    /// The queue of this name or URL.
    Queue(String),
}

/// An input that is being read.
pub(super) struct Input {
    pub(super) source: Box<dyn EventSource>,
    pub(super) metrics: Metrics,
    /// Told of what is recorded, if something hangs on that.
    pub(super) recorder: Option<Box<dyn Recorder>>,
}

/// Lets go of events that are recorded.
pub(super) trait Recorder {
    /// The next batch is recorded for good.
    fn recorded(&mut self);

    /// All is judged and recorded: waits until all is let go. An exit code if the source failed, which has been printed.
    fn finish(self: Box<Self>) -> Option<Exit>;
}

impl InputSpec {
    /// Opens files, and reads addresses; all that is wrong is printed.
    pub(super) fn new(events: &[String], limits: &SourceLimits) -> Result<InputSpec, Complained> {
        let is_live = |spec: &String| spec.starts_with("http://") || spec.starts_with("sqs://");
        if !events.iter().any(is_live) {
            return Ok(InputSpec::Files(Box::new(open(events, limits.clone())?)));
        }
        let [only] = events else {
            complain("events come from one queue or address at a time, and not from files as well");
            return Err(Complained);
        };
        if let Some(queue) = only.strip_prefix("sqs://") {
            if queue.is_empty() {
                complain("sqs:// names no queue; give its name or its URL, as in sqs://ruleproof-sample");
                return Err(Complained);
            }
            return Ok(InputSpec::Queue(queue.to_owned()));
        }
        let address = only.trim_start_matches("http://").trim_end_matches('/');
        let address = address.trim_end_matches("/events");
        let address = address.replace("localhost:", "127.0.0.1:");
        address.parse().map(InputSpec::Http).map_err(|_| {
            complain(&format!("{only} is no address to listen at, such as http://127.0.0.1:8080"));
            Complained
        })
    }

    /// Whether events come as they happen.
    pub(super) fn is_live(&self) -> bool {
        match self {
            InputSpec::Files(files) => files.reads_standard_input(),
            InputSpec::Http(_) | InputSpec::Queue(_) => true,
        }
    }

    /// Whether it ends by itself when the run is told to: what was accepted is still handed on.
    pub(super) fn ends_itself(&self) -> bool {
        matches!(self, InputSpec::Http(_) | InputSpec::Queue(_))
    }

    /// Whether nobody waits when reading stops for a moment.
    pub(super) fn may_wait(&self) -> bool {
        !matches!(self, InputSpec::Files(files) if files.reads_standard_input())
    }

    /// Starts metrics, and reading.
    pub(super) fn start(
        self,
        args: &SampleArgs,
        limits: &SourceLimits,
        signals: &Signals,
        aside: Option<Synced>,
        in_use: &mut FilesInUse,
    ) -> anyhow::Result<Result<Input, Exit>> {
        match self {
            InputSpec::Files(files) => {
                if files.reads_standard_input() {
                    widen_standard_input();
                }
                let Ok(metrics) = Metrics::start(&args.metrics, in_use)? else {
                    return Ok(Err(Exit::Unusable));
                };
                Ok(Ok(Input { source: files, metrics, recorder: None }))
            }
            InputSpec::Http(address) => start_http(address, args, limits, signals, in_use),
            InputSpec::Queue(queue) => start_queue(&queue, args, signals, aside, in_use),
        }
    }
}

/// Bytes that a pipe may hold unread: as much as Linux allows everyone.
#[cfg(target_os = "linux")]
const PIPE_BYTES: usize = 1 << 20;

/// Makes room in the pipe that events come from. Its 64 KiB are full after a millisecond of 50,000 events a second, and
/// whoever writes them would wait whenever this process does not get a core at once.
#[cfg(target_os = "linux")]
fn widen_standard_input() {
    // What is no pipe has no such size, and where the user's pipes are too large already, it stays as it is.
    let _ = rustix::pipe::fcntl_setpipe_size(std::io::stdin(), PIPE_BYTES);
}

#[cfg(not(target_os = "linux"))]
fn widen_standard_input() {}

fn start_http(
    address: SocketAddr,
    args: &SampleArgs,
    limits: &SourceLimits,
    signals: &Signals,
    in_use: &mut FilesInUse,
) -> anyhow::Result<Result<Input, Exit>> {
    if !address.ip().is_loopback() {
        remark(&format!(
            "{address} is no loopback address: whoever reaches it can post events, and nobody has to log in"
        ));
    }
    let mut made = None;
    let started = Metrics::start_with(&args.metrics, in_use, |registry: &Arc<Registry>| {
        let stop = Arc::clone(&signals.stop);
        let (router, events) = http_events(Arc::clone(registry), limits.event_bytes_max, stop);
        made = Some(events);
        Some(DriverRoutes { address, router })
    })?;
    let (Ok(metrics), Some(mut events)) = (started, made) else { return Ok(Err(Exit::Unusable)) };
    events.tell(metrics.readiness().clone());
    Ok(Ok(Input { source: Box::new(events), metrics, recorder: None }))
}

#[cfg(not(feature = "aws"))]
fn start_queue(
    _queue: &str,
    _args: &SampleArgs,
    _signals: &Signals,
    _aside: Option<Synced>,
    _in_use: &mut FilesInUse,
) -> anyhow::Result<Result<Input, Exit>> {
    crate::cli::aws::not_built("sample --events sqs://").map(Err)
}

#[cfg(feature = "aws")]
fn start_queue(
    queue: &str,
    args: &SampleArgs,
    signals: &Signals,
    aside: Option<Synced>,
    in_use: &mut FilesInUse,
) -> anyhow::Result<Result<Input, Exit>> {
    let Ok(metrics) = Metrics::start(&args.metrics, in_use)? else { return Ok(Err(Exit::Unusable)) };
    let opened = super::queue::QueueInput::open(queue, args, signals, metrics.always(), aside)?;
    Ok(opened.map(|(events, queue)| Input {
        source: Box::new(events),
        metrics,
        recorder: Some(Box::new(queue)),
    }))
}
