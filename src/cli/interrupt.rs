//! What Ctrl-C does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[cfg(feature = "aws")]
use tokio_util::sync::CancellationToken;

use super::exit::Exit;

/// The first interrupt ends the run with a summary; the second ends the program.
pub(super) fn stop_on_interrupt() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    on_interrupt(move || flag.store(true, Ordering::Relaxed))?;
    Ok(stop)
}

/// The same as a token.
#[cfg(feature = "aws")]
pub(super) fn cancel_on_interrupt() -> anyhow::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let token = stop.clone();
    on_interrupt(move || token.cancel())?;
    Ok(stop)
}

fn on_interrupt(stop: impl Fn() + Send + 'static) -> Result<(), ctrlc::Error> {
    let interrupted = AtomicBool::new(false);
    ctrlc::set_handler(move || {
        if interrupted.swap(true, Ordering::Relaxed) {
            std::process::exit(Exit::Interrupted as i32);
        }
        stop();
    })
}
