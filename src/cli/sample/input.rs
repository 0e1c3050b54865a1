//! Where events come from.

use std::net::SocketAddr;
use std::sync::Arc;

use super::args::SampleArgs;
use super::signals::Signals;
use crate::cli::exit::Exit;
use crate::cli::metrics::{DriverRoutes, Metrics};
use crate::cli::output::{Complained, complain};
use crate::cli::replay::open;
use crate::sample::HttpEvents;
use crate::sample::queue::{Acknowledgements, SetAside};
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
    /// What deletes messages that were recorded.
    pub(super) acknowledgements: Option<Acknowledgements>,
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
            return Ok(InputSpec::Queue(queue.to_owned()));
        }
        let address = only.trim_start_matches("http://").trim_end_matches('/');
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
        aside: Option<SetAside>,
    ) -> anyhow::Result<Result<Input, Exit>> {
        let stop = || Arc::clone(&signals.stop);
        match self {
            InputSpec::Files(files) => {
                let metrics = Metrics::start(&args.metrics)?;
                Ok(Ok(Input { source: files, metrics, acknowledgements: None }))
            }
            InputSpec::Http(address) => {
                let mut made = None;
                let metrics = Metrics::start_with(&args.metrics, |registry: &Arc<Registry>| {
                    let (events, router) = HttpEvents::new(limits, Arc::clone(registry), stop());
                    made = Some(events);
                    Some(DriverRoutes { address, router })
                })?;
                let Some(events) = made else { return Ok(Err(Exit::Unusable)) };
                Ok(Ok(Input { source: Box::new(events), metrics, acknowledgements: None }))
            }
            InputSpec::Queue(queue) => start_queue(&queue, args, limits, signals, aside),
        }
    }
}

fn start_queue(
    _queue: &str,
    _args: &SampleArgs,
    _limits: &SourceLimits,
    _signals: &Signals,
    _aside: Option<SetAside>,
) -> anyhow::Result<Result<Input, Exit>> {
    complain("queues are not read yet; pipe their messages to --events -");
    Ok(Err(Exit::Unusable))
}
