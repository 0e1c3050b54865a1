//! What Ctrl-C does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

#[cfg(feature = "aws")]
use tokio_util::sync::CancellationToken;

use super::exit::Exit;

/// Signals so close to one another are one: `timeout` sends its own to the program and then to the whole process group.
const SAME_INTERRUPT: Duration = Duration::from_millis(300);

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
    let mut interrupted: Option<Instant> = None;
    ctrlc::set_handler(move || match interrupted {
        None => {
            interrupted = Some(Instant::now());
            stop();
        }
        Some(first) if first.elapsed() < SAME_INTERRUPT => {}
        Some(_) => std::process::exit(Exit::Interrupted as i32),
    })
}
