//! The thread that a feed runs on.

use std::pin::Pin;

use tokio::sync::mpsc::Receiver;

use crate::calls::{CallError, CallErrorKind, Effect};
use crate::sources::{FedInput, Feed, FeedFailure, OpenFeed};

/// A feed, and what makes it go on.
pub(super) struct Opened {
    pub(super) feed: OpenFeed,
    pub(super) run: Pin<Box<dyn Future<Output = ()>>>,
}

/// Opens a feed on a thread and a runtime of its own, where it then runs until it is done or nobody listens.
pub(super) fn run<O>(open: impl FnOnce() -> O + Send + 'static) -> Result<OpenFeed, CallError>
where
    O: Future<Output = Result<Opened, CallError>>,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| unusable("AWS", "NoRuntime", error.to_string()))?;
    let (opened, is_opened) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        runtime.block_on(async {
            match open().await {
                Err(error) => drop(opened.send(Err(error))),
                Ok(Opened { feed, run }) => {
                    let _ = opened.send(Ok(feed));
                    run.await;
                }
            }
        });
    });
    let outcome = is_opened.recv();
    outcome.unwrap_or_else(|_| Err(unusable("AWS", "NoAnswer", "the feed ended before it began".to_owned())))
}

/// A feed of the inputs that come this way, of which nothing has to be told afterwards.
pub(super) fn handed(inputs: Receiver<FedInput>, failure: FeedFailure) -> OpenFeed {
    OpenFeed { feed: Box::new(Handed(inputs)), failure, acknowledge: None }
}

/// What the reader's thread holds of a feed.
struct Handed(Receiver<FedInput>);

impl Feed for Handed {
    fn next(&mut self) -> Option<FedInput> {
        self.0.blocking_recv()
    }
}

/// An error of what was asked for.
pub(super) fn unusable(service: &'static str, code: &str, message: String) -> CallError {
    CallError {
        service,
        operation: "open",
        code: code.to_owned(),
        message,
        kind: CallErrorKind::Invalid,
        effect: Effect::None,
    }
}
